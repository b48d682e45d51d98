//go:build !go1.27

package algorithm

import (
	"crypto"
	"fmt"
)

// MLDSAScheme returns the scheme of an ML-DSA key, SchemeUnknown for all others: before Go 1.27 there are none.
func MLDSAScheme(crypto.PublicKey) Scheme { return SchemeUnknown }

func parseMLDSA(s Scheme, _ []byte) (crypto.PublicKey, error) {
	return nil, fmt.Errorf("algorithm: %s is %w by programs built with a Go older than 1.27", s, ErrUnsupported)
}

func verifyMLDSA(_ crypto.PublicKey, s Scheme, _, _ []byte) error {
	return fmt.Errorf("algorithm: %s is %w by programs built with a Go older than 1.27", s, ErrUnsupported)
}
