package verify_test

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/verify"
)

// years is a time that many years after the present of the fixed infrastructure,
// days likewise.
func years(n int) time.Time { return testpki.Now().AddDate(n, 0, 0) }
func days(n int) time.Time  { return testpki.Now().AddDate(0, 0, n) }

// world is an infrastructure over many years, on keys without an end: a signer below
// an intermediate authority, both of whom need evidence, and time stampers below a
// root of their own, who need none unless a test wants it.
type world struct {
	*maker
	t      testing.TB
	stamps *testpki.PKI // of the time stampers
	issued int
}

func newWorld(t testing.TB) *world {
	pki, err := testpki.New(&testpki.Options{KeyType: testpki.P256})
	require.NoError(t, err)
	stamps, err := testpki.New(&testpki.Options{KeyType: testpki.P256, Organization: "Inkan Stamps", Keys: func(r testpki.Role, k testpki.KeyType) (crypto.Signer, error) {
		return testpki.FixedKeys("stamps "+r, k)
	}})
	require.NoError(t, err)
	w := &world{maker: &maker{pki: pki}, t: t, stamps: stamps}
	w.signer = w.issue(pki, testpki.Request{Change: withoutNoRevAvail})
	w.stamp = w.stamper(years(10), nil)
	return w
}

func (w *world) issue(pki *testpki.PKI, r testpki.Request) *testpki.Identity {
	if r.KeyType == testpki.RSA2048 {
		r.KeyType = testpki.P256
	}
	w.issued++
	r.Role = testpki.Role(fmt.Sprintf("%v %d", r.Profile, w.issued))
	id, err := pki.Issue(&r)
	require.NoError(w.t, err)
	return id
}

// stamper is a time-stamping authority until a time.
func (w *world) stamper(until time.Time, change func(*testpki.Template)) *testpki.Identity {
	return w.issue(w.stamps, testpki.Request{Profile: testpki.TimeStamperProfile, Issuer: w.stamps.Root, NotBefore: years(-1), NotAfter: until, Change: change})
}

// at is one time stamp: by whom, and when.
type at struct {
	by   *testpki.Identity
	time time.Time
}

func (w *world) token(digest []byte, a at) []byte {
	der, err := a.by.Stamp(&testpki.Token{Digest: digest, Time: a.time})
	require.NoError(w.t, err)
	return der
}

// signature is an entry whose value carries time stamps.
func (w *world) signature(content, value []at, change ...func(*cms.Template)) entry {
	return entry{value: func(digest []byte) []byte {
		der := w.detached(w.t, digest, append(change, func(c *cms.Template) {
			c.Algorithm, _ = cms.AlgorithmFor(w.signer.Key.Public())
			for _, a := range content {
				c.Attributes = append(c.Attributes, cms.Attribute{Type: cms.OIDContentTimeStamp, Values: [][]byte{w.token(digest, a)}})
			}
		})...)
		sd, _, err := cms.Parse(der)
		require.NoError(w.t, err)
		for _, a := range value {
			sum := sha256.Sum256(sd.SignerInfos[0].Signature)
			der, err = sd.AddUnsigned(cms.Attribute{Type: cms.OIDSignatureTimeStamp, Values: [][]byte{w.token(sum[:], a)}})
			require.NoError(w.t, err)
			sd, _, err = cms.Parse(der)
			require.NoError(w.t, err)
		}
		return der
	}}
}

// document is an entry with a document time stamp.
func (w *world) document(a at) entry {
	e := w.timestamp(w.t)
	e.value = func(digest []byte) []byte { return w.token(digest, a) }
	return e
}

// evidence is what a security store is given.
type evidence struct{ certs, crls, ocsps [][]byte }

// store appends a security store with what earlier ones held, which keep their
// numbers, and more.
func (w *world) store(file []byte, e evidence) []byte {
	n := testpdf.LastSize(file)
	u := testpdf.File{Trailer: "/Root 1 0 R/Info 8 0 R/ID[<00112233445566778899AABBCCDDEEFF><" + fmt.Sprintf("%032d", n) + ">]"}
	var lists [3]string
	for i, list := range [][][]byte{e.certs, e.ocsps, e.crls} {
		if before := bytes.LastIndex(file, []byte([]string{"/Certs[", "/OCSPs[", "/CRLs["}[i])); before >= 0 {
			begin := before + bytes.IndexByte(file[before:], '[') + 1
			lists[i] = string(file[begin : begin+bytes.IndexByte(file[begin:], ']')])
		}
		for _, data := range list {
			u.Objects = append(u.Objects, stream(n, data))
			lists[i] += fmt.Sprintf(" %d 0 R", n)
			n++
		}
	}
	u.Objects = append(u.Objects, testpdf.Object{Number: 1, Body: fmt.Sprintf(
		"<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/DSS<</Certs[%s]/OCSPs[%s]/CRLs[%s]>>>>", lists[0], lists[1], lists[2])})
	return u.Append(file)
}

