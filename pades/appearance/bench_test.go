package appearance_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/pades/appearance"
)

// sealAndText is the appearance that a Japanese signature usually has.
func sealAndText(fonts []*appearance.Font) appearance.Element {
	return &appearance.Frame{Border: 0.5, Padding: 3, Content: &appearance.Row{Gap: 4, Items: []appearance.Element{
		&appearance.Seal{Fonts: fonts}, &appearance.Text{Fonts: fonts},
	}}}
}

func BenchmarkDraw(b *testing.B) {
	all := japanese(b)
	for name, fonts := range map[string][]*appearance.Font{"TrueType": all[:1], "CFF": all[1:]} {
		b.Run(name, func(b *testing.B) {
			e := sealAndText(fonts)
			b.ReportAllocs()
			for b.Loop() {
				r := request(200, 70)
				_, err := e.Draw(context.Background(), r)
				require.NoError(b, err)
			}
		})
	}
	b.Run("RSA-2048", func(b *testing.B) {
		key, digest := rsaKey(b), sha256.Sum256(nil)
		for b.Loop() {
			_, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
			require.NoError(b, err)
		}
	})
}

func rsaKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	return key
}

// TestSize: a signature with a seal and text adds at most 30 KB, whatever the name.
func TestSize(t *testing.T) {
	all := japanese(t)
	for _, fonts := range [][]*appearance.Font{all, all[1:]} {
		for _, name := range names {
			r := request(200, 70)
			r.Name = name
			file := drawn(t, sealAndText(fonts), r)
			f, _ := r.Objects.(*fileObjects)
			t.Log(name, f.size)
			require.Less(t, f.size, 30_000, "%s: %s", name, file)
		}
	}
}

// TestDrawingIsCheaperThanSigning: with its fonts loaded, an appearance of a seal
// and text costs less than one operation with an RSA key of 2048 bits.
func TestDrawingIsCheaperThanSigning(t *testing.T) {
	if raceDetector || testing.Short() {
		t.Skip("times mean nothing here")
	}
	key, digest := rsaKey(t), sha256.Sum256(nil)
	all := japanese(t)
	for _, fonts := range [][]*appearance.Font{all[:1], all[1:]} {
		e := sealAndText(fonts)
		const rounds = 60
		best := [2]time.Duration{time.Hour, time.Hour}
		for range rounds {
			for i, work := range []func(){
				func() {
					_, err := e.Draw(context.Background(), request(200, 70))
					require.NoError(t, err)
				},
				func() {
					_, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
					require.NoError(t, err)
				},
			} {
				start := time.Now()
				work()
				best[i] = min(best[i], time.Since(start))
			}
		}
		t.Logf("%v to draw, %v to sign", best[0], best[1])
		require.Less(t, best[0], best[1])
	}
}
