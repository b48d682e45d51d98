package revocation_test

import (
	"crypto/x509/pkix"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/testpki"
)

// TestSignerCertifiedAtAnotherTime has signers of CRLs that were certified after the
// time in question, that have expired since, and that were revoked since.
func TestSignerCertifiedAtAnotherTime(t *testing.T) {
	name := testpki.Person("CRL issuer")
	w := newWorld(t, testpki.CRLDistributionPoints(&testpki.Point{Issuer: name}))
	day := func(n int) time.Time { return now.AddDate(0, 0, n) }
	scope := []pkix.Extension{testpki.IssuingDistributionPoint(&testpki.Point{Indirect: true, Name: name})}
	for _, test := range []struct {
		title    string
		from, to time.Time // of the signer
		issued   time.Time // the CRL
		proven   time.Time
		revoked  time.Time // the signer
		fails    string
	}{
		{title: "certified later", from: day(2), to: day(100), issued: day(3)},
		{title: "not yet when it signed", from: day(4), to: day(100), issued: day(3), fails: "was not valid when it signed"},
		{title: "expired since", from: day(-2), to: now.Add(30 * time.Minute), issued: now, proven: now.Add(20 * time.Minute)},
		{title: "expired before a proof", from: day(-2), to: now.Add(30 * time.Minute), issued: now, fails: "had expired"},
		{title: "revoked since", from: day(-2), to: day(100), issued: now, revoked: day(2), fails: "had been revoked"},
		{title: "revoked after a proof", from: day(-2), to: day(100), issued: now, revoked: day(2), proven: day(1)},
		{title: "revoked before it signed", from: day(-2), to: day(100), issued: day(3), proven: day(3), revoked: day(2), fails: "is not trusted"},
	} {
		signer := w.issue(&testpki.Request{
			Issuer: w.pki.Root, Role: testpki.OtherRole, Subject: name, NotBefore: test.from, NotAfter: test.to,
			Change: func(c *testpki.Template) { c.Extensions = append(c.Extensions[:2:2], testpki.KeyUsage(1<<6)) },
		})
		e := w.crl(signer, testpki.CRL{Extensions: scope, ThisUpdate: test.issued})
		e.Proven = test.proven
		aboutAuthorities := testpki.CRL{ThisUpdate: day(4)}
		if !test.revoked.IsZero() {
			aboutAuthorities.Entries = []testpki.CRLEntry{{Serial: signer.Certificate.SerialNumber, Date: test.revoked}}
		}
		_, err := w.path(w.leaf, &revocation.Checker{
			Set: revocation.NewSet(e, w.crl(w.pki.Root, testpki.CRL{}), w.crl(w.pki.Root, aboutAuthorities)), Now: day(5),
			Certificates: []*certificate.Certificate{signer.Certificate},
		})
		if test.fails == "" {
			require.NoError(t, err, test.title)
			continue
		}
		require.ErrorContains(t, err, test.fails, test.title)
	}
}

// TestAuthorityRevokedLater has an authority that was revoked after the time in
// question: what it says about its certificates counts only where it is proven to have
// existed before, for its key may be in other hands since.
func TestAuthorityRevokedLater(t *testing.T) {
	w := newWorld(t)
	day := func(n int) time.Time { return now.AddDate(0, 0, n) }
	responder := w.responder(w.ca, testpki.OCSPNoCheck())
	rootCRL := w.crl(w.pki.Root, testpki.CRL{ThisUpdate: day(3), Entries: []testpki.CRLEntry{{Serial: w.ca.Certificate.SerialNumber, Date: day(2), Reason: 1}}})
	for name, e := range map[string]*revocation.Evidence{
		"CRL": w.crl(w.ca, testpki.CRL{}), "OCSP": w.ocsp(w.ca, testpki.OCSP{}),
		"delegated": w.ocsp(responder, testpki.OCSP{Certificates: responder.Chain[:1]}),
	} {
		for proven, fails := range map[time.Time]bool{{}: true, day(1): false, day(2): true} {
			e := *e
			e.Proven = proven
			path, err := w.path(w.leaf, &revocation.Checker{Set: revocation.NewSet(&e, rootCRL), Now: day(4)})
			if !fails {
				require.NoError(t, err, name)
				require.Equal(t, day(2), path.RevokedAt())
				continue
			}
			require.ErrorContains(t, err, "signer had been revoked", "%s %v", name, proven)
			require.Equal(t, []revocation.Cause{revocation.SignerRevoked}, causes(path.Revocation[0].Evidence.(*revocation.Answer)))
		}
	}
}

// TestRestrictedKeyOfSigner: evidence is signed within the parameters that the key
// demands (RFC 4055, 3.3).
func TestRestrictedKeyOfSigner(t *testing.T) {
	w := newWorld(t)
	pss := algorithm.NewPSS(algorithm.SHA256)
	for salt, want := range map[int]verdict{32: {revocation.Good, 0}, 33: {revocation.Unknown, revocation.BadSignature}} {
		restricted := *w.ca.Certificate
		demand := algorithm.PSSParams{MGFHash: algorithm.SHA256, SaltLength: salt, TrailerField: 1}
		var err error
		restricted.PublicKeyInfo.Algorithm, err = algorithm.Signature{Scheme: algorithm.RSAPSS, Hash: algorithm.SHA256, PSS: &demand}.Identifier()
		require.NoError(t, err)
		for _, e := range []*revocation.Evidence{w.crl(w.ca, testpki.CRL{Signature: pss}), w.ocsp(w.ca, testpki.OCSP{Signature: pss})} {
			want.require(t, revocation.NewSet(e).Judge(w.leaf.Certificate, &restricted, revocation.Options{Time: now.Add(time.Hour)}))
		}
	}
}
