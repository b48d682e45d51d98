package testpdf_test

import (
	"bytes"
	"compress/zlib"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/stretchr/testify/require"
)

// TestFormsAreSound asks qpdf about every form and about an update of each.
func TestFormsAreSound(t *testing.T) {
	qpdf := peertest.Program(t, "qpdf")
	check := func(t *testing.T, data []byte) {
		name := filepath.Join(t.TempDir(), "f.pdf")
		require.NoError(t, os.WriteFile(name, data, 0o600))
		out, err := exec.Command(qpdf, "--check", name).CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	for _, form := range testpdf.Forms {
		t.Run(form.String(), func(t *testing.T) {
			whole := testpdf.Contract(3, form).Bytes()
			check(t, whole)
			update := testpdf.File{Form: form, Trailer: "/Root 1 0 R/Info 8 0 R",
				Objects: []testpdf.Object{{Number: 8, Body: "<</Title(Changed)>>"}}}
			check(t, update.Append(whole))
		})
	}
	t.Run("CR only", func(t *testing.T) {
		f := testpdf.Contract(1, testpdf.Table)
		f.EOL = "\r"
		check(t, f.Bytes())
	})
}

func TestDeflate(t *testing.T) {
	for _, n := range []int{0, 1, 65535, 65536, 200000} {
		data := bytes.Repeat([]byte("abc"), n/3+1)[:n]
		z, err := zlib.NewReader(bytes.NewReader(testpdf.Deflate(data)))
		require.NoError(t, err)
		got, err := io.ReadAll(z)
		require.NoError(t, err)
		require.True(t, bytes.Equal(data, got), "%d bytes", n)
	}
}
