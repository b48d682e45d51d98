package cms

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"hash"
	"math/big"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
)

// identity is a key with its certificate and the root that issued it.
type identity struct {
	key        crypto.Signer
	x509       *x509.Certificate
	cert, root *certificate.Certificate
}

// content is what the tests sign.
var content = []byte("%PDF-1.7 the content of a test")

// keyring holds test keys. All but the RSA key, which is made when it is first asked for, are the same in every process:
// workers of a fuzz target must recognise the seeds.
var keyring = map[string]func() crypto.Signer{
	"RSA": sync.OnceValue(func() crypto.Signer {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		return key
	}),
	"P-256":   func() crypto.Signer { return fixedKey(elliptic.P256()) },
	"P-384":   func() crypto.Signer { return fixedKey(elliptic.P384()) },
	"P-521":   func() crypto.Signer { return fixedKey(elliptic.P521()) },
	"Ed25519": func() crypto.Signer { return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, 32)) },
	"root":    func() crypto.Signer { return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{2}, 32)) },
}

func fixedKey(curve elliptic.Curve) crypto.Signer {
	raw := bytes.Repeat([]byte{1}, (curve.Params().BitSize+7)/8)
	raw[0] = 0
	key, err := ecdsa.ParseRawPrivateKey(curve, raw)
	if err != nil {
		panic(err)
	}
	return key
}

func newIdentity(t testing.TB, kind string) *identity { return newIdentityFor(t, kind, 10) }

// newIdentityFor issues a certificate for that many years: others of the same key, issuer and serial number differ from it.
func newIdentityFor(t testing.TB, kind string, years int) *identity {
	return issueFor(t, keyring[kind](), years)
}

// issueFor issues a certificate for any key.
func issueFor(t testing.TB, key crypto.Signer, years int) *identity {
	rootKey := keyring["root"]()
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	rootTemplate := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test Root", Country: []string{"JP"}},
		NotBefore: from, NotAfter: from.AddDate(20, 0, 0), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	rootDER, err := x509.CreateCertificate(rand.Reader, rootTemplate, rootTemplate, rootKey.Public(), rootKey)
	require.NoError(t, err)
	root, err := x509.ParseCertificate(rootDER)
	require.NoError(t, err)
	leafTemplate := &x509.Certificate{SerialNumber: big.NewInt(0x80ff01), Subject: pkix.Name{CommonName: "山田太郎"},
		NotBefore: from, NotAfter: from.AddDate(years, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature, SubjectKeyId: []byte{1, 2, 3, 4}}
	der, err := x509.CreateCertificate(rand.Reader, leafTemplate, root, key.Public(), rootKey)
	require.NoError(t, err)
	id := &identity{key: key}
	id.x509, err = x509.ParseCertificate(der)
	require.NoError(t, err)
	id.cert, err = certificate.Parse(der)
	require.NoError(t, err)
	id.root, err = certificate.Parse(rootDER)
	require.NoError(t, err)
	return id
}

func digestOf(h interface{ New() hash.Hash }, b []byte) []byte {
	w := h.New()
	w.Write(b)
	return w.Sum(nil)
}

// template returns a detached one over content.
func (id *identity) template(a Algorithm) *Template {
	return &Template{Algorithm: a, ContentDigest: digestOf(a.Hash, content), Certificate: id.cert, Chain: []*certificate.Certificate{id.root, id.cert}}
}

// sign returns the finished ContentInfo.
func (id *identity) sign(t testing.TB, template *Template, unsigned ...Attribute) []byte {
	attributes, err := template.SignedAttributes()
	require.NoError(t, err)
	signature, err := Sign(context.Background(), nil, id.key, template.Algorithm, attributes)
	require.NoError(t, err)
	der, err := template.SignedData(attributes, signature, unsigned...)
	require.NoError(t, err)
	return der
}

// parse reads a ContentInfo with one signer and nothing after it.
func parse(t testing.TB, der []byte) (*SignedData, *SignerInfo) {
	sd, rest, err := Parse(der)
	require.NoError(t, err)
	require.Empty(t, rest)
	require.Len(t, sd.SignerInfos, 1)
	return sd, sd.SignerInfos[0]
}

// algorithms lists every algorithm to sign with, with the kind of key.
func algorithms() map[string][]Algorithm {
	m := map[string][]Algorithm{"Ed25519": {{Ed25519, crypto.SHA512}}}
	for _, h := range signingHashes() {
		m["RSA"] = append(m["RSA"], Algorithm{RSA, h}, Algorithm{RSAPSS, h})
		for _, curve := range []string{"P-256", "P-384", "P-521"} {
			m[curve] = append(m[curve], Algorithm{ECDSA, h})
		}
	}
	return m
}
