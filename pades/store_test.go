package pades_test

import (
	"bytes"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
)

// values are the arrays of a security store, decoded.
type values map[string][][]byte

func valuesOf(t testing.TB, s *sigdict.Store) values {
	t.Helper()
	v := values{}
	for key, refs := range map[string][]pdf.Reference{"Certs": s.Certificates, "OCSPs": s.OCSPs, "CRLs": s.CRLs} {
		for _, ref := range refs {
			der, err := s.Value(ref)
			require.NoError(t, err)
			v[key] = append(v[key], der)
		}
	}
	return v
}

// without returns the values but one.
func (v values) without(key string, n int) values {
	w := values{}
	for k, list := range v {
		for i, der := range list {
			if k != key || i != n {
				w[k] = append(w[k], der)
			}
		}
	}
	return w
}

// withStore appends an update with a security store of these values. With a key, only the
// list of that signature names them.
func withStore(t testing.TB, data []byte, v values, key string) []byte {
	t.Helper()
	view := open(t, data).Latest()
	catalog, err := view.Catalog()
	require.NoError(t, err)
	u := pdf.NewUpdate(view)
	body := []byte("<</Type/DSS")
	if key != "" {
		body = append(append(append(body, "/VRI<</"...), key...), "<<"...)
	}
	for _, array := range []string{"Certs", "OCSPs", "CRLs"} {
		if key != "" {
			body = append(append(append(body, '/'), strings.TrimSuffix(array, "s")...), '[')
		} else {
			body = append(append(append(body, '/'), array...), '[')
		}
		for _, der := range v[array] {
			ref := u.New()
			u.PutStream(ref, []byte("<<>>"), der)
			body = append(pdf.AppendReference(body, ref), ' ')
		}
		body = append(body, ']')
	}
	if key != "" {
		body = append(body, ">>>>"...)
	}
	dss := u.New()
	u.Put(dss, append(body, ">>"...))
	u.Replace(catalog, pdf.Edit(catalog).Set("DSS", pdf.AppendReference(nil, dss)).Bytes())
	tail, err := u.Build()
	require.NoError(t, err)
	return append(bytes.Clone(data), tail.Bytes...)
}

// Without any one value that is held nowhere else the file does not pass offline any more,
// by the policy that is used where none is named; what is held elsewhere as well is a
// certificate of a path, and nothing else. Data that only the list of a signature names
// count as well.
func TestEveryValueIsNeeded(t *testing.T) {
	for name, c := range map[string]struct {
		lists  bool // CRLs in place of responses
		counts [3]int
		needed int
	}{
		"responses": {false, [3]int{5, 3, 0}, 4},
		"lists":     {true, [3]int{4, 0, 2}, 3},
	} {
		for _, related := range []bool{false, true} {
			t.Run(fmt.Sprint(name, " ", related), func(t *testing.T) {
				h := newHouse(t)
				if c.lists {
					h.Break(testpki.OCSPService, testpki.Unavailable)
				}
				stamper := h.authorityUntil(t, years(5), false)
				stamper.Chain = nil
				h.signer.Chain = h.signer.Chain[:1] // the issuer is to be fetched
				o := h.options(pades.BLT)
				o.TSA = stamper
				d := h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
				require.NoError(t, d.Sign(t.Context(), h.signer, o))
				data := content(t, d)
				h.passes(t, data, h.PKI.Now(), pades.BLT)
				signed := data[:signedEnd(t, data)]
				v := valuesOf(t, store(t, data))
				require.Equal(t, c.counts, [3]int{len(v["Certs"]), len(v["OCSPs"]), len(v["CRLs"])})
				key := ""
				if related {
					key = fmt.Sprintf("%X", sha1.Sum(signatures(t, data)[0].Signature.Contents.Value))
				}
				passes := func(v values) bool {
					file := withStore(t, signed, v, key)
					r, _ := verify.Reader(t.Context(), bytes.NewReader(file), int64(len(file)), &verify.Options{Trust: h.PKI.Pool(), At: h.PKI.Now().Add(time.Minute)})
					require.True(t, r.Intact)
					if !r.Passed() {
						require.Equal(t, verify.Indeterminate, r.Signatures[0].Indication)
					}
					return r.Passed()
				}
				require.True(t, passes(v), "the store as it is")
				needed := 0
				for array, list := range v {
					for i, der := range list {
						if !passes(v.without(array, i)) {
							needed++
							continue
						}
						held, err := certificate.Parse(der)
						require.NoError(t, err, "%s %d is not needed", array, i)
						elsewhere := []*certificate.Certificate{h.PKI.Root.Certificate, stamper.Certificate, h.signer.Chain[0], h.Responder.Certificate}
						require.True(t, slices.ContainsFunc(elsewhere, held.Equal), "%v is not needed", held.Subject)
					}
				}
				require.Equal(t, c.needed, needed, "all revocation data, and the issuer's certificate")
			})
		}
	}
}

