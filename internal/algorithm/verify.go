package algorithm

import (
	"crypto"
	"crypto/ed25519"
	"fmt"
)

// VerifyDigest verifies sig over a digest that the caller computed with s.Hash. pub is an *rsa.PublicKey, an
// *ecdsa.PublicKey, an ed25519.PublicKey, or one of the keys of this package: *RSAKey, *ECKey, *DSAKey, Ed448Key, and what ParseMLDSAKey returns. EdDSA
// and ML-DSA sign whole messages and are refused here. Errors wrap ErrSignature, ErrKeyMismatch, ErrUnsupported or ErrMalformed. It is safe for concurrent use.
func VerifyDigest(pub crypto.PublicKey, s Signature, digest, sig []byte) error {
	if s.Scheme.SignsMessage() || s.Hash == 0 {
		return fmt.Errorf("algorithm: %s cannot verify a digest: %w", s, ErrUnsupported)
	}
	if len(digest) != s.Hash.Size() {
		return fmt.Errorf("algorithm: digest of %d bytes where %s has %d: %w", len(digest), s.Hash, s.Hash.Size(), ErrSignature)
	}
	switch s.Scheme {
	case RSA, RSAPSS:
		return verifyRSA(pub, s, digest, sig)
	case ECDSA, PlainECDSA:
		return verifyECDSA(pub, s, digest, sig)
	case DSA:
		return verifyDSA(pub, s, digest, sig)
	}
	return fmt.Errorf("algorithm: scheme %s is %w", s.Scheme, ErrUnsupported)
}

// VerifyMessage verifies sig over a whole message, hashing it with s.Hash; EdDSA and ML-DSA take it as it is. Errors as in
// VerifyDigest. It is safe for concurrent use.
func VerifyMessage(pub crypto.PublicKey, s Signature, message, sig []byte) error {
	switch s.Scheme {
	case MLDSA44, MLDSA65, MLDSA87:
		return verifyMLDSA(pub, s.Scheme, message, sig)
	case Ed448:
		return verifyEd448(pub, message, sig)
	case Ed25519:
		key, ok := pub.(ed25519.PublicKey)
		if !ok || len(key) != ed25519.PublicKeySize {
			return fmt.Errorf("algorithm: Ed25519 with a %T: %w", pub, ErrKeyMismatch)
		}
		if !ed25519.Verify(key, message, sig) {
			return fmt.Errorf("algorithm: Ed25519: %w", ErrSignature)
		}
		return nil
	}
	if !s.Hash.Available() {
		return fmt.Errorf("algorithm: %s: hash function %d is %w", s.Scheme, s.Hash, ErrUnsupported)
	}
	return VerifyDigest(pub, s, s.Hash.Sum(message), sig)
}
