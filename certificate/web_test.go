package certificate_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/testpki"
)

// node is an authority of a web: a name and a key that several certificates share.
func cross(t *testing.T, pki *testpki.PKI, subject, issuer *testpki.Identity, change func(*testpki.Template)) *certificate.Certificate {
	t.Helper()
	return issue(t, pki, testpki.Request{
		Profile: testpki.AuthorityProfile, Key: subject.Key, Subject: subject.Certificate.RawSubject, Issuer: issuer, Change: change,
	}).Certificate
}

// selfSigned returns an authority whose certificate its own key signed.
func selfSigned(t *testing.T, pki *testpki.PKI, name string) *testpki.Identity {
	t.Helper()
	key, err := testpki.FixedKeys(testpki.Role(name), testpki.Ed25519)
	require.NoError(t, err)
	id := &testpki.Identity{Key: key}
	id.Certificate = issue(t, pki, testpki.Request{
		Profile: testpki.AuthorityProfile, Key: key, Subject: testpki.Person(name), Issuer: pki.Root,
		Change: func(c *testpki.Template) { c.Issuer = c.Subject },
	}).Certificate
	id.Certificate = issue(t, pki, testpki.Request{
		Profile: testpki.AuthorityProfile, Key: key, Subject: testpki.Person(name), Issuer: id,
	}).Certificate
	id.Chain = certificates(id)
	return id
}

func pool(list ...*certificate.Certificate) *certificate.Pool {
	p := certificate.NewPool()
	for _, c := range list {
		p.Add(c)
	}
	return p
}

// A bridge joins authorities that do not know each other, as the one of the
// Japanese governments does: each side trusts its own root alone.
func TestBridge(t *testing.T) {
	pki := fixed(t)
	bridge := selfSigned(t, pki, "bridge")
	var sides []*testpki.Identity
	var web []*certificate.Certificate
	for i := range 4 {
		side := selfSigned(t, pki, fmt.Sprintf("side %d", i))
		sides = append(sides, side)
		web = append(web, side.Certificate, cross(t, pki, side, bridge, nil), cross(t, pki, bridge, side, nil))
	}
	web = append(web, bridge.Certificate)
	issuing := issue(t, pki, authority("issuing", sides[0], nil))
	web = append(web, issuing.Certificate)
	leaf := issue(t, pki, testpki.Request{Issuer: issuing}).Certificate
	for i, want := range []int{3, 5, 5, 5} { // leaf, issuing, side 0 (, bridge, side i)
		o := certificate.PathOptions{Anchors: pool(sides[i].Certificate), Purpose: certificate.Signing, Time: pki.Now(), Candidates: web}
		for range 8 {
			path, err := certificate.BuildPath(t.Context(), leaf, o)
			require.NoError(t, err)
			require.Len(t, path.Certificates, want)
			require.Equal(t, sides[i].Certificate, path.Anchor())
			rand.Shuffle(len(web), func(a, b int) { web[a], web[b] = web[b], web[a] })
		}
	}
}

// A constraint on one way through a web makes the search go another way.
func TestWayAroundAConstraint(t *testing.T) {
	pki := fixed(t)
	root := selfSigned(t, pki, "root")
	left, right := issue(t, pki, authority("left", root, nil)), issue(t, pki, authority("right", root, nil))
	bottom := issue(t, pki, authority("bottom", left, constrain(exclude(directoryName(testpki.Name(testpki.Country("JP")))))))
	other := cross(t, pki, bottom, right, nil)
	leaf := issue(t, pki, testpki.Request{Issuer: bottom}).Certificate
	o := certificate.PathOptions{Anchors: pool(root.Certificate), Purpose: certificate.Signing, Time: pki.Now()}
	o.Candidates = append(certificates(left, right, bottom), other)
	path, err := certificate.BuildPath(t.Context(), leaf, o)
	require.NoError(t, err)
	require.Equal(t, []*certificate.Certificate{leaf, other, right.Certificate, root.Certificate}, path.Certificates)
	o.Candidates = o.Candidates[:3]
	path, err = certificate.BuildPath(t.Context(), leaf, o)
	requireReason(t, err, certificate.NameConstraints)
	require.Len(t, path.Certificates, 4)
}

