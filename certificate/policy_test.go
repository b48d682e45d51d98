package certificate_test

import (
	"encoding/asn1"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/testpki"
)

// The policies of a path are told in the terms of the anchor.
func TestPoliciesOfAPath(t *testing.T) {
	pki := fixed(t)
	one, two, any := policies(policy(1)), policies(policy(2)), policies(oidAnyPolicy)
	type list = []asn1.ObjectIdentifier
	for name, test := range map[string]struct {
		above, below, leaf func(*testpki.Template)
		acceptable, want   list
	}{
		"none":               {},
		"one":                {with(one), with(one), with(one), nil, list{policy(1)}},
		"any":                {with(any), with(any), with(any), nil, list{oidAnyPolicy}},
		"any, one wanted":    {with(any), with(any), with(any), list{policy(7)}, list{policy(7)}},
		"one under any":      {with(any), with(any), with(two), nil, list{policy(2)}},
		"any is wanted":      {with(one), with(one), with(one), list{policy(9), oidAnyPolicy}, list{policy(1)}},
		"mapped":             {with(one, mapPolicies(policy(1), policy(2))), with(two), with(two), nil, list{policy(1)}},
		"two mapped to one":  {with(policies(policy(1), policy(3)), mapPolicies(policy(1), policy(2), policy(3), policy(2))), with(two), with(two), nil, list{policy(1), policy(3)}},
		"repeated":           {with(policies(policy(1), policy(1))), with(one), with(one), nil, list{policy(1)}},
		"interrupted":        {with(one), nil, with(one), nil, nil},
		"wanted, in order":   {with(any), with(any), with(any), list{policy(5), policy(4), policy(5)}, list{policy(4), policy(5)}},
		"not what is wanted": {with(one), with(one), with(one), list{policy(2)}, nil},
	} {
		r := rule{above: test.above, below: test.below, leaf: test.leaf}
		chain := r.chain(t, pki)
		path, err := certificate.BuildPath(t.Context(), chain[0], certificate.PathOptions{
			Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: chain[1:],
			Policies: certificate.PolicyOptions{Acceptable: test.acceptable},
		})
		require.NoError(t, err, name)
		require.Equal(t, test.want, path.Policies, name)
	}
	path, err := certificate.BuildPath(t.Context(), pki.Root.Certificate, certificate.PathOptions{
		Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(),
	})
	require.NoError(t, err)
	require.Equal(t, list{oidAnyPolicy}, path.Policies)
}

// Mappings of every policy to every other one multiply in a tree (RFC 9618, 1.2);
// in the graph they do not.
func TestPolicyExplosion(t *testing.T) {
	pki := fixed(t)
	const n, levels = 15, 12
	var all, pairs []asn1.ObjectIdentifier
	for i := range n {
		all = append(all, policy(i))
		for j := range n {
			pairs = append(pairs, policy(i), policy(j))
		}
	}
	issuer := pki.Root
	var list []*certificate.Certificate
	for i := range levels {
		issuer = issue(t, pki, authority(string(rune('a'+i)), issuer, with(policies(all...), mapPolicies(pairs...))))
		list = append(list, issuer.Certificate)
	}
	leaf := issue(t, pki, testpki.Request{Issuer: issuer, Change: with(policies(all...))}).Certificate
	start := time.Now()
	path, err := certificate.BuildPath(t.Context(), leaf, certificate.PathOptions{
		Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: list,
		Policies: certificate.PolicyOptions{RequireExplicit: true},
	})
	require.NoError(t, err)
	require.Len(t, path.Policies, n)
	require.Less(t, time.Since(start), 5*time.Second)
}
