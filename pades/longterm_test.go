package pades_test

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/asn1"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
	"github.com/inkan-go/inkan/verify"
)

// house is an infrastructure with everything that the levels need, and a signer in it.
type house struct {
	*testpki.Server
	signer *pades.Signer
}

func newHouse(t testing.TB) *house {
	t.Helper()
	s, err := testpki.NewServer(nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	h := &house{Server: s}
	h.signer = h.issue(t, &testpki.Request{})
	return h
}

func (h *house) issue(t testing.TB, r *testpki.Request) *pades.Signer {
	t.Helper()
	id, err := h.Issue(r)
	require.NoError(t, err)
	return &pades.Signer{Key: id.Key, Chain: id.Chain}
}

func (h *house) source() *fetch.Client {
	return &fetch.Client{Resolver: h, Dial: h.DialContext, Now: h.PKI.Now, Timeout: 30 * time.Second, RememberFailures: -1}
}

func (h *house) tsa() *tsa.Client { return &tsa.Client{URL: h.URL(testpki.TSAService), Now: h.PKI.Now} }

func (h *house) document(t testing.TB, data []byte) *pades.Document {
	t.Helper()
	d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), &pades.OpenOptions{Now: h.PKI.Now})
	require.NoError(t, err)
	return d
}

func (h *house) options(level pades.Level) *pades.SignOptions {
	o := &pades.SignOptions{Level: level}
	if level >= pades.BT {
		o.TSA = h.tsa()
	}
	if level >= pades.BLT {
		o.Revocation, o.Trust = h.source(), h.PKI.Pool()
	}
	return o
}

func (h *house) extension(level pades.Level) *pades.ExtendOptions {
	o := h.options(level)
	return &pades.ExtendOptions{Level: level, TSA: o.TSA, Revocation: o.Revocation, Trust: o.Trust}
}

// sign returns a contract that is signed at a level.
func (h *house) sign(t testing.TB, level pades.Level) []byte {
	t.Helper()
	d := h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(t.Context(), h.signer, h.options(level)))
	return content(t, d)
}

// extend returns the file raised to a level.
func (h *house) extend(t testing.TB, data []byte, level pades.Level) []byte {
	t.Helper()
	d := h.document(t, data)
	require.NoError(t, d.Extend(t.Context(), h.extension(level)))
	extended := content(t, d)
	require.True(t, bytes.HasPrefix(extended, data), "earlier bytes are left alone")
	return extended
}

// judge verifies a file offline, a minute after a time.
func (h *house) judge(t testing.TB, data []byte, at time.Time) *verify.Report {
	t.Helper()
	r, err := verify.Reader(t.Context(), bytes.NewReader(data), int64(len(data)), &verify.Options{Trust: h.PKI.Pool(), At: at.Add(time.Minute), Policy: stampedPolicy()})
	require.NotNil(t, r, "%v", err)
	return r
}

// stampedPolicy wants a time stamp that passes, too.
func stampedPolicy() *verify.Policy {
	p := verify.Default()
	p.RequireTimestamp = true
	return p
}

// passes checks that every signature of a file passes offline at a time, the first one
// at a level.
func (h *house) passes(t testing.TB, data []byte, at time.Time, level pades.Level) {
	t.Helper()
	r := h.judge(t, data, at)
	require.True(t, r.Passed(), "%s", findings(r))
	require.Equal(t, level.String(), r.Signatures[0].Level)
}

func findings(r *verify.Report) string {
	text := ""
	for _, s := range r.Signatures {
		text += fmt.Sprintf("%s %s %v %v %v\n", s.Field, s.Level, s.Indication, s.SubIndication, s.Findings)
	}
	return text
}

// store reads the security store of a file.
func store(t testing.TB, data []byte) *sigdict.Store {
	t.Helper()
	s, err := sigdict.ReadStore(open(t, data).Latest())
	require.NoError(t, err)
	return s
}

