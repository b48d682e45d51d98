package cms

import (
	"bytes"
	"crypto"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/ber"
)

func TestParseRefuses(t *testing.T) {
	id := newIdentity(t, "P-256")
	valid := newForgery(t, id, p256).der()
	integer := tlv(t, 2, []byte{1})
	wrap := func(parts ...[]byte) []byte {
		return tlv(t, 0x30, oidDER(t, OIDSignedData), tlv(t, 0xa0, tlv(t, 0x30, parts...)))
	}
	encap := tlv(t, 0x30, oidDER(t, OIDData))
	empty := tlv(t, 0x31)
	signer := newForgery(t, id, p256).signerInfo()
	tests := []struct {
		name string
		in   []byte
		want error
	}{
		{"nothing", nil, ErrMalformed},
		{"zeros", make([]byte, 100), ErrMalformed},
		{"no sequence", tlv(t, 4, []byte("x")), ErrMalformed},
		{"another type", tlv(t, 0x30, oidDER(t, OIDData), tlv(t, 0xa0, tlv(t, 4, content))), ErrMalformed},
		{"no content", tlv(t, 0x30, oidDER(t, OIDSignedData)), ErrMalformed},
		{"bytes after the content", tlv(t, 0x30, oidDER(t, OIDSignedData), tlv(t, 0xa0, tlv(t, 0x30)), integer), ErrMalformed},
		{"two contents", tlv(t, 0x30, oidDER(t, OIDSignedData), tlv(t, 0xa0, tlv(t, 0x30), tlv(t, 0x30))), ErrMalformed},
		{"empty SignedData", wrap(), ErrMalformed},
		{"no signerInfos", wrap(integer, empty, encap), ErrMalformed},
		{"bytes after signerInfos", wrap(integer, empty, encap, empty, integer), ErrMalformed},
		{"content type missing", wrap(integer, empty, tlv(t, 0x30), empty), ErrMalformed},
		{"content type beyond 31 bits", wrap(integer, empty, tlv(t, 0x30, tlv(t, 6, []byte{0x2a, 0x8f, 0xff, 0xff, 0xff, 0xff, 0x7f})), empty), ErrLimit},
		{"eContent with two elements", wrap(integer, empty, tlv(t, 0x30, oidDER(t, OIDData), tlv(t, 0xa0, integer, integer)), empty), ErrMalformed},
		{"version too long", wrap(tlv(t, 2, make([]byte, 5)), empty, encap, empty), ErrLimit},
		{"SignerInfo empty", wrap(integer, empty, encap, tlv(t, 0x31, tlv(t, 0x30))), ErrMalformed},
		{"SignerInfo of another type", wrap(integer, empty, encap, tlv(t, 0x31, integer)), ErrMalformed},
		{"empty key identifier", replaced(t, id, func(f *forgery) { f.sid = tlv(t, 0x80) }), ErrMalformed},
		{"sid of another type", replaced(t, id, func(f *forgery) { f.sid = integer }), ErrMalformed},
		{"signed attributes empty", replaced(t, id, func(f *forgery) { f.rawSet = tlv(t, 0xa0) }), ErrMalformed},
		{"signed attributes primitive", replaced(t, id, func(f *forgery) { f.rawSet = tlv(t, 0x80, []byte{1}) }), ErrMalformed},
		{"attribute of another type", replaced(t, id, func(f *forgery) { f.attributes = [][]byte{integer} }), ErrMalformed},
		{"attribute without values", replaced(t, id, func(f *forgery) { f.attributes = [][]byte{tlv(t, 0x30, oidDER(t, OIDData))} }), ErrMalformed},
		{"attribute with more than values", replaced(t, id, func(f *forgery) { f.attributes = [][]byte{tlv(t, 0x30, oidDER(t, OIDData), empty, integer)} }), ErrMalformed},
		{"cut", valid[:len(valid)-1], ErrMalformed},
		{"8 MB of open lengths", bytes.Repeat([]byte{0x30, 0x80}, 4<<20), ErrLimit},
		{"too large", make([]byte, maxSize+1), ErrLimit},
		{"too many signers", wrap(integer, empty, encap, tlv(t, 0x31, bytes.Repeat(signer, maxSignerInfos+1))), ErrLimit},
		{"too many digest algorithms", wrap(integer, tlv(t, 0x31, bytes.Repeat(tlv(t, 0x30, oidDER(t, OIDData)), maxDigests+1)), encap, empty), ErrLimit},
		{"too many certificates", wrap(integer, empty, encap, tlv(t, 0xa0, bytes.Repeat(tlv(t, 0xa3), maxChoices+1)), empty), ErrLimit},
		{"too many revocations", wrap(integer, empty, encap, tlv(t, 0xa1, bytes.Repeat(tlv(t, 0xa3), maxChoices+1)), empty), ErrLimit},
		{"too many attributes", replaced(t, id, func(f *forgery) {
			f.rawSet = tlv(t, 0xa0, bytes.Repeat(attr(t, OIDData, integer), maxAttributes+1))
		}), ErrLimit},
		{"too many values", replaced(t, id, func(f *forgery) {
			f.rawSet = tlv(t, 0xa0, attr(t, OIDData, bytes.Repeat(integer, maxAttributeValues+1)))
		}), ErrLimit},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			sd, rest, err := Parse(tt.in)
			require.ErrorIs(t, err, tt.want)
			require.Nil(t, sd)
			require.Nil(t, rest)
			require.Less(t, time.Since(start), time.Second)
		})
	}
	for name, in := range map[string][]byte{
		"signers":           wrap(integer, empty, encap, tlv(t, 0x31, bytes.Repeat(signer, maxSignerInfos))),
		"no signers":        wrap(integer, empty, encap, empty),
		"digest algorithms": wrap(integer, tlv(t, 0x31, bytes.Repeat(tlv(t, 0x30, oidDER(t, OIDData)), maxDigests)), encap, empty),
		"certificates":      wrap(integer, empty, encap, tlv(t, 0xa0, bytes.Repeat(tlv(t, 0xa3), maxChoices)), empty),
		"revocations":       wrap(integer, empty, encap, tlv(t, 0xa1, bytes.Repeat(tlv(t, 0xa3), maxChoices)), empty),
		"attributes": replaced(t, id, func(f *forgery) {
			f.rawSet = tlv(t, 0xa0, bytes.Repeat(attr(t, OIDData, integer), maxAttributes))
		}),
		"values": replaced(t, id, func(f *forgery) {
			f.rawSet = tlv(t, 0xa0, attr(t, OIDData, bytes.Repeat(integer, maxAttributeValues)))
		}),
		"size": append(bytes.Clone(valid), make([]byte, maxSize-len(valid))...),
	} {
		_, _, err := Parse(in)
		require.NoError(t, err, "%s at the limit", name)
	}
}

