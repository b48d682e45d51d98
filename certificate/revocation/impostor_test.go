package revocation_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/testpki"
)

// authority issues a certificate of an authority, with its key usage if that is not 0.
func (w *world) authority(issuer *testpki.Identity, role testpki.Role, subject []byte, usage x509.KeyUsage, end time.Time) *testpki.Identity {
	w.t.Helper()
	return w.issue(&testpki.Request{
		Profile: testpki.AuthorityProfile, Issuer: issuer, Role: role, Subject: subject, NotAfter: end,
		Change: func(c *testpki.Template) {
			i := slices.IndexFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.String() == "2.5.29.15" })
			c.Extensions = slices.Delete(c.Extensions, i, i+1)
			if usage != 0 {
				c.Extensions = append(c.Extensions, testpki.KeyUsage(usage))
			}
		},
	})
}

// bare issues a certificate that needs evidence.
func (w *world) bare(issuer *testpki.Identity) *testpki.Identity {
	w.t.Helper()
	return w.issue(&testpki.Request{Issuer: issuer, Role: testpki.OtherRole, Change: func(c *testpki.Template) { c.Extensions = c.Extensions[:3:3] }})
}

const authorityUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign

// A certificate that nobody signed, with name and key of the issuer, lends it neither
// key usage nor time.
func TestTwinOfTheIssuer(t *testing.T) {
	for name, test := range map[string]struct {
		usage x509.KeyUsage
		end   time.Time
	}{
		"expired since":     {authorityUsage, now.Add(2 * time.Hour)},
		"may not sign CRLs": {x509.KeyUsageCertSign, now.AddDate(5, 0, 0)},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			subject := testpki.Person("Issuing authority")
			ca := w.authority(w.pki.Root, testpki.IntermediateRole, subject, test.usage, test.end)
			forger := &testpki.Identity{Key: w.bare(nil).Key, Certificate: w.pki.Root.Certificate}
			twin := w.authority(forger, testpki.IntermediateRole, subject, authorityUsage, now.AddDate(30, 0, 0))
			require.Equal(t, ca.Certificate.RawSubjectPublicKeyInfo, twin.Certificate.RawSubjectPublicKeyInfo)
			leaf := w.bare(ca)
			checker := func(evidence *revocation.Evidence) *revocation.Checker {
				return &revocation.Checker{Now: now.AddDate(1, 0, 0), Set: revocation.NewSet(evidence, w.crl(w.pki.Root, testpki.CRL{}))}
			}
			_, err := w.path(leaf, checker(w.crl(ca, testpki.CRL{})), twin.Certificate, ca.Certificate)
			var failure *certificate.PathError
			require.ErrorAs(t, err, &failure)
			require.Equal(t, certificate.RevocationUndetermined, failure.Reason)
			if test.usage != authorityUsage {
				return
			}
			_, err = w.path(leaf, checker(w.ocsp(ca, testpki.OCSP{
				Responses:    []testpki.OCSPSingle{{Certificate: leaf.Certificate, Issuer: ca.Certificate}},
				Certificates: []*certificate.Certificate{twin.Certificate},
			})), twin.Certificate, ca.Certificate)
			require.ErrorAs(t, err, &failure)
			require.Equal(t, certificate.RevocationUndetermined, failure.Reason)
		})
	}
}

