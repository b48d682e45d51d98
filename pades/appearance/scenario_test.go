package appearance_test

import (
	"encoding/pem"
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
	"github.com/inkan-go/inkan/verify"
)

// pdfiumText prints the text of every page, as PDFium reads it.
const pdfiumText = `
import sys, pypdfium2
for page in pypdfium2.PdfDocument(sys.argv[1]):
    print(page.get_textpage().get_text_range().replace("\r\n", " ").replace("\n", " "))
`

// threePages is a contract of an upright page, one that is turned and cropped, and one in
// another unit.
func threePages(form testpdf.Form) []byte {
	f := testpdf.Contract(3, form)
	for i := range f.Objects {
		switch o := &f.Objects[i]; o.Number {
		case 12:
			o.Body = strings.Replace(o.Body, "/Type/Page/", "/Type/Page/Rotate 90/CropBox[40 60 555 802]/", 1)
		case 14:
			o.Body = strings.Replace(o.Body, "/Type/Page/", "/Type/Page/Rotate 180/UserUnit 2/", 1)
		}
	}
	return f.Bytes()
}

var word = regexp.MustCompile(`<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word>`)

// Scenario 2: every page of a PDF has the ID at the lower left, where it can be read and
// extracted, whatever the page's rotation and CropBox, before the first signature, which
// holds afterwards.
func TestScenario2IDOnEveryPage(t *testing.T) {
	const id = "8f14e45fceea167a5a36dedd4bea2543"
	fonts := japanese(t)
	for _, form := range testpdf.Forms {
		t.Run(form.String(), func(t *testing.T) {
			_, name := amended(t, threePages(form), &pades.Amendment{Stamps: []pades.Stamp{
				{Appearance: &appearance.Text{Text: id, Size: 7, Align: appearance.AlignStart}, Rect: pades.Rect{X: 20, Y: 14, Width: 240, Height: 10}},
				{Appearance: &appearance.Text{Text: "{page} / {pages} 頁", Fonts: fonts, Size: 8, Align: appearance.AlignMiddle}, Anchor: pades.BottomMiddle, Rect: pades.Rect{Y: 14, Width: 80, Height: 10}},
				{Appearance: &appearance.Seal{Name: "山田", Fonts: fonts}, Across: true, Anchor: pades.MiddleLeft, Rect: pades.Rect{Width: 50, Height: 50}},
			}})
			for page := 1; page <= 3; page++ {
				number := strconv.Itoa(page)
				boxes := run(t, "pdftotext", "-f", number, "-l", number, "-cropbox", "-bbox", name, "-")
				found := 0
				for _, m := range word.FindAllStringSubmatch(boxes, -1) {
					var at [4]float64
					for i := range at {
						at[i], _ = strconv.ParseFloat(m[1+i], 64)
					}
					if m[5] == id {
						found++
						// From the lower left corner of the displayed page, of which poppler
						// tells distances from the top; it passes over UserUnit.
						height, unit := []float64{842, 515, 1684}[page-1], []float64{1, 1, 2}[page-1]
						require.InDelta(t, 20, at[0]*unit, 0.1)
						require.Greater(t, at[1]*unit, height-24)
						require.Less(t, at[3]*unit, height-14)
					}
				}
				require.Equal(t, 1, found, boxes)
				text := run(t, "pdftotext", "-f", number, "-l", number, name, "-")
				require.Contains(t, strings.ReplaceAll(text, " ", ""), number+"/3頁") // poppler passes over narrow spaces
			}
			needPDFium(t)
			pages := strings.Split(strings.TrimSpace(run(t, "python3", "-c", pdfiumText, name)), "\n")
			require.Len(t, pages, 3)
			for i, text := range pages {
				require.Contains(t, text, id)
				require.Contains(t, text, fmt.Sprintf("%d / 3 頁", i+1))
			}
			run(t, "qpdf", "--check", name)

			s, pki := signer(t, "山田太郎")
			d, err := pades.Open(name, &pades.OpenOptions{Now: testpki.Now})
			require.NoError(t, err)
			defer d.Close()
			require.NoError(t, d.Sign(t.Context(), s, nil))
			final := filepath.Join(t.TempDir(), "signed.pdf")
			require.NoError(t, d.WriteFile(final))
			report, err := verify.File(t.Context(), final, &verify.Options{Trust: pki.Pool(), At: testpki.Now()})
			require.NotNil(t, report, err)
			require.True(t, report.Signatures[0].Intact)
			require.Contains(t, run(t, "pdfsig", "-nocert", final), "Signature is Valid")
			root := filepath.Join(t.TempDir(), "root.pem")
			require.NoError(t, os.WriteFile(root, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pki.Root.Certificate.Raw}), 0o600))
			lax := []string{}
			if form == testpdf.Hybrid { // whose reading pyHanko calls ambiguous
				lax = append(lax, "--no-strict-syntax")
			}
			judged := run(t, "pyhanko", append(append([]string{"sign", "validate"}, lax...), "--trust", root, "--trust-replace", "--validation-time", testpki.Now().Format("2006-01-02T15:04:05-07:00"), final)...)
			require.Contains(t, judged, "INTACT:TRUSTED")
		})
	}
}

// TestSealAcrossPages: the two halves of a seal make a whole one when the pages lie side
// by side.
func TestSealAcrossPages(t *testing.T) {
	data := blank(2, "/MediaBox[0 0 200 200]")
	_, name := amended(t, data, &pades.Amendment{Stamps: []pades.Stamp{{Appearance: quadrants(t), Across: true, Anchor: pades.MiddleLeft, Rect: pades.Rect{Width: 120, Height: 80}}}})
	for page, colors := range map[int][2]color.RGBA{1: {{255, 0, 0, 255}, {0, 0, 255, 255}}, 2: {{0, 255, 0, 255}, {0, 0, 0, 255}}} {
		alone := filepath.Join(t.TempDir(), "page.pdf")
		run(t, "qpdf", "--empty", "--pages", name, strconv.Itoa(page), "--", alone)
		for _, reader := range renderers {
			m := rendered(t, reader, alone, 72)
			left := map[int]int{1: 140, 2: 0}[page]
			for i, c := range colors {
				got := ink(m, func(_, _ int, p color.RGBA) bool { return near(p, c) })
				require.InDeltaSlice(t, []int{left, 60 + 40*i, left + 60, 100 + 40*i}, []int{got.Min.X, got.Min.Y, got.Max.X, got.Max.Y}, 1.5, "%s, page %d", reader, page)
			}
		}
	}
}
