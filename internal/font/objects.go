package font

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"unicode/utf16"

	"github.com/inkan-go/inkan/internal/draw"
)

// descendant writes the CIDFont of a subset (ISO 32000-2, 9.7.4) with its
// descriptor and program, and returns the reference to it and its name.
func (s *subset) descendant(o Objects) (reference, name string, err error) {
	var program []byte
	kind, file, glyphs := "/CIDFontType2/CIDToGIDMap/Identity", "/FontFile2 ", len(s.glyphs)
	if s.font.cff != nil {
		kind, file = "/CIDFontType0", "/FontFile3 "
		program, err = s.font.subsetCFF(s.glyphs)
	} else {
		program, glyphs, err = s.font.subsetTrueType(s.glyphs)
	}
	if err != nil {
		return "", "", err
	}
	head := fmt.Appendf(nil, "<</Length1 %d>>", len(program))
	if s.font.cff != nil {
		head = []byte("<</Subtype/CIDFontType0C>>")
	}
	name = "/" + subsetTag(program) + "+" + s.font.name
	b := []byte("<</Type/FontDescriptor/FontName" + name)
	b = s.font.appendMetrics(b)
	b = append(b, "/CIDSet "+o.AddStream([]byte("<<>>"), allOnes(glyphs))...)
	b = append(b, file+o.AddStream(head, program)+">>"...)
	descriptor := o.Add(b)

	b = []byte("<</Type/Font/Subtype" + kind + "/BaseFont" + name +
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor " + descriptor + "/W[0[")
	for i, g := range s.glyphs {
		if i > 0 {
			b = append(b, ' ')
		}
		b = strconv.AppendInt(b, int64(s.font.thousandths(s.font.advance(g))), 10)
	}
	b = append(b, "]]"...)
	if s.vertical {
		b = s.appendVertical(b)
	}
	return o.Add(append(b, ">>"...)), name, nil
}

// appendMetrics appends the entries of a font descriptor that describe the font
// (ISO 32000-2, table 120). Flags 4: the glyphs are not those of a standard set.
func (f *Font) appendMetrics(b []byte) []byte {
	m, flags := &f.metrics, 4
	if m.fixedPitch {
		flags |= 1
	}
	if m.italicAngle != 0 {
		flags |= 64
	}
	b = fmt.Appendf(b, "/Flags %d/FontBBox[%d %d %d %d]/ItalicAngle ", flags, m.bounds[0], m.bounds[1], m.bounds[2], m.bounds[3])
	b = draw.AppendNumber(b, m.italicAngle)
	return fmt.Appendf(b, "/Ascent %d/Descent %d/CapHeight %d/StemV 80", m.ascent, m.descent, m.capHeight)
}

// appendVertical appends the metrics for vertical writing of every glyph.
func (s *subset) appendVertical(b []byte) []byte {
	b = append(b, "/W2[0["...)
	for _, g := range s.glyphs {
		x, y, advance := s.font.verticalMetrics(g)
		b = fmt.Appendf(b, "%d %d %d ", advance, x, y)
	}
	b[len(b)-1] = ']'
	return append(b, ']')
}

// subsetTag returns the six letters that mark a subset (ISO 32000-2, 9.9.2),
// made from its bytes: the same subset has the same name.
func subsetTag(program []byte) string {
	sum := sha256.Sum256(program)
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return string(tag)
}

// allOnes is a CIDSet in which the first n CIDs are there.
func allOnes(n int) []byte {
	set := make([]byte, (n+7)/8)
	for i := range n {
		set[i/8] |= 0x80 >> (i % 8)
	}
	return set
}

// toUnicode writes the way back from codes to text (ISO 32000-2, 9.10.3).
func (s *subset) toUnicode() []byte {
	const perBlock = 100
	b := []byte("/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n")
	for from := 1; from < len(s.texts); from += perBlock {
		to := min(from+perBlock, len(s.texts))
		b = append(strconv.AppendInt(b, int64(to-from), 10), " beginbfchar\n"...)
		for code := from; code < to; code++ {
			b = append(appendHex16(append(b, '<'), uint16(code)), "><"...)
			for _, u := range utf16.Encode([]rune(s.texts[code])) {
				b = appendHex16(b, u)
			}
			b = append(b, ">\n"...)
		}
		b = append(b, "endbfchar\n"...)
	}
	return append(b, "endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n"...)
}

func appendHex16(dst []byte, v uint16) []byte {
	const digits = "0123456789ABCDEF"
	return append(dst, digits[v>>12], digits[v>>8&15], digits[v>>4&15], digits[v&15])
}
