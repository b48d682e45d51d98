package algorithm

import (
	"crypto"
	_ "crypto/md5"    // makes crypto.MD5 available: old files are read, and named weak
	_ "crypto/sha1"   // SHA-1, likewise
	_ "crypto/sha256" // SHA-224 and SHA-256
	_ "crypto/sha3"   // SHA3-224 to SHA3-512
	_ "crypto/sha512" // SHA-384, SHA-512 and its truncations
	"encoding/asn1"
)

// Object identifiers that the code names. None of the tables of this file is ever written to.
var (
	oidRSAPSS      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	oidMGF1        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8}
	oidECPublicKey = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
)

// hashTable: RFC 1321, RFC 3370, RFC 5754, RFC 9688. The common ones stand first.
var hashTable = []struct {
	hash crypto.Hash
	name string
	oid  asn1.ObjectIdentifier
}{
	{crypto.SHA256, "SHA-256", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}},
	{crypto.SHA384, "SHA-384", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}},
	{crypto.SHA512, "SHA-512", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}},
	{crypto.SHA1, "SHA-1", asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}},
	{crypto.SHA224, "SHA-224", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 4}},
	{crypto.SHA512_224, "SHA-512/224", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 5}},
	{crypto.SHA512_256, "SHA-512/256", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 6}},
	{crypto.SHA3_224, "SHA3-224", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 7}},
	{crypto.SHA3_256, "SHA3-256", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 8}},
	{crypto.SHA3_384, "SHA3-384", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 9}},
	{crypto.SHA3_512, "SHA3-512", asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 10}},
	{crypto.MD5, "MD5", asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 5}},
}

type signatureEntry struct {
	scheme   Scheme
	hash     crypto.Hash
	oid      asn1.ObjectIdentifier
	readOnly bool // an alias that is understood and never written
}

// Signature returns the entry as an algorithm.
func (e *signatureEntry) Signature() Signature { return Signature{Scheme: e.scheme, Hash: e.hash} }

// signatureTable holds every signature algorithm without parameters of its own: RFC 3370, RFC 4055, RFC 5754,
// RFC 5758, RFC 8410, RFC 9688, NIST's registry for SHA-3. RSA-PSS is read in pss.go.
var signatureTable = []signatureEntry{
	{RSA, crypto.SHA256, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}, false},
	{RSA, 0, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}, false},
	{RSA, crypto.SHA384, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 12}, false},
	{RSA, crypto.SHA512, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 13}, false},
	{ECDSA, crypto.SHA256, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}, false},
	{ECDSA, crypto.SHA384, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}, false},
	{ECDSA, crypto.SHA512, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 4}, false},
	{Ed25519, 0, asn1.ObjectIdentifier{1, 3, 101, 112}, false},
	{RSA, crypto.SHA1, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 5}, false},
	{RSA, crypto.SHA1, asn1.ObjectIdentifier{1, 3, 14, 3, 2, 29}, true}, // OIW sha1WithRSASignature
	{ECDSA, 0, asn1.ObjectIdentifier{1, 2, 840, 10045, 4}, true},        // id-ecSigType, the arc above the real ones
	{RSA, crypto.SHA224, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 14}, false},
	{RSA, crypto.SHA512_224, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 15}, false},
	{RSA, crypto.SHA512_256, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 16}, false},
	{RSA, crypto.MD5, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 4}, false},
	{RSA, crypto.SHA3_224, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 13}, false},
	{RSA, crypto.SHA3_256, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 14}, false},
	{RSA, crypto.SHA3_384, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 15}, false},
	{RSA, crypto.SHA3_512, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 16}, false},
	{ECDSA, crypto.SHA1, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 1}, false},
	{ECDSA, crypto.SHA224, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 1}, false},
	{ECDSA, crypto.SHA3_224, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 9}, false},
	{ECDSA, crypto.SHA3_256, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 10}, false},
	{ECDSA, crypto.SHA3_384, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 11}, false},
	{ECDSA, crypto.SHA3_512, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 12}, false},
}

// HashByOID returns the hash function that oid names, as an AlgorithmIdentifier of a digest does. A signature
// algorithm's identifier names no hash function here (RFC 8933 §4).
func HashByOID(oid asn1.ObjectIdentifier) (crypto.Hash, bool) {
	for i := range hashTable {
		if oid.Equal(hashTable[i].oid) {
			return hashTable[i].hash, true
		}
	}
	return 0, false
}

// HashOID returns the object identifier of h; false when it has none here.
func HashOID(h crypto.Hash) (asn1.ObjectIdentifier, bool) {
	for i := range hashTable {
		if hashTable[i].hash == h {
			return append(asn1.ObjectIdentifier(nil), hashTable[i].oid...), true
		}
	}
	return nil, false
}

// HashName returns the name that reports use: "SHA-256", "SHA3-256"; "unknown" for a hash function without a table entry.
func HashName(h crypto.Hash) string {
	for i := range hashTable {
		if hashTable[i].hash == h {
			return hashTable[i].name
		}
	}
	return "unknown"
}
