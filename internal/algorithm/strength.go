package algorithm

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"fmt"
	"time"
)

// Weakness is an algorithm or key size that stands in ETSI TS 119 312 with an end date.
type Weakness struct {
	Name  string    // "SHA-1", "RSA with 1024 bits"
	Until time.Time // the first day on which it is no longer acceptable
	// Named is set where reports should always speak of it, whatever the date: no new signature should use it.
	Named bool
}

// day is the form of the end dates: ETSI TS 119 312 v1.5.1 as tabulated in October 2024. Ed25519 and Ed448 are not in
// that table and taken as acceptable without end, on the strength of RFC 8419 and ISO/TS 32002.
func day(year int, month time.Month) time.Time {
	return time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
}

// WeakHash tells whether h has an end date.
func WeakHash(h Hash) (Weakness, bool) {
	switch h {
	case MD5:
		return Weakness{h.String(), day(2004, time.August), true}, true
	case RIPEMD160:
		return Weakness{h.String(), day(2014, time.August), true}, true
	case SHA1:
		return Weakness{h.String(), day(2012, time.August), true}, true
	case SHA224, SHA512_224, SHA3_224:
		return Weakness{h.String(), day(2029, time.January), true}, true
	}
	return Weakness{}, false
}

// WeakKey tells whether a key of this size, used with the scheme, has an end date.
func WeakKey(scheme Scheme, pub crypto.PublicKey) (Weakness, bool) {
	bits := KeyBits(pub)
	switch pub.(type) {
	case *rsa.PublicKey, *RSAKey:
		name := fmt.Sprintf("RSA with %d bits", bits)
		switch {
		case bits < 1024:
			return Weakness{name, day(2004, time.August), true}, true
		case bits < 1900:
			return Weakness{name, day(2012, time.August), true}, true
		case bits < 3000:
			return Weakness{name, day(2029, time.January), false}, true
		case scheme == RSA:
			return Weakness{"RSASSA-PKCS1-v1_5", day(2029, time.January), false}, true
		}
	case *ecdsa.PublicKey, *ECKey:
		if bits < 256 {
			return Weakness{fmt.Sprintf("ECDSA with %d bits", bits), day(2021, time.October), true}, true
		}
	case *DSAKey:
		name := fmt.Sprintf("DSA with %d bits", bits)
		switch {
		case bits < 1024:
			return Weakness{name, day(2004, time.August), true}, true
		case bits < 1900:
			return Weakness{name, day(2012, time.August), true}, true
		case bits < 3000:
			return Weakness{name, day(2029, time.January), true}, true
		}
	}
	return Weakness{}, false
}

// Weak lists what about the algorithm and the key has an end date, in no order. The caller judges
// by the time that counts: a proof of existence before Until saves a signature.
func Weak(s Signature, pub crypto.PublicKey) []Weakness {
	var list []Weakness
	if w, ok := WeakHash(s.Hash); ok {
		list = append(list, w)
	}
	if s.PSS != nil && s.PSS.MGFHash != s.Hash {
		if w, ok := WeakHash(s.PSS.MGFHash); ok {
			list = append(list, w)
		}
	}
	if w, ok := WeakKey(s.Scheme, pub); ok {
		list = append(list, w)
	}
	return list
}

// KeyBits returns the size of a public key in bits: the modulus, the field of the curve, 256 for Ed25519, 456 for Ed448;
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
	return 0
}
