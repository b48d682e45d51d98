package interop_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// box is an appearance of one colour.
type box struct{}

func (box) Draw(_ context.Context, r *pades.AppearanceRequest) (*pades.AppearanceStream, error) {
	return &pades.AppearanceStream{Content: fmt.Appendf(nil, "0.8 0.1 0.1 rg 0 0 %g %g re f", r.Width, r.Height)}, nil
}

// twoPlaces is a contract of three pages with an empty signature field, Both, that is
// shown on the first page and on the second.
func twoPlaces(form testpdf.Form) []byte {
	f := testpdf.Contract(3, form)
	page := 0
	for i := range f.Objects {
		switch o := &f.Objects[i]; {
		case o.Number == 3:
			o.Body = strings.Replace(o.Body, "/Fields[", "/Fields[70 0 R ", 1)
		case strings.Contains(o.Body, "/Type/Page/") && page < 2:
			kid := fmt.Sprintf("%d 0 R", 71+page)
			f.Objects = append(f.Objects, testpdf.Object{Number: 71 + page, Body: fmt.Sprintf(
				"<</Type/Annot/Subtype/Widget/Parent 70 0 R/F 4/Rect[300 300 400 340]/P %d 0 R>>", o.Number)})
			if strings.Contains(o.Body, "/Annots[") {
				o.Body = strings.Replace(o.Body, "/Annots[", "/Annots["+kid+" ", 1)
			} else {
				o.Body = strings.Replace(o.Body, "<<", "<</Annots["+kid+"]", 1)
			}
			page++
		}
	}
	f.Objects = append(f.Objects, testpdf.Object{Number: 70, Body: "<</FT/Sig/T(Both)/Kids[71 0 R 72 0 R]>>"})
	return f.Bytes()
}

// TestVisible: visible signatures, in one place, on all pages or in the places of an empty
// field, leave earlier ones valid for EU DSS and pyHanko, and are valid themselves; poppler,
// which lists a signature once for each place, takes none of them for an empty field.
func TestVisible(t *testing.T) {
	s := newServices(t)
	judges := adesPeers(t)
	for _, form := range testpdf.Forms {
		t.Run(form.String(), func(t *testing.T) {
			id := s.signer(t, testpki.RSA2048)
			data := twoPlaces(form)
			for i, page := range []int{1, pades.AllPages, 2, 0, 3} {
				data = s.update(t, data, "", func(d *pades.Document) error {
					o := s.options(pades.BLT)
					o.Appearance, o.Page, o.Rect = box{}, page, pades.Rect{X: 20 + 90*float64(i), Y: 20, Width: 80, Height: 40}
					if page == 0 {
						o.Field, o.Rect = "Both", pades.Rect{}
					}
					return d.Sign(t.Context(), &pades.Signer{Key: id.Key, Chain: id.Chain}, o)
				})
			}
			file := write(t, "visible.pdf", data)
			for _, judge := range judges {
				answer := judge.do(t, s.judgeTask(file, "", pades.BLT))
				require.Empty(t, answer.Error, judge.name)
				require.Len(t, answer.Signatures, 5, judge.name)
				for _, sig := range answer.Signatures {
					assert.True(t, sig.Intact, "%s: %+v", judge.name, sig)
					assert.Contains(t, sig.Indication, "PASSED", "%s: %+v", judge.name, sig)
				}
			}
			places := pdfsig(t, file)
			require.Len(t, places, 1+3+1+2+1)
			for _, place := range places {
				assert.Equal(t, "Signature is Valid.", place.validation, "%+v", place)
			}
			qpdfCheck(t, file)
		})
	}
}
