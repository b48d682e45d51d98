package pdf

import (
	"bytes"
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestScan(t *testing.T) {
	pattern := []byte("/ByteRange")
	data := onePage().stream(4, "", bytes.Repeat([]byte("x"), 3*scanWindow)).table("").Bytes()
	// At the borders of the windows, and next to one another.
	want := []int64{100, scanWindow - 5, 2*scanWindow - 1, 2*scanWindow + 9, 3 * scanWindow}
	for _, at := range want {
		copy(data[at:], pattern)
	}
	f, err := openBytes(data)
	require.NoError(t, err)
	var got []int64
	require.NoError(t, f.Scan(t.Context(), pattern, func(at int64) bool {
		got = append(got, at)
		return true
	}))
	require.Equal(t, want, got)

	got = nil
	require.NoError(t, f.Scan(t.Context(), pattern, func(at int64) bool {
		got = append(got, at)
		return len(got) < 2
	}))
	require.Equal(t, want[:2], got)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, f.Scan(ctx, pattern, func(int64) bool { return true }), context.Canceled)
}

// However the bytes are cut into pieces, the same places are found.
func TestScannerPieces(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		data := make([]byte, random.IntN(60))
		for i := range data {
			data[i] = "ab"[random.IntN(2)]
		}
		pattern := []byte("aba")[:1+random.IntN(3)]
		var want, got []int64
		for i := range data {
			if bytes.HasPrefix(data[i:], pattern) {
				want = append(want, int64(i))
			}
		}
		s := newScanner(pattern, func(at int64) bool {
			got = append(got, at)
			return true
		})
		for rest := data; len(rest) > 0; {
			n := 1 + random.IntN(len(rest))
			s.scan(rest[:n])
			rest = rest[n:]
		}
		require.Equal(t, want, got, "%s in %s", pattern, data)
	}
}

func TestFindAny(t *testing.T) {
	data := bytes.Repeat([]byte(" "), 3*scanWindow)
	copy(data, "%PDF-")
	f := &File{Size: int64(len(data)), src: source{r: bytes.NewReader(data), size: int64(len(data))}}
	for _, at := range []int64{0, firstWindow - 2, firstWindow - 1, 5 * firstWindow, 2*scanWindow + 7, int64(len(data)) - 7} {
		own := bytes.Clone(data)
		copy(own[at:], "trailer")
		f.src = source{r: bytes.NewReader(own), size: f.Size}
		got, word, err := f.findAny(0, "obj", "trailer")
		require.NoError(t, err)
		require.Equal(t, at, got)
		require.Equal(t, "trailer", word)
	}
	f.src = source{r: bytes.NewReader(data), size: f.Size}
	got, _, err := f.findAny(0, "obj")
	require.NoError(t, err)
	require.Equal(t, int64(-1), got)
}
