package revocation

import (
	"crypto/x509/pkix"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
)

// reading is what the bytes of evidence were read as. It is not changed, but for what
// it remembers about signatures.
type reading struct {
	raw  []byte
	kind Kind
	crl  *CRL      // one of the three is not nil
	ocsp *Response //
	err  error     // why it could not be read

	mu      sync.Mutex
	checked []signatureCheck // maxRemembered at most
}

// signatureCheck is the outcome of the check of a signature.
type signatureCheck struct {
	signer [32]byte // its fingerprint
	fault  *fault
}

// Read reads the bytes, if that was not done before, and returns what they are: one of
// the three is not nil. Copies of e that are made afterwards share what was read, and
// which signatures on it were verified, in whatever sets they are put: neither depends
// on what anybody trusts. It is called before e is used by several goroutines or put
// into a [Set].
func (e *Evidence) Read() (*CRL, *Response, error) {
	e.read = e.reading()
	return e.read.crl, e.read.ocsp, e.read.err
}

// reading returns the reading of the very bytes.
func (e *Evidence) reading() *reading {
	kind := e.kind()
	if r := e.read; r != nil && r.kind == kind && sameSlice(r.raw, e.Raw) {
		return r
	}
	r := &reading{raw: e.Raw, kind: kind}
	switch kind {
	case KindOCSP:
		r.ocsp, r.err = ParseResponse(e.Raw)
	case KindCRL:
		r.crl, r.err = ParseCRL(e.Raw)
	default:
		r.err = fmt.Errorf("revocation: kind %d of evidence is not known", e.Kind)
	}
	return r
}

// sameSlice tells whether a and b are the same memory.
func sameSlice(a, b []byte) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// issued returns when the evidence says that it was made.
func (r *reading) issued() time.Time {
	if r.crl != nil {
		return r.crl.ThisUpdate
	}
	return r.ocsp.ProducedAt
}

func (r *reading) signatureAlgorithm() pkix.AlgorithmIdentifier {
	if r.crl != nil {
		return r.crl.signed.algorithm
	}
	return r.ocsp.signed.algorithm
}

// checkSignature tells whether the key of the certificate signed what was read.
func (r *reading) checkSignature(c *certificate.Certificate, s *signed) *fault {
	// The parameters of a DSA key may be those of whichever issuer it has in a path.
	if _, dsa := c.PublicKey.(*algorithm.DSAKey); dsa || c.PublicKey == nil {
		return s.check(c)
	}
	sum := c.Fingerprint()
	bySum := func(known signatureCheck) bool { return known.signer == sum }
	r.mu.Lock()
	i := slices.IndexFunc(r.checked, bySum)
	if i >= 0 {
		defer r.mu.Unlock()
		return r.checked[i].fault
	}
	r.mu.Unlock()
	f := s.check(c)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.checked) >= maxRemembered {
		r.checked = nil
	}
	r.checked = append(r.checked, signatureCheck{sum, f})
	return f
}