// ltv is the evidence for the signer as of a time, fresh for a week.
func (w *world) ltv(at time.Time) evidence {
	return evidence{
		certs: [][]byte{w.pki.Intermediate.Certificate.Raw},
		crls: [][]byte{
			crl(w.t, w.pki.Root, testpki.CRL{ThisUpdate: at}),
			crl(w.t, w.pki.Intermediate, testpki.CRL{ThisUpdate: at}),
		},
	}
}

// file signs the contract and adds what is listed: entries and stores.
func (w *world) file(steps ...any) []byte {
	file := contract(testpdf.Table)
	for _, step := range steps {
		switch s := step.(type) {
		case entry:
			file = w.sign(w.t, file, s)
		case evidence:
			file = w.store(file, s)
		}
	}
	return file
}

// roots are the anchors for signing and for time stamping.
func (w *world) roots() *certificate.Pool {
	pool := certificate.NewPool()
	pool.Add(w.pki.Root.Certificate, certificate.Signing)
	pool.Add(w.stamps.Root.Certificate, certificate.TimeStamping)
	return pool
}

// judgeAt verifies at a time, trusting both roots.
func (w *world) judgeAt(file []byte, at time.Time, change ...func(*verify.Options)) *verify.Report {
	return w.judgeBy(w.t, file, func(o *verify.Options) {
		o.At, o.Trust = at, w.roots()
		for _, f := range change {
			f(o)
		}
	})
}

// verdict is one expectation.
type verdict struct {
	name string
	file []byte
	at   time.Time
	want verify.SubIndication // "" passes
	best time.Time            // zero: nothing proves one
	opts func(*verify.Options)
}

func (w *world) check(t *testing.T, list []verdict) {
	for _, v := range list {
		t.Run(v.name, func(t *testing.T) {
			opts := v.opts
			if opts == nil {
				opts = func(*verify.Options) {}
			}
			s := w.judgeAt(v.file, v.at, opts).Signatures[0]
			require.Equal(t, v.want, s.SubIndication, "%+v\n%+v", s.Findings, s.Timestamps)
			want := verify.Indeterminate
			switch v.want {
			case "":
				want = verify.TotalPassed
			case verify.Revoked, verify.Expired, verify.NotYetValid, verify.FormatFailure, verify.HashFailure, verify.SigCryptoFailure:
				want = verify.TotalFailed
			}
			require.Equal(t, want, s.Indication)
			require.True(t, v.best.Equal(s.BestTime.Time), "%v", s.BestTime)
			require.True(t, s.Intact)
			for _, f := range s.Findings {
				require.NotContains(t, f.Text, "%!", "a text with the wrong arguments")
				require.True(t, v.want != "" || f.Severity != verify.SeverityError, "%+v", f)
			}
		})
	}
}

// TestTimeProvenBySignatureTimestamp (5.5): evidence and certificates count at the
// time that a time stamp over the signature proves.
func TestTimeProvenBySignatureTimestamp(t *testing.T) {
	w := newWorld(t)
	long := w.stamper(years(30), nil)
	ltv := w.ltv(days(1))
	plain := w.file(w.signature(nil, nil), ltv)
	stamped := w.file(w.signature(nil, []at{{long, hours(1)}}), ltv)
	copied := w.file(w.signature(nil, nil, func(c *cms.Template) {}), ltv)
	untrusted := w.issue(w.pki, testpki.Request{Profile: testpki.TimeStamperProfile, Issuer: w.pki.Root})
	w.check(t, []verdict{
		{name: "fresh evidence", file: plain, at: days(2)},
		{name: "stale evidence", file: plain, at: years(1), want: verify.TryLater},
		{name: "stale, and stamped", file: stamped, at: years(1), best: hours(1)},
		{name: "expired", file: copied, at: years(11), want: verify.OutOfBoundsNoPOE},
		{name: "expired, and stamped", file: stamped, at: years(11), best: hours(1)},
		{name: "stamped by nobody who is trusted", file: w.file(w.signature(nil, []at{{untrusted, hours(1)}}), ltv), at: years(1), want: verify.TryLater},
		{name: "stamped when the evidence was not fresh any more", file: w.file(w.signature(nil, []at{{long, days(20)}}), ltv), at: years(1),
			want: verify.TryLater, best: days(20)},
		{name: "stamped after expiry", file: w.file(w.signature(nil, []at{{long, years(10).AddDate(0, 0, 1)}}), ltv), at: years(11),
			want: verify.OutOfBoundsNoPOE, best: years(10).AddDate(0, 0, 1)},
		{name: "the better of two", file: w.file(w.signature(nil, []at{{long, years(11)}, {long, hours(1)}}), ltv), at: years(12), best: hours(1)},
		{name: "stamped in the future", file: w.file(w.signature(nil, []at{{long, years(3)}}), ltv), at: years(1), want: verify.TryLater},
	})
	other := w.judgeAt(w.file(w.signature(nil, []at{{long, hours(1)}}), entry{value: func(digest []byte) []byte {
		sd, _, err := cms.Parse(w.signature(nil, nil).value(digest))
		require.NoError(t, err)
		der, err := sd.AddUnsigned(cms.Attribute{Type: cms.OIDSignatureTimeStamp, Values: [][]byte{w.token(make([]byte, 32), at{long, hours(1)})}})
		require.NoError(t, err)
		return der
	}}, ltv), years(1)).Signatures
	require.Equal(t, verify.TotalPassed, other[0].Indication)
	require.Equal(t, verify.TryLater, other[1].SubIndication, "a time stamp over another signature")
	require.Equal(t, verify.HashFailure, other[1].Timestamps[0].SubIndication)
	require.False(t, other[1].Timestamps[0].Valid)
}

