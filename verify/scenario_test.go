package verify_test

import (
	"bytes"
	"encoding/asn1"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verifytest"
)

// vendor is a service with authorities that answer, a signer for three months and a
// time-stamping authority for ten years.
type vendor struct {
	server *testpki.Server
	signer *testpki.Identity
	tsa    *tsa.Responder
}

func newVendor(t *testing.T) *vendor {
	server, err := testpki.NewServer(&testpki.Options{Now: time.Now()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	signer, err := server.Issue(&testpki.Request{NotAfter: time.Now().AddDate(0, 3, 0)})
	require.NoError(t, err)
	stamper, err := server.PKI.Issue(&testpki.Request{
		Profile: testpki.TimeStamperProfile, KeyType: testpki.P256, Issuer: server.PKI.Root, NotAfter: time.Now().AddDate(10, 0, 0),
	})
	require.NoError(t, err)
	return &vendor{server, signer, &tsa.Responder{Key: stamper.Key, Certificate: stamper.Certificate, Chain: stamper.Chain, Policies: []asn1.ObjectIdentifier{{1, 3, 6, 1, 4, 1, 32473, 1}}}}
}

func (v *vendor) sign(t *testing.T, o pades.SignOptions) []byte {
	t.Helper()
	o.TSA = v.tsa
	if o.Level > pades.BT {
		o.Revocation, o.Trust = v.source(), v.server.PKI.Pool()
	}
	file := contract(testpdf.Table)
	doc, err := pades.NewDocument(bytes.NewReader(file), int64(len(file)), nil)
	require.NoError(t, err)
	require.NoError(t, doc.Sign(t.Context(), &pades.Signer{Key: v.signer.Key, Chain: v.signer.Chain}, &o))
	var out bytes.Buffer
	_, err = doc.WriteTo(&out)
	require.NoError(t, err)
	return out.Bytes()
}

func (v *vendor) source() *fetch.Client {
	return &fetch.Client{Resolver: v.server, Dial: v.server.DialContext}
}

func judgeBytes(t *testing.T, file []byte, o *verify.Options) *verify.Report {
	t.Helper()
	report, err := verify.Reader(t.Context(), bytes.NewReader(file), int64(len(file)), o)
	require.NotNil(t, report, "%v", err)
	return report
}

// Scenario 15: B-LTA, without a network, years after the signer's certificate expired:
// valid at the proven time.
func TestScenario15ExpiredSigner(t *testing.T) {
	v := newVendor(t)
	archived, plain := v.sign(t, pades.SignOptions{Level: pades.BLTA}), v.sign(t, pades.SignOptions{Level: pades.BT})
	later := &verify.Options{Trust: v.server.PKI.Pool(), At: time.Now().AddDate(5, 0, 0)}
	report := judgeBytes(t, archived, later)
	verifytest.Passed(t, report)
	verifytest.Level(t, report, "PAdES-B-LTA")
	verifytest.Finding(t, report, "past.proven")
	require.WithinDuration(t, time.Now(), report.Signatures[0].BestTime.Time, time.Minute)
	require.False(t, judgeBytes(t, plain, later).Passed(), "nothing in it proves that the certificate was not revoked")
}

// Scenario 16: revoked after the proven time is passed; before it, INDETERMINATE, and
// TOTAL-FAILED only where a content time stamp is later than the revocation.
func TestScenario16Revocation(t *testing.T) {
	for _, test := range []struct {
		name    string
		content bool
		revoked time.Duration // after the signature
		want    verify.Indication
		reason  verify.SubIndication
	}{
		{"after the proven time", false, time.Hour, verify.TotalPassed, ""},
		{"after the proven time, with a content time stamp", true, time.Hour, verify.TotalPassed, ""},
		{"before the proven time", false, -time.Hour, verify.Indeterminate, verify.RevokedNoPOE},
		{"before a content time stamp", true, -time.Hour, verify.TotalFailed, verify.Revoked},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := newVendor(t)
			signed := v.sign(t, pades.SignOptions{Level: pades.BT, ContentTimestamp: test.content})
			at := time.Now().Add(24 * time.Hour)
			crl, err := v.server.Issuing.SignCRL(&testpki.CRL{ThisUpdate: at.Add(-time.Hour), NextUpdate: at.Add(time.Hour), Entries: []testpki.CRLEntry{
				{Serial: v.signer.Certificate.SerialNumber, Date: time.Now().Add(test.revoked), Reason: 1},
			}})
			require.NoError(t, err)
			above, err := v.server.PKI.Root.SignCRL(&testpki.CRL{ThisUpdate: at.Add(-time.Hour), NextUpdate: at.Add(time.Hour)})
			require.NoError(t, err)
			report := judgeBytes(t, signed, &verify.Options{
				Trust: v.server.PKI.Pool(), At: at, Evidence: []*revocation.Evidence{{Raw: crl}, {Raw: above}},
			})
			verifytest.Indication(t, report, test.want, test.reason)
		})
	}
}

