package fetch

import (
	"context"
	"sync"
)

// hosts limits the simultaneous requests to each host.
type hosts struct {
	mu   sync.Mutex
	busy map[string]*host
}

type host struct {
	slots chan struct{}
	users int // who hold a slot or wait for one
}

// enter waits for a slot; leave gives it back.
func (h *hosts) enter(ctx context.Context, name string, most int) (leave func(), err error) {
	h.mu.Lock()
	place := h.busy[name]
	if place == nil {
		place = &host{slots: make(chan struct{}, most)}
		if h.busy == nil {
			h.busy = map[string]*host{}
		}
		h.busy[name] = place
	}
	place.users++
	h.mu.Unlock()

	select {
	case place.slots <- struct{}{}:
		return func() { <-place.slots; h.drop(name, place) }, nil
	case <-ctx.Done():
		h.drop(name, place)
		return nil, ctx.Err()
	}
}

// drop forgets a host that nobody asks.
func (h *hosts) drop(name string, place *host) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if place.users--; place.users == 0 {
		delete(h.busy, name)
	}
}
