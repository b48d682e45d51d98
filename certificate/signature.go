package certificate

import (
	"errors"
	"fmt"
	"slices"

	"github.com/inkan-go/inkan/internal/algorithm"
)

// Errors of [Certificate.CheckSignatureFrom]; test with errors.Is.
var (
	// ErrSignature says that the signature is not one of the issuer's key.
	ErrSignature = errors.New("certificate: signature does not verify")
	// ErrUnsupportedSignature says that the algorithm or the issuer's key is not
	// supported: nothing can be said about the signature.
	ErrUnsupportedSignature = errors.New("certificate: signature algorithm not supported")
)

// CheckSignatureFrom tells whether the key of parent made the signature of c. It
// is the mathematics only: whether parent may issue certificates, and whether
// the algorithm is strong, is not asked. The error wraps [ErrSignature] or
// [ErrUnsupportedSignature].
func (c *Certificate) CheckSignatureFrom(parent *Certificate) error {
	s, err := algorithm.ParseSignature(c.SignatureAlgorithm)
	if err != nil {
		return signatureError(err)
	}
	if parent.PublicKey == nil {
		if errors.Is(parent.PublicKeyError, ErrUnsupportedKey) {
			return fmt.Errorf("%w: the issuer's key: %w", ErrUnsupportedSignature, parent.PublicKeyError)
		}
		return fmt.Errorf("%w: the issuer's key: %w", ErrSignature, parent.PublicKeyError)
	}
	if err := algorithm.CheckRestriction(parent.PublicKeyInfo.Algorithm, s); err != nil {
		return signatureError(err)
	}
	if err := algorithm.VerifyMessage(parent.PublicKey, s, c.RawTBSCertificate, c.Signature); err != nil {
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
