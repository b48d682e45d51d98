package fetch

import (
	"fmt"
	"time"
)

// Attempt is what became of one place that a certificate names.
type Attempt struct {
	Kind   Kind
	Method string // "GET" or "POST"; "" when skipped
	// URL is the place as it may be shown: without query and user information.
	// For a place that is no URL it is the name.
	URL       string
	Redirects []string      // where it led to, likewise
	Status    int           // of the last HTTP response; 0 for none
	Bytes     int64         // received
	Started   time.Time     // by the client's clock
	Duration  time.Duration // until the answer or the error
	Cached    bool          // answered from the cache, or refused by a failure shortly before
	Shared    bool          // answered by a request that another caller had sent
	Err       error         // nil: a usable answer
	// CacheErr tells why the answer could not be kept.
	CacheErr error
}

// String says what was tried and what it answered.
func (a *Attempt) String() string {
	text := a.URL
	for _, r := range a.Redirects {
		text += " -> " + r
	}
	switch {
	case a.Err != nil && a.Cached:
		return fmt.Sprintf("%s: %v (a moment ago)", text, a.Err)
	case a.Err != nil:
		return fmt.Sprintf("%s: %v", text, a.Err)
	case a.Cached:
		return text + ": kept answer"
	}
	return fmt.Sprintf("%s: %d bytes", text, a.Bytes)
}