// Scenario 21: a file signed by another vendor is countersigned: the earlier signature
// stays valid, and who is trusted is reported for each.
func TestScenario21Countersigned(t *testing.T) {
	other, ours := newMaker(t), verifytest.NewPKI(t)
	theirs := other.sign(t, contract(testpdf.Table), entry{field: "Theirs", head: "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached"})
	both := ours.Sign(t, theirs, &pades.SignOptions{NewField: "Ours"})
	require.True(t, bytes.HasPrefix(both, theirs))
	o := ours.Options()
	report := judgeBytes(t, both, o)
	verifytest.Intact(t, report)
	require.Equal(t, []string{"Theirs", "Ours"}, []string{report.Signatures[0].Field, report.Signatures[1].Field})
	require.Equal(t, verify.ChangesForm, report.Signatures[0].Changes)
	require.Equal(t, verify.Indeterminate, report.Signatures[0].Indication, "they are trusted by nobody yet")
	require.Equal(t, verify.TotalPassed, report.Signatures[1].Indication)

	o.Trust.Add(other.pki.Root.Certificate)
	verifytest.Passed(t, judgeBytes(t, both, o))
}

// Scenario 23: incremental-saving, wrapping, forgery and shadow attacks are invalid, and
// an error names the revision or the object.
func TestScenario23Attacks(t *testing.T) {
	roots, err := os.ReadFile("../testdata/root.pem")
	require.NoError(t, err)
	trust := certificate.NewPool()
	require.NoError(t, trust.AddPEM(roots))
	check := func(t *testing.T, report *verify.Report) {
		t.Helper()
		require.False(t, report.Passed() && report.Intact)
		named := false
		for _, s := range report.Signatures {
			for _, f := range append(s.Findings, report.Findings...) {
				named = named || f.Severity != verify.SeverityInfo && (f.Revision > 0 || f.Object != "" || f.Offset >= 0)
			}
		}
		for _, f := range report.Findings {
			named = named || f.Severity != verify.SeverityInfo && (f.Revision > 0 || f.Object != "" || f.Offset >= 0)
		}
		require.True(t, named, "nothing names where it is: %+v", report.Findings)
	}
	for _, class := range []string{"isa", "swa", "usf"} {
		files, err := filepath.Glob("../testdata/" + class + "-*.pdf")
		require.NoError(t, err)
		require.Greater(t, len(files), 10, class)
		for _, name := range files {
			report, _ := verify.File(t.Context(), name, &verify.Options{Trust: trust, At: testpki.Now()})
			if report == nil {
				continue // it cannot be read at all
			}
			t.Run(filepath.Base(name), func(t *testing.T) { check(t, report) })
		}
	}
	m := newMaker(t)
	shadow := testpdf.File{Trailer: "/Root 1 0 R/Info 8 0 R", Objects: []testpdf.Object{
		{Number: 11, Body: "<<>>", Data: []byte("BT /F1 18 Tf 72 770 Td (The contractor is paid nothing.) Tj ET")},
	}}
	report := judgeBytes(t, shadow.Append(m.sign(t, contract(testpdf.Table), entry{})), m.options())
	verifytest.Indication(t, report, verify.TotalFailed, verify.FormatFailure)
	check(t, report)
	require.Equal(t, 3, report.Signatures[0].Findings[0].Revision)
	require.Equal(t, "11 0", report.Signatures[0].Findings[0].Object)
}
