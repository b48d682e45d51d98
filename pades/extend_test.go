package pades_test

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
)

// Every level is raised to every higher one, by the fewest stamps.
func TestExtendLevels(t *testing.T) {
	for _, c := range []struct {
		from, to pades.Level
		stamps   int
	}{
		{pades.BB, pades.BT, 1}, {pades.BB, pades.BLT, 1}, {pades.BB, pades.BLTA, 2},
		{pades.BT, pades.BT, 0}, {pades.BT, pades.BLT, 0}, {pades.BT, pades.BLTA, 1},
		{pades.BLT, pades.BT, 0}, {pades.BLT, pades.BLT, 0}, {pades.BLT, pades.BLTA, 1},
		{pades.BLTA, pades.BT, 0}, {pades.BLTA, pades.BLT, 0}, {pades.BLTA, pades.BLTA, 1},
	} {
		t.Run(c.from.String()+" to "+c.to.String(), func(t *testing.T) {
			h := newHouse(t)
			data := h.sign(t, c.from)
			before := h.Stamps()
			extended := h.extend(t, data, c.to)
			require.Equal(t, c.stamps, h.Stamps()-before)
			if c.to >= pades.BLT {
				h.passes(t, extended, h.PKI.Now(), max(c.from, c.to))
			} else {
				require.Equal(t, max(c.from, c.to).String(), h.judge(t, extended, h.PKI.Now()).Signatures[0].Level)
			}
			if c.to <= c.from && c.to < pades.BLTA {
				require.Equal(t, data, extended, "nothing is to be added")
			}
		})
	}
}

// Signatures of three parties at three levels are raised together.
func TestExtendManySignatures(t *testing.T) {
	h := newHouse(t)
	d := h.document(t, testpdf.Contract(2, testpdf.Stream).Bytes())
	for i, level := range []pades.Level{pades.BB, pades.BLT, pades.BT} {
		s := h.issue(t, &testpki.Request{Subject: testpki.Person(testpki.JapaneseNames()[i]), Role: testpki.Role("party " + string(rune('1'+i)))})
		require.NoError(t, d.Sign(t.Context(), s, h.options(level)))
	}
	before := h.Stamps()
	extended := h.extend(t, content(t, d), pades.BLTA)
	require.Equal(t, 2, h.Stamps()-before, "one for the signature without any, one for the archive")
	r := h.judge(t, extended, h.PKI.Now())
	require.True(t, r.Passed(), "%s", findings(r))
	for _, s := range r.Signatures[:3] {
		require.Equal(t, "PAdES-B-LTA", s.Level)
	}
}

// broken returns a file with two signatures that was changed between them.
func broken(t testing.TB, h *house) []byte {
	t.Helper()
	d := h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(t.Context(), h.signer, h.options(pades.BT)))
	data := content(t, d)
	data[bytes.Index(data, []byte("Higashikagura"))] = 'J'
	d = h.document(t, data)
	other := h.issue(t, &testpki.Request{Subject: testpki.Person("鈴木一郎"), Role: testpki.OtherRole})
	require.NoError(t, d.Sign(t.Context(), other, h.options(pades.BB)))
	return content(t, d)
}

