package fetch

import (
	"context"
	"sync"
)

// flights lets equal requests that are asked at the same time share one exchange.
type flights struct {
	mu      sync.Mutex
	pending map[Key]*flight
}

// flight is one exchange and those who wait for it.
type flight struct {
	cancel  context.CancelFunc
	waiting int
	done    chan struct{}
	result  result
}

// do runs exchange, or waits for one with the same key that is running. The exchange
// ends early only when everybody who waits for it has given up, so that one impatient
// caller does not spoil it for the others.
func (f *flights) do(ctx context.Context, key Key, exchange func(context.Context) result) (r result, shared bool) {
	if err := ctx.Err(); err != nil {
		return result{err: err}, false
	}
	f.mu.Lock()
	current := f.pending[key]
	shared = current != nil
	if !shared {
		inner, cancel := context.WithCancel(context.WithoutCancel(ctx))
		current = &flight{cancel: cancel, done: make(chan struct{})}
		if f.pending == nil {
			f.pending = map[Key]*flight{}
		}
		f.pending[key] = current
		go f.run(inner, key, current, exchange)
	}
	current.waiting++
	f.mu.Unlock()

	select {
	case <-current.done:
		return current.result, shared
	case <-ctx.Done():
		f.leave(key, current)
		return result{err: ctx.Err()}, shared
	}
}

func (f *flights) run(ctx context.Context, key Key, current *flight, exchange func(context.Context) result) {
	defer current.cancel()
	current.result = exchange(ctx)
	f.mu.Lock()
	if f.pending[key] == current {
		delete(f.pending, key)
	}
	f.mu.Unlock()
	close(current.done)
}

// leave cancels an exchange for which nobody waits; whoever asks next starts anew.
func (f *flights) leave(key Key, current *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if current.waiting--; current.waiting > 0 {
		return
	}
	current.cancel()
	if f.pending[key] == current {
		delete(f.pending, key)
	}
}
