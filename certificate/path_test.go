package certificate_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/testpki"
)

// authority asks for a CA certificate with its own name and key.
func authority(name string, issuer *testpki.Identity, change func(*testpki.Template)) testpki.Request {
	return testpki.Request{
		Profile: testpki.AuthorityProfile, KeyType: testpki.Ed25519, Role: testpki.Role(name),
		Subject: testpki.Person(name), Issuer: issuer, Change: change,
	}
}

func certificates(ids ...*testpki.Identity) []*certificate.Certificate {
	var list []*certificate.Certificate
	for _, id := range ids {
		list = append(list, id.Certificate)
	}
	return list
}

func TestBuildPath(t *testing.T) {
	pki := fixed(t)
	leaf := issue(t, pki, testpki.Request{})
	stranger := issue(t, pki, testpki.Request{Role: testpki.OtherRole})
	for _, list := range [][]*certificate.Certificate{
		certificates(pki.Intermediate),
		certificates(stranger, pki.Root, leaf, pki.Intermediate, pki.Intermediate),
		append(certificates(pki.Intermediate), nil),
	} {
		path, err := certificate.BuildPath(t.Context(), leaf.Certificate, certificate.PathOptions{
			Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: list,
		})
		require.NoError(t, err)
		require.Equal(t, certificates(leaf, pki.Intermediate, pki.Root), path.Certificates)
	}
}

func TestAnchorAnywhereInThePath(t *testing.T) {
	pki := fixed(t)
	leaf := issue(t, pki, testpki.Request{})
	for want, anchor := range map[int]*testpki.Identity{1: leaf, 2: pki.Intermediate, 3: pki.Root} {
		pool := certificate.NewPool()
		pool.Add(anchor.Certificate, certificate.Signing)
		o := certificate.PathOptions{
			Anchors: pool, Purpose: certificate.Signing, Time: pki.Now(),
			Candidates: certificates(pki.Intermediate, pki.Root),
		}
		path, err := certificate.BuildPath(t.Context(), leaf.Certificate, o)
		require.NoError(t, err)
		require.Len(t, path.Certificates, want)
		o.Purpose = certificate.TimeStamping
		_, err = certificate.BuildPath(t.Context(), leaf.Certificate, o)
		requireReason(t, err, certificate.NoPath)
	}
}

func requireReason(t *testing.T, err error, want certificate.Reason) *certificate.PathError {
	t.Helper()
	var failure *certificate.PathError
	require.ErrorAs(t, err, &failure)
	require.Equal(t, want, failure.Reason, "%v", err)
	require.NotNil(t, failure.Certificate)
	require.Contains(t, err.Error(), want.String())
	return failure
}