// Somebody else's damaged signature does not get in the way, unless it is told to.
func TestExtendBesideBrokenSignature(t *testing.T) {
	h := newHouse(t)
	data := broken(t, h)
	var warnings []string
	o := h.extension(pades.BLTA)
	o.Warn = func(w string) { warnings = append(warnings, w) }
	d := h.document(t, data)
	require.NoError(t, d.Extend(t.Context(), o))
	require.Len(t, warnings, 1, "%v", warnings)
	require.Contains(t, warnings[0], `"Signature1"`)
	r := h.judge(t, content(t, d), h.PKI.Now())
	require.NotEqual(t, verify.TotalPassed, r.Signatures[0].Indication)
	require.Equal(t, verify.TotalPassed, r.Signatures[1].Indication, findings(r))
	require.Equal(t, "PAdES-B-LTA", r.Signatures[1].Level)

	// Who says that all are intact is believed: nothing is verified then.
	warnings, o.Intact = nil, true
	d = h.document(t, data)
	require.NoError(t, d.Extend(t.Context(), o))
	require.Empty(t, warnings)
	r = h.judge(t, content(t, d), h.PKI.Now())
	require.NotEqual(t, verify.TotalPassed, r.Signatures[0].Indication)
	require.Equal(t, verify.TotalPassed, r.Signatures[1].Indication, findings(r))
	o.Intact = false

	o.Evidence = &pades.EvidencePolicy{OnGap: func(g *pades.Gap) pades.GapAction { return pades.GapFails }}
	d = h.document(t, data)
	var missing *pades.EvidenceError
	require.ErrorAs(t, d.Extend(t.Context(), o), &missing)
	require.Equal(t, pades.GapSignature, missing.Gaps[0].Kind)
	require.Equal(t, data, content(t, d))
}

// A signer whom nobody trusts, one that has expired and one that was revoked get an
// archive time stamp over what there is.
func TestExtendBesideOthers(t *testing.T) {
	for name, c := range map[string]struct {
		signer func(h *house) *pades.Signer
		later  time.Duration
		kind   pades.GapKind
	}{
		"untrusted": {func(h *house) *pades.Signer { return selfSigned(t) }, 0, pades.GapPath},
		"expired": {func(h *house) *pades.Signer {
			return h.issue(t, &testpki.Request{NotAfter: testpki.Now().AddDate(1, 0, 0)})
		}, 2 * 365 * 24 * time.Hour, pades.GapValidity},
		"revoked": {func(h *house) *pades.Signer {
			h.Revoke(h.signer.Chain[0], testpki.Now().Add(-time.Hour), 1)
			return h.signer
		}, 0, pades.GapRevoked},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			d := h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
			require.NoError(t, d.Sign(t.Context(), c.signer(h), nil))
			h.SetNow(h.PKI.Now().Add(c.later))
			var kinds []pades.GapKind
			o := h.extension(pades.BLTA)
			o.Evidence = &pades.EvidencePolicy{OnGap: func(g *pades.Gap) pades.GapAction {
				kinds = append(kinds, g.Kind)
				return pades.GapAllowed
			}}
			data := content(t, d)
			d = h.document(t, data)
			require.NoError(t, d.Extend(t.Context(), o))
			require.Equal(t, []pades.GapKind{c.kind}, kinds)
			require.Len(t, signatures(t, content(t, d)), 3)

			o.Evidence = nil // the same by default
			d = h.document(t, data)
			require.NoError(t, d.Extend(t.Context(), o))
		})
	}
}

// selfSigned is a signer with a certificate that nobody issued.
func selfSigned(t testing.TB) *pades.Signer {
	t.Helper()
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	return &pades.Signer{Key: pki.Root.Key, Chain: []*certificate.Certificate{pki.Root.Certificate}}
}

// What cannot be had at the moment stops the work by default, and nothing is stamped over.
func TestExtendWithoutEvidence(t *testing.T) {
	h := newHouse(t)
	data := h.sign(t, pades.BT)
	h.Break(testpki.OCSPService, testpki.Unavailable)
	h.Break(testpki.CRLService, testpki.Unavailable)
	d := h.document(t, data)
	stamped := h.Stamps()
	require.ErrorIs(t, d.Extend(t.Context(), h.extension(pades.BLTA)), pades.ErrEvidence)
	require.Equal(t, data, content(t, d))
	require.Equal(t, stamped, h.Stamps())

	var named []string
	o := h.extension(pades.BLTA)
	o.Evidence = &pades.EvidencePolicy{OnGap: func(g *pades.Gap) pades.GapAction {
		named = append(named, g.Field)
		if g.Field == "Signature1" {
			return pades.GapAllowed
		}
		return pades.GapFails
	}}
	require.NoError(t, d.Extend(t.Context(), o))
	require.NotEmpty(t, named)
	require.Equal(t, stamped+1, h.Stamps())
}

