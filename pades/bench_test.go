package pades_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

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
// and writes it to memory that forgets it, as BenchmarkSign100MB does, since what
// becomes of the bytes is no cost of the signature (design: at most 1.12 times
// BenchmarkRawKey/key).
func BenchmarkSign100KB(b *testing.B) {
	s := signer(b, nil)
	for _, form := range testpdf.Forms {
		data := padded(form, 97<<10)
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
				if _, err := d.WriteTo(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkSignRatio is BenchmarkSign100KB against BenchmarkRawKey/key: both in
// turn, so that what else the machine does meets both, and the medians compared:
// the ratio (at most 1.12). The quiet ones are those of the fastest tenth, which a
// busy machine changes least, with what a signature costs besides the key.
func BenchmarkSignRatio(b *testing.B) {
	s := signer(b, nil)
	for _, form := range testpdf.Forms {
		data := padded(form, 97<<10)
		digest := sha256.Sum256(data)
		b.Run(form.String(), func(b *testing.B) {
			var key, whole []time.Duration
			for b.Loop() {
				start := time.Now()
				_, err := s.Key.Sign(rand.Reader, digest[:], crypto.SHA256)
				require.NoError(b, err)
				key = append(key, time.Since(start))

				start = time.Now()
				d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), nil)
				require.NoError(b, err)
				require.NoError(b, d.Sign(b.Context(), s, nil))
				_, err = d.WriteTo(io.Discard)
				require.NoError(b, err)
				whole = append(whole, time.Since(start))
			}
			slices.Sort(key)
			slices.Sort(whole)
			k, w := key[len(key)/2], whole[len(whole)/2]
			b.ReportMetric(float64(w)/float64(k), "ratio")
			k, w = key[len(key)/10], whole[len(whole)/10]
			b.ReportMetric(float64(w)/float64(k), "quiet-ratio")
			b.ReportMetric(float64((w - k).Nanoseconds()), "quiet-besides-ns")
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
