package pdf

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCommonNames: a name that occurs in nearly every file is found after few others, and
// not allocated; another one is what it says.
func TestCommonNames(t *testing.T) {
	common := 0
	for slot, c := range commonNames {
		if c.object == nil {
			continue
		}
		common++
		b := []byte(c.text)
		require.Equal(t, Object(Name(c.text)), internName(b))
		require.Zero(t, testing.AllocsPerRun(10, func() { internName(b) }), c.text)
		require.Less(t, uint8(slot)-nameSlot(b), uint8(8), c.text)
		require.Equal(t, Object(Name(c.text+"x")), internName(append(b, 'x')))
	}
	require.Greater(t, common, 90)
	require.Less(t, common, len(commonNames)/2)
	require.Equal(t, Object(Name("")), internName(nil))
}
