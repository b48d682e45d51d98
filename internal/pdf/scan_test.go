package pdf

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

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
