package verify_test

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"encoding/asn1"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/verify"
)

// stampedValue is a SignedData with a time stamp over the signature value. The attribute
// that binds the certificate, if there is to be none, package cms does not leave out.
func stampedValue(t *testing.T, by, tsa *testpki.Identity, digest []byte, at time.Time, binds bool) []byte {
	template := &cms.Template{Algorithm: cms.Algorithm{Scheme: cms.RSA, Hash: crypto.SHA256}, ContentType: cms.OIDData, ContentDigest: digest, Certificate: by.Certificate}
	set, err := template.SignedAttributes()
	require.NoError(t, err)
	kept := members(t, set, func(attribute []byte) bool {
		return binds || !bytes.Contains(attribute, oidBytes(t, cms.OIDSigningCertificateV2))
	})
	sum := sha256.Sum256(element(cbasn1.SET, kept...))
	value, err := by.Key.Sign(nil, sum[:], crypto.SHA256)
	require.NoError(t, err)
	imprint := sha256.Sum256(value)
	token, err := tsa.Stamp(&testpki.Token{Digest: imprint[:], Time: at})
	require.NoError(t, err)

	marshal := func(v any) []byte {
		der, err := asn1.Marshal(v)
		require.NoError(t, err)
		return der
	}
	context := func(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }
	hash := element(cbasn1.SEQUENCE, oidBytes(t, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}))
	signer := element(cbasn1.SEQUENCE, marshal(1), element(cbasn1.SEQUENCE, by.Certificate.RawIssuer, marshal(by.Certificate.SerialNumber)),
		hash, element(context(0), kept...), element(cbasn1.SEQUENCE, oidBytes(t, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}), []byte{5, 0}), marshal(value),
		element(context(1), element(cbasn1.SEQUENCE, oidBytes(t, cms.OIDSignatureTimeStamp), element(cbasn1.SET, token))))
	var chain []byte
	for _, c := range by.Chain {
		chain = append(chain, c.Raw...)
	}
	data := element(cbasn1.SEQUENCE, marshal(1), element(cbasn1.SET, hash), element(cbasn1.SEQUENCE, oidBytes(t, cms.OIDData)), element(context(0), chain), element(cbasn1.SET, signer))
	return element(cbasn1.SEQUENCE, oidBytes(t, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}), element(context(0), data))
}

func element(tag cbasn1.Tag, parts ...[]byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(tag, func(b *cryptobyte.Builder) { b.AddBytes(bytes.Join(parts, nil)) })
	return b.BytesOrPanic()
}

func oidBytes(t *testing.T, id asn1.ObjectIdentifier) []byte {
	der, err := asn1.Marshal(id)
	require.NoError(t, err)
	return der
}

// members returns the members of a SET that are to be kept.
func members(t *testing.T, der []byte, keep func([]byte) bool) [][]byte {
	set := cryptobyte.String(der)
	require.True(t, set.ReadASN1(&set, cbasn1.SET))
	var list [][]byte
	for !set.Empty() {
		var member cryptobyte.String
		var tag cbasn1.Tag
		require.True(t, set.ReadAnyASN1Element(&member, &tag))
		if keep(member) {
			list = append(list, member)
		}
	}
	return list
}

// TestCertificateByLostAuthority: whoever gets hold of the key of an authority can make a
// certificate of long ago for a key of his own, by which he signed and had that stamped
// in time. Only a certificate that is proven to be older than the revocation counts.
func TestCertificateByLostAuthority(t *testing.T) {
	signed := testpki.Now().AddDate(-2, 0, 0)
	lost := signed.AddDate(1, 0, 0)
	pki, err := testpki.New(&testpki.Options{Now: signed})
	require.NoError(t, err)
	signer, err := pki.Issue(&testpki.Request{})
	require.NoError(t, err)
	tsa, err := pki.Issue(&testpki.Request{Issuer: pki.Root, Profile: testpki.TimeStamperProfile})
	require.NoError(t, err)
	crl, err := pki.Root.SignCRL(&testpki.CRL{Entries: []testpki.CRLEntry{{Serial: pki.Intermediate.Certificate.SerialNumber, Date: lost, Reason: 1}}})
	require.NoError(t, err)
	for binds, want := range map[bool]verify.SubIndication{true: "", false: verify.RevokedCANoPOE} {
		m := &maker{pki: pki, signer: signer, stamp: tsa}
		file := m.sign(t, contract(0), entry{
			head:  "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached",
			value: func(digest []byte) []byte { return stampedValue(t, signer, tsa, digest, signed, binds) },
		})
		report, err := verify.Reader(t.Context(), bytes.NewReader(file), int64(len(file)), &verify.Options{
			Trust: pki.Pool(), At: testpki.Now(), Evidence: []*revocation.Evidence{{Raw: crl}},
		})
		require.Equal(t, binds, err == nil)
		s := report.Signatures[0]
		require.Equal(t, verify.CryptoValid, s.Crypto)
		require.True(t, signed.Equal(s.BestTime.Time), "the time stamp counts")
		require.Equal(t, want, s.SubIndication, "bound by an attribute: %v", binds)
	}
}

