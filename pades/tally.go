package pades

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/tsa"
)

// BatchCounts is what a Batch has done.
type BatchCounts struct {
	Documents int64 // that were done: Signed + Failed
	Signed    int64 // signed and written
	Failed    int64

	// Signatures is how many the key made. After further Uncertain calls of the key it is
	// not known whether it made one: a connection was lost, or what it returned is none.
	Signatures, Uncertain int64
	// Stamps is how many time stamps were had, and UncertainStamps after how many requests
	// one may have been made that nobody has (see tsa.Counts).
	Stamps, UncertainStamps int64
	// Requests is how many were sent for time stamps, certificates and revocation data, as
	// far as the services tell in their attempts.
	Requests int64
}

// tally counts what several goroutines do.
type tally struct {
	progress sync.Mutex // one call of Progress at a time

	signed, failed, signatures, uncertain, stamps, uncertainStamps, requests atomic.Int64
}

func (t *tally) counts() BatchCounts {
	c := BatchCounts{
		Signed: t.signed.Load(), Failed: t.failed.Load(),
		Signatures: t.signatures.Load(), Uncertain: t.uncertain.Load(),
		Stamps: t.stamps.Load(), UncertainStamps: t.uncertainStamps.Load(), Requests: t.requests.Load(),
	}
	c.Documents = c.Signed + c.Failed
	return c
}

// finished counts a document and tells it.
func (t *tally) finished(signed bool, progress func(BatchCounts)) {
	t.progress.Lock()
	defer t.progress.Unlock()
	if signed {
		t.signed.Add(1)
	} else {
		t.failed.Add(1)
	}
	if progress != nil {
		progress(t.counts())
	}
}

// keyCalled counts a call of the key by its error.
func (t *tally) keyCalled(err error) {
	switch {
	case err == nil:
		t.signatures.Add(1)
	case !errors.Is(err, cms.ErrNotSigned):
		t.uncertain.Add(1)
	}
}

// counted returns options whose services count what they are asked for.
func (t *tally) counted(o *SignOptions) *SignOptions {
	if o.TSA == nil && o.Revocation == nil {
		return o
	}
	c := *o
	if c.TSA != nil {
		c.TSA = countedStamps{o.TSA, t}
	}
	if c.Revocation != nil {
		c.Revocation = countedSource{o.Revocation, t}
	}
	return &c
}

// countedStamps counts time stamps.
type countedStamps struct {
	tsa.Timestamper
	tally *tally
}

// Timestamp implements tsa.Timestamper.
func (c countedStamps) Timestamp(ctx context.Context, r *tsa.Request) (*tsa.Response, error) {
	response, err := c.Timestamper.Timestamp(ctx, r)
	var attempts []tsa.Attempt
	var failure *tsa.Error
	switch {
	case err == nil:
		c.tally.stamps.Add(1)
		if response != nil {
			attempts = response.Attempts
		}
	case !errors.Is(err, tsa.ErrNoStamp):
		c.tally.uncertainStamps.Add(1)
	}
	if errors.As(err, &failure) {
		attempts = failure.Attempts
	}
	for i := range attempts {
		if attempts[i].Sent {
			c.tally.requests.Add(1)
		}
	}
	return response, err
}

// countedSource counts requests for certificates and revocation data.
type countedSource struct {
	source fetch.Source
	tally  *tally
}

// Issuers implements fetch.Source.
func (c countedSource) Issuers(ctx context.Context, q fetch.Query) (*fetch.Answer, error) {
	return c.count(c.source.Issuers(ctx, q))
}

// Revocation implements fetch.Source.
func (c countedSource) Revocation(ctx context.Context, q fetch.Query) (*fetch.Answer, error) {
	return c.count(c.source.Revocation(ctx, q))
}

func (c countedSource) count(answer *fetch.Answer, err error) (*fetch.Answer, error) {
	if answer == nil {
		return answer, err
	}
	for i := range answer.Attempts {
		a := &answer.Attempts[i]
		if a.Method != "" && !a.Cached && !a.Shared && !errors.Is(a.Err, fetch.ErrForbiddenAddress) && !errors.Is(a.Err, fetch.ErrSkipped) {
			c.tally.requests.Add(1)
		}
	}
	return answer, err
}
