package revocation

import (
	"bytes"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/testpki"
)

// limited is evidence that has n of something.
type limited struct {
	name  string
	limit int
	build func(n int) []byte
}

func identity(t testing.TB) *testpki.Identity {
	t.Helper()
	pki, err := testpki.New(&testpki.Options{KeyType: testpki.P256})
	require.NoError(t, err)
	return pki.Intermediate
}

func extensions(n int) []pkix.Extension {
	var list []pkix.Extension
	for i := range n {
		list = append(list, testpki.Null(asn1.ObjectIdentifier{1, 2, 3, i}, false))
	}
	return list
}

// integer returns a number whose DER has n octets.
func integer(n int) *big.Int { return new(big.Int).Lsh(big.NewInt(1), uint(8*n-2)) }

func TestCRLLimits(t *testing.T) {
	ca := identity(t)
	crl := func(c testpki.CRL) []byte {
		der, err := ca.SignCRL(&c)
		require.NoError(t, err)
		return der
	}
	for _, test := range []limited{
		{"extensions", maxExtensions, func(n int) []byte { return crl(testpki.CRL{Extensions: extensions(n)}) }},
		{"extensions of an entry", maxExtensions, func(n int) []byte {
			return crl(testpki.CRL{Entries: []testpki.CRLEntry{{Serial: big.NewInt(1), Extensions: extensions(n)}}})
		}},
		{"serial number", maxSerialBytes, func(n int) []byte {
			return crl(testpki.CRL{Entries: []testpki.CRLEntry{{Serial: integer(n)}}})
		}},
		{"number", maxNumberBytes, func(n int) []byte { return crl(testpki.CRL{Number: integer(n)}) }},
	} {
		require.NoError(t, readAll(test.build(test.limit)), test.name)
		require.Error(t, readAll(test.build(test.limit+1)), test.name)
	}
	_, err := ParseCRL(make([]byte, maxCRLBytes+1))
	require.ErrorIs(t, err, errLimit)
	_, err = ParseCRL(make([]byte, maxCRLBytes))
	require.NotErrorIs(t, err, errLimit)
}

func readAll(der []byte) error {
	c, err := ParseCRL(der)
	if err != nil {
		return err
	}
	_, err = c.Lookup(c.Issuer, big.NewInt(1))
	return err
}

func TestOCSPLimits(t *testing.T) {
	ca := identity(t)
	ocsp := func(r testpki.OCSP) []byte {
		if r.Responses == nil {
			r.Responses = []testpki.OCSPSingle{{Certificate: ca.Certificate, Issuer: ca.Certificate}}
		}
		der, err := ca.SignOCSP(&r)
		require.NoError(t, err)
		return der
	}
	single := func(change func(*testpki.OCSPSingle)) []testpki.OCSPSingle {
		s := testpki.OCSPSingle{Certificate: ca.Certificate, Issuer: ca.Certificate}
		change(&s)
		return []testpki.OCSPSingle{s}
	}
	for _, test := range []limited{
		{"extensions", maxExtensions, func(n int) []byte { return ocsp(testpki.OCSP{Extensions: extensions(n)}) }},
		{"extensions of an answer", maxExtensions, func(n int) []byte {
			return ocsp(testpki.OCSP{Responses: single(func(s *testpki.OCSPSingle) { s.Extensions = extensions(n) })})
		}},
		{"serial number", maxSerialBytes, func(n int) []byte {
			return ocsp(testpki.OCSP{Responses: single(func(s *testpki.OCSPSingle) { s.Serial = integer(n) })})
		}},
		{"nonce", maxNonceBytes, func(n int) []byte { return ocsp(testpki.OCSP{Nonce: make([]byte, n)}) }},
		{"certificates", maxCertificates, func(n int) []byte {
			return ocsp(testpki.OCSP{Certificates: repeat(ca.Certificate, n)})
		}},
		{"responses", maxResponses, func(n int) []byte {
			return ocsp(testpki.OCSP{Responses: repeat(single(func(*testpki.OCSPSingle) {})[0], n)})
		}},
	} {
		_, err := ParseResponse(test.build(test.limit))
		require.NoError(t, err, test.name)
		_, err = ParseResponse(test.build(test.limit + 1))
		require.Error(t, err, test.name)
	}
	_, err := ParseResponse(make([]byte, maxOCSPBytes+1))
	require.ErrorIs(t, err, errLimit)
	_, err = ParseResponse(make([]byte, maxOCSPBytes))
	require.NotErrorIs(t, err, errLimit)
}

