package pades_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades"
)

var small = pades.Rect{X: 20, Y: 15, Width: 120, Height: 10}

// pagesOf returns the page objects of a file, in their order.
func pagesOf(t testing.TB, v *pdf.View) []*pdf.Indirect {
	t.Helper()
	catalog, err := v.Catalog()
	require.NoError(t, err)
	root, err := v.Dict(catalog.Dict().Get("Pages"))
	require.NoError(t, err)
	kids, err := v.Array(root.Get("Kids"))
	require.NoError(t, err)
	var pages []*pdf.Indirect
	for _, kid := range kids.Items {
		o, err := v.Object(kid.(pdf.Reference))
		require.NoError(t, err)
		pages = append(pages, o)
	}
	return pages
}

// contentOf returns the content of a page, its streams joined.
func contentOf(t testing.TB, v *pdf.View, page *pdf.Indirect) string {
	t.Helper()
	array, err := v.Array(page.Dict().Get("Contents"))
	require.NoError(t, err)
	var all strings.Builder
	for _, item := range array.Items {
		s, err := v.StreamObject(item)
		require.NoError(t, err)
		data, err := v.Stream(s)
		require.NoError(t, err)
		all.Write(data)
		all.WriteByte('\n')
	}
	return all.String()
}

// painted is a stamp as the content of a page paints it.
type painted struct {
	name       string
	matrix     [6]float64
	clip       string // the rectangle, as it is written
	form       *pdf.Stream
	x, y, w, h float64 // on the displayed page
}

var stampOperators = regexp.MustCompile(`/Artifact<</Type/Pagination>>BDC\nq\n((?:[-0-9.]+ ){4}re W n\n)?((?:[-0-9.]+ ){6})cm\n/(\w+) Do\nQ\nEMC\n`)

// stampsOn finds the stamps of a page whose CropBox, rotation and UserUnit are given, and
// where they are displayed: each corner is turned as a reader does.
func stampsOn(t testing.TB, v *pdf.View, page *pdf.Indirect, crop [4]float64, rotate int, unit float64) []painted {
	t.Helper()
	var found []painted
	resources, err := v.Dict(page.Dict().Get("Resources"))
	require.NoError(t, err)
	xobjects, err := v.Dict(resources.Get("XObject"))
	require.NoError(t, err)
	for _, m := range stampOperators.FindAllStringSubmatch(contentOf(t, v, page), -1) {
		p := painted{clip: m[1], name: m[3]}
		for i, n := range strings.Fields(m[2]) {
			p.matrix[i], err = strconv.ParseFloat(n, 64)
			require.NoError(t, err)
		}
		p.form, err = v.StreamObject(xobjects.Get(pdf.Name(p.name)))
		require.NoError(t, err)
		box, form := numbers(t, v, p.form.Dict.Get("BBox")), numbers(t, v, p.form.Dict.Get("Matrix"))
		shown := func(x, y float64) (float64, float64) {
			x, y = form[0]*x+form[2]*y+form[4], form[1]*x+form[3]*y+form[5]
			x, y = p.matrix[0]*x+p.matrix[2]*y+p.matrix[4], p.matrix[1]*x+p.matrix[3]*y+p.matrix[5]
			x, y = (x-crop[0])*unit, (y-crop[1])*unit
			w, h := (crop[2]-crop[0])*unit, (crop[3]-crop[1])*unit
			for range (rotate/90%4 + 4) % 4 { // a quarter clockwise
				x, y, w, h = y, w-x, h, w
			}
			return x, y
		}
		x0, y0 := shown(box[0], box[1])
		x1, y1 := shown(box[2], box[3])
		require.Less(t, x0, x1, "upright")
		require.Less(t, y0, y1, "upright")
		p.x, p.y, p.w, p.h = x0, y0, x1-x0, y1-y0
		found = append(found, p)
	}
	return found
}

func (p *painted) require(t testing.TB, x, y, w, h float64) {
	t.Helper()
	require.InDeltaSlice(t, []float64{x, y, w, h}, []float64{p.x, p.y, p.w, p.h}, 1e-3)
}

