package digest

import (
	"bytes"
	"crypto"
	"hash"
	"testing"

	"github.com/stretchr/testify/require"
)

// closed is SHA-256 whose state cannot be kept, as that of RIPEMD-160.
type closed struct{ available bool }

func (c closed) Available() bool { return c.available }
func (c closed) New() hash.Hash  { return opaque{crypto.SHA256.New()} }

// TestPassWithoutClone: ranges of such a function are hashed on their own, in the same one read, and count in full
// against the budget.
func TestPassWithoutClone(t *testing.T) {
	doc := noise(3 * blockSize)
	size := int64(len(doc))
	c := &counter{Reader: bytes.NewReader(doc)}
	requests := []Request{
		{closed{true}, [4]int64{0, 100, 200, size - 200}},
		{closed{true}, [4]int64{0, blockSize, blockSize + 1, 10}},
		{crypto.SHA256, [4]int64{0, 100, 200, size - 200}},
		{closed{false}, [4]int64{0, 1, 2, 3}},
		{nil, [4]int64{0, 1, 2, 3}},
	}
	results, err := Pass(t.Context(), c, size, requests, nil)
	require.NoError(t, err)
	for i, q := range requests[:3] {
		require.NoError(t, results[i].Err)
		require.Equal(t, sum(crypto.SHA256, ranges(doc, q.Ranges)...), results[i].Sum)
	}
	require.ErrorIs(t, results[3].Err, ErrHash)
	require.ErrorIs(t, results[4].Err, ErrHash)
	require.EqualValues(t, size, c.bytes)

	var many []Request
	whole := [4]int64{0, size, size, 0}
	for range tailBudget(size)/size + 1 {
		many = append(many, Request{closed{true}, whole})
	}
	results, err = Pass(t.Context(), bytes.NewReader(doc), size, many, nil)
	require.NoError(t, err)
	require.NoError(t, results[len(many)-2].Err)
	require.ErrorIs(t, results[len(many)-1].Err, ErrBudget)

	_, err = NewRunning(nil)
	require.Error(t, err)
}
