package testpki

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/internal/algorithm"
)

// Template is a certificate before it is signed. Nothing in it is checked, so it
// serves for certificates that no authority should issue.
type Template struct {
	Version              int    // 1, 2 or 3
	Serial               []byte // content octets of the INTEGER, as they are
	Issuer, Subject      []byte // DER Names
	NotBefore, NotAfter  time.Time
	SubjectPublicKeyInfo []byte // DER
	Extensions           []pkix.Extension
	Signature            algorithm.Signature
}

// Sign returns the certificate in DER, signed with key.
func (t *Template) Sign(key crypto.Signer) ([]byte, error) {
	identifier, err := t.Signature.Identifier()
	if err != nil {
		return nil, fmt.Errorf("testpki: %w", err)
	}
	tbs, err := t.tbs(identifier)
	if err != nil {
		return nil, fmt.Errorf("testpki: %w", err)
	}
	signature, err := sign(key, t.Signature, tbs)
	if err != nil {
		return nil, fmt.Errorf("testpki: %w", err)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(tbs)
		addAlgorithm(b, identifier)
		b.AddASN1BitString(signature)
	})
	return b.Bytes()
}

// sign is deterministic for every scheme but RSA-PSS and ML-DSA: without randomness ECDSA
// follows RFC 6979.
func sign(key crypto.Signer, s algorithm.Signature, message []byte) ([]byte, error) {
	if s.Scheme.SignsMessage() {
		return key.Sign(nil, message, crypto.Hash(0))
	}
	if !s.Hash.Available() {
		return nil, errors.New("no hash function to sign with")
	}
	digest := s.Hash.Sum(message)
	if s.Scheme == algorithm.RSAPSS {
		return key.Sign(rand.Reader, digest, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: s.Hash.Crypto()})
	}
	return key.Sign(nil, digest, s.Hash.Crypto())
}

func (t *Template) tbs(signature pkix.AlgorithmIdentifier) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		if t.Version > 1 {
			b.AddASN1(cbasn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
				b.AddASN1Int64(int64(t.Version - 1))
			})
		}
		b.AddASN1(cbasn1.INTEGER, func(b *cryptobyte.Builder) { b.AddBytes(t.Serial) })
		addAlgorithm(b, signature)
		b.AddBytes(t.Issuer)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			addTime(b, t.NotBefore)
			addTime(b, t.NotAfter)
		})
		b.AddBytes(t.Subject)
		b.AddBytes(t.SubjectPublicKeyInfo)
		if len(t.Extensions) > 0 {
			b.AddASN1(cbasn1.Tag(3).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { addExtensions(b, t.Extensions) })
			})
		}
	})
	return b.Bytes()
}

func addExtensions(b *cryptobyte.Builder, list []pkix.Extension) {
	for _, e := range list {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(e.Id)
			if e.Critical {
				b.AddASN1Boolean(true)
			}
			b.AddASN1OctetString(e.Value)
		})
	}
}

func addAlgorithm(b *cryptobyte.Builder, id pkix.AlgorithmIdentifier) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(id.Algorithm)
		b.AddBytes(id.Parameters.FullBytes)
	})
}

// addTime writes UTCTime up to 2049 and GeneralizedTime from 2050 (RFC 5280, 4.1.2.5).
func addTime(b *cryptobyte.Builder, t time.Time) {
	if y := t.UTC().Year(); y >= 1950 && y < 2050 {
		b.AddASN1UTCTime(t.UTC())
		return
	}
	b.AddASN1GeneralizedTime(t.UTC())
}

// Serial returns the content octets of a serial number.
func Serial(n *big.Int) []byte {
	der, err := asn1.Marshal(n)
	if err != nil {
		return []byte{0}
	}
	var value asn1.RawValue
	if _, err := asn1.Unmarshal(der, &value); err != nil {
		return []byte{0}
	}
	return value.Bytes
}
