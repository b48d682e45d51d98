package appearance

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades"
)

// sink takes objects and forgets them.
type sink struct{ objects int }

func (s *sink) Add([]byte) string {
	s.objects++
	return fmt.Sprint(s.objects, " 0 R")
}

func (s *sink) AddStream(_, data []byte) string { return s.Add(data) }

func request(w, h float64) *pades.AppearanceRequest {
	return &pades.AppearanceRequest{Width: w, Height: h, Objects: &sink{}}
}

func TestSideLimits(t *testing.T) {
	for side, ok := range map[float64]bool{minSide: true, minSide - 0.01: false, maxSide: true, maxSide + 1: false} {
		_, err := Layers{}.Draw(context.Background(), request(side, 10))
		require.Equal(t, ok, err == nil, "%g wide", side)
		_, err = Layers{}.Draw(context.Background(), request(10, side))
		require.Equal(t, ok, err == nil, "%g high", side)
	}
}

// source is a document of one page with further objects from number 10 on.
func source(resources string, objects ...testpdf.Object) []byte {
	return testpdf.File{Trailer: "/Root 1 0 R", Objects: append([]testpdf.Object{
		{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R>>"},
		{Number: 2, Body: "<</Type/Pages/Kids[3 0 R]/Count 1>>"},
		{Number: 3, Body: "<</Type/Page/MediaBox[0 0 60 40]/Contents 4 0 R/Resources<<" + resources + ">>>>"},
		{Number: 4, Body: "<<>>", Data: []byte("0 0 9 9 re f")},
	}, objects...)}.Bytes()
}

// copied copies the page of a document.
func copied(t testing.TB, data []byte) error {
	t.Helper()
	p, err := ParsePage(bytes.NewReader(data), int64(len(data)), 1)
	require.NoError(t, err)
	_, err = p.copy(&sink{})
	return err
}

func TestPageObjectLimit(t *testing.T) {
	for n, ok := range map[int]bool{maxPageObjects: true, maxPageObjects + 1: false} {
		var refs strings.Builder
		objects := make([]testpdf.Object, n)
		for i := range objects {
			objects[i] = testpdf.Object{Number: 10 + i, Body: "1"}
			fmt.Fprintf(&refs, "%d 0 R ", 10+i)
		}
		err := copied(t, source("/All["+refs.String()+"]", objects...))
		require.Equal(t, ok, err == nil, "%d objects: %v", n, err)
	}
}

func TestPageByteLimits(t *testing.T) {
	for n, ok := range map[int]bool{maxPageBytes: true, maxPageBytes + 1: false} {
		err := copied(t, source("/X 10 0 R", testpdf.Object{Number: 10, Body: "<<>>", Data: make([]byte, n)}))
		require.Equal(t, ok, err == nil, "%d bytes: %v", n, err)
	}
	for n, ok := range map[int]bool{maxPageBytes: true, maxPageBytes + 1: false} {
		data := source("")
		p, err := ParsePage(bytes.NewReader(data), int64(len(data)), 1)
		require.NoError(t, err)
		c := &copier{view: p.view, to: &sink{}, copied: map[pdf.Reference]string{}}
		require.Equal(t, ok, c.count(int64(n)) == nil)
	}
}

func TestPageDepthLimit(t *testing.T) {
	for levels, ok := range map[int]bool{maxPageDepth: true, maxPageDepth + 1: false} {
		c := &copier{to: &sink{}, copied: map[pdf.Reference]string{}}
		var v pdf.Object = pdf.Integer(1)
		for range levels {
			v = &pdf.Array{Items: []pdf.Object{v}}
		}
		_, err := c.value(nil, v, 0)
		require.Equal(t, ok, err == nil, "%d levels: %v", levels, err)
	}
	// The page tree: the catalog's value, and a node a level.
	for nodes, ok := range map[int]bool{maxPageDepth - 1: true, maxPageDepth: false} {
		f := testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R>>"}}}
		for i := range nodes {
			f.Objects = append(f.Objects, testpdf.Object{Number: 2 + i, Body: fmt.Sprintf("<</Type/Pages/Kids[%d 0 R]/MediaBox[0 0 9 9]>>", 3+i)})
		}
		f.Objects = append(f.Objects, testpdf.Object{Number: 2 + nodes, Body: "<</Type/Page/MediaBox[0 0 9 9]>>"})
		data := f.Bytes()
		_, err := ParsePage(bytes.NewReader(data), int64(len(data)), 1)
		require.Equal(t, ok, err == nil, "%d nodes: %v", nodes, err)
	}
}

func TestTreeLimit(t *testing.T) {
	// The root of the tree is visited, too.
	for pages, ok := range map[int]bool{maxTreePages - 1: true, maxTreePages: false} {
		data := testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{
			{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R>>"},
			{Number: 2, Body: "<</Type/Pages/Kids[" + strings.Repeat("3 0 R ", pages) + "]>>"},
			{Number: 3, Body: "<</Type/Page/MediaBox[0 0 9 9]>>"},
		}}.Bytes()
		_, err := ParsePage(bytes.NewReader(data), int64(len(data)), pages)
		require.Equal(t, ok, err == nil, "%d pages: %v", pages, err)
	}
}

func TestFontFileLimit(t *testing.T) {
	directory := t.TempDir()
	for i := range 3 {
		require.NoError(t, os.WriteFile(filepath.Join(directory, fmt.Sprint(i, ".ttf")), nil, 0o600))
	}
	for limit, want := range map[int]int{2: 2, 3: 3, 4: 3} {
		files, err := fontFiles(t.Context(), []string{directory}, limit)
		require.NoError(t, err)
		require.Len(t, files, want)
	}
}
