package tsa

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// FailOver is a [Timestamper] that asks several, in their order, until one answers. The
// next one is asked only where the error before says that certainly no stamp was made
// ([ErrNoStamp]): a server that cannot be reached or refuses. After any other error a
// stamp may have been made, and may have to be paid.
//
// The response, or the *[Error], lists every attempt. It is safe for concurrent use;
// its fields are not changed after the first use, and it is not copied.
type FailOver struct {
	Servers []Timestamper
	// MayPayTwice goes on to the next one after every error: a server that took the
	// request and hangs, or answers with rubbish, then does not hold up the work.
	MayPayTwice bool
	// Rest is for how long a server that could not be reached, or did not answer in
	// time, is asked after all others, so that much work does not wait for it each time;
	// 0 means 30 seconds, a negative value keeps to the order of Servers.
	Rest time.Duration
	// Now is the clock for that; nil means time.Now.
	Now func() time.Time

	mu    sync.Mutex
	until map[int]time.Time // when the rest of a server ends
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
	for _, i := range f.order() {
		response, err := f.Servers[i].Timestamp(ctx, r)
		if err == nil && (response == nil || response.Token == nil) {
			err = errors.New("tsa: no error, and no token either") // of somebody else's Timestamper
		}
		if err == nil {
			whole := *response
			whole.Attempts = append(attempts, response.Attempts...)
			return &whole, nil
		}
		attempts = append(attempts, attemptsOf(err)...)
		if ctx.Err() != nil {
			break
		}
		if errors.Is(err, ErrNotSent) || errors.Is(err, ErrTimeout) {
			f.rest(i)
		}
		if !f.MayPayTwice && !errors.Is(err, ErrNoStamp) {
			break
		}
	}
	return nil, &Error{Attempts: attempts}
}

// order returns the indices of the servers, those at rest after the others.
func (f *FailOver) order() []int {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	var awake, resting []int
	for i := range f.Servers {
		if now.Before(f.until[i]) {
			resting = append(resting, i)
		} else {
			awake = append(awake, i)
		}
	}
	return slices.Concat(awake, resting)
}

// rest notes that a server did not answer.
func (f *FailOver) rest(i int) {
	rest := f.Rest
	if rest == 0 {
		rest = defaultRest
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.until == nil {
		f.until = map[int]time.Time{}
	}
	f.until[i] = f.now().Add(rest)
}

func (f *FailOver) now() time.Time {
	if f.Now != nil {
		return f.Now()
	}
	return time.Now()
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