func repeat[T any](one T, n int) []T {
	list := make([]T, n)
	for i := range list {
		list[i] = one
	}
	return list
}

func TestTimeLimit(t *testing.T) {
	text := func(n int) []byte { return []byte("20260401090000." + string(bytes.Repeat([]byte("0"), n-16)) + "Z") }
	_, ok := parseTime(asn1.TagGeneralizedTime, text(maxTimeBytes))
	require.True(t, ok)
	_, ok = parseTime(asn1.TagGeneralizedTime, text(maxTimeBytes+1))
	require.False(t, ok)
}

func TestPointLimits(t *testing.T) {
	pki, err := testpki.New(&testpki.Options{KeyType: testpki.P256})
	require.NoError(t, err)
	leaf := func(points []*testpki.Point) *certificate.Certificate {
		id, err := pki.Issue(&testpki.Request{KeyType: testpki.P256, Change: func(c *testpki.Template) {
			c.Extensions = append(c.Extensions, testpki.CRLDistributionPoints(points...))
		}})
		require.NoError(t, err)
		return id.Certificate
	}
	point := &testpki.Point{URL: "http://crl.example/"}
	_, ok := distributionPoints(leaf(repeat(point, maxPoints)))
	require.True(t, ok)
	_, ok = distributionPoints(leaf(repeat(point, maxPoints+1)))
	require.False(t, ok)

	name := []byte{0x82, 1, 'a'}
	_, ok = readGeneralNames(bytes.Repeat(name, maxGeneralNames))
	require.True(t, ok)
	_, ok = readGeneralNames(bytes.Repeat(name, maxGeneralNames+1))
	require.False(t, ok)
}

func TestSetLimit(t *testing.T) {
	set := NewSet()
	for i := range maxEvidence {
		set.Add(&Evidence{Raw: fmt.Append(nil, i)})
	}
	last := set.Unreadable()
	require.Equal(t, Malformed, last[len(last)-1].Cause)
	set.Add(&Evidence{Raw: []byte("one more")}, &Evidence{Raw: []byte("and another")})
	require.Equal(t, maxEvidence+1, set.Len(), "one is kept to say so")
	last = set.Unreadable()
	require.Equal(t, LimitExceeded, last[len(last)-1].Cause)
	require.Equal(t, Unknown, newWork(t).judge(set, Options{}).Status)
}

// work is a leaf without noRevAvail, its issuer, and a time.
type work struct {
	t    *testing.T
	pki  *testpki.PKI
	leaf *certificate.Certificate
}

func newWork(t *testing.T, more ...pkix.Extension) *work {
	pki, err := testpki.New(&testpki.Options{KeyType: testpki.P256})
	require.NoError(t, err)
	id, err := pki.Issue(&testpki.Request{KeyType: testpki.P256, Change: func(c *testpki.Template) {
		c.Extensions = append(c.Extensions[:3:3], more...)
	}})
	require.NoError(t, err)
	return &work{t, pki, id.Certificate}
}

func (w *work) judge(set *Set, o Options) *Answer {
	o.Time = testpki.Now()
	return set.Judge(w.leaf, w.pki.Intermediate.Certificate, o)
}

// crls returns n CRLs of the issuer's name, all different.
func (w *work) crls(n int, signer *testpki.Identity, change func(i int, c *testpki.CRL)) *Set {
	set := NewSet()
	for i := range n {
		c := testpki.CRL{Issuer: w.pki.Intermediate.Certificate.RawSubject, Number: big.NewInt(int64(i + 10))}
		if change != nil {
			change(i, &c)
		}
		der, err := signer.SignCRL(&c)
		require.NoError(w.t, err)
		set.Add(&Evidence{Raw: der})
	}
	return set
}

// forged returns n CRLs of the issuer's name that nobody signed.
func (w *work) forged(n int) []*Evidence {
	der := w.crls(1, w.pki.Root, nil).items[0].evidence.Raw
	list := make([]*Evidence, n)
	for i := range list {
		raw := bytes.Clone(der)
		raw[len(raw)-1], raw[len(raw)-2] = byte(i), byte(i>>8)
		list[i] = &Evidence{Raw: raw}
	}
	return list
}

