package pades_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

// drawing is an appearance that notes what it was asked for.
type drawing struct {
	requests []pades.AppearanceRequest
	err      error
}

func (p *drawing) Draw(_ context.Context, r *pades.AppearanceRequest) (*pades.AppearanceStream, error) {
	p.requests = append(p.requests, *r)
	if p.err != nil {
		return nil, p.err
	}
	font := r.Objects.Add([]byte("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"))
	return &pades.AppearanceStream{
		Content:   fmt.Appendf(nil, "0 0 %g %g re f BT /F 9 Tf (%s) Tj ET %s", r.Width, r.Height, r.Name, strings.Repeat(" ", 200)),
		Resources: []byte("<</Font<</F " + font + ">>>>"),
	}, nil
}

// rotated is a contract whose pages have that rotation, CropBox and UserUnit.
func rotated(pages, rotate int, entries string) []byte {
	f := testpdf.Contract(pages, testpdf.Table)
	for i := range f.Objects {
		f.Objects[i].Body = strings.Replace(f.Objects[i].Body, "/Type/Page/", fmt.Sprintf("/Type/Page/Rotate %d%s/", rotate, entries), 1)
	}
	return f.Bytes()
}

func TestContractPagesAreFound(t *testing.T) {
	require.Equal(t, 3, bytes.Count(rotated(3, 90, "/CropBox[1 2 3 4]"), []byte("/Rotate 90/CropBox[1 2 3 4]")))
}

// numbers reads an array of numbers.
func numbers(t testing.TB, v *pdf.View, o pdf.Object) []float64 {
	t.Helper()
	array, err := v.Array(o)
	require.NoError(t, err)
	var out []float64
	for _, item := range array.Items {
		n, err := v.Number(item, 0)
		require.NoError(t, err)
		out = append(out, n)
	}
	return out
}

// TestPlaceInUserSpace: where the widget is, by a formula of its own: the displayed
// corner is found by turning the page's corner as a reader does.
func TestPlaceInUserSpace(t *testing.T) {
	const x0, y0, x1, y1 = 20.0, 30.0, 520.0, 730.0 // CropBox
	place := pades.Rect{X: 40, Y: 60, Width: 120, Height: 50}
	for _, unit := range []float64{1, 2} {
		for _, rotate := range []int{0, 90, 180, 270, -90, 450} {
			t.Run(fmt.Sprintf("%d unit %g", rotate, unit), func(t *testing.T) {
				entries := "/CropBox[20 30 520 730]"
				if unit != 1 {
					entries += fmt.Sprintf("/UserUnit %g", unit)
				}
				d, a := document(t, rotated(2, rotate, entries)), &drawing{}
				require.NoError(t, d.Sign(t.Context(), signer(t, nil), &pades.SignOptions{Appearance: a, Page: 2, Rect: place, Name: "Taro"}))
				require.Len(t, a.requests, 1)
				require.InDelta(t, place.Width, a.requests[0].Width, 1e-9)
				require.InDelta(t, place.Height, a.requests[0].Height, 1e-9)
				require.Equal(t, "Taro", a.requests[0].Name)
				require.Equal(t, testpki.Now().UTC(), a.requests[0].Time)
				require.NotNil(t, a.requests[0].Certificate)

				v := open(t, content(t, d)).Latest()
				widget, err := v.Object(signatures(t, content(t, d))[0].Ref)
				require.NoError(t, err)
				r := numbers(t, v, widget.Dict().Get("Rect"))
				// Of a point of user space: how far right and up it is displayed, in points.
				shown := func(x, y float64) (float64, float64) {
					x, y = (x-x0)*unit, (y-y0)*unit
					w, h := (x1-x0)*unit, (y1-y0)*unit
					for range (rotate/90%4 + 4) % 4 { // a quarter clockwise
						x, y, w, h = y, w-x, h, w
					}
					return x, y
				}
				ax, ay := shown(r[0], r[1])
				bx, by := shown(r[2], r[3])
				require.InDelta(t, place.X, min(ax, bx), 1e-3)
				require.InDelta(t, place.Y, min(ay, by), 1e-3)
				require.InDelta(t, place.X+place.Width, max(ax, bx), 1e-3)
				require.InDelta(t, place.Y+place.Height, max(ay, by), 1e-3)
				require.Equal(t, pdf.Integer(132), widget.Dict().Get("F"))

				ap, err := v.Dict(widget.Dict().Get("AP"))
				require.NoError(t, err)
				form, err := v.StreamObject(ap.Get("N"))
				require.NoError(t, err)
				require.Equal(t, []float64{0, 0, place.Width, place.Height}, numbers(t, v, form.Dict.Get("BBox")))
				data, err := v.Stream(form)
				require.NoError(t, err)
				require.Contains(t, string(data), "(Taro) Tj")
			})
		}
	}
}

