package tsa_test

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/tsa"
)

var data = []byte("stamped data")

func digest() []byte {
	sum := sha256.Sum256(data)
	return sum[:]
}

// authority returns a time-stamping identity, changed before it is signed.
func authority(t testing.TB, kind testpki.KeyType, change func(*testpki.Template)) *testpki.Identity {
	t.Helper()
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	id, err := pki.Issue(&testpki.Request{Profile: testpki.TimeStamperProfile, KeyType: kind, Change: change})
	require.NoError(t, err)
	return id
}

func stamp(t testing.TB, id *testpki.Identity, token testpki.Token) []byte {
	t.Helper()
	if token.Digest == nil {
		token.Digest = digest()
	}
	der, err := id.Stamp(&token)
	require.NoError(t, err)
	return der
}

func parse(t testing.TB, der []byte) *tsa.Token {
	t.Helper()
	token, rest, err := tsa.ParseToken(der)
	require.NoError(t, err)
	require.Empty(t, rest)
	return token
}

func TestParseToken(t *testing.T) {
	id := authority(t, testpki.RSA2048, nil)
	sum := sha512.Sum512(data)
	der := stamp(t, id, testpki.Token{
		Hash: crypto.SHA512, Digest: sum[:], Policy: asn1.ObjectIdentifier{1, 2, 392, 5}, Serial: big.NewInt(-7),
		GenTime: "20260401090000.125Z", Accuracy: time.Second + 500*time.Millisecond + 3*time.Microsecond,
		Ordering: true, Nonce: new(big.Int).Lsh(big.NewInt(1), 70), TSA: id.Certificate.RawSubject,
	})
	token, rest, err := tsa.ParseToken(append(bytes.Clone(der), 0, 0, 0))
	require.NoError(t, err)
	require.Equal(t, []byte{0, 0, 0}, rest)
	require.Equal(t, der, token.Raw)
	require.Equal(t, crypto.SHA512, token.Hash)
	require.Equal(t, sum[:], token.Imprint)
	require.Equal(t, "1.2.392.5", token.Policy.String())
	require.Equal(t, big.NewInt(-7), token.SerialNumber)
	require.Equal(t, time.Date(2026, 4, 1, 9, 0, 0, 125e6, time.UTC), token.Time)
	require.True(t, token.HasAccuracy)
	require.Equal(t, 1500003*time.Microsecond, token.Accuracy)
	require.True(t, token.Ordering)
	require.Equal(t, new(big.Int).Lsh(big.NewInt(1), 70), token.Nonce)
	require.True(t, token.TSA.Equal(id.Certificate.Subject))

	v, err := token.Verify(sum[:])
	require.NoError(t, err)
	require.True(t, v.ImprintValid && v.SignatureValid)
	require.Equal(t, id.Certificate, v.Certificate)

	plain := parse(t, stamp(t, id, testpki.Token{}))
	require.False(t, plain.HasAccuracy)
	require.Nil(t, plain.Nonce)
	require.Nil(t, plain.TSA)
}

func TestEveryKeyType(t *testing.T) {
	for _, kind := range []testpki.KeyType{testpki.RSA2048, testpki.P256, testpki.P384, testpki.P521, testpki.Ed25519} {
		token := parse(t, stamp(t, authority(t, kind, nil), testpki.Token{}))
		_, err := token.Verify(digest())
		require.NoError(t, err, kind)
	}
}