// An authority changes its key and joins old and new by certificates of each for
// the other (RFC 4210, 4.4).
func TestKeyRollover(t *testing.T) {
	pki := fixed(t)
	older := selfSigned(t, pki, "authority")
	key, err := testpki.FixedKeys("newer", testpki.Ed25519)
	require.NoError(t, err)
	newer := &testpki.Identity{Key: key}
	newWithOld := issue(t, pki, testpki.Request{
		Profile: testpki.AuthorityProfile, Key: key, Subject: older.Certificate.RawSubject, Issuer: older,
	}).Certificate
	newer.Certificate = newWithOld
	newWithNew := cross(t, pki, newer, newer, nil)
	oldWithNew := cross(t, pki, older, newer, nil)
	links := []*certificate.Certificate{newWithNew, newWithOld, oldWithNew}
	for _, test := range []struct {
		anchor, link *certificate.Certificate
		issuer       *testpki.Identity
	}{{older.Certificate, newWithOld, newer}, {newWithNew, oldWithNew, older}} {
		leaf := issue(t, pki, testpki.Request{Issuer: test.issuer}).Certificate
		for range 2 {
			slices.Reverse(links)
			path, err := certificate.BuildPath(t.Context(), leaf, certificate.PathOptions{
				Anchors: pool(test.anchor), Purpose: certificate.Signing, Time: pki.Now(), Candidates: links,
			})
			require.NoError(t, err)
			require.Equal(t, []*certificate.Certificate{leaf, test.link, test.anchor}, path.Certificates)
		}
	}
}

// A wrong or missing key identifier only changes the order of the search.
func TestKeyIdentifiersAreHints(t *testing.T) {
	pki := fixed(t)
	for _, change := range []func(*testpki.Template){
		func(c *testpki.Template) { c.Extensions[1] = testpki.AuthorityKeyID([]byte("wrong")) },
		func(c *testpki.Template) { c.Extensions = c.Extensions[2:] },
	} {
		leaf := issue(t, pki, testpki.Request{Change: change}).Certificate
		namesake := issue(t, pki, testpki.Request{
			Profile: testpki.AuthorityProfile, Issuer: pki.Root, Subject: pki.Intermediate.Certificate.RawSubject,
			Change: func(c *testpki.Template) { c.Extensions[0] = testpki.SubjectKeyID([]byte("wrong")) },
		})
		path, err := certificate.BuildPath(t.Context(), leaf, certificate.PathOptions{
			Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: certificates(namesake, pki.Intermediate),
		})
		require.NoError(t, err)
		require.Equal(t, pki.Intermediate.Certificate, path.Certificates[1])
	}
}

// Certificates that issue each other in circles end the search in time.
func TestLoops(t *testing.T) {
	pki := fixed(t)
	a, b := selfSigned(t, pki, "a"), selfSigned(t, pki, "b")
	web := []*certificate.Certificate{a.Certificate, b.Certificate, cross(t, pki, a, b, nil), cross(t, pki, b, a, nil)}
	leaf := issue(t, pki, testpki.Request{Issuer: a}).Certificate
	o := certificate.PathOptions{Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: web}
	path, err := certificate.BuildPath(t.Context(), leaf, o)
	requireReason(t, err, certificate.NoPath)
	require.Len(t, path.Certificates, 3)
	o.Anchors = pool(b.Certificate)
	_, err = certificate.BuildPath(t.Context(), leaf, o)
	require.NoError(t, err)
	loop := issue(t, pki, testpki.Request{Change: func(c *testpki.Template) { c.Issuer = c.Subject }}).Certificate
	_, err = certificate.BuildPath(t.Context(), loop, certificate.PathOptions{
		Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: []*certificate.Certificate{loop},
	})
	requireReason(t, err, certificate.NoPath)
}

