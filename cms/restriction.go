package cms

import (
	"crypto"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
)

// AlgorithmForCertificate returns the usual algorithm for the key of a certificate: that of AlgorithmFor, or RSA-PSS
// with the hash function that the certificate allows where it restricts its RSA key to that (RFC 4055 §1.2). It wraps
// ErrUnsupported where no new signature can be made with the key.
func AlgorithmForCertificate(c *certificate.Certificate) (Algorithm, error) {
	if c.PublicKey == nil {
		return Algorithm{}, fail(ErrUnsupported, "the key of the certificate cannot sign: %w", c.PublicKeyError)
	}
	a, err := AlgorithmFor(c.PublicKey)
	if err != nil || !c.PublicKeyInfo.RestrictedToPSS() {
		return a, err
	}
	var refusal error
	for _, h := range []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512} {
		a = Algorithm{RSAPSS, h}
		if refusal = algorithm.CheckRestriction(c.PublicKeyInfo.Algorithm, a.signature()); refusal == nil {
			return a, nil
		}
	}
	return Algorithm{}, fail(ErrUnsupported, "signing with the parameters of RSA-PSS that the certificate demands: %w", refusal)
}
