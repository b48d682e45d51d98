package pades

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/internal/testpdf"
)

// amendmentOf begins an amendment of a document.
func amendmentOf(t *testing.T, f testpdf.File) *amendment {
	t.Helper()
	data := f.Bytes()
	file, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	catalog, err := file.Latest().Catalog()
	require.NoError(t, err)
	return &amendment{formUpdate: &formUpdate{view: file.Latest(), form: &sigdict.Form{Catalog: catalog, Object: catalog}}}
}

func TestStampedPagesLimit(t *testing.T) {
	for n, ok := range map[int]bool{maxStampedPages: true, maxStampedPages + 1: false} {
		u := amendmentOf(t, testpdf.Contract(n, testpdf.Table))
		pages, err := allPages(u.view, u.form.Catalog, maxStampedPages)
		require.Equal(t, ok, err == nil, "%d pages: %v", n, err)
		if ok {
			require.Len(t, pages, n)
		}
	}
}

func newContentReader(v *pdf.View) *contentReader {
	return &contentReader{view: v, endings: make(map[string]*pageEnding)}
}

func TestContentLimit(t *testing.T) {
	for n, ok := range map[int]bool{maxContentBytes: true, maxContentBytes + 1: false} {
		f := testpdf.Contract(1, testpdf.Table)
		f.Objects[len(f.Objects)-1].Data = bytes.Repeat([]byte{' '}, n)
		u := amendmentOf(t, f)
		page, err := findPage(u.view, u.form.Catalog, 1)
		require.NoError(t, err)
		_, err = newContentReader(u.view).read(page, true)
		require.Equal(t, ok, err == nil, "%d bytes: %v", n, err)
		_, err = newContentReader(u.view).read(page, false)
		require.NoError(t, err, "behind the content it is not read")
	}
	// What is mended counts for all pages together, content that they share once.
	f := testpdf.Contract(2, testpdf.Table)
	f.Objects[9].Data, f.Objects[11].Data = []byte("Q"), []byte("q q")
	u := amendmentOf(t, f)
	for before, ok := range map[int]bool{maxContentBytes - len("Q\n") - len("Q\nQ\n"): true, maxContentBytes - len("Q\n") - len("Q\nQ\n") + 1: false} {
		r := newContentReader(u.view)
		r.bytes = before
		for n, ok := range []bool{true, true, ok} {
			page, err := findPage(u.view, u.form.Catalog, max(n, 1))
			require.NoError(t, err)
			_, err = r.read(page, true)
			require.Equal(t, ok, err == nil, "page %d: %v", n, err)
		}
	}
}

func TestContentStreamsLimit(t *testing.T) {
	f := testpdf.Contract(1, testpdf.Table)
	for i := range f.Objects {
		f.Objects[i].Body = strings.Replace(f.Objects[i].Body, "/Contents 11 0 R", "/Contents[11 0 R 11 0 R]", 1)
	}
	u := amendmentOf(t, f)
	page, err := findPage(u.view, u.form.Catalog, 1)
	require.NoError(t, err)
	for before, ok := range map[int]bool{maxContentStreams - 2: true, maxContentStreams - 1: false} {
		r := newContentReader(u.view)
		r.streams = before
		_, err := r.read(page, false)
		require.Equal(t, ok, err == nil, "%d streams before: %v", before, err)
	}
}

// TestSharedResources: large resources that pages share are written once, whatever forms
// each of the pages has; of small ones every page has its own.
func TestSharedResources(t *testing.T) {
	for n, shared := range map[int]bool{10: false, 1000: true} {
		large := "<</XObject<<" + strings.Repeat("/X 9 0 R", n) + "/Stamp2 9 0 R>>>>"
		for _, bodies := range [][]string{
			{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R 4 0 R]/MediaBox[0 0 99 99]/Resources" + large + ">>", "<</Type/Page/Parent 2 0 R>>", "<</Type/Page/Parent 2 0 R>>"},
			{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R 4 0 R]/MediaBox[0 0 99 99]>>", "<</Type/Page/Parent 2 0 R/Resources 5 0 R>>", "<</Type/Page/Parent 2 0 R/Resources 5 0 R>>", large},
		} {
			v, catalog := viewOf(t, bodies...)
			r := &resourceReader{view: v, shared: make(map[pdf.Reference]*pageResources)}
			var pages []*pageResources
			for number := 1; number <= 2; number++ {
				page, err := findPage(v, catalog, number)
				require.NoError(t, err)
				p, err := r.read(page)
				require.NoError(t, err)
				pages = append(pages, p)
			}
			require.Equal(t, shared, pages[0] == pages[1])
			require.EqualValues(t, "Stamp1", pages[0].name("50 0 R"))
			require.EqualValues(t, map[bool]string{true: "Stamp3", false: "Stamp1"}[shared], pages[1].name("51 0 R"))
			require.EqualValues(t, "Stamp1", pages[0].name("50 0 R"))
			require.EqualValues(t, "Stamp3", pages[1].name(map[bool]string{true: "51 0 R", false: "52 0 R"}[shared]))
		}
	}
}