// In a web of a thousand certificates the path is found, whatever their order, and
// that there is none is found out soon.
func TestThousandCertificates(t *testing.T) {
	pki := fixed(t)
	random := rand.New(rand.NewPCG(1, 2))
	const n = 40
	var authorities []*testpki.Identity
	for i := range n {
		authorities = append(authorities, selfSigned(t, pki, fmt.Sprintf("authority %d", i)))
	}
	var web []*certificate.Certificate
	for len(web) < 1000 {
		subject, issuer := authorities[random.IntN(n)], authorities[random.IntN(n)]
		change := func(c *testpki.Template) {
			switch random.IntN(4) { // most are no use
			case 0:
				c.NotAfter = pki.Now().Add(-time.Hour)
			case 1:
				c.Extensions = append(c.Extensions, critical(oidNameConstraints, tlv(0x30, exclude(directoryName(testpki.Name())))))
			case 2:
				c.Extensions = c.Extensions[:3]
			}
		}
		web = append(web, cross(t, pki, subject, issuer, change))
	}
	leaf := issue(t, pki, testpki.Request{Issuer: authorities[0]}).Certificate
	o := certificate.PathOptions{Anchors: pool(authorities[n-1].Certificate), Purpose: certificate.Signing, Time: pki.Now(), Candidates: web}
	for range 3 {
		start := time.Now()
		path, err := certificate.BuildPath(t.Context(), leaf, o)
		require.NoError(t, err)
		require.Less(t, time.Since(start), 5*time.Second)
		require.Less(t, len(path.Certificates), 8)
		random.Shuffle(len(web), func(a, b int) { web[a], web[b] = web[b], web[a] })
	}
	stranger := selfSigned(t, pki, "stranger")
	o.Anchors = pool(stranger.Certificate)
	start := time.Now()
	_, err := certificate.BuildPath(t.Context(), leaf, o)
	requireReason(t, err, certificate.NoPath)
	// The name of the anchor is there, its key is not.
	o.Anchors = pool(issue(t, pki, testpki.Request{
		Profile: testpki.AuthorityProfile, Subject: authorities[n-1].Certificate.RawSubject, Key: stranger.Key,
	}).Certificate)
	_, err = certificate.BuildPath(t.Context(), leaf, o)
	requireReason(t, err, certificate.LimitExceeded)
	require.Less(t, time.Since(start), 10*time.Second)
}

// source answers from a list, and counts.
type source struct {
	list  []*certificate.Certificate
	asked []*certificate.Certificate
	err   error
}

func (s *source) Issuers(_ context.Context, c *certificate.Certificate) ([]*certificate.Certificate, error) {
	s.asked = append(s.asked, c)
	var found []*certificate.Certificate
	for _, d := range s.list {
		if c.IssuedBy(d) {
			found = append(found, d, nil)
		}
	}
	return found, s.err
}

func TestIssuersAreAskedFor(t *testing.T) {
	pki := fixed(t)
	leaf, list := chainOf(t, pki, 3)
	s := &source{list: list}
	o := certificate.PathOptions{Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Issuers: s}
	path, err := certificate.BuildPath(t.Context(), leaf.Certificate, o)
	require.NoError(t, err)
	require.Len(t, path.Certificates, 5)
	require.Equal(t, path.Certificates[:3], s.asked, "not for what the anchor issued")

	s.asked, o.Candidates = nil, list
	_, err = certificate.BuildPath(t.Context(), leaf.Certificate, o)
	require.NoError(t, err)
	require.Empty(t, s.asked)

	s.err, s.list, o.Candidates = errors.New("no answer"), nil, nil
	_, err = certificate.BuildPath(t.Context(), leaf.Certificate, o)
	require.ErrorIs(t, err, s.err)
	requireReason(t, err, certificate.NoPath)
}

func TestPathsAreGivenUp(t *testing.T) {
	pki := fixed(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	leaf := issue(t, pki, testpki.Request{})
	_, err := certificate.BuildPath(ctx, leaf.Certificate, certificate.PathOptions{
		Anchors: pki.Pool(), Purpose: certificate.Signing, Time: pki.Now(), Candidates: leaf.Chain,
	})
	requireReason(t, err, certificate.LimitExceeded)
	require.ErrorIs(t, err, context.Canceled)
}

// The caller may refuse a path; another one is tried then.
func TestAccept(t *testing.T) {
	pki := fixed(t)
	root := selfSigned(t, pki, "root")
	ca := issue(t, pki, authority("ca", root, nil))
	renewed := cross(t, pki, ca, root, nil)
	leaf := issue(t, pki, testpki.Request{Issuer: ca}).Certificate
	refusal := errors.New("refused")
	var seen []*certificate.Certificate
	o := certificate.PathOptions{
		Anchors: pool(root.Certificate), Purpose: certificate.Signing, Time: pki.Now(),
		Candidates: []*certificate.Certificate{ca.Certificate, renewed},
	}
	o.Accept = func(p *certificate.Path) error {
		seen = append(seen, p.Certificates[1])
		if len(seen) > 1 {
			return nil
		}
		return refusal
	}
	path, err := certificate.BuildPath(t.Context(), leaf, o)
	require.NoError(t, err)
	require.ElementsMatch(t, o.Candidates, seen)
	require.Equal(t, seen[1], path.Certificates[1])
	o.Accept = func(*certificate.Path) error { return refusal }
	_, err = certificate.BuildPath(t.Context(), leaf, o)
	requireReason(t, err, certificate.Rejected)
	require.ErrorIs(t, err, refusal)
}
