package certificate_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/testpki"
)

// checker answers by a function, and remembers whom it was asked about.
type checker struct {
	answer func(context.Context, *certificate.RevocationQuery) certificate.Revocation
	asked  []*certificate.Certificate
}

func (c *checker) CheckRevocation(ctx context.Context, q *certificate.RevocationQuery) certificate.Revocation {
	c.asked = append(c.asked, q.Certificate)
	return c.answer(ctx, q)
}

func good(context.Context, *certificate.RevocationQuery) certificate.Revocation {
	return certificate.Revocation{Status: certificate.RevocationGood, Evidence: "evidence"}
}

func TestRevocationIsAskedFromTheAnchorDown(t *testing.T) {
	pki := fixed(t)
	leaf := issue(t, pki, testpki.Request{})
	c := &checker{answer: func(ctx context.Context, q *certificate.RevocationQuery) certificate.Revocation {
		require.Equal(t, pki.Root.Certificate, q.Anchor())
		require.Equal(t, q.Path[0], q.Issuer())
		require.True(t, q.Certificate.IssuedBy(q.Issuer()))
		require.Equal(t, pki.Now(), q.Time)
		require.Equal(t, certificate.Signing, q.Purpose)
		require.Equal(t, q.Certificate == leaf.Certificate, q.Leaf)
		require.Equal(t, certificates(pki.Intermediate), q.Named(pki.Intermediate.Certificate.Subject))
		return good(ctx, q)
	}}
	path, err := certificate.BuildPath(t.Context(), leaf.Certificate, certificate.PathOptions{
		Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: leaf.Chain, Revocation: c,
	})
	require.NoError(t, err)
	require.Equal(t, certificates(pki.Intermediate, leaf), c.asked)
	require.Equal(t, []certificate.Revocation{
		{Status: certificate.RevocationGood, Evidence: "evidence"}, {Status: certificate.RevocationGood, Evidence: "evidence"},
		{Status: certificate.RevocationNotNeeded},
	}, path.Revocation)
}

func TestRevocationAnswers(t *testing.T) {
	pki := fixed(t)
	leaf := issue(t, pki, testpki.Request{NotAfter: pki.Now()})
	for _, test := range []struct {
		status certificate.RevocationStatus
		at     time.Time
		after  time.Duration // when the path must hold
		want   certificate.Reason
	}{
		{status: certificate.RevocationGood},
		{status: certificate.RevocationNotNeeded},
		{status: certificate.RevocationUnknown, want: certificate.RevocationUndetermined},
		{status: certificate.RevocationNotChecked, want: certificate.RevocationUndetermined},
		{status: certificate.RevocationStatus(99), want: certificate.RevocationUndetermined},
		{status: certificate.RevocationRevoked, want: certificate.Revoked},
		{status: certificate.RevocationRevoked, at: pki.Now(), want: certificate.Revoked},
		{status: certificate.RevocationRevoked, at: pki.Now().Add(time.Second)},
		{status: certificate.RevocationRevoked, at: pki.Now(), after: time.Second, want: certificate.Expired},
	} {
		c := &checker{answer: func(_ context.Context, q *certificate.RevocationQuery) certificate.Revocation {
			if !q.Leaf {
				return certificate.Revocation{Status: certificate.RevocationGood}
			}
			return certificate.Revocation{Status: test.status, RevokedAt: test.at, Detail: "why"}
		}}
		path, err := certificate.BuildPath(t.Context(), leaf.Certificate, certificate.PathOptions{
			Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now().Add(test.after), Candidates: leaf.Chain, Revocation: c,
		})
		require.Equal(t, test.status, path.Revocation[0].Status, "kept whatever comes of it")
		if test.want == certificate.ReasonUnknown {
			require.NoError(t, err)
			continue
		}
		failure := requireReason(t, err, test.want)
		require.Zero(t, failure.Depth)
		if test.want != certificate.Expired {
			require.ErrorContains(t, err, "why")
		}
	}
}

func TestRevocationStatusNames(t *testing.T) {
	var names []string
	for s := certificate.RevocationUnknown; s <= certificate.RevocationGood+1; s++ {
		names = append(names, s.String())
	}
	require.Equal(t, []string{"unknown", "not-checked", "revoked", "not-needed", "good", "unknown"}, names)
}

