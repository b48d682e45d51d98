package appearance_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades/appearance"
)

// pngImage is a picture with a transparent middle.
func pngImage(t testing.TB, w, h int) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			alpha := uint8(255)
			if dx, dy := 2*x-w, 2*y-h; dx*dx+dy*dy < w*h/4 {
				alpha = 0
			}
			m.SetNRGBA(x, y, color.NRGBA{200, 80, uint8(255 * y / h), alpha})
		}
	}
	return encode(t, m)
}

// encode writes a picture as PNG.
func encode(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, m))
	return b.Bytes()
}

func TestImages(t *testing.T) {
	gray := image.NewGray(image.Rect(0, 0, 8, 4))
	for i := range gray.Pix {
		gray.Pix[i] = 100
	}
	for name, c := range map[string]struct {
		data   []byte
		corner color.RGBA // at the upper left
		middle color.RGBA
	}{
		"transparent": {pngImage(t, 40, 20), color.RGBA{200, 80, 0, 255}, color.RGBA{255, 255, 0, 255}},
		"gray":        {encode(t, gray), color.RGBA{100, 100, 100, 255}, color.RGBA{100, 100, 100, 255}},
		"JPEG":        {jpegImage(t, 40, 20, color.RGBA{0, 128, 255, 255}), color.RGBA{0, 128, 255, 255}, color.RGBA{0, 128, 255, 255}},
	} {
		t.Run(name, func(t *testing.T) {
			i, err := appearance.ParseImage(c.data)
			require.NoError(t, err)
			// On yellow, in a box that is too high: in its middle, as wide as it can be.
			file := drawn(t, &appearance.Frame{Background: color.RGBA{255, 255, 0, 255}, Content: i}, request(80, 80))
			m := rendered(t, "poppler", file, 72)
			require.True(t, near(c.corner, m.RGBAAt(1, 22)), "%v", m.RGBAAt(1, 22))
			require.True(t, near(c.middle, m.RGBAAt(40, 40)), "%v", m.RGBAAt(40, 40))
			for _, y := range []int{17, 62} {
				require.True(t, near(color.RGBA{255, 255, 0, 255}, m.RGBAAt(40, y)), "outside")
			}
		})
	}
}

// TestImageTwice: the same picture in an appearance is written once.
func TestImageTwice(t *testing.T) {
	i, err := appearance.ParseImage(pngImage(t, 40, 20))
	require.NoError(t, err)
	r := request(80, 80)
	drawn(t, &appearance.Row{Items: []appearance.Element{i, i}}, r)
	f, _ := r.Objects.(*fileObjects)
	require.Equal(t, 2, strings.Count(f.text(), "/Subtype/Image"), "picture and mask")
}

// TestArchive: in a document that claims PDF/A nothing depends on the device, and
// in PDF/A-1 nothing is transparent.
func TestArchive(t *testing.T) {
	i, err := appearance.ParseImage(pngImage(t, 40, 20))
	require.NoError(t, err)
	for part, masks := range map[int]int{0: 1, 1: 0, 2: 1} {
		r := request(80, 80)
		r.PDFA = part
		s, err := i.Draw(context.Background(), r)
		require.NoError(t, err)
		f, _ := r.Objects.(*fileObjects)
		require.Equal(t, masks, strings.Count(f.text(), "/SMask"), part)
		require.Equal(t, part > 0, strings.Contains(string(s.Resources), "/DefaultRGB"), part)
	}
	r := request(80, 80)
	r.PDFA = 1
	m := rendered(t, "poppler", drawn(t, &appearance.Frame{Background: color.RGBA{255, 255, 0, 255}, Content: i}, r), 72)
	require.True(t, near(color.RGBA{255, 255, 255, 255}, m.RGBAAt(40, 40)), "on white: %v", m.RGBAAt(40, 40))

	page, err := appearance.ParsePage(bytes.NewReader(blank(1, "/MediaBox[0 0 9 9]")), int64(len(blank(1, "/MediaBox[0 0 9 9]"))), 1)
	require.NoError(t, err)
	_, err = page.Draw(context.Background(), r)
	require.ErrorContains(t, err, "PDF/A")
}

// bomb is a PNG that claims that size and holds nothing.
func bomb(w, h uint32) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, body []byte) {
		_ = binary.Write(&b, binary.BigEndian, uint32(len(body)))
		part := append([]byte(kind), body...)
		b.Write(part)
		_ = binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(part))
	}
	header := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	chunk("IHDR", append(header, 8, 6, 0, 0, 0))
	var z bytes.Buffer
	w2 := zlib.NewWriter(&z)
	_, _ = w2.Write(make([]byte, 1<<20))
	_ = w2.Close()
	chunk("IDAT", z.Bytes())
	chunk("IEND", nil)
	return b.Bytes()
}

