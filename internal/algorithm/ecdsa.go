package algorithm

import (
	"crypto"
	"crypto/ecdsa"
	"fmt"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// ECKey is a public key on a curve that crypto/ecdsa does not have, for verifying only. It is never changed.
type ECKey struct {
	Curve *Curve
	X, Y  *big.Int
}

// verifyECDSA verifies with crypto/ecdsa where it has the curve.
func verifyECDSA(pub crypto.PublicKey, s Signature, digest, sig []byte) error {
	var ok bool
	switch key := pub.(type) {
	case *ecdsa.PublicKey:
		if key == nil || key.Curve == nil {
			return fmt.Errorf("algorithm: %s without a key: %w", s.Scheme, ErrKeyMismatch)
		}
		if s.Scheme == PlainECDSA {
			sig = plainToDER(sig, key.Curve.Params().N)
		}
		ok = ecdsa.VerifyASN1(key, digest, sig)
	case *ECKey:
		if key == nil || key.Curve == nil || !key.Curve.contains(key.X, key.Y) {
			return fmt.Errorf("algorithm: %s with a key that is no point of its curve: %w", s.Scheme, ErrMalformed)
		}
		if s.Scheme == PlainECDSA {
			sig = plainToDER(sig, key.Curve.N)
		}
		ok = key.verify(digest, sig)
	default:
		return fmt.Errorf("algorithm: %s with a %T: %w", s.Scheme, pub, ErrKeyMismatch)
	}
	if !ok {
		return fmt.Errorf("algorithm: %s: %w", s, ErrSignature)
	}
	return nil
}

// verify is SEC 1 §4.1.4.
func (key *ECKey) verify(digest, sig []byte) bool {
	c := key.Curve
	r, s, ok := parsePair(sig)
	if !ok || !inGroup(r, c.N) || !inGroup(s, c.N) {
		return false
	}
	w := new(big.Int).ModInverse(s, c.N)
	u, v := leftmost(digest, c.N.BitLen()), new(big.Int).Mul(r, w)
	u.Mul(u, w).Mod(u, c.N)
	v.Mod(v, c.N)
	x, finite := c.combine(u, v, affine(key.X, key.Y))
	return finite && x.Mod(x, c.N).Cmp(r) == 0
}

// parsePair reads the DER of an ECDSA-Sig-Value or a Dss-Sig-Value (RFC 3279 §2.2.2, §2.2.3).
func parsePair(sig []byte) (r, s *big.Int, ok bool) {
	r, s = new(big.Int), new(big.Int)
	in := cryptobyte.String(sig)
	var seq cryptobyte.String
	ok = in.ReadASN1(&seq, cbasn1.SEQUENCE) && in.Empty() && seq.ReadASN1Integer(r) && seq.ReadASN1Integer(s) && seq.Empty()
	return r, s, ok
}

// plainToDER turns r‖s, two numbers of the length of the group's order (BSI TR-03111 §5.2.1), into an ECDSA-Sig-Value; nil
// when the length is another.
func plainToDER(sig []byte, order *big.Int) []byte {
	size := (order.BitLen() + 7) / 8
	if len(sig) != 2*size {
		return nil
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1BigInt(new(big.Int).SetBytes(sig[:size]))
		b.AddASN1BigInt(new(big.Int).SetBytes(sig[size:]))
	})
	der, err := b.Bytes()
	if err != nil {
		return nil
	}
	return der
}

// inGroup tells whether 0 < v < order.
func inGroup(v, order *big.Int) bool { return v.Sign() > 0 && v.Cmp(order) < 0 }

// leftmost returns the number that the first bits of a digest make, or all of them where there are fewer.
func leftmost(digest []byte, bits int) *big.Int {
	v := new(big.Int).SetBytes(digest)
	if excess := 8*len(digest) - bits; excess > 0 {
		v.Rsh(v, uint(excess))
	}
	return v
}