func has(a *Answer, c Cause) bool {
	for _, r := range a.Rejected {
		if r.Cause == c {
			return true
		}
	}
	return false
}

func TestSignatureLimit(t *testing.T) {
	w := newWork(t)
	require.False(t, has(w.judge(NewSet(w.forged(maxSignatures)...), Options{}), LimitExceeded))
	require.True(t, has(w.judge(NewSet(w.forged(maxSignatures+1)...), Options{}), LimitExceeded))

	// A limit makes nothing better: what was passed over might tell of a revocation.
	good := w.crls(1, w.pki.Intermediate, nil).items[0].evidence
	for n, want := range map[int]Status{maxSignatures - 1: Good, maxSignatures: Unknown} {
		set := NewSet(good)
		set.Add(w.forged(n)...)
		require.Equal(t, want, w.judge(set, Options{}).Status)
	}
}

func TestSignerLimit(t *testing.T) {
	w := newWork(t)
	named := func(n int, last *testpki.Identity) (list []*certificate.Certificate) {
		for range n {
			id, err := w.pki.Issue(&testpki.Request{KeyType: testpki.P256, Subject: w.pki.Intermediate.Certificate.RawSubject})
			require.NoError(t, err)
			list = append(list, id.Certificate)
		}
		return append(list, last.Certificate)
	}
	signer, err := w.pki.Issue(&testpki.Request{
		Profile: testpki.AuthorityProfile, KeyType: testpki.P256, Issuer: w.pki.Root,
		Subject: w.pki.Intermediate.Certificate.RawSubject,
	})
	require.NoError(t, err)
	o := Options{Trusted: func(*certificate.Certificate, time.Time) (*certificate.Path, error) { return &certificate.Path{}, nil }}
	set := w.crls(1, signer, nil)
	o.Certificates = named(maxSigners-2, signer)
	require.Equal(t, Good, w.judge(set, o).Status)
	o.Certificates = named(maxSigners-1, signer)
	a := w.judge(set, o)
	require.Equal(t, Unknown, a.Status)
	require.True(t, has(a, LimitExceeded))

	responder, err := w.pki.Issue(&testpki.Request{
		KeyType: testpki.P256, Role: testpki.OtherRole, Subject: w.pki.Intermediate.Certificate.RawSubject,
		Change: func(c *testpki.Template) {
			c.Extensions = append(c.Extensions[:3:3], testpki.ExtendedKeyUsage(false, oidOCSPSigning), testpki.OCSPNoCheck())
		},
	})
	require.NoError(t, err)
	response := NewSet(respond(t, responder, w.leaf, w.pki.Intermediate.Certificate))
	response.items[0].ocsp.Certificates = nil
	o.Certificates = named(maxSigners-2, responder)
	require.Equal(t, Good, w.judge(response, o).Status)
	o.Certificates = named(maxSigners-1, responder)
	require.True(t, has(w.judge(response, o), LimitExceeded))
}

func TestRememberedSigners(t *testing.T) {
	w := newWork(t)
	i := w.crls(1, w.pki.Intermediate, nil).items[0]
	for n := range maxRemembered + 1 {
		require.Len(t, i.checked, n)
		id, err := w.pki.Issue(&testpki.Request{KeyType: testpki.P256})
		require.NoError(t, err)
		require.NotNil(t, i.checkSignature(id.Certificate, &i.crl.signed))
	}
	require.Len(t, i.checked, 1) // begun anew
	require.Nil(t, i.checkSignature(w.pki.Intermediate.Certificate, &i.crl.signed))
}

func TestDeltaLimit(t *testing.T) {
	w := newWork(t)
	deltas := func(n int) *Set {
		return w.crls(n+1, w.pki.Intermediate, func(i int, c *testpki.CRL) {
			if i > 0 {
				c.Extensions = []pkix.Extension{testpki.DeltaCRL(big.NewInt(10))}
			}
		})
	}
	require.False(t, has(w.judge(deltas(maxDeltas), Options{}), LimitExceeded))
	require.True(t, has(w.judge(deltas(maxDeltas+1), Options{}), LimitExceeded))
}

