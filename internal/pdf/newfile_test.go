package pdf_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/peertest"
)

// newFile writes a document of that many empty pages.
func newFile(t *testing.T, pages int, packed bool) []byte {
	t.Helper()
	f := &pdf.NewFile{Packed: packed}
	objects := &pdf.Adder{To: f}
	tree, root := f.New(), f.New()
	kids := []byte("[")
	for i := range pages {
		content := objects.AddStream([]byte("<<>>"), bytes.Repeat(fmt.Appendf(nil, "%d 0 m\n", i), 50))
		page := objects.Add(fmt.Appendf(nil, "<</Type/Page/Parent %s/MediaBox[0 0 200 300]/Contents %s>>", pdf.AppendReference(nil, tree), content))
		kids = append(append(kids, ' '), page...)
	}
	f.Put(tree, fmt.Appendf(nil, "<</Type/Pages/Count %d/Kids%s]>>", pages, kids))
	f.Put(root, append(pdf.AppendReference([]byte("<</Type/Catalog/Pages "), tree), ">>"...))
	data, err := f.Build(root, pdf.Reference{})
	require.NoError(t, err)
	return data
}

// TestNewFile: what was written is read back without an anomaly, can be updated,
// and depends on nothing but its content.
func TestNewFile(t *testing.T) {
	for _, packed := range []bool{false, true} {
		for _, pages := range []int{1, 3, 100, 99, 98, 450} { // up to an object stream, and beyond
			testNewFile(t, pages, packed)
		}
	}
}

func testNewFile(t *testing.T, pages int, packed bool) {
	t.Helper()
	data := newFile(t, pages, packed)
	require.Equal(t, data, newFile(t, pages, packed))
	require.NotEqual(t, data, newFile(t, pages+1, packed))
	require.Equal(t, packed, bytes.Contains(data, []byte("/ObjStm")))
	f, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	require.Empty(t, f.Anomalies())
	require.Len(t, f.Revisions, 1)
	v := f.Latest()
	catalog, err := v.Catalog()
	require.NoError(t, err)
	tree, err := v.Dict(catalog.Dict().Get("Pages"))
	require.NoError(t, err)
	kids, err := v.Array(tree.Get("Kids"))
	require.NoError(t, err)
	require.Len(t, kids.Items, pages)
	for i, kid := range kids.Items {
		page, err := v.Dict(kid)
		require.NoError(t, err)
		s, err := v.StreamObject(page.Get("Contents"))
		require.NoError(t, err)
		content, err := v.Stream(s)
		require.NoError(t, err)
		require.Contains(t, string(content), fmt.Sprintf("%d 0 m\n", i))
	}
	id, err := v.Array(v.Trailer().Get("ID"))
	require.NoError(t, err)
	require.Len(t, id.Items, 2)

	u := pdf.NewUpdate(v)
	u.Put(u.New(), []byte("(more)"))
	tail, err := u.Build()
	require.NoError(t, err)
	whole := append(append([]byte{}, data...), tail.Bytes...)
	again, err := pdf.Open(bytes.NewReader(whole), int64(len(whole)), nil)
	require.NoError(t, err)
	require.Len(t, again.Revisions, 2)
	require.Empty(t, again.Anomalies())
}

func TestNewFileUnfinished(t *testing.T) {
	f := &pdf.NewFile{}
	root := f.New()
	f.Packed = true
	_, err := f.Build(root, pdf.Reference{})
	require.ErrorIs(t, err, pdf.ErrUpdate)
	require.ErrorContains(t, err, "object 1")
}

func TestNewFileQPDF(t *testing.T) {
	qpdf := peertest.Program(t, "qpdf")
	for _, packed := range []bool{false, true} {
		name := filepath.Join(t.TempDir(), "new.pdf")
		require.NoError(t, os.WriteFile(name, newFile(t, 450, packed), 0o600))
		out, err := exec.Command(qpdf, "--check", name).CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.NotContains(t, string(out), "WARNING")
	}
}
