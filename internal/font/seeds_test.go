package font

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/font/gofont/goregular"
)

// small is Go Regular with the glyphs of some letters alone, as a font file of its
// own: with TrueType outlines, with CFF outlines, and both in a collection.
func small(t testing.TB) map[string][]byte {
	t.Helper()
	f, err := Parse(goregular.TTF, 0)
	require.NoError(t, err)
	const letters = "ABCé."
	glyphs := []GlyphID{0}
	for _, r := range letters {
		g, ok := f.layout.NominalGlyph(r)
		require.True(t, ok)
		glyphs = append(glyphs, GlyphID(g))
	}
	program, _, err := f.subsetTrueType(glyphs)
	require.NoError(t, err)
	parts, err := readTables(program, 0)
	require.NoError(t, err)
	setGlyph(parts, 4, composite(1, 5)) // é, of A and a dot
	parts["cmap"] = cmapOf(letters)
	parts["name"], parts["OS/2"] = f.tables["name"], f.tables["OS/2"]
	trueType := build(tagTrueType, parts)

	cff, err := f.subsetCFF(glyphs)
	require.NoError(t, err)
	withCFF := tables{"CFF ": cff}
	for _, tag := range []string{"OS/2", "cmap", "head", "hhea", "hmtx", "name"} {
		withCFF[tag] = append([]byte{}, parts[tag]...)
	}
	withCFF["maxp"] = []byte{0, 0, 0x50, 0, 0, byte(len(glyphs))}
	withCFF["hhea"][35] = byte(len(glyphs))
	binary.BigEndian.PutUint16(withCFF["head"][18:], 1000)
	openType := build(tagCFF, withCFF)
	return map[string][]byte{"TrueType": trueType, "CFF": openType, "collection": collect(openType, trueType)}
}

// composite is a glyph of parts, each moved a little further.
func composite(parts ...GlyphID) []byte {
	b := []byte{0xff, 0xff, 0, 0, 0, 0, 2, 0, 2, 0}
	for i, part := range parts {
		flags := argumentsAreWords | haveInstructions | 2 // the arguments are a distance
		if i < len(parts)-1 {
			flags |= moreComponents
		}
		b = binary.BigEndian.AppendUint16(b, uint16(flags))
		b = binary.BigEndian.AppendUint16(b, uint16(part))
		b = append(b, byte(i>>8), byte(i), 0, 100)
	}
	return append(b, 0, 1, 0x4f) // one instruction
}

// setGlyph puts a glyph, at the end of glyf, in place of another.
func setGlyph(parts tables, g int, data []byte) {
	loca, glyf := parts["loca"], append([]byte{}, parts["glyf"]...)
	end := len(glyf)
	glyf = append(glyf, data...)
	for len(glyf)%4 != 0 {
		glyf = append(glyf, 0)
	}
	var moved []byte
	rebuilt := append([]byte{}, loca...)
	for i := g + 1; i < len(loca)/4; i++ { // what followed is put behind
		from := binary.BigEndian.Uint32(loca[4*i:])
		to := uint32(end)
		if i+1 < len(loca)/4 {
			to = binary.BigEndian.Uint32(loca[4*i+4:])
		}
		binary.BigEndian.PutUint32(rebuilt[4*i:], uint32(len(glyf)+len(moved)))
		moved = append(moved, glyf[from:to]...)
	}
	binary.BigEndian.PutUint32(rebuilt[4*g:], uint32(end))
	parts["loca"], parts["glyf"] = rebuilt, append(glyf, moved...)
}

// cmapOf maps characters to the glyphs 1, 2, 3 and so on (format 12).
func cmapOf(letters string) []byte {
	b := []byte{0, 0, 0, 1, 0, 3, 0, 10, 0, 0, 0, 12, 0, 12, 0, 0}
	runes := []rune(letters)
	order := make(map[rune]int)
	for i, r := range runes {
		order[r] = i + 1
	}
	b = binary.BigEndian.AppendUint32(b, uint32(16+12*len(runes)))
	b = binary.BigEndian.AppendUint32(b, 0)
	b = binary.BigEndian.AppendUint32(b, uint32(len(runes)))
	for r := rune(0); r < 0x300; r++ {
		if n := order[r]; n > 0 {
			b = binary.BigEndian.AppendUint32(b, uint32(r))
			b = binary.BigEndian.AppendUint32(b, uint32(r))
			b = binary.BigEndian.AppendUint32(b, uint32(n))
		}
	}
	return b
}

