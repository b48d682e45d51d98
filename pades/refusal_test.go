package pades_test

import (
	"bytes"
	"crypto"
	"crypto/ecdh"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

func TestUnreadable(t *testing.T) {
	whole := testpdf.Contract(1, testpdf.Table).Bytes()
	encrypted := testpdf.Contract(1, testpdf.Table)
	encrypted.Trailer += "/Encrypt<</Filter/Standard/V 4/R 4/O(x)/U(y)/P -4>>"
	certificates := testpdf.Contract(1, testpdf.Table)
	certificates.Trailer += "/Encrypt<</Filter/Adobe.PubSec/SubFilter/adbe.pkcs7.s5/V 4/R 4>>"
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"empty":        {nil, pades.ErrNotPDF},
		"text":         {[]byte("this is no PDF"), pades.ErrNotPDF},
		"truncated":    {whole[:len(whole)/2], pades.ErrNotPDF},
		"encrypted":    {encrypted.Bytes(), pades.ErrPassword},
		"certificates": {certificates.Bytes(), pades.ErrEncrypted},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := pades.NewDocument(bytes.NewReader(c.data), int64(len(c.data)), nil)
			require.ErrorIs(t, err, c.want)
			require.False(t, errors.Is(err, io.EOF))

			file := filepath.Join(t.TempDir(), "in.pdf")
			write(t, file, c.data)
			_, err = pades.Open(file, nil)
			require.ErrorIs(t, err, c.want)
		})
	}
	_, err := pades.Open(t.TempDir(), nil)
	require.ErrorContains(t, err, "directory")
	_, err = pades.Open(filepath.Join(t.TempDir(), "nothing.pdf"), nil)
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestDamagedIsRefused(t *testing.T) {
	whole := testpdf.Contract(1, testpdf.Table).Bytes()
	data := append(bytes.Clone(whole), "\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n%%EOF\n"...)
	d := document(t, data)
	err := d.Sign(t.Context(), signer(t, nil), nil)
	require.ErrorIs(t, err, pades.ErrDamaged)
	require.Equal(t, data, content(t, d))
}

// TestRepairedIsRefused: an update would build on what no section says.
func TestRepairedIsRefused(t *testing.T) {
	whole := testpdf.Contract(1, testpdf.Table).Bytes()
	update := testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{{Number: 50, Body: "(new)"}}}
	shifted := bytes.Replace(whole, []byte("startxref\n"), []byte("startxref\n9"), 1)
	for name, data := range map[string][]byte{
		"the whole file":   shifted,
		"the last part":    append(bytes.Clone(whole), "1 0 obj null endobj startxref 1 %%EOF"...),
		"the oldest part":  update.Append(shifted),
		"a direct catalog": bytes.Replace(whole, []byte("/Root 1 0 R"), []byte("/Root<</Pages 2 0 R>>"), 1),
	} {
		t.Run(name, func(t *testing.T) {
			d := document(t, data)
			require.ErrorIs(t, d.Sign(t.Context(), signer(t, nil), nil), pades.ErrDamaged)
			require.Equal(t, data, content(t, d))
		})
	}
}

// TestRangeBeyondTheEnd: what an update adds must not come to lie under an earlier signature.
func TestRangeBeyondTheEnd(t *testing.T) {
	for beyond, want := range map[int]error{0: nil, 1: pades.ErrDamaged, 99: pades.ErrDamaged} {
		d := document(t, testpdf.Contract(1, testpdf.Table).Bytes())
		require.NoError(t, d.Sign(t.Context(), signer(t, nil), nil))
		data := content(t, d)
		r, _ := signatures(t, data)[0].Signature.ByteRange.Four()
		data = bytes.Replace(data, fmt.Appendf(nil, " %d  ", r[3]), fmt.Appendf(nil, " %d  ", int(r[3])+beyond), 1)
		d = document(t, data)
		err := d.Sign(t.Context(), signer(t, nil), nil)
		require.ErrorIs(t, err, want)
		if want != nil {
			require.ErrorContains(t, err, "beyond the end")
		}
	}
	// The second range begins behind the end of the file, up to maxReach.
	for beyond, want := range map[int]error{1: pades.ErrDamaged, 1 << 30: pades.ErrDamaged, 1<<30 + 1: nil} {
		data := testpdf.Contract(1, testpdf.Table).Bytes()
		file := testpdf.File{Trailer: "/Root 1 0 R"}
		file.Objects = []testpdf.Object{
			{Number: 3, Body: "<</Fields[4 0 R 40 0 R]>>"},
			{Number: 40, Plain: true, Body: "<</FT/Sig/T(Cut)/V<</Type/Sig/ByteRange[0 1 0000000000 9]/Contents<00>>>>>"},
		}
		data = file.Append(data)
		data = bytes.Replace(data, []byte("0000000000 9"), fmt.Appendf(nil, "%010d 9", len(data)+beyond), 1)
		require.ErrorIs(t, document(t, data).Sign(t.Context(), signer(t, nil), nil), want, beyond)
	}
}

