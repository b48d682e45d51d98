package contract

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// counted is a Source that counts and that may lack its end.
type counted struct {
	*bytes.Reader
	size          int64
	reads, closed int
}

func (c *counted) ReadAt(p []byte, at int64) (int, error) {
	c.reads++
	return c.Reader.ReadAt(p, at)
}

func (c *counted) Size() int64 { return c.size }

func (c *counted) Close() error {
	c.closed++
	return nil
}

func source(data []byte) *counted {
	return &counted{Reader: bytes.NewReader(data), size: int64(len(data))}
}

// TestShortDocumentsAreHeld stands at maxHeld and one over it.
func TestShortDocumentsAreHeld(t *testing.T) {
	data := bytes.Repeat([]byte("inkan"), maxHeld/5+1)
	for _, size := range []int{0, 1, maxHeld, maxHeld + 1} {
		from := source(data[:size])
		d, err := read(from)
		require.NoError(t, err)
		require.Equal(t, Digest(sha256.Sum256(data[:size])), d.digest())
		read := from.reads
		got := make([]byte, size)
		_, err = d.ReadAt(got, 0)
		require.True(t, err == nil || errors.Is(err, io.EOF))
		require.Equal(t, data[:size], got)
		require.Equal(t, size > maxHeld, from.reads > read, "what was held is not read again")
		require.NoError(t, d.Close())
		require.Equal(t, 1, from.closed)
	}
}

func TestSourceThatLacksItsEnd(t *testing.T) {
	from := source(nil)
	from.size = -1
	_, err := read(from)
	require.ErrorContains(t, err, "-1 bytes")
	require.Equal(t, 1, from.closed)
	for _, size := range []int64{5, maxHeld} {
		from := source(make([]byte, size))
		from.size++
		_, err := read(from)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		require.Equal(t, 1, from.closed)
	}
}
