package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verify/report"
)

// write returns reports in a format.
func write(t *testing.T, f report.Format, o *report.Options, reports ...*verify.Report) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, report.Write(&b, f, o, reports...))
	return b.String()
}

func text(t *testing.T, r *verify.Report) string { return write(t, report.Text, nil, r) }

// passed is a report with one signature that passed.
func passed() *verify.Report {
	return &verify.Report{
		File: "contract.pdf", Policy: "Default", ValidationTime: time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC),
		Indication: verify.TotalPassed, Intact: true,
		Signatures: []*verify.Signature{{
			Field: "Seal", SubFilter: "ETSI.CAdES.detached", Revision: 2, Revisions: 2, Intact: true,
			Crypto: verify.CryptoValid, Structure: verify.StructureSound, Coverage: verify.CoverageFile, Changes: verify.ChangesNone, ChangesAllowed: true,
			Level: "PAdES-B-B", Digest: "SHA-256", Algorithm: "RSA-PSS", KeyBits: 2048, Indication: verify.TotalPassed,
			Signer: &verify.Signer{Subject: "CN=山田太郎"}, Chain: []verify.Certificate{{}, {Subject: "CN=Root", Anchor: true}},
			Name: "山田太郎", Reason: "agreed", ClaimedTime: at("2026-04-01T09:00:00+09:00"),
		}},
	}
}

func TestText(t *testing.T) {
	require.Equal(t, `contract.pdf: Signed and all signatures are valid.
  TOTAL-PASSED, judged at 2026-04-01T09:00:00Z, policy Default

Signature 1, field "Seal": TOTAL-PASSED
  signer     CN=山田太郎; trusted by way of CN=Root
  signature  verifies; RSA-PSS with SHA-256, 2048 bits, ETSI.CAdES.detached
  document   sound; covers the whole file
  name       山田太郎
  reason     agreed
  claimed    2026-04-01T00:00:00Z
  level      PAdES-B-B
`, text(t, passed()))
}

// TestVerdictFirst: the first line is the answer.
func TestVerdictFirst(t *testing.T) {
	change := func(f func(r *verify.Report, s *verify.Signature)) *verify.Report {
		r := passed()
		f(r, r.Signatures[0])
		return r
	}
	for want, r := range map[string]*verify.Report{
		"a.pdf: not readable: why": {File: "a.pdf", Error: "why"},
		"a.pdf: No signature.":     {File: "a.pdf", Indication: verify.NoSignature},
		"a.pdf: No signature that can be reached, but something that looks like one.": {File: "a.pdf", Indication: verify.Indeterminate},
		"contract.pdf: Signed and all signatures are valid.": change(func(r *verify.Report, s *verify.Signature) {
			r.Signatures = append(r.Signatures, s)
		}),
		"contract.pdf: The signature is unbroken, but not everything could be confirmed.": change(func(r *verify.Report, s *verify.Signature) {
			r.Indication, s.Indication = verify.Indeterminate, verify.Indeterminate
		}),
		"contract.pdf: The signature is invalid.": change(func(r *verify.Report, s *verify.Signature) {
			r.Indication, s.Indication, r.Intact = verify.TotalFailed, verify.TotalFailed, false
		}),
		// Unbroken is not valid: it was made with a revoked key, say.
		"contract.pdf: The signature is unbroken, but it is invalid.": change(func(r *verify.Report, s *verify.Signature) {
			r.Indication, s.Indication = verify.TotalFailed, verify.TotalFailed
		}),
		"contract.pdf: All 2 signatures are unbroken, but 1 of them is invalid.": change(func(r *verify.Report, s *verify.Signature) {
			revoked := *s
			revoked.Indication = verify.TotalFailed
			r.Indication, r.Signatures = verify.TotalFailed, append(r.Signatures, &revoked)
		}),
		"contract.pdf: 1 of 2 signatures is invalid.": change(func(r *verify.Report, s *verify.Signature) {
			broken := *s
			broken.Indication = verify.TotalFailed
			r.Indication, r.Intact, r.Signatures = verify.TotalFailed, false, append(r.Signatures, &broken)
		}),
		"contract.pdf: The signature could not be confirmed.": change(func(r *verify.Report, s *verify.Signature) {
			r.Indication, s.Indication, r.Intact = verify.Indeterminate, verify.Indeterminate, false
		}),
		// A report that was never filled in is the worst one.
		": The signature is invalid.": {Signatures: []*verify.Signature{{}}},
	} {
		require.Equal(t, want, strings.SplitN(text(t, r), "\n", 2)[0])
	}
}

// TestLocks: which fields are locked is said, not only which are named.
func TestLocks(t *testing.T) {
	r := passed()
	s := r.Signatures[0]
	require.NotContains(t, text(t, r), "locks")
	o := &report.Options{Language: report.Japanese}
	for _, tt := range []struct {
		action       string
		fields       []string
		want, wantJA string
	}{
		{"Include", []string{"price", "date"}, "price, date", "price、date"},
		{"Exclude", []string{"price", "date"}, "all fields except price, date", "次を除くすべてのフィールド: price、date"},
		{"Exclude", nil, "all fields", "すべてのフィールド"},
		{"All", nil, "all fields", "すべてのフィールド"},
	} {
		s.LockAction, s.Locks = tt.action, tt.fields
		require.Contains(t, text(t, r), "  locks      "+tt.want+"\n")
		require.Contains(t, write(t, report.Text, o, r), "  ロック対象     "+tt.wantJA+"\n")
	}
}

