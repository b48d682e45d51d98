package revocation_test

import (
	"crypto/x509/pkix"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/testpki"
)

// checker holds a CRL of the root that revokes nothing, and the evidence.
func (w *world) checker(evidence ...*revocation.Evidence) *revocation.Checker {
	return &revocation.Checker{Set: revocation.NewSet(append(evidence, w.crl(w.pki.Root, testpki.CRL{}))...)}
}

func TestChecker(t *testing.T) {
	w := newWorld(t)
	path, err := w.path(w.leaf, w.checker(w.crl(w.ca, testpki.CRL{})))
	require.NoError(t, err)
	require.Len(t, path.Revocation, 3)
	for _, r := range path.Revocation[:2] {
		require.Equal(t, certificate.RevocationGood, r.Status)
		answer, ok := r.Evidence.(*revocation.Answer)
		require.True(t, ok)
		require.Equal(t, revocation.SourceGiven, answer.Evidence.Source)
	}

	for _, test := range []struct {
		name    string
		checker *revocation.Checker
		reason  certificate.Reason
		status  certificate.RevocationStatus
	}{
		{"nothing", &revocation.Checker{}, certificate.RevocationUndetermined, certificate.RevocationNotChecked},
		{"nothing for the leaf", w.checker(), certificate.RevocationUndetermined, certificate.RevocationNotChecked},
		{"wrong key", w.checker(w.crl(w.pki.Root, testpki.CRL{Issuer: w.ca.Certificate.RawSubject})), certificate.RevocationUndetermined, certificate.RevocationUnknown},
		{"revoked", w.checker(w.crl(w.ca, testpki.CRL{Entries: w.revoked(now, 1)})), certificate.Revoked, certificate.RevocationRevoked},
	} {
		path, err := w.path(w.leaf, test.checker)
		var failure *certificate.PathError
		require.ErrorAs(t, err, &failure, test.name)
		require.Equal(t, test.reason, failure.Reason, test.name)
		last := path.Revocation[failure.Depth]
		require.Equal(t, test.status, last.Status, test.name)
	}
}

func TestCheckerRevokedLater(t *testing.T) {
	w := newWorld(t)
	checker := w.checker(w.crl(w.ca, testpki.CRL{ThisUpdate: now.AddDate(0, 0, 3), Entries: w.revoked(now.AddDate(0, 0, 2), 4)}))
	checker.Now = now.AddDate(0, 0, 4)
	path, err := w.path(w.leaf, checker)
	require.NoError(t, err)
	require.Equal(t, certificate.RevocationRevoked, path.Revocation[0].Status)
	require.Equal(t, now.AddDate(0, 0, 2), path.Revocation[0].RevokedAt)
}

func TestCheckerNotNeeded(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	leaf, err := pki.Issue(&testpki.Request{})
	require.NoError(t, err)
	w := &world{t: t, pki: pki, ca: pki.Intermediate, leaf: leaf}
	path, err := w.path(leaf, w.checker())
	require.NoError(t, err)
	require.Equal(t, certificate.RevocationNotNeeded, path.Revocation[0].Status)
}

