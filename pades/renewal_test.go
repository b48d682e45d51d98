package pades_test

import (
	"bytes"
	"context"
	"encoding/asn1"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
	"github.com/inkan-go/inkan/verify"
)

// authorityUntil is a time-stamping authority below the root whose certificate ends at a
// time, and says of itself that no revocation information exists, or not.
func (h *house) authorityUntil(t testing.TB, end time.Time, unrevocable bool) *tsa.Responder {
	t.Helper()
	issue := h.Issue
	if unrevocable {
		issue = h.PKI.Issue
	}
	id, err := issue(&testpki.Request{
		Issuer: h.PKI.Root, KeyType: testpki.P256,
		Profile: testpki.TimeStamperProfile, Key: newKey(t), NotBefore: h.PKI.Now().Add(-time.Hour), NotAfter: end,
		Subject: testpki.Name(testpki.Organization("Inkan Test"), testpki.CommonName("TSA until "+end.Format(time.DateOnly))),
	})
	require.NoError(t, err)
	return &tsa.Responder{
		Key: id.Key, Certificate: id.Certificate, Chain: id.Chain, Policies: []asn1.ObjectIdentifier{{1, 2, 3, 4, 1}}, Now: h.PKI.Now,
	}
}

// renewals signs at B-LTA and renews in the third and in the sixth year, and returns the
// three files. The time-stamping certificates end four years after they were issued.
func (h *house) renewals(t *testing.T, unrevocable bool) [][]byte {
	h.signer = h.issue(t, &testpki.Request{NotAfter: years(2)})
	o := h.options(pades.BLTA)
	o.TSA = h.authorityUntil(t, years(4), unrevocable)
	d := h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(t.Context(), h.signer, o))
	versions := [][]byte{content(t, d)}
	for _, y := range []int{3, 6} {
		h.SetNow(years(y))
		asked := h.Requests(testpki.OCSPService)
		e := h.extension(pades.BLTA)
		e.TSA = h.authorityUntil(t, years(y+4), unrevocable)
		last := versions[len(versions)-1]
		d := h.document(t, last)
		require.NoError(t, d.Extend(t.Context(), e))
		versions = append(versions, content(t, d))
		require.True(t, bytes.HasPrefix(content(t, d), last))
		want := 2
		if unrevocable {
			want = 0
		}
		require.Equal(t, want, h.Requests(testpki.OCSPService)-asked, "about the authority of the last time stamp, and of the new one")
	}
	return versions
}

func years(n int) time.Time { return testpki.Now().AddDate(n, 0, 0) }

// A signature that is renewed twice is provable at every later time, with what the file
// holds; without the renewal it is not. Where the authority of the last time stamp may be
// revoked, the file says that it was not when it stamped: later only the present can tell,
// unless a policy takes time stamps at their time.
func TestRenewalOverYears(t *testing.T) {
	atTheirTime := verify.Default()
	atTheirTime.TimestampsAtTheirTime = true
	for _, unrevocable := range []bool{true, false} {
		h := newHouse(t)
		versions := h.renewals(t, unrevocable)
		for i, data := range versions {
			for y := 3 * i; y < 12; y++ {
				at, lasts := years(y).Add(24*time.Hour), y < 3*i+4
				h.SetNow(at)
				online := &verify.Options{Source: h.source()}
				for _, options := range []*verify.Options{online, {}, {Policy: atTheirTime}} {
					options.Trust, options.At = h.PKI.Pool(), at
					r, _ := verify.Reader(t.Context(), bytes.NewReader(data), int64(len(data)), options)
					s := r.Signatures[0]
					want := lasts
					if strict := options.Source == nil && options.Policy == nil; strict && !unrevocable {
						want = y == 3*i // as long as the data of that day are fresh
					}
					require.Equal(t, want, s.Indication == verify.TotalPassed, "renewed %d times, judged %v: %s", i, at, findings(r))
					switch {
					case want:
						require.Equal(t, testpki.Now().Format(time.RFC3339), s.BestTime.String())
					case lasts:
						require.Equal(t, verify.Indeterminate, s.Indication)
						last := r.Signatures[len(r.Signatures)-1]
						require.Equal(t, verify.TryLater, last.SubIndication, findings(r))
					default:
						require.Equal(t, verify.Indeterminate, s.Indication)
						require.Contains(t, findings(r), "expired")
					}
				}
			}
		}
	}
}

