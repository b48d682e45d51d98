package certificate_test

import (
	"crypto"
	"crypto/dsa" //nolint:staticcheck // authorities of old documents used it
	"crypto/rand"
	"encoding/asn1"
	"encoding/pem"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/testpki"
)

// dsaSigner signs with DSA.
type dsaSigner struct{ key *dsa.PrivateKey }

func (s dsaSigner) Public() crypto.PublicKey { return &s.key.PublicKey }

func (s dsaSigner) Sign(_ io.Reader, digest []byte, _ crypto.SignerOpts) ([]byte, error) {
	r, v, err := dsa.Sign(rand.Reader, s.key, digest[:s.key.Q.BitLen()/8])
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(struct{ R, S *big.Int }{r, v})
}

// dsaAuthority returns an authority with a DSA key, its parameters left out if so wanted.
func dsaAuthority(t *testing.T, pki *testpki.PKI, name string, issuer *testpki.Identity, p dsa.Parameters, bare bool) *testpki.Identity {
	t.Helper()
	key := &dsa.PrivateKey{PublicKey: dsa.PublicKey{Parameters: p}}
	require.NoError(t, dsa.GenerateKey(key, rand.Reader))
	var parameters []byte
	if !bare {
		var err error
		parameters, err = asn1.Marshal(p)
		require.NoError(t, err)
	}
	y, err := asn1.Marshal(key.Y)
	require.NoError(t, err)
	info := spki(t, asn1.ObjectIdentifier{1, 2, 840, 10040, 4, 1}, parameters, y)
	id := issue(t, pki, authority(name, issuer, func(c *testpki.Template) {
		c.SubjectPublicKeyInfo = info
		if _, ok := issuer.Key.(dsaSigner); ok {
			c.Signature = byDSA()
		}
	}))
	id.Key = dsaSigner{key}
	return id
}

func byDSA() algorithm.Signature {
	return algorithm.Signature{Scheme: algorithm.DSA, Hash: algorithm.SHA256}
}

// DSA keys may take their parameters from the issuer's (RFC 3279, 2.3.2), over
// several levels.
func TestInheritedDSAParameters(t *testing.T) {
	pki := fixed(t)
	var p dsa.Parameters
	require.NoError(t, dsa.GenerateParameters(&p, rand.Reader, dsa.L1024N160))
	top := dsaAuthority(t, pki, "top", pki.Root, p, false)
	middle := dsaAuthority(t, pki, "middle", top, p, true)
	bottom := dsaAuthority(t, pki, "bottom", middle, p, true)
	sign := func(c *testpki.Template) { c.Signature = byDSA() }
	leaf := issue(t, pki, testpki.Request{Issuer: bottom, Change: sign}).Certificate
	o := certificate.PathOptions{
		Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: certificates(bottom, middle, top),
	}
	path, err := certificate.BuildPath(t.Context(), leaf, o)
	require.NoError(t, err)
	require.Len(t, path.Certificates, 5)
	require.Nil(t, bottom.Certificate.PublicKey, "the certificates given are not altered")
	require.ErrorIs(t, bottom.Certificate.PublicKeyError, certificate.ErrUnsupportedKey)
	for i, c := range path.Certificates[:4] {
		require.NotNil(t, c.PublicKey)
		require.NoError(t, c.CheckSignatureFrom(path.Certificates[i+1]))
	}

	other := dsaAuthority(t, pki, "bottom", middle, p, true) // another key
	o.Candidates = certificates(other, middle, top)
	_, err = certificate.BuildPath(t.Context(), leaf, o)
	requireReason(t, err, certificate.BadSignature)

	orphan := dsaAuthority(t, pki, "orphan", pki.Root, p, true) // the root's key is RSA
	leaf = issue(t, pki, testpki.Request{Issuer: orphan, Change: sign}).Certificate
	o.Candidates = certificates(orphan)
	_, err = certificate.BuildPath(t.Context(), leaf, o)
	requireReason(t, err, certificate.UnsupportedSignature)
}