// TestArchive (5.6): each proof is protected by the next one while it was good.
func TestArchive(t *testing.T) {
	w := newWorld(t)
	short, long := w.stamper(years(2), nil), w.stamper(years(30), nil)
	ltv := w.ltv(days(1))
	signed := w.signature(nil, []at{{short, hours(1)}})
	w.check(t, []verdict{
		{name: "time stamp of the signature has expired", file: w.file(signed, ltv), at: years(3), want: verify.TryLater},
		{name: "archived", file: w.file(signed, ltv, w.document(at{long, days(2)})), at: years(3), best: hours(1)},
		{name: "archived, signer expired", file: w.file(signed, ltv, w.document(at{long, days(2)})), at: years(12), best: hours(1)},
		{name: "archived, authority expired", file: w.file(signed, ltv, w.document(at{long, days(2)})), at: years(22), best: hours(1)},
		{name: "archived too late for the first time stamp", file: w.file(signed, ltv, w.document(at{long, years(2).AddDate(0, 0, 1)})), at: years(3),
			want: verify.NoPOE, best: years(2).AddDate(0, 0, 1)},
		{name: "document time stamp alone", file: w.file(w.signature(nil, nil), ltv, w.document(at{long, days(2)})), at: years(12), best: days(2)},
		{name: "document time stamp before the evidence", file: w.file(w.signature(nil, nil), w.document(at{long, days(2)}), ltv), at: years(12),
			want: verify.NoPOE, best: days(2)},
		{name: "evidence in the same revision as the document time stamp", at: years(12), best: days(2),
			file: w.file(w.signature(nil, nil), w.storedWith(ltv, w.document(at{long, days(2)})))},
		{name: "renewed in time", at: years(12), best: days(2), file: w.file(w.signature(nil, nil), ltv, w.document(at{short, days(2)}), w.document(at{long, years(1)}))},
		{name: "renewed too late", at: years(12), want: verify.NoPOE, best: years(3),
			file: w.file(w.signature(nil, nil), ltv, w.document(at{short, days(2)}), w.document(at{long, years(3)}))},
		{name: "not renewed", at: years(12), want: verify.OutOfBoundsNoPOE, file: w.file(w.signature(nil, nil), ltv, w.document(at{short, days(2)}))},
		{name: "never stamped", at: years(12), want: verify.OutOfBoundsNoPOE, file: w.file(w.signature(nil, nil), ltv)},
	})
}

// storedWith makes the security store a part of the revision of an entry.
func (w *world) storedWith(e evidence, with entry) entry {
	var refs string
	for i, data := range e.crls {
		with.more = append(with.more, stream(900+i, data))
		refs += fmt.Sprintf(" %d 0 R", 900+i)
	}
	with.more = append(with.more, stream(950, e.certs[0]))
	with.catalog = "/DSS<</Certs[950 0 R]/CRLs[" + refs + "]>>"
	return with
}

// TestRenewedForYears: five renewals, each shortly before the time stamper's end.
func TestRenewedForYears(t *testing.T) {
	w := newWorld(t)
	steps := []any{w.signature(nil, []at{{w.stamper(years(3), nil), hours(1)}}), w.ltv(days(1))}
	for year := 2; year <= 40; year += 4 {
		steps = append(steps, w.document(at{w.stamper(years(year+5), nil), years(year)}))
	}
	file := w.file(steps...)
	r := w.judgeAt(file, years(39).AddDate(0, 6, 0))
	require.Equal(t, verify.TotalPassed, r.Indication, "%+v", r.Signatures[0].Findings)
	require.True(t, hours(1).Equal(r.Signatures[0].BestTime.Time))
	for _, s := range r.Signatures {
		require.Equal(t, verify.TotalPassed, s.Timestamps[0].Indication)
	}
	late := w.judgeAt(file, years(60))
	require.Equal(t, verify.Indeterminate, late.Indication)
	require.Equal(t, verify.OutOfBoundsNoPOE, late.Signatures[0].SubIndication)
}

