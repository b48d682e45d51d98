package verify

import (
	"fmt"
	"time"

	"github.com/inkan-go/inkan/certificate"
)

// nextAction says until when what passed stays provable without anything being
// added: the earliest end among the signatures. nil where nothing passed.
func (f *file) nextAction() *NextAction {
	var first *NextAction
	for _, c := range f.candidates {
		if c.final == nil || !c.final.isPassed() || c.self == nil || c.final.path == nil {
			continue
		}
		if end := f.endOfProof(c); end != nil && (first == nil || end.Deadline.Before(first.Deadline)) {
			first = end
		}
	}
	return first
}

// endOfProof says when the proof of one signature ends: with the document time stamp
// over it that lasts longest, else the time stamp over its value, else with itself.
func (f *file) endOfProof(c *candidate) *NextAction {
	var last *NextAction
	take := func(s *signed, path *certificate.Path, what string) {
		if end := f.endOf(s, path, what); end != nil && (last == nil || end.Deadline.After(last.Deadline)) {
			last = end
		}
	}
	for _, t := range f.documentTimestamps {
		if t.passed() && t.owner.revision > c.revision {
			take(t.signed, t.result.path, "of the time-stamping authority")
		}
	}
	if last != nil {
		return last
	}
	for _, t := range c.timestamps {
		if t.passed() && t.kind != contentTimestamp {
			take(t.signed, t.result.path, "of the time-stamping authority")
		}
	}
	if last == nil {
		take(c.self, c.final.path, "of the signer")
	}
	return last
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
