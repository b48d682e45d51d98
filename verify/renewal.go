package verify

import (
	"fmt"
	"slices"
	"time"

	"github.com/inkan-go/inkan/certificate"
)

// nextAction says until when what passed stays provable without anything being
// added: the earliest end among the signatures. nil where nothing passed.
func (f *file) nextAction() *NextAction {
	passed := slices.DeleteFunc(slices.Clone(f.candidates), func(c *candidate) bool {
		return c.self == nil || c.final == nil || !c.final.isPassed() || c.final.path == nil
	})
	slices.SortStableFunc(passed, func(a, b *candidate) int { return b.revision - a.revision })
	var first, archived *proofEnd // the second by the document time stamps over a revision
	next := len(f.documentTimestamps) - 1
	for _, c := range passed {
		for ; next >= 0 && f.documentTimestamps[next].owner.revision > c.revision; next-- {
			archived = f.later(archived, f.documentTimestamps[next])
		}
		end := archived
		if end == nil {
			end = f.endOfProof(c)
		}
		if end != nil && (first == nil || end.at.Before(first.at)) {
			first = end
		}
	}
	if first == nil {
		return nil
	}
	return first.action()
}

// endOfProof says when the proof of a signature ends that no document time stamp
// covers: with the time stamp over its value that lasts longest, else with itself.
func (f *file) endOfProof(c *candidate) *proofEnd {
	var last *proofEnd
	for _, t := range c.timestamps {
		if t.kind != contentTimestamp {
			last = f.later(last, t)
		}
	}
	if last == nil {
		return f.endOf(c.self, c.final.path, "renewal.signer")
	}
	return last
}

// later returns the later of two ends, the second that of a time stamp.
func (f *file) later(last *proofEnd, t *timestamp) *proofEnd {
	if !t.passed() || t.result.path == nil {
		return last
	}
	end := f.endOf(t.signed, t.result.path, "renewal.time-stamp")
	if end == nil || last != nil && !end.at.After(last.at) {
		return last
	}
	return end
}

// renewals holds the text of every code of a NextAction. It is never written to.
var renewals = map[string]string{
	"renewal.signer":         "the certificate of the signer, %s, expires",
	"renewal.time-stamp":     "the certificate of the time-stamping authority, %s, expires",
	"renewal.authority":      "the certificate of an authority, %s, expires",
	"renewal.path-algorithm": "%s, on which the certificate of %s rests, is considered secure until then",
	"renewal.algorithm":      "%s, by which %s signed, is considered secure until then",
}

// proofEnd is when a proof ends, and why.
type proofEnd struct {
	at        time.Time
	code      string                   // one of renewals
	algorithm string                   // that ends; "" where a certificate does
	of        *certificate.Certificate // that ends, or was signed or signs with the algorithm
}

// action says what is to be done before the end.
func (e *proofEnd) action() *NextAction {
	arguments := []string{e.of.Subject.String()}
	if e.algorithm != "" {
		arguments = append([]string{e.algorithm}, arguments...)
	}
	return &NextAction{Deadline: e.at.UTC(), Why: fill(renewals[e.code], arguments), Code: e.code, Arguments: arguments}
}

// endOf returns the first end among the certificates of a path, the algorithms by
// which they were signed, and those of the signature itself; code is that of the end
// of the first certificate.
func (f *file) endOf(s *signed, path *certificate.Path, code string) *proofEnd {
	var first *proofEnd
	take := func(end time.Time, code, algorithm string, of *certificate.Certificate) {
		if end.After(f.at) && (first == nil || end.Before(first.at)) {
			first = &proofEnd{end, code, algorithm, of}
		}
	}
	for i, c := range path.Certificates[:len(path.Certificates)-1] {
		if i > 0 {
			code = "renewal.authority"
		}
		take(c.NotAfter, code, "", c)
	}
	for _, w := range path.WeaknessesBy(f.policy.Algorithms) {
		take(w.Until, "renewal.path-algorithm", w.Name, w.Certificate)
	}
	for _, w := range f.weaknessesOf(s) {
		take(w.Until, "renewal.algorithm", w.Name, s.cert)
	}
	return first
}

// reportRetention compares the end of the proof with how long the file is kept.
func (f *file) reportRetention() {
	until, next := f.options.RetainUntil, f.report.NextAction
	if until.IsZero() {
		return
	}
	r := &Retention{Until: until, Kept: f.report.Indication == TotalPassed && (next == nil || !next.Deadline.Before(until))}
	f.report.Retention = r
	if next == nil || !next.Deadline.Before(until) {
		return
	}
	y, m, d := next.Deadline.In(until.Location()).Date()
	last := time.Date(y, m, d-1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	r.LastSafeDay = max(last, f.at.In(until.Location()).Format(time.DateOnly))
	f.report.Findings = append(f.report.Findings, newFinding("retention.short", nowhere,
		next.Deadline.Format(time.RFC3339), until.Format(time.RFC3339), r.LastSafeDay))
}

// fill puts arguments into a text.
func fill(text string, arguments []string) string {
	args := make([]any, len(arguments))
	for i, a := range arguments {
		args[i] = a
	}
	return fmt.Sprintf(text, args...)
}
