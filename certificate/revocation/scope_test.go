package revocation_test

import (
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/testpki"
)

// relative returns the content of an RDN with one commonName.
func relative(text string) []byte {
	return testpki.Name(testpki.CommonName(text))[4:]
}

// below returns the name of the issuing authority with one more RDN.
func below(text string) []byte {
	return testpki.Name(testpki.Country("JP"), testpki.Organization("Inkan Test"), testpki.CommonName("Inkan Test Issuing CA"), testpki.CommonName(text))
}

func TestScope(t *testing.T) {
	const here, there = "http://crl.example/1.crl", "http://crl.example/2.crl"
	ca := newWorld(t).ca.Certificate.RawSubject
	for _, test := range []struct {
		name   string
		points []*testpki.Point // of the certificate
		scope  *testpki.Point
		want   verdict
	}{
		{"no point, no scope", nil, nil, verdict{revocation.Good, 0}},
		{"a point, no scope", []*testpki.Point{{URL: here}}, nil, verdict{revocation.Good, 0}},
		{"empty scope", nil, &testpki.Point{}, verdict{revocation.Good, 0}},
		{"the point", []*testpki.Point{{URL: here}}, &testpki.Point{URL: here}, verdict{revocation.Good, 0}},
		{"the point, host in capitals", []*testpki.Point{{URL: here}}, &testpki.Point{URL: "HTTP://CRL.example/1.crl"}, verdict{revocation.Good, 0}},
		{"path in capitals", []*testpki.Point{{URL: here}}, &testpki.Point{URL: "http://crl.example/1.CRL"}, verdict{revocation.Unknown, revocation.WrongScope}},
		{"one of two points", []*testpki.Point{{URL: there}, {URL: here}}, &testpki.Point{URL: here}, verdict{revocation.Good, 0}},
		{"another point", []*testpki.Point{{URL: here}}, &testpki.Point{URL: there}, verdict{revocation.Unknown, revocation.WrongScope}},
		{"no point in the certificate", nil, &testpki.Point{URL: here}, verdict{revocation.Unknown, revocation.WrongScope}},
		{"no point, scope of the issuer's name", nil, &testpki.Point{Name: ca}, verdict{revocation.Good, 0}},
		{"directory name", []*testpki.Point{{Name: testpki.Person("crl 1")}}, &testpki.Point{Name: testpki.Person("CRL  1")}, verdict{revocation.Good, 0}},
		{"another directory name", []*testpki.Point{{Name: testpki.Person("crl 1")}}, &testpki.Point{Name: testpki.Person("crl 2")}, verdict{revocation.Unknown, revocation.WrongScope}},
		{"both relative", []*testpki.Point{{Relative: relative("x")}}, &testpki.Point{Relative: relative("x")}, verdict{revocation.Good, 0}},
		{"relative and full", []*testpki.Point{{Relative: relative("x")}}, &testpki.Point{Name: below("x")}, verdict{revocation.Good, 0}},
		{"full and relative", []*testpki.Point{{Name: below("x")}}, &testpki.Point{Relative: relative("x")}, verdict{revocation.Good, 0}},
		{"relative and other", []*testpki.Point{{Relative: relative("x")}}, &testpki.Point{Name: below("y")}, verdict{revocation.Unknown, revocation.WrongScope}},
		{"end entities", nil, &testpki.Point{OnlyUsers: true}, verdict{revocation.Good, 0}},
		{"authorities", nil, &testpki.Point{OnlyCAs: true}, verdict{revocation.Unknown, revocation.WrongScope}},
		{"attribute certificates", nil, &testpki.Point{OnlyAttributes: true}, verdict{revocation.Unknown, revocation.WrongScope}},
		{"some reasons", nil, &testpki.Point{Reasons: []int{1, 2}}, verdict{revocation.Unknown, revocation.SomeReasons}},
		{"all reasons listed", nil, &testpki.Point{Reasons: []int{1, 2, 3, 4, 5, 6, 7, 8}}, verdict{revocation.Good, 0}},
		{"no reason", nil, &testpki.Point{Reasons: []int{}}, verdict{revocation.Unknown, revocation.WrongScope}},
		{"some reasons of the point", []*testpki.Point{{URL: here, Reasons: []int{1}}}, &testpki.Point{URL: here}, verdict{revocation.Unknown, revocation.SomeReasons}},
		{"indirect, of the issuer", nil, &testpki.Point{Indirect: true}, verdict{revocation.Good, 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var extensions, scope []pkix.Extension
			if test.points != nil {
				extensions = append(extensions, testpki.CRLDistributionPoints(test.points...))
			}
			if test.scope != nil {
				scope = append(scope, testpki.IssuingDistributionPoint(test.scope))
			}
			w := newWorld(t, extensions...)
			test.want.require(t, w.judge(revocation.Options{}, w.crl(w.ca, testpki.CRL{Extensions: scope})))
		})
	}
}

