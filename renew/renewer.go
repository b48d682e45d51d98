package renew

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
)

// Renewer renews files. It is safe for concurrent use.
type Renewer struct {
	options Options

	mu        sync.Mutex
	reach     time.Time                // the furthest end of proof that a stamp brought
	authority *certificate.Certificate // that made the last stamp
	longest   int64                    // bytes that were to be appended to a file
}

// leastRoom is how many bytes must be free on the disk before anything is bought for a file;
// what was to be appended to another one of the archive, if that was more.
const leastRoom = 128 << 10

// New returns a Renewer, or an error that tells what the options lack.
func New(o *Options) (*Renewer, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	r := &Renewer{options: *o}
	if r.options.Margin == 0 {
		r.options.Margin = DefaultMargin
	}
	if o.Verify.Policy != nil {
		judging, policy := *o.Verify, *o.Verify.Policy
		policy.Level, policy.RequireTimestamp = "", false
		judging.Policy = &policy
		r.options.Verify = &judging
	}
	if r.options.Wait == 0 {
		r.options.Wait = time.Minute
	}
	return r, nil
}

// File judges the named file and renews it in place if it is due. There is always a
// result. The error is nil where the file is provable for as long as was asked, or would
// be made so but for Options.DryRun; else it is a *NotKeptError, and the file is what it
// was. A context that ends is heeded until a time stamp is about to be bought; from then
// on the file is brought to its end.
func (r *Renewer) File(ctx context.Context, name string) (*Result, error) {
	result := &Result{Schema: Schema, File: name}
	for range maxAttempts {
		if err := r.putInOrder(ctx, result); err != nil {
			if errors.Is(err, pades.ErrAppending) {
				return result.conclude(Busy, nil)
			}
			return result.conclude(Failed, err)
		}
		if r.options.DryRun && result.Interrupted != "" {
			return result.conclude(Due, nil)
		}
		outcome, err := r.attempt(ctx, result)
		if !errors.Is(err, errAgain) {
			return result.conclude(outcome, err)
		}
	}
	return result.conclude(Failed, fmt.Errorf("%w: others keep writing to it", pades.ErrChanged))
}

// errAgain tells that a file changed before anything was bought for it.
var errAgain = errors.New("the file changed meanwhile")