// signedEnd returns where the revision with the first signature ends.
func signedEnd(t testing.TB, data []byte) int64 {
	t.Helper()
	r, ok := signatures(t, data)[0].Signature.ByteRange.Four()
	require.True(t, ok)
	return r[2] + r[3]
}

// Values that are there already are used again: in the store, in the list of another
// signature, and inside signatures; what others put there stays.
func TestStoreOfOthers(t *testing.T) {
	h := newHouse(t)
	full := valuesOf(t, store(t, h.sign(t, pades.BLT)))
	signed := h.sign(t, pades.BT)
	junk := []byte("no certificate")
	for name, body := range map[string]string{
		"in one dictionary": "<</Type/DSS/Other(kept)/Certs[70 0 R 71 0 R]/OCSPs 73 0 R>>",
		"arrays alone":      "<</OCSPs 73 0 R/Other(kept)/Certs 74 0 R>>",
		"a list of its own": "<</Type/DSS/Other(kept)/Certs[70 0 R]/VRI<</00<</Cert[71 0 R]/OCSP[72 0 R]/TU(D:2026)>>>>>>",
	} {
		for _, direct := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				view := open(t, signed).Latest()
				catalog, err := view.Catalog()
				require.NoError(t, err)
				u := pdf.NewUpdate(view)
				put := func(n int64, der []byte) { u.PutStream(pdf.Reference{Number: n}, []byte("<<>>"), der) }
				put(70, junk)
				put(71, full["Certs"][0])
				put(72, full["OCSPs"][0])
				u.Put(pdf.Reference{Number: 73}, []byte("[72 0 R]"))
				u.Put(pdf.Reference{Number: 74}, []byte("[70 0 R]"))
				value := []byte(body)
				if !direct {
					u.Put(pdf.Reference{Number: 75}, value)
					value = []byte("75 0 R")
				}
				u.Replace(catalog, pdf.Edit(catalog).Set("DSS", value).Bytes())
				tail, err := u.Build()
				require.NoError(t, err)
				data := append(bytes.Clone(signed), tail.Bytes...)

				asked := h.Requests(testpki.OCSPService)
				extended := h.extend(t, data, pades.BLT)
				require.Equal(t, 2, h.Requests(testpki.OCSPService)-asked)
				added := extended[len(data):]
				require.False(t, bytes.Contains(added, junk))
				require.False(t, bytes.Contains(added, full["OCSPs"][0]), "written again")
				require.Equal(t, !strings.Contains(body, "71 0"), bytes.Contains(added, full["Certs"][0]))
				s := store(t, extended)
				require.Contains(t, string(s.Object.Raw), "(kept)")
				got := valuesOf(t, s)
				require.Equal(t, junk, got["Certs"][0])
				require.Len(t, got["OCSPs"], 3)
				for _, der := range full["Certs"] {
					require.Contains(t, got["Certs"], der)
				}
				if strings.Contains(body, "VRI") {
					require.Equal(t, "D:2026", s.Related["00"].Time)
				}
				require.Equal(t, extended, h.extend(t, extended, pades.BLT), "nothing is left to be added")
			})
		}
	}
}

// Arrays that stand in one object, as empty ones of some producers do, go separate ways:
// nothing that is added to one gets lost by adding to the other.
func TestSharedArrays(t *testing.T) {
	h := newHouse(t)
	signed := h.sign(t, pades.BT)
	full := valuesOf(t, store(t, h.sign(t, pades.BLT)))
	for _, direct := range []bool{true, false} {
		view := open(t, signed).Latest()
		catalog, err := view.Catalog()
		require.NoError(t, err)
		u := pdf.NewUpdate(view)
		u.Put(pdf.Reference{Number: 73}, []byte("[]"))
		value := []byte("<</Certs 73 0 R/OCSPs 73 0 R/CRLs 73 0 R>>")
		if !direct {
			u.Put(pdf.Reference{Number: 75}, value)
			value = []byte("75 0 R")
		}
		u.Replace(catalog, pdf.Edit(catalog).Set("DSS", value).Bytes())
		tail, err := u.Build()
		require.NoError(t, err)
		extended := h.extend(t, append(bytes.Clone(signed), tail.Bytes...), pades.BLTA)
		got := valuesOf(t, store(t, extended))
		require.Len(t, got["Certs"], len(full["Certs"]))
		require.Len(t, got["OCSPs"], len(full["OCSPs"]))
		require.Empty(t, got["CRLs"])
		h.passes(t, extended, h.PKI.Now(), pades.BLTA)
	}
}