// The file ends with what its last time stamp needs only where nothing else in it has that.
func TestArchiveBringsItsEvidence(t *testing.T) {
	h := newHouse(t)
	data := h.sign(t, pades.BLTA)
	require.Len(t, open(t, data).Revisions, 4, "the contract, the signature, the store, the time stamp")
	same := h.extend(t, data, pades.BLTA)
	require.Len(t, open(t, same).Revisions, 5, "the same authority: its data are there")
	for name, c := range map[string]struct {
		unrevocable, bare bool
		revisions         int
	}{
		"another authority":                         {false, false, 6},
		"one that cannot be revoked":                {true, false, 5},
		"one that cannot, and leaves its own out":   {true, true, 6},
		"another authority, and leaves its own out": {false, true, 6},
	} {
		t.Run(name, func(t *testing.T) {
			e := h.extension(pades.BLTA)
			authority := h.authorityUntil(t, years(9), c.unrevocable)
			e.TSA = authority
			if c.bare {
				e.TSA = withoutCertificates{authority}
			}
			d := h.document(t, data)
			require.NoError(t, d.Extend(t.Context(), e))
			extended := content(t, d)
			require.Len(t, open(t, extended).Revisions, c.revisions)
			h.passes(t, extended, h.PKI.Now(), pades.BLTA)
			for _, s := range h.judge(t, extended, h.PKI.Now()).Signatures {
				require.Equal(t, verify.TotalPassed, s.Indication)
			}
			if c.unrevocable && !c.bare {
				return // the certificate is in the token, and comes into the store with the next renewal
			}
			again := h.document(t, extended)
			require.NoError(t, again.Extend(t.Context(), h.extension(pades.BLT)))
			require.Equal(t, extended, content(t, again), "nothing is left to be added")
		})
	}
}

// withoutCertificates is an authority whose tokens hold no certificate.
type withoutCertificates struct{ *tsa.Responder }

func (w withoutCertificates) Timestamp(_ context.Context, r *tsa.Request) (*tsa.Response, error) {
	id := &testpki.Identity{Key: w.Key, Certificate: w.Certificate}
	der, err := id.Stamp(&testpki.Token{Digest: r.Digest, Time: w.Now(), OmitCertificates: true})
	if err != nil {
		return nil, err
	}
	token, _, err := tsa.ParseToken(der)
	if err != nil {
		return nil, err
	}
	v, err := token.Verify(r.Digest, w.Certificate)
	return &tsa.Response{Token: token, Verification: v}, err
}

// Data about the authority of the last time stamp that cannot be had are told, and the
// stamp is kept; an authority that nobody trusts, or that was revoked, is an error.
func TestArchiveWithoutEvidence(t *testing.T) {
	h := newHouse(t)
	data := h.sign(t, pades.BLTA)
	authority := h.authorityUntil(t, years(9), false)
	var told []string
	extend := func(trust *certificate.Pool) error {
		e := h.extension(pades.BLTA)
		e.TSA, e.Trust = authority, trust
		e.Warn = func(w string) { told = append(told, w) }
		e.Revocation = only{h.source(), func(c *certificate.Certificate) bool { return !c.Equal(authority.Certificate) }}
		d := h.document(t, data)
		err := d.Extend(t.Context(), e)
		if err != nil {
			require.Equal(t, data, content(t, d))
		} else {
			require.Len(t, signatures(t, content(t, d)), 3)
		}
		return err
	}
	require.NoError(t, extend(h.PKI.Pool()))
	require.Len(t, told, 1)
	require.Contains(t, told[0], "no revocation data")
	require.Contains(t, told[0], authority.Certificate.Subject.CommonName())

	var missing *pades.EvidenceError
	stranger, err := testpki.New(&testpki.Options{Keys: testpki.FreshKeys, KeyType: testpki.P256})
	require.NoError(t, err)
	id, err := stranger.Issue(&testpki.Request{Profile: testpki.TimeStamperProfile, Issuer: stranger.Root})
	require.NoError(t, err)
	trusted := authority
	authority = &tsa.Responder{Key: id.Key, Certificate: id.Certificate, Policies: trusted.Policies, Now: h.PKI.Now}
	require.ErrorAs(t, extend(h.PKI.Pool()), &missing)
	require.Equal(t, pades.GapPath, missing.Gaps[0].Kind)
	require.Equal(t, "Timestamp2", missing.Gaps[0].Field)
}

// only is a source that knows about some certificates alone.
type only struct {
	fetch.Source
	about func(*certificate.Certificate) bool
}

func (o only) Revocation(ctx context.Context, q fetch.Query) (*fetch.Answer, error) {
	if !o.about(q.Certificate) {
		return &fetch.Answer{}, errors.New("nobody answers")
	}
	return o.Source.Revocation(ctx, q)
}