func TestBuildPathFails(t *testing.T) {
	unknown := testpki.Null(asn1.ObjectIdentifier{1, 2, 3}, true)
	nameConstraints := pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 30}, Critical: true, Value: []byte{0x30, 1}}
	add := func(e pkix.Extension) func(*testpki.Template) {
		return func(c *testpki.Template) { c.Extensions = append(c.Extensions, e) }
	}
	replace := func(e pkix.Extension) func(*testpki.Template) {
		return func(c *testpki.Template) {
			for i := range c.Extensions {
				if c.Extensions[i].Id.Equal(e.Id) {
					c.Extensions[i] = e
				}
			}
		}
	}
	keyOfOther := func(c *testpki.Template) {
		c.SubjectPublicKeyInfo = fixed(t).Root.Certificate.RawSubjectPublicKeyInfo
	}
	for _, test := range []struct {
		name     string
		ca, leaf func(*testpki.Template)
		purpose  certificate.Purpose
		at       time.Duration // from the present
		want     certificate.Reason
		depth    int
	}{
		{"expired leaf", nil, nil, certificate.Signing, 15 * 365 * 24 * time.Hour, certificate.Expired, 0},
		{"expired CA", func(c *testpki.Template) { c.NotAfter = testpki.Now() }, nil, certificate.Signing, time.Second, certificate.Expired, 1},
		{"not yet valid", nil, nil, certificate.Signing, -48 * time.Hour, certificate.NotYetValid, 0},
		{"CA not yet valid", func(c *testpki.Template) { c.NotBefore = testpki.Now() }, nil, certificate.Signing, -time.Second, certificate.NotYetValid, 1},
		{"no CA", replace(testpki.BasicConstraints(false, -1)), nil, certificate.Signing, 0, certificate.NotCA, 1},
		{"no basicConstraints", func(c *testpki.Template) { c.Extensions = c.Extensions[:3] }, nil, certificate.Signing, 0, certificate.NotCA, 1},
		{"CA of version 1", func(c *testpki.Template) { c.Version, c.Extensions = 1, nil }, nil, certificate.Signing, 0, certificate.NotCA, 1},
		{"CA may not sign", replace(testpki.KeyUsage(x509.KeyUsageCRLSign)), nil, certificate.Signing, 0, certificate.KeyUsage, 1},
		{"leaf may not sign", nil, replace(testpki.KeyUsage(x509.KeyUsageKeyEncipherment)), certificate.Signing, 0, certificate.KeyUsage, 0},
		{"unknown critical in the leaf", nil, add(unknown), certificate.Signing, 0, certificate.UnknownCritical, 0},
		{"unknown critical in the CA", add(unknown), nil, certificate.Signing, 0, certificate.UnknownCritical, 1},
		{"malformed name constraints", add(nameConstraints), nil, certificate.Signing, 0, certificate.Defective, 1},
		{"defect", nil, add(testpki.NoRevAvail()), certificate.Signing, 0, certificate.Defective, 0},
		{"signature of another key", keyOfOther, nil, certificate.Signing, 0, certificate.BadSignature, 0},
		{"no purpose for time stamps", nil, nil, certificate.TimeStamping, 0, certificate.ExtendedKeyUsage, 0},
		{"time stamps alone", nil, add(testpki.ExtendedKeyUsage(true, oidTimeStamping)), certificate.Signing, 0, certificate.ExtendedKeyUsage, 0},
		{"what time cannot heal comes first", nil, add(unknown), certificate.Signing, -48 * time.Hour, certificate.UnknownCritical, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			pki := fixed(t)
			ca := issue(t, pki, authority("intermediate", pki.Root, test.ca))
			leaf := issue(t, pki, testpki.Request{Issuer: ca, Change: test.leaf})
			path, err := certificate.BuildPath(t.Context(), leaf.Certificate, certificate.PathOptions{
				Anchors: pki.Pool(), Purpose: test.purpose, Time: pki.Now().Add(test.at), Candidates: certificates(ca),
			})
			failure := requireReason(t, err, test.want)
			require.Equal(t, test.depth, failure.Depth)
			require.NotNil(t, path)
			require.Equal(t, leaf.Certificate, path.Certificates[0])
		})
	}
}

func TestLeafPurposesThatAreTaken(t *testing.T) {
	pki := fixed(t)
	add := func(e pkix.Extension) func(*testpki.Template) {
		return func(c *testpki.Template) { c.Extensions = append(c.Extensions, e) }
	}
	for _, change := range []func(*testpki.Template){
		nil,
		add(testpki.ExtendedKeyUsage(false, oidEmail)),
		add(testpki.ExtendedKeyUsage(true, oidTimeStamping, oidEmail)),
		func(c *testpki.Template) { c.Extensions = nil },
	} {
		leaf := issue(t, pki, testpki.Request{Change: change})
		_, err := certificate.BuildPath(t.Context(), leaf.Certificate, certificate.PathOptions{
			Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: leaf.Chain,
		})
		require.NoError(t, err)
	}
}

