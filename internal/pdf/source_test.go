package pdf

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRange reads parts of a file from memory and by a reader.
func TestRange(t *testing.T) {
	data := onePage().table("").Bytes()
	size := int64(len(data))
	for _, tt := range []struct {
		name   string
		reader io.ReaderAt
		shared bool // nothing is copied
		o      *Options
	}{
		{"in memory", bytes.NewReader(data), true, nil},
		{"by a reader", io.NewSectionReader(bytes.NewReader(data), 0, size), false, nil},
		{"partly in memory", io.NewSectionReader(bytes.NewReader(data), 0, size), true, &Options{InMemory: func(at int64, n int) []byte { return data[at : at+int64(n)] }}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := Open(tt.reader, size, tt.o)
			require.NoError(t, err)
			var room []byte
			for _, at := range []int64{0, 9, size - 5} {
				b, err := f.Range(at, 5, &room)
				require.NoError(t, err)
				require.Equal(t, data[at:at+5], b)
				require.Equal(t, tt.shared, &b[0] == &data[at])
			}
			long, err := f.Range(0, len(data), &room)
			require.NoError(t, err)
			require.Equal(t, data, long)
			for _, outside := range []struct {
				at int64
				n  int
			}{{-1, 1}, {0, -1}, {0, len(data) + 1}, {size, 1}, {size + 1, 0}, {1 << 62, 5}} {
				_, err := f.Range(outside.at, outside.n, &room)
				require.ErrorIs(t, err, ErrMalformed, "%v", outside)
			}
		})
	}
}
