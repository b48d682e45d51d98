package certificate_test

import (
	"crypto/x509"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/testpki"
)

// seeds returns certificates of every key type and profile, and odd ones.
func seeds(t testing.TB) [][]byte {
	t.Helper()
	pki := fixed(t)
	list := [][]byte{pki.Root.Certificate.Raw, pki.Intermediate.Certificate.Raw}
	for _, kind := range testpki.KeyTypes() {
		list = append(list, issue(t, pki, testpki.Request{KeyType: kind}).Certificate.Raw)
	}
	list = append(list,
		issue(t, pki, testpki.Request{Profile: testpki.TimeStamperProfile}).Certificate.Raw,
		issue(t, pki, testpki.Request{RestrictToPSS: true}).Certificate.Raw,
		changed(t, func(c *testpki.Template) { c.Serial = []byte{0x80} }).Raw,
		changed(t, func(c *testpki.Template) { c.Version, c.Extensions = 1, nil }).Raw,
		changed(t, func(c *testpki.Template) {
			c.Extensions = append(c.Extensions, extension(oidCRLPoints, directoryPoint(testpki.Person("x"))))
		}).Raw,
	)
	for _, person := range testpki.JapaneseNames() {
		list = append(list, changed(t, func(c *testpki.Template) {
			c.Subject = testpki.Name(testpki.CommonName(person).BMPString())
		}).Raw)
	}
	require.GreaterOrEqual(t, len(list), 20)
	return list
}

// FuzzParse wants no panic, a parse of Raw that agrees with itself, and, where
// crypto/x509 reads the bytes too, the same facts from both.
func FuzzParse(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		c, err := certificate.Parse(der)
		if err != nil {
			return // crypto/x509 passes over bytes that follow the last field of a structure
		}
		require.Equal(t, der, c.Raw)
		_ = c.Subject.String() + c.Issuer.String() + c.Subject.CommonName()
		require.True(t, c.Subject.Equal(c.Subject))
		require.Equal(t, c.PublicKey == nil, c.PublicKeyError != nil)
		_, _ = c.AuthorityInfoAccess()
		_, _ = c.CRLDistributionPoints()
		_ = c.IsSelfSigned()
		pool := certificate.NewPool()
		pool.Add(c)
		require.True(t, pool.Contains(c, certificate.Signing))
		// crypto/x509 does not see every defect.
		if std, err := x509.ParseCertificate(der); err == nil && len(c.Defects) == 0 {
			requireSame(t, std, c)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	pki := fixed(b)
	for _, kind := range []testpki.KeyType{testpki.RSA2048, testpki.P256, testpki.Ed25519} {
		der := issue(b, pki, testpki.Request{KeyType: kind}).Certificate.Raw
		b.Run(kind.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := certificate.Parse(der); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
