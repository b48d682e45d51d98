package content_test

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/content"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
)

// page returns what the first page of a contract with that content paints.
func page(t testing.TB, text string, more ...testpdf.Object) *content.Painted {
	f := testpdf.Contract(1, testpdf.Table)
	for i := range f.Objects {
		switch f.Objects[i].Number {
		case 11:
			f.Objects[i].Data = []byte(text)
		case 10:
			f.Objects[i].Body = "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 7 0 R/F2 21 0 R>>/XObject<</X 20 0 R>>>>/Contents[11 0 R 11 0 R]>>"
		}
	}
	f.Objects = append(f.Objects, more...)
	data := f.Bytes()
	file, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	v := file.Latest()
	o, err := v.Object(pdf.Reference{Number: 10})
	require.NoError(t, err)
	return content.Page(v, o.Dict())
}

func TestAreas(t *testing.T) {
	form := func(body, data string) testpdf.Object {
		return testpdf.Object{Number: 20, Body: body, Data: []byte(data)}
	}
	for _, tt := range []struct {
		name, text string
		object     testpdf.Object
		want       string
	}{
		{"nothing", "q Q BT ET n 1 0 0 1 5 5 cm", testpdf.Object{}, "[]"},
		{"rectangle", "10 20 30 40 re f", testpdf.Object{}, "[{10 20 40 60}]"},
		{"white rectangle", "1 g 10 20 30 40 re f", testpdf.Object{}, "[]"},
		{"white in CMYK", "0 0 0 0 k 10 20 30 40 re f*", testpdf.Object{}, "[]"},
		{"black in CMYK", "1 1 1 1 k 10 20 30 40 re F", testpdf.Object{}, "[{10 20 40 60}]"},
		{"frame in white", "1 g 10 20 30 40 re B", testpdf.Object{}, "[{10 20 40 60}]"},
		{"clipping alone", "10 20 30 40 re W n", testpdf.Object{}, "[]"},
		{"line and curve", "1 2 m 5 6 l 7 8 9 1 2 3 c S", testpdf.Object{}, "[{1 1 9 8}]"},
		{"scaled", "q 2 0 0 3 1 1 cm 1 1 1 1 re f Q 1 1 1 1 re f", testpdf.Object{}, "[{3 4 5 7} {1 1 2 2}]"},
		{"text", "BT /F1 10 Tf 100 200 Td (abcd) Tj ET", testpdf.Object{}, "[{100 198 122 208}]"},
		{"text in pieces", "BT /F1 10 Tf 1 0 0 1 100 200 Tm [(ab) -1000 <6364>] TJ ET", testpdf.Object{}, "[{100 198 132 208}]"},
		{"next line", "BT /F1 10 Tf 12 TL 100 200 Td (abcd) ' ET", testpdf.Object{}, "[{100 186 122 196}]"},
		{"invisible text", "BT 3 Tr /F1 10 Tf (abcd) Tj ET", testpdf.Object{}, "[]"},
		{"image", "100 0 0 50 10 10 cm /X Do", form("<</Type/XObject/Subtype/Image>>", "x"), "[{10 10 110 60}]"},
		{"inline image", "q 100 0 0 50 10 10 cm BI /W 1 ID \x00)(<< EI Q 1 1 1 1 re f", testpdf.Object{}, "[{10 10 110 60} {1 1 2 2}]"},
		{"form", "/X Do", form("<</Subtype/Form/Matrix[1 0 0 1 5 5]>>", "1 1 1 1 re f"), "[{6 6 7 7}]"},
		{"no form", "/Y Do", testpdf.Object{}, "[]"},
		{"odd tokens", ") > ] } 1 1 1 1 re f % comment\n<</A(\\)\\060)>> /N#41 do", testpdf.Object{}, "[{1 1 2 2}]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var more []testpdf.Object
			if tt.object.Number > 0 {
				more = append(more, tt.object)
			}
			p := page(t, "q "+tt.text+" Q ", more...)
			require.False(t, p.Unknown)
			half := p.Areas[:len(p.Areas)/2] // the content stands there twice
			require.Equal(t, tt.want, fmt.Sprint(append([]content.Area{}, half...)))
		})
	}
}

func TestText(t *testing.T) {
	p := page(t, "BT /F1 10 Tf (a\\(b\\)\\\\\\101\\n) Tj <6> Tj ET", testpdf.Object{Number: 20, Body: "<<>>"})
	require.Equal(t, "a(b)\\A\n`a(b)\\A\n`", string(p.Text))
	require.True(t, p.Plain)
	p = page(t, "BT /F2 10 Tf (ab) Tj ET", testpdf.Object{Number: 21, Body: "<</Subtype/Type0>>"})
	require.False(t, p.Plain)
	p = page(t, "BT /F2 10 Tf (ab) Tj ET", testpdf.Object{Number: 21, Body: "<</Subtype/Type1/Encoding<</Differences[48/nine]>>>>"})
	require.False(t, p.Plain)
}

