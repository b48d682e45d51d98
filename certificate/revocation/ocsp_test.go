package revocation_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/testpki"
)

func TestParseResponse(t *testing.T) {
	w := newWorld(t)
	e := w.ocsp(w.ca, testpki.OCSP{
		Responses: append(w.single(nil), w.single(func(s *testpki.OCSPSingle) {
			s.Status, s.RevokedAt, s.Reason, s.Hash = testpki.OCSPRevoked, now.AddDate(0, 0, -1), 4, crypto.SHA256
			s.Extensions = []pkix.Extension{testpki.ArchiveCutoff(now.AddDate(-7, 0, 0))}
		})...),
		Nonce: []byte("nonce"), Certificates: []*certificate.Certificate{w.ca.Certificate},
	})
	r, err := revocation.ParseResponse(e.Raw)
	require.NoError(t, err)
	require.Equal(t, e.Raw, r.Raw)
	require.True(t, r.ResponderName.Equal(w.ca.Certificate.Subject))
	require.Nil(t, r.ResponderKeyHash)
	require.Equal(t, now, r.ProducedAt)
	require.Equal(t, []byte("nonce"), r.Nonce)
	require.Len(t, r.Certificates, 1)
	require.Empty(t, r.Notes)
	require.Len(t, r.Responses, 2)
	require.Equal(t, revocation.StatusGood, r.Responses[0].Status)
	require.Equal(t, w.serial(), r.Responses[0].SerialNumber)
	second := r.Responses[1]
	require.Equal(t, revocation.StatusRevoked, second.Status)
	require.Equal(t, now.AddDate(0, 0, -1), second.RevokedAt)
	require.Equal(t, revocation.Superseded, second.Reason)
	require.Equal(t, now.AddDate(0, 0, 1), second.NextUpdate)
	require.Equal(t, now.AddDate(-7, 0, 0), second.ArchiveCutoff)
	require.Equal(t, revocation.StatusNotKnown, revocation.CertificateStatus(0))

	byKey, err := revocation.ParseResponse(w.ocsp(w.ca, testpki.OCSP{ByKey: true, Basic: true}).Raw)
	require.NoError(t, err)
	require.Nil(t, byKey.ResponderName)
	require.Len(t, byKey.ResponderKeyHash, 20)
	padded, err := revocation.ParseResponse(append(bytes.Clone(e.Raw), 0, 0))
	require.NoError(t, err)
	require.NotEmpty(t, padded.Notes)
}

func TestParseResponseFails(t *testing.T) {
	w := newWorld(t)
	good := w.ocsp(w.ca, testpki.OCSP{}).Raw
	for name, raw := range map[string][]byte{
		"empty":         nil,
		"text":          []byte("<html>"),
		"bytes behind":  append(bytes.Clone(good), 1),
		"cut":           good[:len(good)-1],
		"a certificate": w.leaf.Certificate.Raw,
		"other type":    bytes.Replace(good, []byte{0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1}, []byte{0x2b, 6, 1, 5, 5, 7, 0x30, 1, 9}, 1),
		"no responder":  w.ocsp(w.ca, testpki.OCSP{Responder: []byte{}}).Raw,
		"long nonce":    w.ocsp(w.ca, testpki.OCSP{Nonce: make([]byte, 129)}).Raw,
	} {
		_, err := revocation.ParseResponse(raw)
		require.Error(t, err, name)
		require.ErrorContains(t, err, "revocation: ", name)
		var none *revocation.ResponseError
		require.NotErrorAs(t, err, &none, name)
	}
	_, err := revocation.ParseResponse(testpki.OCSPError(3))
	var none *revocation.ResponseError
	require.ErrorAs(t, err, &none)
	require.Equal(t, 3, none.Status)
	require.ErrorContains(t, err, "try later")

	set := revocation.NewSet(nil, &revocation.Evidence{Raw: testpki.OCSPError(6)}, &revocation.Evidence{Raw: []byte("x")},
		&revocation.Evidence{Kind: 9})
	unreadable := set.Unreadable()
	require.Len(t, unreadable, 3)
	require.Equal(t, revocation.NoResponse, unreadable[0].Cause)
	require.Equal(t, revocation.Malformed, unreadable[1].Cause)
	require.Equal(t, 3, set.Len())
}