func TestVerifyFails(t *testing.T) {
	timeStamping := asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}
	purpose := func(critical bool, more ...asn1.ObjectIdentifier) func(*testpki.Template) {
		return func(c *testpki.Template) {
			c.Extensions = append(c.Extensions[:2:2], testpki.ExtendedKeyUsage(critical, append(more, timeStamping)...))
		}
	}
	other := sha256.Sum256([]byte("something else"))
	stranger := testpki.Person("somebody else")
	criticalExtension := func(info []byte) []byte {
		extension := []byte{0xa1, 12, 0x30, 10, 6, 2, 0x2a, 3, 1, 1, 0xff, 4, 1, 0}
		return append(append([]byte{info[0], info[1] + byte(len(extension))}, info[2:]...), extension...)
	}
	for _, test := range []struct {
		name    string
		change  func(*testpki.Template)
		token   testpki.Token
		damage  func([]byte) []byte
		want    error
		finding string
	}{
		{name: "another imprint", token: testpki.Token{Digest: other[:]}, want: cms.ErrDigest},
		{name: "imprint of another length", token: testpki.Token{Digest: []byte{1}}, want: cms.ErrMalformed},
		{name: "signature", damage: flipLast, want: cms.ErrSignature},
		{name: "altered TSTInfo", damage: func(b []byte) []byte { return bytes.Replace(b, []byte("20260401"), []byte("20250401"), 1) }, want: cms.ErrDigest},
		{name: "purpose not critical", change: purpose(false), want: cms.ErrConstraint, finding: tsa.CodePurpose},
		{name: "purpose not alone", change: purpose(true, asn1.ObjectIdentifier{1, 2, 3}), want: cms.ErrConstraint, finding: tsa.CodePurpose},
		{name: "no purpose", change: func(c *testpki.Template) { c.Extensions = nil }, want: cms.ErrConstraint, finding: tsa.CodePurpose},
		{name: "before the certificate", token: testpki.Token{Time: testpki.Now().AddDate(-1, 0, 0)}, want: cms.ErrConstraint, finding: tsa.CodeValidity},
		{name: "after the certificate", token: testpki.Token{Time: testpki.Now().AddDate(11, 0, 0)}, want: cms.ErrConstraint, finding: tsa.CodeValidity},
		{name: "critical extension", token: testpki.Token{Change: criticalExtension}, want: cms.ErrConstraint, finding: tsa.CodeExtensions},
		{name: "another name is a warning", token: testpki.Token{TSA: stranger}, finding: tsa.CodeName},
	} {
		t.Run(test.name, func(t *testing.T) {
			der := stamp(t, authority(t, testpki.RSA2048, test.change), test.token)
			if test.damage != nil {
				der = test.damage(der)
			}
			v, err := parse(t, der).Verify(digest())
			if test.want == nil {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, test.want)
			}
			if test.finding != "" {
				require.True(t, has(v, test.finding), "%v", v.Findings)
				require.True(t, v.ImprintValid && v.SignatureValid)
			} else {
				require.False(t, v.ImprintValid && v.SignatureValid)
			}
		})
	}
}

func has(v *tsa.Verification, code string) bool {
	for _, f := range v.Findings {
		if f.Code == code {
			return true
		}
	}
	return false
}

func flipLast(b []byte) []byte {
	b = bytes.Clone(b)
	b[len(b)-1] ^= 1
	return b
}

func TestNameInAnotherOrder(t *testing.T) {
	id := authority(t, testpki.RSA2048, nil)
	reversed := testpki.Name(testpki.CommonName("Inkan Test TSA"), testpki.Organization("Inkan Test"), testpki.Country("JP"))
	v, err := parse(t, stamp(t, id, testpki.Token{TSA: reversed})).Verify(digest())
	require.NoError(t, err)
	require.False(t, has(v, tsa.CodeName))
}

func TestCertificateFromOutside(t *testing.T) {
	id := authority(t, testpki.RSA2048, nil)
	der := stamp(t, id, testpki.Token{})
	// The token's own certificates become something unreadable of the same length.
	der = bytes.Replace(der, id.Certificate.Raw, append([]byte{0x30, 0x82, byte((len(id.Certificate.Raw) - 4) >> 8), byte(len(id.Certificate.Raw) - 4)},
		make([]byte, len(id.Certificate.Raw)-4)...), 1)
	token := parse(t, der)
	_, err := token.Certificate()
	require.ErrorIs(t, err, cms.ErrNoCertificate)
	v, err := token.Verify(digest())
	require.ErrorIs(t, err, cms.ErrNoCertificate)
	require.True(t, v.ImprintValid)
	require.False(t, v.SignatureValid)
	_, err = token.Verify(digest(), id.Certificate)
	require.NoError(t, err)
	c, err := token.Certificate(id.Certificate)
	require.NoError(t, err)
	require.Equal(t, id.Certificate, c)
}

