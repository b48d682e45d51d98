package pades_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades"
)

// BenchmarkRawKey is the RSA-2048 operation alone, and the digest of 100 KB
// with it: what a signature cannot do without.
func BenchmarkRawKey(b *testing.B) {
	s := signer(b, nil)
	data := padded(testpdf.Table, 97<<10)
	b.Run("key", func(b *testing.B) {
		digest := sha256.Sum256(data)
		for b.Loop() {
			if _, err := s.Key.Sign(rand.Reader, digest[:], crypto.SHA256); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("digest+key", func(b *testing.B) {
		for b.Loop() {
			digest := sha256.Sum256(data)
			if _, err := s.Key.Sign(rand.Reader, digest[:], crypto.SHA256); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkSign100KB opens a file of 100 KB in memory, signs it with RSA-2048
// and writes it to memory (design: at most 1.12 times BenchmarkRawKey/key).
func BenchmarkSign100KB(b *testing.B) {
	s := signer(b, nil)
	for _, form := range testpdf.Forms {
		data := padded(form, 97<<10)
		out := bytes.NewBuffer(make([]byte, 0, 2*len(data)))
		b.Run(form.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), nil)
				if err != nil {
					b.Fatal(err)
				}
				if err := d.Sign(b.Context(), s, nil); err != nil {
					b.Fatal(err)
				}
				out.Reset()
				if _, err := d.WriteTo(out); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkSign100MB signs a file of 100 MB, to memory that forgets it.
func BenchmarkSign100MB(b *testing.B) {
	name := filepath.Join(b.TempDir(), "large.pdf")
	require.NoError(b, os.WriteFile(name, padded(testpdf.Table, 100<<20), 0o600))
	s := signer(b, nil)
	b.ReportAllocs()
	b.SetBytes(100 << 20)
	for b.Loop() {
		d, err := pades.Open(name, nil)
		require.NoError(b, err)
		require.NoError(b, d.Sign(b.Context(), s, nil))
		_, err = d.WriteTo(io.Discard)
		require.NoError(b, err)
		require.NoError(b, d.Close())
	}
}