func TestJudgeOCSP(t *testing.T) {
	w := newWorld(t)
	day := func(n int) time.Time { return now.AddDate(0, 0, n) }
	single := func(change func(*testpki.OCSPSingle)) testpki.OCSP { return testpki.OCSP{Responses: w.single(change)} }
	expired := revocation.Options{Time: now.AddDate(9, 0, 0), Now: now.AddDate(12, 0, 0)}
	late := func(extensions ...pkix.Extension) testpki.OCSP {
		return single(func(s *testpki.OCSPSingle) { s.ThisUpdate, s.Extensions = now.AddDate(11, 0, 0), extensions })
	}
	for _, test := range []struct {
		name     string
		response testpki.OCSP
		signer   *testpki.Identity
		options  revocation.Options
		nonce    string
		want     verdict
	}{
		{name: "good", want: verdict{revocation.Good, 0}},
		{name: "by key", response: testpki.OCSP{ByKey: true}, want: verdict{revocation.Good, 0}},
		{name: "basic alone", response: testpki.OCSP{Basic: true}, want: verdict{revocation.Good, 0}},
		{name: "SHA-256", response: single(func(s *testpki.OCSPSingle) { s.Hash = crypto.SHA256 }), want: verdict{revocation.Good, 0}},
		{name: "SHA-512", response: single(func(s *testpki.OCSPSingle) { s.Hash = crypto.SHA512 }), want: verdict{revocation.Good, 0}},
		{name: "revoked", response: single(func(s *testpki.OCSPSingle) { s.Status = testpki.OCSPRevoked }), want: verdict{revocation.Revoked, 0}},
		{name: "on hold", response: single(func(s *testpki.OCSPSingle) { s.Status, s.Reason = testpki.OCSPRevoked, 6 }), want: verdict{revocation.Revoked, 0}},
		{name: "revoked later", response: single(func(s *testpki.OCSPSingle) {
			s.Status, s.RevokedAt, s.ThisUpdate = testpki.OCSPRevoked, day(1), day(2)
		}), options: revocation.Options{Now: day(3)}, want: verdict{revocation.Good, 0}},
		{name: "unknown", response: single(func(s *testpki.OCSPSingle) { s.Status = testpki.OCSPUnknown }), want: verdict{revocation.Unknown, revocation.StatusUnknown}},
		{name: "good among others", response: testpki.OCSP{Responses: append([]testpki.OCSPSingle{
			{Certificate: w.ca.Certificate, Issuer: w.pki.Root.Certificate, Status: testpki.OCSPRevoked},
		}, w.single(nil)...)}, want: verdict{revocation.Good, 0}},
		{name: "about another serial number", response: single(func(s *testpki.OCSPSingle) { s.Serial = big.NewInt(4) }), want: verdict{revocation.NotChecked, 0}},
		{name: "about another issuer", response: single(func(s *testpki.OCSPSingle) { s.Issuer = w.pki.Root.Certificate }), want: verdict{revocation.Unknown, revocation.WrongIssuer}},
		{name: "good and revoked", response: testpki.OCSP{Responses: append(w.single(nil), w.single(func(s *testpki.OCSPSingle) { s.Status = testpki.OCSPRevoked })...)}, want: verdict{revocation.Revoked, 0}},

		{name: "future", response: single(func(s *testpki.OCSPSingle) { s.ThisUpdate = day(1) }), want: verdict{revocation.Unknown, revocation.Future}},
		{name: "produced in the future", response: testpki.OCSP{ProducedAt: day(1)}, want: verdict{revocation.Unknown, revocation.Future}},
		{name: "stale", options: revocation.Options{Time: day(2)}, want: verdict{revocation.Unknown, revocation.Stale}},
		{name: "stale, but revoked", response: single(func(s *testpki.OCSPSingle) { s.Status = testpki.OCSPRevoked }), options: revocation.Options{Time: day(2)}, want: verdict{revocation.Revoked, 0}},
		{name: "no nextUpdate", response: single(func(s *testpki.OCSPSingle) { s.NoNextUpdate = true }), want: verdict{revocation.Good, 0}},
		{name: "no nextUpdate, old", response: single(func(s *testpki.OCSPSingle) { s.NoNextUpdate = true }), options: revocation.Options{Time: day(2)}, want: verdict{revocation.Unknown, revocation.TooOld}},
		{name: "older than the certificate", response: single(func(s *testpki.OCSPSingle) { s.ThisUpdate = day(-2) }), want: verdict{revocation.Unknown, revocation.BeforeIssuance}},
		{name: "after expiry", response: late(), options: expired, want: verdict{revocation.Unknown, revocation.AfterExpiry}},
		{name: "after expiry, in the archive", response: late(testpki.ArchiveCutoff(now)), options: expired, want: verdict{revocation.Good, 0}},
		{name: "after expiry, out of the archive", response: late(testpki.ArchiveCutoff(now.AddDate(10, 6, 0))), options: expired, want: verdict{revocation.Unknown, revocation.AfterExpiry}},
		{name: "after expiry, malformed cut-off", response: late(testpki.Null([]int{1, 3, 6, 1, 5, 5, 7, 48, 1, 6}, false)), options: expired, want: verdict{revocation.Unknown, revocation.AfterExpiry}},
		{name: "malformed cut-off", response: single(func(s *testpki.OCSPSingle) {
			s.Extensions = []pkix.Extension{testpki.Null([]int{1, 3, 6, 1, 5, 5, 7, 48, 1, 6}, false)}
		}), want: verdict{revocation.Good, 0}},

		{name: "critical extension", response: testpki.OCSP{Extensions: []pkix.Extension{critical()}}, want: verdict{revocation.Unknown, revocation.UnknownCritical}},
		{name: "critical extension of the answer", response: single(func(s *testpki.OCSPSingle) { s.Extensions = []pkix.Extension{critical()} }), want: verdict{revocation.Unknown, revocation.UnknownCritical}},
		{name: "nonce", response: testpki.OCSP{Nonce: []byte("abc")}, nonce: "abc", want: verdict{revocation.Good, 0}},
		{name: "nonce left out", nonce: "abc", want: verdict{revocation.Good, 0}},
		{name: "another nonce", response: testpki.OCSP{Nonce: []byte("abd")}, nonce: "abc", want: verdict{revocation.Unknown, revocation.WrongNonce}},

		{name: "wrong key", signer: w.pki.Root, response: testpki.OCSP{Responder: w.ca.Certificate.RawSubject}, want: verdict{revocation.Unknown, revocation.BadSignature}},
		{name: "signer not known", signer: w.pki.Root, want: verdict{revocation.Unknown, revocation.SignerNotFound}},
		{name: "signer of another kind", signer: w.pki.Root, response: testpki.OCSP{Certificates: w.pki.Root.Chain}, want: verdict{revocation.Unknown, revocation.SignerNotAllowed}},
		{name: "the certificate itself", signer: w.leaf, response: testpki.OCSP{Certificates: w.leaf.Chain}, want: verdict{revocation.Unknown, revocation.SignerNotAllowed}},
	} {
		t.Run(test.name, func(t *testing.T) {
			signer := test.signer
			if signer == nil {
				signer = w.ca
			}
			e := w.ocsp(signer, test.response)
			if test.nonce != "" {
				e.Nonce = []byte(test.nonce)
			}
			a := w.judge(test.options, e)
			test.want.require(t, a)
			if a.Status == revocation.Good {
				require.Same(t, w.ca.Certificate, a.Signer)
				require.Same(t, e, a.Evidence)
				require.False(t, a.ProducedAt.IsZero())
			}
		})
	}
}

