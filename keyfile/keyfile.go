// Package keyfile reads private keys and certificate chains from files as
// operators have them: PEM with PKCS#8 (RFC 5958), PKCS#1 (RFC 8017) or SEC 1
// (RFC 5915) inside, or the same in DER, encrypted or not, and PKCS#12 (RFC 7292).
//
// It checks that the key belongs to a certificate and puts the chain in order. It
// does not decide whether the chain is valid or trusted, nor whether the encryption of
// a file was strong enough.
//
// # Security
//
// No error ever holds a part of a key or a password. Keys are kept in ordinary memory: a
// key that must not leave its place belongs in a token or a service behind a
// [crypto.Signer]. How much work a file may ask for is limited (limits.go).
package keyfile

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"fmt"
	"strings"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
)

// Errors that callers may want to tell apart with errors.Is.
var (
	// ErrNoKey says that the data hold no private key.
	ErrNoKey = errors.New("keyfile: no private key found; expected PEM with a PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY block, or the same in DER")
	// ErrSeveralKeys says that the data hold more than one private key.
	ErrSeveralKeys = errors.New("keyfile: more than one private key found; give a file with exactly one")
	// ErrEncrypted says that the private key is encrypted, and no password was given.
	ErrEncrypted = errors.New("keyfile: the private key is encrypted: its password is needed")
	// ErrPassword says that the password does not open the file.
	ErrPassword = errors.New("keyfile: the password is wrong")
	// ErrUnsupported says that the file is encrypted in a way that cannot be read.
	ErrUnsupported = errors.New("keyfile: the encryption is not supported")
	// ErrMismatch says that none of the certificates has the public key of the private key.
	ErrMismatch = errors.New("keyfile: the private key belongs to none of the certificates")
)

// Load reads a private key and the certificates that go with it. keyData must hold
// exactly one key; certData one or more certificates in any order. Both may be the
// same data, with key and certificates in one PEM file.
//
// The chain returned begins with the certificate of the key. Each further one is
// the issuer of the one before it, as far as the names lead; a self-issued
// certificate ends it. Certificates that do not belong to the chain are left out.
func Load(keyData, certData []byte) (crypto.Signer, []*certificate.Certificate, error) {
	key, err := ParseKey(keyData)
	if err != nil {
		return nil, nil, err
	}
	list, err := certificate.ParsePEM(certData)
	if err != nil {
		return nil, nil, err
	}
	chain, err := Chain(key.Public(), list)
	if err != nil {
		return nil, nil, err
	}
	return key, chain, nil
}

// Chain puts certificates in order as [Load] does, for a key that is kept
// elsewhere. The error wraps [ErrMismatch] when none of them has the public key.
func Chain(public crypto.PublicKey, list []*certificate.Certificate) ([]*certificate.Certificate, error) {
	leaf := leafFor(public, list)
	if leaf == nil {
		return nil, mismatch(public, list)
	}
	chain := []*certificate.Certificate{leaf}
	for last := leaf; !last.IsSelfIssued(); {
		issuer := issuerOf(last, chain, list)
		if issuer == nil {
			break
		}
		chain = append(chain, issuer)
		last = issuer
	}
	return chain, nil
}

// leafFor returns the certificate of the key. Where several have it, one that is
// no CA certificate is preferred, then the one that ends last.
func leafFor(public crypto.PublicKey, list []*certificate.Certificate) *certificate.Certificate {
	key, ok := public.(interface{ Equal(crypto.PublicKey) bool })
	if !ok {
		return nil
	}
	var leaf *certificate.Certificate
	for _, c := range list {
		if c.PublicKey == nil || !key.Equal(c.PublicKey) {
			continue
		}
		if leaf == nil || leaf.IsCA && !c.IsCA || leaf.IsCA == c.IsCA && c.NotAfter.After(leaf.NotAfter) {
			leaf = c
		}
	}
	return leaf
}

// mismatch says which key and which certificates do not belong together.
func mismatch(public crypto.PublicKey, list []*certificate.Certificate) error {
	text := ""
	for i, c := range list {
		if i == maxNamed {
			text += fmt.Sprintf(" and %d more", len(list)-i)
			break
		}
		text += fmt.Sprintf(", %v (%s)", c.Subject, keyName(c.PublicKey))
	}
	return fmt.Errorf("%w: it is a key for %s; the certificates are %s", ErrMismatch, keyName(public), strings.TrimPrefix(text, ", "))
}

// keyName says what kind of key somebody has.
func keyName(public crypto.PublicKey) string {
	switch k := public.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA of %d bits", k.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA on " + k.Curve.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	}
	if s := algorithm.MLDSAScheme(public); s.MLDSA() {
		return s.String()
	}
	return "another algorithm"
}

func issuerOf(c *certificate.Certificate, chain, list []*certificate.Certificate) *certificate.Certificate {
	for _, candidate := range list {
		if !c.IssuedBy(candidate) || has(chain, candidate) {
			continue
		}
		if c.CheckSignatureFrom(candidate) == nil {
			return candidate
		}
	}
	return nil
}

func has(list []*certificate.Certificate, c *certificate.Certificate) bool {
	for _, d := range list {
		if d.Equal(c) {
			return true
		}
	}
	return false
}
