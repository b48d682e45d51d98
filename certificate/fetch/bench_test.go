package fetch_test

import (
	"crypto/x509"
	"math/big"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ocsp"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/internal/testpki"
)

// chain is a chain of three certificates, with evidence at a client.
type chain struct {
	certificates         []*certificate.Certificate // leaf first
	byIssuer, byEvidence []func() error             // checks of signatures
	client               *fetch.Client
	options              certificate.PathOptions
}

// newChain makes one whose evidence is of the kind; its CRLs have a number of entries.
func newChain(b *testing.B, keyType testpki.KeyType, kind fetch.Kind, entries int) *chain {
	b.Helper()
	p, err := testpki.New(&testpki.Options{KeyType: keyType})
	require.NoError(b, err)
	place := func(issuer string, keep int) func(*testpki.Template) {
		return func(x *testpki.Template) {
			x.Extensions = append(x.Extensions[:keep:keep], testpki.AuthorityInfoAccess([]string{"http://ocsp.example/" + issuer}, nil),
				testpki.CRLDistributionPoints(point("http://crl.example/"+issuer)))
		}
	}
	ca, err := p.Issue(&testpki.Request{Profile: testpki.AuthorityProfile, Role: testpki.IntermediateRole, KeyType: keyType, Issuer: p.Root, Change: place("root", 4)})
	require.NoError(b, err)
	leaf, err := p.Issue(&testpki.Request{Issuer: ca, Change: place("ca", 3)})
	require.NoError(b, err)

	w := &chain{certificates: []*certificate.Certificate{leaf.Certificate, ca.Certificate, p.Root.Certificate}}
	content := map[string][]byte{}
	for i, issuer := range []*testpki.Identity{ca, p.Root} {
		name, subject := []string{"/ca", "/root"}[i], w.certificates[i]
		w.byIssuer = append(w.byIssuer, func() error { return subject.CheckSignatureFrom(issuer.Certificate) })
		if kind == fetch.KindOCSP {
			single := testpki.OCSPSingle{Certificate: subject, Issuer: issuer.Certificate}
			der, err := issuer.SignOCSP(&testpki.OCSP{Responses: []testpki.OCSPSingle{single}})
			require.NoError(b, err)
			content[name] = der
			r, err := ocsp.ParseResponse(der, nil)
			require.NoError(b, err)
			id := subject.SignatureAlgorithm // the issuer uses one
			w.byEvidence = append(w.byEvidence, func() error { return issuer.Certificate.CheckSignature(id, r.TBSResponseData, r.Signature) })
			continue
		}
		list := &testpki.CRL{Number: big.NewInt(1)}
		for n := range entries {
			list.Entries = append(list.Entries, testpki.CRLEntry{Serial: big.NewInt(int64(n)), Reason: 4})
		}
		der, err := issuer.SignCRL(list)
		require.NoError(b, err)
		content[name] = der
		r, err := x509.ParseRevocationList(der)
		require.NoError(b, err)
		id := subject.SignatureAlgorithm
		w.byEvidence = append(w.byEvidence, func() error { return issuer.Certificate.CheckSignature(id, r.RawTBSRevocationList, r.Signature) })
	}
	w.client = &fetch.Client{Now: p.Now, CRLFirst: kind == fetch.KindCRL, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		return reply(200, content[r.URL.Path]), nil
	})}
	w.options = certificate.PathOptions{Anchors: p.Pool(), Purpose: certificate.Signing, Time: p.Now(), Candidates: w.certificates[:2]}
	return w
}

func (c *chain) build(b *testing.B, f *fetch.Finder) {
	b.Helper()
	o := c.options
	o.Issuers, o.Revocation = f, f
	path, err := certificate.BuildPath(b.Context(), c.certificates[0], o)
	if err != nil || path.Revocation[0].Status != certificate.RevocationGood || path.Revocation[1].Status != certificate.RevocationGood {
		b.Fatal(path.Revocation, err)
	}
}

// BenchmarkWarmPath measures a path of three certificates with the revocation of two
// against the signature checks alone: "x-raw" is the ratio of the medians of the same
// run, "x-raw-quiet" that of the tenth percentiles. In "kept" the evidence is in a set
// that many documents share, and the checks are the two of the certificates. In "cached"
// each document has a set of its own, and evidence comes from the cache of a client,
// where it has been read and verified before: "x-raw" is against all four checks of the
// chain, "x-made" against the two that are still made.
func BenchmarkWarmPath(b *testing.B) {
	for _, keyType := range []testpki.KeyType{testpki.RSA2048, testpki.P256, testpki.Ed25519} {
		for _, evidence := range []struct {
			name    string
			kind    fetch.Kind
			entries int
		}{{"OCSP", fetch.KindOCSP, 0}, {"CRL", fetch.KindCRL, 10}, {"CRL-1000", fetch.KindCRL, 1000}} {
			b.Run(keyType.String()+"/"+evidence.name, func(b *testing.B) {
				c := newChain(b, keyType, evidence.kind, evidence.entries)
				kept := &fetch.Finder{Source: c.client}
				c.build(b, kept)
				b.Run("kept", func(b *testing.B) {
					compare(b, c.byIssuer, nil, func() { c.build(b, kept) })
				})
				b.Run("cached", func(b *testing.B) {
					compare(b, c.byIssuer, c.byEvidence, func() { c.build(b, &fetch.Finder{Source: c.client}) })
				})
				require.EqualValues(b, 2, c.client.Counts(evidence.kind).Requests)
			})
		}
	}
}

// compare reports how much longer whole takes than the checks, those that it makes and
// those whose outcome it remembers.
func compare(b *testing.B, made, remembered []func() error, whole func()) {
	b.Helper()
	run := func(checks []func() error) time.Duration {
		start := time.Now()
		for _, check := range checks {
			if err := check(); err != nil {
				b.Fatal(err)
			}
		}
		return time.Since(start)
	}
	var two, raw, all []time.Duration
	b.ReportAllocs()
	for b.Loop() {
		first := run(made)
		two, raw = append(two, first), append(raw, first+run(remembered))
		start := time.Now()
		whole()
		all = append(all, time.Since(start))
	}
	for _, list := range [][]time.Duration{two, raw, all} {
		slices.Sort(list)
	}
	n := len(all)
	b.ReportMetric(float64(all[n/2])/float64(raw[n/2]), "x-raw")
	b.ReportMetric(float64(all[n/10])/float64(raw[n/10]), "x-raw-quiet")
	if len(remembered) > 0 {
		b.ReportMetric(float64(all[n/2])/float64(two[n/2]), "x-made")
	}
}
