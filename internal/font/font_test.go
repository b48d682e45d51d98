package font

import (
	"encoding/binary"
	"math"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/inkan-go/inkan/internal/peertest"
)

// TestSubsetKeepsOutlines: the glyphs of a subset have the outlines that they had,
// exactly in TrueType, within half a thousandth of an em in CFF.
func TestSubsetKeepsOutlines(t *testing.T) {
	for name, file := range map[string]string{
		"Go": "", "TrueType": peertest.Mincho, "CFF": peertest.Gothic,
	} {
		t.Run(name, func(t *testing.T) {
			data := goregular.TTF
			if file != "" {
				data = peertest.File(t, file)
			}
			f, err := Parse(data, 0)
			require.NoError(t, err)
			glyphs := []GlyphID{0}
			for i := 1; i < f.glyphs; i += f.glyphs/200 + 1 {
				glyphs = append(glyphs, GlyphID(i))
			}
			subset := &Font{tables: tables{}, unitsPerEm: f.unitsPerEm, glyphs: len(glyphs), family: "subset"}
			tolerance := 1e-9
			if f.cff != nil {
				program, err := f.subsetCFF(glyphs)
				require.NoError(t, err)
				subset.cff, err = parseCFF(program)
				require.NoError(t, err)
				subset.unitsPerEm, tolerance = 1000, 0.00051
			} else {
				program, n, err := f.subsetTrueType(glyphs)
				require.NoError(t, err)
				require.Equal(t, uint32(0xb1b0afba), checksum(program), "the sum of the whole file")
				subset.tables, err = readTables(program, 0)
				require.NoError(t, err)
				subset.glyphs = n
				require.NoError(t, subset.readOutlines())
			}
			curves := 0
			for i, g := range glyphs {
				want, err := f.Outline(g)
				require.NoError(t, err)
				got, err := subset.Outline(GlyphID(i))
				require.NoError(t, err)
				require.Equal(t, len(want), len(got), "glyph %d", g)
				for k := range want {
					require.Equal(t, want[k].Op, got[k].Op)
					for j, p := range want[k].Points {
						require.InDelta(t, p.X, got[k].Points[j].X, tolerance)
						require.InDelta(t, p.Y, got[k].Points[j].Y, tolerance)
					}
					if want[k].Op == CurveTo {
						curves++
					}
				}
			}
			require.Greater(t, curves, 500)
		})
	}
}

// TestLicence: fonts that forbid it are not embedded.
func TestLicence(t *testing.T) {
	for bits, want := range map[uint16]string{
		0x0: "", 0x4: "", 0x8: "", 0x6: "", 0x2: "forbids embedding", 0x104: "forbids embedding a subset", 0x208: "bitmaps only",
	} {
		parts, err := readTables(small(t)["TrueType"], 0)
		require.NoError(t, err)
		os2 := append([]byte{}, parts["OS/2"]...)
		binary.BigEndian.PutUint16(os2[8:], bits)
		parts["OS/2"] = os2
		_, err = Parse(parts.file(), 0)
		_, sumErr := Summarize(parts.file(), 0)
		if want == "" {
			require.NoError(t, err)
			require.NoError(t, sumErr)
		} else {
			require.ErrorContains(t, err, want)
			require.ErrorContains(t, sumErr, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	fonts := small(t)
	without := func(name, tag string) []byte {
		parts, err := readTables(fonts[name], 0)
		require.NoError(t, err)
		delete(parts, tag)
		return parts.file()
	}
	changed := func(tag string, at int, value byte) []byte {
		parts, err := readTables(fonts["TrueType"], 0)
		require.NoError(t, err)
		parts[tag] = append([]byte{}, parts[tag]...)
		parts[tag][at] = value
		return parts.file()
	}
	for name, c := range map[string]struct {
		data  []byte
		index int
		want  string
	}{
		"empty":         {nil, 0, "too short"},
		"text":          {[]byte("this is no font at all"), 0, "neither a TrueType nor"},
		"WOFF":          {[]byte("wOFF0123456789abcdef"), 0, "web font"},
		"WOFF2":         {[]byte("wOF20123456789abcdef"), 0, "web font"},
		"index":         {fonts["TrueType"], 1, "no font 1"},
		"face":          {fonts["collection"], 2, "no font 2"},
		"negative":      {fonts["collection"], -1, "no font -1"},
		"cut":           {fonts["TrueType"][:200], 0, "beyond the end"},
		"cut directory": {fonts["TrueType"][:40], 0, "cut off"},
		"no head":       {without("TrueType", "head"), 0, `"head" is missing`},
		"no cmap":       {without("TrueType", "cmap"), 0, `"cmap" is missing`},
		"no outlines":   {without("TrueType", "glyf"), 0, "no outlines"},
		"no hmtx":       {without("CFF", "hmtx"), 0, `"hmtx" is missing`},
		"units":         {changed("head", 18, 0xff), 0, "units per em"},
		"no glyphs":     {changed("maxp", 5, 0), 0, "no glyph"},
		"long loca":     {changed("maxp", 4, 1), 0, `"loca" is cut off`},
		"metrics":       {changed("hhea", 34, 9), 0, "contradict"},
	} {
		_, err := Parse(c.data, c.index)
		require.ErrorContains(t, err, c.want, name)
	}
}

// TestConcurrentUse: one font, many goroutines, the same result.
func TestConcurrentUse(t *testing.T) {
	f, err := Latin()
	require.NoError(t, err)
	again, err := Latin()
	require.NoError(t, err)
	require.Same(t, f, again, "parsed once")
	first, err := use(f, "Grüße, fi 123")
	require.NoError(t, err)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 5 {
				c, err := use(f, "Grüße, fi 123")
				require.NoError(t, err)
				require.Equal(t, first.programs, c.programs)
			}
		})
	}
	wait.Wait()
}

