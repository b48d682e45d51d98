package font

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	psinterpreter "github.com/go-text/typesetting/font/cff/interpreter"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/stretchr/testify/require"
)

func TestFileLimits(t *testing.T) {
	data := small(t)["TrueType"]
	for size, ok := range map[int]bool{maxBytes: true, maxBytes + 1: false} {
		long := append(slices.Grow(append([]byte{}, data...), size-len(data)), make([]byte, size-len(data))...)
		_, err := Parse(long, 0)
		require.Equal(t, ok, err == nil, "%d bytes: %v", size, err)
		_, err = Summarize(long, 0)
		require.Equal(t, ok, err == nil, "%d bytes: %v", size, err)
	}
	for faces, ok := range map[uint32]bool{maxFaces: true, maxFaces + 1: false} {
		head := binary.BigEndian.AppendUint32([]byte(tagCollection+"\x00\x01\x00\x00"), faces)
		n, err := Count(append(head, make([]byte, 4*faces)...))
		require.Equal(t, ok, err == nil)
		require.Equal(t, ok, n == int(faces))
	}
	for count, ok := range map[int]bool{maxTables: true, maxTables + 1: false} {
		parts, err := readTables(data, 0)
		require.NoError(t, err)
		for i := 0; len(parts) < count; i++ {
			parts[fmt.Sprintf("%04d", i)] = nil
		}
		_, err = Parse(parts.file(), 0)
		require.Equal(t, ok, err == nil, "%d tables: %v", count, err)
	}
}

// withGlyph is a small font whose é is other data.
func withGlyph(t testing.TB, data []byte) *Font {
	t.Helper()
	parts, err := readTables(small(t)["TrueType"], 0)
	require.NoError(t, err)
	setGlyph(parts, 4, data)
	f, err := Parse(build(tagTrueType, parts), 0)
	require.NoError(t, err)
	return f
}

func TestComponentLimits(t *testing.T) {
	for n, ok := range map[int]bool{maxComponents: true, maxComponents + 1: false} {
		_, err := withGlyph(t, composite(slices.Repeat([]GlyphID{5}, n)...)).components(4, 0)
		require.Equal(t, ok, err == nil, "%d parts: %v", n, err)
	}
	for _, loop := range []*Font{withGlyph(t, composite(4)), withGlyph(t, composite(1, 4, 4))} {
		_, err := loop.Outline(4)
		require.ErrorIs(t, err, errComposite, "a glyph that is part of itself")
		_, _, err = loop.subsetTrueType([]GlyphID{0, 4})
		require.ErrorIs(t, err, errComposite)
	}
	// A chain: each glyph is composed of the one before.
	for levels, ok := range map[int]bool{maxComponentDepth: true, maxComponentDepth + 1: false} {
		f := withGlyph(t, composite(5))
		parts := f.tables
		f.glyphs = 5 + 1 + levels
		for i := range levels {
			last := binary.BigEndian.Uint32(parts["loca"][len(parts["loca"])-4:])
			glyph := append(composite(GlyphID(5+i)), 0)
			parts["glyf"] = append(parts["glyf"][:last:last], glyph...)
			parts["loca"] = binary.BigEndian.AppendUint32(parts["loca"], last+uint32(len(glyph)))
		}
		_, err := f.components(GlyphID(5+levels), 0)
		require.Equal(t, ok, err == nil, "%d levels: %v", levels, err)
	}
}

func TestGlyphSizeLimit(t *testing.T) {
	for size, ok := range map[int]bool{maxGlyphBytes: true, maxGlyphBytes + 4: false} {
		glyph := append([]byte{0, 0}, make([]byte, size-2)...) // no contours
		_, err := withGlyph(t, glyph).glyphData(4)
		require.Equal(t, ok, err == nil, "%d bytes: %v", size, err)
	}
	for size, ok := range map[int]bool{maxGlyphBytes: true, maxGlyphBytes + 1: false} {
		c := &cffFont{charstrings: [][]byte{slices.Repeat([]byte{14}, size)}, local: [][][]byte{nil}}
		_, err := c.path(0)
		require.Equal(t, ok, err == nil, "%d bytes: %v", size, err)
	}
}

func TestCharstringLimits(t *testing.T) {
	run := func(code []byte, local ...[]byte) error {
		_, err := (&cffFont{charstrings: [][]byte{code}, local: [][][]byte{local}}).path(0)
		return err
	}
	moves := func(n int) []byte { return slices.Repeat([]byte{139, 139, 21}, n) } // 0 0 rmoveto
	require.NoError(t, run(moves(maxOperators)))
	require.Error(t, run(moves(maxOperators+1)))

	// Subroutines that call each other ten times, ten levels deep: ten thousand
	// million operators from some hundred bytes.
	const levels = 9
	subrs := make([][]byte, levels)
	for i := range subrs {
		call := []byte{byte(139 + i + 1 - 107), 10} // the number less the bias, callsubr
		if i == levels-1 {
			call = []byte{139, 139, 21}
		}
		subrs[i] = append(slices.Repeat(call, 10), 11)
	}
	require.ErrorContains(t, run([]byte{139 - 107, 10, 14}, subrs...), "operators")

	c := &charstring{}
	var m psinterpreter.Machine
	c.reader.Segments = append(c.reader.Segments[:0:0], make([]opentype.Segment, maxSegments)...)
	require.NoError(t, c.Apply(&m, psinterpreter.Operator{Operator: 5}))
	c.reader.Segments = append(c.reader.Segments, opentype.Segment{})
	require.Error(t, c.Apply(&m, psinterpreter.Operator{Operator: 5}))
}

func TestCFFIndexLimit(t *testing.T) {
	index := appendIndex(nil, [][]byte{{1}, {2}})
	for before, ok := range map[int]bool{maxIndexItems - 2: true, maxIndexItems - 1: false} {
		r := cffReader{data: index, count: before}
		require.Equal(t, ok, len(r.index()) == 2 && !r.failed)
	}
}

func TestTextAndGlyphLimits(t *testing.T) {
	f, err := Parse(small(t)["TrueType"], 0)
	require.NoError(t, err)
	for n, ok := range map[int]bool{maxText: true, maxText + 1: false} {
		_, err := Layout([]*Font{f}, strings.Repeat("A", n), Horizontal)
		require.Equal(t, ok, err == nil)
	}
	for n, ok := range map[int]bool{maxGlyphs: true, maxGlyphs + 1: false} {
		var e Embedding
		s := e.of(f)
		for i := range n - 1 {
			s.code(1, fmt.Sprint(i))
		}
		_, err := e.Write(&counter{})
		require.Equal(t, ok, err == nil, "%d glyphs: %v", n, err)
	}
}
