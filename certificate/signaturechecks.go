package certificate

import (
	"sync"

	"github.com/inkan-go/inkan/internal/algorithm"
)

// SignatureChecks remembers which certificates were signed with which keys, so that
// searches for several paths verify each signature once. The zero value is ready for
// use, by several goroutines at once. It holds a bounded number of answers and makes
// no difference but to time.
type SignatureChecks struct {
	mu      sync.Mutex
	answers map[[2][32]byte]error // by the fingerprints of child and issuer
}

// Check is child.CheckSignatureFrom(issuer). A nil receiver remembers nothing, nor does
// any for a DSA key: its parameters may be those of whichever issuer it has in a path.
func (s *SignatureChecks) Check(child, issuer *Certificate) error {
	if _, dsa := issuer.PublicKey.(*algorithm.DSAKey); dsa || s == nil {
		return child.CheckSignatureFrom(issuer)
	}
	key := [2][32]byte{child.Fingerprint(), issuer.Fingerprint()}
	s.mu.Lock()
	err, known := s.answers[key]
	s.mu.Unlock()
	if known {
		return err
	}
	err = child.CheckSignatureFrom(issuer)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answers == nil {
		s.answers = make(map[[2][32]byte]error)
	}
	if len(s.answers) < maxRememberedChecks {
		s.answers[key] = err
	}
	return err
}