func TestSignBLTA(t *testing.T) {
	for _, form := range testpdf.Forms {
		t.Run(form.String(), func(t *testing.T) {
			h := newHouse(t)
			original := testpdf.Contract(1, form).Bytes()
			d := h.document(t, original)
			key := &onceKey{Signer: h.signer.Key}
			require.NoError(t, d.Sign(t.Context(), &pades.Signer{Key: key, Chain: h.signer.Chain}, h.options(pades.BLTA)))
			require.Equal(t, 1, key.used)
			require.Equal(t, 2, h.Stamps())
			data := content(t, d)
			require.True(t, bytes.HasPrefix(data, original))
			signed := signatures(t, data)
			require.Len(t, signed, 2)
			require.Equal(t, "Timestamp1", signed[1].Name)
			require.Equal(t, sigdict.SubFilterRFC3161, signed[1].Signature.SubFilter)
			require.Len(t, open(t, data).Revisions, 4)

			s := store(t, data)
			require.Len(t, s.Certificates, 5, "signer, authority, time-stamping authority, OCSP responder, root")
			require.Len(t, s.OCSPs, 3, "all but the root")
			require.Empty(t, s.CRLs)
			require.Empty(t, s.Related)
			require.Equal(t, 3, h.Requests(testpki.OCSPService))
			require.Zero(t, h.Requests(testpki.CRLService))
			h.passes(t, data, h.PKI.Now(), pades.BLTA)
		})
	}
}

func TestSignBLT(t *testing.T) {
	h := newHouse(t)
	data := h.sign(t, pades.BLT)
	require.Equal(t, 1, h.Stamps())
	require.Len(t, signatures(t, data), 1)
	h.passes(t, data, h.PKI.Now(), pades.BLT)
}

// Both ways of completing a prepared signature reach every level.
func TestCompleteBLTA(t *testing.T) {
	h := newHouse(t)
	o := h.options(pades.BLTA)
	original := testpdf.Contract(1, testpdf.Stream).Bytes()
	d := h.document(t, original)
	p, err := d.Prepare(t.Context(), &pades.Signer{Chain: h.signer.Chain}, o)
	require.NoError(t, err)
	require.Zero(t, h.Stamps())
	value, err := cms.Sign(t.Context(), nil, h.signer.Key, p.Algorithm(), p.ToBeSigned())
	require.NoError(t, err)
	require.NoError(t, d.Complete(t.Context(), p, value, o))
	h.passes(t, content(t, d), h.PKI.Now(), pades.BLTA)

	d = h.document(t, original)
	p, err = d.Prepare(t.Context(), &pades.Signer{}, o)
	require.NoError(t, err)
	digest, _ := p.DocumentDigest()
	require.NoError(t, d.CompleteCMS(t.Context(), p, outsideCMS(t, h.signer, nil, digest), o))
	h.passes(t, content(t, d), h.PKI.Now(), pades.BLTA)
}

// Without anchors a path leads to the self-signed certificate that is fetched.
func TestWithoutTrust(t *testing.T) {
	h := newHouse(t)
	o := h.options(pades.BLTA)
	o.Trust = nil
	d := h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(t.Context(), h.signer, o))
	data := content(t, d)
	require.Len(t, store(t, data).OCSPs, 3)
	h.passes(t, data, h.PKI.Now(), pades.BLTA)

	// Where the root cannot be had, the path ends below it, with a warning.
	h.Break(testpki.IssuerService, testpki.NotFound)
	var warnings []string
	o.Revocation, o.Warn = h.source(), func(w string) { warnings = append(warnings, w) }
	d = h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(t.Context(), h.signer, o))
	require.Len(t, warnings, 1)
	require.Contains(t, warnings[0], "Inkan Test Online CA")
	require.Len(t, store(t, content(t, d)).OCSPs, 2)

	// With nothing above the signer there is no evidence at all.
	d = h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	stranger := signer(t, nil)
	err := d.Sign(t.Context(), &pades.Signer{Key: stranger.Key, Chain: stranger.Chain[:1]}, o)
	var missing *pades.EvidenceError
	require.ErrorAs(t, err, &missing)
	require.Equal(t, pades.GapIssuer, missing.Gaps[0].Kind)
}