// TestStampPlaces: every anchor, on pages of every rotation and unit.
func TestStampPlaces(t *testing.T) {
	crop := [4]float64{20, 30, 520, 730}
	r := pades.Rect{X: 40, Y: 60, Width: 120, Height: 50}
	for _, unit := range []float64{1, 2} {
		for _, rotate := range []int{0, 90, 180, 270, -90} {
			t.Run(fmt.Sprintf("%d unit %g", rotate, unit), func(t *testing.T) {
				var stamps []pades.Stamp
				for a := pades.BottomLeft; a <= pades.TopRight; a++ {
					stamps = append(stamps, pades.Stamp{Appearance: &drawing{}, Anchor: a, Rect: r})
				}
				stamps = append(stamps, pades.Stamp{Appearance: &drawing{}, Anchor: pades.TopMiddle, Rect: pades.Rect{X: 30, Y: 10, Height: 20}},
					pades.Stamp{Appearance: &drawing{}, Rect: pades.Rect{X: 30, Y: 10}})
				v := open(t, amended(t, rotated(1, rotate, fmt.Sprintf("/CropBox[20 30 520 730]/UserUnit %g", unit)), &pades.Amendment{Stamps: stamps})).Latest()
				got := stampsOn(t, v, pagesOf(t, v)[0], crop, rotate, unit)
				require.Len(t, got, len(stamps))
				w, h := 500*unit, 700*unit
				if rotate%180 != 0 {
					w, h = h, w
				}
				xs, ys := []float64{40, (w-120)/2 + 40, w - 160}, []float64{60, (h-50)/2 + 60, h - 110}
				for i := range 9 {
					got[i].require(t, xs[i%3], ys[i/3], 120, 50)
					require.Empty(t, got[i].clip)
				}
				got[9].require(t, 30, h-30, w-60, 20)
				got[10].require(t, 30, 10, w-60, h-20)
			})
		}
	}
}

// TestStampAcross: half of the stamp on each of two neighbouring pages, be they of
// different sizes, in the order in which the pages are read.
func TestStampAcross(t *testing.T) {
	for _, backwards := range []bool{false, true} {
		f := testpdf.Contract(4, testpdf.Table)
		for i := range f.Objects {
			o := &f.Objects[i]
			switch {
			case o.Number == 1 && backwards:
				o.Body = strings.Replace(o.Body, "<<", "<</ViewerPreferences<</Direction/R2L>>", 1)
			case o.Number == 12:
				o.Body = strings.Replace(o.Body, "/Type/Page/", "/Type/Page/MediaBox[0 0 400 600]/", 1)
			}
		}
		a := &drawing{}
		v := open(t, amended(t, f.Bytes(), &pades.Amendment{Stamps: []pades.Stamp{
			{Appearance: a, Across: true, Anchor: pades.TopLeft, Rect: pades.Rect{Y: 30, Width: 60, Height: 40}, Pages: []int{1, 2, 4, 2}},
		}})).Latest()
		require.Len(t, a.requests, 1, "both halves are one drawing")
		pages := pagesOf(t, v)
		one := stampsOn(t, v, pages[0], [4]float64{0, 0, 595, 842}, 0, 1)
		two := stampsOn(t, v, pages[1], [4]float64{0, 0, 400, 600}, 0, 1)
		require.Len(t, one, 1)
		require.Len(t, two, 1)
		if backwards {
			one[0].require(t, -30, 842-70, 60, 40)
			two[0].require(t, 400-30, 600-70, 60, 40)
		} else {
			one[0].require(t, 595-30, 842-70, 60, 40)
			two[0].require(t, -30, 600-70, 60, 40)
		}
		require.Equal(t, "0 0 595 842 re W n\n", one[0].clip)
		require.Equal(t, "0 0 400 600 re W n\n", two[0].clip)
		for _, page := range pages[2:] { // no neighbour is stamped
			require.Equal(t, 0, page.Section)
		}
	}
	// A document of one page has no neighbours: nothing changes.
	data := testpdf.Contract(1, testpdf.Table).Bytes()
	require.Equal(t, data, amended(t, data, &pades.Amendment{Stamps: []pades.Stamp{{Appearance: &drawing{}, Across: true, Rect: pades.Rect{Width: 9, Height: 9}}}}))
}

// shared is a document of three pages with the same content and inherited resources,
// in every form that Contents and Resources have.
func shared(contents, resources string) []byte { return sharedFile(contents, resources).Bytes() }

