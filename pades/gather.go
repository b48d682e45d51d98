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

// gatherer finds what it takes to judge signatures and time stamps later: paths that
// hold at the time that counts, and the revocation data on them.
type gatherer struct {
	policy  *EvidencePolicy
	trust   *certificate.Pool // nil: see build
	now     time.Time
	inquiry *inquiry
	set     *revocation.Set
	// candidates are all certificates at hand.
	candidates []*certificate.Certificate
	gaps       []Gap
	warnings   []string
}

// subject is who signed something, and when that is proven to have existed.
type subject struct {
	leaf      *certificate.Certificate
	purpose   certificate.Purpose
	proof     // when the signature existed: the time that counts
	field     string
	timestamp bool
}

// gap notes what is missing about a certificate.
func (g *gatherer) gap(s *subject, kind GapKind, c *certificate.Certificate, err error) {
	gap := Gap{Kind: kind, Field: s.field, Timestamp: s.timestamp, Certificate: c, Time: s.at, Err: err}
	if c != nil && (kind == GapRevocation || kind == GapIssuer) {
		gap.Attempts = g.inquiry.attempts(c, kind == GapIssuer)
	}
	g.gaps = append(g.gaps, gap)
}

// prove adds to m what a path of the subject needs, and tells whether there is a path
// that holds, gaps in revocation data aside. The error is that of the context.
func (g *gatherer) prove(ctx context.Context, s *subject, m *material) (bool, error) {
	strict := g.newTrail(s, false)
	path, err := g.build(ctx, strict)
	if err == nil {
		return true, strict.collect(path, m)
	}
	if cause := ctx.Err(); cause != nil {
		return false, fmt.Errorf("pades: %w", cause)
	}
	trail := strict
	var failure *certificate.PathError
	if errors.As(err, &failure) && failure.Reason == certificate.RevocationUndetermined {
		// Once more, to find everything that is missing and not the first of it alone.
		trail = g.newTrail(s, true)
		path, err = g.build(ctx, trail)
		for _, missing := range trail.open {
			g.gap(s, GapRevocation, missing.certificate, missing.err)
		}
	}
	if err == nil {
		return true, trail.collect(path, m)
	}
	if !errors.As(err, &failure) {
		g.gap(s, GapPath, s.leaf, err)
		return false, nil
	}
	kind := g.kind(failure)
	g.gap(s, kind, failure.Certificate, failure)
	if kind == GapValidity && path.Anchor() != path.Leaf() {
		return false, trail.collect(path, m) // what can be had may be all there will ever be
	}
	return false, nil
}

// kind says what a path lacks.
func (g *gatherer) kind(failure *certificate.PathError) GapKind {
	switch failure.Reason {
	case certificate.Expired, certificate.NotYetValid:
		return GapValidity
	case certificate.Revoked:
		return GapRevoked
	case certificate.RevocationUndetermined:
		return GapRevocation
	case certificate.NoPath:
		if failure.Certificate.IsSelfIssued() {
			return GapPath
		}
		attempts := g.inquiry.attempts(failure.Certificate, true)
		for i := range attempts {
			if attempts[i].Err != nil {
				return GapIssuer
			}
		}
		if g.trust == nil {
			return GapIssuer
		}
	}
	return GapPath
}

// build builds the path of a subject. Without anchors a path leads to any self-signed
// certificate, also to one that is fetched on the way, or ends where the certificates
// end.
func (g *gatherer) build(ctx context.Context, t *trail) (*certificate.Path, error) {
	o := certificate.PathOptions{
		Anchors: g.trust, Purpose: t.subject.purpose, Time: t.subject.at,
		Candidates: g.candidates, Issuers: t.finder, Revocation: t,
	}
	if g.trust != nil {
		return certificate.BuildPath(ctx, t.subject.leaf, o)
	}
	for {
		issuers := g.inquiry.issuers()
		o.Anchors = selfSigned(g.candidates, issuers)
		path, err := certificate.BuildPath(ctx, t.subject.leaf, o)
		var failure *certificate.PathError
		if err == nil || !errors.As(err, &failure) || failure.Reason != certificate.NoPath {
			return path, err
		}
		if len(g.inquiry.issuers()) > len(issuers) {
			continue // perhaps the one that was missing
		}
		top := path.Anchor()
		if top == path.Leaf() {
			return path, err
		}
		o.Anchors.Add(top)
		path, err = certificate.BuildPath(ctx, t.subject.leaf, o)
		if err == nil {
			g.warn(fmt.Sprintf("the issuer of the certificate of %v was not found: nothing is stored about that certificate itself; "+
				"Trust says where paths end", top.Subject))
		}
		return path, err
	}
}

// warn notes a doubt once.
func (g *gatherer) warn(text string) {
	if !slices.Contains(g.warnings, text) {
		g.warnings = append(g.warnings, text)
	}
}

// selfSigned returns a pool of the self-signed certificates.
func selfSigned(lists ...[]*certificate.Certificate) *certificate.Pool {
	pool := certificate.NewPool()
	for _, list := range lists {
		for _, c := range list {
			if c.IsSelfIssued() && c.IsSelfSigned() {
				pool.Add(c)
			}
		}
	}
	return pool
}

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
