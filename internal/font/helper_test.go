package font_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/font"
	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/testpdf"
)

// names are the strings that every Japanese font must set.
var names = []string{"山田太郎", "小林", "鈴木", "岡島", "𠮷田", "髙﨑", "はせがわ", "ABC株式会社"}

func load(t testing.TB, name string) *font.Font {
	t.Helper()
	f, err := font.Parse(peertest.File(t, name), 0)
	require.NoError(t, err)
	return f
}

func latin(t testing.TB) *font.Font {
	t.Helper()
	f, err := font.Latin()
	require.NoError(t, err)
	return f
}

// page are the objects of a PDF file of one page.
type page struct{ objects []testpdf.Object }

func (p *page) Add(body []byte) string { return p.AddStream(body, nil) }

func (p *page) AddStream(dict, data []byte) string {
	n := len(p.objects) + 1
	p.objects = append(p.objects, testpdf.Object{Number: n, Body: string(dict), Data: data})
	return strconv.Itoa(n) + " 0 R"
}

// file writes the page, 400 by 400 points, into a file and returns its name.
func (p *page) file(t testing.TB, content, fonts []byte) string {
	t.Helper()
	contents := p.AddStream([]byte("<<>>"), content)
	n := len(p.objects)
	p.Add(fmt.Appendf(nil, "<</Type/Page/Parent %d 0 R/MediaBox[0 0 400 400]/Resources<</Font %s>>/Contents %s>>", n+2, fonts, contents))
	p.Add(fmt.Appendf(nil, "<</Type/Pages/Kids[%d 0 R]/Count 1>>", n+1))
	root := p.Add(fmt.Appendf(nil, "<</Type/Catalog/Pages %d 0 R>>", n+2))
	name := filepath.Join(t.TempDir(), "page.pdf")
	require.NoError(t, os.WriteFile(name, testpdf.File{Objects: p.objects, Trailer: "/Root " + root}.Bytes(), 0o600))
	return name
}

// run runs a program on a file and returns what it prints.
func run(t testing.TB, program string, arguments ...string) string {
	t.Helper()
	out, err := exec.Command(peertest.Program(t, program), arguments...).CombinedOutput()
	require.NoError(t, err, "%s: %s", program, out)
	return string(out)
}
