package tsa

import (
	"crypto"
	"crypto/rand"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"math/big"
	"sync"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/algorithm"
)

// Responder is a time-stamping authority: an http.Handler (RFC 3161, 3.4) and, within
// one program, a [Timestamper]. It is made for tests, demonstrations and networks of
// one's own. An accredited authority needs more than it: an audited clock and key, and
// a log.
//
// It is safe for concurrent use if Key is; its fields are not changed after the first
// use, and it is not copied. Who may ask, and how long a request may take, is the
// business of the http.Server around it.
type Responder struct {
	Key crypto.Signer
	// Certificate is that of Key: its extended key usage is critical and names time
	// stamping alone (RFC 3161, 2.3). It and Chain go into a token when the client asks
	// for certificates.
	Certificate *certificate.Certificate
	Chain       []*certificate.Certificate
	// Algorithm of the signature; the zero value means the one that suits the
	// certificate's key.
	Algorithm cms.Algorithm

	// Policies under which stamps are made: the first for who asks for none.
	Policies []asn1.ObjectIdentifier
	// Hashes that may have made the digest; nil means all that are not weak.
	Hashes []crypto.Hash
	// Accuracy is written into tokens, in whole microseconds; 0 says nothing.
	Accuracy time.Duration
	// Resolution of genTime, a microsecond or more; 0 means a second, which every reader
	// understands.
	Resolution time.Duration
	// Ordering promises that of two tokens the later one has a later time. Stamps asked
	// for faster than Resolution allows get times ahead of the clock, by no more than
	// Accuracy; then they are refused. The promise does not outlast the program: a new
	// one must not begin before Accuracy has passed.
	Ordering bool
	// Name writes the certificate's subject into the tsa field.
	Name bool

	// Serial returns a number that it never returned before. nil means 158 random bits.
	Serial func() (*big.Int, error)
	// Now is the clock; the zero time says that there is none at present. nil means
	// time.Now.
	Now func() time.Time
	// Rand serves serial numbers and signatures; nil means crypto/rand.
	Rand io.Reader
	// Observe, if not nil, is called after every answer, from several goroutines.
	Observe func(Decision)

	once      sync.Once
	onceErr   error
	algorithm cms.Algorithm

	mu   sync.Mutex
	last time.Time // genTime of the last token, with Ordering
}

var _ Timestamper = (*Responder)(nil)

// Check tells whether the fields are complete and fit together. Every request asks it,
// too; programs call it when they start.
func (r *Responder) Check() error {
	r.once.Do(func() { r.onceErr = r.check() })
	return r.onceErr
}

func (r *Responder) check() error {
	if r.Key == nil || r.Certificate == nil {
		return errors.New("tsa: a responder needs a key and its certificate")
	}
	public, ok := r.Key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(r.Certificate.PublicKey) {
		return errors.New("tsa: the responder's certificate is not that of its key")
	}
	if !forTimeStampingAlone(r.Certificate) {
		return errors.New("tsa: the extended key usage of the responder's certificate is not critical and time stamping alone (RFC 3161, 2.3)")
	}
	if len(r.Policies) == 0 {
		return errors.New("tsa: a responder needs a policy")
	}
	for _, h := range r.Hashes {
		if oid, ok := algorithm.HashOID(algorithm.Hash(h)); !ok || oid == nil {
			return fmt.Errorf("tsa: hash function %v cannot be stamped", h)
		}
	}
	switch {
	case r.resolution() < time.Microsecond || r.Accuracy < 0 || r.Accuracy%time.Microsecond != 0 || r.Accuracy > maxAccuracy:
		return errors.New("tsa: the responder's accuracy or resolution is out of range")
	case r.Accuracy > 0 && r.Accuracy < r.resolution():
		return fmt.Errorf("tsa: times in steps of %v are not accurate to %v; set a finer Resolution", r.resolution(), r.Accuracy)
	}
	return r.chooseAlgorithm()
}

func (r *Responder) chooseAlgorithm() (err error) {
	r.algorithm = r.Algorithm
	if r.algorithm == (cms.Algorithm{}) {
		if r.algorithm, err = cms.AlgorithmFor(r.Key.Public()); err != nil {
			return fmt.Errorf("tsa: %w", err)
		}
		if r.Certificate.PublicKeyInfo.RestrictedToPSS() {
			r.algorithm.Scheme = cms.RSAPSS
		}
	}
	if err := r.algorithm.CheckKey(r.Key.Public()); err != nil {
		return fmt.Errorf("tsa: %w", err)
	}
	if w, weak := algorithm.WeakKey(r.algorithm.Scheme, r.Key.Public()); weak && w.Named {
		return fmt.Errorf("tsa: the responder's key is too weak for new signatures: %s", w.Name)
	}
	return nil
}

func (r *Responder) now() time.Time {
	if r.Now != nil {
		return r.Now()
	}
	return time.Now()
}

func (r *Responder) random() io.Reader {
	if r.Rand != nil {
		return r.Rand
	}
	return rand.Reader
}

func (r *Responder) resolution() time.Duration {
	if r.Resolution != 0 {
		return r.Resolution
	}
	return time.Second
}
