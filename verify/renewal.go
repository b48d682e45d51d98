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
	var first, archived *NextAction // the second by the document time stamps over a revision
	next := len(f.documentTimestamps) - 1
	for _, c := range passed {
		for ; next >= 0 && f.documentTimestamps[next].owner.revision > c.revision; next-- {
			archived = f.later(archived, f.documentTimestamps[next])
		}
		end := archived
		if end == nil {
			end = f.endOfProof(c)
		}
		if end != nil && (first == nil || end.Deadline.Before(first.Deadline)) {
			first = end
		}
	}
	return first
}

// endOfProof says when the proof of a signature ends that no document time stamp
// covers: with the time stamp over its value that lasts longest, else with itself.
func (f *file) endOfProof(c *candidate) *NextAction {
	var last *NextAction
	for _, t := range c.timestamps {
		if t.kind != contentTimestamp {
			last = f.later(last, t)
		}
	}
	if last == nil {
		return f.endOf(c.self, c.final.path, "of the signer")
	}
	return last
}

// later returns the later of two ends, the second that of a time stamp.
func (f *file) later(last *NextAction, t *timestamp) *NextAction {
	if !t.passed() || t.result.path == nil {
		return last
	}
	end := f.endOf(t.signed, t.result.path, "of the time-stamping authority")
	if end == nil || last != nil && !end.Deadline.After(last.Deadline) {
		return last
	}
	return end
}

// endOf returns the first end among the certificates of a path, the algorithms by
// which they were signed, and those of the signature itself.
func (f *file) endOf(s *signed, path *certificate.Path, what string) *NextAction {
	var first *NextAction
	take := func(end time.Time, format string, args ...any) {
		if end.After(f.at) && (first == nil || end.Before(first.Deadline)) {
			first = &NextAction{Deadline: end.UTC(), Why: fmt.Sprintf(format, args...)}
		}
	}
	for i, c := range path.Certificates[:len(path.Certificates)-1] {
		if i > 0 {
			what = "of an authority"
		}
		take(c.NotAfter, "the certificate %s, %s, expires", what, c.Subject)
	}
	for _, w := range path.WeaknessesBy(f.policy.Algorithms) {
		take(w.Until, "%s, on which the certificate of %s rests, is considered secure until then", w.Name, w.Certificate.Subject)
	}
	for _, w := range f.weaknessesOf(s) {
		take(w.Until, "%s, by which %s signed, is considered secure until then", w.Name, s.cert.Subject)
	}
	return first
}
