package verify_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/verify"
)

// ratio runs two things in turn, so that what else the machine does meets both, and
// reports how their medians compare, and the fastest tenths, which a busy machine
// changes least.
func ratio(b *testing.B, whole, raw func()) {
	var times [2][]time.Duration
	for b.Loop() {
		for i, f := range []func(){whole, raw} {
			start := time.Now()
			f()
			times[i] = append(times[i], time.Since(start))
		}
	}
	slices.Sort(times[0])
	slices.Sort(times[1])
	at := func(k int) float64 { return float64(times[0][k]) / float64(times[1][k]) }
	b.ReportMetric(at(len(times[0])/2), "ratio")
	b.ReportMetric(at(len(times[0])/10), "quiet-ratio")
}

// BenchmarkVerifyRatio is BenchmarkVerify100KB against one operation of an RSA-2048
// key (design: at most 0.2), and BenchmarkVerifyLTA against the digest of the file and
// the eight checks of signatures that it takes: of the signer, of two certificates
// above, of two time stamps, of their authority's certificate and of two revocation
// lists (at most 1.5). The two roots have names of their own: with one name, the list of
// the one would be tried in vain with the key of the other.
func BenchmarkVerifyRatio(b *testing.B) {
	b.Run("100KB", func(b *testing.B) {
		m := newMaker(b)
		file, o := m.sign(b, padded(85<<10), entry{}), m.options()
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		require.NoError(b, err)
		digest := sha256.Sum256(nil)
		ratio(b, func() {
			_, err := verify.Reader(b.Context(), bytes.NewReader(file), int64(len(file)), o)
			require.NoError(b, err)
		}, func() {
			_, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
			require.NoError(b, err)
		})
	})
	b.Run("LTA", func(b *testing.B) {
		w, file := archivedFile(b)
		o := w.optionsAt(days(3))
		ratio(b, func() {
			_, err := verify.Reader(b.Context(), bytes.NewReader(file), int64(len(file)), o)
			require.NoError(b, err)
		}, archivedRaw(b, file))
	})
}

// archivedRaw is what judging a file of archivedFile takes at the very least: its digest
// and the checks of eight signatures.
func archivedRaw(b *testing.B, file []byte) func() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(b, err)
	digest := sha256.Sum256(nil)
	signature, err := ecdsa.SignASN1(rand.Reader, key, digest[:])
	require.NoError(b, err)
	return func() {
		sha256.Sum256(file)
		for range 8 {
			require.True(b, ecdsa.VerifyASN1(&key.PublicKey, digest[:], signature))
		}
	}
}
