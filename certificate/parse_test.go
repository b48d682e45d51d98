package certificate

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// issue makes a self-signed certificate from the template with crypto/x509.
func issue(t testing.TB, template *x509.Certificate) *x509.Certificate {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	require.NoError(t, err)
	c, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return c
}

func TestParseAgreesWithStandardLibrary(t *testing.T) {
	want := issue(t, &x509.Certificate{
		SerialNumber:          big.NewInt(4711),
		Subject:               pkix.Name{Country: []string{"JP"}, Organization: []string{"株式会社印鑑"}, CommonName: "山田太郎"},
		NotBefore:             time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		NotAfter:              time.Date(2056, 1, 2, 3, 4, 5, 0, time.UTC),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		BasicConstraintsValid: true, IsCA: true, MaxPathLen: 2,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
		OCSPServer:            []string{"http://ocsp.example/"},
		IssuingCertificateURL: []string{"http://ca.example/ca.cer"},
		CRLDistributionPoints: []string{"http://crl.example/a.crl", "ldap://x/"},
	})
	got, err := FromX509(want)
	require.NoError(t, err)
	require.Equal(t, want.Raw, got.Raw)
	require.Equal(t, want.RawTBSCertificate, got.RawTBSCertificate)
	require.Equal(t, want.RawSubject, got.RawSubject)
	require.Equal(t, want.RawIssuer, got.RawIssuer)
	require.Equal(t, want.RawSubjectPublicKeyInfo, got.RawSubjectPublicKeyInfo)
	require.Equal(t, want.Version, got.Version)
	require.Equal(t, want.SerialNumber, got.SerialNumber)
	require.Equal(t, want.NotBefore, got.NotBefore)
	require.Equal(t, want.NotAfter, got.NotAfter)
	require.Equal(t, want.PublicKey, got.PublicKey)
	require.Equal(t, want.Signature, got.Signature)
	require.Equal(t, want.KeyUsage, got.KeyUsage)
	require.True(t, got.HasKeyUsage && got.HasBasicConstraints && got.IsCA)
	require.Equal(t, 2, got.MaxPathLength)
	require.Equal(t, want.SubjectKeyId, got.SubjectKeyID)
	require.True(t, got.HasPurpose(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}))
	require.Equal(t, "CN=山田太郎,O=株式会社印鑑,C=JP", got.Subject.String())
	require.Empty(t, got.Defects)
	require.Empty(t, got.UnhandledCritical)
	require.Len(t, got.Extensions, len(want.Extensions))

	info, err := got.AuthorityInfoAccess()
	require.NoError(t, err)
	require.Equal(t, InfoAccess{OCSP: want.OCSPServer, CAIssuers: want.IssuingCertificateURL}, info)
	points, err := got.CRLDistributionPoints()
	require.NoError(t, err)
	require.Len(t, points, 2)
	require.Equal(t, want.CRLDistributionPoints, append(points[0].URLs, points[1].URLs...))

	list, err := ParsePEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: want.Raw}))
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.True(t, list[0].Equal(got))
}
