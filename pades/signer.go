package pades

import (
	"crypto"
	"crypto/x509"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
)

// certificateOf returns the signing certificate and the algorithm to be used.
// Without a chain there is no certificate, and no error.
func (s *Signer) certificateOf() (*certificate.Certificate, cms.Algorithm, error) {
	if s == nil {
		return nil, cms.Algorithm{}, failf(ErrSigner, "no signer given")
	}
	if len(s.Chain) == 0 {
		return nil, s.Algorithm, nil
	}
	if len(s.Chain) > maxChain {
		return nil, s.Algorithm, failf(ErrSigner, "the chain has %d certificates, more than %d", len(s.Chain), maxChain)
	}
	for i, c := range s.Chain {
		if c == nil {
			return nil, s.Algorithm, failf(ErrSigner, "certificate %d of the chain is nil", i+1)
		}
	}
	leaf := s.Chain[0]
	if leaf.PublicKey == nil {
		return nil, s.Algorithm, failf(ErrSigner, "the certificate of %v has a key that cannot sign: %w", leaf.Subject, leaf.PublicKeyError)
	}
	a := s.Algorithm
	if a == (cms.Algorithm{}) {
		var err error
		if a, err = cms.AlgorithmForCertificate(leaf); err != nil {
			return nil, a, failf(ErrSigner, "the certificate of %v: %w", leaf.Subject, err)
		}
	}
	if err := a.CheckKey(leaf.PublicKey); err != nil {
		return nil, a, failf(ErrSigner, "the certificate of %v: %w", leaf.Subject, err)
	}
	return leaf, a, nil
}

// ready checks that the signer can sign here and now with that certificate.
func (s *Signer) ready(leaf *certificate.Certificate) error {
	if s.Key == nil {
		return failf(ErrSigner, "no key given")
	}
	if leaf == nil {
		return failf(ErrSigner, "no certificate given: the first of Signer.Chain must be that of the key")
	}
	if samePublicKey(s.Key.Public(), leaf.PublicKey) {
		return nil
	}
	for i, c := range s.Chain[1:] {
		if samePublicKey(s.Key.Public(), c.PublicKey) {
			return failf(ErrSigner, "the key belongs to certificate %d of the chain (%v), but the signing certificate must come first", i+2, c.Subject)
		}
	}
	return failf(ErrSigner, "the key does not belong to the certificate of %v", leaf.Subject)
}

// signingKey is a Signer that can sign here and now.
type signingKey struct {
	*Signer
	leaf      *certificate.Certificate
	algorithm cms.Algorithm
}

// signingKey checks the signer as far as no document is needed for it.
func (s *Signer) signingKey() (*signingKey, error) {
	leaf, algorithm, err := s.certificateOf()
	if err != nil {
		return nil, err
	}
	if err := s.ready(leaf); err != nil {
		return nil, err
	}
	return &signingKey{s, leaf, algorithm}, nil
}

func samePublicKey(a, b crypto.PublicKey) bool {
	e, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && b != nil && e.Equal(b)
}

// doubts reports what is odd about the certificate but does not stop a signature.
func doubts(c *certificate.Certificate, now time.Time, warn func(string)) {
	if warn == nil || c == nil {
		return
	}
	const day = "2006-01-02 15:04:05 MST"
	switch {
	case now.After(c.NotAfter):
		warn("the certificate of " + c.Subject.String() + " expired on " + c.NotAfter.Format(day))
	case now.Before(c.NotBefore):
		warn("the certificate of " + c.Subject.String() + " is not valid before " + c.NotBefore.Format(day))
	}
	if c.HasKeyUsage && c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		warn("the certificate of " + c.Subject.String() + " is not meant for signatures (key usage)")
	}
}
