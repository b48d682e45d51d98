package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/parallel"
)

// archiveAudit audits all contracts below folders: every folder that holds certificate.pdf is one,
// and the other PDFs in it are its documents. Nothing is kept, so there may be any number.
type archiveAudit struct {
	command  *contractAuditCommand
	ctx      context.Context
	to       console
	input    *contract.AuditInput
	options  *contract.AuditOptions
	out      *bufio.Writer
	csv      *csv.Writer // nil for other forms
	progress *progress

	counts   [4]int // by contract.Grade
	unread   int
	next     time.Time // the first deadline
	nextName string
}

// audited is what one contract came to.
type audited struct {
	folder string
	report *contract.AuditReport
	err    error
}

// run audits everything, and prints each as soon as those before it are printed.
func (b *archiveAudit) run() error {
	defer b.progress.clear()
	if b.command.Format == "csv" {
		b.csv = newCSV(b.out, b.command.Encoding)
		if err := b.csv.Write(contract.AuditColumns(b.options)); err != nil {
			return err
		}
	}
	workers := b.command.Jobs
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	if err := parallel.InOrder(b.folders(), workers, b.audit, b.print); err != nil {
		return err
	}
	if err := b.ctx.Err(); err != nil {
		return err
	}
	if b.command.Format == "text" {
		b.summary()
	}
	if err := b.flush(); err != nil {
		return err
	}
	switch {
	case b.unread > 0:
		return &failure{status: statusUnreadable}
	case b.counts[contract.Refuted]+b.counts[contract.Unverifiable] > 0:
		return &failure{status: statusFailed}
	}
	return nil
}

// folders lists the folders of contracts until work is interrupted.
func (b *archiveAudit) folders() iter.Seq[audited] {
	return func(yield func(audited) bool) {
		for _, root := range b.command.Files {
			found, more := false, true
			_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error { // its errors are yielded
				if err == nil && (!entry.Type().IsRegular() || entry.Name() != contract.CertificateName) {
					return nil
				}
				found = true
				if more = b.ctx.Err() == nil && yield(audited{filepath.Dir(path), nil, err}); !more {
					return fs.SkipAll
				}
				return nil
			})
			if !more || !found && !yield(audited{root, nil, errNoContract}) {
				return
			}
		}
	}
}

var errNoContract = errors.New("no " + contract.CertificateName + " is in this folder")

// audit audits one contract. It runs on several goroutines at a time.
func (b *archiveAudit) audit(a audited) audited {
	if a.err != nil {
		return a
	}
	entries, err := os.ReadDir(a.folder)
	if err != nil {
		return audited{a.folder, nil, err}
	}
	in := *b.input
	var documents []string
	for _, e := range entries {
		if e.Type().IsRegular() && strings.EqualFold(filepath.Ext(e.Name()), ".pdf") && e.Name() != contract.CertificateName {
			documents = append(documents, filepath.Join(a.folder, e.Name()))
		}
	}
	if in.Disclosure == nil && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == contract.DisclosureName }) {
		if in.Disclosure, err = readDisclosure(filepath.Join(a.folder, contract.DisclosureName)); err != nil {
			return audited{a.folder, nil, err}
		}
	}
	a.report, a.err = auditFiles(b.ctx, in, documents, filepath.Join(a.folder, contract.CertificateName))
	return a
}

// print reports one contract; they come in order.
func (b *archiveAudit) print(a audited) error {
	if err := b.ctx.Err(); err != nil {
		return err
	}
	b.progress.step()
	if a.report == nil {
		b.unread++
		return b.problem(a)
	}
	b.counts[a.report.Result]++
	if at := a.report.NextAction(); !at.IsZero() && (b.next.IsZero() || at.Before(b.next)) {
		b.next, b.nextName = at, a.folder
	}
	switch b.command.Format {
	case "csv":
		if err := b.csv.Write(a.report.Row(b.options)); err != nil {
			return err
		}
	case "json":
		if err := a.report.WriteJSON(b.out); err != nil {
			return err
		}
	default:
		fmt.Fprintf(b.out, "%s: %s\n", a.folder, a.report.Result)
		for _, text := range a.report.Problems(b.options) {
			fmt.Fprintf(b.out, "    %s\n", text)
		}
	}
	return b.flush()
}

// problem tells of a contract that could not be audited.
func (b *archiveAudit) problem(a audited) error {
	b.progress.clear()
	text := reasonText(unreadableCause(a.err))
	b.to.say(a.folder + ": " + text)
	if b.csv == nil {
		return nil
	}
	row := make([]string, len(contract.AuditColumns(b.options)))
	row[0], row[len(row)-1] = a.folder, text
	if err := b.csv.Write(row); err != nil {
		return err
	}
	return b.flush()
}

func (b *archiveAudit) flush() error {
	if b.csv != nil {
		b.csv.Flush()
		if err := b.csv.Error(); err != nil {
			return fmt.Errorf("writing the report: %w", err)
		}
	}
	if err := b.out.Flush(); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// summary tells what all came to.
func (b *archiveAudit) summary() {
	sum := b.unread
	for _, n := range b.counts {
		sum += n
	}
	fmt.Fprintf(b.out, "\n%s: %d proven, %d unverifiable, %d refuted", count(sum, "contract"),
		b.counts[contract.Proven], b.counts[contract.Unverifiable], b.counts[contract.Refuted])
	if b.unread > 0 {
		fmt.Fprintf(b.out, ", %d unreadable", b.unread)
	}
	fmt.Fprintln(b.out)
	if !b.next.IsZero() {
		fmt.Fprintf(b.out, "first to renew: %s, before %s\n", b.nextName, b.next.Format(time.RFC3339))
	}
}