func TestNotPermitted(t *testing.T) {
	docMDP := func(p string) string {
		return "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 1 2 3]/Contents<00>" +
			"/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/V/1.2" + p + ">>>>]>>"
	}
	lock := func(parameters string) string {
		return "<</Type/Sig/Contents<00>/Reference[<</TransformMethod/FieldMDP/TransformParams<</V/1.2" + parameters + ">>>>]>>"
	}
	for name, c := range map[string]struct {
		catalog, signature, field string
		refused                   bool
	}{
		"locks all":          {"", lock("/Action/All"), "", true},
		"locks this":         {"", lock("/Action/Include/Fields[(x)(B)]"), "", true},
		"locks another":      {"", lock("/Action/Include/Fields[(x)(BB)(B.b)]"), "", false},
		"locks all but this": {"", lock("/Action/Exclude/Fields[(B)]"), "", false},
		"locks all but that": {"", lock("/Action/Exclude/Fields[(x)]"), "", true},
		"locks in new words": {"", lock("/Action/Some"), "", true},
		"locks with P":       {"", lock("/Action/Include/Fields[(x)]/P 1"), "", true},

		"certified, no changes": {"/Perms<</DocMDP 6 0 R>>", docMDP("/P 1"), "", true},
		"without Perms":         {"", docMDP("/P 1"), "", true},
		"certified, forms":      {"/Perms<</DocMDP 6 0 R>>", docMDP("/P 2"), "", false},
		"default is forms":      {"/Perms<</DocMDP 6 0 R>>", docMDP(""), "", false},
		"lock":                  {"", "<</Type/Sig/Contents<00>>>", "/Lock<</Action/All/P 1>>", true},
	} {
		t.Run(name, func(t *testing.T) {
			original := testpdf.File{Trailer: "/Root 1 0 R", Objects: append(pages("/Annots[5 0 R]"),
				plain(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 7 0 R]/SigFlags 3>>", c.catalog, ">>"),
				plain(5, "<</Type/Annot/Subtype/Widget/FT/Sig/T(A)/V 6 0 R/Rect[0 0 0 0]", c.field, ">>"), plain(6, c.signature),
				plain(7, "<</Type/Annot/Subtype/Widget/FT/Sig/T(B)/Rect[0 0 0 0]>>"))}.Bytes()
			existing := document(t, original).Sign(t.Context(), signer(t, nil), &pades.SignOptions{Field: "B"})
			without := bytes.Replace(original, []byte("/T(B)"), []byte("/T(b)"), 1)
			added := document(t, without).Sign(t.Context(), signer(t, nil), &pades.SignOptions{NewField: "B"})
			for _, err := range []error{existing, added} {
				if !c.refused {
					require.NoError(t, err)
					continue
				}
				require.ErrorIs(t, err, pades.ErrNotPermitted)
				require.True(t, strings.HasPrefix(err.Error(), "not permitted: "), err)
			}
		})
	}
}

// agreementKey has a key that cannot sign.
type agreementKey struct{ crypto.Signer }

func (agreementKey) Public() crypto.PublicKey { return &ecdh.PublicKey{} }

