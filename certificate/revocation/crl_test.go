package revocation_test

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/testpki"
)

func TestParseCRL(t *testing.T) {
	w := newWorld(t)
	other := testpki.Person("another issuer")
	e := w.crl(w.ca, testpki.CRL{
		Number: big.NewInt(77),
		Entries: []testpki.CRLEntry{
			{Serial: big.NewInt(5), Date: now.AddDate(0, 0, -1), Reason: 1, Invalidity: now.AddDate(0, 0, -9)},
			{Serial: big.NewInt(-6), Date: now.AddDate(0, 0, -2), Issuer: other},
			{Serial: big.NewInt(5), Date: now.AddDate(0, 0, -3), Reason: 6},
		},
		Extensions: []pkix.Extension{
			testpki.IssuingDistributionPoint(&testpki.Point{URL: "http://crl.example/ca.crl", Indirect: true}),
			testpki.AuthorityKeyID(w.ca.Certificate.SubjectKeyID),
			testpki.ExpiredCertsOnCRL(now.AddDate(-9, 0, 0)),
		},
	})
	c, err := revocation.ParseCRL(e.Raw)
	require.NoError(t, err)
	require.Equal(t, e.Raw, c.Raw)
	require.Equal(t, 2, c.Version)
	require.True(t, c.Issuer.Equal(w.ca.Certificate.Subject))
	require.Equal(t, now, c.ThisUpdate)
	require.Equal(t, now.AddDate(0, 0, 7), c.NextUpdate)
	require.Equal(t, big.NewInt(77), c.Number)
	require.Equal(t, w.ca.Certificate.SubjectKeyID, c.AuthorityKeyID)
	require.Equal(t, now.AddDate(-9, 0, 0), c.ExpiredSince)
	require.True(t, c.Scope.Indirect)
	require.Equal(t, []string{"http://crl.example/ca.crl"}, c.Scope.URLs())
	require.False(t, c.IsDelta())
	require.Empty(t, c.UnhandledCritical)

	var entries []*revocation.Entry
	for entry, err := range c.Entries() {
		require.NoError(t, err)
		entries = append(entries, entry)
	}
	require.Len(t, entries, 3)
	require.Equal(t, big.NewInt(-6), entries[1].SerialNumber)
	require.Equal(t, revocation.KeyCompromise, entries[0].Reason)
	require.Equal(t, now.AddDate(0, 0, -9), entries[0].InvalidityDate)
	require.True(t, entries[0].Issuer.Equal(w.ca.Certificate.Subject))
	stranger, err := certificate.ParseName(other)
	require.NoError(t, err)
	require.True(t, entries[1].Issuer.Equal(stranger))
	require.True(t, entries[2].Issuer.Equal(stranger), "the issuer of an entry holds for those after it")

	entry, err := c.Lookup(w.ca.Certificate.Subject, big.NewInt(5))
	require.NoError(t, err)
	require.Equal(t, revocation.KeyCompromise, entry.Reason)
	entry, err = c.Lookup(stranger, big.NewInt(5))
	require.NoError(t, err)
	require.Equal(t, revocation.CertificateHold, entry.Reason)
	entry, err = c.Lookup(w.ca.Certificate.Subject, big.NewInt(-6))
	require.NoError(t, err)
	require.Nil(t, entry)

	block := pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: e.Raw})
	fromPEM, err := revocation.ParseCRL(append([]byte("\r\n"), block...))
	require.NoError(t, err)
	require.True(t, fromPEM.PEM)
	require.Equal(t, e.Raw, fromPEM.Raw)
}

