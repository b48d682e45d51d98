package content_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/content"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
)

const toUnicode = `begincmap 1 begincodespacerange <0000><FFFF> endcodespacerange
2 beginbfchar <0001><5C71> <0002><D842DFB7> endbfchar
2 beginbfrange <0010><0012><0041> <0020><0021>[<0061><00620063>] endbfrange endcmap`

// picture returns what the first page of a contract with that content and those page entries paints,
// with other objects in place of its own.
func picture(t testing.TB, text, entries string, more ...testpdf.Object) *content.Picture {
	f := testpdf.Contract(1, testpdf.Table)
	for i := range f.Objects {
		switch f.Objects[i].Number {
		case 11:
			f.Objects[i].Data = []byte(text)
		case 10:
			f.Objects[i].Body = "<</Type/Page/Parent 2 0 R" + entries + "/Resources<</Font<</F1 7 0 R/F2 21 0 R>>/XObject<</X 20 0 R/Y 24 0 R>>" +
				"/ExtGState<</G<</ca 0.1>>/N<</ca 1/SMask/None>>>>>>/Contents 11 0 R>>"
		}
	}
	f.Objects = append(f.Objects,
		testpdf.Object{Number: 20, Body: "<</Type/XObject/Subtype/Form/BBox[0 0 20 20]/Resources<</Font<</F2 21 0 R>>>>>>", Data: []byte("BT /F2 7 Tf 1 1 Td <0001> Tj ET")},
		testpdf.Object{Number: 21, Body: "<</Type/Font/Subtype/Type0/BaseFont/F/Encoding/Identity-H/DescendantFonts[22 0 R]/ToUnicode 23 0 R>>"},
		testpdf.Object{Number: 22, Body: "<</Type/Font/Subtype/CIDFontType2/BaseFont/F>>"},
		testpdf.Object{Number: 23, Body: "<<>>", Data: []byte(toUnicode)},
		testpdf.Object{Number: 24, Body: "<</Type/XObject/Subtype/Image/OC 9 0 R>>", Data: []byte("x")},
	)
	for _, o := range more {
		i := slices.IndexFunc(f.Objects, func(v testpdf.Object) bool { return v.Number == o.Number })
		f.Objects[i] = o
	}
	data := f.Bytes()
	file, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	pages, err := content.Pages(file.Latest())
	require.NoError(t, err)
	require.Len(t, pages, 1)
	return content.PictureOf(file.Latest(), pages[0].Dict)
}

