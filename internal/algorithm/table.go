package algorithm

import "encoding/asn1"

// Object identifiers that the code names. None of the tables of this file is ever written to.
var (
	oidRSAPSS      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	oidPSSSHAKE256 = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 6, 31} // id-RSASSA-PSS-SHAKE256, RFC 8702
	oidMGF1        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8}
	oidSHAKE256Len = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 18} // id-shake256-len, RFC 8419
	oidECPublicKey = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
)

// hashTable: RFC 1321, RFC 3370, RFC 5754, RFC 8419, RFC 9688, TeleTrusT for RIPEMD-160. The common ones stand first.
var hashTable = []struct {
	hash Hash
	name string
	oid  asn1.ObjectIdentifier
}{
	{SHA256, "SHA-256", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}},
	{SHA384, "SHA-384", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}},
	{SHA512, "SHA-512", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}},
	{SHA1, "SHA-1", asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}},
	{SHA224, "SHA-224", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 4}},
	{SHA512_224, "SHA-512/224", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 5}},
	{SHA512_256, "SHA-512/256", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 6}},
	{SHA3_224, "SHA3-224", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 7}},
	{SHA3_256, "SHA3-256", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 8}},
	{SHA3_384, "SHA3-384", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 9}},
	{SHA3_512, "SHA3-512", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 10}},
	{SHAKE256, "SHAKE256", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 12}},
	{RIPEMD160, "RIPEMD-160", asn1.ObjectIdentifier{1, 3, 36, 3, 2, 1}},
	{MD5, "MD5", asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 5}},
}

type signatureEntry struct {
	scheme   Scheme
	hash     Hash
	oid      asn1.ObjectIdentifier
	readOnly bool // an alias that is understood and never written
}

// Signature returns the entry as an algorithm.
func (e *signatureEntry) Signature() Signature { return Signature{Scheme: e.scheme, Hash: e.hash} }

// signatureTable holds every signature algorithm without parameters of its own: RFC 3370, RFC 4055, RFC 5754,
// RFC 5758, RFC 8410, RFC 8702, RFC 9688, RFC 9882, NIST's registry for SHA-3, BSI TR-03111, TeleTrusT for RIPEMD-160. RSA-PSS is
// read in pss.go.
var signatureTable = []signatureEntry{
	{RSA, SHA256, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}, false},
	{RSA, 0, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}, false},
	{RSA, SHA384, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 12}, false},
	{RSA, SHA512, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 13}, false},
	{ECDSA, SHA256, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}, false},
	{ECDSA, SHA384, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}, false},
	{ECDSA, SHA512, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 4}, false},
	{Ed25519, 0, asn1.ObjectIdentifier{1, 3, 101, 112}, false},
	{RSA, SHA1, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 5}, false},
	{RSA, SHA1, asn1.ObjectIdentifier{1, 3, 14, 3, 2, 29}, true}, // OIW sha1WithRSASignature
	{ECDSA, 0, asn1.ObjectIdentifier{1, 2, 840, 10045, 4}, true}, // id-ecSigType, the arc above the real ones
	{ECDSA, 0, oidECPublicKey, true},                             // the kind of key, as rsaEncryption is for RSA
	{RSA, SHA224, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 14}, false},
	{RSA, SHA512_224, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 15}, false},
	{RSA, SHA512_256, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 16}, false},
	{RSA, MD5, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 4}, false},
	{RSA, SHA3_224, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 13}, false},
	{RSA, SHA3_256, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 14}, false},
	{RSA, SHA3_384, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 15}, false},
	{RSA, SHA3_512, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 16}, false},
	{ECDSA, SHA1, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 1}, false},
	{ECDSA, SHA224, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 1}, false},
	{ECDSA, SHA3_224, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 9}, false},
	{ECDSA, SHA3_256, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 10}, false},
	{ECDSA, SHA3_384, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 11}, false},
	{ECDSA, SHA3_512, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 12}, false},
	{ECDSA, SHAKE256, asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 6, 33}, false},
	{RSA, RIPEMD160, asn1.ObjectIdentifier{1, 3, 36, 3, 3, 1, 2}, false},
	{ECDSA, RIPEMD160, asn1.ObjectIdentifier{1, 3, 36, 3, 3, 2, 2}, false},
	{PlainECDSA, SHA1, asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 1, 1, 4, 1, 1}, false},
	{PlainECDSA, SHA224, asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 1, 1, 4, 1, 2}, false},
	{PlainECDSA, SHA256, asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 1, 1, 4, 1, 3}, false},
	{PlainECDSA, SHA384, asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 1, 1, 4, 1, 4}, false},
	{PlainECDSA, SHA512, asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 1, 1, 4, 1, 5}, false},
	{PlainECDSA, RIPEMD160, asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 1, 1, 4, 1, 6}, false},
	{PlainECDSA, SHA3_224, asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 1, 1, 4, 1, 8}, false},
	{PlainECDSA, SHA3_256, asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 1, 1, 4, 1, 9}, false},
	{PlainECDSA, SHA3_384, asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 1, 1, 4, 1, 10}, false},
	{PlainECDSA, SHA3_512, asn1.ObjectIdentifier{0, 4, 0, 127, 0, 7, 1, 1, 4, 1, 11}, false},
	{DSA, SHA1, asn1.ObjectIdentifier{1, 2, 840, 10040, 4, 3}, false},
	{DSA, SHA1, asn1.ObjectIdentifier{1, 3, 14, 3, 2, 27}, true},  // OIW dsaWithSHA1
	{DSA, 0, asn1.ObjectIdentifier{1, 2, 840, 10040, 4, 1}, true}, // id-dsa: the kind of key, written where rsaEncryption would stand
	{DSA, SHA224, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 1}, false},
	{DSA, SHA256, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 2}, false},
	{DSA, SHA384, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 3}, false},
	{DSA, SHA512, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 4}, false},
	{DSA, SHA3_224, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 5}, false},
	{DSA, SHA3_256, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 6}, false},
	{DSA, SHA3_384, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 7}, false},
	{DSA, SHA3_512, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 8}, false},
	{Ed448, 0, asn1.ObjectIdentifier{1, 3, 101, 113}, false},
	{MLDSA44, 0, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 17}, false},
	{MLDSA65, 0, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 18}, false},
	{MLDSA87, 0, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 19}, false},
}