// A key restricted to RSASSA-PSS may fix the parameters (RFC 4055, 1.2).
func TestKeyRestrictedToPSSParameters(t *testing.T) {
	pki := fixed(t)
	with := func(s algorithm.Signature) []byte {
		id, err := s.Identifier()
		require.NoError(t, err)
		return id.Parameters.FullBytes
	}
	shorter := algorithm.NewPSS(algorithm.SHA256)
	shorter.PSS.SaltLength = 20
	longer := algorithm.NewPSS(algorithm.SHA256)
	longer.PSS.SaltLength = 40
	otherMask := algorithm.NewPSS(algorithm.SHA256)
	otherMask.PSS.MGFHash = algorithm.SHA1
	for name, test := range map[string]struct {
		parameters []byte
		want       error
	}{
		"none":          {nil, nil},
		"the same":      {with(algorithm.NewPSS(algorithm.SHA256)), nil},
		"shorter salt":  {with(shorter), nil},
		"longer salt":   {with(longer), certificate.ErrSignature},
		"other hash":    {with(algorithm.NewPSS(algorithm.SHA384)), certificate.ErrSignature},
		"other mask":    {with(otherMask), certificate.ErrSignature},
		"malformed":     {[]byte{0x30, 1, 0}, certificate.ErrSignature},
		"unknown field": {tlv(0x30, tlv(0xA0, tlv(0x30, []byte{6, 1, 9}))), certificate.ErrUnsupportedSignature},
	} {
		ca := issue(t, pki, testpki.Request{
			Profile: testpki.AuthorityProfile, Key: pki.Intermediate.Key, Issuer: pki.Root, Subject: pki.Intermediate.Certificate.RawSubject,
			Change: func(c *testpki.Template) {
				c.SubjectPublicKeyInfo = spki(t, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}, test.parameters, pki.Intermediate.Certificate.PublicKeyInfo.Key)
			},
		})
		leaf := issue(t, pki, testpki.Request{Issuer: ca, Change: func(c *testpki.Template) { c.Signature = algorithm.NewPSS(algorithm.SHA256) }})
		err := leaf.Certificate.CheckSignatureFrom(ca.Certificate)
		if test.want == nil {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorIs(t, err, test.want, name)
	}
}

// Weak algorithms are told and refuse nothing.
func TestWeaknesses(t *testing.T) {
	pki := fixed(t)
	leaf := issue(t, pki, testpki.Request{KeyType: testpki.RSA1024, Change: func(c *testpki.Template) {
		c.Signature = algorithm.Signature{Scheme: algorithm.RSA, Hash: algorithm.SHA1}
	}})
	path, err := certificate.BuildPath(t.Context(), leaf.Certificate, certificate.PathOptions{
		Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: leaf.Chain,
	})
	require.NoError(t, err)
	found := map[string]int{}
	for _, w := range path.Weaknesses() {
		require.Equal(t, path.Certificates[w.Depth], w.Certificate)
		require.False(t, w.Until.IsZero())
		found[w.Name] = max(found[w.Name], w.Depth+1)
	}
	require.Equal(t, map[string]int{"SHA-1": 1, "RSA with 1024 bits": 1, "RSA with 2048 bits": 2}, found)
}

// signedData wraps certificates as authorities publish them, in BER if so wanted.
func signedData(indefinite bool, list ...[]byte) []byte {
	certs := tlv(0xA0, list...)
	if indefinite {
		certs = []byte{0xA0, 0x80}
		for _, c := range list {
			certs = append(certs, c...)
		}
		certs = append(certs, 0, 0)
	}
	data := oid(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1})
	return tlv(0x30, oid(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}), tlv(0xA0,
		tlv(0x30, []byte{2, 1, 1}, tlv(0x31), tlv(0x30, data), certs, tlv(0x31))))
}

func TestAnchorsFromPKCS7(t *testing.T) {
	pki := fixed(t)
	want := certificates(pki.Root, pki.Intermediate)
	attribute := tlv(0xA2, []byte{2, 1, 0}) // another kind of certificate
	for _, der := range [][]byte{
		signedData(false, want[0].Raw, attribute, want[1].Raw),
		signedData(true, want[0].Raw, want[1].Raw),
	} {
		for _, data := range [][]byte{der, pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: der})} {
			list, err := certificate.ParsePEM(data)
			require.NoError(t, err)
			require.Len(t, list, 2)
			require.True(t, list[0].Equal(want[0]) && list[1].Equal(want[1]))
			p := certificate.NewPool()
			require.NoError(t, p.AddPEM(data, certificate.TimeStamping))
			require.Equal(t, 2, p.Len())
		}
	}
	whole := signedData(false, want[0].Raw)
	for name, data := range map[string][]byte{
		"without certificates": signedData(false),
		"with a broken one":    signedData(false, []byte{0x30, 0}),
		"other content":        tlv(0x30, oid(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}), tlv(0xA0)),
		"cut off":              whole[:len(whole)/2],
		"no content":           tlv(0x30, oid(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2})),
	} {
		_, err := certificate.ParsePEM(data)
		require.Error(t, err, name)
	}
}