func TestForms(t *testing.T) {
	p := page(t, "/X Do", testpdf.Object{Number: 20, Body: "<</Subtype/Form/Resources<</XObject<</X 20 0 R>>>>>>", Data: []byte("/X Do 1 1 1 1 re f")})
	require.True(t, p.Unknown, "a form within itself")
	require.True(t, p.Covers(content.Area{X1: 1, Y1: 1}))
	p = page(t, "/X Do", testpdf.Object{Number: 20, Body: "<</Subtype/Form/Filter/JBIG2Decode>>", Data: []byte("x")})
	require.True(t, p.Unknown, "what cannot be decoded may paint anywhere")
}

func TestLimits(t *testing.T) {
	p := page(t, strings.Repeat("n ", content.MaxOperators/2))
	require.False(t, p.Unknown, "at the limit")
	p = page(t, strings.Repeat("n ", content.MaxOperators/2+1))
	require.True(t, p.Unknown, "one over")
	p = page(t, strings.Repeat("1 1 1 1 re f ", content.MaxAreas/2)+"9 9 1 1 re f ")
	require.Len(t, p.Areas, content.MaxAreas)
	require.True(t, p.Covers(content.Area{X0: 9, Y0: 9, X1: 10, Y1: 10}), "what follows enlarges the last")
	for _, over := range []int{0, 1} {
		p = page(t, strings.Repeat("q ", content.MaxStates+over)+strings.Repeat("Q ", content.MaxStates+5)+"1 1 1 1 re f")
		require.Len(t, p.Areas, 2)
		require.Equal(t, over == 1, p.Unknown, "saved states")
		p = page(t, strings.Repeat("0 ", content.MaxOperands-4+over)+"1 1 1 1 re f")
		require.Equal(t, over == 1, p.Unknown, "operands")
		p = page(t, "/X Do", nestedForms(content.MaxForms+over)...)
		require.Equal(t, over == 1, p.Unknown, "forms")
		require.Len(t, p.Areas, 2*(1-over))
	}
	shown := func(text string) *content.Painted { // twice, since the page holds its content twice
		return page(t, "BT /F1 1 Tf ("+strings.Repeat("a", content.MaxText/2-1)+") Tj ("+text+") Tj () Tj ET")
	}
	p = shown("b")
	require.Equal(t, content.MaxText, len(p.Text))
	require.True(t, p.Plain)
	p = shown("bc")
	require.Equal(t, content.MaxText, len(p.Text))
	require.False(t, p.Plain, "text is left out")
	p = page(t, strings.Repeat("% comment\n", content.MaxBytes/20))
	require.False(t, p.Unknown)
	p = page(t, strings.Repeat("% comment\n", content.MaxBytes/10))
	require.True(t, p.Unknown)
}

// nestedForms are forms within each other, from object 20 on; the innermost paints.
func nestedForms(n int) []testpdf.Object {
	var all []testpdf.Object
	for i := range n - 1 {
		all = append(all, testpdf.Object{Number: 20 + 2*i, Data: []byte("/X Do"),
			Body: fmt.Sprintf("<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>>>", 22+2*i)})
	}
	return append(all, testpdf.Object{Number: 18 + 2*n, Body: "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]>>", Data: []byte("1 1 1 1 re f")})
}

func TestNewArea(t *testing.T) {
	a, ok := content.NewArea([]float64{5, 6, 1, 2})
	require.True(t, ok)
	require.Equal(t, content.Area{X0: 1, Y0: 2, X1: 5, Y1: 6}, a)
	require.False(t, a.Overlaps(content.Area{X0: 5, Y0: 2, X1: 9, Y1: 9}), "an edge alone")
	require.True(t, a.Overlaps(content.Area{X0: 4, Y0: 2, X1: 9, Y1: 9}))
	for _, rect := range [][]float64{nil, {1, 2, 3}, {0, 0, math.Inf(1), 1}} {
		_, ok := content.NewArea(rect)
		require.False(t, ok)
	}
}

func FuzzPage(f *testing.F) {
	f.Add("BT /F1 10 Tf 100 200 Td (abcd) Tj [(a) 5 <41>] TJ ET q 1 0 0 1 0 0 cm /X Do Q BI ID x EI 1 2 3 4 re f")
	f.Add("( \\( <4> << /A [ ] >> % c")
	f.Fuzz(func(t *testing.T, text string) {
		p := page(t, text, testpdf.Object{Number: 20, Body: "<</Subtype/Form>>", Data: []byte(text)})
		require.LessOrEqual(t, len(p.Areas), content.MaxAreas)
	})
}
