package algorithm

import (
	"crypto"
	"fmt"
	"math/big"
)

// DSAKey is a public key of DSA with its domain parameters (RFC 3279 §2.3.2), for verifying only. It is never changed.
type DSAKey struct{ P, Q, G, Y *big.Int }

// verifyDSA is FIPS 186-4 §4.7.
func verifyDSA(pub crypto.PublicKey, sigAlg Signature, digest, sig []byte) error {
	key, ok := pub.(*DSAKey)
	if !ok || key == nil {
		return fmt.Errorf("algorithm: DSA with a %T: %w", pub, ErrKeyMismatch)
	}
	if err := key.check(); err != nil {
		return err
	}
	if !key.verify(digest, sig) {
		return fmt.Errorf("algorithm: %s: %w", sigAlg, ErrSignature)
	}
	return nil
}

func (key *DSAKey) verify(digest, sig []byte) bool {
	r, s, ok := parsePair(sig)
	if !ok || !inGroup(r, key.Q) || !inGroup(s, key.Q) {
		return false
	}
	w := new(big.Int).ModInverse(s, key.Q)
	if w == nil { // the order is not prime
		return false
	}
	u1, u2 := leftmost(digest, key.Q.BitLen()), new(big.Int).Mul(r, w)
	u1.Mul(u1, w).Mod(u1, key.Q)
	u2.Mod(u2, key.Q)
	v := u1.Exp(key.G, u1, key.P)
	v.Mul(v, u2.Exp(key.Y, u2, key.P)).Mod(v, key.P).Mod(v, key.Q)
	return v.Cmp(r) == 0
}

// check refuses keys that would take unbounded time, and such that anyone could sign for: generator and public value
// must belong to the subgroup of order q and not be 1 (FIPS 186-4 §4.1, appendix A.2.2). Whether p and q are prime is
// not asked.
func (key *DSAKey) check() error {
	if key.P == nil || key.Q == nil || key.G == nil || key.Y == nil || key.P.Sign() <= 0 || key.Q.Sign() <= 0 {
		return fmt.Errorf("algorithm: DSA key without its parameters: %w", ErrMalformed)
	}
	if p, q := key.P.BitLen(), key.Q.BitLen(); p > maxDSABits || q > maxDSAOrderBits {
		return fmt.Errorf("algorithm: DSA key with %d bits and a subgroup of %d, more than %d and %d: %w", p, q, maxDSABits, maxDSAOrderBits, ErrUnsupported)
	}
	one := big.NewInt(1)
	impossible := key.Q.BitLen() < minDSAOrderBits || key.P.Bit(0) == 0 || key.Q.Bit(0) == 0 ||
		new(big.Int).Mod(new(big.Int).Sub(key.P, one), key.Q).Sign() != 0
	for _, v := range []*big.Int{key.G, key.Y} {
		impossible = impossible || v.Cmp(one) <= 0 || v.Cmp(key.P) >= 0 || new(big.Int).Exp(v, key.Q, key.P).Cmp(one) != 0
	}
	if impossible {
		return fmt.Errorf("algorithm: DSA key that breaks the rules of its parameters: %w", ErrMalformed)
	}
	return nil
}
