package contract

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/inkan-go/inkan/internal/font"
	"github.com/inkan-go/inkan/verify/report"
)

// AnyFonts are fonts that hold every character, so that no test needs installed ones: Go Regular,
// whose letters stand for all others as well.
func AnyFonts(t testing.TB) []report.Font {
	const tableCount, record = 4, 16
	data := append([]byte{}, goregular.TTF...)
	cmap := []byte{0, 0, 0, 1, 0, 3, 0, 10, 0, 0, 0, 12, 0, 13, 0, 0} // of one subtable, many to one
	groups := [][3]uint32{{0x300, 0x36F, 40}, {0x590, 0x6FF, 41}, {0x3000, 0x9FFF, 36}, {0xF900, 0xFAFF, 37}, {0xFF00, 0xFFEF, 38}, {0x20000, 0x2FFFF, 39}}
	cmap = binary.BigEndian.AppendUint32(cmap, uint32(16+12*len(groups)))
	cmap = binary.BigEndian.AppendUint32(cmap, 0)
	cmap = binary.BigEndian.AppendUint32(cmap, uint32(len(groups)))
	for _, g := range groups {
		for _, v := range g {
			cmap = binary.BigEndian.AppendUint32(cmap, v)
		}
	}
	replaced := false
	for i := range int(binary.BigEndian.Uint16(data[tableCount:])) {
		entry := data[12+record*i:]
		if string(entry[:4]) == "cmap" {
			binary.BigEndian.PutUint32(entry[8:], uint32(len(data)))
			binary.BigEndian.PutUint32(entry[12:], uint32(len(cmap)))
			replaced = true
		}
	}
	require.True(t, replaced)
	data = append(data, cmap...)
	f, err := font.Parse(data, 0)
	require.NoError(t, err)
	latin, err := font.Latin()
	require.NoError(t, err)
	require.Empty(t, font.Missing([]*font.Font{f, latin}, "契約締結証明書髙﨑𠮷ー（株）：ABC"))
	return []report.Font{{Data: data}}
}