func TestHostileImages(t *testing.T) {
	png, jpg := pngImage(t, 40, 20), jpegImage(t, 40, 20, color.Black)
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty":         {nil, "neither"},
		"GIF":           {[]byte("GIF89a"), "neither"},
		"cut PNG":       {png[:len(png)/2], "cannot be read"},
		"cut JPEG":      {jpg[:len(jpg)-20], "cannot be read"},
		"huge":          {bomb(16_000, 16_000), "pixels"},
		"overflow":      {bomb(1<<31-1, 1<<31-1), "read"},
		"one too many":  {bomb(1<<12, 1<<12+1), "pixels"},
		"claims pixels": {bomb(1<<12, 1<<12), "cannot be read"},
		"large file":    {append(png, make([]byte, 32<<20)...), "bytes"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := appearance.ParseImage(c.data)
		runtime.ReadMemStats(&after)
		require.ErrorContains(t, err, c.want, name)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(80<<20), name)
	}
	_, err := (&appearance.Image{}).Draw(context.Background(), request(9, 9))
	require.ErrorContains(t, err, "empty Image")
	_, err = appearance.OpenImage("no such file")
	require.Error(t, err)
}

// TestPage: a page of another document is shown as a reader shows it, whatever its
// rotation and boxes.
func TestPage(t *testing.T) {
	for _, rotate := range []int{0, 90, 180, 270} {
		source := signedPage(t, rotate)
		page, err := appearance.OpenPage(source, 1)
		require.NoError(t, err)
		w, h := 60.0, 40.0
		if rotate%180 != 0 {
			w, h = h, w
		}
		want := rendered(t, "poppler", source, 144)
		got := rendered(t, "poppler", drawn(t, page, request(w, h)), 144)
		require.Equal(t, want.Bounds(), got.Bounds())
		for y := 3; y < got.Bounds().Dy(); y += 7 {
			for x := 3; x < got.Bounds().Dx(); x += 7 {
				require.True(t, near(want.RGBAAt(x, y), got.RGBAAt(x, y)), "Rotate %d at %d, %d: %v, not %v", rotate, x, y, got.RGBAAt(x, y), want.RGBAAt(x, y))
			}
		}
	}
}

// signedPage is a document of one page, 60 by 40 points with a CropBox away from
// the origin, with content of several streams, a form and inherited resources.
func signedPage(t testing.TB, rotate int) string {
	t.Helper()
	f := testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{
		{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R>>"},
		{Number: 2, Body: "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 200 200]/Resources<</XObject<</X 6 0 R>>>>/Rotate " + itoa(rotate) + ">>"},
		{Number: 3, Body: "<</Type/Page/Parent 2 0 R/CropBox[20 30 80 70]/Contents[4 0 R 5 0 R]/StructParents 0>>"},
		{Number: 4, Body: "<<>>", Data: []byte("1 0 0 rg 20 30 15 10 re f")},
		{Number: 5, Body: "<<>>", Data: []byte("q 1 0 0 1 50 50 cm /X Do Q")},
		{Number: 6, Body: "<</Type/XObject/Subtype/Form/BBox[0 0 30 20]/Filter/FlateDecode/Resources 7 0 R/OC 1 0 R>>", Data: testpdf.Deflate([]byte("0 0 1 rg 5 5 20 10 re f"))},
		{Number: 7, Body: "<</ProcSet[/PDF]/Properties<<>>/Mixed[1.5 (a\\)b) <00ff> true null /N#20]>>"},
	}}
	return save(t, f.Bytes())
}