func TestScopeOfAuthority(t *testing.T) {
	w := newWorld(t)
	w.leaf, w.ca = w.pki.Intermediate, w.pki.Root
	for _, test := range []struct {
		scope testpki.Point
		want  verdict
	}{
		{testpki.Point{OnlyCAs: true}, verdict{revocation.Good, 0}},
		{testpki.Point{OnlyUsers: true}, verdict{revocation.Unknown, revocation.WrongScope}},
	} {
		a := w.judge(revocation.Options{}, w.crl(w.ca, testpki.CRL{Extensions: []pkix.Extension{testpki.IssuingDistributionPoint(&test.scope)}}))
		test.want.require(t, a)
	}
}

func TestReasonsOverSeveralCRLs(t *testing.T) {
	w := newWorld(t)
	some := func(entries []testpki.CRLEntry, reasons ...int) *revocation.Evidence {
		return w.crl(w.ca, testpki.CRL{Entries: entries, Extensions: []pkix.Extension{testpki.IssuingDistributionPoint(&testpki.Point{Reasons: reasons})}})
	}
	first, second := some(nil, 1, 2, 3), some(nil, 3, 4, 5, 6, 7, 8)
	a := w.judge(revocation.Options{}, first, second)
	require.Equal(t, revocation.Good, a.Status)
	require.Len(t, a.More, 1)
	a = w.judge(revocation.Options{}, first, some(nil, 4, 5))
	require.Equal(t, revocation.Unknown, a.Status)
	require.Equal(t, []revocation.Cause{revocation.SomeReasons, revocation.SomeReasons}, causes(a))
	require.Equal(t, revocation.Revoked, w.judge(revocation.Options{}, first, some(w.revoked(now, 4), 4, 5)).Status)

	// A hold is lifted only by a list that covers holds.
	held := w.crl(w.ca, testpki.CRL{ThisUpdate: now.Add(-time.Hour), Entries: w.revoked(now.Add(-time.Hour), 6)})
	require.Equal(t, revocation.Revoked, w.judge(revocation.Options{}, held, first).Status)
	require.Equal(t, revocation.Good, w.judge(revocation.Options{}, held, first, second).Status)
}

func TestMalformedDistributionPoints(t *testing.T) {
	w := newWorld(t, testpki.Null([]int{2, 5, 29, 31}, false))
	a := w.judge(revocation.Options{}, w.crl(w.ca, testpki.CRL{}))
	require.Equal(t, revocation.Good, a.Status)
	require.NotEmpty(t, a.Notes)
}

// TestIndirectCRL has the status of the leaf in the CRL of another authority.
func TestIndirectCRL(t *testing.T) {
	name := testpki.Person("CRL issuer")
	w := newWorld(t, testpki.CRLDistributionPoints(&testpki.Point{Issuer: name}))
	signer := w.crlSigner(w.pki.Root, name)
	trust := revocation.Options{
		Certificates: []*certificate.Certificate{signer.Certificate},
		Trusted:      trustAll,
	}
	scope := []pkix.Extension{testpki.IssuingDistributionPoint(&testpki.Point{Indirect: true, Name: name})}
	issuer := w.ca.Certificate.RawSubject

	a := w.judge(trust, w.crl(signer, testpki.CRL{Extensions: scope}))
	require.Equal(t, revocation.Good, a.Status)
	require.Equal(t, signer.Certificate, a.Signer)
	require.Len(t, a.Needs, 1)
	require.True(t, a.Needs[0].Met)
	require.Equal(t, certificate.CRLSigning, a.Needs[0].Purpose)

	revoked := []testpki.CRLEntry{{Serial: big.NewInt(3), Issuer: issuer}, {Serial: w.serial()}}
	require.Equal(t, revocation.Revoked, w.judge(trust, w.crl(signer, testpki.CRL{Extensions: scope, Entries: revoked})).Status)
	others := []testpki.CRLEntry{{Serial: w.serial()}, {Serial: w.serial(), Issuer: testpki.Person("x")}, {Serial: w.serial()}}
	require.Equal(t, revocation.Good, w.judge(trust, w.crl(signer, testpki.CRL{Extensions: scope, Entries: others})).Status,
		"the serial number is that of other issuers' certificates")

	// Not an indirect CRL.
	verdict{revocation.Unknown, revocation.WrongScope}.require(t, w.judge(trust, w.crl(signer, testpki.CRL{})))
	// The signer is not trusted, or nobody knows whether it is.
	trust.Trusted = nil
	a = w.judge(trust, w.crl(signer, testpki.CRL{Extensions: scope}))
	verdict{revocation.Unknown, revocation.SignerUntrusted}.require(t, a)
	require.False(t, a.Needs[0].Met)
	// The signer's certificate is not there.
	trust.Certificates = nil
	verdict{revocation.Unknown, revocation.SignerNotFound}.require(t, w.judge(trust, w.crl(signer, testpki.CRL{Extensions: scope})))
}

// delta makes the extensions of a delta CRL.
func delta(base int64, more ...pkix.Extension) []pkix.Extension {
	return append([]pkix.Extension{testpki.DeltaCRL(big.NewInt(base))}, more...)
}