// TestCertificateIDLimit: the list in a signing-certificate attribute at the limit and one over.
func TestCertificateIDLimit(t *testing.T) {
	id := newIdentity(t, "P-256")
	one := tlv(t, 0x30, tlv(t, 4, digestOf(crypto.SHA256, id.cert.Raw)))
	for n, want := range map[int]error{maxCertificateIDs: nil, maxCertificateIDs + 1: ErrConstraint} {
		f := newForgery(t, id, p256)
		f.replace(OIDSigningCertificateV2, attr(t, OIDSigningCertificateV2, tlv(t, 0x30, tlv(t, 0x30, bytes.Repeat(one, n)))))
		_, err := f.verify(f.der())
		require.ErrorIs(t, err, want)
	}
}

func replaced(t testing.TB, id *identity, change func(*forgery)) []byte {
	f := newForgery(t, id, p256)
	f.signature = []byte{1}
	change(f)
	return f.der()
}

// TestChoicesAreKept: every certificate and revocation value is there, read or not, in order.
func TestChoicesAreKept(t *testing.T) {
	id := newIdentity(t, "P-256")
	broken := tlv(t, 0x30, tlv(t, 2, []byte{1}))
	f := newForgery(t, id, p256)
	f.choices = [][]byte{tlv(t, 0xa0), tlv(t, 0xa1), tlv(t, 0xa2), tlv(t, 0xa3, oidDER(t, OIDData), []byte{5, 0}), tlv(t, 0xa9), broken,
		tlv(t, 2, []byte{1}), id.cert.Raw, id.root.Raw}
	ocsp := tlv(t, 0x30, tlv(t, 10, []byte{0}))
	f.revocations = [][]byte{broken, tlv(t, 0xa1, oidDER(t, oidOCSPResponse), ocsp), tlv(t, 0xa1, oidDER(t, OIDData), []byte{5, 0}),
		tlv(t, 0xa1), tlv(t, 0xa7), tlv(t, 2, []byte{1}), tlv(t, 0xa1, oidDER(t, OIDData), []byte{5, 0}, []byte{5, 0})}
	sd, si := parse(t, f.der())
	var kinds []CertificateKind
	for i, c := range sd.Certificates {
		require.Equal(t, f.choices[i], c.Raw)
		kinds = append(kinds, c.Kind)
	}
	require.Equal(t, []CertificateKind{ExtendedCertificate, AttributeCertificateV1, AttributeCertificateV2, OtherCertificate,
		UnknownCertificate, X509Certificate, UnknownCertificate, X509Certificate, X509Certificate}, kinds)
	require.Error(t, sd.Certificates[5].Err)
	require.Nil(t, sd.Certificates[5].Certificate)
	require.Len(t, sd.X509Certificates(), 2)
	var revocations []RevocationKind
	for i, c := range sd.Revocations {
		require.Equal(t, f.revocations[i], c.Raw)
		revocations = append(revocations, c.Kind)
	}
	require.Equal(t, []RevocationKind{CRL, OCSPResponse, OtherRevocation, UnknownRevocation, UnknownRevocation, UnknownRevocation, UnknownRevocation}, revocations)
	require.Equal(t, ocsp, sd.Revocations[1].Value)
	cert, err := sd.SignerCertificate(si)
	require.NoError(t, err)
	_, err = si.Verify(cert, digestOf(crypto.SHA256, content))
	require.NoError(t, err)
}

