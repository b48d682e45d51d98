package digest

import (
	"bytes"
	"context"
	"crypto"
	_ "crypto/md5"
	"errors"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// counter counts what is read from it.
type counter struct {
	*bytes.Reader
	bytes int64
	calls int
}

func (c *counter) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.Reader.ReadAt(p, off)
	c.bytes += int64(n)
	c.calls++
	return n, err
}

func noise(n int) []byte {
	b := make([]byte, n)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func ranges(doc []byte, r [4]int64) [][]byte {
	return [][]byte{doc[r[0] : r[0]+r[1]], doc[r[2] : r[2]+r[3]]}
}

func TestPassAnswersEveryRequest(t *testing.T) {
	doc := noise(3*blockSize + 17)
	size := int64(len(doc))
	var requests []Request
	for _, h := range []crypto.Hash{crypto.SHA256, crypto.SHA512, crypto.SHA3_256} {
		for _, r := range [][4]int64{
			{0, 100, 200, size - 200},
			{0, 100, 200, 300},
			{0, 0, 0, 0},
			{0, 0, size, 0},
			{0, size, size, 0},
			{0, 50, 50, 50},
			{10, 20, 40, 20},
			{0, blockSize, blockSize + 1, blockSize},
			{0, blockSize * 2, blockSize * 2, 1},
			{7, 0, 9, 0},
		} {
			requests = append(requests, Request{h, r})
		}
	}
	for _, scanned := range []bool{false, true} {
		c := &counter{Reader: bytes.NewReader(doc)}
		var seen []byte
		var scan func(int64, []byte)
		if scanned {
			scan = func(offset int64, b []byte) {
				require.EqualValues(t, len(seen), offset)
				seen = append(seen, b...)
			}
		}
		results, err := Pass(t.Context(), c, size, requests, scan)
		require.NoError(t, err)
		for i, q := range requests {
			require.NoError(t, results[i].Err)
			require.Equal(t, sum(q.Hash, ranges(doc, q.Ranges)...), results[i].Sum, "%v %v", q.Hash, q.Ranges)
		}
		require.EqualValues(t, size, c.bytes, "every byte is read once")
		require.Equal(t, 4, c.calls)
		if scanned {
			require.True(t, bytes.Equal(doc, seen))
		}
		memory := bytes.NewReader(doc)
		_, _ = memory.Seek(5, io.SeekStart)
		seen = nil
		where, err := Pass(t.Context(), memory, size, requests, scan)
		require.NoError(t, err)
		require.Equal(t, results, where, "read where it lies")
		require.EqualValues(t, size-5, memory.Len(), "its position belongs to others")
		require.Equal(t, scanned, len(seen) > 0 && bytes.Equal(doc, seen))
	}
}

func TestPassReadsNothingItDoesNotNeed(t *testing.T) {
	c := &counter{Reader: bytes.NewReader(noise(10 * blockSize))}
	results, err := Pass(t.Context(), c, c.Reader.Size(), nil, nil)
	require.NoError(t, err)
	require.Empty(t, results)
	require.Zero(t, c.bytes)
}

func TestPassRefusesSingleRequests(t *testing.T) {
	doc := noise(1000)
	const big = 1<<63 - 1
	for _, r := range [][4]int64{
		{-1, 10, 20, 10}, {0, -1, 20, 10}, {0, 10, -20, 10}, {0, 10, 20, -1},
		{0, 1001, 1001, 0}, {0, 10, 20, 981}, {0, 10, 5, 10}, {0, 100, 50, 100},
		{big, big, big, big}, {0, big, 0, 0}, {0, 10, big, 1}, {1, big, 5, 5}, {0, 10, 20, big},
	} {
		results, err := Pass(t.Context(), bytes.NewReader(doc), 1000, []Request{{crypto.SHA256, r}, {crypto.SHA256, [4]int64{0, 1, 2, 3}}}, nil)
		require.NoError(t, err)
		require.ErrorIs(t, results[0].Err, ErrRange, "%v", r)
		require.Nil(t, results[0].Sum)
		require.Equal(t, sum(crypto.SHA256, doc[:1], doc[2:5]), results[1].Sum)
	}
	results, err := Pass(t.Context(), bytes.NewReader(doc), 1000, []Request{{crypto.Hash(77), [4]int64{}}}, nil)
	require.NoError(t, err)
	require.ErrorIs(t, results[0].Err, ErrHash)
}

func TestPassBudget(t *testing.T) {
	doc := noise(tailFloor)
	size := int64(len(doc))
	require.EqualValues(t, 5*size, tailBudget(size))
	var requests []Request
	for range 6 {
		requests = append(requests, Request{crypto.MD5, [4]int64{0, 0, 0, size}})
	}
	results, err := Pass(t.Context(), bytes.NewReader(doc), size, requests, nil)
	require.NoError(t, err)
	for i := range 5 {
		require.NoError(t, results[i].Err, "at the limit")
		require.NotNil(t, results[i].Sum)
	}
	require.ErrorIs(t, results[5].Err, ErrBudget, "one over")
	require.Nil(t, results[5].Sum)
	require.Equal(t, int64(1<<62), tailBudget(1<<62))
}

func TestPassErrors(t *testing.T) {
	doc := noise(100)
	request := []Request{{crypto.SHA256, [4]int64{0, 10, 20, 180}}}
	_, err := Pass(t.Context(), bytes.NewReader(doc), 200, request, nil)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Pass(ctx, bytes.NewReader(doc), 100, []Request{{crypto.SHA256, [4]int64{0, 10, 20, 80}}}, nil)
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, errors.Is(err, ErrRange))
}

func BenchmarkPass(b *testing.B) {
	doc := noise(100 << 10)
	b.SetBytes(int64(len(doc)))
	for b.Loop() {
		_, err := Pass(context.Background(), bytes.NewReader(doc), int64(len(doc)), []Request{{crypto.SHA256, [4]int64{0, 90 << 10, 95 << 10, 5 << 10}}}, nil)
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPassScan(b *testing.B) {
	doc := noise(100 << 10)
	b.SetBytes(int64(len(doc)))
	n := 0
	for b.Loop() {
		_, err := Pass(context.Background(), bytes.NewReader(doc), int64(len(doc)), nil, func(_ int64, block []byte) {
			n += bytes.Count(block, []byte("/ByteRange"))
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