// TestParseCRLFails holds lists that cannot be read.
func TestParseCRLFails(t *testing.T) {
	w := newWorld(t)
	good := w.crl(w.ca, testpki.CRL{}).Raw
	twice := testpki.CRLNumber(big.NewInt(1))
	for name, raw := range map[string][]byte{
		"empty":                     nil,
		"text":                      []byte("no CRL"),
		"other PEM":                 pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: good}),
		"bytes behind":              append(bytes.Clone(good), 0),
		"cut":                       good[:len(good)-1],
		"a certificate":             w.leaf.Certificate.Raw,
		"extension twice":           w.crl(w.ca, testpki.CRL{Extensions: []pkix.Extension{twice, twice}}).Raw,
		"extensions in version 1":   w.crl(w.ca, testpki.CRL{Version: 1, Number: big.NewInt(1)}).Raw,
		"malformed number":          w.crl(w.ca, testpki.CRL{Extensions: []pkix.Extension{testpki.Null(twice.Id, false)}}).Raw,
		"malformed scope":           w.crl(w.ca, testpki.CRL{Extensions: []pkix.Extension{testpki.Null([]int{2, 5, 29, 28}, true)}}).Raw,
		"no issuer":                 w.crl(w.ca, testpki.CRL{Issuer: []byte{}}).Raw,
		"algorithms do not agree":   w.crl(w.ca, testpki.CRL{Change: otherAlgorithm}).Raw,
		"time of no known type":     w.crl(w.ca, testpki.CRL{Change: func(b []byte) []byte { return bytes.Replace(b, []byte("260401"), []byte("26x401"), 1) }}).Raw,
		"month that does not exist": w.crl(w.ca, testpki.CRL{Change: func(b []byte) []byte { return bytes.Replace(b, []byte("260401"), []byte("261301"), 1) }}).Raw,
	} {
		_, err := revocation.ParseCRL(raw)
		require.Error(t, err, name)
		require.ErrorContains(t, err, "revocation: ", name)
	}
}

// otherAlgorithm turns sha256WithRSAEncryption into sha384WithRSAEncryption.
func otherAlgorithm(tbs []byte) []byte {
	sha256WithRSA := []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11}
	changed := bytes.Clone(tbs)
	changed[bytes.Index(tbs, sha256WithRSA)+8] = 12
	return changed
}

// verdict is what a table expects.
type verdict struct {
	status revocation.Status
	cause  revocation.Cause // of the only rejection; 0: none
}

func (v verdict) require(t *testing.T, a *revocation.Answer) {
	t.Helper()
	require.Equal(t, v.status, a.Status, "%v %v", a.Detail, a.Rejected)
	if v.cause == 0 {
		require.Empty(t, a.Rejected)
		return
	}
	require.Equal(t, []revocation.Cause{v.cause}, causes(a), "%v", a.Rejected)
}

