package certificate_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/testpki"
)

var (
	oidSubjectAltName = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidCRLPoints      = asn1.ObjectIdentifier{2, 5, 29, 31}
	oidInfoAccess     = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 1}
	oidTimeStamping   = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}
	oidEmail          = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 4}
)

var newPKI = sync.OnceValues(func() (*testpki.PKI, error) { return testpki.New(nil) })

// fixed returns the fixed infrastructure, which all tests share.
func fixed(t testing.TB) *testpki.PKI {
	t.Helper()
	pki, err := newPKI()
	require.NoError(t, err)
	return pki
}

// issue makes a certificate below the intermediate authority.
func issue(t testing.TB, pki *testpki.PKI, r testpki.Request) *testpki.Identity {
	t.Helper()
	id, err := pki.Issue(&r)
	require.NoError(t, err)
	return id
}

// changed makes one whose template was altered before it was signed.
func changed(t testing.TB, change func(*testpki.Template)) *certificate.Certificate {
	t.Helper()
	return issue(t, fixed(t), testpki.Request{Change: change}).Certificate
}

func TestParseAgreesWithStandardLibrary(t *testing.T) {
	pki := fixed(t)
	key := pki.Root.Key
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(4711),
		Subject:               pkix.Name{Country: []string{"JP"}, Organization: []string{"株式会社印鑑"}, CommonName: "山田太郎"},
		NotBefore:             time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		NotAfter:              time.Date(2056, 1, 2, 3, 4, 5, 0, time.UTC),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature | x509.KeyUsageDecipherOnly,
		BasicConstraintsValid: true, IsCA: true, MaxPathLen: 2,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
		OCSPServer:            []string{"http://ocsp.example/"},
		IssuingCertificateURL: []string{"http://ca.example/ca.cer"},
		CRLDistributionPoints: []string{"http://crl.example/a.crl", "ldap://x/"},
	}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	require.NoError(t, err)
	want, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	got, err := certificate.FromX509(want)
	require.NoError(t, err)
	requireSame(t, want, got)
	require.Equal(t, "CN=山田太郎,O=株式会社印鑑,C=JP", got.Subject.String())
	require.Empty(t, got.Defects)
	require.Empty(t, got.UnhandledCritical)

	info, err := got.AuthorityInfoAccess()
	require.NoError(t, err)
	require.Equal(t, certificate.InfoAccess{OCSP: want.OCSPServer, CAIssuers: want.IssuingCertificateURL}, info)
	points, err := got.CRLDistributionPoints()
	require.NoError(t, err)
	require.Len(t, points, 2)
	require.Equal(t, want.CRLDistributionPoints, append(points[0].URLs, points[1].URLs...))
}

// requireSame compares everything that both readers know.
func requireSame(t *testing.T, want *x509.Certificate, got *certificate.Certificate) {
	t.Helper()
	require.Equal(t, want.Raw, got.Raw)
	require.Equal(t, want.RawTBSCertificate, got.RawTBSCertificate)
	require.Equal(t, want.RawSubject, got.RawSubject)
	require.Equal(t, want.RawIssuer, got.RawIssuer)
	require.Equal(t, want.RawSubjectPublicKeyInfo, got.RawSubjectPublicKeyInfo)
	require.Equal(t, want.Version, got.Version)
	require.Zero(t, want.SerialNumber.Cmp(got.SerialNumber))
	require.True(t, want.NotBefore.Equal(got.NotBefore))
	require.True(t, want.NotAfter.Equal(got.NotAfter))
	require.Equal(t, want.Signature, got.Signature)
	require.Equal(t, want.KeyUsage, got.KeyUsage)
	if got.PublicKeyError != nil {
		return // crypto/x509 passes over what follows an RSA exponent, and over bits that fill no octet
	}
	switch key := want.PublicKey.(type) {
	case *rsa.PublicKey:
		if int64(key.E) < 1<<31 { // beyond it the key is for verifying only, and of another type
			require.True(t, key.Equal(got.PublicKey))
		}
	case *ecdsa.PublicKey:
		require.True(t, key.Equal(got.PublicKey))
	case ed25519.PublicKey:
		require.True(t, key.Equal(got.PublicKey))
	}
	require.Len(t, got.Extensions, len(want.Extensions))
	for i := range want.Extensions {
		require.True(t, want.Extensions[i].Id.Equal(got.Extensions[i].Id))
		require.Equal(t, want.Extensions[i].Critical, got.Extensions[i].Critical)
	}
	if want.BasicConstraintsValid {
		require.True(t, got.HasBasicConstraints)
		require.Equal(t, want.IsCA, got.IsCA)
		require.Equal(t, want.MaxPathLen, got.MaxPathLength)
	}
	require.Len(t, got.ExtendedKeyUsage, len(want.ExtKeyUsage)+len(want.UnknownExtKeyUsage))
	require.Equal(t, string(want.SubjectKeyId), string(got.SubjectKeyID))
	require.Equal(t, string(want.AuthorityKeyId), string(got.AuthorityKeyID))
}

