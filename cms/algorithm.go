package cms

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"slices"

	"github.com/inkan-go/inkan/internal/algorithm"
)

// Hash is a hash function as signatures and certificates name it: every value of crypto.Hash, under the same number, and
// SHAKE256, which crypto.Hash does not have. It has the methods of crypto.Hash; Crypto returns the latter.
type Hash = algorithm.Hash

// SHAKE256 is SHAKE256 with 64 bytes of output (RFC 8419 §2.3, ISO/TS 32001).
const SHAKE256 = algorithm.SHAKE256

// Scheme is a signature scheme without its hash function. Its String is "RSA", "RSA-PSS", "ECDSA", "Ed25519",
// "plain ECDSA", "DSA", "Ed448", "ML-DSA-44", "ML-DSA-65" or "ML-DSA-87".
type Scheme = algorithm.Scheme

// The schemes. The zero value of Scheme is none of them. Signatures are made with the first four and with ML-DSA, the
// others are only verified. ML-DSA (RFC 9882) is experimental, and there only where the program was built with Go 1.27 or
// newer; before that its signatures are not supported.
const (
	RSA     = algorithm.RSA     // RSASSA-PKCS1-v1_5 (RFC 8017 §8.2)
	RSAPSS  = algorithm.RSAPSS  // RSASSA-PSS (RFC 8017 §8.1); MGF1 with the same hash, the salt as long as the hash
	ECDSA   = algorithm.ECDSA   // on P-256, P-384 or P-521
	Ed25519 = algorithm.Ed25519 // with SHA-512 as digest (RFC 8419)

	PlainECDSA = algorithm.PlainECDSA // ECDSA with a value of fixed length (BSI TR-03111 §5.2.1)
	DSA        = algorithm.DSA        // FIPS 186-4
	Ed448      = algorithm.Ed448      // with SHAKE256 as digest (RFC 8419)

	MLDSA44 = algorithm.MLDSA44 // with SHA-512 as digest by default, as all of ML-DSA
	MLDSA65 = algorithm.MLDSA65
	MLDSA87 = algorithm.MLDSA87
)

// Algorithm is how a signature is made: the scheme and the hash function that digests both the content and the signed
// attributes (RFC 8933). The zero value is no algorithm. Hash is 0 in what was read where it is SHAKE256, which no
// signature is made with here and crypto.Hash does not have.
type Algorithm struct {
	Scheme Scheme
	Hash   crypto.Hash
}

// String returns for example "RSA-PSS with SHA-256".
func (a Algorithm) String() string {
	return algorithm.Signature{Scheme: a.Scheme, Hash: Hash(a.Hash)}.String()
}

// AlgorithmFor returns the usual algorithm for a public key: SHA-256 for RSA (PKCS#1 v1.5) and P-256, SHA-384 for
// P-384, SHA-512 for P-521, Ed25519 and ML-DSA. It wraps ErrUnsupported for all other keys.
func AlgorithmFor(pub crypto.PublicKey) (Algorithm, error) {
	switch k := pub.(type) {
	case *rsa.PublicKey:
		return Algorithm{RSA, crypto.SHA256}, nil
	case ed25519.PublicKey:
		return Algorithm{Ed25519, crypto.SHA512}, nil
	case *ecdsa.PublicKey:
		switch k.Curve {
		case elliptic.P256():
			return Algorithm{ECDSA, crypto.SHA256}, nil
		case elliptic.P384():
			return Algorithm{ECDSA, crypto.SHA384}, nil
		case elliptic.P521():
			return Algorithm{ECDSA, crypto.SHA512}, nil
		}
		return Algorithm{}, fail(ErrUnsupported, "signing with this elliptic curve; use P-256, P-384 or P-521")
	}
	if s := algorithm.MLDSAScheme(pub); s.MLDSA() {
		return Algorithm{s, crypto.SHA512}, nil
	}
	return Algorithm{}, fail(ErrUnsupported, "signing with a key of type %T; use RSA, ECDSA or Ed25519", pub)
}

// signingHashes are the hash functions that new signatures are made with.
func signingHashes() []crypto.Hash {
	return []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512, crypto.SHA3_256, crypto.SHA3_384, crypto.SHA3_512}
}

// Validate tells whether new signatures may be made with a. It wraps ErrUnsupported: SHA-1 and SHA-224 are only verified.
func (a Algorithm) Validate() error {
	switch {
	case a.Scheme == Ed25519:
		if a.Hash != crypto.SHA512 {
			return fail(ErrUnsupported, "signing with %s; Ed25519 goes with SHA-512 (RFC 8419)", a)
		}
		return nil
	case a.Scheme != RSA && a.Scheme != RSAPSS && a.Scheme != ECDSA && !a.Scheme.MLDSA():
		return fail(ErrUnsupported, "no signature scheme given")
	case !slices.Contains(signingHashes(), a.Hash):
		return fail(ErrUnsupported, "signing with %s; use SHA-256, SHA-384, SHA-512 or SHA-3 of these lengths", a)
	case a.Scheme.MLDSA() && a.Hash.Size() < mldsaDigest(a.Scheme):
		return fail(ErrUnsupported, "signing with %s and %v, which is weaker; use SHA-512 (RFC 9882)", a, a.Hash)
	}
	return nil
}

// CheckKey tells whether a key of this kind can make signatures with a. It wraps ErrKey or ErrUnsupported.
func (a Algorithm) CheckKey(pub crypto.PublicKey) error {
	if err := a.Validate(); err != nil {
		return err
	}
	usual, err := AlgorithmFor(pub)
	if err != nil {
		return err
	}
	if usual.Scheme != a.Scheme && (usual.Scheme != RSA || a.Scheme != RSAPSS) {
		return fail(ErrKey, "a key for %s cannot sign with %s", usual.Scheme, a)
	}
	return nil
}

// signature returns a with all its parameters.
func (a Algorithm) signature() algorithm.Signature {
	switch a.Scheme {
	case RSAPSS:
		return algorithm.NewPSS(Hash(a.Hash))
	case Ed25519, MLDSA44, MLDSA65, MLDSA87:
		return algorithm.Signature{Scheme: a.Scheme}
	}
	return algorithm.Signature{Scheme: a.Scheme, Hash: Hash(a.Hash)}
}

// identifier returns what stands as signatureAlgorithm. RSA with SHA-2 is written as rsaEncryption, the one form that
// every reader must know (RFC 5754 §3.2); SHA-3 has only identifiers of its own (RFC 9688 §3.1).
func (a Algorithm) identifier() algorithm.Signature {
	s := a.signature()
	if a.Scheme == RSA && a.Hash <= crypto.SHA512 {
		s.Hash = 0
	}
	return s
}

// options returns what a crypto.Signer wants to know.
func (a Algorithm) options() crypto.SignerOpts {
	switch a.Scheme {
	case RSAPSS:
		return &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: a.Hash}
	case Ed25519, MLDSA44, MLDSA65, MLDSA87:
		return crypto.Hash(0)
	}
	return a.Hash
}

// mldsaDigest is the length in bytes that a digest must have to be as strong as the scheme (RFC 9882, 3.3).
func mldsaDigest(s Scheme) int {
	switch s {
	case MLDSA44:
		return crypto.SHA256.Size()
	case MLDSA65:
		return crypto.SHA384.Size()
	}
	return crypto.SHA512.Size()
}