func TestComparisonLimit(t *testing.T) {
	w := newWork(t)
	c, err := ParseCRL(w.crls(1, w.pki.Intermediate, nil).items[0].evidence.Raw)
	require.NoError(t, err)
	j := &judge{cert: w.leaf, pointWork: maxComparisons}
	_, _, f := j.coverage(c)
	require.False(t, f != nil && f.cause == LimitExceeded)
	_, _, f = j.coverage(c)
	require.True(t, f != nil && f.cause == LimitExceeded)
}

// TestDelegationLimit has responders each of which tells the status of the one
// before it.
func TestDelegationLimit(t *testing.T) {
	w := newWork(t)
	ca := w.pki.Intermediate
	chain := func(n int) *Set {
		set := NewSet()
		subject := w.leaf
		for i := range n {
			id, err := w.pki.Issue(&testpki.Request{
				KeyType: testpki.P256, Role: testpki.OtherRole, Subject: testpki.Person(fmt.Sprint("responder ", i)),
				Change: func(c *testpki.Template) {
					c.Extensions = append(c.Extensions[:3:3], testpki.ExtendedKeyUsage(false, oidOCSPSigning))
				},
			})
			require.NoError(t, err)
			set.Add(respond(t, id, subject, ca.Certificate))
			subject = id.Certificate
		}
		set.Add(respond(t, ca, subject, ca.Certificate))
		return set
	}
	require.Equal(t, Good, w.judge(chain(maxDelegation), Options{}).Status)
	require.Equal(t, Unknown, w.judge(chain(maxDelegation+1), Options{}).Status)
}

func respond(t *testing.T, signer *testpki.Identity, about, issuer *certificate.Certificate) *Evidence {
	der, err := signer.SignOCSP(&testpki.OCSP{
		Responses:    []testpki.OCSPSingle{{Certificate: about, Issuer: issuer}},
		Certificates: []*certificate.Certificate{signer.Certificate},
	})
	require.NoError(t, err)
	return &Evidence{Raw: der}
}

func TestDetailLimit(t *testing.T) {
	j := &judge{answer: &Answer{}}
	for c := Malformed; c <= Future+1; c++ {
		j.answer.Rejected = append(j.answer.Rejected, Rejection{Cause: c})
	}
	require.Greater(t, len(j.answer.Rejected), maxDetails)
	j.explain()
	require.Equal(t, maxDetails-1, strings.Count(j.answer.Detail, ";"))
	require.Equal(t, "malformed; over a limit; the responder gave no answer", j.answer.Detail)
}

// TestConcurrentUse is for the race detector.
func TestConcurrentUse(t *testing.T) {
	w := newWork(t)
	set := w.crls(3, w.pki.Intermediate, nil)
	more := w.forged(20)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for _, e := range more {
				set.Add(e)
				if w.judge(set, Options{}).Status != Good {
					t.Error("not good")
				}
			}
		})
	}
	group.Wait()
	require.Equal(t, 23, set.Len())
}

// TestLargeCRL reads a list of many entries without keeping them.
func TestLargeCRL(t *testing.T) {
	w := newWork(t)
	entries := make([]testpki.CRLEntry, 100_000)
	for i := range entries {
		entries[i] = testpki.CRLEntry{Serial: big.NewInt(int64(i)), Reason: 4}
	}
	set := w.crls(1, w.pki.Intermediate, func(_ int, c *testpki.CRL) { c.Entries = entries })
	require.Equal(t, Good, w.judge(set, Options{}).Status)
	c := set.items[0].crl
	allocs := testing.AllocsPerRun(3, func() {
		e, err := c.Lookup(c.Issuer, big.NewInt(-1))
		require.NoError(t, err)
		require.Nil(t, e)
	})
	require.Less(t, allocs, 100.0)
}

func BenchmarkLookup(b *testing.B) {
	ca := identity(b)
	entries := make([]testpki.CRLEntry, 100_000)
	for i := range entries {
		entries[i] = testpki.CRLEntry{Serial: new(big.Int).Add(integer(16), big.NewInt(int64(i))), Reason: 4}
	}
	der, err := ca.SignCRL(&testpki.CRL{Entries: entries})
	require.NoError(b, err)
	c, err := ParseCRL(der)
	require.NoError(b, err)
	b.SetBytes(int64(len(der)))
	b.ReportAllocs()
	for b.Loop() {
		if e, err := c.Lookup(c.Issuer, big.NewInt(1)); e != nil || err != nil {
			b.Fatal(e, err)
		}
	}
}
