package revocation_test

import (
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/testpki"
)

// TestUnsupportedSigner: evidence whose signature cannot be verified says nothing.
func TestUnsupportedSigner(t *testing.T) {
	w := newWorld(t)
	issuer := *w.ca.Certificate
	issuer.PublicKey, issuer.PublicKeyError = nil, fmt.Errorf("%w: of another century", certificate.ErrUnsupportedKey)
	for _, e := range []*revocation.Evidence{w.crl(w.ca, testpki.CRL{}), w.ocsp(w.ca, testpki.OCSP{})} {
		a := revocation.NewSet(e).Judge(w.leaf.Certificate, &issuer, revocation.Options{Time: now.Add(time.Hour)})
		verdict{revocation.Unknown, revocation.UnsupportedSignature}.require(t, a)
	}
}

// TestShortTermAuthority: that no revocation is offered is for certificates of end
// entities alone.
func TestShortTermAuthority(t *testing.T) {
	w := newWorld(t)
	ca := w.issue(&testpki.Request{Profile: testpki.AuthorityProfile, Issuer: w.pki.Root, Change: func(c *testpki.Template) {
		c.Extensions = append(c.Extensions, testpki.Null([]int{0, 4, 0, 194121, 2, 1}, false), testpki.NoRevAvail())
	}})
	a := revocation.NewSet().Judge(ca.Certificate, w.pki.Root.Certificate, revocation.Options{Time: now})
	require.Equal(t, revocation.NotChecked, a.Status)
}

// TestSignerAmongMany finds a responder among thousands of certificates, most of them
// the same, and refuses hundreds of responses of nobody, in bounded time.
func TestSignerAmongMany(t *testing.T) {
	w := newWorld(t)
	r := w.responder(w.ca, testpki.OCSPNoCheck())
	var many []*certificate.Certificate
	for range 2000 {
		many = append(many, w.leaf.Certificate, w.ca.Certificate, nil)
	}
	for range 40 {
		copied, err := certificate.Parse(r.Certificate.Raw)
		require.NoError(t, err)
		many = append(many, copied)
	}
	start := time.Now()
	for _, byKey := range []bool{false, true} {
		o := revocation.Options{Certificates: many}
		require.Equal(t, revocation.Good, w.judge(o, w.ocsp(r, testpki.OCSP{ByKey: byKey})).Status)

		var nobodys []*revocation.Evidence
		for i := range 300 {
			nobodys = append(nobodys, w.ocsp(w.ca, testpki.OCSP{ByKey: byKey, Responder: testpki.Person(fmt.Sprint(i)), Change: func(data []byte) []byte {
				if byKey {
					data[8] ^= byte(i%255 + 1) // in the digest
				}
				return data
			}}))
		}
		a := w.judge(o, nobodys...)
		require.Equal(t, revocation.Unknown, a.Status)
		require.Equal(t, "certificate of the signer is missing", a.Detail)
	}
	require.Less(t, time.Since(start), 2*time.Minute) // it was quadratic: hours
}

// TestScopeConfusion has lists that an authority signed for others: none of them says
// anything about the certificate, however many there are together.
func TestScopeConfusion(t *testing.T) {
	w := newWorld(t, testpki.CRLDistributionPoints(&testpki.Point{URL: "http://crl.example/1"}))
	var lists []*revocation.Evidence
	for i, p := range []testpki.Point{
		{URL: "http://crl.example/2"}, {URL: "http://crl.example/1", OnlyCAs: true}, {OnlyAttributes: true},
		{OnlyUsers: true, OnlyCAs: true}, {Name: testpki.Person("another point")}, {URL: "http://crl.example/1", Reasons: []int{1}},
		{URL: "http://crl.example/1/"}, {URL: "http://crl.example/1?x"},
	} {
		lists = append(lists, w.crl(w.ca, testpki.CRL{Number: big.NewInt(int64(i)), Extensions: []pkix.Extension{testpki.IssuingDistributionPoint(&p)}}))
	}
	a := w.judge(revocation.Options{}, lists...)
	require.Equal(t, revocation.Unknown, a.Status)
	require.Len(t, a.Rejected, len(lists))
	require.Equal(t, revocation.Good, w.judge(revocation.Options{}, append(lists, w.crl(w.ca, testpki.CRL{Extensions: []pkix.Extension{testpki.IssuingDistributionPoint(&testpki.Point{URL: "HTTP://CRL.example/1"})}}))...).Status)
}

// TestNamesakes has authorities of the same name below the same anchor: one that
// another authority made, and one whose key the true one no longer uses.
func TestNamesakes(t *testing.T) {
	w := newWorld(t)
	namesake := func(issuer *testpki.Identity) *testpki.Identity {
		return w.issue(&testpki.Request{Profile: testpki.AuthorityProfile, Role: testpki.OtherRole, Issuer: issuer, Subject: w.ca.Certificate.RawSubject})
	}
	rolled := namesake(w.pki.Root)
	about := []testpki.OCSPSingle{{Certificate: w.leaf.Certificate, Issuer: rolled.Certificate}}
	response := w.ocsp(rolled, testpki.OCSP{Certificates: rolled.Chain[:1], Responses: about})
	a := w.judge(revocation.Options{Trusted: trustAll, Certificates: rolled.Chain}, response)
	verdict{revocation.Unknown, revocation.WrongIssuer}.require(t, a) // the serial number is counted by key
	response = w.ocsp(rolled, testpki.OCSP{Certificates: rolled.Chain[:1]})
	verdict{revocation.Unknown, revocation.SignerNotAllowed}.require(t, w.judge(revocation.Options{Trusted: trustAll}, response))

	// A CRL is of a name: who is trusted under it may sign it (RFC 5280, 6.3.3 f).
	crl := w.crl(rolled, testpki.CRL{})
	verdict{revocation.Unknown, revocation.SignerUntrusted}.require(t, w.judge(revocation.Options{Certificates: rolled.Chain}, crl))
	_, err := w.path(w.leaf, w.checker(crl), rolled.Certificate)
	require.NoError(t, err)
	// Below another anchor it may not, nor where it was revoked.
	revoked := w.crl(w.pki.Root, testpki.CRL{Entries: []testpki.CRLEntry{{Serial: rolled.Certificate.SerialNumber}}})
	_, err = w.path(w.leaf, &revocation.Checker{Set: revocation.NewSet(crl, revoked)}, rolled.Certificate)
	require.ErrorContains(t, err, "signer is not trusted")
}
