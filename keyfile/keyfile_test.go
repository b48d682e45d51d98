package keyfile_test

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/keyfile"
)

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func identity(t *testing.T, kind testpki.KeyType) (*testpki.PKI, *testpki.Identity) {
	t.Helper()
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	id, err := pki.Issue(&testpki.Request{KeyType: kind})
	require.NoError(t, err)
	return pki, id
}

func TestLoadReadsEveryForm(t *testing.T) {
	for _, kind := range testpki.KeyTypes() {
		t.Run(kind.String(), func(t *testing.T) {
			_, id := identity(t, kind)
			pkcs8, err := x509.MarshalPKCS8PrivateKey(id.Key)
			require.NoError(t, err)
			forms := map[string][]byte{
				"PKCS#8 PEM": block("PRIVATE KEY", pkcs8), "PKCS#8 DER": pkcs8,
				"key and certificates in one file": append(id.PEM(), block("PRIVATE KEY", pkcs8)...),
			}
			switch key := id.Key.(type) {
			case *rsa.PrivateKey:
				der := x509.MarshalPKCS1PrivateKey(key)
				forms["PKCS#1 PEM"], forms["PKCS#1 DER"] = block("RSA PRIVATE KEY", der), der
			case *ecdsa.PrivateKey:
				der, err := x509.MarshalECPrivateKey(key)
				require.NoError(t, err)
				forms["SEC 1 PEM"], forms["SEC 1 DER"] = block("EC PRIVATE KEY", der), der
				parameters := block("EC PARAMETERS", []byte{6, 1, 42})
				forms["SEC 1 PEM with parameters"] = append(parameters, block("EC PRIVATE KEY", der)...)
			}
			for name, data := range forms {
				key, chain, err := keyfile.Load(data, id.PEM())
				require.NoError(t, err, name)
				require.Equal(t, id.Key, key, name)
				require.Equal(t, id.Chain, chain, name)
			}
		})
	}
}

func TestLoadOrdersTheChain(t *testing.T) {
	pki, id := identity(t, testpki.RSA2048)
	stranger, err := pki.Issue(&testpki.Request{KeyType: testpki.Ed25519, Role: testpki.OtherRole})
	require.NoError(t, err)
	var mixed []byte
	for _, c := range []*certificate.Certificate{
		pki.Root.Certificate, stranger.Certificate, pki.Intermediate.Certificate, id.Certificate, id.Certificate,
	} {
		mixed = append(mixed, block("CERTIFICATE", c.Raw)...)
	}
	data, err := id.KeyPEM()
	require.NoError(t, err)
	_, chain, err := keyfile.Load(data, mixed)
	require.NoError(t, err)
	require.Equal(t, []*certificate.Certificate{id.Certificate, pki.Intermediate.Certificate, pki.Root.Certificate}, chain)
}

func TestErrors(t *testing.T) {
	_, id := identity(t, testpki.P256)
	key, err := id.KeyPEM()
	require.NoError(t, err)
	other, err := testpki.FixedKeys(testpki.OtherRole, testpki.P256)
	require.NoError(t, err)
	otherPEM, err := (&testpki.Identity{Key: other}).KeyPEM()
	require.NoError(t, err)
	exchange, err := ecdh.X25519().NewPrivateKey(make([]byte, 32))
	require.NoError(t, err)
	x25519, err := x509.MarshalPKCS8PrivateKey(exchange)
	require.NoError(t, err)
	legacy := pem.EncodeToMemory(&pem.Block{
		Type: "RSA PRIVATE KEY", Bytes: []byte{1},
		Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-128-CBC,00"},
	})
	for _, test := range []struct {
		name      string
		key, cert []byte
		want      error
		text      string
	}{
		{"no key in PEM", id.PEM(), id.PEM(), keyfile.ErrNoKey, "no private key found"},
		{"no key in DER", id.Certificate.Raw, id.PEM(), keyfile.ErrNoKey, "no private key found"},
		{"several keys", append(key, otherPEM...), id.PEM(), keyfile.ErrSeveralKeys, "more than one private key"},
		{"encrypted PKCS#8", block("ENCRYPTED PRIVATE KEY", []byte{1}), id.PEM(), keyfile.ErrEncrypted, "its password is needed"},
		{"encrypted PKCS#1", legacy, id.PEM(), keyfile.ErrEncrypted, "its password is needed"},
		{"mismatch", otherPEM, id.PEM(), keyfile.ErrMismatch, "belongs to none of the certificates"},
		{"empty key", nil, id.PEM(), nil, "key file is empty"},
		{"damaged key", block("PRIVATE KEY", []byte{0x30, 1}), id.PEM(), nil, "PRIVATE KEY block cannot be read"},
		{"key that cannot sign", block("PRIVATE KEY", x25519), id.PEM(), nil, "cannot sign"},
		{"OpenSSH", block("OPENSSH PRIVATE KEY", []byte{1}), id.PEM(), nil, "ssh-keygen"},
		{"no certificate", key, key, nil, "without a CERTIFICATE block"},
		{"empty certificate", key, nil, nil, "file is empty"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := keyfile.Load(test.key, test.cert)
			require.ErrorContains(t, err, test.text)
			if test.want != nil {
				require.ErrorIs(t, err, test.want)
				require.NotErrorIs(t, io.EOF, test.want)
			}
		})
	}
}

// TestMismatchIsNamed: which key, and which certificates, of many only some.
func TestMismatchIsNamed(t *testing.T) {
	_, id := identity(t, testpki.P256)
	_, other := identity(t, testpki.Ed25519)
	list := make([]*certificate.Certificate, keyfile.MaxNamed+1)
	for i := range list {
		list[i] = id.Certificate
	}
	_, err := keyfile.Chain(other.Key.Public(), list[1:])
	require.ErrorIs(t, err, keyfile.ErrMismatch)
	require.ErrorContains(t, err, "it is a key for Ed25519; the certificates are "+id.Certificate.Subject.String()+" (ECDSA on P-256), ")
	require.NotContains(t, err.Error(), "more")
	_, err = keyfile.Chain(other.Key.Public(), list)
	require.ErrorContains(t, err, "and 1 more")
}

func TestErrorsHoldNoKeyBytes(t *testing.T) {
	secret := sha256.Sum256([]byte("secret"))
	_, err := keyfile.ParseKey(block("PRIVATE KEY", secret[:]))
	require.Error(t, err)
	require.NotContains(t, err.Error(), string(secret[:8]))
	require.NotContains(t, err.Error(), "asn1")
}

func TestBlockLimit(t *testing.T) {
	_, id := identity(t, testpki.Ed25519)
	key, err := id.KeyPEM()
	require.NoError(t, err)
	filler := block("X", nil)
	build := func(n int) []byte {
		var data []byte
		for range n - 1 {
			data = append(data, filler...)
		}
		return append(data, key...)
	}
	_, err = keyfile.ParseKey(build(keyfile.MaxPEMBlocks))
	require.NoError(t, err)
	_, err = keyfile.ParseKey(build(keyfile.MaxPEMBlocks + 1))
	require.ErrorContains(t, err, "more than 4096")
}
