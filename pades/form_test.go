package pades_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades"
)

// pages is a page tree of one page, number 3, with these entries.
func pages(annots string) []testpdf.Object {
	return []testpdf.Object{
		plain(2, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>"),
		plain(3, "<</Type/Page/Parent 2 0 R", annots, ">>"),
	}
}

const emptySignature = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Approval)/F 132/Rect[10 10 90 40]/P 3 0 R>>"

// TestShapesOfForms signs documents whose form and annotations stand in every
// shape that the standard allows, in every form of file.
func TestShapesOfForms(t *testing.T) {
	text := plain(9, "<</Type/Annot/Subtype/Widget/FT/Tx/T(Title)/V(kept)/Rect[0 0 9 9]/P 3 0 R>>")
	for name, c := range map[string]struct {
		objects []testpdf.Object
		changed []int64 // numbers of existing objects that are written again
	}{
		"no form":                   {append(pages(""), plain(1, "<</Type/Catalog/Pages 2 0 R>>")), []int64{1, 3}},
		"null form and annotations": {append(pages("/Annots null"), plain(1, "<</Type/Catalog/Pages 2 0 R/AcroForm null>>")), []int64{1, 3}},
		"form of a missing object":  {append(pages("/Annots 70 0 R"), plain(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 71 0 R>>")), []int64{1, 3}},
		"direct form": {append(pages("/Annots[9 0 R]"), text,
			plain(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[9 0 R]/DA(/H 0 Tf)>>/Lang(ja)>>")), []int64{1, 3}},
		"direct form, indirect fields": {append(pages("/Annots[9 0 R]"), text, plain(5, "[9 0 R]"),
			plain(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields 5 0 R/DA(/H 0 Tf)>>>>")), []int64{1, 3, 5}},
		"indirect form": {append(pages("/Annots[9 0 R]"), text, plain(4, "<</Fields[9 0 R]/DA(/H 0 Tf)>>"),
			plain(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>")), []int64{3, 4}},
		"all indirect, flags set": {append(pages("/Annots 6 0 R"), text, plain(4, "<</Fields 5 0 R/SigFlags 3/DA(/H 0 Tf)>>"), plain(5, "[9 0 R]"), plain(6, "[9 0 R]"),
			plain(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>")), []int64{5, 6}},
		"form without fields": {append(pages("/Annots 6 0 R"), plain(4, "<</SigFlags 0/DA(/H 0 Tf)>>"), plain(6, "[ ]"),
			plain(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>")), []int64{4, 6}},
		"reference to a reference": {append(pages("/Annots 7 0 R"), plain(6, "[9 0 R]"), plain(7, "6 0 R"), text, plain(4, "<</Fields[9 0 R]/SigFlags 3>>"),
			plain(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>")), []int64{4, 6}},
	} {
		for _, form := range testpdf.Forms {
			t.Run(name+"/"+form.String(), func(t *testing.T) {
				original := testpdf.File{Form: form, Objects: c.objects, Trailer: "/Root 1 0 R"}.Bytes()
				d := document(t, original)
				require.NoError(t, d.Sign(t.Context(), signer(t, nil), nil))
				data := content(t, d)
				f := open(t, data)
				signed := signatures(t, data)
				require.Len(t, signed, 1)
				checkSignature(t, data, signed[0], len(data))
				require.Equal(t, c.changed, rewritten(f))
				checkAttached(t, f, signed[0].Ref, strings.Contains(fmt.Sprint(c.objects), "kept"))
			})
		}
	}
}

// rewritten lists the objects below the first new number that the last section has.
func rewritten(f *pdf.File) []int64 {
	first, ok := f.Sections[len(f.Sections)-2].Trailer.Get("Size").(pdf.Integer)
	if !ok {
		panic("no Size")
	}
	var numbers []int64
	for e := range f.Sections[len(f.Sections)-1].Entries() {
		if e.Number < int64(first) {
			numbers = append(numbers, e.Number)
		}
	}
	return numbers
}

// checkAttached checks that the new widget hangs on page 3 and on the form, and
// that the old field is still on both.
func checkAttached(t *testing.T, f *pdf.File, field pdf.Reference, hasText bool) {
	t.Helper()
	v := f.Latest()
	want := []pdf.Object{field}
	if hasText {
		want = []pdf.Object{pdf.Reference{Number: 9}, field}
	}
	catalog, err := v.Catalog()
	require.NoError(t, err)
	form := resolved[*pdf.Dict](t, v, catalog.Dict().Get("AcroForm"))
	require.Equal(t, pdf.Integer(3), form.Get("SigFlags"))
	require.Equal(t, want, resolved[*pdf.Array](t, v, form.Get("Fields")).Items)
	page := resolved[*pdf.Dict](t, v, pdf.Reference{Number: 3})
	require.Equal(t, want, resolved[*pdf.Array](t, v, page.Get("Annots")).Items)
	widget := resolved[*pdf.Dict](t, v, field)
	require.Equal(t, pdf.Integer(132), widget.Get("F"))
	require.Equal(t, pdf.Reference{Number: 3}, widget.Get("P"))
}

func resolved[T pdf.Object](t *testing.T, v *pdf.View, o pdf.Object) T {
	t.Helper()
	for range 4 {
		ref, ok := o.(pdf.Reference)
		if !ok {
			break
		}
		i, err := v.Object(ref)
		require.NoError(t, err)
		o = i.Value
	}
	require.IsType(t, *new(T), o)
	return o.(T)
}

func TestExistingField(t *testing.T) {
	for name, objects := range map[string][]testpdf.Object{
		"merged":     {plain(5, emptySignature)},
		"null value": {plain(5, strings.Replace(emptySignature, "/F 132", "/V null/F 132", 1))},
		"separate widget": {plain(5, "<</FT/Sig/T(Approval)/Kids[6 0 R]>>"),
			plain(6, "<</Type/Annot/Subtype/Widget/Parent 5 0 R/F 132/Rect[10 10 90 40]/P 3 0 R>>")},
	} {
		for _, form := range testpdf.Forms {
			t.Run(name+"/"+form.String(), func(t *testing.T) {
				all := append(pages("/Annots[5 0 R]"), plain(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>"))
				original := testpdf.File{Form: form, Objects: append(all, objects...), Trailer: "/Root 1 0 R"}.Bytes()
				d := document(t, original)
				require.NoError(t, d.Sign(t.Context(), signer(t, nil), &pades.SignOptions{Field: "Approval"}))
				data := content(t, d)
				signed := signatures(t, data)
				require.Len(t, signed, 1)
				require.Equal(t, "Approval", signed[0].Name)
				require.EqualValues(t, 5, signed[0].Ref.Number)
				checkSignature(t, data, signed[0], len(data))
				want := []int64{1, 5}
				if name == "separate widget" {
					want = append(want, 6) // it repeats the value
					require.Equal(t, signed[0].Dict.Get("V"), resolved[*pdf.Dict](t, open(t, data).Latest(), pdf.Reference{Number: 6}).Get("V"))
				}
				require.Equal(t, want, rewritten(open(t, data)))

				err := d.Sign(t.Context(), signer(t, nil), &pades.SignOptions{Field: "Approval"})
				require.ErrorIs(t, err, pades.ErrField)
				require.ErrorContains(t, err, "signed already")
				require.Equal(t, data, content(t, d))
			})
		}
	}
}

func TestNestedField(t *testing.T) {
	original := testpdf.File{Objects: append(pages(""),
		plain(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]/SigFlags 3>>>>"),
		plain(4, "<</T<FEFF53D65F15>/FT/Sig/Kids[5 0 R]>>"), plain(5, "<</T(B)/Parent 4 0 R>>")), Trailer: "/Root 1 0 R"}.Bytes()
	d := document(t, original)
	require.NoError(t, d.Sign(t.Context(), signer(t, nil), &pades.SignOptions{Field: "取引.B"}))
	data := content(t, d)
	require.Equal(t, "取引.B", signatures(t, data)[0].Name)
	require.Equal(t, []int64{5}, rewritten(open(t, data)))
}

func TestFieldRefusals(t *testing.T) {
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	for name, c := range map[string]struct {
		options pades.SignOptions
		want    error
		text    string
	}{
		"not found":      {pades.SignOptions{Field: "Nothing"}, pades.ErrField, `no field "Nothing"`},
		"no signature":   {pades.SignOptions{Field: "party.name"}, pades.ErrField, "not a signature field"},
		"name taken":     {pades.SignOptions{NewField: "party"}, pades.ErrField, "already"},
		"empty part":     {pades.SignOptions{NewField: "a..b"}, pades.ErrOptions, "is empty"},
		"both":           {pades.SignOptions{Field: "a", NewField: "b"}, pades.ErrOptions, "exclude"},
		"no such page":   {pades.SignOptions{Page: 2}, pades.ErrOptions, "there is no page 2"},
		"negative page":  {pades.SignOptions{Page: -1}, pades.ErrOptions, "count from 1"},
		"field and page": {pades.SignOptions{Field: "a", Page: 1}, pades.ErrOptions, "new field"},
		"room":           {pades.SignOptions{ContentsSize: 5 << 20}, pades.ErrOptions, "ContentsSize"},
		"level":          {pades.SignOptions{Level: 1}, pades.ErrOptions, "level"},
	} {
		t.Run(name, func(t *testing.T) {
			s := signer(t, nil)
			key := &onceKey{Signer: s.Key}
			s.Key = key
			d := document(t, original)
			err := d.Sign(t.Context(), s, &c.options)
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, c.text)
			require.Zero(t, key.used, "refused before the key is used")
			require.Equal(t, original, content(t, d))
		})
	}
}

func TestNewFieldName(t *testing.T) {
	original := testpdf.File{Objects: append(pages(""),
		plain(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R 5 0 R]>>>>"),
		plain(4, "<</T(Signature1)/FT/Tx>>"), plain(5, "<</T<FEFF005300690067006E006100740075007200650032>/FT/Sig>>")), Trailer: "/Root 1 0 R"}.Bytes()
	d := document(t, original)
	require.NoError(t, d.Sign(t.Context(), signer(t, nil), nil))
	require.NoError(t, d.Sign(t.Context(), signer(t, nil), &pades.SignOptions{NewField: "承認"}))
	var names []string
	for _, f := range signatures(t, content(t, d)) {
		names = append(names, f.Name)
	}
	require.Equal(t, []string{"Signature3", "承認"}, names)
}

func TestPages(t *testing.T) {
	d := document(t, testpdf.Contract(3, testpdf.Stream).Bytes())
	require.NoError(t, d.Sign(t.Context(), signer(t, nil), &pades.SignOptions{Page: 3}))
	data := content(t, d)
	v := open(t, data).Latest()
	page := resolved[*pdf.Dict](t, v, pdf.Reference{Number: 14})
	require.Equal(t, []pdf.Object{signatures(t, data)[0].Ref}, page.Get("Annots").(*pdf.Array).Items)

	for name, kids := range map[string]string{
		"cycle":        "<</Type/Pages/Kids[2 0 R]/Count 1>>",
		"missing node": "<</Type/Pages/Kids[80 0 R]/Count 1>>",
		"not an array": "<</Type/Pages/Kids 1/Count 1>>",
		"direct page":  "<</Type/Pages/Kids[<</Type/Page>>]/Count 1>>",
		"empty":        "<</Type/Pages/Kids[]/Count 0>>",
		"number":       "7",
	} {
		t.Run(name, func(t *testing.T) {
			original := testpdf.File{Objects: []testpdf.Object{plain(1, "<</Type/Catalog/Pages 2 0 R>>"), plain(2, kids)}, Trailer: "/Root 1 0 R"}.Bytes()
			d := document(t, original)
			err := d.Sign(t.Context(), signer(t, nil), nil)
			require.ErrorContains(t, err, "page tree")
			require.Equal(t, original, content(t, d))
		})
	}
}

// TestDirectPageTree signs on a page whose parent nodes are no indirect objects.
func TestDirectPageTree(t *testing.T) {
	original := testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{
		plain(1, "<</Type/Catalog/Pages<</Type/Pages/Kids[<</Type/Pages/Kids[3 0 R]/Count 1>>]/Count 1>>>>"),
		plain(3, "<</Type/Page/MediaBox[0 0 9 9]>>"),
	}}.Bytes()
	d := document(t, original)
	require.NoError(t, d.Sign(t.Context(), signer(t, nil), nil))
	require.Equal(t, []int64{1, 3}, rewritten(open(t, content(t, d))))
}

func TestGenerationsAreKept(t *testing.T) {
	objects := []testpdf.Object{
		plain(1, "<</Type/Catalog/Pages 2 0 R>>"), plain(2, "<</Type/Pages/Kids[3 4 R]/Count 1/MediaBox[0 0 9 9]>>"),
		{Number: 3, Generation: 4, Body: "<</Type/Page/Parent 2 0 R>>"},
	}
	for _, form := range testpdf.Forms {
		d := document(t, testpdf.File{Form: form, Objects: objects, Trailer: "/Root 1 0 R"}.Bytes())
		require.NoError(t, d.Sign(t.Context(), signer(t, nil), nil))
		data := content(t, d)
		o, err := open(t, data).Latest().Object(pdf.Reference{Number: 3, Generation: 4})
		require.NoError(t, err)
		require.True(t, o.Dict().Has("Annots"), form.String())
		require.True(t, bytes.Contains(data, []byte("\n3 4 obj\n")))
	}
}

// TestOddFiles signs files that are sound but not as most are.
func TestOddFiles(t *testing.T) {
	for _, form := range testpdf.Forms {
		whole := testpdf.Contract(2, form)
		cr := testpdf.Contract(2, form)
		cr.EOL = "\r"
		wrongSize := testpdf.Contract(2, form)
		wrongSize.Trailer += "/Custom(kept)"
		for name, original := range map[string][]byte{
			"no end of line":   bytes.TrimRight(whole.Bytes(), "\n"),
			"CR only":          cr.Bytes(),
			"spaces behind":    append(whole.Bytes(), "  \n "...),
			"bytes before":     slices.Concat([]byte("junk\n"), whole.Bytes()),
			"custom trailer":   wrongSize.Bytes(),
			"updated":          testpdf.File{Form: testpdf.Stream, Trailer: "/Root 1 0 R", Objects: []testpdf.Object{plain(8, "<</Title(New)>>")}}.Append(whole.Bytes()),
			"updated by table": testpdf.File{Form: testpdf.Table, Trailer: "/Root 1 0 R", Objects: []testpdf.Object{plain(8, "<</Title(New)>>")}}.Append(whole.Bytes()),
		} {
			t.Run(name+"/"+form.String(), func(t *testing.T) {
				d := document(t, original)
				for range 2 {
					require.NoError(t, d.Sign(t.Context(), signer(t, nil), nil))
				}
				data := content(t, d)
				require.True(t, bytes.HasPrefix(data, original))
				signed := signatures(t, data)
				require.Len(t, signed, 2)
				checkSignature(t, data, signed[1], len(data))
				f := open(t, data)
				last := f.Sections[len(f.Sections)-1]
				require.Equal(t, f.Sections[len(f.Sections)-2].Stream, last.Stream)
				if name == "custom trailer" {
					require.True(t, last.Trailer.Has("Custom"))
					before, after := f.Sections[0].Trailer.Get("ID").(*pdf.Array), last.Trailer.Get("ID").(*pdf.Array)
					require.Equal(t, before.Items[0].(pdf.String).Value, after.Items[0].(pdf.String).Value)
					require.NotEqual(t, before.Items[1].(pdf.String).Value, after.Items[1].(pdf.String).Value)
				}
			})
		}
	}
}

// TestMentionedNumbers signs a file whose objects refer to objects that are not
// there: what a signature adds must not become what they mean.
func TestMentionedNumbers(t *testing.T) {
	for _, form := range testpdf.Forms {
		f := testpdf.Contract(1, form)
		size := testpdf.LastSize(f.Bytes())
		for i := range f.Objects {
			switch body := &f.Objects[i].Body; f.Objects[i].Number {
			case 1:
				*body = strings.Replace(*body, ">>", fmt.Sprintf("/OpenAction[%d 0 R/Fit]/Names<</Dests %d 0 R>>>>", size+1, size+2), 1)
			case 10:
				*body = strings.Replace(*body, "/Type/Page", fmt.Sprintf("/Type/Page/Thumb %d 0 R", size), 1)
			}
		}
		original := f.Bytes()
		require.Equal(t, size, testpdf.LastSize(original))
		d := document(t, original)
		for range 2 {
			require.NoError(t, d.Sign(t.Context(), signer(t, nil), nil))
		}
		view := open(t, content(t, d)).Latest()
		for n := size; n < size+3; n++ {
			o, err := view.Object(pdf.Reference{Number: int64(n)})
			require.NoError(t, err)
			require.Equal(t, pdf.Null{}, o.Value, "object %d in the %v form", n, form)
		}
		require.Len(t, signatures(t, content(t, d)), 2)
	}
}
