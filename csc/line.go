package csc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/inkan-go/inkan/cms"
)

// patience is how long somebody whose context ended waits for what became of a request that was under way: cms.Sign waits
// for a twentieth of a second.
const patience = 40 * time.Millisecond

// wish is one signature that somebody waits for. signature and err are set before done is closed.
type wish struct {
	ctx       context.Context
	alg       cms.Algorithm
	digest    []byte
	done      chan struct{}
	signature []byte
	err       error
}

// line holds the wishes that no request was made for yet, the first first.
type line struct {
	mu     sync.Mutex
	wishes []*wish
}

func (l *line) join(ctx context.Context, alg cms.Algorithm, digest []byte) *wish {
	w := &wish{ctx: ctx, alg: alg, digest: digest, done: make(chan struct{})}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wishes = append(l.wishes, w)
	return w
}

// take takes the first wish out of the line, with those of the same algorithm behind it, up to n.
func (l *line) take(n int) []*wish {
	l.mu.Lock()
	defer l.mu.Unlock()
	var group, rest []*wish
	for _, w := range l.wishes {
		if len(group) < min(n, maxDigests) && (len(group) == 0 || w.alg == group[0].alg) {
			group = append(group, w)
		} else {
			rest = append(rest, w)
		}
	}
	l.wishes = rest
	return group
}

// leave takes a wish out of the line; false when it is no longer in it.
func (l *line) leave(w *wish) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.wishes)
	l.wishes = slices.DeleteFunc(l.wishes, func(other *wish) bool { return other == w })
	return len(l.wishes) < n
}

// wait returns what became of a wish.
func (l *line) wait(ctx context.Context, w *wish) ([]byte, error) {
	select {
	case <-w.done:
		return w.signature, w.err
	case <-ctx.Done():
	}
	if l.leave(w) {
		return nil, told(failf(ErrNotSent, "%w", ctx.Err()))
	}
	select {
	case <-w.done:
		if w.err != nil && !errors.Is(w.err, ctx.Err()) {
			return nil, fmt.Errorf("%w: %w", ctx.Err(), w.err)
		}
		return w.signature, w.err
	case <-time.After(patience):
		return nil, failf(errOutcome, "%w; the request goes on for others", ctx.Err())
	}
}

// together returns a context for a request that several wait for: it ends when the contexts of all have. release frees
// what it holds.
func together(group []*wish) (ctx context.Context, release func()) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(group[0].ctx))
	var waiting atomic.Int64
	waiting.Store(int64(len(group)))
	stops := make([]func() bool, 0, len(group))
	for _, w := range group {
		stops = append(stops, context.AfterFunc(w.ctx, func() {
			if waiting.Add(-1) == 0 {
				cancel(fmt.Errorf("nobody waits any more: %w", context.Cause(w.ctx)))
			}
		}))
	}
	return ctx, func() {
		for _, stop := range stops {
			stop()
		}
		cancel(nil)
	}
}