func sharedFile(contents, resources string) testpdf.File {
	f := testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{
		plain(1, "<</Type/Catalog/Pages 2 0 R>>"),
		plain(2, "<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 3/MediaBox[0 0 300 300]/Resources<</Font<</F1 12 0 R>>/XObject<</Stamp1 9 0 R>>>>>>"),
		{Number: 6, Body: "<<>>", Data: []byte("BT /F1 9 Tf (one")},
		{Number: 7, Body: "<<>>", Data: []byte(") Tj ET q 2 0 0 2 0 0 cm /Stamp1 Do")},
		plain(8, "[6 0 R null 7 0 R]"),
		{Number: 9, Body: "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]>>", Data: []byte("0 0 9 9 re f")},
		plain(10, "8 0 R"),
		plain(11, "<</Font<</F1 12 0 R>>/XObject 13 0 R/Properties<</M<</Note(a\\)b)>>>>>>"),
		plain(12, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"),
		plain(13, "<</Stamp1 9 0 R/Other 9 0 R>>"),
		{Number: 14, Body: "<<>>", Data: []byte("/Stamp1 Do")},
	}}
	for n := 3; n <= 5; n++ {
		f.Objects = append(f.Objects, plain(n, "<</Type/Page/Parent 2 0 R", contents, resources, ">>"))
	}
	return f
}

// TestStampLeavesOtherPages: whatever pages share, only the stamped one changes, and
// what it showed it still shows.
func TestStampLeavesOtherPages(t *testing.T) {
	for _, contents := range []string{"", "/Contents null", "/Contents 14 0 R", "/Contents[14 0 R]", "/Contents[]", "/Contents[6 0 R 7 0 R]", "/Contents 8 0 R", "/Contents 10 0 R"} {
		for _, resources := range []string{"", "/Resources 11 0 R", "/Resources<<>>", "/Resources<</XObject<</Stamp1 9 0 R/Stamp2 9 0 R>>>>"} {
			for _, behind := range []bool{false, true} {
				if strings.Contains(contents, "[6") && behind {
					continue // as the indirect array
				}
				t.Run(fmt.Sprint(contents, resources, behind), func(t *testing.T) {
					data := shared(contents, resources)
					v := open(t, data).Latest()
					before := pagesOf(t, v)[1]
					now := open(t, amended(t, data, &pades.Amendment{Stamps: []pades.Stamp{{Appearance: &drawing{}, Rect: small, Pages: []int{2}, Behind: behind}}})).Latest()
					for e, section := range now.Entries() {
						old := e.Number < 15
						require.Equal(t, old && e.Number != 4, section == 0, "object %d", e.Number)
					}
					page := pagesOf(t, now)[1]
					got := stampsOn(t, now, page, [4]float64{0, 0, 300, 300}, 0, 1)
					require.Len(t, got, 1)
					got[0].require(t, 20, 15, 120, 10)

					// All names of before mean the same, and the new one is new.
					resourcesOf := func(v *pdf.View, page *pdf.Indirect) *pdf.Dict {
						value := page.Dict().Get("Resources")
						if !page.Dict().Has("Resources") {
							parent, err := v.Dict(page.Dict().Get("Parent"))
							require.NoError(t, err)
							value = parent.Get("Resources")
						}
						d, err := v.Dict(value)
						require.NoError(t, err)
						return d
					}
					old, new := resourcesOf(v, before), resourcesOf(now, page)
					for _, e := range old.Entries {
						was, err := v.Dict(e.Value)
						require.NoError(t, err)
						is, err := now.Dict(new.Get(e.Key))
						require.NoError(t, err)
						for _, inner := range was.Entries {
							require.NotEqual(t, got[0].name, string(inner.Key))
							require.Equal(t, pdf.AppendValue(nil, inner.Value), pdf.AppendValue(nil, is.Get(inner.Key)))
						}
					}
				})
			}
		}
	}
}