func TestExtendRefuses(t *testing.T) {
	h := newHouse(t)
	plain := testpdf.Contract(1, testpdf.Table).Bytes()
	d := h.document(t, plain)
	require.ErrorIs(t, d.Extend(t.Context(), h.extension(pades.BLTA)), pades.ErrUnsigned)
	require.ErrorIs(t, d.Extend(t.Context(), nil), pades.ErrOptions)
	require.ErrorIs(t, d.Extend(t.Context(), &pades.ExtendOptions{}), pades.ErrOptions)
	require.ErrorIs(t, d.Extend(t.Context(), &pades.ExtendOptions{Level: pades.BT}), pades.ErrOptions)
	require.ErrorIs(t, d.Extend(t.Context(), &pades.ExtendOptions{Level: pades.BLT}), pades.ErrOptions)
	require.Equal(t, plain, content(t, d))

	// B-LT needs no authority where everything is stamped, and says so where it does.
	o := h.extension(pades.BLT)
	o.TSA = nil
	d = h.document(t, h.sign(t, pades.BT))
	require.NoError(t, d.Extend(t.Context(), o))
	d = h.document(t, h.sign(t, pades.BB))
	require.ErrorIs(t, d.Extend(t.Context(), o), pades.ErrOptions)
}

// A document time stamp needs no signature, and renews like any.
func TestTimestampAlone(t *testing.T) {
	for _, form := range testpdf.Forms {
		h := newHouse(t)
		plain := testpdf.Contract(1, form).Bytes()
		d := h.document(t, plain)
		require.NoError(t, d.Timestamp(t.Context(), &pades.TimestampOptions{TSA: h.tsa(), NewField: "Zeitstempel"}))
		data := content(t, d)
		require.True(t, bytes.HasPrefix(data, plain))
		require.Equal(t, "Zeitstempel", signatures(t, data)[0].Name)
		extended := h.extend(t, data, pades.BLTA)
		h2 := h.judge(t, extended, h.PKI.Now())
		require.Len(t, h2.Signatures, 2)
		for _, s := range h2.Signatures {
			require.Equal(t, verify.TotalPassed, s.Indication, findings(h2))
		}
	}
	d := document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	for _, o := range []*pades.TimestampOptions{
		nil, {}, {TSA: newAuthority(t), StampHash: 99}, {TSA: newAuthority(t), Page: -1}, {TSA: newAuthority(t), ContentsSize: -1},
	} {
		require.ErrorIs(t, d.Timestamp(t.Context(), o), pades.ErrOptions)
	}
	var room *pades.RoomError
	require.ErrorAs(t, d.Timestamp(t.Context(), &pades.TimestampOptions{TSA: newAuthority(t), ContentsSize: 100}), &room)
}

