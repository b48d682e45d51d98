package tsa

import (
	"fmt"
	"sync"
	"time"

	"github.com/inkan-go/inkan/certificate"
)

// Outcome says whether an attempt left a stamp behind, which may have to be paid.
type Outcome int

// The outcomes. OutcomeUncertain is the zero value.
const (
	OutcomeUncertain Outcome = iota // a stamp may have been made; none was got that can be used
	OutcomeNoStamp                  // certainly none was made: the request was not sent, or it was refused
	OutcomeStamp                    // a stamp was got and passed every check
)

// String returns "uncertain", "no stamp" or "stamp".
func (o Outcome) String() string {
	switch o {
	case OutcomeNoStamp:
		return "no stamp"
	case OutcomeStamp:
		return "stamp"
	}
	return "uncertain"
}

// Attempt is what became of asking one server.
type Attempt struct {
	Server   string        // URL without query and user information
	Started  time.Time     // by the client's clock
	Duration time.Duration // until the answer or the error
	Sent     bool          // the request may have reached the server
	Status   int           // of HTTP; 0 for no answer
	Bytes    int64         // of the answer
	Outcome  Outcome
	Err      error // nil with OutcomeStamp alone
}

// String says who was asked and what came of it.
func (a *Attempt) String() string {
	if a.Err != nil {
		return fmt.Sprintf("%s: %v", a.Server, a.Err)
	}
	return fmt.Sprintf("%s: %v", a.Server, a.Outcome)
}

// Counts is how much a [Client] asked for. A provider that bills stamps bills at least
// Stamps and at most Stamps + Uncertain.
type Counts struct {
	Requests  int64 // sent, or perhaps sent
	Stamps    int64 // got and good
	NoStamp   int64 // attempts that certainly made no stamp, those not sent included
	Uncertain int64 // attempts after which a stamp may have been made, but none is at hand
	Bytes     int64 // received
}

// state is what a client keeps between calls.
type state struct {
	transport ownTransport

	mu        sync.Mutex
	counts    Counts
	authority *certificate.Certificate // of the last stamp
}

// Counts returns how much was asked for so far.
func (c *Client) Counts() Counts {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	return c.state.counts
}

// Authority returns the certificate of the authority that made the last stamp; nil before
// there was one. Whether data about it can be had may be asked before the next one is
// bought.
func (c *Client) Authority() *certificate.Certificate {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	return c.state.authority
}

// count takes an attempt, and the response to it, into account.
func (s *state) count(a *Attempt, r *Response) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.Err == nil && r.Verification != nil {
		s.authority = r.Verification.Certificate
	}
	if a.Sent {
		s.counts.Requests++
	}
	s.counts.Bytes += a.Bytes
	switch a.Outcome {
	case OutcomeStamp:
		s.counts.Stamps++
	case OutcomeNoStamp:
		s.counts.NoStamp++
	default:
		s.counts.Uncertain++
	}
}
