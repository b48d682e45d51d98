package algorithm

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"time"
)

// Weakness is an algorithm or key size that a Policy names with an end date.
type Weakness struct {
	Name  string    // "SHA-1", "RSA with 1024 bits"
	Until time.Time // the first day on which it is no longer acceptable
	// Named is set where reports should always speak of it, whatever the date: no new signature should use it.
	Named bool
}

func day(year int, month time.Month) time.Time {
	return time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
}

// Weak is Policy.Weak by ETSI TS 119 312.
func Weak(s Signature, pub crypto.PublicKey) []Weakness { return ts119312.Weak(s, pub) }

// WeakHash is Policy.WeakHash by ETSI TS 119 312.
func WeakHash(h Hash) (Weakness, bool) { return ts119312.WeakHash(h) }

// WeakKey is Policy.WeakKey by ETSI TS 119 312.
func WeakKey(scheme Scheme, pub crypto.PublicKey) (Weakness, bool) {
	return ts119312.WeakKey(scheme, pub)
}

// KeyBits returns the size of a public key in bits: the modulus, the field of the curve, 256 for Ed25519, 456 for Ed448,
// all of the key for ML-DSA;
// 0 when unknown.
func KeyBits(pub crypto.PublicKey) int {
	switch k := pub.(type) {
	case *rsa.PublicKey:
		if k != nil && k.N != nil {
			return k.N.BitLen()
		}
	case *RSAKey:
		if k != nil && k.N != nil {
			return k.N.BitLen()
		}
	case *ecdsa.PublicKey:
		if k != nil && k.Curve != nil {
			return k.Curve.Params().BitSize
		}
	case *ECKey:
		if k != nil && k.Curve != nil {
			return k.Curve.Bits()
		}
	case *DSAKey:
		if k != nil && k.P != nil {
			return k.P.BitLen()
		}
	case ed25519.PublicKey:
		return 256
	case Ed448Key:
		return 8 * Ed448KeySize
	}
	if s := MLDSAScheme(pub); s != SchemeUnknown {
		return 8 * mldsaSizes(s).key
	}
	return 0
}
