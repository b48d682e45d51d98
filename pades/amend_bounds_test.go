package pades

import (
	"bytes"
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

func TestContentLimit(t *testing.T) {
	for n, ok := range map[int]bool{maxContentBytes: true, maxContentBytes + 1: false} {
		f := testpdf.Contract(1, testpdf.Table)
		f.Objects[len(f.Objects)-1].Data = bytes.Repeat([]byte{' '}, n)
		u := amendmentOf(t, f)
		page, err := findPage(u.view, u.form.Catalog, 1)
		require.NoError(t, err)
		_, err = u.readContents(page, true, make(endingCache))
		require.Equal(t, ok, err == nil, "%d bytes: %v", n, err)
		_, err = u.readContents(page, false, make(endingCache))
		require.NoError(t, err, "behind the content it is not read")
	}
}
