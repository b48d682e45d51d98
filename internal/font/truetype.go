package font

import (
	"encoding/binary"
	"errors"
)

// Flags of a component of a composite glyph (OpenType, table "glyf").
const (
	argumentsAreWords = 0x0001
	haveScale         = 0x0008
	moreComponents    = 0x0020
	haveXYScale       = 0x0040
	haveTwoByTwo      = 0x0080
	haveInstructions  = 0x0100
)

var errGlyf = errors.New("font: table \"glyf\" or \"loca\" is damaged")

// glyphData returns the bytes of a TrueType glyph; none for an empty one.
func (f *Font) glyphData(g GlyphID) ([]byte, error) {
	if int(g) >= f.glyphs {
		return nil, errGlyf
	}
	loca, glyf := f.tables["loca"], f.tables["glyf"]
	var from, to int64
	if binary.BigEndian.Uint16(f.tables["head"][50:]) == 0 {
		from, to = 2*int64(binary.BigEndian.Uint16(loca[2*int(g):])), 2*int64(binary.BigEndian.Uint16(loca[2*int(g)+2:]))
	} else {
		from, to = int64(binary.BigEndian.Uint32(loca[4*int(g):])), int64(binary.BigEndian.Uint32(loca[4*int(g)+4:]))
	}
	if from > to || to > int64(len(glyf)) || to-from > maxGlyphBytes || to > from && to-from < 10 {
		return nil, errGlyf
	}
	return glyf[from:to], nil
}

// eachComponent calls found with the place of every component's glyph number in
// the data of a composite glyph, and that number; never for a simple glyph.
func eachComponent(data []byte, found func(at int, part GlyphID) error) error {
	_, err := walkComponents(data, found)
	return err
}

// walkComponents is eachComponent, and returns where the components end.
func walkComponents(data []byte, found func(at int, part GlyphID) error) (int, error) {
	if len(data) == 0 || int16At(data, 0) >= 0 {
		return 0, nil
	}
	for at := 10; ; {
		if at+4 > len(data) {
			return 0, errGlyf
		}
		flags := binary.BigEndian.Uint16(data[at:])
		if err := found(at+2, GlyphID(binary.BigEndian.Uint16(data[at+2:]))); err != nil {
			return 0, err
		}
		at += 6
		if flags&argumentsAreWords != 0 {
			at += 2
		}
		switch {
		case flags&haveScale != 0:
			at += 2
		case flags&haveXYScale != 0:
			at += 4
		case flags&haveTwoByTwo != 0:
			at += 8
		}
		if at > len(data) {
			return 0, errGlyf
		}
		if flags&moreComponents == 0 {
			return at, nil
		}
	}
}

// subsetTrueType writes a font program of these glyphs, in this order, followed
// by the parts of composite ones. It returns how many glyphs that makes.
// Instructions for hinting are left out, and so are the tables that they need.
func (f *Font) subsetTrueType(glyphs []GlyphID) ([]byte, int, error) {
	numbers := make(map[GlyphID]int, len(glyphs))
	list := append([]GlyphID{}, glyphs...)
	for i, g := range list {
		numbers[g] = i // of repeated ones, the last
	}
	var glyf, loca []byte
	for i := 0; i < len(list); i++ { // grows while it runs
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		if _, err := f.components(list[i], 0); err != nil {
			return nil, 0, err
		}
		data, err := f.glyphData(list[i])
		if err != nil {
			return nil, 0, err
		}
		at := len(glyf)
		glyf = appendUnhinted(glyf, data)
		err = eachComponent(glyf[at:], func(place int, part GlyphID) error {
			number, known := numbers[part]
			if !known {
				number = len(list)
				numbers[part], list = number, append(list, part)
			}
			if number >= maxGlyphs {
				return errTooManyGlyphs
			}
			binary.BigEndian.PutUint16(glyf[at+place:], uint16(number))
			return nil
		})
		if err != nil {
			return nil, 0, err
		}
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	return f.writeTrueType(list, glyf, loca), len(list), nil
}

// appendUnhinted appends the data of a glyph without its instructions. Damaged
// data is appended as nothing.
func appendUnhinted(dst, data []byte) []byte {
	if len(data) == 0 {
		return dst
	}
	contours := int16At(data, 0)
	if contours < 0 {
		end, err := walkComponents(data, func(int, GlyphID) error { return nil })
		if err != nil {
			return dst
		}
		start := len(dst)
		dst = append(dst, data[:end]...)
		_, _ = walkComponents(dst[start:], func(at int, _ GlyphID) error {
			flags := binary.BigEndian.Uint16(dst[start+at-2:])
			binary.BigEndian.PutUint16(dst[start+at-2:], flags&^haveInstructions)
			return nil
		})
		return dst
	}
	lengthAt := 10 + 2*contours
	if len(data) < lengthAt+2 {
		return dst
	}
	points := lengthAt + 2 + int(binary.BigEndian.Uint16(data[lengthAt:]))
	if len(data) < points {
		return dst
	}
	dst = append(append(dst, data[:lengthAt]...), 0, 0)
	return append(dst, data[points:]...)
}

// writeTrueType writes the tables that a PDF reader needs (ISO 32000-2, 9.9.1).
func (f *Font) writeTrueType(list []GlyphID, glyf, loca []byte) []byte {
	head := append([]byte{}, f.tables["head"][:54]...)
	binary.BigEndian.PutUint32(head[8:], 0)  // the sum of the file, set below
	binary.BigEndian.PutUint16(head[50:], 1) // long offsets in loca
	hhea := append([]byte{}, f.tables["hhea"][:36]...)
	binary.BigEndian.PutUint16(hhea[34:], uint16(len(list)))
	var hmtx []byte
	for _, g := range list {
		hmtx = binary.BigEndian.AppendUint16(hmtx, uint16(f.advance(g)))
		hmtx = binary.BigEndian.AppendUint16(hmtx, uint16(f.leftSideBearing(g)))
	}
	maxp := append([]byte{}, f.tables["maxp"]...)
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(list)))
	if len(maxp) >= 32 {
		for i := 14; i < 28; i++ {
			maxp[i] = 0 // what instructions may use
		}
		binary.BigEndian.PutUint16(maxp[14:], 1)
	}
	font := writeSFNT(tagTrueType, []table{{"glyf", glyf}, {"head", head}, {"hhea", hhea}, {"hmtx", hmtx}, {"loca", loca}, {"maxp", maxp}})
	return setAdjustment(font)
}

// setAdjustment sets checkSumAdjustment in the table "head".
func setAdjustment(font []byte) []byte {
	const magic = 0xb1b0afba
	t, err := readTables(font, 0)
	if err == nil && len(t["head"]) >= 12 {
		binary.BigEndian.PutUint32(t["head"][8:], magic-checksum(font))
	}
	return font
}

// leftSideBearing returns the entry of hmtx, or 0 where it is cut off.
func (f *Font) leftSideBearing(g GlyphID) int {
	hmtx, at := f.tables["hmtx"], 4*int(g)+2
	if int(g) >= f.advances {
		at = 4*f.advances + 2*(int(g)-f.advances)
	}
	if at+2 > len(hmtx) {
		return 0
	}
	return int16At(hmtx, at)
}
