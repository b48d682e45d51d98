package algorithm

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"slices"
	"strconv"
	"time"
)

// Policy says until when hash functions and keys are acceptable. It is data: a caller may take TS119312 and change
// it, or write another. What it does not name is acceptable without end. It is not changed while it is in use.
type Policy struct {
	// Name says where the values come from; reports repeat it.
	Name   string
	Hashes []HashEnd
	// Keys are asked in order; the first that fits counts.
	Keys []KeyEnd
}

// HashEnd is the end of a hash function.
type HashEnd struct {
	Hash Hash
	// Until is the first day on which it is no longer acceptable.
	Until time.Time
	// Named is set where reports should always speak of it, whatever the date: no new signature should use it.
	Named bool
}

// KeyEnd is the end of a kind of key below a size, or of a scheme whatever the key.
type KeyEnd struct {
	// Kind is RSA, ECDSA or DSA, whatever the scheme that the key is used with.
	Kind Scheme
	// Below is the size in bits that a key must reach; 0 fits keys of every size.
	Below int
	// Scheme, if not SchemeUnknown, is the only one that is meant.
	Scheme Scheme
	Until  time.Time
	Named  bool
}

// ts119312 is never written to. Ed25519, Ed448 and ML-DSA are not in the table of ETSI TS 119 312 and taken as acceptable
// without end, on the strength of RFC 8419 and ISO/TS 32002.
var ts119312 = Policy{
	Name: "ETSI TS 119 312 v1.5.1",
	Hashes: []HashEnd{
		{MD5, day(2004, time.August), true},
		{SHA1, day(2012, time.August), true},
		{RIPEMD160, day(2014, time.August), true},
		{SHA224, day(2029, time.January), true},
		{SHA512_224, day(2029, time.January), true},
		{SHA3_224, day(2029, time.January), true},
	},
	Keys: []KeyEnd{
		{Kind: RSA, Below: 1024, Until: day(2004, time.August), Named: true},
		{Kind: RSA, Below: 1900, Until: day(2012, time.August), Named: true},
		{Kind: RSA, Below: 3000, Until: day(2029, time.January)},
		{Kind: RSA, Scheme: RSA, Until: day(2029, time.January)},
		{Kind: ECDSA, Below: 256, Until: day(2021, time.October), Named: true},
		{Kind: DSA, Below: 1024, Until: day(2004, time.August), Named: true},
		{Kind: DSA, Below: 1900, Until: day(2012, time.August), Named: true},
		{Kind: DSA, Below: 3000, Until: day(2029, time.January), Named: true},
	},
}

// TS119312 returns the values of ETSI TS 119 312 v1.5.1, as tabulated in October 2024: a copy, which may be changed.
func TS119312() *Policy {
	p := ts119312
	p.Hashes, p.Keys = slices.Clone(p.Hashes), slices.Clone(p.Keys)
	return &p
}

// or returns the policy, or ETSI TS 119 312 for nil.
func (p *Policy) or() *Policy {
	if p == nil {
		return &ts119312
	}
	return p
}

// WeakHash tells whether h has an end date. A nil policy is that of ETSI TS 119 312.
func (p *Policy) WeakHash(h Hash) (Weakness, bool) {
	for _, e := range p.or().Hashes {
		if e.Hash == h {
			return Weakness{h.String(), e.Until, e.Named}, true
		}
	}
	return Weakness{}, false
}

// WeakKey tells whether a key of this size, used with the scheme, has an end date.
func (p *Policy) WeakKey(scheme Scheme, pub crypto.PublicKey) (Weakness, bool) {
	kind, bits := kindOf(pub), KeyBits(pub)
	if kind == SchemeUnknown {
		return Weakness{}, false
	}
	for _, e := range p.or().Keys {
		if e.Kind != kind || e.Below > 0 && bits >= e.Below || e.Scheme != SchemeUnknown && e.Scheme != scheme {
			continue
		}
		if e.Below == 0 {
			return Weakness{schemeName(e.Kind, e.Scheme), e.Until, e.Named}, true
		}
		return Weakness{kind.String() + " with " + strconv.Itoa(bits) + " bits", e.Until, e.Named}, true
	}
	return Weakness{}, false
}

// schemeName names what has an end whatever the size of the key.
func schemeName(kind, scheme Scheme) string {
	switch scheme {
	case SchemeUnknown:
		return kind.String()
	case RSA:
		return "RSASSA-PKCS1-v1_5"
	}
	return scheme.String()
}

// kindOf returns the scheme that stands for a kind of key; SchemeUnknown for those without sizes.
func kindOf(pub crypto.PublicKey) Scheme {
	switch pub.(type) {
	case *rsa.PublicKey, *RSAKey:
		return RSA
	case *ecdsa.PublicKey, *ECKey:
		return ECDSA
	case *DSAKey:
		return DSA
	}
	return SchemeUnknown
}

// Weak lists what about the algorithm and the key has an end date, in no order. The caller judges by the time that
// counts: a proof of existence before Until saves a signature.
func (p *Policy) Weak(s Signature, pub crypto.PublicKey) []Weakness {
	var list []Weakness
	if w, ok := p.WeakHash(s.Hash); ok {
		list = append(list, w)
	}
	if s.PSS != nil && s.PSS.MGFHash != s.Hash {
		if w, ok := p.WeakHash(s.PSS.MGFHash); ok {
			list = append(list, w)
		}
	}
	if w, ok := p.WeakKey(s.Scheme, pub); ok {
		list = append(list, w)
	}
	return list
}