// subjectOf returns a change that writes the common name as given.
func subjectOf(tag uint8, value string) func(*testpki.Template) {
	return func(t *testpki.Template) {
		t.Subject = testpki.Name(testpki.Attribute{Type: asn1.ObjectIdentifier{2, 5, 4, 3}, Tag: tag, Value: []byte(value)})
	}
}

// What crypto/x509 rejects as a whole and this package reads.
func TestParseReadsWhatStandardLibraryRejects(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*testpki.Template)
		check  func(*testing.T, *certificate.Certificate)
	}{
		{"BMPString with surrogates", func(c *testpki.Template) {
			c.Subject = testpki.Name(testpki.CommonName("𠮷田").BMPString())
		}, func(t *testing.T, c *certificate.Certificate) { require.Equal(t, "𠮷田", c.Subject.CommonName()) }},
		{"UniversalString", subjectOf(28, "\x00\x02\x0b\xb7\x00\x00\x75\x30"),
			func(t *testing.T, c *certificate.Certificate) { require.Equal(t, "𠮷田", c.Subject.CommonName()) }},
		{"PrintableString with underscore", subjectOf(19, "a_b"),
			func(t *testing.T, c *certificate.Certificate) { require.Equal(t, "a_b", c.Subject.CommonName()) }},
		{"PrintableString with at sign", subjectOf(19, "a@b.example"),
			func(t *testing.T, c *certificate.Certificate) {
				require.Equal(t, "a@b.example", c.Subject.CommonName())
			}},
		{"UTF8String with Shift_JIS", subjectOf(12, "\x8eR\x93c"),
			func(t *testing.T, c *certificate.Certificate) { require.Equal(t, "山田", c.Subject.CommonName()) }},
		{"negative serial", func(c *testpki.Template) { c.Serial = []byte{0x80, 1} },
			func(t *testing.T, c *certificate.Certificate) { require.Equal(t, big.NewInt(-32767), c.SerialNumber) }},
		{"serial not minimal", func(c *testpki.Template) { c.Serial = []byte{0, 0, 7} },
			func(t *testing.T, c *certificate.Certificate) { require.Equal(t, big.NewInt(7), c.SerialNumber) }},
		{"extension twice", func(c *testpki.Template) {
			c.Extensions = append(c.Extensions, testpki.KeyUsage(x509.KeyUsageCertSign))
		}, func(t *testing.T, c *certificate.Certificate) { require.Len(t, c.Defects, 1) }},
		{"malformed keyUsage", func(c *testpki.Template) {
			c.Extensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 15}, Value: []byte{1}}}
		}, func(t *testing.T, c *certificate.Certificate) { require.Len(t, c.Defects, 1) }},
		{"malformed basicConstraints", func(c *testpki.Template) {
			c.Extensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 19}, Value: []byte{0x30, 3, 1, 1}}}
		}, func(t *testing.T, c *certificate.Certificate) { require.Len(t, c.Defects, 1); require.False(t, c.IsCA) }},
		{"RSA key with a broken modulus", func(c *testpki.Template) {
			c.SubjectPublicKeyInfo = spki(t, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}, asn1.NullBytes, []byte{1, 2, 3})
		}, func(t *testing.T, c *certificate.Certificate) {
			require.Nil(t, c.PublicKey)
			require.Error(t, c.PublicKeyError)
			require.NotErrorIs(t, c.PublicKeyError, certificate.ErrUnsupportedKey)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := changed(t, test.change)
			_, err := x509.ParseCertificate(c.Raw)
			if test.name != "UniversalString" { // which Go 1.27 reads
				require.Error(t, err, "the standard library reads it now")
			}
			test.check(t, c)
		})
	}
}