// TestRevocationAndProof: what is proven to be older than a revocation stays valid.
func TestRevocationAndProof(t *testing.T) {
	w := newWorld(t)
	long := w.stamper(years(30), nil)
	leaf, ca := w.signer.Certificate, w.pki.Intermediate.Certificate
	lists := func(at time.Time, leaf, ca []testpki.CRLEntry) evidence {
		return evidence{certs: w.ltv(at).certs, crls: [][]byte{
			crl(t, w.pki.Root, testpki.CRL{ThisUpdate: at, Entries: ca}), crl(t, w.pki.Intermediate, testpki.CRL{ThisUpdate: at, Entries: leaf}),
		}}
	}
	leafRevoked := lists(days(5), revokedAt(leaf, days(4), 1), nil)
	caRevoked := evidence{crls: [][]byte{crl(t, w.pki.Root, testpki.CRL{ThisUpdate: days(5), Entries: revokedAt(ca, days(4), 2)})}}
	before, after := []at{{long, days(2)}}, []at{{long, days(5)}}
	good := w.ltv(days(3))
	w.check(t, []verdict{
		{name: "revoked", file: w.file(w.signature(nil, nil), leafRevoked), at: days(6), want: verify.RevokedNoPOE},
		{name: "revoked after the time stamp", file: w.file(w.signature(nil, before), leafRevoked), at: days(6), best: days(2)},
		{name: "revoked before the time stamp", file: w.file(w.signature(nil, after), leafRevoked), at: days(6), want: verify.RevokedNoPOE, best: days(5)},
		{name: "signed after the revocation", file: w.file(w.signature(after, after), leafRevoked), at: days(6), want: verify.Revoked, best: days(5)},
		{name: "content stamped before the revocation", file: w.file(w.signature(before, after), leafRevoked), at: days(6), want: verify.RevokedNoPOE, best: days(5)},
		{name: "document time stamp before the revocation", file: w.file(w.signature(nil, nil), good, w.document(at{long, days(3)}), leafRevoked), at: years(12), best: days(3)},
		{name: "document time stamp after the revocation", file: w.file(w.signature(nil, nil), good, w.document(at{long, days(5)}), leafRevoked), at: days(6),
			want: verify.RevokedNoPOE, best: days(5)},
		{name: "authority revoked, evidence not proven", file: w.file(w.signature(nil, before), good, caRevoked), at: days(6), want: verify.RevokedCANoPOE, best: days(2)},
		{name: "authority revoked, evidence proven before", file: w.file(w.signature(nil, before), good, w.document(at{long, days(3)}), caRevoked), at: days(6), best: days(2)},
		{name: "authority revoked, evidence proven later", file: w.file(w.signature(nil, before), good, w.document(at{long, days(5)}), caRevoked), at: days(6),
			want: verify.RevokedCANoPOE, best: days(2)},
	})
}

// TestTimestampAuthority: a time stamp counts as long as its own authority does.
func TestTimestampAuthority(t *testing.T) {
	w := newWorld(t)
	needs, long := w.stamper(years(10), withoutNoRevAvail), w.stamper(years(30), nil)
	list := func(at time.Time, revoked ...testpki.CRLEntry) evidence {
		return evidence{crls: [][]byte{crl(t, w.stamps.Root, testpki.CRL{ThisUpdate: at, Entries: revoked})}}
	}
	signed, ltv := w.signature(nil, []at{{needs, hours(1)}}), w.ltv(days(1))
	compromised := list(days(20), revokedAt(needs.Certificate, days(15), 1)...)
	atTheirTime := func(o *verify.Options) {
		o.Policy = verify.Default()
		o.Policy.TimestampsAtTheirTime = true
	}
	w.check(t, []verdict{
		{name: "no evidence about the authority", file: w.file(signed, ltv), at: days(30), want: verify.TryLater},
		{name: "fresh evidence", file: w.file(signed, ltv, list(days(29))), at: days(30), best: hours(1)},
		{name: "stale evidence", file: w.file(signed, ltv, list(days(2))), at: days(30), want: verify.TryLater},
		{name: "stale evidence, at its time", file: w.file(signed, ltv, list(days(2))), at: days(30), best: hours(1), opts: atTheirTime},
		{name: "no evidence about the authority, at its time", file: w.file(signed, ltv), at: days(30), want: verify.TryLater, opts: atTheirTime},
		{name: "expired, at its time", file: w.file(signed, ltv, list(days(2))), at: years(10).AddDate(0, 0, 1), want: verify.OutOfBoundsNoPOE, opts: atTheirTime},
		{name: "revoked later, at its time", file: w.file(signed, ltv, compromised), at: days(25), want: verify.TryLater, opts: atTheirTime},
		{name: "stale evidence, protected", file: w.file(signed, ltv, list(days(2)), w.document(at{long, days(3)})), at: days(30), best: hours(1)},
		{name: "revoked later", file: w.file(signed, ltv, compromised), at: days(25), want: verify.TryLater},
		{name: "revoked later, protected before", file: w.file(signed, ltv, list(days(2)), w.document(at{long, days(3)}), compromised), at: days(25), best: hours(1)},
		{name: "revoked later, protected after", file: w.file(signed, ltv, list(days(2)), w.document(at{long, days(16)}), compromised), at: days(25),
			want: verify.NoPOE, best: days(16)},
	})
}

