// Package algorithm names the digest and signature algorithms of CMS and X.509
// by their object identifiers and holds the mathematics of verifying them.
//
// It reads and writes AlgorithmIdentifiers (RFC 3370, 4055, 5754, 5758, 8410,
// 8419, 8702, 9688, 9882, BSI TR-03111), verifies a signature value under a public key, and lists until
// when an algorithm or key size is considered strong (ETSI TS 119 312).
//
// It does not decide: whether a weak algorithm makes a signature worthless is
// the business of the caller, who knows the time that counts.
package algorithm

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
)

// Errors of this package; test with errors.Is.
var (
	// ErrUnsupported says that an algorithm, a parameter of it or a kind of key is not known here:
	// nothing can be said about the signature.
	ErrUnsupported = errors.New("not supported")
	// ErrMalformed says that an AlgorithmIdentifier or a key breaks the rules of its standard.
	ErrMalformed = errors.New("malformed")
	// ErrKeyMismatch says that the public key is of another kind than the signature algorithm.
	ErrKeyMismatch = errors.New("public key is of another kind than the signature algorithm")
	// ErrSignature says that the signature value is not one of the given digest or message under the given key.
	ErrSignature = errors.New("signature value does not verify")
)

// Scheme is a signature scheme without its hash function.
type Scheme int

// The schemes. SchemeUnknown is the zero value and verifies nothing.
const (
	SchemeUnknown Scheme = iota
	RSA                  // RSASSA-PKCS1-v1_5, RFC 8017 §8.2
	RSAPSS               // RSASSA-PSS, RFC 8017 §8.1
	ECDSA                // ECDSA with a DER encoded ECDSA-Sig-Value, RFC 3279 §2.2.3
	Ed25519              // pure Ed25519, RFC 8032
	PlainECDSA           // ECDSA with r‖s in fixed length, BSI TR-03111 §5.2.1; only verified
	DSA                  // FIPS 186-4 with a DER encoded Dss-Sig-Value, RFC 3279 §2.2.2; only verified
	Ed448                // pure Ed448 without context, RFC 8032; only verified
	MLDSA44              // pure ML-DSA without context, FIPS 204, as RFC 9882 has it; only where built with Go 1.27 or newer
	MLDSA65
	MLDSA87
)

// String returns "RSA", "RSA-PSS", "ECDSA", "Ed25519", "plain ECDSA", "DSA", "Ed448", "ML-DSA-44", "ML-DSA-65",
// "ML-DSA-87" or "unknown".
func (s Scheme) String() string {
	switch s {
	case RSA:
		return "RSA"
	case RSAPSS:
		return "RSA-PSS"
	case ECDSA:
		return "ECDSA"
	case Ed25519:
		return "Ed25519"
	case PlainECDSA:
		return "plain ECDSA"
	case DSA:
		return "DSA"
	case Ed448:
		return "Ed448"
	case MLDSA44:
		return "ML-DSA-44"
	case MLDSA65:
		return "ML-DSA-65"
	case MLDSA87:
		return "ML-DSA-87"
	}
	return "unknown"
}

// SignsMessage tells whether the scheme takes the message itself and not a digest of it.
func (s Scheme) SignsMessage() bool { return s == Ed25519 || s == Ed448 || s.MLDSA() }

// MLDSA tells whether the scheme is ML-DSA.
func (s Scheme) MLDSA() bool { return s >= MLDSA44 && s <= MLDSA87 }

// Signature is a signature algorithm: a scheme with its hash function and parameters.
type Signature struct {
	Scheme Scheme
	// Hash is the hash function applied to the message. It is 0 for EdDSA and ML-DSA, which take the message itself, and for
	// identifiers that name none, rsaEncryption first of all: in CMS it is that of the SignerInfo's digestAlgorithm.
	Hash Hash
	// PSS holds the parameters of RSA-PSS; nil for all other schemes.
	PSS *PSSParams
}