// What crypto/x509 reads with a loss.
func TestParseKeepsWhatStandardLibraryLoses(t *testing.T) {
	t.Run("RSA key restricted to PSS", func(t *testing.T) {
		id := issue(t, fixed(t), testpki.Request{RestrictToPSS: true})
		std, err := x509.ParseCertificate(id.Certificate.Raw)
		require.NoError(t, err)
		require.Nil(t, std.PublicKey)
		require.True(t, id.Certificate.PublicKeyInfo.RestrictedToPSS())
		require.True(t, id.Key.Public().(*rsa.PublicKey).Equal(id.Certificate.PublicKey))
	})
	t.Run("T61String in Shift_JIS", func(t *testing.T) {
		c := changed(t, subjectOf(20, "\x8eR\x93c\x91\xbe\x98Y"))
		std, err := x509.ParseCertificate(c.Raw)
		require.NoError(t, err)
		require.NotEqual(t, "山田太郎", std.Subject.CommonName)
		require.Equal(t, "山田太郎", c.Subject.CommonName())
		_, guessed := c.Subject[0][0].Text()
		require.True(t, guessed)
	})
	t.Run("critical subjectAltName with otherName alone", func(t *testing.T) {
		san := []byte{0x30, 0x0a, 0xa0, 0x08, 0x06, 0x02, 0x2a, 0x03, 0xa0, 0x02, 0x05, 0x00}
		c := changed(t, func(c *testpki.Template) {
			c.Extensions = append(c.Extensions, pkix.Extension{Id: oidSubjectAltName, Critical: true, Value: san})
		})
		std, err := x509.ParseCertificate(c.Raw)
		require.NoError(t, err)
		require.NotEmpty(t, std.UnhandledCriticalExtensions)
		require.Empty(t, c.UnhandledCritical)
	})
	t.Run("CRL distribution point in a directory", func(t *testing.T) {
		c := changed(t, func(c *testpki.Template) {
			c.Extensions = append(c.Extensions, pkix.Extension{Id: oidCRLPoints, Value: directoryPoint(testpki.Person("CRL1"))})
		})
		std, err := x509.ParseCertificate(c.Raw)
		require.NoError(t, err)
		require.Empty(t, std.CRLDistributionPoints)
		points, err := c.CRLDistributionPoints()
		require.NoError(t, err)
		require.Len(t, points, 1)
		require.Equal(t, "CN=CRL1,O=株式会社印鑑,C=JP", points[0].Names[0].String())
	})
}

// directoryPoint returns cRLDistributionPoints with one directoryName.
func directoryPoint(name []byte) []byte {
	wrap := func(tag byte, content []byte) []byte {
		if len(content) < 128 {
			return append([]byte{tag, byte(len(content))}, content...)
		}
		return append([]byte{tag, 0x81, byte(len(content))}, content...)
	}
	return wrap(0x30, wrap(0x30, wrap(0xa0, wrap(0xa0, wrap(0xa4, name)))))
}

// spki writes a SubjectPublicKeyInfo.
func spki(t testing.TB, id asn1.ObjectIdentifier, parameters, key []byte) []byte {
	t.Helper()
	der, err := asn1.Marshal(struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}{pkix.AlgorithmIdentifier{Algorithm: id, Parameters: asn1.RawValue{FullBytes: parameters}}, asn1.BitString{Bytes: key, BitLength: 8 * len(key)}})
	require.NoError(t, err)
	return der
}

