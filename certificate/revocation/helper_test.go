package revocation_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/testpki"
)

var oidOCSPSigning = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 9}

// world is an infrastructure with one certificate whose revocation is asked for.
type world struct {
	t    testing.TB
	pki  *testpki.PKI
	ca   *testpki.Identity
	leaf *testpki.Identity
}

// newWorld makes one whose leaf has the extensions, and no noRevAvail.
func newWorld(t testing.TB, extensions ...pkix.Extension) *world {
	t.Helper()
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	w := &world{t: t, pki: pki, ca: pki.Intermediate}
	w.leaf = w.issue(&testpki.Request{Change: func(c *testpki.Template) {
		c.Extensions = append(c.Extensions[:3:3], extensions...)
	}})
	return w
}

func (w *world) issue(r *testpki.Request) *testpki.Identity {
	w.t.Helper()
	id, err := w.pki.Issue(r)
	require.NoError(w.t, err)
	return id
}

// responder issues a certificate for OCSP signing.
func (w *world) responder(issuer *testpki.Identity, extensions ...pkix.Extension) *testpki.Identity {
	w.t.Helper()
	return w.issue(&testpki.Request{
		Issuer: issuer, Role: testpki.OtherRole, Subject: testpki.Person("OCSP responder"),
		Change: func(c *testpki.Template) {
			c.Extensions = append(c.Extensions[:3:3], testpki.ExtendedKeyUsage(false, oidOCSPSigning))
			c.Extensions = append(c.Extensions, extensions...)
		},
	})
}

// crlSigner issues a certificate that may sign CRLs and nothing else.
func (w *world) crlSigner(issuer *testpki.Identity, subject []byte) *testpki.Identity {
	w.t.Helper()
	return w.issue(&testpki.Request{
		Issuer: issuer, Role: testpki.OtherRole, Subject: subject,
		Change: func(c *testpki.Template) {
			c.Extensions = append(c.Extensions[:2:2], testpki.KeyUsage(x509.KeyUsageCRLSign))
		},
	})
}

func (w *world) serial() *big.Int { return w.leaf.Certificate.SerialNumber }

// revoked returns the entry for the leaf.
func (w *world) revoked(at time.Time, reason int) []testpki.CRLEntry {
	return []testpki.CRLEntry{
		{Serial: big.NewInt(1), Date: at}, {Serial: w.serial(), Date: at, Reason: reason}, {Serial: big.NewInt(-1), Date: at},
	}
}

func (w *world) crl(signer *testpki.Identity, c testpki.CRL) *revocation.Evidence {
	w.t.Helper()
	der, err := signer.SignCRL(&c)
	require.NoError(w.t, err)
	return &revocation.Evidence{Raw: der, Kind: revocation.KindCRL, Source: revocation.SourceGiven}
}

// single is the response about the leaf.
func (w *world) single(change func(*testpki.OCSPSingle)) []testpki.OCSPSingle {
	s := testpki.OCSPSingle{Certificate: w.leaf.Certificate, Issuer: w.ca.Certificate}
	if change != nil {
		change(&s)
	}
	return []testpki.OCSPSingle{s}
}

func (w *world) ocsp(signer *testpki.Identity, r testpki.OCSP) *revocation.Evidence {
	w.t.Helper()
	if r.Responses == nil {
		r.Responses = w.single(nil)
	}
	der, err := signer.SignOCSP(&r)
	require.NoError(w.t, err)
	return &revocation.Evidence{Raw: der, Source: revocation.SourceGiven}
}

// judge asks about the leaf an hour after the present of the infrastructure.
func (w *world) judge(o revocation.Options, evidence ...*revocation.Evidence) *revocation.Answer {
	w.t.Helper()
	if o.Time.IsZero() {
		o.Time = now.Add(time.Hour)
	}
	return revocation.NewSet(evidence...).Judge(w.leaf.Certificate, w.ca.Certificate, o)
}

// path builds the path of the leaf and asks about revocation on it.
func (w *world) path(leaf *testpki.Identity, checker *revocation.Checker, candidates ...*certificate.Certificate) (*certificate.Path, error) {
	w.t.Helper()
	return certificate.BuildPath(w.t.Context(), leaf.Certificate, certificate.PathOptions{
		Anchors: w.pki.Pool(), Purpose: certificate.Signing, Time: now.Add(time.Hour),
		Candidates: append(candidates, w.ca.Certificate), Revocation: checker,
	})
}

var now = testpki.Now()

// causes returns why evidence was rejected.
func causes(a *revocation.Answer) (list []revocation.Cause) {
	for _, r := range a.Rejected {
		list = append(list, r.Cause)
	}
	return list
}

// critical is an extension that nobody knows.
func critical() pkix.Extension {
	return testpki.Null(asn1.ObjectIdentifier{1, 2, 3, 4}, true)
}

// trustAll takes every signer of CRLs.
func trustAll(c *certificate.Certificate, _ time.Time) (*certificate.Path, error) {
	return &certificate.Path{Certificates: []*certificate.Certificate{c}}, nil
}
