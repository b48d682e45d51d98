//go:build go1.27

package algorithm

import (
	"crypto"
	"crypto/mldsa"
	"fmt"
)

// MLDSAScheme returns the scheme of an ML-DSA key, SchemeUnknown for all others.
func MLDSAScheme(pub crypto.PublicKey) Scheme {
	key, ok := pub.(*mldsa.PublicKey)
	if !ok || key == nil {
		return SchemeUnknown
	}
	switch key.Parameters() {
	case mldsa.MLDSA44():
		return MLDSA44
	case mldsa.MLDSA65():
		return MLDSA65
	case mldsa.MLDSA87():
		return MLDSA87
	}
	return SchemeUnknown
}

func parseMLDSA(s Scheme, key []byte) (crypto.PublicKey, error) {
	parameters := map[Scheme]mldsa.Parameters{MLDSA44: mldsa.MLDSA44(), MLDSA65: mldsa.MLDSA65(), MLDSA87: mldsa.MLDSA87()}[s]
	pub, err := mldsa.NewPublicKey(parameters, key)
	if err != nil {
		return nil, fmt.Errorf("algorithm: %s key: %w: %w", s, ErrMalformed, err)
	}
	return pub, nil
}

func verifyMLDSA(pub crypto.PublicKey, s Scheme, message, sig []byte) error {
	key, ok := pub.(*mldsa.PublicKey)
	if !ok || MLDSAScheme(key) != s {
		return fmt.Errorf("algorithm: %s with a %T: %w", s, pub, ErrKeyMismatch)
	}
	if mldsa.Verify(key, message, sig, nil) != nil {
		return fmt.Errorf("algorithm: %s: %w", s, ErrSignature)
	}
	return nil
}
