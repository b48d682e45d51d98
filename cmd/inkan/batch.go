package main

import (
	"bufio"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"iter"
	"os"
	"runtime"

	"github.com/inkan-go/inkan/internal/parallel"
	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verify/report"
)

// batch is one call of the verify command over its files.
type batch struct {
	command  *verifyCommand
	ctx      context.Context
	to       console
	options  *verify.Options
	out      *bufio.Writer
	writer   report.Writer
	progress *progress

	summary report.Summary
	short   retentionList
	status  int
}

// judged is what one file came to.
type judged struct {
	file   string
	report *verify.Report
	err    error
}

// listed is one file to be judged, or why there is none.
type listed struct {
	file string
	err  error
}

// run judges all files, prints a report as soon as those before it are printed, and
// then what all came to.
func (b *batch) run() error {
	defer b.progress.clear()
	workers := b.command.Jobs
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	if err := parallel.InOrder(b.files(), workers, b.judge, b.print); err != nil {
		return err
	}
	if err := b.ctx.Err(); err != nil {
		return err
	}
	err := b.writer.Close()
	if language, _ := report.ParseLanguage(b.command.Lang); err == nil && b.command.Format == "text" {
		if b.command.RetainUntil != "" {
			b.short.print(b.out, b.command.RetainUntil, language)
		}
		if b.summary.Files > 1 {
			fmt.Fprintln(b.out, "\n"+b.summary.Text(language))
		}
	}
	if err == nil {
		err = b.out.Flush()
	}
	if err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// files lists the files until work is interrupted.
func (b *batch) files() iter.Seq[listed] {
	return func(yield func(listed) bool) {
		if b.command.Content != "" {
			for _, file := range b.command.Files {
				if !yield(listed{file, nil}) {
					return
				}
			}
			return
		}
		for file, err := range pdfFiles(b.command.Files) {
			if b.ctx.Err() != nil || !yield(listed{file, err}) {
				return
			}
		}
	}
}

// judge judges one file. It runs on several goroutines at a time.
func (b *batch) judge(f listed) judged {
	if f.err != nil {
		return judged{f.file, nil, f.err}
	}
	if b.command.Content != "" {
		result, err := b.judgeCMS(f.file)
		return judged{f.file, result, err}
	}
	result, err := verify.File(b.ctx, f.file, b.options)
	return judged{f.file, result, err}
}

// judgeCMS judges a signature or a time stamp that stands in a file of its own.
func (b *batch) judgeCMS(file string) (*verify.Report, error) {
	signature, err := readSmall(file)
	if err != nil {
		return nil, err
	}
	if block, _ := pem.Decode(signature); block != nil {
		signature = block.Bytes
	}
	content, err := os.Open(b.command.Content)
	if err != nil {
		return nil, fileError(b.command.Content, err)
	}
	defer content.Close()
	result, err := verify.CMS(b.ctx, signature, content, b.options)
	if result != nil {
		result.File = file
	}
	return result, err
}

// print reports one file; files come in order. One whose password is missing is
// judged now, since only one can be asked for at a time.
func (b *batch) print(j judged) error {
	if b.ctx.Err() != nil {
		return b.ctx.Err()
	}
	if b.options.Password == "" && errors.Is(j.err, verify.ErrPassword) {
		j.err = b.command.try(b.ctx, b.to, j.file, func(password string) (err error) {
			b.progress.clear()
			options := *b.options
			options.Password = password
			j.report, err = verify.File(b.ctx, j.file, &options)
			return err
		})
		if known := (*failure)(nil); errors.As(j.err, &known) || b.ctx.Err() != nil {
			return j.err
		}
	}
	if j.report == nil {
		j.report = &verify.Report{File: j.file, Error: reasonText(unreadableCause(j.err))}
		b.progress.clear()
		b.to.say(j.file + ": " + j.report.Error)
	}
	b.status = max(b.status, statusOf(j.report, j.err))
	b.summary.Add(j.report)
	if b.command.Format == "text" && j.report.Error == "" {
		b.short.add(j.file, j.report.Retention)
	}
	b.progress.step()
	if j.report.Error != "" && b.command.Format == "text" {
		return nil // there is nothing to say but the reason, which stands on stderr
	}
	err := b.writer.Write(j.report)
	if err == nil {
		err = b.out.Flush()
	}
	if err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}
