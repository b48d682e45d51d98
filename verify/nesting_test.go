package verify

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/sigdict"
)

// TestNesting holds ranges against each other: who closes no revision cannot
// make a signature look bad that does.
func TestNesting(t *testing.T) {
	one := func(gap, end int64, closes bool) *candidate {
		return &candidate{found: &sigdict.Signature{}, result: &Signature{Structure: StructureSound}, isRanged: true, closes: closes, end: end, ranges: [4]int64{0, gap, gap + 10, end - gap - 10}}
	}
	for _, tt := range []struct {
		name  string
		list  []*candidate
		sound []bool // in the order of the list
	}{
		{"one around the other", []*candidate{one(50, 100, true), one(150, 200, true), one(250, 300, true)}, []bool{true, true, true}},
		{"two that cross", []*candidate{one(50, 100, true), one(80, 200, true)}, []bool{false, false}},
		{"one that closes nothing ends in the next", []*candidate{one(50, 170, false), one(150, 200, true)}, []bool{false, true}},
		{"one that closes nothing begins in the one before", []*candidate{one(50, 100, true), one(80, 200, false)}, []bool{true, false}},
		{"two that close nothing", []*candidate{one(50, 100, false), one(80, 200, false)}, []bool{false, false}},
		{"two that cross, one that closes nothing between them", []*candidate{one(80, 200, true), one(50, 100, true), one(110, 150, false)}, []bool{false, false, false}},
		{"one gap", []*candidate{one(50, 100, true), one(50, 200, true)}, []bool{false, false}},
		{"one end", []*candidate{one(50, 200, true), one(90, 200, false)}, []bool{false, false}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			(&file{candidates: tt.list}).checkNesting()
			for i, c := range tt.list {
				require.Equal(t, tt.sound[i], c.result.Structure == StructureSound, "signature %d: %v", i, codesOf(c.result.Findings))
			}
		})
	}
}
