package verify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/tsa"
)

// counting is a source that finds nothing and counts who asks at the same time.
type counting struct{ asked, now, most atomic.Int64 }

func (c *counting) Issuers(_ context.Context, q fetch.Query) (*fetch.Answer, error) {
	for now := c.now.Add(1); ; {
		if most := c.most.Load(); now <= most || c.most.CompareAndSwap(most, now) {
			break
		}
	}
	time.Sleep(time.Millisecond)
	c.now.Add(-1)
	c.asked.Add(1)
	err := errors.New("nobody is there")
	return &fetch.Answer{Attempts: []fetch.Attempt{{Kind: fetch.KindCertificates, URL: "http://a.example", Err: err}}}, err
}

func (c *counting) Revocation(ctx context.Context, q fetch.Query) (*fetch.Answer, error) {
	return c.Issuers(ctx, q)
}

// TestFetchLimits: a source is asked for so many certificates, so many at once, and
// so many failures are named.
func TestFetchLimits(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	for _, n := range []int{maxFetchFindings, maxFetches, maxFetches + 1} {
		source := &counting{}
		f := &file{ctx: t.Context(), options: &Options{Source: source}, policy: Default(), report: &Report{}, evidence: revocation.NewSet(), at: testpki.Now(), now: testpki.Now()}
		for range n {
			id, err := pki.Issue(&testpki.Request{KeyType: testpki.P256})
			require.NoError(t, err)
			f.candidates = append(f.candidates, &candidate{self: &signed{cert: id.Certificate, purpose: certificate.Signing}})
		}
		f.candidates = append(f.candidates, &candidate{self: f.candidates[0].self}, &candidate{})
		require.NoError(t, f.fetch())
		require.EqualValues(t, min(n, maxFetches), source.asked.Load())
		require.LessOrEqual(t, source.most.Load(), int64(concurrentFetches))
		failed, cut := 0, 0
		for _, finding := range f.report.Findings {
			switch finding.Code {
			case "fetch.failed":
				failed++
			case "fetch.too-much":
				cut++
			}
		}
		require.Equal(t, min(n, maxFetchFindings), failed)
		require.Equal(t, n > maxFetches, cut == 1)
	}
}

// TestPathLimit: paths are sought until so much was looked through.
func TestPathLimit(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	id, err := pki.Issue(&testpki.Request{Issuer: pki.Root})
	require.NoError(t, err)
	for _, over := range []int{0, 1} {
		f := &file{ctx: t.Context(), options: &Options{Trust: pki.Pool()}, policy: Default(), evidence: revocation.NewSet(),
			pathWork: maxPathWork - 1 + over, at: testpki.Now(), now: testpki.Now()}
		s := &signed{owner: &candidate{found: &sigdict.Signature{}}, purpose: certificate.Signing, cert: id.Certificate, others: id.Chain}
		require.Equal(t, over == 0, f.validateCertificate(s, f.at).isPassed())
		f.pathWork = maxPathWork - 1 + over
		require.Equal(t, over == 0, f.validatePastCertificate(s, f.at).isPassed())
	}
}

// TestPathSignaturesLimit: so many signatures of certificates are verified for all paths of
// a file; what would need another one has no path.
func TestPathSignaturesLimit(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	judge := func(f *file) bool {
		id, err := pki.Issue(&testpki.Request{Issuer: pki.Root})
		require.NoError(t, err)
		return f.validateCertificate(&signed{owner: &candidate{found: &sigdict.Signature{}}, purpose: certificate.Signing, cert: id.Certificate}, f.at).isPassed()
	}
	some := &file{ctx: t.Context(), options: &Options{Trust: pki.Pool()}, policy: Default(), evidence: revocation.NewSet(), several: true, at: testpki.Now(), now: testpki.Now()}
	some.checks.Limit = 2
	require.Equal(t, []bool{true, true, false, false}, []bool{judge(some), judge(some), judge(some), judge(some)})
	f := &file{ctx: t.Context(), bare: true, pdf: &pdf.File{}, options: &Options{}, policy: Default(), report: &Report{}}
	require.NoError(t, f.validate())
	require.Equal(t, maxPathSignatures, f.checks.Limit)
}

// TestStoreWorkLimit: the security stores of further revisions are left out when those
// before them listed so much.
func TestStoreWorkLimit(t *testing.T) {
	const listed, revisions = 10_000, 300
	told := func(f *file) []string {
		f.report, f.forms, f.unreachable = &Report{}, &forms{}, &unreachable{}
		f.reportLimits()
		return codesOf(f.report.Findings)
	}
	var list strings.Builder
	for i := range listed {
		fmt.Fprintf(&list, "%d 0 R ", 1000+i)
	}
	store := testpdf.Object{Number: 51, Body: "<</Certs 50 0 R/OCSPs 50 0 R/CRLs 50 0 R>>"}
	document := testpdf.Contract(1, testpdf.Table)
	document.Objects[0].Body = "<</Type/Catalog/Pages 2 0 R/DSS 51 0 R>>"
	document.Objects = append(document.Objects, testpdf.Object{Number: 50, Body: "[" + list.String() + "]"}, store)
	data := document.Bytes()
	for range revisions - 1 {
		data = testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{store}}.Append(data)
	}
	p, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	f := &file{pdf: p}
	last := 0 // that was read
	for r := 1; r <= revisions; r++ {
		if f.store(r) != nil {
			require.Equal(t, r-1, last, "none is left out before another one")
			last = r
		}
	}
	work := f.store(1).Work
	require.GreaterOrEqual(t, work, 3*listed)
	require.Equal(t, maxStoreWork/work+1, last, "the one that reaches the limit is read")
	require.Equal(t, []string{"file.too-much"}, told(f))

	small := &file{pdf: &pdf.File{Revisions: p.Revisions[:0]}}
	small.readStores()
	require.Empty(t, told(small))
}