// Two signatures whose lists stand in one object go on sharing it: what is added for the
// one is not lost by adding for the other.
func TestSharedRelatedData(t *testing.T) {
	h := newHouse(t)
	d := h.document(t, testpdf.Contract(2, testpdf.Stream).Bytes())
	require.NoError(t, d.Sign(t.Context(), h.signer, h.options(pades.BT)))
	other := h.issue(t, &testpki.Request{Subject: testpki.Person("鈴木一郎"), Role: testpki.OtherRole})
	require.NoError(t, d.Sign(t.Context(), other, h.options(pades.BT)))
	signed := content(t, d)
	var keys []string
	for _, f := range signatures(t, signed) {
		keys = append(keys, fmt.Sprintf("%X", sha1.Sum(f.Signature.Contents.Value)))
	}
	for name, related := range map[string]string{
		"one object":    "OBJECT",
		"what is null":  "null",
		"what is not":   "9001 0 R",
		"each its own":  "<</TU(D:2026)>>",
		"null, at that": "",
	} {
		t.Run(name, func(t *testing.T) {
			view := open(t, signed).Latest()
			catalog, err := view.Catalog()
			require.NoError(t, err)
			u := pdf.NewUpdate(view)
			dss := "<</CRLs 9002 0 R/VRI<</" + keys[0] + " " + related + "/" + keys[1] + " " + related + ">>>>"
			switch related {
			case "OBJECT":
				shared := u.New()
				u.Put(shared, []byte("<</TU(D:2026)>>"))
				dss = strings.ReplaceAll(dss, related, string(pdf.AppendReference(nil, shared)))
			case "":
				dss = "<</Certs null/VRI null>>"
			}
			u.Replace(catalog, pdf.Edit(catalog).Set("DSS", []byte(dss)).Bytes())
			tail, err := u.Build()
			require.NoError(t, err)
			data := append(bytes.Clone(signed), tail.Bytes...)
			require.True(t, h.judge(t, data, h.PKI.Now()).Intact, findings(h.judge(t, data, h.PKI.Now())))
			e := h.extension(pades.BLT)
			e.Evidence = &pades.EvidencePolicy{VRI: true}
			d := h.document(t, data)
			require.NoError(t, d.Extend(t.Context(), e))
			extended := content(t, d)
			s := store(t, extended)
			more := 0
			if related == "OBJECT" { // what the other one needs
				more = 1
			}
			for _, key := range keys {
				require.Len(t, s.Related[key].OCSPs, 3+more)
				require.Len(t, s.Related[key].Certificates, 5+more)
				require.Equal(t, strings.ContainsAny(related, "O<"), s.Related[key].Time == "D:2026")
			}
			if related == "OBJECT" {
				require.Equal(t, s.Related[keys[0]], s.Related[keys[1]])
			}
			h.passes(t, extended, h.PKI.Now(), pades.BLT)
			d = h.document(t, extended)
			require.NoError(t, d.Extend(t.Context(), e))
			require.Equal(t, extended, content(t, d), "nothing is left to be added")
		})
	}
}

// What an earlier revision had and a later one dropped is used, and put back.
func TestStoreDropped(t *testing.T) {
	h := newHouse(t)
	data := h.sign(t, pades.BLT)
	dropped := withStore(t, data, values{}, "")
	asked := h.Requests(testpki.OCSPService)
	extended := h.extend(t, dropped, pades.BLT)
	require.Equal(t, asked, h.Requests(testpki.OCSPService))
	require.Equal(t, valuesOf(t, store(t, data)), valuesOf(t, store(t, extended)))
}

