package verify

import (
	"context"
	"slices"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/algorithm"
)

// slide is the validation time sliding process (EN 319 102-1, 5.6.2.2). Building a
// path asks it about every certificate from the anchor downward, and it moves the
// control time back to where nothing speaks against the certificate any more: before
// its revocation, into the time for which there is evidence, and before the end of
// the algorithms in use.
type slide struct {
	file    *file
	signed  *signed
	control map[[32]byte]time.Time // by the certificates that were asked about
	// unproven tells that proofs of existence were missing.
	unproven bool
}

func newSlide(f *file, s *signed) *slide {
	return &slide{file: f, signed: s, control: make(map[[32]byte]time.Time)}
}

// controlOf returns the control time after a certificate; that of an anchor is the
// present, or the end that the policy sets.
func (s *slide) controlOf(c *certificate.Certificate) time.Time {
	id := c.Fingerprint()
	if t, ok := s.control[id]; ok {
		return t
	}
	if end, ok := s.file.policy.AnchorEnds[id]; ok && end.Before(s.file.at) {
		return end
	}
	return s.file.at
}

// CheckRevocation implements certificate.RevocationChecker.
func (s *slide) CheckRevocation(ctx context.Context, q *certificate.RevocationQuery) certificate.Revocation {
	if q.Purpose != s.signed.purpose { // on the way to a signer of evidence
		return s.checker(s.file.at).CheckRevocation(ctx, q)
	}
	control := s.controlOf(q.Issuer())
	id := q.Certificate.Fingerprint()
	if existed := s.file.proofs.of(id); existed.After(control) {
		s.unproven = true
		return certificate.Revocation{Detail: "nothing proves that the certificate existed at " + control.Format(time.RFC3339)}
	}
	if q.Certificate.NotAfter.Before(control) {
		control = q.Certificate.NotAfter // later its key vouches for nothing
	}
	answer, control := s.ask(ctx, q, control)
	control = s.beforeRevocation(ctx, q, control)
	switch answer.Status {
	case certificate.RevocationGood, certificate.RevocationNotNeeded:
	case certificate.RevocationRevoked:
		if answer.RevokedAt.IsZero() {
			return answer
		}
		if !answer.RevokedAt.After(control) {
			control = answer.RevokedAt.Add(-1)
		}
	default:
		return answer
	}
	s.control[id] = s.beforeEnds(q, answer, control)
	answer.Status = certificate.RevocationGood // up to the control time
	return answer
}

// beforeRevocation moves the control time before a revocation that any evidence tells
// of, proven to be old enough or not: what is known is not left aside.
func (s *slide) beforeRevocation(ctx context.Context, q *certificate.RevocationQuery, control time.Time) time.Time {
	if !control.Before(s.file.at) {
		return control
	}
	at := *q
	at.Time = control
	all := s.checker(s.file.at).CheckRevocation(ctx, &at)
	if all.Status == certificate.RevocationRevoked && !all.RevokedAt.After(control) {
		return all.RevokedAt.Add(-1)
	}
	return control
}

// ask looks for evidence that is fresh at the control time, and moves that back to
// the latest time for which there is some.
func (s *slide) ask(ctx context.Context, q *certificate.RevocationQuery, control time.Time) (certificate.Revocation, time.Time) {
	at := *q
	at.Time = control
	checker := s.checker(control)
	first := checker.CheckRevocation(ctx, &at)
	known, ok := first.Evidence.(*revocation.Answer)
	if first.Status != certificate.RevocationUnknown || !ok {
		if first.Status == certificate.RevocationNotChecked && !checker.provenBy.IsZero() {
			s.unproven = true
			first.Detail = "no evidence is proven to have existed at " + control.Format(time.RFC3339)
		}
		return first, control
	}
	for _, end := range s.ends(known, q.Leaf, control) {
		at.Time = end
		if answer := checker.CheckRevocation(ctx, &at); answer.Status != certificate.RevocationUnknown && answer.Status != certificate.RevocationNotChecked {
			return answer, end
		}
	}
	return first, control
}

// checker answers from the evidence that is proven to have existed at a time.
func (s *slide) checker(control time.Time) freshness {
	c := freshness{file: s.file, purpose: s.signed.purpose}
	if control.Before(s.file.at) {
		c.provenBy = control
	}
	return c
}

// ends returns, latest first, the times before control at which evidence that was
// not fresh still was.
func (s *slide) ends(known *revocation.Answer, leaf bool, control time.Time) []time.Time {
	var list []time.Time
	var limit time.Duration
	if leaf {
		limit = s.file.policy.MaxRevocationAge
	}
	for _, r := range known.Rejected {
		switch r.Cause {
		case revocation.Stale, revocation.TooOld:
		default:
			continue
		}
		for _, w := range windowsOf(r.Evidence) {
			end := w.next
			if end.IsZero() || s.file.policy.SlideToIssuance {
				end = w.this
			}
			if oldest := w.this.Add(limit); limit > 0 && oldest.Before(end) {
				end = oldest
			}
			if end.Before(control) && len(list) < maxSlides {
				list = append(list, end)
			}
		}
	}
	slices.SortFunc(list, func(a, b time.Time) int { return b.Compare(a) })
	return slices.Compact(list)
}

// window is the time for which evidence is fresh by its own words.
type window struct{ this, next time.Time }

// windowsOf reads when evidence was issued, and until when it is fresh.
func windowsOf(e *revocation.Evidence) []window {
	crl, response, err := e.Read()
	switch {
	case err != nil:
		return nil
	case crl != nil:
		return []window{{crl.ThisUpdate, crl.NextUpdate}}
	}
	var list []window
	for _, r := range response.Responses {
		list = append(list, window{r.ThisUpdate, r.NextUpdate})
	}
	return list
}

// beforeEnds moves the control time before the end of the algorithms by which the
// certificate and the evidence about it were signed (5.6.2.2.4, step 2 d), unless
// they are proven to be older.
func (s *slide) beforeEnds(q *certificate.RevocationQuery, answer certificate.Revocation, control time.Time) time.Time {
	apply := func(list []algorithm.Weakness, id proofID) {
		for _, w := range list {
			if !control.Before(w.Until) && !s.file.proofs.of(id).Before(w.Until) {
				control = w.Until.Add(-1)
			}
		}
	}
	policy := s.file.policy.Algorithms
	if signature, err := algorithm.ParseSignature(q.Certificate.SignatureAlgorithm); err == nil {
		apply(policy.Weak(signature, q.Issuer().PublicKey), q.Certificate.Fingerprint())
	}
	if known := evidenceOf(answer); known != nil {
		apply(s.file.weakEvidence(known))
	}
	return control
}