func TestSeveralWidgets(t *testing.T) {
	a, d := &drawing{}, document(t, testpdf.Contract(3, testpdf.Stream).Bytes())
	o := &pades.SignOptions{
		Appearance: a, Page: pades.AllPages, Rect: pades.Rect{X: 10, Y: 10, Width: 50, Height: 50},
		Also: []pades.Placement{{Page: 2, Rect: pades.Rect{X: 100, Y: 10, Width: 50, Height: 50}}, {Page: 1, Rect: pades.Rect{X: 100, Y: 10, Width: 60, Height: 50}}},
	}
	require.NoError(t, d.Sign(t.Context(), signer(t, nil), o))
	require.Len(t, a.requests, 2, "one drawing for each size")
	data := content(t, d)
	signed := signatures(t, data)
	require.Len(t, signed, 1)
	require.Len(t, signed[0].Widgets, 5)
	checkSignature(t, data, signed[0], len(data))
	require.Equal(t, 2, bytes.Count(data, []byte("/Subtype/Form/BBox[0 0 50 50]"))+bytes.Count(data, []byte("/Subtype/Form/BBox[0 0 60 50]")))
	v := open(t, data).Latest()
	for _, ref := range signed[0].Widgets {
		o, err := v.Object(ref)
		require.NoError(t, err)
		page, err := v.Dict(o.Dict().Get("P"))
		require.NoError(t, err)
		annotations, err := v.Array(page.Get("Annots"))
		require.NoError(t, err)
		n := 0
		for _, item := range annotations.Items {
			if item == ref {
				n++
			}
		}
		require.Equal(t, 1, n, "on its page, once")
	}
}

func TestAppearanceOfExistingField(t *testing.T) {
	const blank = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sign)/Rect[100 100 300 160]/F 2/AP<</N 90 0 R>>/AS/Off/P %d 0 R>>"
	build := func(field string) []byte {
		f := testpdf.Contract(1, testpdf.Table)
		first := 0
		for i := range f.Objects {
			o := &f.Objects[i]
			if strings.Contains(o.Body, "/Type/Page/") {
				first = o.Number
				o.Body = strings.Replace(o.Body, "/Annots[", "/Annots[40 0 R ", 1)
			}
			if o.Number == 3 {
				o.Body = strings.Replace(o.Body, "/Fields[", "/Fields[40 0 R ", 1)
			}
		}
		if strings.Contains(field, "%d") {
			field = fmt.Sprintf(field, first)
		}
		f.Objects = append(f.Objects, testpdf.Object{Number: 40, Body: field})
		return f.Bytes()
	}
	a, d := &drawing{}, document(t, build(blank))
	require.NoError(t, d.Sign(t.Context(), signer(t, nil), &pades.SignOptions{Appearance: a, Field: "Sign"}))
	require.Len(t, a.requests, 1)
	require.InDelta(t, 200, a.requests[0].Width, 0)
	require.InDelta(t, 60, a.requests[0].Height, 0)
	signed := signatures(t, content(t, d))
	require.Equal(t, pdf.Integer(4), signed[0].Dict.Get("F"), "printed, no longer hidden")
	require.False(t, signed[0].Dict.Has("AS"))
	require.NotEqual(t, "90 0 R", fmt.Sprint(signed[0].Dict.Get("AP")))
	require.True(t, signed[0].Dict.Has("V"))

	for name, field := range map[string]string{
		"invisible":    "<</Type/Annot/Subtype/Widget/FT/Sig/T(Sign)/Rect[0 0 0 0]/P %d 0 R>>",
		"no rectangle": "<</FT/Sig/T(Sign)>>",
	} {
		err := document(t, build(field)).Sign(t.Context(), signer(t, nil), &pades.SignOptions{Appearance: a, Field: "Sign"})
		require.ErrorIs(t, err, pades.ErrField, name)
		require.ErrorContains(t, err, "invisible", name)
	}
	// Without P, the page is the one that lists the widget.
	d = document(t, build(strings.Replace(blank, "/P %d 0 R", "", 1)))
	require.NoError(t, d.Sign(t.Context(), signer(t, nil), &pades.SignOptions{Appearance: a, Field: "Sign"}))
}

