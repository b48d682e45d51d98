package content

import (
	"strings"
	"unicode/utf16"

	"github.com/inkan-go/inkan/internal/pdf"
)

// decoder tells what the codes of a font stand for (ISO 32000-2, 9.10).
type decoder struct {
	wide  bool // two bytes a code
	plain bool // what ToUnicode does not tell is a character of ASCII
	texts map[uint16]string
}

// decoder returns that of a font; fonts are read once.
func (r *reader) decoder(font pdf.Object, wide, plain bool) *decoder {
	ref, indirect := font.(pdf.Reference)
	if d, known := r.decoders[ref]; known && indirect {
		return d
	}
	d := &decoder{wide: wide, plain: plain}
	if dict, err := r.view.Dict(font); err == nil && dict != nil {
		if s, err := r.view.StreamObject(dict.Get("ToUnicode")); err == nil && s != nil {
			c := &cmapReader{texts: make(map[uint16]string), left: maxCodes - r.codes}
			c.read(r.decode(s))
			d.texts, r.codes = c.texts, maxCodes-c.left
			r.painted.Unknown = r.painted.Unknown || c.left == 0
		}
	}
	if indirect {
		r.decoders[ref] = d
	}
	return d
}

// cmapReader reads a CMap from codes to text (9.10.3). A code that stands there twice is what it
// was last.
type cmapReader struct {
	texts map[uint16]string
	left  int // codes that may still be read
}

func (c *cmapReader) read(data []byte) {
	s := &scanner{data: data}
	var list []token // since the block began
	in := false
	for {
		t, ok := s.next()
		if !ok {
			return
		}
		switch {
		case t.kind != operator:
			if in && len(list) < maxOperands {
				list = append(list, t)
			}
			continue
		case string(t.bytes) == "endbfchar":
			for k := 0; k+1 < len(list); k += 2 {
				c.set(code(list[k].bytes), utf16Text(list[k+1].bytes))
			}
		case string(t.bytes) == "endbfrange":
			c.ranges(list)
		}
		in = string(t.bytes) == "beginbfchar" || string(t.bytes) == "beginbfrange"
		list = nil
	}
}

// ranges reads lines "<from> <to> <first>" and "<from> <to> [<text> …]".
func (c *cmapReader) ranges(list []token) {
	for len(list) >= 3 {
		at, to := int(code(list[0].bytes)), int(code(list[1].bytes))
		first := list[2]
		list = list[3:]
		if first.kind != bracket {
			units := utf16Units(first.bytes)
			for ; at <= to && len(units) > 0 && c.left > 0; at++ {
				c.set(uint16(at), string(utf16.Decode(units)))
				units[len(units)-1]++
			}
			continue
		}
		for ; len(list) > 0 && list[0].kind != bracket; at++ {
			if at <= to {
				c.set(uint16(at), utf16Text(list[0].bytes))
			}
			list = list[1:]
		}
		if len(list) > 0 {
			list = list[1:] // the closing bracket
		}
	}
}

func (c *cmapReader) set(at uint16, text string) {
	if c.left > 0 {
		c.left--
		c.texts[at] = text
	}
}

// decode appends the text of a string that is shown.
func (d *decoder) decode(to *strings.Builder, shown []byte) {
	if d == nil {
		to.WriteString("\uFFFD")
		return
	}
	step := 1
	if d.wide {
		step = 2
	}
	for len(shown) >= step && to.Len() < maxText {
		c := code(shown[:step])
		shown = shown[step:]
		switch text, known := d.texts[c]; {
		case known:
			to.WriteString(text)
		case d.plain && c >= ' ' && c < 0x7f:
			to.WriteByte(byte(c))
		default:
			to.WriteString("\uFFFD")
		}
	}
}

// code is a code of at most two bytes.
func code(b []byte) uint16 {
	v := uint16(0)
	for _, c := range b {
		v = v<<8 | uint16(c)
	}
	return v
}

func utf16Units(b []byte) []uint16 {
	var units []uint16
	for ; len(b) >= 2; b = b[2:] {
		units = append(units, uint16(b[0])<<8|uint16(b[1]))
	}
	return units
}

func utf16Text(b []byte) string { return string(utf16.Decode(utf16Units(b))) }
