package tsa

import (
	"context"
	"errors"
)

// FailOver is a [Timestamper] that asks several, in their order, until one answers. The
// next one is asked only where the error before says that certainly no stamp was made
// ([ErrNoStamp]): a server that cannot be reached or refuses. After any other error a
// stamp may have been made, and may have to be paid.
//
// The response, or the *[Error], lists every attempt. It is safe for concurrent use;
// its fields are not changed after the first use.
type FailOver struct {
	Servers []Timestamper
	// MayPayTwice goes on to the next one after every error: a server that took the
	// request and hangs, or answers with rubbish, then does not hold up the work.
	MayPayTwice bool
}

var _ Timestamper = (*FailOver)(nil)

// Timestamp implements [Timestamper].
func (f *FailOver) Timestamp(ctx context.Context, r *Request) (*Response, error) {
	if len(f.Servers) == 0 {
		return nil, errors.New("tsa: no server to ask")
	}
	if _, err := r.query(); err != nil {
		return nil, err
	}
	var attempts []Attempt
	for _, server := range f.Servers {
		response, err := server.Timestamp(ctx, r)
		if err == nil {
			whole := *response
			whole.Attempts = append(attempts, response.Attempts...)
			return &whole, nil
		}
		attempts = append(attempts, attemptsOf(err)...)
		if ctx.Err() != nil || !f.MayPayTwice && !errors.Is(err, ErrNoStamp) {
			break
		}
	}
	return nil, &Error{Attempts: attempts}
}

// attemptsOf returns what an error of a Timestamper tells of attempts.
func attemptsOf(err error) []Attempt {
	var e *Error
	if errors.As(err, &e) && len(e.Attempts) > 0 {
		return e.Attempts
	}
	a := Attempt{Err: err}
	if errors.Is(err, ErrNoStamp) {
		a.Outcome = OutcomeNoStamp
	}
	return []Attempt{a}
}