// A time stamp that does not hold is as good as none: another one is added before anything
// is gathered.
func TestExtendStampsWhereNoneHolds(t *testing.T) {
	for name, c := range map[string]struct {
		until   time.Time // of the first authority
		spoil   func(h *house, first *tsa.Responder)
		strange bool
		stamps  map[pades.Level]int
	}{
		"sound":     {years(5), nil, false, map[pades.Level]int{pades.BT: 0, pades.BLT: 0, pades.BLTA: 1}},
		"expired":   {years(1), nil, false, map[pades.Level]int{pades.BT: 1, pades.BLT: 1, pades.BLTA: 2}},
		"revoked":   {years(5), func(h *house, first *tsa.Responder) { h.Revoke(first.Certificate, testpki.Now().Add(-time.Minute), 1) }, false, map[pades.Level]int{pades.BT: 0, pades.BLT: 1, pades.BLTA: 2}},
		"untrusted": {years(5), nil, true, map[pades.Level]int{pades.BT: 0, pades.BLT: 1, pades.BLTA: 2}},
	} {
		for _, archived := range []bool{false, true} { // by a document time stamp of the same authority
			for level, stamps := range c.stamps {
				t.Run(fmt.Sprint(name, " ", level, " ", archived), func(t *testing.T) {
					h := newHouse(t)
					first := h.authorityUntil(t, c.until, false)
					if c.strange {
						stranger, err := testpki.New(&testpki.Options{Keys: testpki.FreshKeys, KeyType: testpki.P256})
						require.NoError(t, err)
						id, err := stranger.Issue(&testpki.Request{Profile: testpki.TimeStamperProfile, Issuer: stranger.Root})
						require.NoError(t, err)
						first.Key, first.Certificate, first.Chain = id.Key, id.Certificate, id.Chain
					}
					d := h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
					require.NoError(t, d.Sign(t.Context(), h.signer, &pades.SignOptions{Level: pades.BT, TSA: first}))
					if archived {
						require.NoError(t, d.Timestamp(t.Context(), &pades.TimestampOptions{TSA: first}))
					}
					if c.spoil != nil {
						c.spoil(h, first)
					}
					h.SetNow(years(2))
					before := h.Stamps()
					e := h.extension(level)
					warnings := 0
					e.Warn = func(string) { warnings++ }
					data := content(t, d)
					d = h.document(t, data)
					require.NoError(t, d.Extend(t.Context(), e))
					require.Equal(t, stamps, h.Stamps()-before)
					if level == pades.BT {
						return
					}
					extended := content(t, d)
					r := h.judge(t, extended, h.PKI.Now())
					require.Equal(t, verify.TotalPassed, r.Signatures[0].Indication, findings(r))
					require.Equal(t, level.String(), r.Signatures[0].Level)
					require.NotZero(t, r.Signatures[0].BestTime)
					if name == "sound" {
						require.Zero(t, warnings)
						return
					}
					require.NotZero(t, warnings)
					d = h.document(t, extended)
					require.NoError(t, d.Extend(t.Context(), h.extension(pades.BLT)))
					require.Equal(t, extended, content(t, d), "one that holds is enough")

					// Without an authority the raising goes on, as far as it can.
					o := h.extension(pades.BLT)
					o.TSA = nil
					d = h.document(t, data)
					require.NoError(t, d.Extend(t.Context(), o))
				})
			}
		}
	}
}

// Lists of an authority that issued the signer's certificate, too, may follow the last time
// stamp: what protects the signature is covered all the same.
func TestArchiveWithLists(t *testing.T) {
	h := newHouse(t)
	h.Break(testpki.OCSPService, testpki.Unavailable)
	o := h.options(pades.BLTA)
	o.TSA = h.authorityUntil(t, years(5), false) // of the root
	d := h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(t.Context(), h.signer, o))
	data := content(t, d)
	h.passes(t, data, h.PKI.Now(), pades.BLTA)
	h.SetNow(years(1))
	d = h.document(t, data)
	require.NoError(t, d.Extend(t.Context(), h.extension(pades.BLTA))) // of the signer's issuer
	extended := content(t, d)
	require.Greater(t, len(store(t, extended).CRLs), len(store(t, data).CRLs)+1)
	h.passes(t, extended, h.PKI.Now(), pades.BLTA)
	archive := &verify.Options{Trust: h.PKI.Pool(), At: h.PKI.Now().Add(time.Minute), Policy: verify.Archive()}
	r, err := verify.Reader(t.Context(), bytes.NewReader(extended), int64(len(extended)), archive)
	require.NoError(t, err, findings(r))

	// Lists that come after the only time stamp are protected by none.
	d = h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(t.Context(), h.signer, h.options(pades.BLT)))
	v := valuesOf(t, store(t, content(t, d)))
	late := content(t, d)[:signedEnd(t, content(t, d))]
	d = h.document(t, withStore(t, late, values{"CRLs": {h.signer.Chain[0].RawIssuer}}, ""))
	require.NoError(t, d.Timestamp(t.Context(), &pades.TimestampOptions{TSA: h.tsa()}))
	late = withStore(t, content(t, d), v, "")
	r, _ = verify.Reader(t.Context(), bytes.NewReader(late), int64(len(late)), archive)
	require.Equal(t, verify.SigConstraintsFailure, r.Signatures[0].SubIndication, findings(r))
}

// Where another server makes the second stamp, a signature at B-LTA ends with what that
// one needs.
func TestArchiveByAnotherServer(t *testing.T) {
	h := newHouse(t)
	o := h.options(pades.BLTA)
	o.TSA = &turns{h.authorityUntil(t, years(5), false), h.authorityUntil(t, years(6), false)}
	d := h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(t.Context(), h.signer, o))
	data := content(t, d)
	require.Len(t, open(t, data).Revisions, 5)
	h.passes(t, data, h.PKI.Now(), pades.BLTA)
}

// turns asks one authority for the first stamp and another one from then on.
type turns struct{ first, then tsa.Timestamper }

func (w *turns) Timestamp(ctx context.Context, r *tsa.Request) (*tsa.Response, error) {
	asked := w.first
	w.first = w.then
	return asked.Timestamp(ctx, r)
}
