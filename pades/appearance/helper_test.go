package appearance_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
)

// names are the names that must be drawn.
var names = []string{"山田太郎", "小林", "鈴木", "岡島", "𠮷田", "髙﨑", "はせがわ", "ABC株式会社"}

// japanese returns the fonts for Japanese, the one with TrueType outlines first.
func japanese(t testing.TB) []*appearance.Font {
	t.Helper()
	var fonts []*appearance.Font
	for _, name := range []string{peertest.Mincho, peertest.Gothic} {
		f, err := appearance.ParseFont(peertest.File(t, name), 0)
		require.NoError(t, err)
		fonts = append(fonts, f)
	}
	return fonts
}

// fileObjects are the objects of a PDF file that is being written.
type fileObjects struct {
	objects []testpdf.Object
	size    int // of all objects
	zlib    *zlib.Writer
}

func (f *fileObjects) Add(body []byte) string { return f.put(body, nil) }

func (f *fileObjects) AddStream(dict, data []byte) string {
	if !bytes.Contains(dict, []byte("/Filter")) {
		var b bytes.Buffer
		if f.zlib == nil {
			f.zlib = zlib.NewWriter(&b)
		}
		f.zlib.Reset(&b)
		_, _ = f.zlib.Write(data)
		_ = f.zlib.Close()
		dict, data = append(append([]byte{}, dict[:len(dict)-2]...), "/Filter/FlateDecode>>"...), b.Bytes()
	}
	return f.put(dict, data)
}

func (f *fileObjects) put(body, data []byte) string {
	n := len(f.objects) + 1
	f.objects = append(f.objects, testpdf.Object{Number: n, Body: string(body), Data: data})
	f.size += len(body) + len(data)
	return strconv.Itoa(n) + " 0 R"
}

// text is all that stands outside streams.
func (f *fileObjects) text() string {
	var b strings.Builder
	for _, o := range f.objects {
		b.WriteString(o.Body)
	}
	return b.String()
}

// request is what a signature asks for.
func request(w, h float64) *pades.AppearanceRequest {
	return &pades.AppearanceRequest{
		Width: w, Height: h, Objects: &fileObjects{},
		Name: "山田太郎", Reason: "Approval of the contract", Location: "東京",
		Time: time.Date(2026, 11, 22, 15, 4, 5, 0, time.FixedZone("", 9*3600)),
	}
}

// drawn draws an element and returns the name of a file of one page, as large as
// the element, that shows it.
func drawn(t testing.TB, e pades.Appearance, r *pades.AppearanceRequest) string {
	t.Helper()
	s, err := e.Draw(context.Background(), r)
	require.NoError(t, err)
	f, _ := r.Objects.(*fileObjects)
	size := fmt.Sprintf("[0 0 %g %g]", r.Width, r.Height)
	form := f.AddStream(fmt.Appendf(nil, "<</Type/XObject/Subtype/Form/BBox%s/Resources %s>>", size, s.Resources), s.Content)
	contents := f.AddStream([]byte("<<>>"), []byte("/A Do"))
	n := len(f.objects)
	f.Add(fmt.Appendf(nil, "<</Type/Page/Parent %d 0 R/MediaBox%s/Resources<</XObject<</A %s>>>>/Contents %s>>", n+2, size, form, contents))
	f.Add(fmt.Appendf(nil, "<</Type/Pages/Kids[%d 0 R]/Count 1>>", n+1))
	root := f.Add(fmt.Appendf(nil, "<</Type/Catalog/Pages %d 0 R>>", n+2))
	return save(t, testpdf.File{Objects: f.objects, Trailer: "/Root " + root}.Bytes())
}

// save writes a file of its own; with INKAN_KEEP, into that folder, to be looked at.
func save(t testing.TB, data []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "page.pdf")
	if keep := os.Getenv("INKAN_KEEP"); keep != "" {
		name = filepath.Join(keep, filepath.Base(t.Name())+".pdf")
	}
	require.NoError(t, os.WriteFile(name, data, 0o600))
	return name
}

func itoa(n int) string { return strconv.Itoa(n) }

// run runs a program on a file and returns what it prints.
func run(t testing.TB, program string, arguments ...string) string {
	t.Helper()
	out, err := exec.Command(peertest.Program(t, program), arguments...).Output()
	require.NoError(t, err, program)
	return string(out)
}

// needPDFium ends a test that cannot ask PDFium.
func needPDFium(t testing.TB) {
	t.Helper()
	if exec.Command("python3", "-c", "import pypdfium2").Run() != nil {
		peertest.Missing(t, "pypdfium2")
	}
}
