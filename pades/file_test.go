package pades_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades"
)

func TestReadAt(t *testing.T) {
	d := document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(t.Context(), signer(t, nil), nil))
	want := content(t, d)
	require.NoError(t, iotest.TestReader(io.NewSectionReader(d, 0, d.Size()), want))
	n, err := d.ReadAt(make([]byte, 4), d.Size()-2)
	require.Equal(t, 2, n)
	require.Equal(t, io.EOF, err)
	_, err = d.ReadAt(make([]byte, 4), -1)
	require.Error(t, err)
}

// failingWriter fails after n bytes.
type failingWriter struct{ n int }

func (w *failingWriter) Write(p []byte) (int, error) {
	if len(p) > w.n {
		return w.n, errors.New("no room")
	}
	w.n -= len(p)
	return len(p), nil
}

func TestWriteToFails(t *testing.T) {
	d := document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Sign(t.Context(), signer(t, nil), nil))
	for n := range 3 {
		_, err := d.WriteTo(&failingWriter{n * int(d.Size()) / 3})
		require.ErrorContains(t, err, "no room")
	}
}

// opened writes a contract into a new folder and opens it.
func opened(t *testing.T) (dir string, d *pades.Document) {
	t.Helper()
	dir = t.TempDir()
	name := filepath.Join(dir, "in.pdf")
	write(t, name, testpdf.Contract(1, testpdf.Stream).Bytes())
	d, err := pades.Open(name, fixed)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	return dir, d
}

func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestWriteFile(t *testing.T) {
	dir, d := opened(t)
	require.NoError(t, d.Sign(t.Context(), signer(t, nil), nil))
	out := filepath.Join(dir, "out.pdf")
	require.NoError(t, d.WriteFile(out))
	got, err := os.ReadFile(out)
	require.NoError(t, err)
	require.True(t, bytes.Equal(content(t, d), got))
	require.Equal(t, []string{"in.pdf", "out.pdf"}, files(t, dir))

	plain := filepath.Join(dir, "plain")
	require.NoError(t, os.WriteFile(plain, nil, 0o666))
	want, err := os.Stat(plain)
	require.NoError(t, err)
	info, err := os.Stat(out)
	require.NoError(t, err)
	require.Equal(t, want.Mode(), info.Mode(), "a new file gets the permissions that new files get")
}

func TestWriteFileReplaces(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no permissions and links as elsewhere")
	}
	dir, d := opened(t)
	require.NoError(t, d.Sign(t.Context(), signer(t, nil), nil))
	out, link := filepath.Join(dir, "out.pdf"), filepath.Join(dir, "link.pdf")
	require.NoError(t, os.WriteFile(out, []byte("old"), 0o640))
	require.NoError(t, os.Chmod(out, 0o640))
	require.NoError(t, os.Symlink("out.pdf", link))
	require.NoError(t, d.WriteFile(link))
	got, err := os.ReadFile(out)
	require.NoError(t, err)
	require.True(t, bytes.Equal(content(t, d), got))
	info, err := os.Lstat(out)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o640), info.Mode())
	info, err = os.Lstat(link)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&fs.ModeSymlink, "the link is still one")
}

func TestWriteFileRefusals(t *testing.T) {
	dir, d := opened(t)
	in, sub := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "folder")
	require.NoError(t, os.Mkdir(sub, 0o700))
	require.NoError(t, os.Link(in, filepath.Join(sub, "same.pdf")))
	before, err := os.ReadFile(in)
	require.NoError(t, err)
	require.NoError(t, d.Sign(t.Context(), signer(t, nil), nil))
	for name, text := range map[string]string{
		in:                                "is the input",
		filepath.Join(sub, "same.pdf"):    "is the input",
		sub:                               "is a directory",
		os.DevNull:                        "not a regular file",
		filepath.Join(dir, "no", "o.pdf"): "is missing",
		filepath.Join(in, "o.pdf"):        "not a directory",
	} {
		if runtime.GOOS == "windows" && text != "is the input" {
			continue // other words
		}
		require.ErrorContains(t, d.WriteFile(name), text)
	}
	require.Equal(t, []string{"folder", "in.pdf"}, files(t, dir), "nothing is left behind")
	after, err := os.ReadFile(in)
	require.NoError(t, err)
	require.Equal(t, before, after)
}