func TestPublicKeys(t *testing.T) {
	curve := func(id ...int) []byte {
		der, err := asn1.Marshal(asn1.ObjectIdentifier(id))
		require.NoError(t, err)
		return der
	}
	ec := asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	rsaKey := func(n, e *big.Int) []byte {
		der, err := asn1.Marshal(struct{ N, E *big.Int }{n, e})
		require.NoError(t, err)
		return der
	}
	rsaID := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	bit := func(n uint) *big.Int { return new(big.Int).SetBit(big.NewInt(1), int(n), 1) }
	p256, err := testpki.FixedKeys(testpki.SignerRole, testpki.P256)
	require.NoError(t, err)
	whole := issue(t, fixed(t), testpki.Request{Key: p256}).Certificate.PublicKeyInfo.Key
	compressed := append([]byte{2 | whole[64]&1}, whole[1:33]...)
	dsaID := asn1.ObjectIdentifier{1, 2, 840, 10040, 4, 1}
	dsaParameters := func(n int) []byte { return append([]byte{0x30, byte(3 * n)}, bytes.Repeat([]byte{2, 1, 7}, n)...) }
	integer := func(content int) []byte { // of content+4 bytes
		return append([]byte{2, 0x82, byte(content >> 8), byte(content), 1}, make([]byte, content-1)...)
	}
	brainpool, ok := algorithm.CurveByOID(asn1.ObjectIdentifier{1, 3, 36, 3, 3, 2, 8, 1, 1, 7})
	require.True(t, ok)
	brainpoolPoint := slices.Concat([]byte{4}, brainpool.X.FillBytes(make([]byte, 32)), brainpool.Y.FillBytes(make([]byte, 32)))
	for _, test := range []struct {
		name        string
		info        []byte
		usable      bool
		unsupported bool
	}{
		{"X448", spki(t, asn1.ObjectIdentifier{1, 3, 101, 111}, nil, make([]byte, 56)), false, true},
		{"Ed448", spki(t, asn1.ObjectIdentifier{1, 3, 101, 113}, nil, make([]byte, 57)), true, false},
		{"Ed448 too short", spki(t, asn1.ObjectIdentifier{1, 3, 101, 113}, nil, make([]byte, 56)), false, false},
		{"DSA", spki(t, dsaID, dsaParameters(3), []byte{2, 1, 1}), true, false},
		{"DSA without parameters", spki(t, dsaID, nil, []byte{2, 1, 1}), false, true},
		{"DSA with two parameters", spki(t, dsaID, dsaParameters(2), []byte{2, 1, 1}), false, false},
		{"DSA with four parameters", spki(t, dsaID, dsaParameters(4), []byte{2, 1, 1}), false, false},
		{"DSA without a number", spki(t, dsaID, dsaParameters(3), []byte{2, 0}), false, false},
		{"DSA at the limit", spki(t, dsaID, dsaParameters(3), integer(certificate.MaxDSABytes-4)), true, false},
		{"DSA over the limit", spki(t, dsaID, dsaParameters(3), integer(certificate.MaxDSABytes-3)), false, true},
		{"brainpoolP256r1", spki(t, ec, curve(1, 3, 36, 3, 3, 2, 8, 1, 1, 7), brainpoolPoint), true, false},
		{"brainpoolP256r1, zeros", spki(t, ec, curve(1, 3, 36, 3, 3, 2, 8, 1, 1, 7), make([]byte, 65)), false, false},
		{"brainpoolP256t1", spki(t, ec, curve(1, 3, 36, 3, 3, 2, 8, 1, 1, 8), make([]byte, 65)), false, true},
		{"explicit curve", spki(t, ec, []byte{0x30, 0}, make([]byte, 65)), false, true},
		{"no curve", spki(t, ec, nil, make([]byte, 65)), false, true},
		{"point not on the curve", spki(t, ec, curve(1, 2, 840, 10045, 3, 1, 7), append([]byte{4}, make([]byte, 64)...)), false, false},
		{"empty point", spki(t, ec, curve(1, 2, 840, 10045, 3, 1, 7), nil), false, false},
		{"compressed point", spki(t, ec, curve(1, 2, 840, 10045, 3, 1, 7), compressed), true, false},
		{"Ed25519 too short", spki(t, asn1.ObjectIdentifier{1, 3, 101, 112}, nil, make([]byte, 31)), false, false},
		{"RSA 512", spki(t, rsaID, asn1.NullBytes, rsaKey(bit(511), big.NewInt(65537))), true, false},
		{"RSA at the limit", spki(t, rsaID, asn1.NullBytes, rsaKey(bit(certificate.MaxRSAModulusBits-1), big.NewInt(3))), true, false},
		{"RSA over the limit", spki(t, rsaID, asn1.NullBytes, rsaKey(bit(certificate.MaxRSAModulusBits), big.NewInt(3))), false, true},
		{"RSA with a long exponent", spki(t, rsaID, asn1.NullBytes, rsaKey(bit(2047), bit(31))), true, false},
		{"RSA without a modulus", spki(t, rsaID, asn1.NullBytes, rsaKey(big.NewInt(0), big.NewInt(3))), false, false},
		{"RSA modulus without its leading zero", spki(t, rsaID, asn1.NullBytes, rsaKey(big.NewInt(-7), big.NewInt(3))), true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := changed(t, func(c *testpki.Template) { c.SubjectPublicKeyInfo = test.info })
			require.Equal(t, test.usable, c.PublicKey != nil)
			require.Equal(t, test.usable, c.PublicKeyError == nil)
			if test.unsupported {
				require.ErrorIs(t, c.PublicKeyError, certificate.ErrUnsupportedKey)
			} else {
				require.NotErrorIs(t, c.PublicKeyError, certificate.ErrUnsupportedKey)
			}
			switch test.name {
			case "compressed point":
				require.Equal(t, p256.Public(), c.PublicKey)
			case "RSA modulus without its leading zero":
				require.Equal(t, big.NewInt(0xf9), c.PublicKey.(*rsa.PublicKey).N)
			}
		})
	}
}