// TestTimesCompared (5.5.4, step 5, and 5.3.4): times that contradict each other.
func TestTimesCompared(t *testing.T) {
	w := newWorld(t)
	long := w.stamper(years(30), nil)
	ltv := w.ltv(days(1))
	one := func(n int) []at { return []at{{long, days(n)}} }
	expired := days(3651 + 30)
	w.check(t, []verdict{
		{name: "in order", file: w.file(w.signature(one(1), one(2)), ltv, w.document(at{long, days(3)})), at: days(4), best: days(2)},
		{name: "content after signature", file: w.file(w.signature(one(3), one(2)), ltv), at: days(4), want: verify.TimestampOrderFailure, best: days(2)},
		{name: "signature after document", file: w.file(w.signature(nil, one(3)), ltv, w.document(at{long, days(2)})), at: days(4),
			want: verify.TimestampOrderFailure, best: days(2)},
		{name: "documents out of order", file: w.file(w.signature(nil, nil), ltv, w.document(at{long, days(3)}), w.document(at{long, days(2)})), at: days(4),
			want: verify.TimestampOrderFailure, best: days(2)},
		{name: "before the certificate", file: w.file(w.signature(nil, one(-2)), ltv), at: days(4), want: verify.NotYetValid, best: days(-2)},
		{name: "the certificate's first second", file: w.file(w.signature(nil, one(-1)), w.ltv(days(-1))), at: days(4), best: days(-1)},
		{name: "signed after expiry", file: w.file(w.signature([]at{{long, expired}}, nil), ltv), at: years(11), want: verify.Expired},
		{name: "content stamped in time", file: w.file(w.signature(one(1), nil), ltv), at: years(11), want: verify.OutOfBoundsNoPOE},
	})
}

// TestAlgorithmsInTime: what was too weak at the time of proof does not pass, what
// became so afterwards does.
func TestAlgorithmsInTime(t *testing.T) {
	w := newWorld(t)
	long := w.stamper(years(30), nil)
	var err error
	w.signer, err = w.pki.Issue(&testpki.Request{}) // RSA-2048, good until 2029
	require.NoError(t, err)
	w.signer.Chain = append(w.signer.Chain[:1:1], w.pki.Intermediate.Certificate)
	ltv := w.ltv(days(1))
	later := &verify.Policy{Name: "later", Algorithms: &certificate.AlgorithmPolicy{Name: "none"}}
	w.check(t, []verdict{
		{name: "in its time", file: w.file(w.signature(nil, nil), ltv), at: days(2)},
		{name: "afterwards", file: w.file(w.signature(nil, nil), w.ltv(years(4))), at: years(4), want: verify.CryptoConstraintsFailureNoPOE},
		{name: "afterwards, by another policy", file: w.file(w.signature(nil, nil), w.ltv(years(4))), at: years(4),
			opts: func(o *verify.Options) { o.Policy = later }},
		{name: "afterwards, stamped in time", file: w.file(w.signature(nil, []at{{long, days(1)}}), ltv), at: years(4), best: days(1)},
		{name: "stamped afterwards", file: w.file(w.signature(nil, []at{{long, years(3)}}), w.ltv(years(4))), at: years(4),
			want: verify.CryptoConstraintsFailureNoPOE, best: years(3)},
		{name: "signed afterwards", file: w.file(w.signature([]at{{long, years(3)}}, nil), w.ltv(years(4))), at: years(4), want: verify.CryptoConstraintsFailure},
		{name: "document time stamp in time", file: w.file(w.signature(nil, nil), ltv, w.document(at{long, days(2)})), at: years(4), best: days(2)},
	})
}

// TestWeakEvidence: evidence that anybody could have made by the time of judgement
// counts only where it is proven to be older.
func TestWeakEvidence(t *testing.T) {
	w := newWorld(t)
	long := w.stamper(years(30), nil)
	sha224 := algorithm.Signature{Scheme: algorithm.ECDSA, Hash: algorithm.SHA224} // good until 2029
	e := evidence{certs: w.ltv(days(1)).certs, crls: [][]byte{
		crl(t, w.pki.Root, testpki.CRL{ThisUpdate: days(1), NextUpdate: years(9)}),
		crl(t, w.pki.Intermediate, testpki.CRL{ThisUpdate: days(1), NextUpdate: years(9), Signature: sha224}),
	}}
	w.check(t, []verdict{
		{name: "in its time", file: w.file(w.signature(nil, nil), e), at: years(2)},
		{name: "afterwards", file: w.file(w.signature(nil, nil), e), at: years(4), want: verify.CryptoConstraintsFailureNoPOE},
		{name: "afterwards, protected", file: w.file(w.signature(nil, nil), e, w.document(at{long, days(2)})), at: years(4), best: days(2)},
		{name: "protected too late", file: w.file(w.signature(nil, nil), e, w.document(at{long, years(3)})), at: years(4),
			want: verify.CryptoConstraintsFailureNoPOE, best: years(3)},
	})
}

