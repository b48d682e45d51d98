package pades_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"io"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

var batchKeys = []testpki.KeyType{testpki.RSA2048, testpki.P256}

// discarded yields n jobs that sign data and forget the result.
func discarded(n int, data []byte) func(func(pades.BatchJob) bool) {
	return repeated(n, func(int) pades.BatchJob {
		return pades.BatchJob{
			Open: func() (*pades.Document, error) {
				return pades.NewDocument(bytes.NewReader(data), int64(len(data)), nil)
			},
			Write: func(d *pades.Document) error { _, err := d.WriteTo(io.Discard); return err },
		}
	})
}

// BenchmarkBatch100KB signs files of 100 KB in memory on all processors: the time and the
// memory for one.
func BenchmarkBatch100KB(b *testing.B) {
	data := padded(testpdf.Table, 97<<10)
	for _, kind := range batchKeys {
		b.Run(kind.String(), func(b *testing.B) {
			batch := &pades.Batch{Signer: signer(b, &testpki.Request{KeyType: kind})}
			b.ReportAllocs()
			b.ResetTimer()
			counts, err := batch.Sign(b.Context(), discarded(b.N, data), func(r pades.BatchResult) error { return r.Err })
			require.NoError(b, err)
			require.EqualValues(b, b.N, counts.Signed)
		})
	}
}

// BenchmarkBatchRatio is a batch of 100 KB files against as many operations of the key alone
// on as many processors. Both take turns, so that what else the machine does meets both; the
// medians are compared: the rate (signatures of the batch for one of the key alone, at least
// 0.88 with RSA-2048), and the times (at most 6 with P-256).
//
// The key is the same, and on both sides as many goroutines as there are processors take the
// next piece of work whenever they are free. The side of the key alone digests nothing and
// leaves little garbage; nothing is collected between the sides, so that the batch pays for
// its own.
func BenchmarkBatchRatio(b *testing.B) {
	data := padded(testpdf.Table, 97<<10)
	for _, kind := range batchKeys {
		b.Run(kind.String(), func(b *testing.B) {
			n := map[testpki.KeyType]int{testpki.RSA2048: 100, testpki.P256: 1000}[kind]
			s := signer(b, &testpki.Request{KeyType: kind})
			batch := &pades.Batch{Signer: s}
			var key, whole []time.Duration
			for b.Loop() {
				start := time.Now()
				rawSignatures(b, s.Key, n)
				key = append(key, time.Since(start))

				start = time.Now()
				counts, err := batch.Sign(b.Context(), discarded(n, data), nil)
				whole = append(whole, time.Since(start))
				require.NoError(b, err)
				require.EqualValues(b, n, counts.Signed)
			}
			slices.Sort(key)
			slices.Sort(whole)
			k, w := key[len(key)/2], whole[len(whole)/2]
			b.ReportMetric(float64(k)/float64(w), "rate")
			b.ReportMetric(float64(w)/float64(k), "times")
			k, w = key[len(key)/10], whole[len(whole)/10]
			b.ReportMetric(float64(k)/float64(w), "quiet-rate")
			b.ReportMetric(float64(w)/float64(k), "quiet-times")
		})
	}
}

// rawSignatures uses the key n times, on all processors.
func rawSignatures(b *testing.B, key crypto.Signer, n int) {
	digest := sha256.Sum256([]byte("raw"))
	var begun atomic.Int64
	var running sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		running.Go(func() {
			for begun.Add(1) <= int64(n) {
				if _, err := key.Sign(rand.Reader, digest[:], crypto.SHA256); err != nil {
					b.Error(err)
				}
			}
		})
	}
	running.Wait()
}