// What cannot be had is named, certificate by certificate, with what was tried.
func TestEvidenceMissing(t *testing.T) {
	h := newHouse(t)
	h.Break(testpki.OCSPService, testpki.Unavailable)
	h.Break(testpki.CRLService, testpki.NotFound)
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	d := h.document(t, original)
	err := d.Sign(t.Context(), h.signer, h.options(pades.BLTA))
	require.ErrorIs(t, err, pades.ErrEvidence)
	require.Equal(t, original, content(t, d))
	var missing *pades.EvidenceError
	require.ErrorAs(t, err, &missing)
	require.Zero(t, h.Stamps(), "nothing is bought for a signature that cannot come to the level")
	about := map[string]bool{}
	for _, g := range missing.Gaps {
		require.Equal(t, pades.GapRevocation, g.Kind)
		require.Equal(t, "Signature1", g.Field)
		about[fmt.Sprint(g.Timestamp, g.Certificate.Subject.CommonName())] = true
		require.Len(t, g.Attempts, 2, "%v", g)
		require.Equal(t, fetch.KindOCSP, g.Attempts[0].Kind)
		require.Equal(t, 503, g.Attempts[0].Status)
		require.Equal(t, fetch.KindCRL, g.Attempts[1].Kind)
		require.Equal(t, 404, g.Attempts[1].Status)
		require.Contains(t, err.Error(), g.Attempts[1].URL)
	}
	require.Equal(t, map[string]bool{"false" + h.signer.Chain[0].Subject.CommonName(): true, "falseInkan Test Online CA": true}, about)

	// The policy lets gaps pass, silently or not.
	for _, action := range []pades.GapAction{pades.GapWarns, pades.GapAllowed} {
		o := h.options(pades.BLTA)
		asked, warned := 0, 0
		o.Evidence = &pades.EvidencePolicy{OnGap: func(*pades.Gap) pades.GapAction { asked++; return action }}
		o.Warn = func(string) { warned++ }
		d := h.document(t, original)
		require.NoError(t, d.Sign(t.Context(), h.signer, o))
		require.Equal(t, 4, asked)
		require.Equal(t, map[pades.GapAction]int{pades.GapWarns: 4}[action], warned)
		require.Len(t, signatures(t, content(t, d)), 2)
		require.False(t, h.judge(t, content(t, d), h.PKI.Now()).Passed())
	}
}

// A revoked signer is a gap of its own kind.
func TestRevokedSigner(t *testing.T) {
	h := newHouse(t)
	h.Revoke(h.signer.Chain[0], h.PKI.Now().Add(-time.Hour), 1)
	d := h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	var missing *pades.EvidenceError
	require.ErrorAs(t, d.Sign(t.Context(), h.signer, h.options(pades.BLT)), &missing)
	require.Equal(t, pades.GapRevoked, missing.Gaps[0].Kind)
	require.Len(t, missing.Gaps, 1)
}