func TestJudgeCRL(t *testing.T) {
	w := newWorld(t)
	day := func(n int) time.Time { return now.AddDate(0, 0, n) }
	for _, test := range []struct {
		name    string
		crl     testpki.CRL
		signer  *testpki.Identity
		options revocation.Options
		want    verdict
	}{
		{name: "not listed", want: verdict{revocation.Good, 0}},
		{name: "version 1", crl: testpki.CRL{Version: 1}, want: verdict{revocation.Good, 0}},
		{name: "others are listed", crl: testpki.CRL{Entries: []testpki.CRLEntry{{Serial: big.NewInt(7)}}}, want: verdict{revocation.Good, 0}},
		{name: "revoked", crl: testpki.CRL{Entries: w.revoked(now, 1)}, want: verdict{revocation.Revoked, 0}},
		{name: "revoked, no reason", crl: testpki.CRL{Entries: w.revoked(now, 0)}, want: verdict{revocation.Revoked, 0}},
		{name: "on hold", crl: testpki.CRL{Entries: w.revoked(now, 6)}, want: verdict{revocation.Revoked, 0}},
		{name: "revoked later", crl: testpki.CRL{Entries: w.revoked(day(2), 1), ThisUpdate: day(3)}, options: revocation.Options{Now: day(4)}, want: verdict{revocation.Good, 0}},
		{name: "removeFromCRL in a complete CRL", crl: testpki.CRL{Entries: w.revoked(now, 8)}, want: verdict{revocation.Unknown, revocation.Malformed}},
		{name: "invalid before the revocation", crl: testpki.CRL{
			Entries: []testpki.CRLEntry{{Serial: w.serial(), Date: day(2), Invalidity: now}}, ThisUpdate: day(3),
		}, options: revocation.Options{Now: day(4)}, want: verdict{revocation.Revoked, 0}},

		{name: "future", crl: testpki.CRL{ThisUpdate: day(1)}, want: verdict{revocation.Unknown, revocation.Future}},
		{name: "future, but not for the present", crl: testpki.CRL{ThisUpdate: day(1)}, options: revocation.Options{Now: day(2)}, want: verdict{revocation.Good, 0}},
		{name: "clock that is a little fast", crl: testpki.CRL{ThisUpdate: now.Add(time.Hour + 4*time.Minute)}, want: verdict{revocation.Good, 0}},
		{name: "stale", options: revocation.Options{Time: day(8)}, want: verdict{revocation.Unknown, revocation.Stale}},
		{name: "stale, but revoked", crl: testpki.CRL{Entries: w.revoked(now, 1)}, options: revocation.Options{Time: day(8)}, want: verdict{revocation.Revoked, 0}},
		{name: "stale hold", crl: testpki.CRL{Entries: w.revoked(now, 6)}, options: revocation.Options{Time: day(8)}, want: verdict{revocation.Unknown, revocation.Stale}},
		{name: "last moment", options: revocation.Options{Time: day(7)}, want: verdict{revocation.Good, 0}},
		{name: "no nextUpdate", crl: testpki.CRL{NoNextUpdate: true}, want: verdict{revocation.Good, 0}},
		{name: "no nextUpdate, old", crl: testpki.CRL{NoNextUpdate: true}, options: revocation.Options{Time: day(2)}, want: verdict{revocation.Unknown, revocation.TooOld}},
		{name: "within the age", options: revocation.Options{MaxAge: 2 * time.Hour}, want: verdict{revocation.Good, 0}},
		{name: "over the age", options: revocation.Options{MaxAge: time.Minute}, want: verdict{revocation.Unknown, revocation.TooOld}},
		{name: "next before this", crl: testpki.CRL{NextUpdate: day(-1)}, want: verdict{revocation.Unknown, revocation.Malformed}},
		{name: "older than the certificate", crl: testpki.CRL{ThisUpdate: day(-2)}, want: verdict{revocation.Unknown, revocation.BeforeIssuance}},
		{name: "after expiry", crl: testpki.CRL{ThisUpdate: now.AddDate(11, 0, 0)}, options: revocation.Options{Time: now.AddDate(9, 0, 0), Now: now.AddDate(12, 0, 0)}, want: verdict{revocation.Unknown, revocation.AfterExpiry}},
		{name: "after expiry, with the expired", crl: testpki.CRL{
			ThisUpdate: now.AddDate(11, 0, 0), Extensions: []pkix.Extension{testpki.ExpiredCertsOnCRL(now)},
		}, options: revocation.Options{Time: now.AddDate(9, 0, 0), Now: now.AddDate(12, 0, 0)}, want: verdict{revocation.Good, 0}},
		{name: "after expiry, with others that expired", crl: testpki.CRL{
			ThisUpdate: now.AddDate(11, 0, 0), Extensions: []pkix.Extension{testpki.ExpiredCertsOnCRL(now.AddDate(10, 1, 0))},
		}, options: revocation.Options{Time: now.AddDate(9, 0, 0), Now: now.AddDate(12, 0, 0)}, want: verdict{revocation.Unknown, revocation.AfterExpiry}},
		{name: "after expiry, revoked", crl: testpki.CRL{
			ThisUpdate: now.AddDate(11, 0, 0), Entries: w.revoked(now, 1),
		}, options: revocation.Options{Time: now.AddDate(9, 0, 0), Now: now.AddDate(12, 0, 0)}, want: verdict{revocation.Revoked, 0}},

		{name: "another issuer", signer: w.pki.Root, want: verdict{revocation.NotChecked, 0}},
		{name: "wrong key", signer: w.pki.Root, crl: testpki.CRL{Issuer: w.ca.Certificate.RawSubject}, want: verdict{revocation.Unknown, revocation.BadSignature}},
		{name: "wrong key, revoked", signer: w.pki.Root, crl: testpki.CRL{Issuer: w.ca.Certificate.RawSubject, Entries: w.revoked(now, 1)}, want: verdict{revocation.Unknown, revocation.BadSignature}},
		{name: "critical extension", crl: testpki.CRL{Extensions: []pkix.Extension{critical()}}, want: verdict{revocation.Unknown, revocation.UnknownCritical}},
		{name: "critical extension of any entry", crl: testpki.CRL{Entries: []testpki.CRLEntry{{Serial: big.NewInt(7), Extensions: []pkix.Extension{critical()}}}}, want: verdict{revocation.Unknown, revocation.UnknownCritical}},
		{name: "malformed reason", crl: testpki.CRL{Entries: []testpki.CRLEntry{{Serial: w.serial(), Extensions: []pkix.Extension{testpki.Null([]int{2, 5, 29, 21}, false)}}}}, want: verdict{revocation.Unknown, revocation.Malformed}},
		{name: "other issuer in a CRL that is not indirect", crl: testpki.CRL{Entries: []testpki.CRLEntry{{Serial: big.NewInt(7), Issuer: testpki.Person("x")}}}, want: verdict{revocation.Unknown, revocation.Malformed}},
		{name: "extensions of an entry in version 1", crl: testpki.CRL{Version: 1, Entries: w.revoked(now, 1)}, want: verdict{revocation.Unknown, revocation.Malformed}},
	} {
		t.Run(test.name, func(t *testing.T) {
			signer := test.signer
			if signer == nil {
				signer = w.ca
			}
			a := w.judge(test.options, w.crl(signer, test.crl))
			test.want.require(t, a)
			if a.Status == revocation.Good || a.Status == revocation.Revoked {
				require.Same(t, w.ca.Certificate, a.Signer)
				require.NotNil(t, a.Evidence)
				require.False(t, a.ThisUpdate.IsZero())
				require.NotEmpty(t, a.SignatureAlgorithm.Algorithm)
			}
		})
	}
}