// TestCertificateByWeakAlgorithm: a certificate that was signed with what is broken by now
// counts for a signature of before only where it is proven to be as old (EN 319 102-1,
// 5.5.4, step 4): others may have made it since, to the same signature.
func TestCertificateByWeakAlgorithm(t *testing.T) {
	signed := time.Date(2011, 6, 1, 0, 0, 0, 0, time.UTC)
	pki, err := testpki.New(&testpki.Options{Now: signed})
	require.NoError(t, err)
	issue := func(r testpki.Request, weak bool) *testpki.Identity {
		r.NotAfter = testpki.Now().AddDate(5, 0, 0)
		if weak {
			r.Change = func(c *testpki.Template) { c.Signature.Hash = algorithm.SHA1 }
		}
		id, err := pki.Issue(&r)
		require.NoError(t, err)
		return id
	}
	tsa := issue(testpki.Request{Issuer: pki.Root, Profile: testpki.TimeStamperProfile}, false)
	authority := issue(testpki.Request{Issuer: pki.Root, Profile: testpki.AuthorityProfile, Subject: testpki.Name(testpki.CommonName("weak"))}, true)
	crl, err := pki.Root.SignCRL(&testpki.CRL{ThisUpdate: testpki.Now()})
	require.NoError(t, err)
	for _, tt := range []struct {
		name   string
		signer *testpki.Identity
		want   verify.SubIndication
	}{
		{"sound", issue(testpki.Request{Issuer: pki.Root}, false), ""},
		{"an authority", issue(testpki.Request{Issuer: authority}, false), verify.CryptoConstraintsFailureNoPOE},
		{"the signer, whom a signed attribute binds", issue(testpki.Request{Issuer: pki.Root}, true), ""},
	} {
		m := &maker{pki: pki, signer: tt.signer, stamp: tsa}
		file := m.sign(t, contract(0), entry{
			head:  "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached",
			value: func(digest []byte) []byte { return stampedValue(t, tt.signer, tsa, digest, signed, true) },
		})
		report, err := verify.Reader(t.Context(), bytes.NewReader(file), int64(len(file)), &verify.Options{
			Trust: pki.Pool(), At: testpki.Now(), Evidence: []*revocation.Evidence{{Raw: crl}},
		})
		require.Equal(t, tt.want == "", err == nil, tt.name)
		require.Equal(t, tt.want, report.Signatures[0].SubIndication, tt.name)
	}
}

// TestOtherPathByWeakAlgorithm: what counts is by what the path of the time before was
// signed, not the one that fails at the present: here that of an authority whose key was
// lost, beside a forged certificate of the same name and key that nobody revoked.
func TestOtherPathByWeakAlgorithm(t *testing.T) {
	signed := time.Date(2011, 6, 1, 0, 0, 0, 0, time.UTC)
	pki, err := testpki.New(&testpki.Options{Now: signed})
	require.NoError(t, err)
	tsa, err := pki.Issue(&testpki.Request{Issuer: pki.Root, Profile: testpki.TimeStamperProfile, NotAfter: testpki.Now().AddDate(5, 0, 0)})
	require.NoError(t, err)
	request := testpki.Request{Issuer: pki.Root, Profile: testpki.AuthorityProfile, Subject: testpki.Name(testpki.CommonName("lost")), NotAfter: testpki.Now().AddDate(5, 0, 0)}
	authority, err := pki.Issue(&request)
	require.NoError(t, err)
	signer, err := pki.Issue(&testpki.Request{Issuer: authority, NotAfter: testpki.Now().AddDate(5, 0, 0)})
	require.NoError(t, err)
	var evidence []*revocation.Evidence
	for _, at := range []time.Time{signed, testpki.Now()} {
		crl, err := pki.Root.SignCRL(&testpki.CRL{ThisUpdate: at, Entries: []testpki.CRLEntry{
			{Serial: authority.Certificate.SerialNumber, Date: signed.Add(-time.Hour), Reason: 1},
		}})
		require.NoError(t, err)
		evidence = append(evidence, &revocation.Evidence{Raw: crl})
	}
	request.Key, request.NotAfter = authority.Key, signed.AddDate(1, 0, 0)
	for hash, want := range map[algorithm.Hash]bool{algorithm.SHA256: true, algorithm.SHA1: false} {
		request.Change = func(c *testpki.Template) { c.Signature.Hash = hash }
		forged, err := pki.Issue(&request)
		require.NoError(t, err)
		by := *signer
		by.Chain = []*certificate.Certificate{signer.Certificate, authority.Certificate, forged.Certificate}
		m := &maker{pki: pki, signer: &by, stamp: tsa}
		file := m.sign(t, contract(0), entry{
			head:  "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached",
			value: func(digest []byte) []byte { return stampedValue(t, &by, tsa, digest, signed, true) },
		})
		report, err := verify.Reader(t.Context(), bytes.NewReader(file), int64(len(file)), &verify.Options{
			Trust: pki.Pool(), At: testpki.Now(), Evidence: evidence,
		})
		require.Equal(t, want, err == nil, "%v", hash)
		require.Equal(t, want, report.Signatures[0].Indication == verify.TotalPassed, "%v", hash)
	}
}