// TestTrustedOnlyIfPassed: nobody is called trusted whose signature did not pass, as where the
// path to the anchor does not hold.
func TestTrustedOnlyIfPassed(t *testing.T) {
	r := passed()
	require.Contains(t, text(t, r), "signer     CN=山田太郎; trusted by way of CN=Root\n")
	r.Indication, r.Signatures[0].Indication = verify.Indeterminate, verify.Indeterminate
	require.Contains(t, text(t, r), "signer     CN=山田太郎; its path leads to CN=Root\n")
}

// TestVerdictInJapanese: what failed is called invalid, unbroken or not.
func TestVerdictInJapanese(t *testing.T) {
	r := passed()
	r.Indication, r.Signatures[0].Indication = verify.TotalFailed, verify.TotalFailed
	o := &report.Options{Language: report.Japanese}
	require.Contains(t, write(t, report.Text, o, r), "contract.pdf: 改ざんは検出されませんでしたが、署名は無効です。\n")
	r.Intact = false
	require.Contains(t, write(t, report.Text, o, r), "contract.pdf: 署名は無効です。\n")
}

// TestWithoutCertificate: where the certificate is missing that is said, and no length of
// a key that is not known.
func TestWithoutCertificate(t *testing.T) {
	r := passed()
	s := r.Signatures[0]
	s.Signer, s.Chain, s.KeyBits, s.Crypto = nil, nil, 0, verify.CryptoUnsupported
	s.Indication, s.SubIndication = verify.Indeterminate, verify.NoSigningCertificateFound
	require.Contains(t, text(t, r), "signature  cannot be verified without the certificate of the signer; RSA-PSS with SHA-256, ETSI.CAdES.detached\n")
	require.Contains(t, write(t, report.Text, &report.Options{Language: report.Japanese}, r), "署名者の証明書がないため検証できません。RSA-PSS、SHA-256、ETSI")
}

func TestEverythingIsNamed(t *testing.T) {
	r := passed()
	s := r.Signatures[0]
	s.Kind, s.DocMDP, s.Coverage, s.Changes, s.ChangesAllowed = verify.KindCertification, 1, verify.CoverageRevision, verify.ChangesForm, false
	s.SubIndication, s.Indication = verify.FormatFailure, verify.TotalFailed
	s.Timestamps = []verify.Timestamp{{Kind: "signature", Time: at("2026-04-01T09:00:00Z"), TSA: "CN=TSA"}}
	s.Additions = []verify.Addition{{Revision: 3, Kind: "signature", Field: "B", SignedBy: "B"}}
	s.Findings = []verify.Finding{
		{Code: "c.info", Severity: verify.SeverityInfo, Text: "Third.", Offset: -1},
		{Code: "a.error", Severity: verify.SeverityError, Text: "First.", Clause: "RFC 1", Object: "3 0", Revision: 2, Offset: 7},
		{Code: "b.warning", Severity: verify.SeverityWarning, Text: "Second.", Offset: -1},
	}
	got := text(t, r)
	for _, want := range []string{
		"Certification 1, field \"Seal\": TOTAL-FAILED / FORMAT_FAILURE",
		"covers revision 2 of 2; signed or filled in later, not allowed",
		"permits    no changes",
		"stamped    2026-04-01T09:00:00Z, signature time stamp, not valid, by CN=TSA",
		`later      Revision 3: signature "B"`,
		"error      First. (a.error; RFC 1; object 3 0; revision 2; byte 7)\n  warning    Second. (b.warning)\n  info       Third. (c.info)",
	} {
		require.Contains(t, got, want)
	}
}

// TestHostileText: what stands in a file cannot draw lines of the report, nor
// turn the direction of writing.
func TestHostileText(t *testing.T) {
	r := passed()
	r.Signatures[0].Reason = "a\n  signer     CN=Someone else\x1b[2J\u202e\u2028b"
	got := text(t, r)
	require.Equal(t, strings.Count(text(t, passed()), "\n"), strings.Count(got, "\n"))
	require.NotContains(t, got, "\x1b")
	require.NotContains(t, got, "\u202e")
	require.NotContains(t, got, "\u2028")
}

func TestJSON(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, report.Write(&b, report.JSON, nil, passed()))
	require.Equal(t, 1, strings.Count(b.String(), "\n"))
	var back verify.Report
	require.NoError(t, json.Unmarshal(b.Bytes(), &back))
	require.Equal(t, "山田太郎", back.Signatures[0].Name)
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteErrors(t *testing.T) {
	for _, f := range report.Formats() {
		require.ErrorContains(t, report.Write(broken{}, f, nil, passed()), "disk full", string(f))
	}
	_, err := report.NewWriter(io.Discard, "docx", nil)
	require.ErrorContains(t, err, `"docx" is none of`)
}

// TestTime: what proves a time, what does not, and until when.
func TestTime(t *testing.T) {
	r := passed()
	r.NextAction = &verify.NextAction{Deadline: time.Date(2036, 4, 1, 0, 0, 0, 0, time.UTC), Why: "the certificate expires"}
	r.Signatures[0].BestTime = at("2026-04-01T00:10:00Z")
	r.Signatures[0].Timestamps = []verify.Timestamp{
		{Kind: "signature", Time: at("2026-04-01T00:10:00Z"), Valid: true, Indication: verify.TotalPassed},
		{Kind: "signature", Time: at("2026-04-01T00:11:00Z"), Valid: true, Indication: verify.Indeterminate, SubIndication: verify.TryLater},
	}
	got := text(t, r)
	for _, want := range []string{
		"  protect again before 2036-04-01T00:00:00Z: the certificate expires\n", "  proven     2026-04-01T00:10:00Z\n",
		"  stamped    2026-04-01T00:10:00Z, signature time stamp, valid\n",
		"  stamped    2026-04-01T00:11:00Z, signature time stamp, valid, but proves nothing (TRY_LATER)\n",
	} {
		require.Contains(t, got, want)
	}
}
