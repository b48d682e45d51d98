package revocation

import (
	"crypto/x509/pkix"
	"errors"

	"github.com/inkan-go/inkan/certificate"
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
	switch err := c.CheckSignature(s.algorithm, s.message, s.signature); {
	case err == nil:
		return nil
	case errors.Is(err, certificate.ErrUnsupportedSignature):
		return &fault{UnsupportedSignature, err.Error()}
	default:
		return &fault{BadSignature, err.Error()}
	}
}