func TestPicture(t *testing.T) {
	for _, tt := range []struct{ name, text, entries, want string }{
		{"text", "BT /F2 10 Tf 30 40 Td <00010002> Tj ET", "", "山𠮷 at 30 40, 10 high, light 0, visible true,  -1"},
		{"ranges and arrays", "BT /F2 10 Tf [<0010> 5 <001200200021> <0099>] TJ ET", "", "ACabc\uFFFD at 0 0, 10 high, light 0, visible true,  -1"},
		{"a plain font", "BT /F1 10 Tf (abc) Tj ET", "", "abc at 0 0, 10 high, light 0, visible true,  -1"},
		{"rotated to the right", "0 1 -1 0 200 0 cm BT /F2 10 Tf 5 6 Td <0001> Tj ET", "/MediaBox[0 0 200 400]/Rotate 90", "山 at 5 6, 10 high, light 0, visible true,  -1"},
		{"upside down", "-1 0 0 -1 200 400 cm BT /F2 10 Tf 5 6 Td <0001> Tj ET", "/MediaBox[0 0 200 400]/Rotate 180", "山 at 5 6, 10 high, light 0, visible true,  -1"},
		{"rotated to the left", "0 -1 1 0 0 400 cm BT /F2 10 Tf 5 6 Td <0001> Tj ET", "/MediaBox[0 0 200 400]/Rotate -90", "山 at 5 6, 10 high, light 0, visible true,  -1"},
		{"on its side", "0 1 -1 0 200 0 cm BT /F2 10 Tf 5 6 Td <0001> Tj ET", "/MediaBox[0 0 200 400]", "山 at 194 5, 0 high, light 0, visible true,  -1"},
		{"cropped and enlarged", "BT /F2 10 Tf 30 40 Td <0001> Tj ET", "/MediaBox[0 0 200 400]/CropBox[20 20 100 100]/UserUnit 2", "山 at 20 40, 20 high, light 0, visible true,  -1"},
		{"outside", "BT /F2 10 Tf 30 140 Td <0001> Tj ET", "/MediaBox[0 0 200 100]", "山 at 30 140, 10 high, light 0, visible false,  -1"},
		{"not painted", "3 Tr BT /F2 10 Tf <0001> Tj ET", "", "山 at 0 0, 10 high, light 0, visible false,  -1"},
		{"transparent", "/G gs BT /F2 10 Tf <0001> Tj ET", "", "山 at 0 0, 10 high, light 0, visible false,  -1"},
		{"not transparent any more", "q /G gs Q /N gs BT /F2 10 Tf <0001> Tj ET", "", "山 at 0 0, 10 high, light 0, visible true,  -1"},
		{"clipped away", "100 100 9 9 re W n BT /F2 10 Tf <0001> Tj ET", "", "山 at 0 0, 10 high, light 0, visible false,  -1"},
		{"in a layer", "/OC /L BDC BT /F2 10 Tf <0001> Tj ET EMC", "", "山 at 0 0, 10 high, light 0, visible false, OC -1"},
		{"marked", "/TH<</MCID 3>>BDC /Span<</ActualText(x)>>BDC 0.4 g BT /F2 10 Tf <0001> Tj ET EMC EMC", "", "山 at 0 0, 10 high, light 0.4, visible true, TH 3"},
		{"marked with numbers alone", "0 BDC BT /F2 10 Tf <0001> Tj ET EMC", "", "山 at 0 0, 10 high, light 0, visible true,  -1"},
		{"white", "1 1 1 rg BT /F2 10 Tf <0001> Tj ET", "", "山 at 0 0, 10 high, light 1, visible true,  -1"},
		{"in a form", "1 0 0 1 50 60 cm /X Do", "", "山 at 51 61, 7 high, light 0, visible true,  -1"},
		{"a form of something transparent", "/G gs /X Do", "", "山 at 1 1, 7 high, light 0, visible false,  -1"},
		{"a path", "0.9 g 1 2 30 40 re f", "", " at 0 0, 0 high, light 0.9, visible true,  -1"},
		{"an image of a layer", "9 0 0 9 0 0 cm /Y Do", "", " at 0 0, 0 high, light 0, visible false,  -1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := picture(t, tt.text, tt.entries)
			require.False(t, p.Unknown)
			require.Len(t, p.Shown, 1)
			s := p.Shown[0]
			require.Equal(t, tt.want, fmt.Sprintf("%s at %.4g %.4g, %.4g high, light %g, visible %t, %s %d", s.Text, s.X, s.Y, s.Size, s.Light, s.Visible, s.Tag, s.Mark))
		})
	}
	p := picture(t, "/X Do", "")
	require.True(t, p.Operators["Tj"] && p.Operators["Do"] && !p.Operators["gs"])
	require.True(t, picture(t, "q", "/MediaBox[0 0 0 0]").Unknown)
	require.True(t, picture(t, "q", "/MediaBox null").Unknown, "no page has that size")
}

// TestPictureLimits stands at the limits, and one over.
func TestPictureLimits(t *testing.T) {
	tree := func(inner string) error {
		f := testpdf.File{Size: 3, Trailer: "/Root 1 0 R", Objects: []testpdf.Object{
			{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R>>"}, {Number: 2, Body: inner},
		}}
		data := f.Bytes()
		file, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
		require.NoError(t, err)
		_, err = content.Pages(file.Latest())
		return err
	}
	nested := func(n int) string {
		return strings.Repeat("<</Kids[", n-1) + "<</Type/Page>>" + strings.Repeat("]>>", n-1)
	}
	const maxLevels, maxNodes = content.MaxLevels, content.MaxNodes
	require.NoError(t, tree(nested(maxLevels)))
	require.ErrorContains(t, tree(nested(maxLevels+1)), "levels")
	kids := func(n int) string { return "<</Kids[" + strings.Repeat("<</Type/Page>>", n) + "]>>" }
	require.NoError(t, tree(kids(maxNodes-1)))
	require.ErrorContains(t, tree(kids(maxNodes)), "nodes")
	require.ErrorContains(t, tree("<</Kids[2 0 R]>>"), "twice")
	require.ErrorContains(t, tree("null"), "missing")
	require.ErrorContains(t, tree("<</Kids 9 0 R>>"), "kids of node 2 0 are missing")

	const maxCodes = content.MaxCodes
	cmap := func(n int) string {
		return strings.Repeat("1 beginbfrange <0000><FFFF><0000> endbfrange\n", n/0x10000) + "1 beginbfchar <0001><0041> endbfchar"
	}
	require.Equal(t, "A", content.Decoded(cmap(maxCodes-0x10000), "\x00\x01"))
	require.Equal(t, "\x01", content.Decoded(cmap(maxCodes), "\x00\x01"), "what is over the limit is not read")
}