func TestSignerRefusals(t *testing.T) {
	good := signer(t, nil)
	other := signer(t, &testpki.Request{Role: testpki.OtherRole})
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		signer *pades.Signer
		text   string
	}{
		"nil":            {nil, "no signer"},
		"no key":         {&pades.Signer{Chain: good.Chain}, "no key"},
		"no certificate": {&pades.Signer{Key: good.Key}, "no certificate"},
		"other key":      {&pades.Signer{Key: other.Key, Chain: good.Chain}, "does not belong"},
		"odd key":        {&pades.Signer{Key: agreementKey{good.Key}, Chain: good.Chain}, "does not belong"},
		"wrong order":    {&pades.Signer{Key: pki.Intermediate.Key, Chain: good.Chain}, "must come first"},
		"nil in chain":   {&pades.Signer{Key: good.Key, Chain: append(good.Chain[:1:1], nil)}, "is nil"},
		"wrong scheme":   {&pades.Signer{Key: good.Key, Chain: good.Chain, Algorithm: cms.Algorithm{Scheme: cms.ECDSA, Hash: crypto.SHA256}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := document(t, testpdf.Contract(1, testpdf.Table).Bytes())
			err := d.Sign(t.Context(), c.signer, nil)
			require.ErrorIs(t, err, pades.ErrSigner)
			require.ErrorContains(t, err, c.text)
		})
	}
}

func TestWarnings(t *testing.T) {
	now := testpki.Now()
	for name, c := range map[string]struct {
		request testpki.Request
		want    string
	}{
		"good":          {testpki.Request{}, ""},
		"expired":       {testpki.Request{NotBefore: now.AddDate(-2, 0, 0), NotAfter: now.AddDate(-1, 0, 0)}, "expired"},
		"not yet valid": {testpki.Request{NotBefore: now.Add(time.Hour)}, "not valid before"},
		"authority":     {testpki.Request{Profile: testpki.AuthorityProfile}, "not meant for signatures"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			d := document(t, testpdf.Contract(1, testpdf.Table).Bytes())
			err := d.Sign(t.Context(), signer(t, &c.request), &pades.SignOptions{Warn: func(w string) { got = append(got, w) }})
			require.NoError(t, err, "a warning is no error")
			if c.want == "" {
				require.Empty(t, got)
				return
			}
			require.Len(t, got, 1)
			require.Contains(t, got[0], c.want)
		})
	}
}

func TestCommitmentsAndPolicy(t *testing.T) {
	origin := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 6, 1}
	receipt := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 6, 2}
	policy := &pades.Policy{ID: asn1.ObjectIdentifier{1, 2, 392, 200000, 1}, Hash: crypto.SHA256, Digest: make([]byte, 32)}
	d := document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	s := signer(t, nil)

	err := d.Sign(t.Context(), s, &pades.SignOptions{Reason: "x", Commitments: []asn1.ObjectIdentifier{origin}})
	require.ErrorIs(t, err, pades.ErrOptions)
	require.ErrorContains(t, err, "commitment type")
	err = d.Sign(t.Context(), s, &pades.SignOptions{Reason: "x", Policy: policy})
	require.ErrorIs(t, err, pades.ErrOptions)
	require.ErrorContains(t, err, "signature policy")
	for _, bad := range []pades.Policy{{ID: policy.ID}, {ID: policy.ID, Hash: crypto.SHA256, Digest: []byte{1}}, {Hash: crypto.SHA256, Digest: policy.Digest}} {
		require.ErrorIs(t, d.Sign(t.Context(), s, &pades.SignOptions{Policy: &bad}), pades.ErrOptions)
	}
	require.ErrorIs(t, d.Sign(t.Context(), s, &pades.SignOptions{Commitments: []asn1.ObjectIdentifier{{9, 99}}}), pades.ErrOptions)

	require.NoError(t, d.Sign(t.Context(), s, &pades.SignOptions{Policy: policy, Commitments: []asn1.ObjectIdentifier{origin, receipt}}))
	data := content(t, d)
	sd := checkSignature(t, data, signatures(t, data)[0], len(data))
	values := map[string]int{}
	for _, a := range sd.SignerInfos[0].SignedAttributes {
		values[a.Type.String()] = len(a.Values)
	}
	require.Equal(t, map[string]int{
		"1.2.840.113549.1.9.3": 1, "1.2.840.113549.1.9.4": 1, "1.2.840.113549.1.9.16.2.47": 1,
		"1.2.840.113549.1.9.16.2.15": 1, "1.2.840.113549.1.9.16.2.16": 2,
	}, values)
}
