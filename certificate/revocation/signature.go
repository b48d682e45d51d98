package revocation

import (
	"crypto/x509/pkix"
	"errors"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
)

// signed is what a signature covers, with the signature.
type signed struct {
	message   []byte
	algorithm pkix.AlgorithmIdentifier
	signature []byte
}

// check tells whether the key of c made the signature: nil, or what is wrong with
// it. It is the mathematics only.
func (s *signed) check(c *certificate.Certificate) *fault {
	a, err := algorithm.ParseSignature(s.algorithm)
	if err != nil {
		return signatureFault(err)
	}
	switch {
	case c.PublicKey == nil && errors.Is(c.PublicKeyError, certificate.ErrUnsupportedKey):
		return &fault{UnsupportedSignature, c.PublicKeyError.Error()}
	case c.PublicKey == nil:
		return &fault{BadSignature, "the signer's key is malformed"}
	case c.PublicKeyInfo.RestrictedToPSS() && a.Scheme != algorithm.RSAPSS:
		return &fault{BadSignature, "the signer's key is restricted to RSASSA-PSS"} // RFC 4055, 1.2
	}
	if err := algorithm.VerifyMessage(c.PublicKey, a, s.message, s.signature); err != nil {
		return signatureFault(err)
	}
	return nil
}

func signatureFault(err error) *fault {
	if errors.Is(err, algorithm.ErrUnsupported) {
		return &fault{UnsupportedSignature, err.Error()}
	}
	return &fault{BadSignature, err.Error()}
}
