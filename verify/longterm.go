package verify

import (
	"slices"
	"time"

	"github.com/inkan-go/inkan/certificate"
)

// validateLongTerm is the validation process for signatures with time and with
// long-term validation material (EN 319 102-1, 5.5): what stays open at the present
// is asked again at the best signature time, which the time stamps over the
// signature prove.
func (f *file) validateLongTerm(s *signed) *outcome {
	o := f.validateBasic(s, f.at)
	best := f.bestSignatureTime(s)
	if !best.Before(f.at) || !o.settleable() {
		return o
	}
	again := f.validateBasic(s, best)
	if again.isPassed() && (f.mayBeForged(again.path) || f.restsOnWeak(s, again.path)) {
		return o
	}
	if again.isPassed() || again.reason == RevokedNoPOE || again.reason == RevokedCANoPOE {
		again.open = o.open
		return again
	}
	return o
}

// restsOnWeak tells whether an algorithm that is too weak at the present signed a
// certificate of a path, or evidence about one, which is not proven to be older than that:
// others may have made it since.
func (f *file) restsOnWeak(s *signed, p *certificate.Path) bool {
	present := &outcome{conclusion: passed, path: p, at: f.at}
	f.checkWeakPath(present, s)
	return slices.ContainsFunc(present.weak, func(w weakness) bool { return !f.proofs.of(w.material).Before(w.until) })
}

// mayBeForged tells whether an authority of a path was revoked later, and a certificate
// below it is not proven to be older: whoever has the key by now may have made it for a
// signature of long ago (EN 319 102-1, 5.6.2.2.4, step 2 a).
func (f *file) mayBeForged(p *certificate.Path) bool {
	for i, answer := range p.Revocation {
		if i == 0 || answer.RevokedAt.IsZero() {
			continue
		}
		for _, below := range p.Certificates[:i] {
			if !f.proofs.of(below.Fingerprint()).Before(answer.RevokedAt) {
				return true
			}
		}
	}
	return false
}

// bestSignatureTime is the earliest time of the time stamps over the signature value
// that passed, or the time of the judgement (5.5.4, step 4).
func (f *file) bestSignatureTime(s *signed) time.Time {
	best := f.at
	for _, t := range s.owner.timestamps {
		if t.kind == signatureTimestamp && t.passed() && t.token.Time.Before(best) {
			best = t.token.Time
		}
	}
	return best
}

// compareTimes holds the times against each other (5.5.4, step 5): the certificate
// must have been valid already at the proven time, time stamps must follow what they
// cover, and the claimed time must be near the proven one where the policy asks for
// that.
func (f *file) compareTimes(s *signed) *outcome {
	o, best := &outcome{conclusion: passed}, f.proofs.of(s.value)
	if s.cert != nil && best.Before(s.cert.NotBefore) && best.Before(f.at) {
		o.fail(s, conclusion{TotalFailed, NotYetValid}, "signing.not-yet-valid", best.Format(time.RFC3339), s.cert.NotBefore.Format(time.RFC3339))
	}
	if first, second := f.misordered(s.owner); first != nil {
		o.fail(s, conclusion{Indeterminate, TimestampOrderFailure}, "time-stamp.order",
			first.kind, first.token.Time.Format(time.RFC3339), second.kind, second.token.Time.Format(time.RFC3339))
	}
	claimed := s.owner.result.ClaimedTime
	if !claimed.IsZero() && f.policy.MaxTimestampDelay > 0 && best.Sub(claimed.Time) > f.policy.MaxTimestampDelay {
		o.fail(s, conclusion{Indeterminate, SigConstraintsFailure}, "time-stamp.delay", best.Format(time.RFC3339), claimed.Format(time.RFC3339))
	}
	return o
}

// misordered looks for two time stamps that passed, of which the one that covers the
// other says that it is older, by more than their accuracy. A document time stamp
// covers those of every earlier revision, be they of other signatures: one that
// contradicts any of them proves nothing about this signature either.
func (f *file) misordered(c *candidate) (covered, covering *timestamp) {
	content := newest(c.timestamps, contentTimestamp)
	for _, t := range c.timestamps {
		if t.kind == signatureTimestamp && t.passed() && t.contradicts(content) {
			return content, t
		}
	}
	for _, t := range f.documentTimestamps {
		if t.owner.revision <= c.revision || !t.passed() {
			continue
		}
		if within := f.newestWithin(t); t.contradicts(within) {
			return within, t
		}
	}
	return nil, nil
}

// contradicts tells whether a time stamp says that it is older than one that it covers.
func (t *timestamp) contradicts(covered *timestamp) bool {
	return covered != nil && t.latest().Before(covered.earliest())
}

// newest returns the latest time stamp of a kind that passed; "" is any kind.
func newest(list []*timestamp, kind string) *timestamp {
	var last *timestamp
	for _, t := range list {
		if t.passed() && (kind == "" || t.kind == kind) && (last == nil || t.earliest().After(last.earliest())) {
			last = t
		}
	}
	return last
}

// newestWithin returns the latest time stamp that a document time stamp covers.
func (f *file) newestWithin(t *timestamp) *timestamp {
	if f.newest == nil { // once, when all time stamps are validated
		f.newest = make(map[int]*timestamp)
		ordered := slices.Clone(f.candidates)
		slices.SortStableFunc(ordered, func(a, b *candidate) int { return a.revision - b.revision })
		var last *timestamp
		for _, c := range ordered {
			if _, done := f.newest[c.revision]; !done {
				f.newest[c.revision] = last // of earlier revisions
			}
			if !c.closes || c.result.Structure == StructureViolated {
				continue // where it stands is not known
			}
			if own := newest(c.timestamps, ""); own != nil && (last == nil || own.earliest().After(last.earliest())) {
				last = own
			}
		}
	}
	return f.newest[t.owner.revision]
}
