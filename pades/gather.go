package pades

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/inkan-go/inkan/certificate"
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
	checks  *certificate.SignatureChecks
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
	own       bool // a time stamp that this call bought
}

// gap notes what is missing about a certificate.
func (g *gatherer) gap(s *subject, kind GapKind, c *certificate.Certificate, err error) {
	gap := Gap{Kind: kind, Field: s.field, Timestamp: s.timestamp, Certificate: c, Time: s.at, Err: err, own: s.own}
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
		Candidates: g.candidates, Issuers: t.finder, Revocation: t, Checks: g.checks,
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
