package verify_test

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/verify"
)

// TestWeakPath: the algorithms by which the certificates below the anchor were
// signed, and the keys that signed them, are judged like those of the signature.
func TestWeakPath(t *testing.T) {
	weak := func(h algorithm.Hash) func(*testpki.Template) {
		return func(c *testpki.Template) { c.Signature = algorithm.Signature{Scheme: algorithm.RSA, Hash: h} }
	}
	short, err := testpki.FixedKeys(testpki.SignerRole, testpki.RSA1024)
	require.NoError(t, err)
	for _, tt := range []struct {
		name      string
		authority *testpki.Request // between the root and the signer
		signer    testpki.Request
		want      string
		at        time.Time // zero is the present
	}{
		{name: "leaf by MD5", signer: testpki.Request{Change: weak(algorithm.MD5)}, want: "MD5"},
		{name: "leaf by SHA-1", signer: testpki.Request{Change: weak(algorithm.SHA1)}, want: "SHA-1"},
		{name: "leaf by SHA-224 while that held", signer: testpki.Request{Change: weak(algorithm.SHA224)}},
		{name: "leaf by SHA-224 later", signer: testpki.Request{Change: weak(algorithm.SHA224)}, want: "SHA-224", at: time.Date(2029, 1, 1, 0, 0, 0, 0, time.UTC)},
		{name: "authority by SHA-1", authority: &testpki.Request{Change: weak(algorithm.SHA1)}, want: "SHA-1"},
		{name: "authority with a short key", authority: &testpki.Request{Key: short}, want: "RSA with 1024 bits"},
		{name: "strong"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newMaker(t)
			signer := tt.signer
			signer.Issuer = m.pki.Root
			if tt.authority != nil {
				tt.authority.Profile, tt.authority.Issuer = testpki.AuthorityProfile, m.pki.Root
				tt.authority.Subject = testpki.Name(testpki.CommonName("Another CA"))
				signer.Issuer, err = m.pki.Issue(tt.authority)
				require.NoError(t, err)
			}
			m.signer, err = m.pki.Issue(&signer)
			require.NoError(t, err)
			o := m.options()
			if !tt.at.IsZero() {
				o.At = tt.at
			}
			file := m.sign(t, contract(testpdf.Table), entry{})
			r, err := verify.Reader(t.Context(), bytes.NewReader(file), int64(len(file)), o)
			require.NotNil(t, r, "%v", err)
			s := r.Signatures[0]
			require.Equal(t, verify.CryptoValid, s.Crypto)
			require.True(t, s.Intact)
			var texts []string
			for _, f := range s.Findings {
				if f.Code == "acceptance.weak-path" {
					texts = append(texts, f.Text)
				}
			}
			if tt.want == "" {
				require.Empty(t, texts)
				require.Equal(t, verify.TotalPassed, s.Indication)
				return
			}
			require.Contains(t, strings.Join(texts, "\n"), tt.want)
			require.Equal(t, verify.Indeterminate, s.Indication)
			if tt.authority == nil {
				require.Equal(t, verify.CryptoConstraintsFailureNoPOE, s.SubIndication)
			}
		})
	}
}

// TestWeakSignersOfEvidence: whoever certified a responder or a signer of CRLs by an
// algorithm that was broken did not prove that it is one.
func TestWeakSignersOfEvidence(t *testing.T) {
	m := chained(t)
	file := m.sign(t, contract(testpdf.Table), entry{})
	leaf, ca := m.signer.Certificate, m.pki.Intermediate
	good := crl(t, m.pki.Root, testpki.CRL{})
	for _, hash := range []algorithm.Hash{algorithm.SHA1, algorithm.SHA256} {
		certified := func(issuer *testpki.Identity, subject []byte, extensions ...pkix.Extension) *testpki.Identity {
			id, err := m.pki.Issue(&testpki.Request{Issuer: issuer, Role: testpki.OtherRole, Subject: subject, Change: func(c *testpki.Template) {
				c.Signature = algorithm.Signature{Scheme: algorithm.RSA, Hash: hash}
				c.Extensions = append(c.Extensions[:2:2], extensions...)
			}})
			require.NoError(t, err)
			return id
		}
		responder := certified(ca, testpki.Person("Responder"), testpki.OCSPNoCheck(),
			testpki.ExtendedKeyUsage(false, asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 9}))
		response, err := responder.SignOCSP(&testpki.OCSP{
			Responses: []testpki.OCSPSingle{{Certificate: leaf, Issuer: ca.Certificate}}, Certificates: responder.Chain,
		})
		require.NoError(t, err)
		signer := certified(m.pki.Root, ca.Certificate.RawSubject, testpki.KeyUsage(x509.KeyUsageCRLSign))
		for kind, evidence := range map[string][]byte{"OCSP": response, "CRL": crl(t, signer, testpki.CRL{})} {
			s := m.judgeBy(t, file, func(o *verify.Options) {
				o.Evidence = given(good, evidence)
				o.Certificates = append(o.Certificates, signer.Certificate)
			}).Signatures[0]
			require.Equal(t, verify.RevocationGood, s.Chain[0].Revocation, kind)
			if hash == algorithm.SHA256 {
				require.Equal(t, verify.TotalPassed, s.Indication, kind)
				continue
			}
			require.Equal(t, verify.CryptoConstraintsFailureNoPOE, s.SubIndication, kind)
			require.Contains(t, codes(s.Findings), "acceptance.weak-evidence", kind)
		}
	}
}