func TestRevokedFacts(t *testing.T) {
	w := newWorld(t)
	at, invalid := now.Add(-time.Hour), now.Add(-2*time.Hour)
	a := w.judge(revocation.Options{}, w.crl(w.ca, testpki.CRL{
		Entries: []testpki.CRLEntry{{Serial: w.serial(), Date: at, Reason: 1, Invalidity: invalid}},
	}))
	require.Equal(t, revocation.Revoked, a.Status)
	require.Equal(t, revocation.KeyCompromise, a.Reason)
	require.Equal(t, at, a.RevokedAt)
	require.Equal(t, invalid, a.InvalidityDate)
	require.Equal(t, invalid, a.Since())

	later := w.judge(revocation.Options{Now: now.AddDate(0, 0, 5)}, w.crl(w.ca, testpki.CRL{
		ThisUpdate: now.AddDate(0, 0, 4), Entries: w.revoked(now.AddDate(0, 0, 3), 4),
	}))
	require.Equal(t, revocation.Good, later.Status)
	require.Equal(t, now.AddDate(0, 0, 3), later.RevokedAt)
	require.Equal(t, revocation.Superseded, later.Reason)
	require.NotEmpty(t, later.Detail)

	// Of several entries the worst counts.
	a = w.judge(revocation.Options{}, w.crl(w.ca, testpki.CRL{
		Entries: append(w.revoked(now, 6), w.revoked(now, 4)...),
	}))
	require.Equal(t, revocation.Superseded, a.Reason)
}

func TestKeyUsageOfCRLSigner(t *testing.T) {
	w := newWorld(t)
	w.ca = w.issue(&testpki.Request{
		Profile: testpki.AuthorityProfile, Issuer: w.pki.Root, Subject: testpki.Person("CA without cRLSign"),
		Change: func(c *testpki.Template) { c.Extensions[2] = testpki.KeyUsage(x509.KeyUsageCertSign) },
	})
	w.leaf = w.issue(&testpki.Request{Issuer: w.ca, Change: func(c *testpki.Template) { c.Extensions = c.Extensions[:3] }})
	verdict{revocation.Unknown, revocation.SignerNotAllowed}.require(t, w.judge(revocation.Options{}, w.crl(w.ca, testpki.CRL{})))
}

