package testpki_test

import (
	"crypto/x509"
	"encoding/pem"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/testpki"
)

func TestFixedInfrastructureIsTheSameEveryTime(t *testing.T) {
	for _, kind := range []testpki.KeyType{testpki.RSA2048, testpki.P256, testpki.P384, testpki.P521, testpki.Ed25519} {
		t.Run(kind.String(), func(t *testing.T) {
			var runs [2][]byte
			for i := range runs {
				pki, err := testpki.New(&testpki.Options{KeyType: kind})
				require.NoError(t, err)
				id, err := pki.Issue(&testpki.Request{KeyType: kind})
				require.NoError(t, err)
				runs[i] = id.PEM()
			}
			require.Equal(t, runs[0], runs[1])
		})
	}
}

func TestStandardLibraryAcceptsWhatIsIssued(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(parse(t, pki.Root.Certificate.Raw))
	intermediates.AddCert(parse(t, pki.Intermediate.Certificate.Raw))
	serials := map[string]bool{}
	for _, kind := range testpki.KeyTypes() {
		for _, profile := range []testpki.Profile{testpki.SignerProfile, testpki.TimeStamperProfile} {
			id, err := pki.Issue(&testpki.Request{Profile: profile, KeyType: kind, Role: testpki.SignerRole})
			require.NoError(t, err)
			leaf := parse(t, id.Certificate.Raw)
			_, err = leaf.Verify(x509.VerifyOptions{
				Roots: roots, Intermediates: intermediates, CurrentTime: pki.Now(),
				KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
			})
			require.NoError(t, err)
			require.False(t, serials[leaf.SerialNumber.String()])
			serials[leaf.SerialNumber.String()] = true
			require.Positive(t, leaf.SerialNumber.Sign())
			require.True(t, id.Certificate.NoRevocationAvailable)

			path, err := certificate.BuildPath(t.Context(), id.Certificate, certificate.PathOptions{
				Anchors: pki.Pool(), Time: pki.Now(), Candidates: id.Chain,
				Purpose: map[testpki.Profile]certificate.Purpose{
					testpki.SignerProfile: certificate.Signing, testpki.TimeStamperProfile: certificate.TimeStamping,
				}[profile],
			})
			require.NoError(t, err)
			require.Len(t, path.Certificates, 3)
		}
	}
}

func TestRolesHaveDifferentKeys(t *testing.T) {
	seen := map[string]bool{}
	for _, role := range []testpki.Role{testpki.RootRole, testpki.IntermediateRole, testpki.SignerRole, testpki.TimeStamperRole, testpki.OtherRole} {
		for _, kind := range []testpki.KeyType{testpki.RSA2048, testpki.P256, testpki.P384, testpki.P521, testpki.Ed25519} {
			key, err := testpki.FixedKeys(role, kind)
			require.NoError(t, err)
			der, err := x509.MarshalPKIXPublicKey(key.Public())
			require.NoError(t, err)
			require.False(t, seen[string(der)])
			seen[string(der)] = true
		}
	}
}

func TestFreshKeysAreFresh(t *testing.T) {
	a, err := testpki.New(&testpki.Options{Keys: testpki.FreshKeys, KeyType: testpki.Ed25519})
	require.NoError(t, err)
	b, err := testpki.New(&testpki.Options{Keys: testpki.FreshKeys, KeyType: testpki.Ed25519})
	require.NoError(t, err)
	require.NotEqual(t, a.Root.Certificate.RawSubjectPublicKeyInfo, b.Root.Certificate.RawSubjectPublicKeyInfo)
	require.NotEqual(t, a.Root.Certificate.SerialNumber, b.Root.Certificate.SerialNumber)
}

func TestKeyPEMCanBeRead(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	data, err := pki.Root.KeyPEM()
	require.NoError(t, err)
	block, _ := pem.Decode(data)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	require.NoError(t, err)
	require.Equal(t, pki.Root.Key, key)
}

func parse(t *testing.T, der []byte) *x509.Certificate {
	t.Helper()
	c, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return c
}