func TestDeltaCRL(t *testing.T) {
	w := newWorld(t)
	crl := func(number int64, entries []testpki.CRLEntry, extensions ...pkix.Extension) *revocation.Evidence {
		return w.crl(w.ca, testpki.CRL{Number: big.NewInt(number), Entries: entries, Extensions: extensions})
	}
	removed := w.revoked(now, 8)
	user := testpki.IssuingDistributionPoint(&testpki.Point{OnlyUsers: true})
	for _, test := range []struct {
		name     string
		evidence []*revocation.Evidence
		want     revocation.Status
		causes   []revocation.Cause
	}{
		{"nothing new", []*revocation.Evidence{crl(5, nil), crl(7, nil, delta(5)...)}, revocation.Good, nil},
		{"older base", []*revocation.Evidence{crl(5, nil), crl(7, nil, delta(3)...)}, revocation.Good, nil},
		{"revoked since", []*revocation.Evidence{crl(5, nil), crl(7, w.revoked(now, 1), delta(5)...)}, revocation.Revoked, nil},
		{"still revoked", []*revocation.Evidence{crl(5, w.revoked(now, 1)), crl(7, nil, delta(5)...)}, revocation.Revoked, nil},
		{"hold lifted", []*revocation.Evidence{crl(5, w.revoked(now, 6)), crl(7, removed, delta(5)...)}, revocation.Good, nil},
		{"hold made final", []*revocation.Evidence{crl(5, w.revoked(now, 6)), crl(7, w.revoked(now, 1), delta(5)...)}, revocation.Revoked, nil},
		{"youngest of two", []*revocation.Evidence{crl(8, removed, delta(5)...), crl(5, nil), crl(7, w.revoked(now, 6), delta(5)...)}, revocation.Good, []revocation.Cause{revocation.NoBase}},
		{"alone", []*revocation.Evidence{crl(7, nil, delta(5)...)}, revocation.Unknown, []revocation.Cause{revocation.NoBase}},
		{"base too old", []*revocation.Evidence{crl(4, nil), crl(7, w.revoked(now, 1), delta(5)...)}, revocation.Revoked, nil},
		{"hold without a base", []*revocation.Evidence{crl(4, nil), crl(7, w.revoked(now, 6), delta(5)...)}, revocation.Revoked, nil},
		{"hold with a date to come", []*revocation.Evidence{crl(4, nil), crl(7, w.revoked(now.Add(2*time.Hour), 6), delta(5)...)}, revocation.Revoked, nil},
		{"older than the base", []*revocation.Evidence{crl(7, nil), crl(6, w.revoked(now, 6), delta(5)...)}, revocation.Good, []revocation.Cause{revocation.NoBase}},
		{"another scope", []*revocation.Evidence{crl(5, nil), crl(7, nil, delta(5, user)...)}, revocation.Good, []revocation.Cause{revocation.NoBase}},
		{"revoked, another scope", []*revocation.Evidence{crl(5, nil), crl(7, w.revoked(now, 1), delta(5, user)...)}, revocation.Revoked, nil},
		{"removed, for it expired", []*revocation.Evidence{crl(5, w.revoked(now, 1)), crl(7, removed, delta(5)...)}, revocation.Revoked, nil},
		{"same scope", []*revocation.Evidence{crl(5, nil, user), crl(7, w.revoked(now, 1), delta(5, user)...)}, revocation.Revoked, nil},
		{"another key", []*revocation.Evidence{crl(5, nil), crl(7, nil, delta(5, testpki.AuthorityKeyID([]byte{1}))...)}, revocation.Good, []revocation.Cause{revocation.NoBase}},
		{"critical extension", []*revocation.Evidence{crl(5, nil), crl(7, nil, delta(5, critical())...)}, revocation.Good, []revocation.Cause{revocation.UnknownCritical}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := w.judge(revocation.Options{}, test.evidence...)
			require.Equal(t, test.want, a.Status, "%v", a.Rejected)
			require.Equal(t, test.causes, causes(a))
		})
	}
}

// TestDeltaKeepsBaseAlive has a complete CRL that is out of date and a delta CRL
// that is not.
func TestDeltaKeepsBaseAlive(t *testing.T) {
	w := newWorld(t)
	base := w.crl(w.ca, testpki.CRL{Number: big.NewInt(5)})
	young := w.crl(w.ca, testpki.CRL{Number: big.NewInt(7), ThisUpdate: now.AddDate(0, 0, 7), Extensions: delta(5)})
	o := revocation.Options{Time: now.AddDate(0, 0, 8)}
	verdict{revocation.Unknown, revocation.Stale}.require(t, w.judge(o, base))
	a := w.judge(o, base, young)
	verdict{revocation.Good, 0}.require(t, a)
	require.Equal(t, now.AddDate(0, 0, 7), a.ThisUpdate)
	require.Equal(t, []*revocation.Evidence{young}, a.More)
	o.Time = now.AddDate(0, 0, 15)
	require.Equal(t, revocation.Unknown, w.judge(o, base, young).Status)
}