// certified returns a contract whose first signature permits no change at all, made by
// hand since this package makes none. Change, if not nil, alters the CMS object.
func certified(t testing.TB, s *pades.Signer, change func(*cms.SignedData) ([]byte, error), attributes ...cms.Attribute) []byte {
	t.Helper()
	const room = 8192
	f := testpdf.Contract(1, testpdf.Table)
	for i := range f.Objects {
		switch o := &f.Objects[i]; o.Number {
		case 1:
			o.Body = strings.Replace(o.Body, "<<", "<</Perms<</DocMDP 60 0 R>>", 1)
		case 3:
			o.Body = strings.Replace(strings.Replace(o.Body, "/Fields[", "/Fields[61 0 R ", 1), "<<", "<</SigFlags 3", 1)
		}
	}
	ranges := strings.Repeat(" ", 60)
	f.Objects = append(f.Objects,
		plain(60, "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0", ranges, "]",
			"/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]/Contents<", strings.Repeat("0", 2*room), ">>>"),
		plain(61, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Certified)/V 60 0 R/F 132/Rect[0 0 0 0]/P 10 0 R>>"))
	data := f.Bytes()
	gap := testpdf.MustIndex(data, "/Contents<", 0) + len("/Contents")
	end := gap + 2*room + len("<>")
	copy(data[testpdf.MustIndex(data, ranges, 0):], fmt.Sprintf(" %d %d %d", gap, end, len(data)-end))
	digest := sha256.Sum256(slices.Concat(data[:gap], data[end:]))
	algorithm, err := cms.AlgorithmFor(s.Chain[0].PublicKey)
	require.NoError(t, err)
	template := &cms.Template{Algorithm: algorithm, ContentDigest: digest[:], Certificate: s.Chain[0], Chain: s.Chain[1:], Attributes: attributes}
	der, err := template.Sign(t.Context(), nil, s.Key)
	require.NoError(t, err)
	if change != nil {
		sd, _, err := cms.Parse(der)
		require.NoError(t, err)
		der, err = change(sd)
		require.NoError(t, err)
	}
	hex.Encode(data[gap+1:], der)
	return data
}

// A certification that permits no change, in the old format besides, is protected all the
// same: validation data and time stamps are no changes.
func TestExtendCertified(t *testing.T) {
	h := newHouse(t)
	data := certified(t, h.signer, nil)
	d := h.document(t, data)
	require.ErrorIs(t, d.Sign(t.Context(), h.signer, nil), pades.ErrNotPermitted)
	extended := h.extend(t, data, pades.BLTA)
	r := h.judge(t, extended, h.PKI.Now())
	require.True(t, r.Passed(), "%s", findings(r))
	require.Equal(t, "PKCS7-LTA", r.Signatures[0].Level)
	require.Equal(t, 1, r.Signatures[0].DocMDP)
	require.True(t, r.Signatures[0].ChangesAllowed)
}

// The extension of PDF 1.7 is declared once, in whatever form the entry stands.
func TestExtensionsDeclared(t *testing.T) {
	h := newHouse(t)
	for name, c := range map[string]struct{ header, entry, want string }{
		"absent":      {"", "", "<</ESIC<</BaseVersion/1.7/ExtensionLevel 2>>>>"},
		"another":     {"", "/Extensions<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>>>", "<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>/ESIC<</BaseVersion/1.7/ExtensionLevel 2>>>>"},
		"there":       {"", "/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 5>>>>", "<</ESIC<</BaseVersion/1.7/ExtensionLevel 5>>>>"},
		"PDF 2.0":     {"%PDF-2.0\n%\xe2\xe3\xcf\xd3\n", "", ""},
		"PDF 1.4":     {"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "", ""},
		"1.4 to 1.7":  {"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "/Version/1.7", "<</ESIC<</BaseVersion/1.7/ExtensionLevel 2>>>>"},
		"in a number": {"", "/Extensions 40 0 R", "40 0 R"},
	} {
		t.Run(name, func(t *testing.T) {
			f := testpdf.Contract(1, testpdf.Table)
			f.Header = c.header
			for i := range f.Objects {
				if f.Objects[i].Number == 1 {
					f.Objects[i].Body = strings.Replace(f.Objects[i].Body, "<<", "<<"+c.entry, 1)
				}
			}
			f.Objects = append(f.Objects, plain(40, "<</GTS <</BaseVersion/1.7/ExtensionLevel 1>>>>"))
			d := h.document(t, f.Bytes())
			require.NoError(t, d.Sign(t.Context(), h.signer, h.options(pades.BLTA)))
			data := content(t, d)
			catalog, err := open(t, data).Latest().Catalog()
			require.NoError(t, err)
			value := ""
			for _, e := range catalog.Dict().Entries {
				if e.Key == "Extensions" {
					value = strings.TrimSpace(string(catalog.Raw[e.ValueSpan.Start:e.ValueSpan.End]))
				}
			}
			require.Equal(t, c.want, value)
			if name == "in a number" {
				o, err := open(t, data).Latest().Object(pdf.Reference{Number: 40})
				require.NoError(t, err)
				require.True(t, o.Dict().Has("ESIC"))
				require.True(t, o.Dict().Has("GTS"))
			}
			h.passes(t, data, h.PKI.Now(), pades.BLTA)
		})
	}
}

// After an error a document can be extended as if nothing had been.
func TestExtendFailsHalfway(t *testing.T) {
	h := newHouse(t)
	data := h.sign(t, pades.BB)
	down := errors.New("down")
	good := h.tsa()
	for after := range 2 {
		flaky := newAuthority(t)
		flaky.id, flaky.now = mustStamper(t, h), h.PKI.Now
		flaky.change = func(*testpki.Token) error {
			if flaky.stamps > after {
				return down
			}
			return nil
		}
		d := h.document(t, data)
		o := h.extension(pades.BLTA)
		o.TSA = flaky
		require.ErrorIs(t, d.Extend(t.Context(), o), down)
		require.Equal(t, data, content(t, d))
		o.TSA = good
		require.NoError(t, d.Extend(t.Context(), o))
		h.passes(t, content(t, d), h.PKI.Now(), pades.BLTA)
	}
}

func newKey(t testing.TB) crypto.Signer {
	t.Helper()
	key, err := testpki.FreshKeys("", testpki.P256)
	require.NoError(t, err)
	return key
}

func mustStamper(t testing.TB, h *house) *testpki.Identity {
	t.Helper()
	id, err := h.TimeStamper()
	require.NoError(t, err)
	return id
}

// basicResponse returns the BasicOCSPResponse inside an OCSPResponse.
func basicResponse(t testing.TB, der []byte) []byte {
	t.Helper()
	var outer, status, explicit, inner, oid, basic cryptobyte.String
	in := cryptobyte.String(der)
	require.True(t, in.ReadASN1(&outer, cbasn1.SEQUENCE) && outer.ReadASN1(&status, cbasn1.ENUM) &&
		outer.ReadASN1(&explicit, cbasn1.Tag(0).ContextSpecific().Constructed()) && explicit.ReadASN1(&inner, cbasn1.SEQUENCE) &&
		inner.ReadASN1(&oid, cbasn1.OBJECT_IDENTIFIER) && inner.ReadASN1(&basic, cbasn1.OCTET_STRING))
	return basic
}

// Revocation data inside a signature, in the form of Adobe or of CAdES, are used before
// any are fetched, and stored in the form that the store wants.
func TestExtendUsesEmbeddedEvidence(t *testing.T) {
	h := newHouse(t)
	responses := valuesOf(t, store(t, h.sign(t, pades.BLT)))["OCSPs"]
	require.Len(t, responses, 3)
	archive := func(responses ...[]byte) []byte {
		var b cryptobyte.Builder
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.Tag(1).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					for _, der := range responses {
						b.AddBytes(der)
					}
				})
			})
		})
		return b.BytesOrPanic()
	}
	adobe := certified(t, h.signer, nil, cms.Attribute{Type: cms.OIDRevocationArchival, Values: [][]byte{archive(responses...)}})
	cades := certified(t, h.signer, func(sd *cms.SignedData) ([]byte, error) {
		var basic [][]byte
		for _, der := range responses {
			basic = append(basic, basicResponse(t, der))
		}
		return sd.AddUnsigned(cms.Attribute{Type: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 24}, Values: [][]byte{archive(basic...)}})
	})
	for name, data := range map[string][]byte{"Adobe": adobe, "CAdES": cades} {
		t.Run(name, func(t *testing.T) {
			asked := h.Requests(testpki.OCSPService)
			extended := h.extend(t, data, pades.BLTA)
			require.Equal(t, asked, h.Requests(testpki.OCSPService))
			require.ElementsMatch(t, responses, valuesOf(t, store(t, extended))["OCSPs"])
			r := h.judge(t, extended, h.PKI.Now())
			require.True(t, r.Passed(), "%s", findings(r))
		})
	}
}