func TestSeveralCRLs(t *testing.T) {
	w := newWorld(t)
	old := w.crl(w.ca, testpki.CRL{ThisUpdate: now.Add(-time.Hour)})
	hold := w.crl(w.ca, testpki.CRL{ThisUpdate: now.Add(-time.Minute), Entries: w.revoked(now.Add(-time.Hour), 6)})
	gone := w.crl(w.ca, testpki.CRL{Entries: w.revoked(now.Add(-time.Hour), 5)})
	young := w.crl(w.ca, testpki.CRL{ThisUpdate: now.Add(time.Minute)})

	require.Equal(t, revocation.Revoked, w.judge(revocation.Options{}, old, hold).Status)
	a := w.judge(revocation.Options{}, young, hold, old)
	require.Equal(t, revocation.Good, a.Status, "the hold was lifted")
	require.Equal(t, young, a.Evidence)
	require.Zero(t, a.RevokedAt)
	a = w.judge(revocation.Options{}, young, gone, old)
	require.Equal(t, revocation.Revoked, a.Status, "a revocation is never undone")
	require.Equal(t, gone, a.Evidence)
	require.NotEmpty(t, a.Notes)
}

func TestExpiredIssuer(t *testing.T) {
	w := newWorld(t)
	e := w.crl(w.ca, testpki.CRL{})
	o := revocation.Options{Time: now.Add(time.Hour), Now: now.AddDate(21, 0, 0)}
	verdict{revocation.Unknown, revocation.SignerExpired}.require(t, w.judge(o, e))
	o.IssuerIsAnchor = true
	verdict{revocation.Good, 0}.require(t, w.judge(o, e))
	o.IssuerIsAnchor = false
	proven := *e
	proven.Proven = now.AddDate(5, 0, 0)
	verdict{revocation.Good, 0}.require(t, w.judge(o, &proven))
	verdict{revocation.Good, 0}.require(t, w.judge(o, e, &proven))
	late := *e
	late.Proven = now.AddDate(20, 6, 0)
	verdict{revocation.Unknown, revocation.SignerExpired}.require(t, w.judge(o, &late))
	verdict{revocation.Good, 0}.require(t, w.judge(o, &late, &proven))
	verdict{revocation.Good, 0}.require(t, w.judge(o, &proven, &late))
}

func TestNotNeeded(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	leaf, err := pki.Issue(&testpki.Request{})
	require.NoError(t, err)
	w := &world{t: t, pki: pki, ca: pki.Intermediate, leaf: leaf}
	a := w.judge(revocation.Options{})
	require.Equal(t, revocation.NotNeeded, a.Status)
	require.NotEmpty(t, a.Detail)
	a = w.judge(revocation.Options{}, w.crl(w.ca, testpki.CRL{Entries: w.revoked(now, 1)}))
	require.Equal(t, revocation.Revoked, a.Status, "evidence that is there counts")

	w = newWorld(t, testpki.Null([]int{0, 4, 0, 194121, 2, 1}, false))
	require.Equal(t, revocation.NotNeeded, w.judge(revocation.Options{}).Status)
	w = newWorld(t)
	require.Equal(t, revocation.NotChecked, w.judge(revocation.Options{}).Status)
}

func TestJudgeNothing(t *testing.T) {
	w := newWorld(t)
	set := revocation.NewSet(w.crl(w.ca, testpki.CRL{}))
	require.Equal(t, revocation.Unknown, set.Judge(nil, w.ca.Certificate, revocation.Options{Time: now}).Status)
	require.Equal(t, revocation.Unknown, set.Judge(w.leaf.Certificate, nil, revocation.Options{Time: now}).Status)
	require.Equal(t, revocation.Unknown, set.Judge(w.leaf.Certificate, w.ca.Certificate, revocation.Options{}).Status)
	var none *revocation.Set
	require.Equal(t, revocation.NotChecked, none.Judge(w.leaf.Certificate, w.ca.Certificate, revocation.Options{Time: now}).Status)
	require.Equal(t, revocation.Unknown, revocation.Status(0))
	require.Zero(t, (&revocation.Answer{}).Status)
}