// Every way in which a time-stamping authority misbehaves is an error, and neither
// output nor a lower level.
func TestMisbehavingTSA(t *testing.T) {
	for _, fault := range testpki.Faults() {
		if fault == testpki.Sound || !fault.Concerns(testpki.TSAService) || fault == testpki.NoCertificate {
			continue
		}
		t.Run(fault.String(), func(t *testing.T) {
			h := newHouse(t)
			h.Break(testpki.TSAService, fault)
			original := testpdf.Contract(1, testpdf.Table).Bytes()
			d := h.document(t, original)
			o := h.options(pades.BLTA)
			o.TSA = &tsa.Client{URL: h.URL(testpki.TSAService), Now: h.PKI.Now, Timeout: time.Second, Policy: asn1.ObjectIdentifier{1, 2, 3, 4, 1}}
			err := d.Sign(t.Context(), h.signer, o)
			if fault == testpki.WrongType {
				require.NoError(t, err, "the media type alone is tolerated")
				return
			}
			require.Equal(t, original, content(t, d))
			if fault == testpki.WrongIssuer { // a sound token by somebody whom nobody trusts
				require.ErrorIs(t, err, pades.ErrEvidence)
				return
			}
			require.ErrorIs(t, err, pades.ErrTimestamp)
			var why *tsa.Error
			require.ErrorAs(t, err, &why)
			require.Equal(t, original, content(t, d))
			require.ErrorIs(t, d.Timestamp(t.Context(), &pades.TimestampOptions{TSA: o.TSA}), pades.ErrTimestamp)
			require.Equal(t, original, content(t, d))
		})
	}
}

// A list of related data names each signature by the digest of its Contents, padding
// included, and lists what it needs.
func TestRelatedData(t *testing.T) {
	h := newHouse(t)
	o := h.options(pades.BLTA)
	o.Evidence = &pades.EvidencePolicy{VRI: true}
	d := h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(t.Context(), h.signer, o))
	data := content(t, d)
	s := store(t, data)
	key := fmt.Sprintf("%X", sha1.Sum(signatures(t, data)[0].Signature.Contents.Value))
	require.Len(t, s.Related, 1)
	r := s.Related[key]
	require.Equal(t, s.Certificates, r.Certificates)
	require.Equal(t, s.OCSPs, r.OCSPs)
	require.Empty(t, r.Time)
	require.False(t, r.HasTimestamp)
	h.passes(t, data, h.PKI.Now(), pades.BLTA)

	// The document time stamp gets its own when it is renewed.
	e := h.extension(pades.BLTA)
	e.Evidence = o.Evidence
	d = h.document(t, data)
	require.NoError(t, d.Extend(t.Context(), e))
	renewed := content(t, d)
	require.Len(t, store(t, renewed).Related, 2)
	h.passes(t, renewed, h.PKI.Now(), pades.BLTA)
}

// A second signature adds to the store what is new, and nothing twice.
func TestStoreIsCumulative(t *testing.T) {
	h := newHouse(t)
	first := h.sign(t, pades.BLTA)
	before := store(t, first)
	other := h.issue(t, &testpki.Request{Subject: testpki.Person("鈴木一郎"), Role: testpki.OtherRole})
	d := h.document(t, first)
	require.NoError(t, d.Sign(t.Context(), other, h.options(pades.BLTA)))
	data := content(t, d)
	after := store(t, data)
	require.Equal(t, before.Certificates, after.Certificates[:len(before.Certificates)])
	require.Equal(t, before.OCSPs, after.OCSPs[:len(before.OCSPs)])
	require.Len(t, after.Certificates, len(before.Certificates)+1)
	require.Len(t, after.OCSPs, len(before.OCSPs)+1)
	seen := map[string]bool{}
	for _, ref := range append(append(after.Certificates[:len(after.Certificates):len(after.Certificates)], after.OCSPs...), after.CRLs...) {
		der, err := after.Value(ref)
		require.NoError(t, err)
		require.False(t, seen[string(der)], "twice: %v", ref)
		seen[string(der)] = true
	}
	h.passes(t, data, h.PKI.Now(), pades.BLTA)
}

