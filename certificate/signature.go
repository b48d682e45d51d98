package certificate

import (
	"errors"
	"fmt"

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
	if parent.PublicKeyInfo.RestrictedToPSS() && s.Scheme != algorithm.RSAPSS {
		return fmt.Errorf("%w: the issuer's key is restricted to RSASSA-PSS", ErrSignature) // RFC 4055, 1.2
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
