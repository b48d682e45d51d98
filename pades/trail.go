package pades

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/certificate/revocation"
)

// trail answers the questions about revocation on the way to one path, and notes
// what the answers rest on.
type trail struct {
	gatherer *gatherer
	subject  *subject
	finder   *fetch.Finder
	lenient  bool // gaps on the path itself do not end it
	open     []opening
	taken    map[*revocation.Answer]bool
}

// opening is a certificate about which nothing answers.
type opening struct {
	certificate *certificate.Certificate
	err         error
}

func (g *gatherer) newTrail(s *subject, lenient bool) *trail {
	return &trail{
		gatherer: g, subject: s, lenient: lenient,
		finder: &fetch.Finder{Source: g.inquiry, Checker: revocation.Checker{
			Set: g.set, Now: g.now, MaxAge: g.policy.MaxAge, Certificates: g.candidates,
		}},
		taken: map[*revocation.Answer]bool{},
	}
}

// CheckRevocation implements certificate.RevocationChecker.
func (t *trail) CheckRevocation(ctx context.Context, q *certificate.RevocationQuery) certificate.Revocation {
	r := t.finder.CheckRevocation(ctx, q)
	main := q.Purpose == t.subject.purpose
	if main && q.Leaf {
		r = t.young(ctx, q, r)
	}
	switch r.Status {
	case certificate.RevocationUnknown, certificate.RevocationNotChecked:
		if !t.lenient || !main {
			return r
		}
		text := r.Detail
		if text == "" {
			text = "nothing says whether it was revoked"
		}
		t.open = append(t.open, opening{q.Certificate, errors.New(text)})
		return certificate.Revocation{Status: certificate.RevocationNotNeeded, Detail: text}
	}
	return r
}

// young asks again where the policy wants data that are younger than the time stamp.
func (t *trail) young(ctx context.Context, q *certificate.RevocationQuery, r certificate.Revocation) certificate.Revocation {
	policy := t.gatherer.policy
	if !policy.AfterStamp || !t.subject.stamped || t.subject.purpose != certificate.Signing || r.Status != certificate.RevocationGood {
		return r
	}
	after := t.subject.at.Add(policy.Grace)
	if answer, _ := r.Evidence.(*revocation.Answer); answer != nil && answer.ThisUpdate.Before(after) {
		fetched, err := t.gatherer.inquiry.Revocation(ctx, fetch.Query{Certificate: q.Certificate, Issuer: q.Issuer(), After: after})
		t.gatherer.set.Add(fetched.Evidence...)
		if r = t.finder.Checker.CheckRevocation(ctx, q); r.Status != certificate.RevocationGood {
			return r
		}
		if answer, _ = r.Evidence.(*revocation.Answer); answer != nil && answer.ThisUpdate.Before(after) {
			text := fmt.Sprintf("the youngest data were issued %s, before %s, which the policy asks for after the time stamp",
				answer.ThisUpdate.Format(time.RFC3339), after.UTC().Format(time.RFC3339))
			if err != nil {
				text += "; " + err.Error()
			}
			return certificate.Revocation{Status: certificate.RevocationUnknown, Detail: text, Evidence: answer}
		}
	}
	return r
}

// collect adds to m the certificates of a path and the evidence about each. Those that
// came with the signature and the anchor are among them, as EN 319 142-1, 6.3 wants the
// full set: there are verifiers to whom only what stands in the store is proven to be old.
func (t *trail) collect(path *certificate.Path, m *material) error {
	if len(path.Certificates) == 1 {
		return nil // an anchor that signs itself
	}
	for i, c := range path.Certificates {
		m.addCertificate(c)
		if i >= len(path.Revocation) {
			continue // nobody was asked
		}
		r := path.Revocation[i]
		if r.Status != certificate.RevocationGood && r.Status != certificate.RevocationRevoked {
			continue
		}
		if answer, _ := r.Evidence.(*revocation.Answer); answer != nil {
			if err := t.collectAnswer(answer, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// collectAnswer adds the evidence that an answer rests on, and what that needs.
func (t *trail) collectAnswer(a *revocation.Answer, m *material) error {
	if t.taken[a] || a.Evidence == nil {
		return nil
	}
	t.taken[a] = true
	used := append([]*revocation.Evidence{a.Evidence}, a.More...)
	for _, e := range used {
		if err := m.addEvidence(e); err != nil {
			return failf(ErrEvidence, "%w", err)
		}
	}
	for _, need := range a.Needs {
		if !need.Met || !slices.Contains(used, need.Evidence) {
			continue
		}
		if need.Path != nil {
			if err := t.collect(need.Path, m); err != nil {
				return err
			}
			continue
		}
		// A responder's certificate stands in its response as a rule. pyHanko takes only
		// those in the store for proven to be old.
		m.addCertificate(need.Certificate)
		if need.Answer != nil {
			if err := t.collectAnswer(need.Answer, m); err != nil {
				return err
			}
		}
	}
	return nil
}