// TestStampEncrypted: resources that a page gets of its own hold the strings that the
// shared ones hold, in an encrypted file, too.
func TestStampEncrypted(t *testing.T) {
	for revision := 2; revision <= 6; revision++ {
		f := sharedFile("/Contents 8 0 R", "/Resources 11 0 R")
		f.Trailer += "/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]"
		data := f.Encrypted(testpdf.Encryption{Revision: revision, Permissions: -4}).Bytes()
		v := open(t, amended(t, data, &pades.Amendment{Stamps: []pades.Stamp{{Appearance: &drawing{}, Rect: small, Pages: []int{2}}}})).Latest()
		pages := pagesOf(t, v)
		require.Len(t, stampsOn(t, v, pages[1], [4]float64{0, 0, 300, 300}, 0, 1), 1)
		require.Contains(t, contentOf(t, v, pages[1]), "(one\n) Tj")
		for _, page := range pages {
			resources, err := v.Dict(page.Dict().Get("Resources"))
			require.NoError(t, err)
			properties, err := v.Dict(resources.Get("Properties"))
			require.NoError(t, err)
			inner, err := v.Dict(properties.Get("M"))
			require.NoError(t, err)
			note, err := v.Text(inner.Get("Note"))
			require.NoError(t, err)
			require.Equal(t, "a)b", note)
		}
	}
}

// TestStampAgain: what is stamped already can be stamped again.
func TestStampAgain(t *testing.T) {
	data := testpdf.Contract(2, testpdf.Stream).Bytes()
	for n := 1; n <= 3; n++ {
		data = amended(t, data, &pades.Amendment{Stamps: []pades.Stamp{{Appearance: &drawing{}, Rect: small, Behind: n == 2}}})
		v := open(t, data).Latest()
		for _, page := range pagesOf(t, v) {
			got := stampsOn(t, v, page, [4]float64{0, 0, 595, 842}, 0, 1)
			require.Len(t, got, n)
			for _, p := range got {
				p.require(t, 20, 15, 120, 10)
			}
		}
	}
}

// byPage is an appearance that differs from page to page, or says so.
type byPage struct {
	drawing
	calls  int
	differ bool
	fewer  bool
}

func (p *byPage) DrawPages(ctx context.Context, requests []pades.AppearanceRequest) ([]*pades.AppearanceStream, error) {
	p.calls++
	var drawn []*pades.AppearanceStream
	for i := range requests {
		r := &requests[i]
		if len(drawn) > 0 && !p.differ {
			drawn = append(drawn, drawn[0])
			p.requests = append(p.requests, *r)
			continue
		}
		r.Name = fmt.Sprintf("%d of %d", r.Page, r.Pages)
		s, err := p.Draw(ctx, r)
		if err != nil {
			return nil, err
		}
		drawn = append(drawn, s)
	}
	if p.fewer {
		drawn = drawn[1:]
	}
	return drawn, nil
}

func TestPageAppearance(t *testing.T) {
	data := testpdf.Contract(3, testpdf.Table).Bytes()
	for _, differ := range []bool{false, true} {
		a := &byPage{differ: differ}
		v := open(t, amended(t, data, &pades.Amendment{Stamps: []pades.Stamp{{Appearance: a, Rect: small}}})).Latest()
		require.Equal(t, 1, a.calls)
		require.Len(t, a.requests, 3)
		forms := make(map[*pdf.Stream]bool)
		for i, page := range pagesOf(t, v) {
			got := stampsOn(t, v, page, [4]float64{0, 0, 595, 842}, 0, 1)
			require.Len(t, got, 1)
			forms[got[0].form] = true
			data, err := v.Stream(got[0].form)
			require.NoError(t, err)
			if differ {
				require.Contains(t, string(data), fmt.Sprintf("(%d of 3) Tj", i+1))
			}
		}
		require.Len(t, forms, map[bool]int{false: 1, true: 3}[differ], "one form for each drawing")
	}
	d := document(t, data)
	require.ErrorContains(t, d.Amend(t.Context(), &pades.Amendment{Stamps: []pades.Stamp{{Appearance: &byPage{fewer: true}, Rect: small}}}), "2 drawings for 3 pages")
	require.Equal(t, data, content(t, d))
}

// nothing draws nothing.
type nothing struct{}

func (nothing) Draw(context.Context, *pades.AppearanceRequest) (*pades.AppearanceStream, error) {
	return nil, nil //nolint:nilnil // that is what is tested
}