// TestCheckerCRLSigner has a CRL that somebody else under the same anchor signs.
func TestCheckerCRLSigner(t *testing.T) {
	name := testpki.Person("CRL issuer")
	w := newWorld(t, testpki.CRLDistributionPoints(&testpki.Point{Issuer: name}))
	scope := []pkix.Extension{testpki.IssuingDistributionPoint(&testpki.Point{Indirect: true, Name: name})}
	signer := w.crlSigner(w.pki.Root, name)
	crl := w.crl(signer, testpki.CRL{Extensions: scope})

	_, err := w.path(w.leaf, w.checker(crl), signer.Certificate)
	require.NoError(t, err)
	checker := w.checker(crl)
	checker.Certificates = []*certificate.Certificate{signer.Certificate}
	_, err = w.path(w.leaf, checker)
	require.NoError(t, err, "the signer may come with the evidence")

	_, err = w.path(w.leaf, w.checker(crl))
	require.ErrorContains(t, err, "certificate of the signer is missing")
	revokesSigner := w.crl(w.pki.Root, testpki.CRL{Entries: []testpki.CRLEntry{{Serial: signer.Certificate.SerialNumber}}})
	_, err = w.path(w.leaf, w.checker(crl, revokesSigner), signer.Certificate)
	require.ErrorContains(t, err, "signer is not trusted")

	// A signer below an anchor that is not the one of the path.
	stranger, err := testpki.New(&testpki.Options{Keys: testpki.FreshKeys, KeyType: testpki.P256})
	require.NoError(t, err)
	fake := w.crlSigner(stranger.Root, name)
	_, err = w.path(w.leaf, w.checker(w.crl(fake, testpki.CRL{Extensions: scope}), w.crl(stranger.Root, testpki.CRL{})), fake.Certificate)
	require.ErrorContains(t, err, "signer is not trusted")
}

// TestCheckerSelfCertifiedCRLSigner has a CRL signer whose own status is only in its
// own CRL.
func TestCheckerSelfCertifiedCRLSigner(t *testing.T) {
	name := testpki.Person("CRL issuer")
	points := testpki.CRLDistributionPoints(&testpki.Point{Issuer: name})
	w := newWorld(t, points)
	scope := []pkix.Extension{testpki.IssuingDistributionPoint(&testpki.Point{Indirect: true, Name: name})}
	signer := w.issue(&testpki.Request{
		Issuer: w.ca, Role: testpki.OtherRole, Subject: name,
		Change: func(c *testpki.Template) {
			c.Extensions = append(c.Extensions[:2:2], testpki.KeyUsage(1<<6), points)
		},
	})
	_, err := w.path(w.leaf, w.checker(w.crl(signer, testpki.CRL{Extensions: scope})), signer.Certificate)
	require.NoError(t, err)
	entries := []testpki.CRLEntry{{Serial: signer.Certificate.SerialNumber, Issuer: w.ca.Certificate.RawSubject}}
	_, err = w.path(w.leaf, w.checker(w.crl(signer, testpki.CRL{Extensions: scope, Entries: entries})), signer.Certificate)
	require.ErrorContains(t, err, "signer is not trusted")
}

// TestProvenBy: evidence that is not proven to be old enough is left aside, in
// whatever order it came.
func TestProvenBy(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	leaf, err := pki.Issue(&testpki.Request{Profile: testpki.AuthorityProfile})
	require.NoError(t, err)
	now := testpki.Now()
	list := func(proven time.Time, entries ...testpki.CRLEntry) *revocation.Evidence {
		der, err := pki.Intermediate.SignCRL(&testpki.CRL{Entries: entries, NextUpdate: now.AddDate(0, 0, 7+len(entries))})
		require.NoError(t, err)
		return &revocation.Evidence{Raw: der, Proven: proven}
	}
	good, bad := list(now.Add(time.Hour)), list(time.Time{}, testpki.CRLEntry{Serial: leaf.Certificate.SerialNumber, Date: now, Reason: 1})
	judge := func(by time.Time, evidence ...*revocation.Evidence) revocation.Status {
		return revocation.NewSet(evidence...).Judge(leaf.Certificate, pki.Intermediate.Certificate,
			revocation.Options{Time: now.Add(2 * time.Hour), ProvenBy: by}).Status
	}
	require.Equal(t, revocation.Revoked, judge(time.Time{}, good, bad))
	require.Equal(t, revocation.NotChecked, judge(now, good, bad), "nothing is that old")
	require.Equal(t, revocation.Good, judge(now.Add(time.Hour), good, bad))
	again := *bad
	again.Proven = now.Add(time.Minute)
	require.Equal(t, revocation.Revoked, judge(now.Add(time.Hour), bad, good, &again), "a proof that came later")
}
