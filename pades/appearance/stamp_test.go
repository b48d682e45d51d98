package appearance_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

// amended amends a document and returns the names of both files.
func amended(t testing.TB, data []byte, a *pades.Amendment) (before, after string) {
	t.Helper()
	d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), &pades.OpenOptions{Now: testpki.Now})
	require.NoError(t, err)
	require.NoError(t, d.Amend(t.Context(), a))
	folder := t.TempDir()
	before, after = filepath.Join(folder, "before.pdf"), filepath.Join(folder, "after.pdf")
	require.NoError(t, os.WriteFile(before, data, 0o600))
	require.NoError(t, d.WriteFile(after))
	if keep := os.Getenv("INKAN_KEEP"); keep != "" {
		require.NoError(t, d.WriteFile(filepath.Join(keep, strings.ReplaceAll(t.Name(), "/", "_")+".pdf")))
	}
	return before, after
}

// page is a document of one page with that content, which shows what changes of the
// graphics state do, and with further entries of the page.
func page(content, entries string) []byte { return pageFile(content, entries).Bytes() }

func pageFile(content, entries string) testpdf.File {
	objects := []testpdf.Object{
		{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R>>"},
		{Number: 2, Body: "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 340 450]/Resources 5 0 R>>"},
		{Number: 3, Body: "<</Type/Page/Parent 2 0 R/Contents 4 0 R" + entries + ">>"},
		{Number: 4, Body: "<<>>", Data: []byte(content)},
		{Number: 5, Body: "<</Font 6 0 R>>"},
		{Number: 6, Body: "<</F1 7 0 R>>"},
		{Number: 7, Body: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"},
	}
	return testpdf.File{Trailer: "/Root 1 0 R/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]", Objects: objects}
}

// shapes is content of colours that the stamps do not have.
const shapes = "0.5 0.7 1 rg 20 20 60 60 re f 1 0.8 0.4 rg 200 300 80 80 re f BT /F1 18 Tf 0.3 g 60 200 Td (Service contract) Tj ET\n"

// contents are ways in which content leaves the graphics state.
func contents() map[string]string {
	return map[string]string{
		"sound":               "q " + shapes + " Q",
		"state changed":       "0.6 0 0 0.6 30 30 cm 1 Tr 5 w 0.7 g [3 2] 0 d 0.6 G " + shapes,
		"clipped":             "10 10 150 250 re W n " + shapes,
		"saved, not restored": "q 0.5 0 0 0.5 0 0 cm q 0.9 0 0 0.9 5 5 cm 10 10 500 500 re W n " + shapes,
		"restored, not saved": "0.7 0 0 0.7 40 40 cm Q " + shapes + "Q Q 0.8 0 0 0.8 0 0 cm q 1 0 0 1 30 30 cm Q Q " + shapes + "Q",
		"restored at the end": "q " + shapes + "Q Q Q",
		"text open":           shapes + "BT /F1 30 Tf 3 Tr 0.8 0 0 0.8 10 10 Tm",
		"path open":           shapes + "0 0 30 30 re W",
		"content marked":      "/P <</MCID 0>> BDC /Span <</ActualText (a>b)>> BDC " + shapes,
		"with an image":       shapes + "q 20 0 0 20 150 150 cm BI /W 2 /H 2 /BPC 8 /CS /G ID \x90EI\xff EI Q",
		"no end of line":      shapes + "% a comment",
		"empty":               "",
	}
}

// place is where the stamp goes in these tests.
var place = pades.Rect{X: 36, Y: 54, Width: 120, Height: 80}

// requireQuadrants wants the picture at that place, upright, of a displayed page of
// that height in points.
func requireQuadrants(t testing.TB, m *image.RGBA, r pades.Rect, height, scale float64) {
	t.Helper()
	for name, c := range map[string]struct {
		color      color.RGBA
		right, low float64 // the quadrant
	}{
		"upper left": {color.RGBA{255, 0, 0, 255}, 0, 0}, "upper right": {color.RGBA{0, 255, 0, 255}, 1, 0},
		"lower left": {color.RGBA{0, 0, 255, 255}, 0, 1}, "lower right": {color.RGBA{0, 0, 0, 255}, 1, 1},
	} {
		got := ink(m, func(_, _ int, p color.RGBA) bool { return near(p, c.color) })
		left, top := r.X+c.right*r.Width/2, height-r.Y-r.Height+c.low*r.Height/2
		require.InDelta(t, left*scale, got.Min.X, 2, name)
		require.InDelta(t, top*scale, got.Min.Y, 2, name)
		require.InDelta(t, (left+r.Width/2)*scale, got.Max.X, 2, name)
		require.InDelta(t, (top+r.Height/2)*scale, got.Max.Y, 2, name)
	}
}

// requireSameOutside wants two renderings to be the same but for a rectangle.
func requireSameOutside(t testing.TB, before, after *image.RGBA, r pades.Rect, height, scale float64) {
	t.Helper()
	require.Equal(t, before.Bounds(), after.Bounds())
	stamp := image.Rect(int(r.X*scale)-2, int((height-r.Y-r.Height)*scale)-2, int((r.X+r.Width)*scale)+3, int((height-r.Y)*scale)+3)
	different := ink(after, func(x, y int, c color.RGBA) bool {
		return !image.Pt(x, y).In(stamp) && c != before.RGBAAt(x, y)
	})
	require.True(t, different.Empty(), "different within %v, outside of %v", different, stamp)
}

// TestStampOnContent: whatever state content leaves behind, the stamp stands in its
// place, and the rest of the page looks as before.
func TestStampOnContent(t *testing.T) {
	const dpi = 150
	for _, reader := range renderers {
		for name, content := range contents() {
			t.Run(reader+"/"+name, func(t *testing.T) {
				before, after := amended(t, page(content, ""), &pades.Amendment{Stamps: []pades.Stamp{{Appearance: quadrants(t), Rect: place}}})
				old, now := rendered(t, reader, before, dpi), rendered(t, reader, after, dpi)
				requireQuadrants(t, now, place, 450, dpi/72.0)
				if reader == "poppler" && name == "restored, not saved" {
					return // of the file as it was it shows an empty page, since a Q without q undoes its own state
				}
				requireSameOutside(t, old, now, place, 450, dpi/72.0)
			})
		}
	}
}

// TestStampOnDisplayedPage: on pages of every rotation, with a CropBox away from the
// origin and a UserUnit, by a formula of its own.
func TestStampOnDisplayedPage(t *testing.T) {
	const dpi = 150.0
	for _, reader := range renderers {
		for _, unit := range []float64{1, 2} {
			for _, rotate := range []int{0, 90, 180, 270} {
				t.Run(fmt.Sprintf("%s/Rotate %d UserUnit %g", reader, rotate, unit), func(t *testing.T) {
					data := page("0.6 0 0 0.6 30 30 cm q "+shapes, fmt.Sprintf("/MediaBox[-10 -20 400 500]/CropBox[40 30 340 450]/Rotate %d/UserUnit %g", rotate, unit))
					before, after := amended(t, data, &pades.Amendment{Stamps: []pades.Stamp{{Appearance: quadrants(t), Rect: place}}})
					old, now := rendered(t, reader, before, dpi), rendered(t, reader, after, dpi)
					width, height := 300*unit, 420*unit
					if rotate%180 != 0 {
						width, height = height, width
					}
					scale := float64(now.Bounds().Dx()) / width
					requireQuadrants(t, now, place, height, scale)
					requireSameOutside(t, old, now, place, height, scale)
				})
			}
		}
	}
}

// TestStampOnEncryptedPage: what is stamped on an encrypted document is seen, too.
func TestStampOnEncryptedPage(t *testing.T) {
	const dpi = 72
	for _, reader := range renderers {
		for _, revision := range []int{3, 4, 6} {
			data := pageFile("0.7 0 0 0.7 40 40 cm Q "+shapes, "").Encrypted(testpdf.Encryption{Revision: revision, Permissions: -4}).Bytes()
			before, after := amended(t, data, &pades.Amendment{Stamps: []pades.Stamp{{Appearance: quadrants(t), Rect: place}}})
			old, now := rendered(t, reader, before, dpi), rendered(t, reader, after, dpi)
			requireQuadrants(t, now, place, 450, dpi/72.0)
			if reader != "poppler" { // see above
				requireSameOutside(t, old, now, place, 450, dpi/72.0)
			}
		}
	}
}