// Evidence that is young enough only for its own time is replaced where the policy
// wants it younger than the time stamp.
func TestAfterStamp(t *testing.T) {
	h := newHouse(t)
	o := h.options(pades.BLT)
	o.Evidence = &pades.EvidencePolicy{AfterStamp: true}
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	d := h.document(t, original)
	var missing *pades.EvidenceError // the server's data are always an hour old
	require.ErrorAs(t, d.Sign(t.Context(), h.signer, o), &missing)
	require.Equal(t, pades.GapRevocation, missing.Gaps[0].Kind)
	require.True(t, missing.Gaps[0].Certificate.Equal(h.signer.Chain[0]))
	require.Len(t, missing.Gaps, 1)
	require.Equal(t, original, content(t, d))

	signed := h.sign(t, pades.BT)
	e := h.extension(pades.BLT)
	e.Evidence = &pades.EvidencePolicy{AfterStamp: true, Grace: 24 * time.Hour}
	stamps := h.Stamps()
	d = h.document(t, h.sign(t, pades.BB))
	require.ErrorIs(t, d.Extend(t.Context(), e), pades.ErrOptions, "no data can be that much younger than a stamp of today")
	require.Equal(t, stamps, h.Stamps())
	h.SetNow(h.PKI.Now().Add(24 * time.Hour))
	d = h.document(t, signed)
	require.ErrorAs(t, d.Extend(t.Context(), e), &missing)
	h.SetNow(h.PKI.Now().Add(2 * time.Hour))
	e.Revocation = h.source()
	require.NoError(t, d.Extend(t.Context(), e))
	h.passes(t, content(t, d), h.PKI.Now(), pades.BLT)
}

func TestMaxAge(t *testing.T) {
	h := newHouse(t)
	o := h.options(pades.BLT)
	o.Evidence = &pades.EvidencePolicy{MaxAge: 30 * time.Minute}
	d := h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.ErrorIs(t, d.Sign(t.Context(), h.signer, o), pades.ErrEvidence)
	o.Evidence = &pades.EvidencePolicy{MaxAge: 2 * time.Hour}
	require.NoError(t, d.Sign(t.Context(), h.signer, o))

	for _, p := range []*pades.EvidencePolicy{{MaxAge: -1}, {Grace: time.Hour}, {AfterStamp: true, Grace: -1}, {AfterStamp: true, Grace: time.Hour}} {
		o.Evidence = p
		require.ErrorIs(t, d.Sign(t.Context(), h.signer, o), pades.ErrOptions)
	}
}

// The document is hashed once for all three updates of B-LTA.
func TestBLTAReadsOnce(t *testing.T) {
	h := newHouse(t)
	data := padded(testpdf.Table, 3<<20)
	r := &countingReader{ReaderAt: bytes.NewReader(data)}
	d, err := pades.NewDocument(r, int64(len(data)), &pades.OpenOptions{Now: h.PKI.Now})
	require.NoError(t, err)
	require.NoError(t, d.Sign(t.Context(), h.signer, h.options(pades.BLTA)))
	const parsing = 256 << 10
	require.LessOrEqual(t, r.n, int64(len(data)+parsing))
	signed := content(t, d)
	h.passes(t, signed, h.PKI.Now(), pades.BLTA)

	r = &countingReader{ReaderAt: bytes.NewReader(signed)}
	d, err = pades.NewDocument(r, int64(len(signed)), &pades.OpenOptions{Now: h.PKI.Now})
	require.NoError(t, err)
	require.NoError(t, d.Extend(t.Context(), h.extension(pades.BLTA)))
	require.LessOrEqual(t, r.n, int64(len(signed)+3*parsing), "verifying the time stamps and stamping share one pass; comparing revisions reads their structure")
}

