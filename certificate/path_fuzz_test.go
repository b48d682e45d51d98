package certificate_test

import (
	"crypto/x509/pkix"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/testpki"
)

// quick returns an infrastructure whose keys cost little time.
func quick(t testing.TB) *testpki.PKI {
	t.Helper()
	pki, err := testpki.New(&testpki.Options{KeyType: testpki.Ed25519})
	require.NoError(t, err)
	return pki
}

// FuzzBuildPath gives a leaf and two candidates in any bytes. What is accepted as a
// path must be one, link by link.
func FuzzBuildPath(f *testing.F) {
	pki := quick(f)
	seeds := 0
	for _, kind := range testpki.KeyTypes() {
		leaf := issue(f, pki, testpki.Request{KeyType: kind})
		f.Add(leaf.Certificate.Raw, pki.Intermediate.Certificate.Raw, pki.Root.Certificate.Raw)
		f.Add(pki.Intermediate.Certificate.Raw, leaf.Certificate.Raw, leaf.Certificate.Raw)
		seeds += 2
	}
	require.Positive(f, seeds)
	f.Fuzz(func(t *testing.T, leaf, a, b []byte) {
		c, err := certificate.Parse(leaf)
		if err != nil {
			return
		}
		o := certificate.PathOptions{Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: []*certificate.Certificate{c}}
		for _, der := range [][]byte{a, b} {
			if d, err := certificate.Parse(der); err == nil {
				o.Candidates = append(o.Candidates, d)
			}
		}
		path, err := certificate.BuildPath(t.Context(), c, o)
		require.NotNil(t, path)
		require.Len(t, path.Revocation, len(path.Certificates))
		require.Equal(t, c.Raw, path.Leaf().Raw)
		if err != nil {
			require.ErrorAs(t, err, new(*certificate.PathError))
			return
		}
		require.True(t, o.Anchors.Contains(path.Anchor(), certificate.Signing))
		for i, below := range path.Certificates[:len(path.Certificates)-1] {
			above := path.Certificates[i+1]
			require.True(t, below.IssuedBy(above))
			require.True(t, below.ValidAt(pki.Now()))
			require.Empty(t, below.Defects)
			require.NoError(t, below.CheckSignatureFrom(above))
		}
		_ = path.Weaknesses()
	})
}

// FuzzRules signs certificates whose extensions about names and policies are any
// bytes. A constraint or a demand never makes a path hold that does not hold without.
func FuzzRules(f *testing.F) {
	value := func(e pkix.Extension) []byte { return e.Value }
	company := directoryName(testpki.Name(testpki.Country("JP")))
	one := value(policies(policy(1), oidAnyPolicy))
	seeds := [][5][]byte{
		{tlv(0x30, permit(company, mailName(".jp")), exclude(dnsName("a.jp"))), tlv(0x30, mailName("a@b.jp"), dnsName("*.jp")), one,
			value(mapPolicies(policy(1), policy(2))), value(policies(policy(2)))},
		{tlv(0x30, permit(uriName(".jp"))), tlv(0x30, uriName("https://a.jp/")), one, value(requireExplicit(0)), one},
		{tlv(0x30, exclude(addressName(make([]byte, 8)))), tlv(0x30, addressName(make([]byte, 4))), one, value(inhibitAny(0)), one},
	}
	for _, s := range seeds {
		f.Add(s[0], s[1], s[2], s[3], s[4])
	}
	pki := quick(f)
	f.Fuzz(func(t *testing.T, constraints, names, above, rules, below []byte) {
		if len(constraints)+len(names)+len(above)+len(rules)+len(below) > 1<<16 {
			return
		}
		holds := func(constrained bool, p certificate.PolicyOptions) bool {
			ca := issue(t, pki, authority("ca", pki.Root, func(c *testpki.Template) {
				c.Extensions = append(c.Extensions, extension(oidPolicies, above), extension(oidPolicyMappings, rules),
					extension(oidPolicyConstraints, rules), extension(oidInhibitAnyPolicy, rules))
				if constrained {
					c.Extensions = append(c.Extensions, extension(oidNameConstraints, constraints))
				}
			}))
			leaf := issue(t, pki, testpki.Request{KeyType: testpki.Ed25519, Issuer: ca,
				Change: with(extension(oidSubjectAltName, names), extension(oidPolicies, below))})
			path, err := certificate.BuildPath(t.Context(), leaf.Certificate, certificate.PathOptions{
				Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: certificates(ca), Policies: p,
			})
			if err == nil && p.RequireExplicit {
				require.NotEmpty(t, path.Policies)
			}
			return err == nil
		}
		free := certificate.PolicyOptions{}
		if holds(true, free) {
			require.True(t, holds(false, free))
		}
		if holds(false, certificate.PolicyOptions{RequireExplicit: true, InhibitMapping: true}) {
			require.True(t, holds(false, certificate.PolicyOptions{RequireExplicit: true}))
			require.True(t, holds(false, free))
		}
	})
}