func TestDelegatedResponder(t *testing.T) {
	w := newWorld(t)
	noCheck := testpki.OCSPNoCheck()
	signs := func(r *testpki.Identity, more ...*revocation.Evidence) *revocation.Answer {
		e := w.ocsp(r, testpki.OCSP{Certificates: []*certificate.Certificate{r.Certificate}})
		return w.judge(revocation.Options{}, append(more, e)...)
	}
	good := w.responder(w.ca, noCheck)
	a := signs(good)
	verdict{revocation.Good, 0}.require(t, a)
	require.Equal(t, good.Certificate, a.Signer)
	require.Len(t, a.Needs, 1)
	require.True(t, a.Needs[0].Met)
	require.Equal(t, certificate.OCSPSigning, a.Needs[0].Purpose)
	require.Equal(t, revocation.NotNeeded, a.Needs[0].Answer.Status)

	// The certificate may come from elsewhere.
	for _, byKey := range []bool{false, true} {
		e := w.ocsp(good, testpki.OCSP{ByKey: byKey})
		require.Equal(t, revocation.SignerNotFound, causes(w.judge(revocation.Options{}, e))[0])
		require.Equal(t, revocation.Good, w.judge(revocation.Options{Certificates: []*certificate.Certificate{good.Certificate}}, e).Status)
	}

	checked := w.responder(w.ca)
	a = signs(checked)
	verdict{revocation.Unknown, revocation.SignerUntrusted}.require(t, a)
	require.Equal(t, revocation.NotChecked, a.Needs[0].Answer.Status)
	require.False(t, a.Needs[0].Met)
	a = signs(checked, w.crl(w.ca, testpki.CRL{}))
	require.Equal(t, revocation.Good, a.Status)
	require.Equal(t, revocation.Good, a.Needs[0].Answer.Status)
	serial := checked.Certificate.SerialNumber
	a = signs(checked, w.crl(w.ca, testpki.CRL{Entries: []testpki.CRLEntry{{Serial: serial}}}))
	require.Equal(t, []revocation.Cause{revocation.SignerUntrusted}, causes(a))
	require.Equal(t, revocation.Revoked, a.Needs[0].Answer.Status)

	for name, r := range map[string]*testpki.Identity{
		"another issuer":         w.responder(w.pki.Root, noCheck),
		"not for OCSP":           w.issue(&testpki.Request{Role: testpki.OtherRole, Subject: testpki.Person("nobody")}),
		"not for signatures":     w.responder(w.ca, noCheck),
		"critical extension":     w.responder(w.ca, noCheck, critical()),
		"same issuer, other key": w.responder(&testpki.Identity{Key: w.pki.Root.Key, Certificate: w.ca.Certificate}, noCheck),
		"same key, other issuer": w.responder(&testpki.Identity{Key: w.ca.Key, Certificate: w.pki.Root.Certificate}, noCheck),
		"expired when it signed": w.issueResponder(func(c *testpki.Template) { c.NotAfter = now.Add(-time.Minute) }),
		"not yet valid":          w.issueResponder(func(c *testpki.Template) { c.NotBefore = now.Add(time.Minute) }),
	} {
		if name == "not for signatures" {
			r = w.issueResponder(func(c *testpki.Template) { c.Extensions[2] = testpki.KeyUsage(x509.KeyUsageKeyEncipherment) })
		}
		a := signs(r)
		require.Equal(t, revocation.Unknown, a.Status, name)
		require.Len(t, a.Rejected, 1, name)
		require.Contains(t, []revocation.Cause{revocation.SignerNotAllowed, revocation.SignerExpired}, a.Rejected[0].Cause, name)
	}
}