func TestAppearanceRefusals(t *testing.T) {
	at := pades.Rect{X: 10, Y: 10, Width: 50, Height: 50}
	for name, c := range map[string]struct {
		o    pades.SignOptions
		want string
	}{
		"no rectangle":      {pades.SignOptions{Appearance: &drawing{}}, "rectangle"},
		"negative width":    {pades.SignOptions{Appearance: &drawing{}, Rect: pades.Rect{Width: -1, Height: 3}}, "rectangle"},
		"no appearance":     {pades.SignOptions{Rect: at}, "no Appearance"},
		"other places only": {pades.SignOptions{Also: []pades.Placement{{Rect: at}}}, "no Appearance"},
		"off the page":      {pades.SignOptions{Appearance: &drawing{}, Rect: pades.Rect{X: 580, Y: 10, Width: 50, Height: 50}}, "leaves the page"},
		"no such page":      {pades.SignOptions{Appearance: &drawing{}, Rect: at, Page: 9}, "there is no page 9"},
		"page -2":           {pades.SignOptions{Appearance: &drawing{}, Rect: at, Page: -2}, "count from 1"},
		"field and place":   {pades.SignOptions{Appearance: &drawing{}, Rect: at, Field: "x"}, "has its place"},
		"drawing fails":     {pades.SignOptions{Appearance: &drawing{err: errors.New("no glyph")}, Rect: at}, "no glyph"},
	} {
		t.Run(name, func(t *testing.T) {
			s := signer(t, nil)
			key := &onceKey{Signer: s.Key}
			s.Key = key
			d := document(t, testpdf.Contract(1, testpdf.Table).Bytes())
			before := content(t, d)
			err := d.Sign(t.Context(), s, &c.o)
			require.ErrorIs(t, err, pades.ErrOptions)
			require.ErrorContains(t, err, c.want)
			require.Equal(t, before, content(t, d))
			require.Zero(t, key.used)
		})
	}
}

func TestVisibleTimestamp(t *testing.T) {
	h, a := newHouse(t), &drawing{}
	d := h.document(t, testpdf.Contract(2, testpdf.Table).Bytes())
	o := &pades.TimestampOptions{TSA: h.tsa(), Appearance: a, Page: 2, Rect: pades.Rect{X: 10, Y: 10, Width: 50, Height: 50}}
	require.NoError(t, d.Timestamp(t.Context(), o))
	require.Len(t, a.requests, 1)
	require.True(t, a.requests[0].Timestamp)
	require.Nil(t, a.requests[0].Certificate)
	require.Contains(t, string(content(t, d)), "/Rect[10 10 60 60]")
	o.Rect = pades.Rect{}
	require.ErrorIs(t, d.Timestamp(t.Context(), o), pades.ErrOptions)
}