// TestOtherFailures: what time has no part in.
func TestOtherFailures(t *testing.T) {
	w := newWorld(t)
	sound := w.signer
	forged := *sound
	var err error
	raw := bytes.Clone(sound.Certificate.Raw)
	raw[len(raw)-1] ^= 1
	forged.Certificate, err = certificate.Parse(raw)
	require.NoError(t, err)
	forged.Chain = []*certificate.Certificate{forged.Certificate, w.pki.Intermediate.Certificate}
	w.signer = &forged
	bad := w.file(w.signature(nil, nil), w.ltv(days(1)))
	w.signer = sound
	bare := entry{value: func(digest []byte) []byte {
		return withoutCertificates(t, w.signature(nil, nil).value(digest))
	}}
	w.check(t, []verdict{
		{name: "certificate that its issuer did not sign", file: bad, at: days(2), want: verify.ChainGeneralFailure},
		{name: "the same, signed", file: w.file(w.signature(nil, nil), w.ltv(days(1))), at: days(2)},
	})
	s := w.judgeAt(w.file(bare, w.ltv(days(1))), days(2)).Signatures[0]
	require.Equal(t, verify.NoSigningCertificateFound, s.SubIndication)
	require.Equal(t, verify.CryptoUnsupported, s.Crypto)
	s = w.judgeAt(w.file(bare, w.ltv(days(1))), days(2), func(o *verify.Options) { o.Certificates = sound.Chain }).Signatures[0]
	require.Equal(t, verify.TotalPassed, s.Indication, "%+v", s.Findings)
}

// withoutCertificates drops the field certificates of a SignedData.
func withoutCertificates(t testing.TB, der []byte) []byte {
	return editSignedData(t, der, func(parts [][]byte) [][]byte {
		return slices.DeleteFunc(parts, func(part []byte) bool { return part[0] == 0xa0 })
	})
}

// TestResponderExpired: evidence by somebody whose certificate has expired since counts
// only where it is proven to be older.
func TestResponderExpired(t *testing.T) {
	w := newWorld(t)
	long := w.stamper(years(30), nil)
	responder := w.issue(w.pki, testpki.Request{NotAfter: days(30), Subject: testpki.Name(testpki.CommonName("OCSP")), Change: func(c *testpki.Template) {
		withoutNoRevAvail(c)
		c.Extensions = append(c.Extensions, testpki.OCSPNoCheck(), testpki.ExtendedKeyUsage(false, asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 9}))
	}})
	ocsp, err := responder.SignOCSP(&testpki.OCSP{ProducedAt: days(1), Certificates: responder.Chain[:1], Responses: []testpki.OCSPSingle{
		{Certificate: w.signer.Certificate, Issuer: w.pki.Intermediate.Certificate, ThisUpdate: days(1), NextUpdate: days(60)},
	}})
	require.NoError(t, err)
	e := evidence{certs: w.ltv(days(1)).certs, crls: w.ltv(days(1)).crls[:1], ocsps: [][]byte{ocsp}}
	stamped := w.signature(nil, []at{{long, hours(1)}})
	w.check(t, []verdict{
		{name: "in time", file: w.file(stamped, e), at: days(20), best: hours(1)},
		{name: "as of a time that has passed", file: w.file(stamped, e), at: days(20), best: hours(1),
			opts: func(o *verify.Options) { o.Now = func() time.Time { return days(100) } }},
		{name: "expired since", file: w.file(stamped, e), at: days(40), want: verify.TryLater, best: hours(1)},
		{name: "expired since, itself still fresh", file: w.file(stamped, e, evidence{crls: w.ltv(days(39)).crls[:1]}), at: days(40),
			want: verify.RevocationOutOfBoundsNoPOE, best: hours(1)},
		{name: "expired since, protected", file: w.file(stamped, e, w.document(at{long, days(2)})), at: days(40), best: hours(1)},
	})
}

// TestSignedEvidence: what the signed attributes hold is as old as the signature that
// a time stamp proves, what is beside them is not.
func TestSignedEvidence(t *testing.T) {
	w := newWorld(t)
	long := w.stamper(years(30), nil)
	ltv := w.ltv(days(-1))
	signed := w.signature(nil, []at{{long, hours(1)}}, func(c *cms.Template) {
		c.Attributes = append(c.Attributes, cms.Attribute{Type: cms.OIDRevocationArchival, Values: [][]byte{archived(ltv.crls...)}})
	})
	caRevoked := evidence{crls: [][]byte{crl(t, w.pki.Root, testpki.CRL{ThisUpdate: days(5), Entries: revokedAt(w.pki.Intermediate.Certificate, days(4), 2)})}}
	w.check(t, []verdict{
		{name: "signed evidence", file: w.file(signed, caRevoked), at: days(6), best: hours(1)},
		{name: "stored evidence", file: w.file(w.signature(nil, []at{{long, hours(1)}}), ltv, caRevoked), at: days(6), want: verify.RevokedCANoPOE, best: hours(1)},
	})
}

// TestExpiredAndKnown: a certificate that expired without having been revoked.
func TestExpiredAndKnown(t *testing.T) {
	w := newWorld(t)
	since := testpki.ExpiredCertsOnCRL(years(-1))
	e := evidence{crls: [][]byte{
		crl(t, w.pki.Root, testpki.CRL{ThisUpdate: years(11)}),
		crl(t, w.pki.Intermediate, testpki.CRL{ThisUpdate: years(11), Extensions: []pkix.Extension{since}}),
	}}
	w.check(t, []verdict{
		{name: "kept on the list", file: w.file(w.signature(nil, nil), e), at: years(11).AddDate(0, 0, 1), want: verify.OutOfBoundsNotRevoked},
		{name: "maybe dropped from the list", file: w.file(w.signature(nil, nil), w.ltv(years(11))), at: years(11).AddDate(0, 0, 1), want: verify.OutOfBoundsNoPOE},
	})
}