// issueResponder makes a responder that need not be checked, changed before it is
// signed.
func (w *world) issueResponder(change func(*testpki.Template)) *testpki.Identity {
	return w.issue(&testpki.Request{
		Role: testpki.OtherRole, Subject: testpki.Person("changed responder"),
		Change: func(c *testpki.Template) {
			c.Extensions = append(c.Extensions[:3:3], testpki.ExtendedKeyUsage(false, oidOCSPSigning), testpki.OCSPNoCheck())
			change(c)
		},
	})
}

// TestExpiredResponder has a responder that lives shorter than the certificate.
func TestExpiredResponder(t *testing.T) {
	w := newWorld(t)
	r := w.issueResponder(func(c *testpki.Template) { c.NotAfter = now.AddDate(0, 1, 0) })
	e := w.ocsp(r, testpki.OCSP{Certificates: r.Chain})
	require.Equal(t, revocation.Good, w.judge(revocation.Options{}, e).Status)
	late := revocation.Options{Now: now.AddDate(1, 0, 0)}
	verdict{revocation.Unknown, revocation.SignerExpired}.require(t, w.judge(late, e))
	proven := *e
	proven.Proven = now.AddDate(0, 0, 20)
	require.Equal(t, revocation.Good, w.judge(late, &proven).Status)
	proven.Proven = now.AddDate(0, 2, 0)
	require.Equal(t, revocation.Unknown, w.judge(late, &proven).Status)
}

