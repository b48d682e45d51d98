package icc

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// content returns the tags of a profile, after checking that it is put together as
// ICC.1:2001-04 demands.
func content(t *testing.T, profile []byte) map[string][]byte {
	t.Helper()
	require.EqualValues(t, len(profile), binary.BigEndian.Uint32(profile))
	require.Equal(t, "acsp", string(profile[36:40]))
	tags := make(map[string][]byte)
	for i := range int(binary.BigEndian.Uint32(profile[128:])) {
		entry := profile[132+12*i:]
		offset, size := binary.BigEndian.Uint32(entry[4:]), binary.BigEndian.Uint32(entry[8:])
		require.Zero(t, offset%4)
		tags[string(entry[:4])] = profile[offset : offset+size]
	}
	return tags
}

// TestProfiles: the three colours add up to white, and the curve is that of sRGB.
func TestProfiles(t *testing.T) {
	rgb, gray := content(t, SRGB()), content(t, Gray())
	require.Equal(t, "RGB XYZ ", string(SRGB()[16:24]))
	require.Equal(t, "GRAYXYZ ", string(Gray()[16:24]))
	fixed := func(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / 65536 }
	for i := range 3 {
		sum := 0.0
		for _, name := range []string{"rXYZ", "gXYZ", "bXYZ"} {
			sum += fixed(rgb[name][8+4*i:])
		}
		require.InDelta(t, fixed(rgb["wtpt"][8+4*i:]), sum, 0.0003)
	}
	for _, curve := range [][]byte{rgb["rTRC"], rgb["gTRC"], rgb["bTRC"], gray["kTRC"]} {
		require.EqualValues(t, samples, binary.BigEndian.Uint32(curve[8:]))
		require.Len(t, curve, 12+2*samples)
		at := func(i int) float64 { return float64(binary.BigEndian.Uint16(curve[12+2*i:])) / 65535 }
		require.Zero(t, at(0))
		require.InDelta(t, 1, at(samples-1), 1e-9)
		require.InDelta(t, 0.2140, at(127)*(128-127.5)+at(128)*(127.5-127), 0.0005, "the middle")
		require.InDelta(t, 1/(255*12.92), at(1), 1e-4, "straight at first")
		for i := 1; i < samples; i++ {
			require.Greater(t, at(i), at(i-1))
			require.Less(t, math.Abs(at(i)-at(i-1)), 0.01)
		}
	}
}