// TestEncapsulatedContent: content of any type, in one piece and in segments, and content that is no OCTET STRING.
func TestEncapsulatedContent(t *testing.T) {
	id := newIdentity(t, "P-256")
	text := []byte("a TSTInfo")
	template := &Template{Algorithm: p256, ContentType: OIDTSTInfo, Content: text, Certificate: id.cert}
	der := id.sign(t, template)
	for _, b := range [][]byte{der, toBER(t, der, func(e ber.Element) bool {
		return e.Is(ber.ContextSpecific, 0) && len(e.Content) > 300 && e.Content[0] == 0x30 && false
	})} {
		sd, rest, err := Parse(b)
		require.NoError(t, err)
		require.Empty(t, rest)
		require.Equal(t, 3, sd.Version)
		require.Equal(t, OIDTSTInfo, sd.ContentType)
		require.True(t, sd.HasContent)
		require.Equal(t, text, sd.Content)
		digest, err := sd.ContentDigest(Hash(crypto.SHA256))
		require.NoError(t, err)
		cert, err := sd.SignerCertificate(sd.SignerInfos[0])
		require.NoError(t, err)
		_, err = sd.SignerInfos[0].Verify(cert, digest)
		require.NoError(t, err)
	}
	f := newForgery(t, id, p256)
	f.content = tlv(t, 0x30, tlv(t, 4, text))
	sd, _ := parse(t, f.der())
	require.Equal(t, tlv(t, 4, text), sd.Content, "without tag and length")
	f.content = tlv(t, 4)
	sd, _ = parse(t, f.der())
	require.True(t, sd.HasContent)
	require.Empty(t, sd.Content)
	f.content = nil
	sd, _ = parse(t, f.der())
	require.False(t, sd.HasContent)
	_, err := sd.ContentDigest(Hash(crypto.SHA256))
	require.Error(t, err)
}

// TestErrorsAreSpecific: no error of this package is taken for another.
func TestErrorsAreSpecific(t *testing.T) {
	all := []error{ErrMalformed, ErrLimit, ErrDigest, ErrSignature, ErrConstraint, ErrUnsupported, ErrNoCertificate, ErrKey}
	for i, kind := range all {
		err := fail(kind, "text %d", i)
		require.Regexp(t, "^cms: ", err.Error())
		for j, other := range all {
			require.Equal(t, i == j, bytes.Equal([]byte(kind.Error()), []byte(other.Error())))
			require.Equal(t, i == j, errorIs(err, other))
		}
	}
}