// TestYoungResponder has a responder that was issued after the time in question.
func TestYoungResponder(t *testing.T) {
	w := newWorld(t)
	day := now.AddDate(0, 0, 1)
	r := w.issueResponder(func(c *testpki.Template) { c.NotBefore = day })
	e := w.ocsp(r, testpki.OCSP{ProducedAt: day, Responses: w.single(func(s *testpki.OCSPSingle) { s.ThisUpdate = day }), Certificates: r.Chain})
	require.Equal(t, revocation.Good, w.judge(revocation.Options{Now: day}, e).Status)

	// What counts is that it was not revoked when it signed, by a time that is proven.
	r = w.issueResponder(func(c *testpki.Template) { c.Extensions = c.Extensions[:4] })
	e = w.ocsp(r, testpki.OCSP{ProducedAt: day, Responses: w.single(func(s *testpki.OCSPSingle) { s.ThisUpdate = day }), Certificates: r.Chain})
	proven := *e
	proven.Proven = day.Add(30 * time.Minute)
	for hours, want := range map[time.Duration]verdict{-1: {revocation.Unknown, revocation.SignerUntrusted}, 1: {revocation.Good, 0}} {
		status := w.ocsp(w.ca, testpki.OCSP{ProducedAt: day.AddDate(0, 0, 1), Responses: []testpki.OCSPSingle{{
			Certificate: r.Certificate, Issuer: w.ca.Certificate, Status: testpki.OCSPRevoked,
			RevokedAt: day.Add(hours * time.Hour), ThisUpdate: day.AddDate(0, 0, 1),
		}}})
		o := revocation.Options{Now: day.AddDate(0, 0, 2)}
		want.require(t, w.judge(o, &proven, status))
		want := want
		if hours > 0 {
			want = verdict{revocation.Unknown, revocation.SignerRevoked}
		}
		want.require(t, w.judge(o, e, status))
	}
}

// TestRespondersThatVouchForThemselves are loops.
func TestRespondersThatVouchForThemselves(t *testing.T) {
	w := newWorld(t)
	about := func(c *certificate.Certificate) []testpki.OCSPSingle {
		return []testpki.OCSPSingle{{Certificate: c, Issuer: w.ca.Certificate}}
	}
	a, b := w.responder(w.ca), w.issueResponder(func(c *testpki.Template) { c.Extensions = c.Extensions[:4] })
	leaf := w.ocsp(a, testpki.OCSP{Certificates: a.Chain})
	self := w.ocsp(a, testpki.OCSP{Certificates: a.Chain, Responses: about(a.Certificate)})
	answer := w.judge(revocation.Options{}, leaf, self)
	require.Equal(t, revocation.Unknown, answer.Status)
	require.Equal(t, []revocation.Cause{revocation.SignerUntrusted}, causes(answer))
	require.Equal(t, "responders vouch for each other", answer.Needs[0].Answer.Needs[0].Answer.Detail)

	own := w.responder(w.ca, testpki.OCSPNoCheck())
	e := w.ocsp(own, testpki.OCSP{Certificates: own.Chain, Responses: about(own.Certificate)})
	answer = revocation.NewSet(e).Judge(own.Certificate, w.ca.Certificate, revocation.Options{Time: now.Add(time.Hour)})
	verdict{revocation.Unknown, revocation.SignerNotAllowed}.require(t, answer)

	aByB := w.ocsp(b, testpki.OCSP{Certificates: b.Chain, Responses: about(a.Certificate)})
	bByA := w.ocsp(a, testpki.OCSP{Certificates: a.Chain, Responses: about(b.Certificate)})
	require.Equal(t, revocation.Unknown, w.judge(revocation.Options{}, leaf, aByB, bByA).Status)
	byCA := w.ocsp(w.ca, testpki.OCSP{Responses: about(b.Certificate)})
	require.Equal(t, revocation.Good, w.judge(revocation.Options{}, leaf, self, aByB, bByA, byCA).Status)

	// A self-issued certificate of the issuer's name and another key is no issuer.
	fake := w.issue(&testpki.Request{
		Profile: testpki.AuthorityProfile, Role: testpki.OtherRole, Subject: w.ca.Certificate.RawSubject,
		Issuer: &testpki.Identity{Key: w.pki.Root.Key, Certificate: w.ca.Certificate},
	})
	require.Equal(t, revocation.Unknown, w.judge(revocation.Options{}, w.ocsp(fake, testpki.OCSP{Certificates: fake.Chain})).Status)
}

func TestSameEvidenceTwice(t *testing.T) {
	w := newWorld(t)
	e := w.ocsp(w.ca, testpki.OCSP{})
	again := *e
	set := revocation.NewSet(e, &again)
	require.Equal(t, 1, set.Len())
	require.Empty(t, set.Unreadable())
}
