package fetch

import (
	"sync"
	"time"
)

// failures remembers for a short time which requests failed and which hosts were silent,
// so that the places in one certificate and the signatures of one document do not all
// wait for the same dead server.
type failures struct {
	mu    sync.Mutex
	known map[Key]failure
}

type failure struct {
	result result
	until  time.Time
}

// silence is the key of a host that answered nothing within the time-out to a request
// of the kind; other services of the host may be alive.
func silence(kind Kind, host string) Key { return newKey(kind, "", host, nil) }

func (f *failures) get(key Key, now time.Time) (result, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	known, ok := f.known[key]
	if ok && !now.Before(known.until) {
		delete(f.known, key)
		ok = false
	}
	return known.result, ok
}

func (f *failures) put(key Key, r result, now time.Time, keep time.Duration) {
	if keep <= 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.known) >= maxFailures {
		for k, old := range f.known {
			if !now.Before(old.until) {
				delete(f.known, k)
			}
		}
	}
	if len(f.known) >= maxFailures {
		return
	}
	if f.known == nil {
		f.known = map[Key]failure{}
	}
	f.known[key] = failure{r, now.Add(keep)}
}