// brokenReader fails when the end of the original is read again.
type brokenReader struct {
	io.ReaderAt
	broken bool
}

func (r *brokenReader) ReadAt(p []byte, off int64) (int, error) {
	if r.broken {
		return 0, errors.New("disk is gone")
	}
	return r.ReaderAt.ReadAt(p, off)
}

func TestWriteFileLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	data := testpdf.Contract(1, testpdf.Table).Bytes()
	r := &brokenReader{ReaderAt: bytes.NewReader(data)}
	d, err := pades.NewDocument(r, int64(len(data)), fixed)
	require.NoError(t, err)
	r.broken = true
	out := filepath.Join(dir, "out.pdf")
	write(t, out, []byte("old"))
	require.ErrorContains(t, d.WriteFile(out), "disk is gone")
	require.Equal(t, []string{"out.pdf"}, files(t, dir))
	got, err := os.ReadFile(out)
	require.NoError(t, err)
	require.Equal(t, "old", string(got))
	require.ErrorContains(t, d.Sign(t.Context(), signer(t, nil), nil), "disk is gone")
}

func TestAppendFile(t *testing.T) {
	dir, d := opened(t)
	in := filepath.Join(dir, "in.pdf")
	copied := filepath.Join(dir, "copy.pdf")
	original, err := os.ReadFile(in)
	require.NoError(t, err)
	write(t, copied, original)
	s := signer(t, nil)

	require.NoError(t, d.Sign(t.Context(), s, nil))
	first := content(t, d)
	require.NoError(t, d.AppendFile(copied), "a file of equal content")
	got, err := os.ReadFile(copied)
	require.NoError(t, err)
	require.Equal(t, first, got)
	require.ErrorIs(t, d.AppendFile(copied), pades.ErrChanged, "it has the signature already")

	for round := range 2 {
		require.NoError(t, d.AppendFile(in))
		got, err = os.ReadFile(in)
		require.NoError(t, err)
		require.True(t, bytes.Equal(content(t, d), got))
		require.NoError(t, d.AppendFile(in), "with nothing new it changes nothing")
		require.NoError(t, d.Sign(t.Context(), s, nil), "round %d", round)
	}
	data := content(t, d)
	require.Len(t, signatures(t, data), 3)
	checkSignature(t, data, signatures(t, data)[2], len(data))
	require.Equal(t, []string{"copy.pdf", "in.pdf"}, files(t, dir))
}

func TestAppendFileRefusals(t *testing.T) {
	dir, d := opened(t)
	in, other := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "other.pdf")
	require.NoError(t, d.Sign(t.Context(), signer(t, nil), nil))
	original, err := os.ReadFile(in)
	require.NoError(t, err)

	changed := bytes.Replace(original, []byte("startxref"), []byte("Startxref"), 1)
	write(t, other, changed)
	require.ErrorIs(t, d.AppendFile(other), pades.ErrChanged)
	require.ErrorIs(t, d.AppendFile(filepath.Join(dir, "nothing.pdf")), fs.ErrNotExist)
	require.NoFileExists(t, filepath.Join(dir, "nothing.pdf"))

	write(t, in, append(original, ' '))
	require.ErrorIs(t, d.AppendFile(in), pades.ErrChanged)
	write(t, in, changed)
	require.NoError(t, os.Chtimes(in, at(1), at(1)))
	require.ErrorIs(t, d.AppendFile(in), pades.ErrChanged)
	got, err := os.ReadFile(in)
	require.NoError(t, err)
	require.Equal(t, changed, got)
}
