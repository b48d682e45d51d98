package certificate

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"sync"

	"github.com/inkan-go/inkan/internal/algorithm"
)

// SignatureChecks remembers which certificates were signed with which keys, so that
// searches for several paths verify each signature once. The zero value is ready for
// use, by several goroutines at once. It holds a bounded number of answers and makes
// no difference but to time, unless it has a limit.
type SignatureChecks struct {
	// Limit, if not zero, is how many signatures are verified; keys that take longer than
	// ordinary ones count more. Beyond it every path fails that needs another one.
	Limit int

	mu      sync.Mutex
	answers map[[2][32]byte]error // by the fingerprints of child and issuer
	spent   int
}

// Check is child.CheckSignatureFrom(issuer). A nil receiver remembers nothing, nor does
// any for a DSA key: its parameters may be those of whichever issuer it has in a path.
func (s *SignatureChecks) Check(child, issuer *Certificate) error {
	if s == nil {
		return child.CheckSignatureFrom(issuer)
	}
	if _, dsa := issuer.PublicKey.(*algorithm.DSAKey); dsa {
		if !s.spend(issuer.PublicKey) {
			return errTooManyChecks
		}
		return child.CheckSignatureFrom(issuer)
	}
	key := [2][32]byte{child.Fingerprint(), issuer.Fingerprint()}
	s.mu.Lock()
	err, known := s.answers[key]
	s.mu.Unlock()
	if known {
		return err
	}
	if !s.spend(issuer.PublicKey) {
		return errTooManyChecks
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

// spend counts a verification with the key; false when the limit is reached.
func (s *SignatureChecks) spend(key crypto.PublicKey) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Limit > 0 && s.spent >= s.Limit {
		return false
	}
	s.spent += slowness(key)
	return true
}

// slowness is about how many times as long a key takes to verify with as an ordinary one.
func slowness(key crypto.PublicKey) int {
	const slow = 32
	switch k := key.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() > 4096 {
			return slow
		}
	case *ecdsa.PublicKey:
		if k.Curve.Params().BitSize > 256 {
			return 4
		}
	case *algorithm.RSAKey, *algorithm.ECKey, *algorithm.DSAKey, algorithm.Ed448Key:
		return slow
	}
	return 1
}
