package algorithm

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"fmt"
)

// VerifyDigest verifies sig over a digest that the caller computed with s.Hash. pub is an *rsa.PublicKey or
// *RSAKey, an *ecdsa.PublicKey or, for Ed25519, an ed25519.PublicKey; Ed25519 signs whole messages and is refused here. Errors
// wrap ErrSignature, ErrKeyMismatch, ErrUnsupported or ErrMalformed. It is safe for concurrent use.
func VerifyDigest(pub crypto.PublicKey, s Signature, digest, sig []byte) error {
	if s.Scheme == Ed25519 || s.Hash == 0 {
		return fmt.Errorf("algorithm: %s cannot verify a digest: %w", s, ErrUnsupported)
	}
	if len(digest) != s.Hash.Size() {
		return fmt.Errorf("algorithm: digest of %d bytes where %s has %d: %w", len(digest), s.Hash, s.Hash.Size(), ErrSignature)
	}
	switch s.Scheme {
	case RSA, RSAPSS:
		return verifyRSA(pub, s, digest, sig)
	case ECDSA:
		key, ok := pub.(*ecdsa.PublicKey)
		if !ok {
			return fmt.Errorf("algorithm: ECDSA with a %T: %w", pub, ErrKeyMismatch)
		}
		if !ecdsa.VerifyASN1(key, digest, sig) {
			return fmt.Errorf("algorithm: %s: %w", s, ErrSignature)
		}
		return nil
	}
	return fmt.Errorf("algorithm: scheme %s is %w", s.Scheme, ErrUnsupported)
}

// VerifyMessage verifies sig over a whole message, hashing it with s.Hash; Ed25519 takes it as it is. Errors as in
// VerifyDigest. It is safe for concurrent use.
func VerifyMessage(pub crypto.PublicKey, s Signature, message, sig []byte) error {
	if s.Scheme == Ed25519 {
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
	h := s.Hash.New()
	h.Write(message)
	return VerifyDigest(pub, s, h.Sum(nil), sig)
}