// TestAnchorEnds: an anchor that is not trusted any more still vouches for what is
// proven to be older.
func TestAnchorEnds(t *testing.T) {
	w := newWorld(t)
	long := w.stamper(years(30), nil)
	policy := func(end time.Time) func(*verify.Options) {
		return func(o *verify.Options) {
			o.Policy = verify.Default()
			o.Policy.AnchorEnds = map[[32]byte]time.Time{w.pki.Root.Certificate.Fingerprint(): end}
		}
	}
	ltv := w.ltv(days(1))
	w.check(t, []verdict{
		{name: "not ended", file: w.file(w.signature(nil, nil), ltv), at: days(3), opts: policy(days(4))},
		{name: "ended", file: w.file(w.signature(nil, nil), ltv), at: days(5), opts: policy(days(4)), want: verify.NoCertificateChainFoundNoPOE},
		{name: "ended, stamped before", file: w.file(w.signature(nil, []at{{long, days(2)}}), ltv), at: days(5), opts: policy(days(4)), best: days(2)},
		{name: "ended, stamped after", file: w.file(w.signature(nil, []at{{long, days(4)}}), ltv), at: days(5), opts: policy(days(4)),
			want: verify.NoCertificateChainFoundNoPOE, best: days(4)},
		{name: "ended, archived before", file: w.file(w.signature(nil, nil), ltv, w.document(at{long, days(2)})), at: days(5), opts: policy(days(4)), best: days(2)},
	})
}

// TestPolicyDemands: what policies ask beyond the standard.
func TestPolicyDemands(t *testing.T) {
	w := newWorld(t)
	long := w.stamper(years(30), nil)
	ltv, early := w.ltv(days(3)), w.ltv(days(1))
	with := func(change func(*verify.Policy)) func(*verify.Options) {
		return func(o *verify.Options) {
			o.Policy = verify.Default()
			change(o.Policy)
		}
	}
	strict := func(o *verify.Options) { o.Policy = verify.Strict() }
	archive := func(o *verify.Options) { o.Policy = verify.Archive() }
	untrusted := w.issue(w.pki, testpki.Request{Profile: testpki.TimeStamperProfile, Issuer: w.pki.Root})
	stamped := w.signature(nil, []at{{long, days(2)}})
	document := asn1.ObjectIdentifier{1, 2, 3, 4}
	named := func(value any) entry {
		der, err := asn1.Marshal(value)
		require.NoError(t, err)
		return w.signature(nil, nil, func(c *cms.Template) {
			c.Attributes = append(c.Attributes, cms.Attribute{Type: cms.OIDSignaturePolicy, Values: [][]byte{der}})
		})
	}
	hashed := func(text string) entry {
		sum := sha256.Sum256([]byte(text))
		return named(policyID{document, policyHash{algorithmID{asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}}, sum[:]}})
	}
	knows := with(func(p *verify.Policy) {
		p.SignaturePolicies = []verify.SignaturePolicy{{ID: document, Document: []byte("policy")}}
		p.RequireKnownSignaturePolicy = true
	})
	other := with(func(p *verify.Policy) {
		p.SignaturePolicies = []verify.SignaturePolicy{{ID: asn1.ObjectIdentifier{1, 2, 3, 5}}}
		p.RequireSignaturePolicy = true
	})
	w.check(t, []verdict{
		{name: "strict", file: w.file(stamped, ltv), at: days(4), best: days(2), opts: strict},
		{name: "strict, no time stamp", file: w.file(w.signature(nil, nil), ltv), at: days(4), opts: strict, want: verify.SigConstraintsFailure},
		{name: "strict, evidence older than the signature", file: w.file(stamped, early), at: days(4), best: days(2), opts: strict, want: verify.TryLater},
		{name: "grace period", file: w.file(stamped, ltv), at: days(4), best: days(2), want: verify.TryLater,
			opts: with(func(p *verify.Policy) { p.RevocationAfterProof, p.GracePeriod = true, 25*time.Hour })},
		{name: "grace period over", file: w.file(stamped, ltv), at: days(4), best: days(2),
			opts: with(func(p *verify.Policy) { p.RevocationAfterProof, p.GracePeriod = true, 24*time.Hour })},
		{name: "archive, not archived", file: w.file(stamped, ltv), at: days(4), best: days(2), opts: archive, want: verify.SigConstraintsFailure},
		{name: "archive", file: w.file(stamped, ltv, w.document(at{long, days(3)})), at: days(4), best: days(2), opts: archive},
		{name: "archive, by nobody who is trusted", file: w.file(stamped, ltv, w.document(at{untrusted, days(3)})), at: days(4), best: days(2), opts: archive,
			want: verify.SigConstraintsFailure},
		{name: "archive, in the future", file: w.file(stamped, ltv, w.document(at{long, years(3)})), at: days(4), best: days(2), opts: archive,
			want: verify.SigConstraintsFailure},
		{name: "archive, not renewed", file: w.file(stamped, ltv, w.document(at{w.stamper(days(4), nil), days(3)})), at: days(6), best: days(2), opts: archive,
			want: verify.SigConstraintsFailure},
		{name: "evidence too old", file: w.file(stamped, early), at: days(5), best: days(2), want: verify.TryLater,
			opts: with(func(p *verify.Policy) { p.MaxRevocationAge = 23 * time.Hour })},
		{name: "evidence young enough", file: w.file(stamped, early), at: days(5), best: days(2),
			opts: with(func(p *verify.Policy) { p.MaxRevocationAge = 24 * time.Hour })},
		{name: "key usage", file: w.file(stamped, ltv), at: days(4), best: days(2), want: verify.ChainConstraintsFailure,
			opts: with(func(p *verify.Policy) { p.KeyUsage = x509.KeyUsageDataEncipherment })},
		{name: "certificate policy", file: w.file(stamped, ltv), at: days(4), best: days(2), want: verify.ChainConstraintsFailure,
			opts: with(func(p *verify.Policy) { p.CertificatePolicies = []asn1.ObjectIdentifier{document} })},
		{name: "unknown signature policy", file: w.file(hashed("policy"), ltv), at: days(4)},
		{name: "unknown signature policy, not accepted", file: w.file(hashed("policy"), ltv), at: days(4), opts: other, want: verify.SignaturePolicyNotAvailable},
		{name: "known signature policy", file: w.file(hashed("policy"), ltv), at: days(4), opts: knows},
		{name: "signature policy with another digest", file: w.file(hashed("Policy"), ltv), at: days(4), opts: knows, want: verify.PolicyProcessingError},
		{name: "malformed signature policy", file: w.file(named(7), ltv), at: days(4), want: verify.PolicyProcessingError},
		{name: "no signature policy", file: w.file(w.signature(nil, nil), ltv), at: days(4), opts: other, want: verify.SigConstraintsFailure},
	})
	dated := func(claimed string) entry {
		e := w.signature(nil, []at{{long, days(2)}})
		e.dictionary = "/M(" + claimed + ")"
		return e
	}
	delay := with(func(p *verify.Policy) { p.MaxTimestampDelay = time.Hour })
	w.check(t, []verdict{
		{name: "stamped soon", file: w.file(dated("D:20260403080000Z"), ltv), at: days(4), best: days(2), opts: delay},
		{name: "stamped late", file: w.file(dated("D:20260403075959Z"), ltv), at: days(4), best: days(2), opts: delay, want: verify.SigConstraintsFailure},
	})
}