func TestParseTokenRefuses(t *testing.T) {
	id := authority(t, testpki.RSA2048, nil)
	replace := func(old, replacement []byte) func([]byte) []byte {
		return func(info []byte) []byte {
			require.Equal(t, 1, bytes.Count(info, old))
			out := bytes.Replace(info, old, replacement, 1)
			out[1] += byte(len(replacement) - len(old))
			return out
		}
	}
	genTime := []byte("\x18\x0f20260401090000Z")
	for _, test := range []struct {
		name  string
		token testpki.Token
	}{
		{"another content type", testpki.Token{ContentType: asn1.ObjectIdentifier{1, 2, 3}}},
		{"empty content", testpki.Token{Change: func([]byte) []byte { return []byte{} }}},
		{"bytes after", testpki.Token{Change: func(b []byte) []byte { return append(b, 0, 0) }}},
		{"version", testpki.Token{Change: replace([]byte{2, 1, 1, 6}, []byte{2, 1, 2, 6})}},
		{"genTime without Z", testpki.Token{GenTime: "20260401090000"}},
		{"genTime with an offset", testpki.Token{GenTime: "20260401090000+0900"}},
		{"genTime without seconds", testpki.Token{GenTime: "202604010900Z"}},
		{"genTime too long", testpki.Token{GenTime: "20260401090000." + string(bytes.Repeat([]byte("0"), 49)) + "Z"}},
		{"millis out of range", testpki.Token{Change: replace(genTime, append(genTime[:len(genTime):len(genTime)], 0x30, 4, 0x80, 2, 3, 0xe8))}},
		{"negative accuracy", testpki.Token{Change: replace(genTime, append(genTime[:len(genTime):len(genTime)], 0x30, 3, 2, 1, 0xff))}},
		{"something at the end", testpki.Token{Change: replace(genTime, append(genTime[:len(genTime):len(genTime)], 4, 0))}},
		{"serial too long", testpki.Token{Serial: new(big.Int).Lsh(big.NewInt(1), 8*64)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := tsa.ParseToken(stamp(t, id, test.token))
			require.ErrorIs(t, err, cms.ErrMalformed)
		})
	}
	_, _, err := tsa.ParseToken(nil)
	require.ErrorIs(t, err, cms.ErrMalformed)
	_, _, err = tsa.ParseToken(stamp(t, id, testpki.Token{Serial: new(big.Int).Lsh(big.NewInt(1), 8*64-2)}))
	require.NoError(t, err, "the longest serial number")
	_, _, err = tsa.ParseToken(stamp(t, id, testpki.Token{GenTime: "20260401090000." + string(bytes.Repeat([]byte("0"), 48)) + "Z"}))
	require.NoError(t, err, "the longest time")
}

func TestExtensionLimit(t *testing.T) {
	id := authority(t, testpki.Ed25519, nil)
	for n, fits := range map[int]bool{64: true, 65: false} {
		list := bytes.Repeat([]byte{0x30, 7, 6, 2, 0x2a, 3, 4, 1, 0}, n)
		der := stamp(t, id, testpki.Token{Change: func(info []byte) []byte {
			body := append(bytes.Clone(info[2:]), 0xa1, 0x82, byte(len(list)>>8), byte(len(list)))
			body = append(body, list...)
			return append([]byte{0x30, 0x82, byte(len(body) >> 8), byte(len(body))}, body...)
		}})
		_, _, err := tsa.ParseToken(der)
		require.Equal(t, fits, err == nil, "%v", err)
	}
}

// TestParseTokenWith reads the certificate of an authority once for two tokens.
func TestParseTokenWith(t *testing.T) {
	id := authority(t, testpki.RSA2048, nil)
	var certificates certificate.Parser
	known, err := certificates.Parse(id.Certificate.Raw)
	require.NoError(t, err)
	for range 2 {
		token, _, err := tsa.ParseTokenWith(&certificates, stamp(t, id, testpki.Token{}))
		require.NoError(t, err)
		own, err := token.Certificate()
		require.NoError(t, err)
		require.Same(t, known, own)
		same, err := tsa.NewToken(token.SignedData)
		require.NoError(t, err)
		require.Equal(t, token, same)
	}
}