func TestSystemPool(t *testing.T) {
	_, err := certificate.SystemPool()
	require.ErrorContains(t, err, "for what")
	pki := fixed(t)
	folder := t.TempDir()
	file := filepath.Join(folder, "store.pem")
	broken := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte{1}})
	require.NoError(t, os.WriteFile(file, append(broken, pki.Root.PEM()...), 0o600))
	check := func() {
		p, err := certificate.SystemPool(certificate.TimeStamping)
		require.NoError(t, err)
		require.Equal(t, 1, p.Len())
		require.True(t, p.Contains(pki.Root.Certificate, certificate.TimeStamping))
		require.False(t, p.Contains(pki.Root.Certificate, certificate.Signing))
	}
	if os.PathSeparator == '\\' {
		t.Skip("the store of Windows is not a file")
	}
	t.Setenv("SSL_CERT_FILE", file)
	t.Setenv("SSL_CERT_DIR", "")
	check()
	t.Setenv("SSL_CERT_FILE", "")
	t.Setenv("SSL_CERT_DIR", folder) // and not what the system has beside it
	check()
	t.Setenv("SSL_CERT_FILE", filepath.Join(folder, "missing"))
	_, err = certificate.SystemPool(certificate.Signing)
	require.ErrorContains(t, err, "SSL_CERT_FILE")
	t.Setenv("SSL_CERT_FILE", "")
	t.Setenv("SSL_CERT_DIR", filepath.Join(folder, "missing"))
	_, err = certificate.SystemPool(certificate.Signing)
	require.ErrorContains(t, err, "SSL_CERT_DIR")
	t.Setenv("SSL_CERT_DIR", t.TempDir())
	_, err = certificate.SystemPool(certificate.Signing)
	require.ErrorContains(t, err, "no store")
}

// The certificates of signers in Japan that crypto/x509 rejects or misreads are
// leaves of paths, and issuers with such names are found.
func TestPathsOfCertificatesInTheWild(t *testing.T) {
	pki := fixed(t)
	attribute := func(tag uint8, value string) testpki.Attribute {
		return testpki.Attribute{Type: asn1.ObjectIdentifier{2, 5, 4, 10}, Tag: tag, Value: []byte(value)}
	}
	jpki := asn1.ObjectIdentifier{1, 2, 392, 200149, 8, 5, 5, 1}
	person := critical(oidSubjectAltName, tlv(0x30, otherName(jpki, tlv(12, []byte("山田太郎")))))
	directory := extension(oidCRLPoints, directoryPoint(testpki.Person("CRL1")))
	for name, subject := range map[string][]byte{
		"BMPString with surrogates":    testpki.Name(testpki.CommonName("𠮷田認証局").BMPString()),
		"UniversalString":              testpki.Name(attribute(28, "\x00\x02\x0b\xb7\x00\x00\x75\x30")),
		"Shift_JIS in a T61String":     testpki.Name(attribute(20, "\x8eR\x93c")),
		"odd PrintableString":          testpki.Name(attribute(19, "a_b@c")),
		"several attributes in an RDN": testpki.NameOf([]testpki.Attribute{testpki.CommonName("局"), attribute(12, "部")}),
	} {
		ca := issue(t, pki, authority(name, pki.Root, func(c *testpki.Template) {
			c.Subject, c.Serial = subject, []byte{0x80, 1}
		}))
		leaf := issue(t, pki, testpki.Request{Issuer: ca, Subject: subject, Change: with(person, directory)})
		path, err := certificate.BuildPath(t.Context(), leaf.Certificate, certificate.PathOptions{
			Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now().Add(time.Hour), Candidates: certificates(ca),
		})
		require.NoError(t, err, name)
		require.Len(t, path.Certificates, 3)
	}
}
