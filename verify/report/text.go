package report

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/inkan-go/inkan/verify"
)

// Text writes one report as plain text: the verdict first, then one paragraph a
// signature with what speaks for and against it. Control characters in anything
// that stems from the file are made visible.
func Text(w io.Writer, r *verify.Report) error {
	t := &text{}
	if r.Error != "" {
		t.line(0, "%s: not readable: %s", r.File, r.Error)
	} else {
		t.report(r)
	}
	_, err := io.WriteString(w, t.String())
	return err
}

// text is a report being written.
type text struct{ strings.Builder }

// line writes one line, indented by steps of two blanks. What stems from the
// file cannot begin a line of its own.
func (t *text) line(indent int, format string, args ...any) {
	t.WriteString(strings.Repeat("  ", indent))
	t.WriteString(visible(fmt.Sprintf(format, args...)))
	t.WriteByte('\n')
}

// visible replaces characters that would move the cursor or turn the direction
// of writing.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
			return '\uFFFD'
		}
		return r
	}, s)
}

func (t *text) report(r *verify.Report) {
	t.line(0, "%s: %s", r.File, verdict(r))
	t.line(1, "%s, judged at %s, policy %s", r.Indication, r.ValidationTime.Format(time.RFC3339), r.Policy)
	if r.Encrypted {
		t.line(1, "the file is encrypted")
	}
	if next := r.NextAction; next != nil {
		t.line(1, "protect again before %s: %s", next.Deadline.Format(time.RFC3339), next.Why)
	}
	t.findings(1, r.Findings)
	for i, s := range r.Signatures {
		t.WriteByte('\n')
		t.signature(i+1, s)
	}
}

// verdict is the answer in one sentence.
func verdict(r *verify.Report) string {
	n := len(r.Signatures)
	switch {
	case r.Indication == verify.NoSignature:
		return "no signature"
	case n == 0:
		return "no signature that can be reached, but something that looks like one"
	case r.Passed() && r.Indication == verify.TotalPassed:
		return fmt.Sprintf("%s passed", count(n, "the signature", "all %d signatures"))
	case r.Intact:
		return fmt.Sprintf("%s unbroken, but not everything could be confirmed", count(n, "the signature is", "all %d signatures are"))
	case r.Indication == verify.TotalFailed:
		return fmt.Sprintf("%s of %s failed", number(failed(r)), count(n, "1 signature", "%d signatures"))
	}
	return fmt.Sprintf("%s could not be confirmed", count(n, "the signature", "not all %d signatures"))
}

func failed(r *verify.Report) int {
	n := 0
	for _, s := range r.Signatures {
		if s.Indication == verify.TotalFailed {
			n++
		}
	}
	return n
}

func number(n int) string { return fmt.Sprint(n) }

func count(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf(many, n)
}

// signature writes the paragraph of one signature.
func (t *text) signature(n int, s *verify.Signature) {
	sub := ""
	if s.SubIndication != "" {
		sub = " / " + string(s.SubIndication)
	}
	t.line(0, "%s %d, %s: %s%s", kinds[s.Kind], n, field(s), s.Indication, sub)
	t.line(1, "signer     %s", signer(s))
	t.line(1, "signature  %s; %s", cryptos[s.Crypto], made(s))
	t.line(1, "document   %s", document(s))
	if s.DocMDP > 0 {
		t.line(1, "permits    %s", permissions[min(s.DocMDP, 3)])
	}
	for _, c := range []struct{ label, value string }{
		{"name", s.Name}, {"reason", s.Reason}, {"location", s.Location}, {"contact", s.Contact},
		{"claimed", s.ClaimedTime}, {"proven", s.BestTime}, {"level", s.Level},
	} {
		if c.value != "" {
			t.line(1, "%-10s %s", c.label, c.value)
		}
	}
	for _, stamp := range s.Timestamps {
		t.line(1, "stamped    %s", timestamp(stamp))
	}
	for _, a := range s.Additions {
		t.line(1, "later      revision %d: %s %q", a.Revision, a.Kind, a.SignedBy)
	}
	t.findings(1, s.Findings)
}

func field(s *verify.Signature) string {
	if s.Field == "" {
		return "without a field"
	}
	return fmt.Sprintf("field %q", s.Field)
}

func signer(s *verify.Signature) string {
	if s.Signer == nil {
		return "not known"
	}
	chain := "not traced to anyone trusted"
	if n := len(s.Chain); n > 0 && s.Chain[n-1].Anchor {
		chain = "trusted by way of " + s.Chain[n-1].Subject
	}
	return s.Signer.Subject + "; " + chain
}

func made(s *verify.Signature) string {
	if s.Algorithm == "" {
		return s.SubFilter
	}
	return fmt.Sprintf("%s with %s, %d bits, %s", s.Algorithm, s.Digest, s.KeyBits, s.SubFilter)
}

// document tells what the signature covers and what happened afterwards.
func document(s *verify.Signature) string {
	out := fmt.Sprintf("%s; %s", structures[s.Structure], coverage(s))
	if s.Coverage == verify.CoverageFile && s.Changes == verify.ChangesNone {
		return out
	}
	allowed := ""
	if s.Changes != verify.ChangesUnknown && s.Changes != verify.ChangesNone {
		allowed = ", allowed"
		if !s.ChangesAllowed {
			allowed = ", not allowed"
		}
	}
	return out + "; " + changes[s.Changes] + allowed
}

func coverage(s *verify.Signature) string {
	switch s.Coverage {
	case verify.CoverageFile:
		return "covers the whole file"
	case verify.CoverageRevision:
		return fmt.Sprintf("covers revision %d of %d", s.Revision, s.Revisions)
	}
	return "covers a part of the file that is no revision"
}

func timestamp(s verify.Timestamp) string {
	valid := "not valid"
	switch {
	case s.Valid && s.Indication == verify.TotalPassed:
		valid = "valid"
	case s.Valid:
		valid = fmt.Sprintf("valid, but proves nothing (%s)", s.SubIndication)
	}
	out := fmt.Sprintf("%s, %s time stamp, %s", s.Time, s.Kind, valid)
	if s.TSA != "" {
		out += ", by " + s.TSA
	}
	return out
}

// findings writes what was found, errors before warnings before the rest.
func (t *text) findings(indent int, list []verify.Finding) {
	for severity := verify.SeverityError; severity <= verify.SeverityInfo; severity++ {
		for _, f := range list {
			if f.Severity == severity {
				t.line(indent, "%-10s %s (%s)", severity, f.Text, where(f))
			}
		}
	}
}

// where names the code and the place of a finding, for those who look it up.
func where(f verify.Finding) string {
	parts := []string{f.Code}
	if f.Clause != "" {
		parts = append(parts, f.Clause)
	}
	if f.Object != "" {
		parts = append(parts, "object "+f.Object)
	}
	if f.Revision > 0 {
		parts = append(parts, fmt.Sprintf("revision %d", f.Revision))
	}
	if f.Offset >= 0 {
		parts = append(parts, fmt.Sprintf("byte %d", f.Offset))
	}
	return strings.Join(parts, "; ")
}
