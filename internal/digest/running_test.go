package digest

import (
	"bytes"
	"context"
	"crypto"
	_ "crypto/sha256"
	_ "crypto/sha3"
	_ "crypto/sha512"
	"errors"
	"hash"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

func sum(h Function, parts ...[]byte) []byte {
	w := h.New()
	for _, p := range parts {
		w.Write(p)
	}
	return w.Sum(nil)
}

func TestRunningContinues(t *testing.T) {
	doc := bytes.Repeat([]byte("0123456789abcdef"), 40_000) // more than one buffer
	for _, kind := range []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512, crypto.SHA3_256, crypto.SHA3_512} {
		t.Run(kind.String(), func(t *testing.T) {
			r, err := NewRunning(kind)
			require.NoError(t, err)
			memory := bytes.NewReader(doc)
			require.NoError(t, r.ReadTo(t.Context(), io.NewSectionReader(memory, 0, memory.Size()), 1_000))
			require.NoError(t, r.ReadTo(t.Context(), memory, int64(len(doc))))
			require.Equal(t, len(doc), memory.Len(), "the position of the source is left alone")
			plain, err := NewRunning(kind)
			require.NoError(t, err)
			require.NoError(t, plain.ReadTo(t.Context(), io.NewSectionReader(memory, 0, memory.Size()), int64(len(doc))))
			require.Equal(t, plain.Sum(), r.Sum())
			require.EqualValues(t, len(doc), r.Size())
			require.Equal(t, sum(kind, doc), r.Sum())

			for name, clone := range map[string]func() (*Running, error){"clone": r.Clone, "marshalled": r.cloneMarshalled} {
				c, err := clone()
				require.NoError(t, err, name)
				_, err = c.Write([]byte("tail"))
				require.NoError(t, err)
				require.Equal(t, sum(kind, doc, []byte("tail")), c.Sum(), name)
				require.EqualValues(t, len(doc)+4, c.Size(), name)
				require.Equal(t, sum(kind, doc), r.Sum(), "the original is left alone")
			}
		})
	}
}

func TestRunningErrors(t *testing.T) {
	_, err := NewRunning(crypto.Hash(99))
	require.ErrorContains(t, err, "not available")

	r, err := NewRunning(crypto.SHA256)
	require.NoError(t, err)
	require.ErrorIs(t, r.ReadTo(t.Context(), bytes.NewReader([]byte("short")), 9), io.ErrUnexpectedEOF)
	require.EqualValues(t, 5, r.Size())
	require.NoError(t, r.ReadTo(t.Context(), bytes.NewReader(nil), 3), "nothing left to read")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	memory := bytes.NewReader(make([]byte, 99))
	require.ErrorIs(t, r.ReadTo(ctx, memory, 99), context.Canceled)
	require.ErrorIs(t, r.ReadTo(ctx, io.NewSectionReader(memory, 0, 99), 99), context.Canceled)
}

type opaque struct{ hash.Hash }

func TestRunningCannotClone(t *testing.T) {
	r := &Running{kind: crypto.SHA256, h: opaque{crypto.SHA256.New()}}
	_, err := r.Clone()
	require.True(t, errors.Is(err, errors.ErrUnsupported))
}