// putInOrder mends what an append left that did not end. While another process works on
// the file, it waits.
func (r *Renewer) putInOrder(ctx context.Context, result *Result) error {
	const pause = 50 * time.Millisecond
	for left := r.options.Wait; ; left -= pause {
		err := r.recover(ctx, result)
		if !errors.Is(err, pades.ErrAppending) || left <= 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// recover mends what an append left, if one did.
func (r *Renewer) recover(ctx context.Context, result *Result) error {
	i, err := pades.FindInterruption(result.File)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if i == nil {
		return nil // a file that is not there is told when it is opened
	}
	if r.options.DryRun {
		state, err := i.Examine(ctx)
		result.Interrupted = interruptions[state]
		return err
	}
	_, err = i.Recover(ctx, func(state pades.AppendState) {
		result.Interrupted = interruptions[state]
		if r.options.Interrupted != nil {
			r.options.Interrupted(result.File, result.Interrupted)
		}
	})
	return err
}

// attempt renews the file if it is due.
func (r *Renewer) attempt(ctx context.Context, result *Result) (Outcome, error) {
	seen, err := os.Stat(result.File)
	if err != nil {
		return Failed, &verify.UnreadableError{File: result.File, Cause: err}
	}
	before, err := verify.File(ctx, result.File, r.options.Verify)
	if before == nil {
		return Failed, err
	}
	result.take(before)
	result.Before = before.NextAction
	outcome := r.outcomeOf(before)
	if outcome != Due || r.options.DryRun {
		return outcome, nil
	}
	doc, err := pades.Open(result.File, &pades.OpenOptions{Password: r.options.Verify.Password, Now: r.options.Verify.Now})
	if err != nil {
		return Failed, err
	}
	defer doc.Close() //nolint:errcheck // it is only read
	reservation, err := doc.Reserve(result.File)
	if errors.Is(err, pades.ErrInterrupted) {
		return Failed, errAgain
	}
	if err != nil {
		return Failed, err
	}
	if now, err := os.Stat(result.File); err != nil || !os.SameFile(seen, now) || now.Size() != seen.Size() || !now.ModTime().Equal(seen.ModTime()) {
		return Failed, errors.Join(errAgain, reservation.Release())
	}
	if err := ctx.Err(); err != nil {
		return Failed, errors.Join(err, reservation.Release())
	}
	if err := reservation.Room(r.room()); err != nil {
		return Failed, errors.Join(err, reservation.Release())
	}
	outcome, err = r.renew(context.WithoutCancel(ctx), result, doc, before)
	if err != nil || outcome == Futile {
		result.Lost = result.Stamps
		return outcome, errors.Join(err, reservation.Release())
	}
	if err := reservation.Append(); err != nil {
		result.take(before)
		result.Lost = result.Stamps
		return Failed, err
	}
	return outcome, nil
}

// renew extends the document in memory, and judges what came of it.
func (r *Renewer) renew(ctx context.Context, result *Result, doc *pades.Document, before *verify.Report) (Outcome, error) {
	r.mu.Lock()
	stamps := &counter{tsa: r.options.Extend.TSA, authority: r.authority}
	r.mu.Unlock()
	options := *r.options.Extend
	options.Level, options.TSA = pades.BLTA, stamps
	options.Warn = func(warning string) {
		result.Warnings = append(result.Warnings, strings.TrimPrefix(warning, "pades: "))
		if r.options.Extend.Warn != nil {
			r.options.Extend.Warn(warning)
		}
	}
	size := doc.Size()
	err := doc.Extend(ctx, &options)
	result.Stamps, result.Unknown = result.Stamps+stamps.made, result.Unknown+stamps.unknown
	if stamps.authority != nil {
		r.mu.Lock()
		r.authority = stamps.authority
		r.mu.Unlock()
	}
	if err != nil {
		return Failed, err
	}
	after, err := verify.Reader(ctx, doc, doc.Size(), r.options.Verify)
	if after == nil {
		return Failed, fmt.Errorf("the renewed document could not be judged: %w", err)
	}
	if field, worse := worsened(before, after); worse {
		return Failed, fmt.Errorf("the renewed document would be judged worse: %s", field)
	}
	if s := lastStamp(after); s == nil || s.Indication != verify.TotalPassed {
		return Failed, fmt.Errorf("the new time stamp would not pass%s", reasonOf(s))
	}
	r.learn(after, doc.Size()-size)
	raised := !archived(before)
	if reached := raised && archived(after); !later(after, before) && !(r.options.Raise && reached) {
		return Futile, nil
	}
	result.take(after)
	if raised {
		return Raised, nil
	}
	return Renewed, nil
}

// take notes how the file is judged now.
func (r *Result) take(report *verify.Report) {
	r.Indication, r.Now, r.Retention = report.Indication, report.NextAction, report.Retention
}

// room is how many bytes must be free on the disk for a file.
func (r *Renewer) room() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return max(r.longest, leastRoom)
}

// learn notes for how long stamps of the authority prove something, and how many bytes were
// to be appended.
func (r *Renewer) learn(after *verify.Report, added int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.longest = max(r.longest, added)
	if next := after.NextAction; next != nil && next.Deadline.After(r.reach) {
		r.reach = next.Deadline
	}
}

// outcomeOf tells what is to become of a file that was judged: Due where it is to be
// renewed.
func (r *Renewer) outcomeOf(report *verify.Report) Outcome {
	next := report.NextAction
	switch {
	case report.Indication == verify.NoSignature:
		return Unsigned
	case !provable(report):
		return Unprovable
	case r.options.Raise && !archived(report):
		return Due
	case next == nil || next.Deadline.Add(-r.options.Margin).After(report.ValidationTime):
		return Kept
	}
	if until := r.options.Verify.RetainUntil; !until.IsZero() && !next.Deadline.Before(until) {
		return Kept
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.reach.IsZero() && !next.Deadline.Before(r.reach) {
		return Futile // as others were, for which a stamp was bought
	}
	return Due
}

// provable tells whether there is something to be kept: something passes, and where
// somebody signed, not all of that is broken.
func provable(r *verify.Report) bool {
	passed, signed, sound := false, false, false
	for _, s := range r.Signatures {
		passed = passed || s.Indication == verify.TotalPassed
		if s.Kind != verify.KindTimestamp {
			signed, sound = true, sound || s.Indication != verify.TotalFailed
		}
	}
	return passed && (sound || !signed)
}

// archived tells whether every signature that passes is covered by a document time stamp
// over its validation data.
func archived(r *verify.Report) bool {
	return !slices.ContainsFunc(r.Signatures, func(s *verify.Signature) bool {
		return s.Kind != verify.KindTimestamp && s.Indication == verify.TotalPassed && !strings.HasSuffix(s.Level, "-LTA")
	})
}

// later tells whether one report sees the end of the proof later than another.
func later(after, before *verify.Report) bool {
	switch {
	case after.NextAction == nil:
		return provable(after)
	case before.NextAction == nil:
		return false
	}
	return after.NextAction.Deadline.After(before.NextAction.Deadline)
}

// worsened names the first signature that one report judges worse than another.
func worsened(before, after *verify.Report) (string, bool) {
	for _, old := range before.Signatures {
		i := slices.IndexFunc(after.Signatures, func(s *verify.Signature) bool {
			return s.Field == old.Field && slices.Equal(s.ByteRange, old.ByteRange)
		})
		if i < 0 {
			return fmt.Sprintf("the signature in the field %q is gone", old.Field), true
		}
		if s := after.Signatures[i]; s.Indication < old.Indication || old.Intact && !s.Intact {
			return fmt.Sprintf("the signature in the field %q is %s, and was %s", old.Field, s.Indication, old.Indication), true
		}
	}
	return "", false
}

// lastStamp is the last document time stamp.
func lastStamp(r *verify.Report) (last *verify.Signature) {
	for _, s := range r.Signatures {
		if s.Kind == verify.KindTimestamp {
			last = s
		}
	}
	return last
}

// reasonOf says why a time stamp does not pass.
func reasonOf(s *verify.Signature) string {
	if s == nil {
		return ""
	}
	text := fmt.Sprintf(": %s / %s", s.Indication, s.SubIndication)
	for _, f := range s.Findings {
		if f.Severity != verify.SeverityInfo {
			return text + ": " + f.Text
		}
	}
	return text
}

// pathless is an error of the file system without the name of the file.
func pathless(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
