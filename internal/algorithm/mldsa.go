package algorithm

import (
	"crypto"
	"fmt"
)

// mldsaSize are the sizes of ML-DSA in bytes (FIPS 204, table 2).
type mldsaSize struct{ key, signature int }

func mldsaSizes(s Scheme) mldsaSize {
	switch s {
	case MLDSA44:
		return mldsaSize{1312, 2420}
	case MLDSA65:
		return mldsaSize{1952, 3309}
	case MLDSA87:
		return mldsaSize{2592, 4627}
	}
	return mldsaSize{}
}

// MLDSASignatureSize returns the size in bytes of a signature by an ML-DSA key; 0 for all other keys.
func MLDSASignatureSize(pub crypto.PublicKey) int { return mldsaSizes(MLDSAScheme(pub)).signature }

// ParseMLDSAKey reads the public key of a parameter set (RFC 9881, 4): an *mldsa.PublicKey. Its errors wrap
// ErrMalformed, or ErrUnsupported where the program was built with a Go older than 1.27.
func ParseMLDSAKey(s Scheme, key []byte) (crypto.PublicKey, error) {
	if want := mldsaSizes(s).key; want == 0 || len(key) != want {
		return nil, fmt.Errorf("algorithm: %s key of %d bytes, not %d: %w", s, len(key), want, ErrMalformed)
	}
	return parseMLDSA(s, key)
}