// In an encrypted file the store is encrypted and time stamps are not, and the access
// permissions bind whoever is not the owner.
func TestEncryptedBLTA(t *testing.T) {
	h := newHouse(t)
	for revision := 2; revision <= 6; revision++ {
		for _, form := range testpdf.Forms {
			f := testpdf.Contract(1, form).Encrypted(testpdf.Encryption{
				Revision: revision, User: "user", Owner: "owner", Permissions: -4, Metadata: true, ID: bytes.Repeat([]byte{0x5a}, 16),
			})
			data := f.Bytes()
			d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), &pades.OpenOptions{Now: h.PKI.Now, Password: "user"})
			require.NoError(t, err)
			require.NoError(t, d.Sign(t.Context(), h.signer, h.options(pades.BLTA)))
			require.NoError(t, d.Extend(t.Context(), h.extension(pades.BLTA)))
			signed := content(t, d)
			r, err := verify.Reader(t.Context(), bytes.NewReader(signed), int64(len(signed)), &verify.Options{
				Trust: h.PKI.Pool(), At: h.PKI.Now().Add(time.Minute), Password: "user", Policy: stampedPolicy(),
			})
			require.NoError(t, err, "R%d %v", revision, form)
			require.True(t, r.Passed())
			require.Equal(t, "PAdES-B-LTA", r.Signatures[0].Level)
		}
	}
	f := testpdf.Contract(1, testpdf.Table).Encrypted(testpdf.Encryption{
		Revision: 6, User: "user", Owner: "owner", Permissions: -3904, Metadata: true, ID: bytes.Repeat([]byte{0x5a}, 16),
	})
	data := f.Bytes()
	d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), &pades.OpenOptions{Now: h.PKI.Now, Password: "user"})
	require.NoError(t, err)
	require.ErrorIs(t, d.Timestamp(t.Context(), &pades.TimestampOptions{TSA: h.tsa()}), pades.ErrNotPermitted)
	require.NoError(t, d.Timestamp(t.Context(), &pades.TimestampOptions{TSA: h.tsa(), IgnorePermissions: true}))
	require.ErrorIs(t, d.Extend(t.Context(), h.extension(pades.BLTA)), pades.ErrNotPermitted)
	o := h.extension(pades.BLTA)
	o.IgnorePermissions = true
	require.NoError(t, d.Extend(t.Context(), o))
}

// BenchmarkSignLTA signs 100 KB with RSA-2048 at B-LTA, with everything but the
// document in memory: what the package itself costs, and how much is asked for.
func BenchmarkSignLTA(b *testing.B) {
	h := newHouse(b)
	key, err := testpki.FixedKeys(testpki.SignerRole, testpki.RSA2048)
	require.NoError(b, err)
	h.signer = h.issue(b, &testpki.Request{Key: key})
	data := padded(testpdf.Table, 97<<10)
	o := h.options(pades.BLTA)
	id, err := h.TimeStamper()
	require.NoError(b, err)
	stamper := &tsa.Responder{Key: id.Key, Certificate: id.Certificate, Chain: id.Chain, Policies: []asn1.ObjectIdentifier{{1, 2, 3, 4, 1}}, Now: h.PKI.Now}
	stamps := 0
	o.TSA = counted{stamper, &stamps}
	source := h.source()
	o.Revocation = source // its cache answers from the second time on
	b.ReportAllocs()
	for b.Loop() {
		d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), &pades.OpenOptions{Now: h.PKI.Now})
		require.NoError(b, err)
		require.NoError(b, d.Sign(b.Context(), h.signer, o))
	}
	b.ReportMetric(float64(stamps)/float64(b.N), "stamps/op")
	asked := source.Counts(fetch.KindOCSP).Requests + source.Counts(fetch.KindCRL).Requests + source.Counts(fetch.KindCertificates).Requests
	b.ReportMetric(float64(asked), "requests")
}

// counted counts the time stamps of an authority.
type counted struct {
	tsa.Timestamper
	stamps *int
}

func (c counted) Timestamp(ctx context.Context, r *tsa.Request) (*tsa.Response, error) {
	*c.stamps++
	return c.Timestamper.Timestamp(ctx, r)
}