// build writes a font of tables, in the order of their tags.
func build(version string, parts tables) []byte {
	var list []table
	for _, tag := range []string{"CFF ", "GSUB", "OS/2", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name"} {
		if data, ok := parts[tag]; ok {
			list = append(list, table{tag, data})
		}
	}
	return writeSFNT(version, list)
}

// collect writes a collection. The offsets of tables count from its beginning.
func collect(fonts ...[]byte) []byte {
	out := append([]byte(tagCollection), 0, 1, 0, 0, 0, 0, 0, byte(len(fonts)))
	at := len(out) + 4*len(fonts)
	for _, f := range fonts {
		out = binary.BigEndian.AppendUint32(out, uint32(at))
		at += len(f)
	}
	for _, f := range fonts {
		start := len(out)
		out = append(out, f...)
		for i := range int(binary.BigEndian.Uint16(f[4:])) {
			place := out[start+12+16*i+8:]
			binary.BigEndian.PutUint32(place, binary.BigEndian.Uint32(place)+uint32(start))
		}
	}
	return out
}

// counter takes the objects of an embedded font and keeps the programs.
type counter struct {
	objects  int
	programs [][]byte
}

func (c *counter) Add([]byte) string {
	c.objects++
	return "1 0 R"
}

func (c *counter) AddStream(dict, data []byte) string {
	if string(dict) != "<<>>" {
		c.programs = append(c.programs, data)
	}
	return c.Add(nil)
}

// use does with a font all that can be done with one.
func use(f *Font, text string) (*counter, error) {
	c := &counter{}
	var e Embedding
	for _, d := range []Direction{Horizontal, Vertical, Upright} {
		p, err := Layout([]*Font{f}, text, d)
		if err != nil {
			return nil, err
		}
		for _, width := range []float64{0, 1, 3.5} {
			lines, err := p.Lines(width, width < 2)
			if err != nil {
				return nil, err
			}
			for _, line := range lines {
				e.AppendLine(nil, &line, 0, 0, 10)
				for _, run := range line.Runs {
					for _, g := range run.Glyphs {
						if _, err := f.Outline(g.ID); err != nil {
							return nil, err
						}
					}
				}
			}
		}
	}
	_, err := e.Write(c)
	return c, err
}

func TestSmallFonts(t *testing.T) {
	for name, data := range small(t) {
		n, err := Count(data)
		require.NoError(t, err)
		require.Equal(t, name == "collection", n == 2)
		for index := range n {
			f, err := Parse(data, index)
			require.NoError(t, err, name)
			c, err := use(f, "A B C é.")
			require.ErrorContains(t, err, `no font holds [" "]`)
			require.Nil(t, c)
			c, err = use(f, "ABCé.ABA")
			require.NoError(t, err, name)
			require.Len(t, c.programs, 1)
			require.Less(t, len(c.programs[0]), 4000)
			require.Equal(t, "Go Regular", f.Name())

			s, err := Summarize(data, index)
			require.NoError(t, err)
			require.Equal(t, "Go Regular", s.Name)
			require.True(t, s.Regular)
			require.Equal(t, []string{"D", "山"}, s.Missing("ABDCéDD山"))
			require.Equal(t, []string{"D", "山"}, Missing([]*Font{f}, "ABDCéDD山"))
		}
	}
}

// FuzzFont: whatever the bytes, a clear end; no panic, no endless work.
func FuzzFont(f *testing.F) {
	seeds := small(f)
	require.Len(f, seeds, 3)
	for _, data := range seeds {
		f.Add(data, 0, "ABCé.")
	}
	f.Add(seeds["collection"], 1, "é")
	f.Fuzz(func(t *testing.T, data []byte, index int, text string) {
		if len(text) > 200 {
			return
		}
		_, _ = Summarize(data, index)
		font, err := Parse(data, index)
		if err != nil {
			return
		}
		c, err := use(font, text)
		if err != nil {
			return
		}
		for _, program := range c.programs { // what we write is sound
			if font.cff != nil {
				_, err = parseCFF(program)
			} else {
				_, err = readTables(program, 0)
			}
			require.NoError(t, err)
		}
	})
}
