package fetch

import (
	"errors"
	"sync"
)

// counters counts by kind.
type counters struct {
	mu    sync.Mutex
	kinds map[Kind]Counts
}

func (c *counters) change(kind Kind, change func(*Counts)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kinds == nil {
		c.kinds = map[Kind]Counts{}
	}
	counts := c.kinds[kind]
	change(&counts)
	c.kinds[kind] = counts
}

func (c *counters) get(kind Kind) Counts {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kinds[kind]
}

func (c *counters) sent(kind Kind) { c.change(kind, func(n *Counts) { n.Requests++ }) }

func (c *counters) received(kind Kind, bytes int64) {
	c.change(kind, func(n *Counts) { n.Bytes += bytes })
}

// ended counts how an attempt came out.
func (c *counters) ended(a *Attempt) {
	c.change(a.Kind, func(n *Counts) {
		if a.Shared {
			n.Shared++
		}
		var skipped *SkippedError
		switch {
		case errors.As(a.Err, &skipped):
			n.Skipped++
		case a.Err != nil:
			n.Failed++
		case a.Cached:
			n.Cached++
		}
	})
}
