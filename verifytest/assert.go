package verifytest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/inkan-go/inkan/verify"
)

// Passed fails the test unless there is a signature and all passed. Like all
// assertions it prints what was found, goes on, and returns whether it held.
func Passed(t testing.TB, r *verify.Report) bool {
	t.Helper()
	return held(t, r, r != nil && r.Passed() && r.Indication == verify.TotalPassed, "not every signature passed")
}

// Intact fails the test unless there is a signature and every one is unbroken, whoever
// is trusted.
func Intact(t testing.TB, r *verify.Report) bool {
	t.Helper()
	return held(t, r, r != nil && r.Intact, "not every signature is intact")
}

// Level fails the test unless every signature, document time stamps left aside, is of
// that level, for example "PAdES-B-LT". It says nothing about trust.
func Level(t testing.TB, r *verify.Report, level string) bool {
	t.Helper()
	n := 0
	for _, s := range signatures(r) {
		if s.Kind == verify.KindTimestamp {
			continue
		}
		if n++; s.Level != level {
			return held(t, r, false, fmt.Sprintf("the signature in field %q is of the level %q, not %q", s.Field, s.Level, level))
		}
	}
	return held(t, r, n > 0, "there is no signature, so none of the level "+level)
}

// Indication fails the test unless the verdict on the file is that, and with a
// sub-indication unless one of its signatures has it.
func Indication(t testing.TB, r *verify.Report, want verify.Indication, sub verify.SubIndication) bool {
	t.Helper()
	if r == nil || r.Indication != want {
		return held(t, r, false, fmt.Sprintf("the verdict is not %s", want))
	}
	for _, s := range r.Signatures {
		if s.SubIndication == sub {
			return true
		}
	}
	return held(t, r, sub == "", fmt.Sprintf("no signature is %s / %s", want, sub))
}

// Finding fails the test unless the report holds a finding of that code, about the
// file or one of its signatures.
func Finding(t testing.TB, r *verify.Report, code string) bool {
	t.Helper()
	return held(t, r, has(r, code), fmt.Sprintf("there is no finding %q", code))
}

// NoFinding fails the test if the report holds a finding of that code.
func NoFinding(t testing.TB, r *verify.Report, code string) bool {
	t.Helper()
	return held(t, r, r != nil && !has(r, code), fmt.Sprintf("there is a finding %q", code))
}

func signatures(r *verify.Report) []*verify.Signature {
	if r == nil {
		return nil
	}
	return r.Signatures
}

func has(r *verify.Report, code string) bool {
	if r == nil {
		return false
	}
	list := r.Findings
	for _, s := range r.Signatures {
		list = append(list[:len(list):len(list)], s.Findings...)
	}
	for _, f := range list {
		if f.Code == code {
			return true
		}
	}
	return false
}

// held reports what is wrong unless ok, with what was found.
func held(t testing.TB, r *verify.Report, ok bool, problem string) bool {
	t.Helper()
	if !ok {
		t.Errorf("%s\n%s", problem, describe(r))
	}
	return ok
}

// describe lists the verdicts and findings of a report.
func describe(r *verify.Report) string {
	if r == nil {
		return "there is no report"
	}
	if r.Error != "" {
		return "the file is not readable: " + r.Error
	}
	var b strings.Builder
	fmt.Fprintf(&b, "file: %s\n", r.Indication)
	list(&b, r.Findings)
	for _, s := range r.Signatures {
		fmt.Fprintf(&b, "%s %q: %s %s, level %q, intact %v\n", s.Kind, s.Field, s.Indication, s.SubIndication, s.Level, s.Intact)
		list(&b, s.Findings)
	}
	return b.String()
}

func list(b *strings.Builder, findings []verify.Finding) {
	for _, f := range findings {
		fmt.Fprintf(b, "\t%s %s: %s\n", f.Severity, f.Code, f.Text)
	}
}