func TestFactsAboutRevocation(t *testing.T) {
	shortTerm := testpki.Null(asn1.ObjectIdentifier{0, 4, 0, 194121, 2, 1}, false)
	noCheck := testpki.Null(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}, false)
	c := changed(t, func(c *testpki.Template) { c.Extensions = append(c.Extensions, shortTerm, noCheck) })
	require.True(t, c.NoRevocationAvailable)
	require.True(t, c.ShortTerm)
	require.True(t, c.OCSPNoCheck)

	ocsp := []byte{0x30, 0x11, 0x30, 0x0f, 6, 8, 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 0x86, 3, 'a', ':', 'b'}
	for name, change := range map[string]func(*testpki.Template){
		"CRL distribution point": func(c *testpki.Template) {
			c.Extensions = append(c.Extensions, pkix.Extension{Id: oidCRLPoints, Value: directoryPoint(testpki.Person("CRL1"))})
		},
		"OCSP": func(c *testpki.Template) {
			c.Extensions = append(c.Extensions, pkix.Extension{Id: oidInfoAccess, Value: ocsp})
		},
		"malformed access": func(c *testpki.Template) {
			c.Extensions = append(c.Extensions, pkix.Extension{Id: oidInfoAccess, Value: []byte{0}})
		},
		"CA":             func(c *testpki.Template) { c.Extensions = append(c.Extensions, testpki.BasicConstraints(true, -1)) },
		"value not NULL": func(c *testpki.Template) { c.Extensions[len(c.Extensions)-1].Value = []byte{5, 1, 0} },
	} {
		require.False(t, changed(t, change).NoRevocationAvailable, name)
	}
}

func TestParseRefuses(t *testing.T) {
	good := fixed(t).Root.Certificate.Raw
	_, err := certificate.Parse(good)
	require.NoError(t, err)
	for i := range good {
		_, err := certificate.Parse(good[:i])
		require.ErrorContains(t, err, "certificate: ")
	}
	_, err = certificate.Parse(bytes.Replace(good, []byte{6, 3, 0x55, 4, 6}, []byte{4, 3, 0x55, 4, 6}, 1))
	require.EqualError(t, err, "certificate: issuer: malformed name attribute")
	_, err = certificate.Parse(append(good[:len(good):len(good)], 0))
	require.ErrorContains(t, err, "bytes after")
	_, err = certificate.FromX509(nil)
	require.Error(t, err)
}

func TestDifferingAlgorithmsAreADefect(t *testing.T) {
	c := fixed(t).Root.Certificate
	der := append([]byte(nil), c.Raw...)
	outer := len(der) - len(c.Signature) - 8 // last octet of sha256WithRSAEncryption
	for ; der[outer] != 0x0b; outer-- {
	}
	der[outer] = 0x0c
	d, err := certificate.Parse(der)
	require.NoError(t, err)
	require.Len(t, d.Defects, 1)
	require.Contains(t, d.Defects[0].Text, "differ")

	// NULL outside and nothing inside is common, and no difference.
	pki, err := testpki.New(&testpki.Options{KeyType: testpki.P256})
	require.NoError(t, err)
	ecdsa := []byte{0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2}
	der = pki.Root.Certificate.Raw
	at := bytes.LastIndex(der, ecdsa)
	e, err := certificate.Parse(rebuild(t, der, at, len(ecdsa), append([]byte{0x30, 12}, append(ecdsa[2:], 5, 0)...)))
	require.NoError(t, err)
	require.Empty(t, e.Defects)
	require.True(t, e.IsSelfSigned())
}

