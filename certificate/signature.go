package certificate

import (
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"slices"

	"github.com/inkan-go/inkan/internal/algorithm"
)

// Errors of [Certificate.CheckSignature]; test with errors.Is.
var (
	// ErrSignature says that the signature is not one of the signer's key.
	ErrSignature = errors.New("certificate: signature does not verify")
	// ErrUnsupportedSignature says that the algorithm or the signer's key is not
	// supported: nothing can be said about the signature.
	ErrUnsupportedSignature = errors.New("certificate: signature algorithm not supported")
)

// CheckSignatureFrom tells whether the key of parent made the signature of c. It
// is the mathematics only: whether parent may issue certificates, and whether
// the algorithm is strong, is not asked. The error wraps [ErrSignature] or
// [ErrUnsupportedSignature].
func (c *Certificate) CheckSignatureFrom(parent *Certificate) error {
	return parent.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature)
}

// CheckSignature tells whether the key of c made the signature over the message,
// and may be used with the algorithm (RFC 4055, 1.2). It is the mathematics only;
// the error wraps [ErrSignature] or [ErrUnsupportedSignature].
func (c *Certificate) CheckSignature(id pkix.AlgorithmIdentifier, message, signature []byte) error {
	s, err := algorithm.ParseSignature(id)
	if err != nil {
		return signatureError(err)
	}
	if c.PublicKey == nil {
		if errors.Is(c.PublicKeyError, ErrUnsupportedKey) {
			return fmt.Errorf("%w: the signer's key: %w", ErrUnsupportedSignature, c.PublicKeyError)
		}
		return fmt.Errorf("%w: the signer's key: %w", ErrSignature, c.PublicKeyError)
	}
	if err := algorithm.CheckRestriction(c.PublicKeyInfo.Algorithm, s); err != nil {
		return signatureError(err)
	}
	if err := algorithm.VerifyMessage(c.PublicKey, s, message, signature); err != nil {
		return signatureError(err)
	}
	return nil
}

func signatureError(err error) error {
	if errors.Is(err, algorithm.ErrUnsupported) {
		return fmt.Errorf("%w: %w", ErrUnsupportedSignature, err)
	}
	return fmt.Errorf("%w: %w", ErrSignature, err)
}

// IsSelfSigned tells whether the certificate is self-issued and signed with its
// own key.
func (c *Certificate) IsSelfSigned() bool {
	return c.IsSelfIssued() && c.CheckSignatureFrom(c) == nil
}

// inheritsParameters tells whether the key is a DSA key that takes its parameters
// from the issuer's (RFC 3279, 2.3.2).
func (c *Certificate) inheritsParameters() bool {
	return c.PublicKey == nil && c.PublicKeyInfo.Algorithm.Algorithm.Equal(oidDSA) &&
		len(c.PublicKeyInfo.Algorithm.Parameters.FullBytes) == 0
}

// inheritParameters completes the DSA keys of a path from the anchor downward and
// verifies what could not be verified without (RFC 5280, 6.1.4 f).
func (s *search) inheritParameters(path *Path) *PathError {
	for i := len(path.Certificates) - 1; i >= 0; i-- {
		old := path.Certificates[i]
		if !old.inheritsParameters() {
			continue
		}
		c := *old
		if i < len(path.Certificates)-1 {
			c.PublicKey, c.PublicKeyError = c.PublicKeyInfo.inherit(path.Certificates[i+1].PublicKey)
		}
		if c.PublicKey == nil {
			return &PathError{Reason: UnsupportedSignature, Certificate: old, Depth: i, Err: c.PublicKeyError}
		}
		path.Certificates = slices.Clone(path.Certificates) // the search goes on with its own
		path.Certificates[i] = &c
		if i == 0 {
			break
		}
		if err := s.checkSignature(path.Certificates[i-1], &c); err != nil {
			return &PathError{Reason: signatureReason(err), Certificate: path.Certificates[i-1], Depth: i - 1, Err: err}
		}
	}
	return nil
}
