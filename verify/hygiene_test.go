package verify_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/verify"
)

// inspected returns the codes of the findings about the signed revision.
func (m *maker) inspected(t *testing.T, file []byte) []string {
	o := m.options()
	o.Hygiene = true
	r, err := verify.Reader(context.Background(), bytes.NewReader(file), int64(len(file)), o)
	require.NoError(t, err, "it never changes a verdict")
	var out []string
	for _, f := range r.Findings {
		if strings.HasPrefix(f.Code, "hygiene.") {
			out = append(out, f.Code)
			require.Equal(t, 2, f.Revision)
		}
	}
	return out
}

// TestHygiene names what a prepared document may hide.
func TestHygiene(t *testing.T) {
	m := newMaker(t)
	widget := "<</Type/Annot/Subtype/Widget/FT/Tx/Parent 4 0 R/T(name)/V(%s)/Rect[%s]/P 10 0 R/AP<</N 6 0 R>>>>"
	const place = "72 640 340 660"
	for _, tt := range []struct {
		name    string
		objects []testpdf.Object
		tail    string
		want    []string
	}{
		{"nothing", nil, "", nil},
		{"an object that nothing refers to", []testpdf.Object{{Number: 60, Body: "<<>>"}}, "", []string{"hygiene.unused"}},
		{"a second page, ready to be shown", []testpdf.Object{{Number: 60, Body: "<</Kids[61 0 R]>>"}, {Number: 61, Body: "<</Parent 60 0 R>>"}}, "", []string{"hygiene.unused"}},
		{"an object behind a comment", nil, "60 0 obj<<>>endobj\n", []string{"hygiene.hidden"}},
		{"a script", []testpdf.Object{{Number: 11, Body: "<</Metadata<</S/JavaScript/JS(x)>>>>"}}, "", []string{"hygiene.active"}},
		{"a script in brackets", []testpdf.Object{{Number: 11, Body: "<</Odd[<</S /Launch/F(x)>>]/#41 1>>"}}, "", []string{"hygiene.active"}},
		{"an address", []testpdf.Object{{Number: 11, Body: "<</Odd<</S/URI/URI(x)>>>>"}}, "", nil},
		{"an address opened at once", []testpdf.Object{{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/OpenAction<</S/URI/URI(x)>>>>"}}, "", []string{"hygiene.opening"}},
		{"a place opened at once", []testpdf.Object{{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R/OpenAction[10 0 R/Fit]>>"}}, "", nil},
		{"another value", []testpdf.Object{{Number: 5, Body: fmt.Sprintf(widget, "Biei Town", place)}}, "", []string{"hygiene.value"}},
		{"a value that cannot be compared", []testpdf.Object{{Number: 5, Body: fmt.Sprintf(widget, "\\376\\377\\165\\060", place)}}, "", nil},
		{"a field over text", []testpdf.Object{{Number: 5, Body: fmt.Sprintf(widget, "Higashikagura Town", "72 690 340 710")}}, "", []string{"hygiene.over"}},
	} {
		for _, form := range testpdf.Forms {
			t.Run(tt.name+" "+form.String(), func(t *testing.T) {
				f := testpdf.Contract(1, form)
				for _, o := range tt.objects {
					found := false
					for i := range f.Objects {
						if f.Objects[i].Number == o.Number {
							o.Data = f.Objects[i].Data
							f.Objects[i], found = o, true
						}
					}
					if !found {
						f.Objects = append(f.Objects, o)
					}
				}
				f.Tail = "\n" + tt.tail
				file := f.Bytes()
				if form == testpdf.Hybrid && strings.Contains(tt.name, "opened") {
					t.Skip("the catalog of the hybrid form leads to an object of its own")
				}
				require.Equal(t, tt.want, m.inspected(t, m.sign(t, file, entry{form: form})))
			})
		}
	}
}

// TestHygieneIsAsked: nothing is inspected where nobody asks for it.
func TestHygieneIsAsked(t *testing.T) {
	m := newMaker(t)
	f := testpdf.Contract(1, testpdf.Table)
	f.Objects = append(f.Objects, testpdf.Object{Number: 60, Body: "<<>>"})
	file := m.sign(t, f.Bytes(), entry{})
	require.Empty(t, m.judge(t, file).Findings)
	require.Equal(t, []string{"hygiene.unused"}, m.inspected(t, file))
}