func TestParsePEM(t *testing.T) {
	pki := fixed(t)
	id := issue(t, pki, testpki.Request{})
	text := append([]byte("subject: somebody\n"), id.PEM()...)
	text = append(text, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte{1}})...)
	list, err := certificate.ParsePEM(text)
	require.NoError(t, err)
	require.Equal(t, id.Chain, list)

	list, err = certificate.ParsePEM(id.Certificate.Raw)
	require.NoError(t, err)
	require.Len(t, list, 1)

	for want, data := range map[string][]byte{
		"empty":           []byte(" \n"),
		"neither PEM nor": []byte("hello"),
		"without a":       pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte{1}}),
		"PEM block 1":     pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte{1}}),
		"PEM block 3":     append(id.PEM(), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte{1}})...),
	} {
		_, err := certificate.ParsePEM(data)
		require.ErrorContains(t, err, want)
	}
}

func TestTimes(t *testing.T) {
	for _, test := range []struct {
		tag  byte
		text string
		want string // "" means refused
	}{
		{0x17, "260401090000Z", "2026-04-01T09:00:00Z"},
		{0x17, "500401090000Z", "1950-04-01T09:00:00Z"},
		{0x17, "490401090000Z", "2049-04-01T09:00:00Z"},
		{0x17, "2604010900Z", "2026-04-01T09:00:00Z"},
		{0x17, "260401090000+0900", "2026-04-01T00:00:00Z"},
		{0x18, "20260401090000Z", "2026-04-01T09:00:00Z"},
		{0x18, "20260401090000.5Z", "2026-04-01T09:00:00Z"},
		{0x18, "99991231235959Z", "9999-12-31T23:59:59Z"},
		{0x18, "20260401090000-0030", "2026-04-01T09:30:00Z"},
		{0x17, "260431090000Z", ""},
		{0x17, "261301090000Z", ""},
		{0x17, "260401240000Z", ""},
		{0x17, "260401090000", ""},
		{0x17, "260401090000+9900", ""},
		{0x17, "2", ""},
		{0x18, "2026", ""},
		{0x18, "2", ""},
		{0x16, "260401090000Z", ""},
	} {
		t.Run(test.text, func(t *testing.T) {
			c := fixed(t).Root.Certificate
			old := append([]byte{0x17, 13}, c.NotBefore.Format("060102150405Z")...)
			got, err := certificate.Parse(replaceOnce(t, c.Raw, old, append([]byte{test.tag, byte(len(test.text))}, test.text...)))
			if test.want == "" {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.want, got.NotBefore.Format(time.RFC3339))
		})
	}
}

func extension(id asn1.ObjectIdentifier, value []byte) pkix.Extension {
	return pkix.Extension{Id: id, Value: value}
}

// TestParseRefusesKeys: what crypto/x509 passes over.
func TestParseRefusesKeys(t *testing.T) {
	rsaKey := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	for _, test := range []struct {
		name   string
		change func(*testpki.Template)
		fault  string
	}{
		{"bits that fill no octet", func(c *testpki.Template) {
			c.SubjectPublicKeyInfo = spki(t, rsaKey, asn1.NullBytes, []byte{0x30, 6, 2, 1, 35, 2, 1, 4})
			i := bytes.Index(c.SubjectPublicKeyInfo, []byte{0x03, 9, 0})
			require.Positive(t, i)
			c.SubjectPublicKeyInfo[i+2] = 1
		}, "not of whole octets"},
		{"more behind the exponent", func(c *testpki.Template) {
			c.SubjectPublicKeyInfo = spki(t, rsaKey, asn1.NullBytes, []byte{0x30, 9, 2, 1, 35, 2, 1, 3, 2, 1, 5})
		}, "malformed RSA key"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := changed(t, test.change)
			require.Nil(t, c.PublicKey)
			require.ErrorContains(t, c.PublicKeyError, test.fault)
		})
	}
}