// A path through a revoked authority fails, and the way around it is taken.
func TestWayAroundARevokedAuthority(t *testing.T) {
	pki := fixed(t)
	root := selfSigned(t, pki, "root")
	ca := issue(t, pki, authority("ca", root, nil))
	renewed := cross(t, pki, ca, root, nil)
	leaf := issue(t, pki, testpki.Request{Issuer: ca}).Certificate
	for _, status := range []certificate.RevocationStatus{certificate.RevocationRevoked, certificate.RevocationUnknown} {
		c := &checker{answer: func(ctx context.Context, q *certificate.RevocationQuery) certificate.Revocation {
			if q.Certificate.Equal(ca.Certificate) {
				return certificate.Revocation{Status: status}
			}
			return good(ctx, q)
		}}
		o := certificate.PathOptions{
			Anchors: pool(root.Certificate), Purpose: certificate.Signing, Time: pki.Now(), Revocation: c,
			Candidates: []*certificate.Certificate{ca.Certificate, renewed},
		}
		path, err := certificate.BuildPath(t.Context(), leaf, o)
		require.NoError(t, err)
		require.Equal(t, renewed, path.Certificates[1])
		o.Candidates = o.Candidates[:1]
		_, err = certificate.BuildPath(t.Context(), leaf, o)
		failure := requireReason(t, err, map[certificate.RevocationStatus]certificate.Reason{
			certificate.RevocationRevoked: certificate.Revoked, certificate.RevocationUnknown: certificate.RevocationUndetermined,
		}[status])
		require.Equal(t, 1, failure.Depth)
	}
}

// The path of a signer of evidence ends at the anchor of the path in question, and
// is asked for revocation like any other.
func TestSignerPath(t *testing.T) {
	pki := fixed(t)
	root, stranger := selfSigned(t, pki, "root"), selfSigned(t, pki, "stranger")
	ca := issue(t, pki, authority("ca", root, nil))
	leaf := issue(t, pki, testpki.Request{Issuer: ca}).Certificate
	oidOCSP := []int{1, 3, 6, 1, 5, 5, 7, 3, 9}
	responder := issue(t, pki, testpki.Request{Issuer: ca, Role: testpki.OtherRole, Subject: testpki.Person("responder"),
		Change: with(testpki.ExtendedKeyUsage(false, oidOCSP))}).Certificate
	crlIssuer := issue(t, pki, authority("crl", root, nil)).Certificate
	foreign := issue(t, pki, authority("foreign", stranger, nil)).Certificate
	var nested []certificate.Purpose
	ask := func(q *certificate.RevocationQuery, signer *certificate.Certificate, p certificate.Purpose) error {
		path, err := q.SignerPath(t.Context(), signer, p, time.Time{}, crlIssuer, foreign)
		if err == nil {
			require.Equal(t, root.Certificate, path.Anchor())
			require.Len(t, path.Revocation, len(path.Certificates))
		}
		return err
	}
	c := &checker{answer: func(ctx context.Context, q *certificate.RevocationQuery) certificate.Revocation {
		if !q.Certificate.Equal(leaf) {
			nested = append(nested, q.Purpose)
			return good(ctx, q)
		}
		require.NoError(t, ask(q, responder, certificate.OCSPSigning))
		require.NoError(t, ask(q, crlIssuer, certificate.CRLSigning))
		require.NoError(t, ask(q, ca.Certificate, certificate.CRLSigning), "it is in the path")
		require.NoError(t, ask(q, root.Certificate, certificate.CRLSigning))
		requireReason(t, ask(q, leaf, certificate.OCSPSigning), certificate.ExtendedKeyUsage)
		requireReason(t, ask(q, ca.Certificate, certificate.OCSPSigning), certificate.KeyUsage)
		requireReason(t, ask(q, responder, certificate.CRLSigning), certificate.KeyUsage)
		requireReason(t, ask(q, foreign, certificate.CRLSigning), certificate.NoPath)
		require.ErrorContains(t, ask(q, nil, certificate.CRLSigning), "no signer")
		return good(ctx, q)
	}}
	_, err := certificate.BuildPath(t.Context(), leaf, certificate.PathOptions{
		// The stranger is trusted, too, but not the anchor of this path.
		Anchors: pool(root.Certificate, stranger.Certificate), Purpose: certificate.Signing, Time: pki.Now(),
		Candidates: append(certificates(ca), stranger.Certificate), Revocation: c,
	})
	require.NoError(t, err)
	require.Contains(t, nested, certificate.OCSPSigning)
	require.Contains(t, nested, certificate.CRLSigning)
}