func TestPageRefusals(t *testing.T) {
	loop := testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{
		{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R>>"},
		{Number: 2, Body: "<</Type/Pages/Kids[3 0 R]/Count 1>>"},
		{Number: 3, Body: "<</Type/Page/MediaBox[0 0 60 40]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"},
		{Number: 4, Body: "<<>>", Data: []byte("/X Do")},
		{Number: 5, Body: "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>>>", Data: []byte("/X Do")},
	}}
	for name, c := range map[string]struct {
		data []byte
		page int
		want string
	}{
		"no PDF":      {[]byte("hello"), 1, "cannot be read"},
		"page 2 of 1": {blank(1, "/MediaBox[0 0 9 9]"), 2, "there is no page 2"},
		"page 0":      {blank(1, "/MediaBox[0 0 9 9]"), 0, "there is no page 0"},
		"no size":     {blank(1, ""), 1, "MediaBox"},
		"tiny":        {blank(1, "/MediaBox[0 0 0.1 9]"), 1, "units"},
		"crop":        {blank(1, "/MediaBox[0 0 9 9]/CropBox[20 20 30 30]"), 1, "units"},
		"page loop":   {testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R>>"}, {Number: 2, Body: "<</Type/Pages/Kids[2 0 R]>>"}}}.Bytes(), 1, "levels"},
	} {
		_, err := appearance.ParsePage(bytes.NewReader(c.data), int64(len(c.data)), c.page)
		require.ErrorContains(t, err, c.want, name)
	}
	data := loop.Bytes()
	page, err := appearance.ParsePage(bytes.NewReader(data), int64(len(data)), 1)
	require.NoError(t, err)
	_, err = page.Draw(context.Background(), request(60, 40))
	require.ErrorContains(t, err, "part of itself")
	encrypted := testpdf.Contract(1, testpdf.Table).Encrypted(testpdf.Encryption{Revision: 6, ID: []byte("0123456789abcdef")}).Bytes()
	_, err = appearance.ParsePage(bytes.NewReader(encrypted), int64(len(encrypted)), 1)
	require.ErrorContains(t, err, "encrypted")
	_, err = (&appearance.Page{}).Draw(context.Background(), request(9, 9))
	require.ErrorContains(t, err, "empty Page")
}

// TestOrientation: what a camera noted turns a JPEG so that it is seen upright. The
// stored picture is made from the upright one by what the note undoes.
func TestOrientation(t *testing.T) {
	at := func(x, y int) color.RGBA { // of the upright picture: 48 by 32, a colour for each quarter
		return [2][2]color.RGBA{{{255, 0, 0, 255}, {0, 255, 0, 255}}, {{0, 0, 255, 255}, {0, 0, 0, 255}}}[y/16][x/24]
	}
	const w, h = 48, 32
	// Where the stored row and column lie in the upright picture (Exif 2.32, figure of tag 0x0112).
	stored := map[uint16]func(x, y int) (int, int){
		1: func(x, y int) (int, int) { return x, y },
		2: func(x, y int) (int, int) { return w - 1 - x, y },
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y },
		4: func(x, y int) (int, int) { return x, h - 1 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return w - 1 - y, x },
		7: func(x, y int) (int, int) { return w - 1 - y, h - 1 - x },
		8: func(x, y int) (int, int) { return y, h - 1 - x },
	}
	for value, from := range stored {
		width, height := w, h
		if value > 4 {
			width, height = h, w
		}
		m := image.NewRGBA(image.Rect(0, 0, width, height))
		for y := range height {
			for x := range width {
				m.SetRGBA(x, y, at(from(x, y)))
			}
		}
		var b bytes.Buffer
		require.NoError(t, jpeg.Encode(&b, m, &jpeg.Options{Quality: 100}))
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			i, err := appearance.ParseImage(withOrientation(b.Bytes(), value, order))
			require.NoError(t, err)
			shown := rendered(t, "poppler", drawn(t, i, request(w, h)), 72)
			for _, p := range [][2]int{{8, 8}, {40, 8}, {8, 24}, {40, 24}} {
				require.True(t, near(at(p[0], p[1]), shown.RGBAAt(p[0], p[1])), "orientation %d at %v: %v", value, p, shown.RGBAAt(p[0], p[1]))
			}
		}
	}
}

// withOrientation puts an Exif segment behind the first marker of a JPEG.
func withOrientation(data []byte, value uint16, order binary.AppendByteOrder) []byte {
	tiff := []byte("MM\x00\x2a")
	if order.String() == binary.LittleEndian.String() {
		tiff = []byte("II\x2a\x00")
	}
	tiff = order.AppendUint16(order.AppendUint32(tiff, 8), 1)
	tiff = order.AppendUint16(order.AppendUint16(tiff, 0x0112), 3)
	tiff = order.AppendUint16(order.AppendUint16(order.AppendUint32(tiff, 1), value), 0)
	segment := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, data[:2]...)
	out = binary.BigEndian.AppendUint16(append(out, 0xff, 0xe1), uint16(len(segment)+2))
	return append(append(out, segment...), data[2:]...)
}
