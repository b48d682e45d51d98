package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"strconv"
	"sync"

	"github.com/inkan-go/inkan/internal/parallel"
	"github.com/inkan-go/inkan/renew"
	"github.com/inkan-go/inkan/tsa"
	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verify/report"
)

// renewal is one call of the renew command over its files.
type renewal struct {
	command  *renewCommand
	ctx      context.Context
	giveUp   context.CancelCauseFunc // ends ctx
	to       console
	renewer  *renew.Renewer
	language report.Language
	out      *bufio.Writer
	progress *progress

	telling sync.Mutex

	counts  renewalCounts
	short   retentionList
	status  int
	stopped bool
	refused int // files in a row that got no time stamp
}

// errNoStamps is why a renewal gives up.
var errNoStamps = errors.New("no time stamp was had for " + strconv.Itoa(maxRefused) + " files in a row: the others were left alone; call again when the authority works")

// renewed is what one file came to.
type renewed struct {
	result *renew.Result
	err    error
}

// run renews all files, and prints what became of each in their order.
func (b *renewal) run() error {
	defer b.progress.clear()
	workers := b.command.Jobs
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	if err := parallel.InOrder(b.files(), workers, b.renew, b.print); err != nil {
		return err
	}
	if b.command.Format == "text" {
		if b.command.RetainUntil != "" {
			b.short.print(b.out, b.command.RetainUntil, b.language)
		}
		fmt.Fprintln(b.out, "\n"+b.counts.text(b.language))
	}
	if err := b.out.Flush(); err != nil {
		return fmt.Errorf("writing what was done: %w", err)
	}
	if cause := context.Cause(b.ctx); errors.Is(cause, errNoStamps) {
		return &failure{max(b.status, statusFailed), cause}
	}
	if b.stopped || b.ctx.Err() != nil {
		return errInterrupted
	}
	if b.status != statusDone {
		return &failure{status: b.status}
	}
	return nil
}

// files lists the files until work is interrupted.
func (b *renewal) files() iter.Seq[listed] {
	return func(yield func(listed) bool) {
		for file, err := range pdfFiles(b.command.Files) {
			if b.ctx.Err() != nil || !yield(listed{file, err}) {
				return
			}
		}
	}
}

// renew renews one file. It runs on several goroutines at a time.
func (b *renewal) renew(f listed) renewed {
	if f.err != nil {
		return renewed{&renew.Result{Schema: renew.Schema, File: f.file, Error: f.err.Error()}, &verify.UnreadableError{File: f.file, Cause: f.err}}
	}
	result, err := b.renewer.File(b.ctx, f.file)
	return renewed{result, err}
}

// interrupted tells at once what an earlier call left behind, for this one may be cut off
// as well. It runs on several goroutines at a time.
func (b *renewal) interrupted(file, state string) {
	b.telling.Lock()
	defer b.telling.Unlock()
	b.progress.clear()
	b.to.say(file + ": " + renewalWordsOf(b.language).interruption[state])
}

// print tells what became of one file; files come in order. Those that were begun when
// work was interrupted, but not changed, are left out.
func (b *renewal) print(r renewed) error {
	if errors.Is(r.err, context.Canceled) {
		b.stopped = true
		return nil
	}
	result := r.result
	if r.err != nil && result.Error != "" {
		result.Error = reasonText(errors.New(result.Error))
	}
	b.status = max(b.status, renewalStatus(r.err))
	b.counts.add(result)
	b.countRefused(r)
	b.progress.step()
	var err error
	if b.command.Format == "json" {
		err = json.NewEncoder(b.out).Encode(result)
	} else {
		b.short.add(result.File, result.Retention)
		_, err = b.out.WriteString(renewalText(result, b.language))
	}
	if err == nil {
		err = b.out.Flush()
	}
	if err != nil {
		return fmt.Errorf("writing what was done: %w", err)
	}
	return nil
}

// countRefused gives up where the authority makes no stamps.
func (b *renewal) countRefused(r renewed) {
	var refused *tsa.Error
	switch {
	case errors.As(r.err, &refused):
		b.refused++
	case r.result.Stamps > 0:
		b.refused = 0
	}
	if b.refused == maxRefused {
		b.giveUp(errNoStamps)
	}
}

// renewalStatus is the exit status that one file leads to; the highest of all counts.
func renewalStatus(err error) int {
	var unreadable *verify.UnreadableError
	switch {
	case err == nil:
		return statusDone
	case errors.As(err, &unreadable):
		return statusUnreadable
	}
	return statusFailed
}

// renewalCounts counts files by what became of them, and the stamps bought.
type renewalCounts struct {
	files, interrupted    int
	outcomes              [renew.Renewed + 1]int
	stamps, lost, unknown int
}

func (c *renewalCounts) add(r *renew.Result) {
	c.files++
	c.outcomes[r.Outcome]++
	c.stamps, c.lost, c.unknown = c.stamps+r.Stamps, c.lost+r.Lost, c.unknown+r.Unknown
	if inVain(r) {
		c.interrupted++
	}
}

// inVain tells whether a stamp may have been bought in vain for a file when an earlier
// call was cut off.
func inVain(r *renew.Result) bool { return r.Interrupted != "" && r.Interrupted != "complete" }
