package content

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEnd(t *testing.T) {
	for name, c := range map[string]struct {
		data   string
		open   string
		strays []int
		cut    bool
	}{
		"nothing":              {"", "", nil, false},
		"sound":                {"q 1 0 0 1 0 0 cm BT (a) Tj ET 0 0 9 9 re f Q", "", nil, false},
		"saved":                {"q q Q q", "Q\nQ\n", nil, false},
		"restored":             {"Q q Q Q", "", []int{0, 6}, false},
		"restored, then saved": {"Q q", "Q\n", []int{0}, false},
		"text":                 {"BT (a) Tj", "ET\n", nil, false},
		"text closed twice":    {"BT ET ET", "", nil, false},
		"path":                 {"0 0 m 1 1 l", "n\n", nil, false},
		"clipping":             {"0 0 1 1 re W", "n\n", nil, false},
		"clipped":              {"0 0 1 1 re W n", "", nil, false},
		"marked":               {"/P BMC /S <<>> BDC EMC", "EMC\n", nil, false},
		"compatible":           {"BX foo", "EX\n", nil, false},
		"everything":           {"q /P BMC BX BT 0 0 m", "n\nET\nEMC\nEX\nQ\n", nil, false},
		"dictionary":           {"/S <</A (>>) /B [(]) <</C <3E>>>]>> BDC EMC", "", nil, false},
		"string":               {"(a \\) q", "", nil, true},
		"string in strings":    {"(a (b) Q", "", nil, true},
		"hexadecimal":          {"<41 q", "", nil, true},
		"array":                {"[(a) 1", "", nil, true},
		"inline dictionary":    {"/P <</A 1", "", nil, true},
		"bracket too many":     {"] >> q Q", "", nil, false},
		"image":                {"q BI /W 1 ID \x00 q (\nEI Q", "", nil, false},
		"image without end":    {"BI /W 1 ID \x00 q (", "", nil, true},
		"comment":              {"% q (\n Q", "", []int{7}, false},
		"operator in a name":   {"/q /Q gs", "", nil, false},
	} {
		got := End([]byte(c.data))
		require.Equal(t, c.open, string(got.Open), name)
		require.Equal(t, c.strays, got.Strays, name)
		require.Equal(t, c.cut, got.Cut, name)
		for _, at := range got.Strays {
			require.Equal(t, byte('Q'), c.data[at], name)
		}
	}
}

// FuzzEnd: what is closed leaves nothing open, and what is open can be told from the end.
func FuzzEnd(f *testing.F) {
	for _, seed := range []string{"q BT (a) Tj", "Q Q q 0 0 9 9 re W", "/P <</A (b>c)>> BDC [(a) 1", "BI /W 1 ID abc EI", "% comment"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		e := End(data)
		if e.Cut {
			return
		}
		closed := append(append(append([]byte{}, data...), '\n'), e.Open...)
		after := End(closed)
		require.False(t, after.Cut)
		require.Empty(t, after.Open)
		require.Equal(t, e.Strays, after.Strays)
		for _, at := range e.Strays {
			closed[at] = ' '
		}
		require.Empty(t, End(closed).Strays)
	})
}