// Two signers of evidence that vouch for each other prove nothing.
func TestCircleOfEvidence(t *testing.T) {
	pki := fixed(t)
	root := selfSigned(t, pki, "root")
	a, b := issue(t, pki, authority("a", root, nil)).Certificate, issue(t, pki, authority("b", root, nil)).Certificate
	leaf := issue(t, pki, testpki.Request{Issuer: root}).Certificate
	next := map[*certificate.Certificate]*certificate.Certificate{leaf: a, a: b, b: a}
	c := &checker{}
	c.answer = func(ctx context.Context, q *certificate.RevocationQuery) certificate.Revocation {
		if _, err := q.SignerPath(ctx, next[q.Certificate], certificate.CRLSigning, time.Time{}); err != nil {
			return certificate.Revocation{Detail: err.Error()}
		}
		return good(ctx, q)
	}
	o := certificate.PathOptions{Anchors: pool(root.Certificate), Purpose: certificate.Signing, Time: pki.Now(), Revocation: c}
	_, err := certificate.BuildPath(t.Context(), leaf, o)
	requireReason(t, err, certificate.RevocationUndetermined)
	require.ErrorContains(t, err, "depends on itself")
	require.Equal(t, []*certificate.Certificate{leaf, a, b}, c.asked)
}

func TestEvidenceLimits(t *testing.T) {
	pki := fixed(t)
	root := selfSigned(t, pki, "root")
	// Evidence about evidence: at most four paths deep.
	for n, fits := range map[int]bool{certificate.MaxSignerDepth: true, certificate.MaxSignerDepth + 1: false} {
		chain := []*certificate.Certificate{issue(t, pki, testpki.Request{Issuer: root}).Certificate}
		for i := range n {
			chain = append(chain, issue(t, pki, authority(fmt.Sprintf("signer %d", i), root, nil)).Certificate)
		}
		c := &checker{answer: func(ctx context.Context, q *certificate.RevocationQuery) certificate.Revocation {
			i := slices.Index(chain, q.Certificate)
			if i < n {
				if _, err := q.SignerPath(ctx, chain[i+1], certificate.CRLSigning, time.Time{}); err != nil {
					return certificate.Revocation{Detail: err.Error()}
				}
			}
			return good(ctx, q)
		}}
		_, err := certificate.BuildPath(t.Context(), chain[0], certificate.PathOptions{
			Anchors: pool(root.Certificate), Purpose: certificate.Signing, Time: pki.Now(), Revocation: c,
		})
		require.Equal(t, fits, err == nil, "%v", err)
	}
	// Questions: at most 64, with one for the leaf.
	for n, fits := range map[int]bool{certificate.MaxQuestions - 1: true, certificate.MaxQuestions: false} {
		leaf := issue(t, pki, testpki.Request{Issuer: root}).Certificate
		var signers []*certificate.Certificate
		for i := range n {
			signers = append(signers, issue(t, pki, authority(fmt.Sprintf("signer %d", i), root, nil)).Certificate)
		}
		c := &checker{answer: func(ctx context.Context, q *certificate.RevocationQuery) certificate.Revocation {
			if q.Certificate != leaf {
				return good(ctx, q)
			}
			for _, s := range signers {
				if _, err := q.SignerPath(ctx, s, certificate.CRLSigning, time.Time{}); err != nil {
					return certificate.Revocation{Detail: err.Error()}
				}
			}
			return good(ctx, q)
		}}
		_, err := certificate.BuildPath(t.Context(), leaf, certificate.PathOptions{
			Anchors: pool(root.Certificate), Purpose: certificate.Signing, Time: pki.Now(), Revocation: c,
		})
		require.Equal(t, fits, err == nil, "%v", err)
		require.Len(t, c.asked, certificate.MaxQuestions)
	}
}

// A query that somebody else made knows its path and nothing more.
func TestQueryByHand(t *testing.T) {
	pki := fixed(t)
	q := &certificate.RevocationQuery{Path: certificates(pki.Intermediate, pki.Root)}
	require.Equal(t, certificates(pki.Root), q.Named(pki.Root.Certificate.Subject))
	path, err := q.SignerPath(t.Context(), pki.Intermediate.Certificate, certificate.CRLSigning, time.Time{})
	require.NoError(t, err)
	require.Equal(t, certificates(pki.Intermediate, pki.Root), path.Certificates)
	require.Len(t, path.Revocation, 2)
	_, err = q.SignerPath(t.Context(), selfSigned(t, pki, "somebody").Certificate, certificate.CRLSigning, time.Time{})
	requireReason(t, err, certificate.NoPath)
}