type (
	policyID struct {
		ID   asn1.ObjectIdentifier
		Hash policyHash
	}
	policyHash struct {
		Algorithm algorithmID
		Value     []byte
	}
	algorithmID struct{ Algorithm asn1.ObjectIdentifier }
)

// TestUnsupportedImprint: a time stamp by a hash function that is not known says
// nothing, and nothing else depends on it.
func TestUnsupportedImprint(t *testing.T) {
	w := newWorld(t)
	unknown := func(digest []byte) []byte {
		der, err := w.stamp.Stamp(&testpki.Token{Digest: digest, Time: days(1), Change: func(info []byte) []byte {
			oid := []byte{6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1}
			i := bytes.Index(info, oid)
			require.Positive(t, i)
			info[i+len(oid)-1] = 99
			return info
		}})
		require.NoError(t, err)
		return der
	}
	document := w.timestamp(t)
	document.value = unknown
	s := w.judgeAt(w.file(w.signature(nil, nil), w.ltv(days(1)), document), days(2)).Signatures[1]
	require.Equal(t, verify.CryptoUnsupported, s.Crypto)
	require.Equal(t, verify.CryptoConstraintsFailure, s.SubIndication)
	require.False(t, s.Timestamps[0].Valid)

	inside := entry{value: func(digest []byte) []byte {
		sd, _, err := cms.Parse(w.signature(nil, nil, func(c *cms.Template) {
			c.Attributes = append(c.Attributes, cms.Attribute{Type: cms.OIDContentTimeStamp, Values: [][]byte{unknown(digest), {0x30, 0}}})
		}).value(digest))
		require.NoError(t, err)
		der, err := sd.AddUnsigned(cms.Attribute{Type: cms.OIDSignatureTimeStamp, Values: [][]byte{unknown(digest), {0x30, 0}}})
		require.NoError(t, err)
		return der
	}}
	data := w.file(inside, w.ltv(days(1)))
	s = w.judgeAt(data, days(2)).Signatures[0]
	require.Equal(t, verify.CryptoConstraintsFailure, s.SubIndication, "the file holds validation data, and nothing proves when the signature existed")
	require.Contains(t, codes(s.Findings), "policy.long-term")
	s = w.judgeAt(data, days(2), func(o *verify.Options) { o.Policy = &verify.Policy{} }).Signatures[0]
	require.Equal(t, verify.TotalPassed, s.Indication, "%+v", s.Findings)
	require.Len(t, s.Timestamps, 3, "%+v", s)
	for _, stamp := range s.Timestamps {
		require.False(t, stamp.Valid)
		require.NotEqual(t, verify.TotalPassed, stamp.Indication)
	}
	require.Subset(t, codes(s.Findings), []string{"content-time-stamp.unreadable", "signature-time-stamp.unreadable", "time-stamp.invalid"})
}