// A certificate that is not valid cannot come to B-LT: that is told before the key is
// used and a time stamp is bought, unless gaps may be accepted.
func TestExpiredSigner(t *testing.T) {
	h := newHouse(t)
	h.signer = h.issue(t, &testpki.Request{NotAfter: years(1)})
	h.SetNow(years(2))
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	d := h.document(t, original)
	key := &onceKey{Signer: h.signer.Key}
	s := &pades.Signer{Key: key, Chain: h.signer.Chain}
	var missing *pades.EvidenceError
	require.ErrorAs(t, d.Sign(t.Context(), s, h.options(pades.BLT)), &missing)
	require.Equal(t, pades.GapValidity, missing.Gaps[0].Kind)
	require.Contains(t, missing.Error(), "2027-04-01")
	require.Zero(t, key.used)
	require.Zero(t, h.Stamps())
	require.Equal(t, original, content(t, d))

	o := h.options(pades.BLT)
	o.Evidence = &pades.EvidencePolicy{OnGap: func(*pades.Gap) pades.GapAction { return pades.GapAllowed }}
	require.NoError(t, d.Sign(t.Context(), s, o))
}

// A token may leave out its certificates: the authority's own goes into the store.
func TestTokenWithoutCertificates(t *testing.T) {
	h := newHouse(t)
	h.Break(testpki.TSAService, testpki.NoCertificate)
	client := h.tsa()
	client.Certificates = mustStamper(t, h).Chain
	o := h.options(pades.BLTA)
	o.TSA = client
	d := h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(t.Context(), h.signer, o))
	data := content(t, d)
	sd := checkSignature(t, data, signatures(t, data)[0], int(signedEnd(t, data)))
	for _, der := range sd.SignerInfos[0].UnsignedAttributes.All(cms.OIDSignatureTimeStamp) {
		token, _, err := tsa.ParseToken(der)
		require.NoError(t, err)
		require.Empty(t, token.SignedData.Certificates)
	}
	require.Contains(t, valuesOf(t, store(t, data))["Certs"], mustStamper(t, h).Certificate.Raw)
	h.passes(t, data, h.PKI.Now(), pades.BLTA)

	// Nor does such a document time stamp get in the way of raising what is under it.
	d = h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(t.Context(), h.signer, nil))
	require.NoError(t, d.Timestamp(t.Context(), &pades.TimestampOptions{TSA: client}))
	e := h.extension(pades.BLTA)
	e.TSA, e.Evidence = client, &pades.EvidencePolicy{Certificates: client.Certificates}
	e.Warn = func(warning string) { require.Fail(t, warning) }
	d = h.document(t, content(t, d))
	require.NoError(t, d.Extend(t.Context(), e))
	data = content(t, d)
	require.Len(t, signatures(t, data), 3, "one more time stamp, no second one")
	h.passes(t, data, h.PKI.Now(), pades.BLTA)
}

// Evidence from the caller that cannot be read is told.
func TestUnreadableEvidence(t *testing.T) {
	h := newHouse(t)
	o := h.options(pades.BLT)
	o.Evidence = &pades.EvidencePolicy{Given: []*revocation.Evidence{{Raw: []byte("nothing"), Where: "here"}, nil}}
	var told []string
	o.Warn = func(w string) { told = append(told, w) }
	d := h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(t.Context(), h.signer, o))
	require.Len(t, told, 1)
	require.Contains(t, told[0], "Evidence.Given")
}

// What only a security store was added to is appended in place as well.
func TestAppendStore(t *testing.T) {
	h := newHouse(t)
	name := filepath.Join(t.TempDir(), "signed.pdf")
	write(t, name, h.sign(t, pades.BT))
	d, err := pades.Open(name, &pades.OpenOptions{Now: h.PKI.Now})
	require.NoError(t, err)
	defer d.Close()
	require.NoError(t, d.Extend(t.Context(), h.extension(pades.BLT)))
	require.NoError(t, d.AppendFile(name))
	require.NoError(t, d.Extend(t.Context(), h.extension(pades.BLTA)))
	require.NoError(t, d.AppendFile(name))
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	h.passes(t, data, h.PKI.Now(), pades.BLTA)
}