// TestVariationSelectors: the form that a selector names is one that the font has,
// or it is missing; nobody's name is written with another form in silence.
func TestVariationSelectors(t *testing.T) {
	f, err := Latin()
	require.NoError(t, err)
	require.Equal(t, []string{"A\U000E0100"}, Missing([]*Font{f}, "A\U000E0100B"))
	require.Equal(t, []string{"\U000E0100"}, Missing([]*Font{f}, "\U000E0100"))
	require.Empty(t, Missing([]*Font{f}, "A\ufe0eB\u200d\u00ad"), "characters without a shape of their own")
	require.Equal(t, []string{"\x00", "\ufffd"}, Missing([]*Font{f}, "\x00\ufffd\x00"))
}

func TestLines(t *testing.T) {
	f, err := Latin()
	require.NoError(t, err)
	p, err := Layout([]*Font{f}, "One two three incomprehensibilities", Horizontal)
	require.NoError(t, err)
	text := func(l Line) (s string) {
		for _, r := range l.Runs {
			for _, g := range r.Glyphs {
				s += g.Text
			}
		}
		return s
	}
	require.Len(t, linesOf(t, p, 0, false), 1)
	whole := linesOf(t, p, 0, false)[0].Advance
	lines := linesOf(t, p, 5, false)
	require.Equal(t, "One two ", text(lines[0]))
	require.Greater(t, lines[len(lines)-1].Advance, 5.0, "a word that is not broken")
	for _, line := range linesOf(t, p, 5, true) {
		require.LessOrEqual(t, line.Advance, 5.0)
	}
	spaces, err := Layout([]*Font{f}, "One   ", Horizontal)
	require.NoError(t, err)
	require.Less(t, linesOf(t, spaces, 0, false)[0].Advance, whole/3)
	empty, err := Layout([]*Font{f}, "", Horizontal)
	require.NoError(t, err)
	require.Len(t, linesOf(t, empty, 3, false), 1)
	require.Greater(t, linesOf(t, empty, 3, false)[0].Ascent, 0.5)
	_, err = Layout([]*Font{f}, "山", Horizontal)
	require.ErrorContains(t, err, `no font holds ["山"]`)
	_, err = Layout(nil, "", Horizontal)
	require.Error(t, err)
	require.False(t, math.IsNaN(whole))
}

func linesOf(t testing.TB, p *Paragraph, width float64, inWords bool) []Line {
	t.Helper()
	lines, err := p.Lines(width, inWords)
	require.NoError(t, err)
	return lines
}
