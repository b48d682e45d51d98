package algorithm

import (
	"crypto"
	_ "crypto/md5"  // makes crypto.MD5 available: old files are read, and named weak
	_ "crypto/sha1" // SHA-1, likewise
	"crypto/sha256" // and SHA-224
	"crypto/sha3"   // SHA3-224 to SHA3-512, and SHAKE256
	"crypto/sha512" // and SHA-384, and the truncations of SHA-512
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"hash"

	"golang.org/x/crypto/cryptobyte"
	_ "golang.org/x/crypto/ripemd160" //nolint:staticcheck // RIPEMD-160: old files are read, and named weak
)

// Hash is a hash function with an output of fixed length, as certificates and signatures name it. Every value of
// crypto.Hash has the same number here, and the two convert into each other. SHAKE256, which crypto.Hash does not
// have, lies beyond them all: Crypto tells it apart.
type Hash uint

// The hash functions. The zero value of Hash is none of them.
const (
	MD5        = Hash(crypto.MD5)
	SHA1       = Hash(crypto.SHA1)
	SHA224     = Hash(crypto.SHA224)
	SHA256     = Hash(crypto.SHA256)
	SHA384     = Hash(crypto.SHA384)
	SHA512     = Hash(crypto.SHA512)
	SHA512_224 = Hash(crypto.SHA512_224)
	SHA512_256 = Hash(crypto.SHA512_256)
	SHA3_224   = Hash(crypto.SHA3_224)
	SHA3_256   = Hash(crypto.SHA3_256)
	SHA3_384   = Hash(crypto.SHA3_384)
	SHA3_512   = Hash(crypto.SHA3_512)
	RIPEMD160  = Hash(crypto.RIPEMD160)
	SHAKE256   = Hash(1 << 16) // with 64 bytes of output (RFC 8419 §2.3, RFC 8702 §3.1, ISO/TS 32001)
)

// shake256Size is the length of the output of SHAKE256 in bytes, wherever it serves as a hash function.
const shake256Size = 64

// Crypto returns the value of crypto.Hash; 0 for SHAKE256, for which there is none.
func (h Hash) Crypto() crypto.Hash {
	if h == SHAKE256 {
		return 0
	}
	return crypto.Hash(h)
}

// Available tells whether New works.
func (h Hash) Available() bool { return h == SHAKE256 || crypto.Hash(h).Available() }

// Size returns the length of the output in bytes; 0 for a hash function that is not available.
func (h Hash) Size() int {
	switch {
	case h == SHAKE256:
		return shake256Size
	case h.Available():
		return crypto.Hash(h).Size()
	}
	return 0
}

// New returns the hash function at its beginning. It panics when the function is not available.
func (h Hash) New() hash.Hash {
	if h == SHAKE256 {
		return &shake{sha3.NewSHAKE256()}
	}
	return crypto.Hash(h).New()
}

// Sum returns the digest of a message. It panics when the function is not available.
func (h Hash) Sum(message []byte) []byte {
	switch h { // without a state that would be allocated
	case SHA256:
		digest := sha256.Sum256(message)
		return digest[:]
	case SHA384:
		digest := sha512.Sum384(message)
		return digest[:]
	case SHA512:
		digest := sha512.Sum512(message)
		return digest[:]
	}
	w := h.New()
	w.Write(message)
	return w.Sum(nil)
}

// String returns the name that reports use: "SHA-256", "SHA3-256"; "unknown" for a hash function without a table entry.
func (h Hash) String() string {
	for i := range hashTable {
		if hashTable[i].hash == h {
			return hashTable[i].name
		}
	}
	return "unknown"
}

// shake is SHAKE256 with an output of fixed length. Its state can be cloned.
type shake struct{ *sha3.SHAKE }

func (s *shake) Size() int { return shake256Size }

// Sum reads from a copy: more can be written afterwards.
func (s *shake) Sum(b []byte) []byte {
	out := make([]byte, shake256Size)
	_, _ = s.copy().Read(out) // never fails
	return append(b, out...)
}

// Clone implements hash.Cloner.
func (s *shake) Clone() (hash.Cloner, error) { return &shake{s.copy()}, nil }

func (s *shake) copy() *sha3.SHAKE {
	c := *s.SHAKE
	return &c
}

// HashByOID returns the hash function that oid names without parameters, as an AlgorithmIdentifier of a digest does. A
// signature algorithm's identifier names no hash function here (RFC 8933 §4).
func HashByOID(oid asn1.ObjectIdentifier) (Hash, bool) {
	for i := range hashTable {
		if oid.Equal(hashTable[i].oid) {
			return hashTable[i].hash, true
		}
	}
	return 0, false
}

// ParseHash reads the AlgorithmIdentifier of a digest. Parameters do not matter, since none of the functions has any, but
// for the length of output that id-shake256-len demands in bits: it must be the usual one, 512 (RFC 8419 §2.3). RFC 8419
// goes with Ed448 by that identifier, ISO/TS 32001 and 32002 by id-shake256 (pdf-issues #404): both are read.
// Errors wrap ErrUnsupported or ErrMalformed.
func ParseHash(id pkix.AlgorithmIdentifier) (Hash, error) {
	if id.Algorithm.Equal(oidSHAKE256Len) {
		p := cryptobyte.String(id.Parameters.FullBytes)
		var bits int
		if !p.ReadASN1Integer(&bits) || !p.Empty() {
			return 0, fmt.Errorf("algorithm: SHAKE256 without a length of output: %w", ErrMalformed)
		}
		if bits != 8*shake256Size {
			return 0, fmt.Errorf("algorithm: SHAKE256 with an output of %d bits is %w", bits, ErrUnsupported)
		}
		return SHAKE256, nil
	}
	if h, ok := HashByOID(id.Algorithm); ok {
		return h, nil
	}
	return 0, fmt.Errorf("algorithm: hash function %v is %w", id.Algorithm, ErrUnsupported)
}

// HashOID returns the object identifier of h; false when it has none here.
func HashOID(h Hash) (asn1.ObjectIdentifier, bool) {
	for i := range hashTable {
		if hashTable[i].hash == h {
			return append(asn1.ObjectIdentifier(nil), hashTable[i].oid...), true
		}
	}
	return nil, false
}