// FuzzParse: no panic; what is parsed is a part of the input; a changed byte under the signature never verifies.
func FuzzParse(f *testing.F) {
	id := newIdentity(f, "P-256")
	edID := newIdentity(f, "Ed25519")
	forged := newForgery(f, id, p256)
	der := forged.der()
	token := id.sign(f, &Template{Algorithm: p256, ContentType: OIDTSTInfo, Content: []byte("x"), Certificate: id.cert})
	bare := newForgery(f, id, p256)
	bare.attributes, bare.message = nil, content
	seeds := [][]byte{der, toBER(f, der, nil), token, bare.der(), edID.sign(f, edID.template(Algorithm{Ed25519, crypto.SHA512})),
		bytes.Repeat([]byte{0x30, 0x80}, 100)}
	if len(seeds) < 6 {
		f.Fatal("seeds are missing")
	}
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		sd, rest, err := Parse(b)
		if err != nil {
			return
		}
		require.Equal(t, len(b), len(sd.Raw)+len(rest))
		for _, si := range sd.SignerInfos {
			require.True(t, bytes.Contains(sd.Raw, si.Raw))
			_, _ = si.SigningTime()
			_, _ = si.Algorithm()
			_, _ = si.SignedMessage()
			h, err := si.DigestHash()
			if err != nil {
				continue
			}
			cert, _ := sd.SignerCertificate(si, id.cert, edID.cert)
			v, err := si.Verify(cert, digestOf(h, content))
			require.NotNil(t, v)
			if err == nil {
				require.True(t, v.DigestValid && v.SignatureValid)
			}
			_, err = si.Verify(id.cert, digestOf(h, []byte("another content")))
			require.Error(t, err)
		}
		if len(sd.SignerInfos) == 1 {
			_, _ = sd.AddUnsigned(Attribute{Type: OIDSignatureTimeStamp, Values: [][]byte{{5, 0}}})
		}
	})
}

// TestFlippedBytes: no single byte of a signer can change without the signature failing, but for its unsigned parts.
func TestFlippedBytes(t *testing.T) {
	id := newIdentity(t, "P-256")
	f := newForgery(t, id, p256)
	der := f.der()
	set := tlv(t, 0xa0, f.ordered()...)
	at := bytes.Index(der, set)
	require.Positive(t, at)
	for i := range set {
		for _, mask := range []byte{1, 0x20, 0x80} {
			b := bytes.Clone(der)
			b[at+i] ^= mask
			sd, _, err := Parse(b)
			if err != nil || len(sd.SignerInfos) != 1 {
				continue
			}
			_, err = sd.SignerInfos[0].Verify(id.cert, digestOf(crypto.SHA256, content))
			require.Error(t, err, "byte %d of the attributes", i)
		}
	}
}

func errorIs(err, target error) bool {
	for _, e := range unwrapAll(err) {
		if e == target {
			return true
		}
	}
	return false
}

func unwrapAll(err error) []error {
	list := []error{err}
	if u, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range u.Unwrap() {
			list = append(list, unwrapAll(e)...)
		}
	}
	return list
}

func BenchmarkParseAndVerify(b *testing.B) {
	for _, kind := range []string{"RSA", "P-256"} {
		id := newIdentity(b, kind)
		a, err := AlgorithmFor(id.key.Public())
		require.NoError(b, err)
		template := id.template(a)
		der := id.sign(b, template)
		b.Run(kind, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sd, _, err := Parse(der)
				if err != nil {
					b.Fatal(err)
				}
				cert, err := sd.SignerCertificate(sd.SignerInfos[0])
				if err != nil {
					b.Fatal(err)
				}
				if _, err := sd.SignerInfos[0].Verify(cert, template.ContentDigest); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkTemplate(b *testing.B) {
	id := newIdentity(b, "RSA")
	template := id.template(Algorithm{RSA, crypto.SHA256})
	signature := make([]byte, 256)
	b.ReportAllocs()
	for b.Loop() {
		attributes, err := template.SignedAttributes()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := template.SignedData(attributes, signature); err != nil {
			b.Fatal(err)
		}
	}
}