// TestClaimedPDFA: the appearance is told what the document's metadata claims.
func TestClaimedPDFA(t *testing.T) {
	for metadata, want := range map[string]int{
		"":                               0,
		`<x pdfaid:part="2"/>`:           2,
		`<pdfaid:part>1</pdfaid:part>`:   1,
		`<pdfaid:part> 3</pdfaid:part>`:  3,
		`<pdfaid:party>3</pdfaid:party>`: 0,
	} {
		f := testpdf.Contract(1, testpdf.Table)
		f.Objects[0].Body = strings.Replace(f.Objects[0].Body, "<<", "<</Metadata 50 0 R", 1)
		f.Objects = append(f.Objects, testpdf.Object{Number: 50, Body: "<</Type/Metadata/Subtype/XML>>", Data: []byte(metadata)})
		a, d := &drawing{}, document(t, f.Bytes())
		err := d.Sign(t.Context(), signer(t, nil), &pades.SignOptions{Appearance: a, Rect: pades.Rect{Width: 9, Height: 9}})
		require.Equal(t, want > 0, errors.Is(err, pades.ErrOptions), "its font is not embedded")
		require.Equal(t, want, a.requests[0].PDFA, metadata)
	}
}

func TestWidgetLimit(t *testing.T) {
	for n, ok := range map[int]bool{pades.MaxWidgets: true, pades.MaxWidgets + 1: false} {
		d := document(t, testpdf.Contract(1, testpdf.Table).Bytes())
		place := pades.Placement{Rect: pades.Rect{X: 1, Y: 1, Width: 5, Height: 5}}
		o := &pades.SignOptions{Appearance: &drawing{}, Rect: place.Rect, Also: slices.Repeat([]pades.Placement{place}, n-1)}
		err := d.Sign(t.Context(), signer(t, nil), o)
		require.Equal(t, ok, err == nil, "%d places: %v", n, err)
		if ok {
			require.Len(t, signatures(t, content(t, d))[0].Widgets, n)
		}
	}
}

// TestVisibleInTwoSteps: an appearance is drawn when the signature is prepared.
func TestVisibleInTwoSteps(t *testing.T) {
	s, a := signer(t, nil), &drawing{}
	d := document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	key := s.Key
	s.Key = nil
	p, err := d.Prepare(t.Context(), s, &pades.SignOptions{Appearance: a, Rect: pades.Rect{X: 1, Y: 1, Width: 50, Height: 20}})
	require.NoError(t, err)
	require.Len(t, a.requests, 1)
	stored, err := p.MarshalBinary()
	require.NoError(t, err)
	again := &pades.Prepared{}
	require.NoError(t, again.UnmarshalBinary(stored))
	value, err := key.Sign(rand.Reader, again.SignatureDigest(), again.Algorithm().Hash)
	require.NoError(t, err)
	require.NoError(t, d.Complete(t.Context(), again, value, nil))
	require.Len(t, a.requests, 1)
	data := content(t, d)
	checkSignature(t, data, signatures(t, data)[0], len(data))
	require.Contains(t, string(data), "/Rect[1 1 51 21]")
}

// TestVisibleAndEncrypted: what an appearance adds is encrypted as the file is.
func TestVisibleAndEncrypted(t *testing.T) {
	data := testpdf.Contract(1, testpdf.Table).Encrypted(testpdf.Encryption{Revision: 6, Permissions: -4}).Bytes()
	d := document(t, data)
	require.NoError(t, d.Sign(t.Context(), signer(t, nil), &pades.SignOptions{Appearance: &drawing{}, Name: "Taro", Rect: pades.Rect{X: 1, Y: 1, Width: 50, Height: 20}}))
	require.NotContains(t, string(content(t, d)[len(data):]), "(Taro) Tj")
	v := open(t, content(t, d)).Latest()
	widget, err := v.Object(signatures(t, content(t, d))[0].Ref)
	require.NoError(t, err)
	ap, err := v.Dict(widget.Dict().Get("AP"))
	require.NoError(t, err)
	form, err := v.StreamObject(ap.Get("N"))
	require.NoError(t, err)
	drawn, err := v.Stream(form)
	require.NoError(t, err)
	require.Contains(t, string(drawn), "(Taro) Tj")
}