// Evidence that the caller has is used before any is fetched.
func TestGivenEvidence(t *testing.T) {
	h := newHouse(t)
	o := h.options(pades.BLT)
	o.Evidence = &pades.EvidencePolicy{}
	for _, der := range valuesOf(t, store(t, h.sign(t, pades.BLT)))["OCSPs"] {
		o.Evidence.Given = append(o.Evidence.Given, &revocation.Evidence{Raw: der})
	}
	o.Evidence.Certificates = h.signer.Chain[1:]
	asked := h.Requests(testpki.OCSPService) + h.Requests(testpki.IssuerService)
	d := h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(t.Context(), &pades.Signer{Key: h.signer.Key, Chain: h.signer.Chain[:1]}, o))
	require.Equal(t, asked, h.Requests(testpki.OCSPService)+h.Requests(testpki.IssuerService))
	h.passes(t, content(t, d), h.PKI.Now().Add(time.Hour), pades.BLT)
}

// CRLs serve where there is no responder, and the store holds them as they came.
func TestCRLsInStore(t *testing.T) {
	h := newHouse(t)
	h.Break(testpki.OCSPService, testpki.Unavailable)
	h.Break(testpki.CRLService, testpki.PEM)
	data := h.sign(t, pades.BLTA)
	s := store(t, data)
	require.Empty(t, s.OCSPs)
	require.Len(t, s.CRLs, 2, "of the root, and of the issuing authority for both its certificates")
	for _, der := range valuesOf(t, s)["CRLs"] {
		crl, err := revocation.ParseCRL(der)
		require.NoError(t, err)
		require.False(t, crl.PEM)
	}
	h.passes(t, data, h.PKI.Now(), pades.BLTA)
}

// Who signs CRLs for others is proven as well: its certificate and the evidence about it
// are stored, and so is all that they need.
func TestSignerOfCRLs(t *testing.T) {
	h := newHouse(t)
	name := testpki.Name(testpki.Country("JP"), testpki.Organization("Inkan Test"), testpki.CommonName("Inkan Test CRL Signer"))
	lists, err := h.PKI.Issue(&testpki.Request{Issuer: h.PKI.Root, Key: newKey(t), Subject: name, Change: func(c *testpki.Template) {
		c.Extensions = append(c.Extensions[:2:2], testpki.KeyUsage(x509.KeyUsageCRLSign))
	}})
	require.NoError(t, err)
	leaf, err := h.PKI.Issue(&testpki.Request{Issuer: h.PKI.Root, Key: newKey(t), Change: func(c *testpki.Template) {
		c.Extensions = append(c.Extensions[:3:3], testpki.CRLDistributionPoints(&testpki.Point{Issuer: name}))
	}})
	require.NoError(t, err)
	indirect, err := lists.SignCRL(&testpki.CRL{Number: big.NewInt(1), Extensions: []pkix.Extension{testpki.IssuingDistributionPoint(&testpki.Point{Indirect: true})}})
	require.NoError(t, err)
	direct, err := h.PKI.Root.SignCRL(&testpki.CRL{Number: big.NewInt(1)})
	require.NoError(t, err)
	stranger, err := h.SecondRoot.SignCRL(&testpki.CRL{Number: big.NewInt(1)})
	require.NoError(t, err)

	o := h.options(pades.BLTA)
	o.TSA, o.Revocation = h.authorityUntil(t, years(5), true), offline{}
	o.Evidence = &pades.EvidencePolicy{Certificates: []*certificate.Certificate{lists.Certificate, h.SecondRoot.Certificate}}
	for _, der := range [][]byte{indirect, direct, stranger} {
		o.Evidence.Given = append(o.Evidence.Given, &revocation.Evidence{Raw: der})
	}
	d := h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(t.Context(), &pades.Signer{Key: leaf.Key, Chain: leaf.Chain}, o))
	data := content(t, d)
	v := valuesOf(t, store(t, data))
	require.ElementsMatch(t, [][]byte{indirect, direct}, v["CRLs"])
	require.Contains(t, v["Certs"], lists.Certificate.Raw)
	require.Len(t, v["Certs"], 4, "signer, root, signer of CRLs, time-stamping authority")
	h.passes(t, data, h.PKI.Now(), pades.BLTA)

	o.Evidence.Given = o.Evidence.Given[:1] // nothing tells about the signer of CRLs
	var missing *pades.EvidenceError
	d = h.document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.ErrorAs(t, d.Sign(t.Context(), &pades.Signer{Key: leaf.Key, Chain: leaf.Chain}, o), &missing)
	require.Equal(t, pades.GapRevocation, missing.Gaps[0].Kind)
}
