package verify

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/sigdict"
)

// TestStrictestPermission: of several DocMDP transforms the strictest counts.
func TestStrictestPermission(t *testing.T) {
	transforms := func(levels ...int) *sigdict.Signature {
		s := &sigdict.Signature{References: []sigdict.Reference{{Method: sigdict.MethodFieldMDP}}}
		for _, p := range levels {
			s.References = append(s.References, sigdict.Reference{Method: sigdict.MethodDocMDP, Permission: p})
		}
		return s
	}
	for _, tt := range []struct {
		levels []int
		want   int
		ok     bool
	}{{nil, 0, false}, {[]int{3}, 3, true}, {[]int{3, 1}, 1, true}, {[]int{1, 3}, 1, true}, {[]int{2, 0}, 0, true}} {
		level, ok := certification(transforms(tt.levels...))
		require.Equal(t, tt.want, level)
		require.Equal(t, tt.ok, ok)
	}
}
