package pades_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades"
)

// sharing is a document of two pages, 3 and 4, with these annotations; 6 is an
// array, 7 a reference to it and 9 a text field.
func sharing(form testpdf.Form, first, second string) testpdf.File {
	page := func(n int, annots string) testpdf.Object {
		return plain(n, "<</Type/Page/Parent 2 0 R", annots, ">>")
	}
	return testpdf.File{Form: form, Objects: []testpdf.Object{
		plain(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>"),
		plain(2, "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2/MediaBox[0 0 595 842]>>"), page(3, first), page(4, second),
		plain(5, "<</Fields[9 0 R]>>"), plain(6, "[9 0 R]"), plain(7, "6 0 R"),
		plain(9, "<</Type/Annot/Subtype/Widget/FT/Tx/T(Title)/V(kept)/Rect[0 0 9 9]/P 3 0 R>>"),
	}, Trailer: "/Root 1 0 R/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]"}
}

// TestSharedAnnotations: where pages share an array of annotations, the page that
// is signed gets one of its own, and no other page gets the widget.
func TestSharedAnnotations(t *testing.T) {
	for name, c := range map[string]struct {
		first, second string
		changed       []int64
	}{
		"own":            {"/Annots 6 0 R", "/Annots[9 0 R]", []int64{5, 6}},
		"shared":         {"/Annots 6 0 R", "/Annots 6 0 R", []int64{3, 5}},
		"the way shared": {"/Annots 7 0 R", "/Annots 7 0 R", []int64{3, 5}},
		"the end shared": {"/Annots 7 0 R", "/Annots 6 0 R", []int64{3, 5}},
	} {
		for _, form := range testpdf.Forms {
			t.Run(name+"/"+form.String(), func(t *testing.T) {
				d := document(t, sharing(form, c.first, c.second).Bytes())
				for range 2 { // the second one is on the page's own array
					require.NoError(t, d.Sign(t.Context(), signer(t, nil), nil))
				}
				data := content(t, d)
				signed := signatures(t, data)
				require.Len(t, signed, 2)
				v := open(t, data).Latest()
				old := pdf.Object(pdf.Reference{Number: 9})
				page := resolved[*pdf.Dict](t, v, pdf.Reference{Number: 3})
				require.Equal(t, []pdf.Object{old, signed[0].Ref, signed[1].Ref}, resolved[*pdf.Array](t, v, page.Get("Annots")).Items)
				other := resolved[*pdf.Dict](t, v, pdf.Reference{Number: 4})
				require.Equal(t, []pdf.Object{old}, resolved[*pdf.Array](t, v, other.Get("Annots")).Items)
				r, _ := signed[0].Signature.ByteRange.Four()
				require.Equal(t, c.changed, rewritten(open(t, data[:r[2]+r[3]])))
			})
		}
	}
}

// TestSharedAnnotationsEncrypted: annotations that stand in the array itself are
// encrypted for its object, and stay there.
func TestSharedAnnotationsEncrypted(t *testing.T) {
	for _, array := range []string{"[9 0 R]", "[9 0 R<</Type/Annot/Subtype/Text/Contents(note)/Rect[0 0 9 9]>>]"} {
		for name, e := range encryptions("", -4) {
			t.Run(fmt.Sprintf("%s %d", name, len(array)), func(t *testing.T) {
				f := sharing(testpdf.Table, "/Annots 6 0 R", "/Annots 6 0 R")
				f.Objects[5].Body = array
				d := openEncrypted(t, f.Encrypted(e).Bytes(), ownerPassword)
				err := d.Sign(t.Context(), signer(t, nil), nil)
				if strings.Contains(array, "note") {
					require.ErrorIs(t, err, pades.ErrEncrypted)
					require.ErrorContains(t, err, "shares its annotations")
					return
				}
				require.NoError(t, err)
			})
		}
	}
}