func TestAnchorsAreTrustedAsTheyAre(t *testing.T) {
	pki := fixed(t)
	leaf := issue(t, pki, testpki.Request{Issuer: pki.Root})
	long := pki.Now().AddDate(9, 0, 0)
	try := func(change func(*testpki.Template)) error {
		root := issue(t, pki, testpki.Request{
			Profile: testpki.AuthorityProfile, Key: pki.Root.Key, Issuer: pki.Intermediate, // signed by anybody
			Subject: pki.Root.Certificate.RawSubject, NotAfter: pki.Now(), Change: change,
		})
		pool := certificate.NewPool()
		pool.Add(root.Certificate)
		_, err := certificate.BuildPath(t.Context(), leaf.Certificate, certificate.PathOptions{Anchors: pool, Purpose: certificate.Signing, Time: long})
		return err
	}
	require.NoError(t, try(nil), "expired anchor")
	require.NoError(t, try(func(c *testpki.Template) { c.Version, c.Extensions = 1, nil }))
	require.NoError(t, try(func(c *testpki.Template) {
		c.Extensions = append(c.Extensions, testpki.Null(asn1.ObjectIdentifier{1, 2, 3}, true))
	}))
	requireReason(t, try(func(c *testpki.Template) { c.Extensions = c.Extensions[:3] }), certificate.NotCA)
	requireReason(t, try(func(c *testpki.Template) { c.Extensions[2] = testpki.KeyUsage(x509.KeyUsageCRLSign) }), certificate.KeyUsage)
}

func TestPathLength(t *testing.T) {
	for limit, fits := range map[int]bool{0: false, 1: true, 2: true} {
		pki := fixed(t)
		top := issue(t, pki, authority("top", pki.Root, func(c *testpki.Template) {
			c.Extensions[len(c.Extensions)-1] = testpki.BasicConstraints(true, limit)
		}))
		below := issue(t, pki, authority("below", top, nil))
		// A self-issued certificate does not count (RFC 5280, 4.2.1.9).
		renewed := issue(t, pki, testpki.Request{
			Profile: testpki.AuthorityProfile, KeyType: testpki.P256, Subject: testpki.Person("below"), Issuer: below,
		})
		leaf := issue(t, pki, testpki.Request{Issuer: renewed})
		_, err := certificate.BuildPath(t.Context(), leaf.Certificate, certificate.PathOptions{
			Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: certificates(top, below, renewed),
		})
		if fits {
			require.NoError(t, err, limit)
			continue
		}
		requireReason(t, err, certificate.PathLength)
	}
}

func TestAnotherPathIsTried(t *testing.T) {
	pki := fixed(t)
	key, err := testpki.FixedKeys("crossed", testpki.Ed25519)
	require.NoError(t, err)
	request := testpki.Request{Profile: testpki.AuthorityProfile, Key: key, Subject: testpki.Person("crossed"), Issuer: pki.Root}
	expired := request
	expired.NotAfter = pki.Now().Add(-time.Hour)
	old, current := issue(t, pki, expired), issue(t, pki, request)
	namesake := issue(t, pki, authority("crossed", pki.Root, func(c *testpki.Template) {
		c.SubjectPublicKeyInfo = pki.Root.Certificate.RawSubjectPublicKeyInfo
	}))
	leaf := issue(t, pki, testpki.Request{Issuer: current})
	o := certificate.PathOptions{Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now()}
	for _, list := range [][]*certificate.Certificate{certificates(namesake, old, current), certificates(current, old, namesake)} {
		o.Candidates = list
		path, err := certificate.BuildPath(t.Context(), leaf.Certificate, o)
		require.NoError(t, err)
		require.Equal(t, certificates(leaf, current, pki.Root), path.Certificates)
	}
	o.Candidates = certificates(namesake, old)
	path, err := certificate.BuildPath(t.Context(), leaf.Certificate, o)
	requireReason(t, err, certificate.Expired)
	require.Equal(t, certificates(leaf, old, pki.Root), path.Certificates)
}

