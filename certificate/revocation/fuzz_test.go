package revocation_test

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ocsp"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/testpki"
)

// crlSeeds returns lists of every form.
func crlSeeds(t testing.TB, w *world) (list [][]byte) {
	t.Helper()
	indirect := testpki.IssuingDistributionPoint(&testpki.Point{URL: "http://a/", Name: testpki.Person("x"), Indirect: true, Reasons: []int{1, 6, 8}})
	for _, c := range []testpki.CRL{
		{},
		{Version: 1, Entries: []testpki.CRLEntry{{Serial: w.serial()}}},
		{Number: big.NewInt(9), Entries: w.revoked(now, 1)},
		{Number: big.NewInt(9), NoNextUpdate: true, Extensions: delta(3)},
		{Entries: []testpki.CRLEntry{{Serial: w.serial(), Issuer: w.ca.Certificate.RawSubject, Invalidity: now}}, Extensions: []pkix.Extension{indirect}},
		{Extensions: []pkix.Extension{testpki.IssuingDistributionPoint(&testpki.Point{Relative: relative("x"), OnlyUsers: true})}},
		{Extensions: []pkix.Extension{testpki.AuthorityKeyID([]byte("id")), testpki.ExpiredCertsOnCRL(now), critical()}},
	} {
		list = append(list, w.crl(w.ca, c).Raw)
	}
	list = append(list, pemCRL(list[0]))
	require.Len(t, list, 8)
	return list
}

// ocspSeeds returns responses of every form.
func ocspSeeds(t testing.TB, w *world) (list [][]byte) {
	t.Helper()
	r := w.responder(w.ca, testpki.OCSPNoCheck())
	for _, o := range []testpki.OCSP{
		{},
		{Basic: true, ByKey: true},
		{Nonce: []byte("nonce"), Extensions: []pkix.Extension{critical()}},
		{Responses: w.single(func(s *testpki.OCSPSingle) { s.Status, s.Reason = testpki.OCSPRevoked, 6 })},
		{Responses: w.single(func(s *testpki.OCSPSingle) {
			s.Status, s.Extensions = testpki.OCSPUnknown, []pkix.Extension{testpki.ArchiveCutoff(now)}
		})},
		{Responses: append(w.single(nil), w.single(func(s *testpki.OCSPSingle) { s.NoNextUpdate = true })...), Certificates: []*certificate.Certificate{r.Certificate}},
	} {
		list = append(list, w.ocsp(w.ca, o).Raw)
	}
	list = append(list, w.ocsp(r, testpki.OCSP{Certificates: []*certificate.Certificate{r.Certificate}}).Raw, testpki.OCSPError(3))
	require.Len(t, list, 8)
	return list
}

// FuzzCRL wants no panic, entries that agree with Lookup and with crypto/x509, and
// no answer from a list that was altered.
func FuzzCRL(f *testing.F) {
	w := newWorld(f)
	seeds := crlSeeds(f, w)
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		requireNothingForged(t, w, seeds, raw)
		c, err := revocation.ParseCRL(raw)
		if err != nil {
			return
		}
		again, err := revocation.ParseCRL(c.Raw)
		require.NoError(t, err)
		require.Equal(t, c.ThisUpdate, again.ThisUpdate)
		var entries []*revocation.Entry
		for e, err := range c.Entries() {
			if err != nil {
				return // Lookup may not come upon a fault in the details of another entry
			}
			entries = append(entries, e)
		}
		for _, e := range entries {
			found, err := c.Lookup(e.Issuer, e.SerialNumber)
			require.NoError(t, err)
			require.NotNil(t, found)
			require.Zero(t, found.SerialNumber.Cmp(e.SerialNumber))
		}
		if std, err := x509.ParseRevocationList(c.Raw); err == nil {
			require.Len(t, entries, len(std.RevokedCertificateEntries))
			for i, e := range std.RevokedCertificateEntries {
				require.Zero(t, e.SerialNumber.Cmp(entries[i].SerialNumber))
				require.True(t, e.RevocationTime.Equal(entries[i].RevokedAt))
			}
		}
	})
}

// requireNothingForged wants an answer only from what was signed.
func requireNothingForged(t *testing.T, w *world, seeds [][]byte, raw []byte) {
	w = &world{t: t, pki: w.pki, ca: w.ca, leaf: w.leaf}
	a := w.judge(revocation.Options{}, &revocation.Evidence{Raw: raw})
	if a.Status != revocation.Good && a.Status != revocation.Revoked {
		return
	}
	for _, seed := range seeds {
		if bytes.Contains(seed, w.signedPart(raw)) {
			return
		}
	}
	require.Fail(t, "an answer from evidence that nobody signed")
}

// signedPart returns what the signature of evidence covers.
func (w *world) signedPart(raw []byte) []byte {
	if r, err := revocation.ParseResponse(raw); err == nil {
		return revocation.SignedPart(r)
	}
	c, err := revocation.ParseCRL(raw)
	require.NoError(w.t, err)
	return revocation.SignedPartOfCRL(c)
}

// FuzzOCSP wants no panic, no answer from a response that was altered, and what
// golang.org/x/crypto/ocsp reads.
func FuzzOCSP(f *testing.F) {
	w := newWorld(f)
	seeds := ocspSeeds(f, w)
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		requireNothingForged(t, w, seeds, raw)
		r, err := revocation.ParseResponse(raw)
		std, stdErr := ocsp.ParseResponse(raw, nil)
		if err != nil {
			return // that library passes over bytes that follow the last field of a structure
		}
		if stdErr != nil || len(r.Responses) != 1 {
			return
		}
		one := r.Responses[0]
		require.Zero(t, std.SerialNumber.Cmp(one.SerialNumber))
		require.True(t, std.ThisUpdate.Equal(one.ThisUpdate))
		want := map[int]revocation.CertificateStatus{ocsp.Good: revocation.StatusGood, ocsp.Revoked: revocation.StatusRevoked}[std.Status]
		require.Equal(t, want, one.Status)
	})
}
