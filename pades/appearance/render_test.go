package appearance_test

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
)

// pdfium renders the first page of a file with PDFium.
const pdfium = `
import sys, pypdfium2, struct, zlib
name, dpi, out = sys.argv[1], float(sys.argv[2]), sys.argv[3]
document = pypdfium2.PdfDocument(name)
document.init_forms()
bitmap = document[0].render(scale=dpi/72, may_draw_forms=True, rev_byteorder=True)
w, h, stride, data = bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer)
assert bitmap.n_channels == 3
raw = b"".join(b"\0" + data[y*stride:y*stride+3*w] for y in range(h))
def chunk(kind, body): return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
open(out, "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(raw, 1)) + chunk(b"IEND", b""))
`

// renderers are the readers that show what people see.
var renderers = []string{"poppler", "mupdf", "PDFium"}

// rendered returns the first page of a file as a reader shows it.
func rendered(t testing.TB, reader, name string, dpi int) *image.RGBA {
	t.Helper()
	out := filepath.Join(t.TempDir(), "page.png")
	resolution := fmt.Sprint(dpi)
	switch reader {
	case "poppler":
		run(t, "pdftoppm", "-r", resolution, "-cropbox", "-png", "-singlefile", name, strings.TrimSuffix(out, ".png"))
	case "mupdf":
		run(t, "mutool", "draw", "-q", "-r", resolution, "-o", out, name, "1")
	case "PDFium":
		needPDFium(t)
		run(t, "python3", "-c", pdfium, name, resolution, out)
	}
	if keep := os.Getenv("INKAN_KEEP"); keep != "" {
		data, err := os.ReadFile(out)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(keep, strings.ReplaceAll(t.Name(), "/", "_")+".png"), data, 0o600))
	}
	f, err := os.Open(out)
	require.NoError(t, err)
	defer f.Close()
	m, err := png.Decode(f)
	require.NoError(t, err)
	plain := image.NewRGBA(m.Bounds())
	draw.Draw(plain, m.Bounds(), m, image.Point{}, draw.Src)
	return plain
}

// ink returns the smallest rectangle around the pixels that are wanted.
func ink(m *image.RGBA, wanted func(x, y int, c color.RGBA) bool) image.Rectangle {
	var found image.Rectangle
	b := m.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if wanted(x, y, m.RGBAAt(x, y)) {
				found = found.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return found
}

// signer returns a signer of the test PKI.
func signer(t testing.TB, name string) (*pades.Signer, *testpki.PKI) {
	t.Helper()
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	id, err := pki.Issue(&testpki.Request{Subject: testpki.Person(name)})
	require.NoError(t, err)
	return &pades.Signer{Key: id.Key, Chain: id.Chain}, pki
}

// blank is a document of empty pages with further entries.
func blank(pages int, entries string) []byte {
	f := testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R>>"}}}
	kids := ""
	for i := range pages {
		kids += fmt.Sprintf("%d 0 R ", 3+i)
		f.Objects = append(f.Objects, testpdf.Object{Number: 3 + i, Body: "<</Type/Page/Parent 2 0 R" + entries + ">>"})
	}
	f.Objects = append(f.Objects, testpdf.Object{Number: 2, Body: fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", kids, pages)})
	return f.Bytes()
}

// signed signs a document and returns the name of the file.
func signed(t testing.TB, data []byte, o *pades.SignOptions) string {
	t.Helper()
	s, _ := signer(t, "山田太郎")
	d, err := pades.NewDocument(strings.NewReader(string(data)), int64(len(data)), &pades.OpenOptions{Now: testpki.Now})
	require.NoError(t, err)
	require.NoError(t, d.Sign(t.Context(), s, o))
	name := filepath.Join(t.TempDir(), "signed.pdf")
	require.NoError(t, d.WriteFile(name))
	return name
}

// quadrants is a picture of four colours: red at the upper left, green at the
// upper right, blue at the lower left, black at the lower right.
func quadrants(t testing.TB) *appearance.Image {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 60, 40))
	for y := range 40 {
		for x := range 60 {
			m.Set(x, y, [2][2]color.Color{{color.RGBA{255, 0, 0, 255}, color.RGBA{0, 255, 0, 255}}, {color.RGBA{0, 0, 255, 255}, color.Black}}[y/20][x/30])
		}
	}
	i, err := appearance.ParseImage(encode(t, m))
	require.NoError(t, err)
	return i
}

// TestPlace: on pages of every rotation, with a CropBox away from the origin and a
// UserUnit, every reader shows the appearance where it was asked for, upright.
func TestPlace(t *testing.T) {
	const dpi = 150.0
	place := pades.Rect{X: 36, Y: 54, Width: 120, Height: 80}
	for _, reader := range renderers {
		for _, unit := range []float64{1, 2} {
			for _, rotate := range []int{0, 90, 180, 270} {
				t.Run(fmt.Sprintf("%s/Rotate %d UserUnit %g", reader, rotate, unit), func(t *testing.T) {
					data := blank(1, fmt.Sprintf("/MediaBox[-10 -20 400 500]/CropBox[40 30 340 450]/Rotate %d/UserUnit %g", rotate, unit))
					m := rendered(t, reader, signed(t, data, &pades.SignOptions{Appearance: quadrants(t), Rect: place}), int(dpi))
					width, height := 300*unit, 420*unit // of the displayed page, in points
					if rotate%180 != 0 {
						width, height = height, width
					}
					// A reader that ignores UserUnit shows everything smaller, by the same factor.
					scale := float64(m.Bounds().Dx()) / width
					require.InDelta(t, float64(m.Bounds().Dy())/height, scale, 0.01)
					factor := scale * 72 / dpi
					require.True(t, factor > 0.99 && factor < 1.01 || factor > 0.99/unit && factor < 1.01/unit, "page shown %g times as large", factor)
					requireQuadrants(t, m, place, height, scale)
				})
			}
		}
	}
}

// near tells whether two colours are the same for the eye.
func near(a, b color.RGBA) bool {
	d := func(x, y uint8) bool { return max(x, y)-min(x, y) < 40 }
	return d(a.R, b.R) && d(a.G, b.G) && d(a.B, b.B)
}