func TestUnsupportedSignature(t *testing.T) {
	pki := fixed(t)
	leaf := issue(t, pki, testpki.Request{})
	ca := issue(t, pki, testpki.Request{
		Profile: testpki.AuthorityProfile, Role: testpki.SignerRole, Subject: pki.Intermediate.Certificate.RawSubject,
		Change: func(c *testpki.Template) {
			c.SubjectPublicKeyInfo = spki(t, asn1.ObjectIdentifier{1, 3, 101, 111}, nil, make([]byte, 56)) // X448
		},
	})
	require.ErrorIs(t, leaf.Certificate.CheckSignatureFrom(ca.Certificate), certificate.ErrUnsupportedSignature)
	_, err := certificate.BuildPath(t.Context(), leaf.Certificate, certificate.PathOptions{
		Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: certificates(ca),
	})
	requireReason(t, err, certificate.UnsupportedSignature)
}

func TestKeyRestrictedToPSSVerifiesNothingElse(t *testing.T) {
	pki := fixed(t)
	restricted := issue(t, pki, testpki.Request{
		Profile: testpki.AuthorityProfile, Key: pki.Intermediate.Key, Issuer: pki.Root, RestrictToPSS: true,
		Subject: pki.Intermediate.Certificate.RawSubject,
	})
	leaf := issue(t, pki, testpki.Request{})
	require.NoError(t, leaf.Certificate.CheckSignatureFrom(pki.Intermediate.Certificate))
	require.ErrorIs(t, leaf.Certificate.CheckSignatureFrom(restricted.Certificate), certificate.ErrSignature)
}

// TestKeyRestrictedToParameters: the key of the issuer demands a hash function and
// the least length of the salt (RFC 4055, 3.3).
func TestKeyRestrictedToParameters(t *testing.T) {
	pki := fixed(t)
	leaf := issue(t, pki, testpki.Request{Change: func(c *testpki.Template) { c.Signature = algorithm.NewPSS(algorithm.SHA256) }})
	for demand, ok := range map[algorithm.PSSParams]bool{
		{MGFHash: algorithm.SHA256, SaltLength: 32, TrailerField: 1}: true,
		{MGFHash: algorithm.SHA256, SaltLength: 0, TrailerField: 1}:  true,
		{MGFHash: algorithm.SHA256, SaltLength: 33, TrailerField: 1}: false,
		{MGFHash: algorithm.SHA384, SaltLength: 32, TrailerField: 1}: false,
	} {
		restricted := *pki.Intermediate.Certificate
		var err error
		restricted.PublicKeyInfo.Algorithm, err = algorithm.Signature{Scheme: algorithm.RSAPSS, Hash: algorithm.SHA256, PSS: &demand}.Identifier()
		require.NoError(t, err)
		err = leaf.Certificate.CheckSignatureFrom(&restricted)
		if ok {
			require.NoError(t, err, "%+v", demand)
			continue
		}
		require.ErrorIs(t, err, certificate.ErrSignature, "%+v", demand)
	}
}

func TestNobodyIsTrustedByDefault(t *testing.T) {
	pki := fixed(t)
	leaf := issue(t, pki, testpki.Request{})
	for _, pool := range []*certificate.Pool{nil, certificate.NewPool()} {
		path, err := certificate.BuildPath(t.Context(), leaf.Certificate, certificate.PathOptions{
			Anchors: pool, Purpose: certificate.Signing, Time: pki.Now(), Candidates: certificates(pki.Intermediate, pki.Root),
		})
		failure := requireReason(t, err, certificate.NoPath)
		require.Len(t, path.Certificates, 3, "the report shows how far the path leads")
		require.Equal(t, pki.Root.Certificate, failure.Certificate)
	}
	require.False(t, (*certificate.Pool)(nil).Contains(leaf.Certificate, certificate.Signing))
	_, err := certificate.BuildPath(t.Context(), leaf.Certificate, certificate.PathOptions{Anchors: pki.Pool(), Time: pki.Now(), Candidates: leaf.Chain})
	requireReason(t, err, certificate.NoPath)
}

