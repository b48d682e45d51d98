package pades

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestBatchRoom: the memory of an update goes to the next document where it is small, and where nothing
// but signing wrote it.
func TestBatchRoom(t *testing.T) {
	for _, tt := range []struct {
		name           string
		own, tail, cap int
		given, kept    bool
	}{
		{"at the limit", 9, 9, keptRoom, false, true},
		{"one over", 9, 9, keptRoom + 1, false, false},
		{"appended to since", 9, 10, keptRoom, false, false},
		{"given and not needed", 0, 0, 0, true, true},
		{"nothing", 0, 0, 0, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := &batchWork{rooms: make(chan []byte, 1)}
			tail := make([]byte, tt.tail, max(tt.cap, tt.tail))
			d := &Document{source: closed{}, tail: tail}
			if tt.given {
				d.room = make([]byte, 0, 100)
			}
			require.NoError(t, w.close(d, tail[:tt.own]))
			require.Equal(t, tt.kept, len(w.rooms) == 1)
			if tt.kept {
				require.Empty(t, <-w.rooms)
			}
		})
	}
}