// TestEvidenceLimit: validation data beyond the limit is left aside.
func TestEvidenceLimit(t *testing.T) {
	for _, over := range []int{0, 1} {
		f := &file{evidence: revocation.NewSet(), collected: maxEvidence - 10}
		f.addEvidence(make([]byte, 10+over), revocation.SourceDSS, "", span{})
		require.Equal(t, 1-over, f.evidence.Len())
	}
}

// TestProvenLimit: proofs of large evidence are noted up to a limit; beyond it the
// evidence keeps the proof that it has.
func TestProvenLimit(t *testing.T) {
	for _, over := range []int{0, 1} {
		e := &revocation.Evidence{Raw: []byte{1}}
		f := &file{evidence: revocation.NewSet(e), proven: maxProven + over, proofs: proofs{now: testpki.Now().AddDate(1, 0, 0)}}
		f.exhibits = []exhibit{{id: proofID{1}, at: span{1, 2}, evidence: e}}
		owner := &candidate{ranges: [4]int64{0, 10, 20, 10}}
		f.extractProofs(&timestamp{signed: &signed{owner: owner}, kind: documentTimestamp, token: &tsa.Token{Time: testpki.Now()}})
		require.Equal(t, testpki.Now(), f.proofs.of(proofID{1}))
		require.Equal(t, over == 1, f.exhibits[0].evidence.Proven.IsZero())
	}
}

// TestSlideLimit: so many times are tried for one certificate.
func TestSlideLimit(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	for _, n := range []int{maxSlides, maxSlides + 1} {
		known := &revocation.Answer{}
		for i := range n {
			der, err := pki.Root.SignCRL(&testpki.CRL{ThisUpdate: testpki.Now().AddDate(0, 0, -i-10), Number: big.NewInt(int64(i))})
			require.NoError(t, err)
			known.Rejected = append(known.Rejected, revocation.Rejection{Cause: revocation.Stale, Evidence: &revocation.Evidence{Raw: der}})
		}
		s := &slide{file: &file{policy: Default()}}
		ends := s.ends(known, true, testpki.Now())
		require.Len(t, ends, maxSlides)
		require.Equal(t, testpki.Now().AddDate(0, 0, -3), ends[0], "the latest first")
	}
}

// TestProvenCertificate: a time stamp over a signature value proves the certificate of
// the signer only where a sound signature is bound to it.
func TestProvenCertificate(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	leaf := pki.Root.Certificate
	for _, tt := range []struct {
		name   string
		binds  []byte
		crypto Crypto
		proven bool
	}{
		{"bound", []byte{0x30, 0}, CryptoValid, true},
		{"not bound", nil, CryptoValid, false},
		{"bound by a signature that is none", []byte{0x30, 0}, CryptoInvalid, false},
	} {
		signer := &cms.SignerInfo{}
		if tt.binds != nil {
			signer.SignedAttributes = cms.Attributes{{Type: cms.OIDSigningCertificateV2, Values: [][]byte{tt.binds}}}
		}
		f := &file{proofs: proofs{now: testpki.Now().AddDate(1, 0, 0)}}
		of := &signed{cert: leaf, signer: signer, value: proofID{1}}
		f.extractProofs(&timestamp{signed: &signed{owner: &candidate{result: &Signature{Crypto: tt.crypto}}}, of: of, kind: signatureTimestamp, token: &tsa.Token{Time: testpki.Now()}})
		require.Equal(t, testpki.Now(), f.proofs.of(proofID{1}), tt.name)
		require.Equal(t, tt.proven, f.proofs.of(leaf.Fingerprint()).Equal(testpki.Now()), tt.name)
	}
}

// TestCovers: only what lies wholly in the ByteRange is covered.
func TestCovers(t *testing.T) {
	c := &candidate{ranges: [4]int64{0, 100, 200, 50}}
	for _, tt := range []struct {
		at   span
		want bool
	}{
		{span{0, 100}, true}, {span{99, 101}, false}, {span{100, 200}, false}, {span{199, 201}, false},
		{span{200, 250}, true}, {span{249, 251}, false}, {span{300, 310}, false}, {span{-1, -1}, false},
	} {
		require.Equal(t, tt.want, c.covers(tt.at), "%v", tt.at)
	}
}
