package main

import (
	"crypto"
	"crypto/sha256"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/pades"
)

// BenchmarkToken compares signing 1,000 files, 8 at a time, with 1,000 raw signatures and their verification on the same
// token, 8 at a time as well. The three ways take turns, so that what else the machine does meets them all, and the
// medians are compared: "discard" is the time of the files that are thrown away for one of the raw signatures (at most
// 1.15), "files" that of those that are written with fsync.
func BenchmarkToken(b *testing.B) {
	const n = 1000
	for _, name := range []string{"rsa", "p256"} {
		b.Run(name, func(b *testing.B) {
			o := newOffice(b)
			token := o.open(b, workers)
			defer token.Close()
			s := o.signer(b, token, name)
			var raw, discarded, written []time.Duration
			for b.Loop() {
				raw = append(raw, rawSignatures(b, s.Key, n))
				discarded = append(discarded, round(b, s, n, func(_ int, d *pades.Document) error {
					_, err := d.WriteTo(io.Discard)
					return err
				}))
				folder := b.TempDir()
				written = append(written, round(b, s, n, func(i int, d *pades.Document) error {
					return d.WriteFile(filepath.Join(folder, fmt.Sprintf("%d.pdf", i)))
				}))
			}
			r := median(raw)
			b.ReportMetric(r.Seconds()*1000/n, "raw-ms")
			b.ReportMetric(median(discarded).Seconds()/r.Seconds(), "discard")
			b.ReportMetric(median(written).Seconds()/r.Seconds(), "files")
		})
	}
}

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2]
}

// rawSignatures makes and verifies n signatures over a short message.
func rawSignatures(b *testing.B, key crypto.Signer, n int) time.Duration {
	a, err := cms.AlgorithmFor(key.Public())
	require.NoError(b, err)
	started := time.Now()
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for i := w; i < n; i += workers {
				message := []byte(fmt.Sprint("raw ", i))
				digest := sha256.Sum256(message)
				signature, err := key.Sign(nil, digest[:], crypto.SHA256)
				if err == nil {
					err = a.VerifySignature(key.Public(), message, signature)
				}
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	return time.Since(started)
}
