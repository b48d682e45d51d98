package revocation

import (
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
	"sync"

	"github.com/inkan-go/inkan/certificate"
)

// Set is a collection of evidence, each piece read once ([Evidence.Read]). A Set may
// be used by several goroutines at once.
type Set struct {
	mu    sync.Mutex
	items []*item
	seed  maphash.Seed
	index map[uint64]int // places, by the hash of the raw bytes

	checks certificate.SignatureChecks // of delegated responders
}

// item is one piece of evidence in a set.
type item struct {
	evidence *Evidence
	*reading
}

// NewSet returns a set that holds the evidence.
func NewSet(evidence ...*Evidence) *Set {
	s := &Set{}
	s.Add(evidence...)
	return s
}

// Add reads evidence and puts it into the set. What cannot be read is kept and
// told by [Set.Unreadable]. The same bytes are kept once, with the earliest proof
// that they existed.
func (s *Set) Add(evidence ...*Evidence) {
	for _, e := range evidence {
		if e == nil {
			continue
		}
		if sum, known := s.merge(e); !known {
			s.put(sum, &item{e, e.reading()})
		}
	}
}

// merge handles evidence that is in the set already; false when it is not.
func (s *Set) merge(e *Evidence) (sum uint64, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.index == nil {
		s.seed, s.index = maphash.MakeSeed(), map[uint64]int{}
	}
	sum = maphash.Bytes(s.seed, e.Raw)
	i := s.find(sum, e)
	if i < 0 {
		return sum, false
	}
	old := s.items[i]
	if !e.Proven.IsZero() && (old.evidence.Proven.IsZero() || e.Proven.Before(old.evidence.Proven)) {
		better := *old
		better.evidence = e
		s.items[i] = &better
	}
	return sum, true
}

// find returns the place of the bytes, -1 when they are not in the set.
func (s *Set) find(sum uint64, e *Evidence) int {
	if i, known := s.index[sum]; known && bytes.Equal(s.items[i].evidence.Raw, e.Raw) {
		return i
	}
	return -1
}

func (s *Set) put(sum uint64, read *item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.find(sum, read.evidence) >= 0 || len(s.items) > maxEvidence {
		return
	}
	if len(s.items) == maxEvidence { // the last one stands for all that are left out
		read = &item{read.evidence, &reading{err: errTooMuch}}
	}
	s.index[sum] = len(s.items)
	s.items = append(s.items, read)
}

var errTooMuch = fmt.Errorf("%w: more than %d pieces of evidence in one set", errLimit, maxEvidence)

// list returns the items as they are now.
func (s *Set) list() []*item {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.items[:len(s.items):len(s.items)]
}

// Len returns the number of pieces in the set.
func (s *Set) Len() int { return len(s.list()) }

// Unreadable returns the pieces that could not be read, with the reason.
func (s *Set) Unreadable() []Rejection {
	var list []Rejection
	for _, i := range s.list() {
		if i.err != nil {
			list = append(list, Rejection{Evidence: i.evidence, Cause: unreadableCause(i.err), Detail: i.err.Error()})
		}
	}
	return list
}

func unreadableCause(err error) Cause {
	var none *ResponseError
	switch {
	case errors.As(err, &none):
		return NoResponse
	case errors.Is(err, errLimit):
		return LimitExceeded
	}
	return Malformed
}

// errLimit is inside the errors of evidence that goes beyond a limit.
var errLimit = errors.New("revocation: over a limit")