// Others below the anchor who were given the name of the issuer do not speak for it;
// keys that the same authority certified do.
func TestNamesakesOfTheIssuer(t *testing.T) {
	w := newWorld(t)
	name, end := w.ca.Certificate.RawSubject, now.AddDate(5, 0, 0)
	sibling := w.authority(w.pki.Root, testpki.OtherRole, testpki.Person("Sibling"), authorityUsage, end)
	for what, test := range map[string]struct {
		signer *testpki.Identity
		good   bool
	}{
		"authority of a sibling":         {w.authority(sibling, testpki.SignerRole, name, authorityUsage, end), false},
		"CRL signer of a sibling":        {w.crlSigner(sibling, name), false},
		"other key of the same":          {w.authority(w.pki.Root, testpki.SignerRole, name, authorityUsage, end), true},
		"other key, certified by itself": {w.authority(w.ca, testpki.SignerRole, name, authorityUsage, end), true},
		"CRL signer of the same parent":  {w.crlSigner(w.pki.Root, name), true},
		// RFC 10007: a subscriber who got the name of the authority, and no key usage.
		"no key usage": {w.issue(&testpki.Request{Issuer: w.pki.Root, Role: testpki.SignerRole, Subject: name, Change: func(c *testpki.Template) {
			c.Extensions = nil
		}}), false},
	} {
		t.Run(what, func(t *testing.T) {
			checker := &revocation.Checker{Set: revocation.NewSet(
				w.crl(test.signer, testpki.CRL{Issuer: name}), w.crl(w.ca, testpki.CRL{ThisUpdate: now.AddDate(0, 0, -20)}),
				w.crl(sibling, testpki.CRL{}), w.crl(w.pki.Root, testpki.CRL{}))}
			path, err := w.path(w.leaf, checker, sibling.Certificate, test.signer.Certificate)
			if test.good {
				require.NoError(t, err)
				require.Equal(t, certificate.RevocationGood, path.Revocation[0].Status)
				return
			}
			var failure *certificate.PathError
			require.ErrorAs(t, err, &failure)
			require.Equal(t, certificate.RevocationUndetermined, failure.Reason)
			require.Zero(t, failure.Depth)
		})
	}
}

// What evidence calls revoked is so when it is issued, even if it gives a later date.
func TestRevocationDateToCome(t *testing.T) {
	w := newWorld(t)
	later := now.AddDate(15, 0, 0)
	for kind, e := range map[string]*revocation.Evidence{
		"CRL": w.crl(w.ca, testpki.CRL{Entries: w.revoked(later, 1)}),
		"OCSP": w.ocsp(w.ca, testpki.OCSP{Responses: w.single(func(s *testpki.OCSPSingle) {
			s.Status, s.RevokedAt = testpki.OCSPRevoked, later
		})}),
	} {
		a := w.judge(revocation.Options{}, e)
		require.Equal(t, revocation.Revoked, a.Status, kind)
		require.Equal(t, now, a.RevokedAt, kind)
		a = w.judge(revocation.Options{Time: now.Add(-time.Hour), Now: now.Add(time.Hour)}, e)
		require.Equal(t, revocation.Good, a.Status, kind)
		require.Equal(t, now, a.RevokedAt, kind)
	}
}

// A responder that was not revoked when it signed one response may be so when it signs
// another.
func TestResponderOnHoldLater(t *testing.T) {
	w := newWorld(t)
	r, day := w.responder(w.ca), now.AddDate(0, 0, 1)
	response := func(at time.Time, status testpki.OCSPStatus) *revocation.Evidence {
		return w.ocsp(r, testpki.OCSP{ProducedAt: at, Certificates: r.Chain, Responses: w.single(func(s *testpki.OCSPSingle) { s.ThisUpdate, s.Status = at, status })})
	}
	held := w.crl(w.ca, testpki.CRL{
		ThisUpdate: day, Extensions: []pkix.Extension{testpki.IssuingDistributionPoint(&testpki.Point{OnlyUsers: true})},
		Entries: []testpki.CRLEntry{{Serial: r.Certificate.SerialNumber, Date: now.Add(12 * time.Hour), Reason: 6}, {Serial: w.serial(), Date: day, Reason: 6}},
	})
	o := revocation.Options{Now: day.Add(time.Hour)}
	for _, evidence := range [][]*revocation.Evidence{{response(day, testpki.OCSPGood)}, {response(now, testpki.OCSPUnknown), response(day, testpki.OCSPGood)}} {
		a := w.judge(o, append(evidence, held)...)
		require.Contains(t, causes(a), revocation.SignerUntrusted)
		require.Same(t, held, a.Evidence)
	}
}
