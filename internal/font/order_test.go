package font

import (
	"testing"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/shaping"
	"github.com/stretchr/testify/require"
)

// TestInOrder has runs of four characters, of which the second is at offset 11: a hostile font
// can make the library say anything of them.
func TestInOrder(t *testing.T) {
	for _, tt := range []struct {
		name      string
		direction di.Direction
		clusters  []int
		want      bool
	}{
		{"one each", di.DirectionLTR, []int{10, 11, 12, 13}, true},
		{"a ligature", di.DirectionLTR, []int{10, 10, 13}, true},
		{"from right to left", di.DirectionRTL, []int{13, 12, 10}, true},
		{"exchanged", di.DirectionLTR, []int{10, 12, 11, 13}, false},
		{"the wrong way", di.DirectionLTR, []int{13, 12, 11, 10}, false},
		{"the other wrong way", di.DirectionRTL, []int{10, 11, 12, 13}, false},
		{"before the run", di.DirectionLTR, []int{9, 10}, false},
		{"behind the run", di.DirectionLTR, []int{10, 14}, false},
		{"without the first", di.DirectionLTR, []int{11, 12, 13}, false},
		{"without the first, from right to left", di.DirectionRTL, []int{13, 12, 11}, false},
		{"nothing", di.DirectionLTR, nil, false},
	} {
		run := shaping.Output{Direction: tt.direction, Runes: shaping.Range{Offset: 10, Count: 4}}
		for _, c := range tt.clusters {
			g := shaping.Glyph{}
			g.ClusterIndex = c //nolint:staticcheck // nothing else sets it
			run.Glyphs = append(run.Glyphs, g)
		}
		require.Equal(t, tt.want, inOrder(&run), tt.name)
	}
}
