package content_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/content"
)

func TestDevicesOf(t *testing.T) {
	gray, rgb, cmyk := content.Devices{Gray: true}, content.Devices{RGB: true}, content.Devices{CMYK: true}
	for data, want := range map[string]content.Devices{
		"": {}, "0 0 9 9 re f": {}, "0 g": gray, "0.5 G 1 w": gray, "1 0 0 rg": rgb, "1 0 0 RG": rgb, "0 0 0 1 k": cmyk, "0 0 0 1 K": cmyk,
		"/DeviceRGB cs 1 0 0 sc": rgb, "/DeviceCMYK CS": cmyk, "/DeviceGray cs": gray,
		"BI /W 1/H 1/BPC 8/CS/RGB ID abc EI Q": rgb, "BI/ColorSpace /G/W 1 ID k EI": gray, "/CS /CMYK": cmyk,
		"(0 g) Tj % 0 0 0 1 k\n<6b> Tj": {}, "/G gs /RGB gs /k Do": {}, "/P<</MCID 0>>BDC 1 g EMC": gray,
		"0 g 1 0 0 rg 0 0 0 1 k": {Gray: true, RGB: true, CMYK: true},
	} {
		require.Equal(t, want, content.DevicesOf([]byte(data)), data)
	}
}