func TestBuildPathWrongCall(t *testing.T) {
	pki := fixed(t)
	_, err := certificate.BuildPath(t.Context(), nil, certificate.PathOptions{Time: pki.Now()})
	require.ErrorContains(t, err, "no leaf")
	_, err = certificate.BuildPath(t.Context(), pki.Root.Certificate, certificate.PathOptions{})
	require.ErrorContains(t, err, "no time")
}

func TestErrorsAreDistinct(t *testing.T) {
	var failure *certificate.PathError
	require.False(t, errors.As(io.EOF, &failure))
	seen := map[string]bool{}
	for r := certificate.ReasonUnknown; r <= certificate.LimitExceeded; r++ {
		require.False(t, seen[r.String()])
		seen[r.String()] = true
	}
	require.Equal(t, "unknown reason", (certificate.LimitExceeded + 1).String())
	cause := errors.New("cause")
	require.ErrorIs(t, &certificate.PathError{Certificate: fixed(t).Root.Certificate, Err: cause}, cause)
}

func TestPool(t *testing.T) {
	pki := fixed(t)
	pool := certificate.NewPool()
	require.Error(t, pool.AddPEM([]byte("nothing")))
	require.Zero(t, pool.Len())
	require.NoError(t, pool.AddPEM(pki.Root.PEM(), certificate.TimeStamping))
	require.True(t, pool.Contains(pki.Root.Certificate, certificate.TimeStamping))
	require.False(t, pool.Contains(pki.Root.Certificate, certificate.Signing))
	require.False(t, pool.Contains(pki.Root.Certificate, certificate.PurposeNone))
	pool.Add(pki.Root.Certificate, certificate.Signing)
	require.True(t, pool.Contains(pki.Root.Certificate, certificate.Signing))
	require.True(t, pool.Contains(pki.Root.Certificate, certificate.TimeStamping))
	require.Equal(t, 1, pool.Len())
	require.False(t, pool.Contains(pki.Intermediate.Certificate, certificate.Signing))
	var purposes []string
	for p := certificate.PurposeNone; p <= certificate.TimeStamping; p++ {
		purposes = append(purposes, p.String())
	}
	require.Equal(t, []string{"none", "signing", "time stamping"}, purposes)
}

func TestManyCrossCertificates(t *testing.T) {
	pki := fixed(t)
	const n = 9
	var keys []*testpki.Identity
	for i := range n {
		keys = append(keys, issue(t, pki, authority(fmt.Sprintf("CA %d", i), pki.Root, nil)))
	}
	var web []*certificate.Certificate
	for _, issuer := range keys {
		for j, subject := range keys {
			if issuer != subject {
				r := authority(fmt.Sprintf("CA %d", j), issuer, nil)
				web = append(web, issue(t, pki, r).Certificate)
			}
		}
	}
	leaf := issue(t, pki, testpki.Request{Issuer: keys[0]})
	// No name leads to an anchor, and that is proven; or one does, to another key.
	trusted := certificate.NewPool()
	trusted.Add(issue(t, pki, testpki.Request{
		Profile: testpki.AuthorityProfile, Subject: keys[n-1].Certificate.RawSubject, Role: testpki.OtherRole,
	}).Certificate)
	for want, pool := range map[certificate.Reason]*certificate.Pool{
		certificate.NoPath: nil, certificate.LimitExceeded: trusted,
	} {
		start := time.Now()
		_, err := certificate.BuildPath(t.Context(), leaf.Certificate, certificate.PathOptions{
			Anchors: pool, Purpose: certificate.Signing, Time: pki.Now(), Candidates: web,
		})
		require.Less(t, time.Since(start), 10*time.Second)
		requireReason(t, err, want)
	}
}