// TestStampRefusals: what cannot be is an error, and the document stays as it was.
func TestStampRefusals(t *testing.T) {
	ending := func(data string) []byte {
		f := testpdf.Contract(1, testpdf.Table)
		f.Objects[len(f.Objects)-1].Data = []byte(data)
		return f.Bytes()
	}
	ordinary := testpdf.Contract(2, testpdf.Table).Bytes()
	ok := func() pades.Stamp { return pades.Stamp{Appearance: &drawing{}, Rect: small} }
	for name, c := range map[string]struct {
		data   []byte
		change func(s *pades.Stamp)
		cause  error
		want   string
	}{
		"no appearance":     {ordinary, func(s *pades.Stamp) { s.Appearance = nil }, pades.ErrOptions, "needs an Appearance"},
		"no anchor":         {ordinary, func(s *pades.Stamp) { s.Anchor = pades.TopRight + 1 }, pades.ErrOptions, "no anchor 9"},
		"negative width":    {ordinary, func(s *pades.Stamp) { s.Rect.Width = -1 }, pades.ErrOptions, "rectangle of -1"},
		"no room":           {ordinary, func(s *pades.Stamp) { s.Rect = pades.Rect{X: 298, Height: 9} }, pades.ErrOptions, "no room"},
		"off the page":      {ordinary, func(s *pades.Stamp) { s.Rect.X = 500 }, pades.ErrOptions, "leaves page 1"},
		"off the top":       {ordinary, func(s *pades.Stamp) { s.Across, s.Rect = true, pades.Rect{Y: 840, Width: 9, Height: 9} }, pades.ErrOptions, "leaves page 1"},
		"across with X":     {ordinary, func(s *pades.Stamp) { s.Across = true }, pades.ErrOptions, "X must be 0"},
		"no such page":      {ordinary, func(s *pades.Stamp) { s.Pages = []int{3} }, pades.ErrOptions, "there is no page 3: the document has 2"},
		"page 0":            {ordinary, func(s *pades.Stamp) { s.Pages = []int{0} }, pades.ErrOptions, "count from 1"},
		"drawing fails":     {ordinary, func(s *pades.Stamp) { s.Appearance = &drawing{err: errors.New("no glyph")} }, pades.ErrOptions, "no glyph"},
		"drawing of none":   {ordinary, func(s *pades.Stamp) { s.Appearance = nothing{} }, pades.ErrOptions, "draws nothing"},
		"cut string":        {ending("BT (open"), nil, pades.ErrNotPDF, "page 1 cannot be stamped: it ends within"},
		"cut hex string":    {ending("BT <41"), nil, pades.ErrNotPDF, "ends within"},
		"cut array":         {ending("BT [(a) 1"), nil, pades.ErrNotPDF, "ends within"},
		"cut image":         {ending("BI /W 1 ID abc"), nil, pades.ErrNotPDF, "ends within"},
		"content of a name": {bytes.Replace(ordinary, []byte("/Contents 11 0 R"), []byte("/Contents /N    "), 1), nil, pades.ErrNotPDF, "page 1 cannot be stamped"},
		"resources":         {bytes.Replace(ordinary, []byte("/Resources<</Font<</F1 7 0 R>>>>"), []byte("/Resources[                     ]"), 1), nil, pades.ErrNotPDF, "resources of page 1"},
		"empty page":        {bytes.Replace(ordinary, []byte("[0 0 595 842]"), []byte("[0 0 0 0    ]"), 1), nil, pades.ErrNotPDF, "cannot be measured"},
	} {
		t.Run(name, func(t *testing.T) {
			s := ok()
			if c.change != nil {
				c.change(&s)
			}
			d := document(t, c.data)
			err := d.Amend(t.Context(), &pades.Amendment{Stamps: []pades.Stamp{ok(), s}, Attachments: []pades.Attachment{{Name: "a"}}})
			require.ErrorIs(t, err, c.cause)
			require.ErrorContains(t, err, c.want)
			require.Equal(t, c.data, content(t, d))
		})
	}
	// What would become a part of the content does not, behind it.
	s := ok()
	s.Behind = true
	amended(t, ending("BT (open"), &pades.Amendment{Stamps: []pades.Stamp{s}})
	require.ErrorIs(t, document(t, ordinary).Amend(t.Context(), nil), pades.ErrOptions)
	require.ErrorIs(t, document(t, ordinary).Amend(t.Context(), &pades.Amendment{}), pades.ErrOptions)
}