// String returns for example "RSA-PSS with SHA-256".
func (s Signature) String() string {
	if s.Hash == 0 {
		return s.Scheme.String()
	}
	return s.Scheme.String() + " with " + s.Hash.String()
}

// ParseSignature reads a signature AlgorithmIdentifier. Its errors wrap ErrUnsupported or ErrMalformed. An
// identifier of a hash function is no signature algorithm and refused. rsaEncryption is one in CMS (RFC 3370 §3.2)
// and comes back with Hash 0; so do id-dsa and id-ecPublicKey, which some producers write in the same way.
func ParseSignature(id pkix.AlgorithmIdentifier) (Signature, error) {
	if id.Algorithm.Equal(oidRSAPSS) {
		return parsePSS(id)
	}
	if id.Algorithm.Equal(oidPSSSHAKE256) {
		if !parametersAbsent(id.Parameters) {
			return Signature{}, fmt.Errorf("algorithm: RSA-PSS with SHAKE256: parameters that this algorithm does not have: %w", ErrMalformed)
		}
		return NewPSS(SHAKE256), nil
	}
	for i := range signatureTable {
		e := &signatureTable[i]
		if !id.Algorithm.Equal(e.oid) {
			continue
		}
		if err := e.checkParameters(id.Parameters); err != nil {
			return Signature{}, fmt.Errorf("algorithm: %s: %w", e.Signature(), err)
		}
		return e.Signature(), nil
	}
	if _, ok := HashByOID(id.Algorithm); ok {
		return Signature{}, fmt.Errorf("algorithm: %v names a hash function, not a signature algorithm: %w", id.Algorithm, ErrMalformed)
	}
	return Signature{}, fmt.Errorf("algorithm: signature algorithm %v is %w", id.Algorithm, ErrUnsupported)
}

// Identifier returns the AlgorithmIdentifier in the DER that the standards ask for: NULL parameters for
// RSASSA-PKCS1-v1_5 (RFC 4055 §5), explicit ones without the trailer field for RSA-PSS (§3.1), none for ECDSA
// (RFC 5758 §3.2), DSA (§3.1), EdDSA (RFC 8410 §3) and ML-DSA (RFC 9882 §3.1). RSA with Hash 0 is rsaEncryption.
func (s Signature) Identifier() (pkix.AlgorithmIdentifier, error) {
	if s.Scheme == RSAPSS {
		return s.pssIdentifier()
	}
	for i := range signatureTable {
		e := &signatureTable[i]
		if e.scheme != s.Scheme || e.hash != s.Hash || e.readOnly {
			continue
		}
		id := pkix.AlgorithmIdentifier{Algorithm: append(asn1.ObjectIdentifier(nil), e.oid...)}
		if s.Scheme == RSA {
			id.Parameters = null()
		}
		return id, nil
	}
	return pkix.AlgorithmIdentifier{}, fmt.Errorf("algorithm: %s has no identifier: %w", s, ErrUnsupported)
}

// null returns the DER of NULL parameters.
func null() asn1.RawValue {
	return asn1.RawValue{Tag: asn1.TagNull, FullBytes: []byte{asn1.TagNull, 0}}
}

// checkParameters refuses parameters: the algorithms of the table have none. NULL is taken where the standard says absent and
// the other way round, and with plain ECDSA the name of a curve: all are common, and none changes what was signed.
func (e *signatureEntry) checkParameters(p asn1.RawValue) error {
	switch {
	case parametersAbsent(p):
		return nil
	case p.Class == asn1.ClassUniversal && p.Tag == asn1.TagNull && len(p.Bytes) == 0:
		return nil
	case p.Class == asn1.ClassUniversal && p.Tag == asn1.TagOID && (e.scheme == PlainECDSA || e.oid.Equal(oidECPublicKey)):
		return nil // the curve, which the certificate tells
	}
	return fmt.Errorf("parameters that this algorithm does not have: %w", ErrMalformed)
}

func parametersAbsent(p asn1.RawValue) bool {
	return len(p.FullBytes) == 0 && len(p.Bytes) == 0 && p.Tag == 0 && p.Class == 0
}
