package font

import (
	"errors"
	"math"
	"slices"
	"strconv"

	"github.com/inkan-go/inkan/internal/draw"
	"github.com/inkan-go/inkan/internal/pdf"
)

// Objects takes the objects that an embedded font consists of. Add takes an
// object written in PDF syntax, AddStream the dictionary of a stream, without
// Length and without filter, and its data, which it may compress. Both return
// the reference to the new object, as "12 0 R".
type Objects interface {
	Add(body []byte) (reference string)
	AddStream(dict, data []byte) (reference string)
}

// Embedding gathers the glyphs that a content stream shows, of any number of
// fonts, and embeds them. The zero value is ready. It is for one goroutine.
type Embedding struct {
	subsets []*subset
}

// subset is what was shown of one font.
type subset struct {
	font       *Font
	number     int // in the names of the resources
	glyphs     []GlyphID
	texts      []string
	codes      map[shown]uint16
	horizontal bool // is shown in horizontal lines, or on its side
	vertical   bool // is shown upright in vertical lines
}

// shown is a glyph that stands for a text. The same glyph with another text gets
// another code, so that the text can be read back.
type shown struct {
	glyph GlyphID
	text  string
}

var errTooManyGlyphs = errors.New("font: more glyphs than one embedded font may have")

// of returns the subset of a font. Code 0 is always the glyph for the unknown.
func (e *Embedding) of(f *Font) *subset {
	for _, s := range e.subsets {
		if s.font == f {
			return s
		}
	}
	s := &subset{font: f, number: len(e.subsets) + 1, glyphs: []GlyphID{0}, texts: []string{""}, codes: make(map[shown]uint16)}
	e.subsets = append(e.subsets, s)
	return s
}

// code returns the code of a glyph in strings that are shown.
func (s *subset) code(g GlyphID, text string) uint16 {
	key := shown{g, text}
	code, ok := s.codes[key]
	if !ok && len(s.glyphs) < maxGlyphs+2 {
		code = uint16(len(s.glyphs))
		s.codes[key] = code
		s.glyphs, s.texts = append(s.glyphs, g), append(s.texts, text)
	}
	return code
}

// AppendLine appends the operators that show a line, as one text object: of a
// horizontal line the left end of the baseline is at (x, y), of a vertical one
// the top of its middle. The font size is in units of the current space.
func (e *Embedding) AppendLine(dst []byte, line *Line, x, y, size float64) []byte {
	dst = append(dst, "BT\n"...)
	for i := range line.Runs {
		run := &line.Runs[i]
		w := runWriter{dst: dst, subset: e.of(run.Font), run: run, size: size, x: x, y: y}
		w.write()
		dst = w.dst
		if run.Direction == Horizontal {
			x += run.Advance * size
		} else {
			y -= run.Advance * size
		}
	}
	return append(dst, "ET\n"...)
}

// runWriter writes the operators for one run.
type runWriter struct {
	dst    []byte
	subset *subset
	run    *Run
	size   float64
	x, y   float64 // where the run begins
	pen    float64 // how far it is written, in ems
	drift  float64 // by how much the reader's pen is ahead of it
	array  bool    // inside "[" of TJ
	hex    bool    // inside "<"
}

func (w *runWriter) write() {
	name := "/F"
	if w.run.Direction == Upright {
		name, w.subset.vertical = "/V", true
	} else {
		w.subset.horizontal = true
	}
	w.dst = strconv.AppendInt(append(w.dst, name...), int64(w.subset.number), 10)
	w.dst = append(draw.AppendNumber(append(w.dst, ' '), w.size), " Tf\n"...)
	placed := false
	left := 0 // glyphs of the cluster that are still to come
	for i := range w.run.Glyphs {
		g := &w.run.Glyphs[i]
		if left == 0 && g.Cluster > 1 {
			w.endArray()
			w.dst = append(append(append(w.dst, "/Span<</ActualText"...), pdf.EncodeText(g.Text)...), ">>BDC\n"...)
			left = g.Cluster
		}
		off := math.Abs(g.X) > tolerance || math.Abs(g.Y) > tolerance
		if off || !placed {
			w.endArray()
			w.place(g.X, g.Y)
		}
		placed = !off
		w.glyph(g)
		if left > 0 {
			if left--; left == 0 {
				w.endArray()
				w.dst = append(w.dst, "EMC\n"...)
			}
		}
	}
	w.endArray()
	if left > 0 {
		w.dst = append(w.dst, "EMC\n"...)
	}
}

// tolerance is the distance, in ems, that no eye sees.
const tolerance = 0.0005

// place sets the text matrix to the pen, moved by an offset in ems.
func (w *runWriter) place(dx, dy float64) {
	x, y, turn := w.x+(w.pen+dx)*w.size, w.y+dy*w.size, "1 0 0 1 "
	switch w.run.Direction {
	case Upright:
		x, y = w.x+dx*w.size, w.y-(w.pen-dy)*w.size
	case Vertical: // on its side, the middle of its height on that of the line
		middle := (w.run.Font.Ascent() + w.run.Font.Descent()) / 2
		x, y, turn = w.x+(dy-middle)*w.size, w.y-(w.pen+dx)*w.size, "0 -1 1 0 "
	}
	w.dst = draw.AppendNumber(append(draw.AppendNumber(append(w.dst, turn...), x), ' '), y)
	w.dst = append(w.dst, " Tm\n"...)
	w.drift = 0
}

func (w *runWriter) glyph(g *Glyph) {
	if !w.array {
		w.dst, w.array = append(w.dst, '['), true
	}
	if math.Abs(w.drift) > tolerance {
		if w.hex {
			w.dst, w.hex = append(w.dst, '>'), false
		}
		back := w.drift * 1000 // TJ takes away
		if w.run.Direction == Upright {
			back = -back // and downwards is negative
		}
		w.dst, w.drift = draw.AppendNumber(w.dst, back), 0
	}
	if !w.hex {
		w.dst, w.hex = append(w.dst, '<'), true
	}
	text := g.Text
	if g.Cluster == 0 {
		text = "\u200b" // its text is that of another
	}
	w.dst = appendHex16(w.dst, w.subset.code(g.ID, text))
	w.pen += g.Advance
	w.drift += w.declared(g.ID) - g.Advance
}

// declared is the advance that the embedded font states, in ems.
func (w *runWriter) declared(g GlyphID) float64 {
	if w.run.Direction == Upright {
		_, _, advance := w.subset.font.verticalMetrics(g)
		return float64(-advance) / 1000
	}
	return float64(w.subset.font.thousandths(w.subset.font.advance(g))) / 1000
}

func (w *runWriter) endArray() {
	if w.hex {
		w.dst, w.hex = append(w.dst, '>'), false
	}
	if w.array {
		w.dst, w.array = append(w.dst, "]TJ\n"...), false
	}
}

// verticalMetrics returns what W2 states (ISO 32000-2, 9.7.4.3), in thousandths
// of an em: the origin for vertical writing and the advance, which is negative.
func (f *Font) verticalMetrics(g GlyphID) (x, y, advance int) {
	vx, vy := f.VerticalOrigin(g)
	return int(math.Round(vx * 1000)), int(math.Round(vy * 1000)), -int(math.Round(f.verticalAdvance(g) * 1000))
}

// Write embeds the fonts and returns the value of Font in a resource dictionary;
// nil where nothing was shown.
func (e *Embedding) Write(o Objects) ([]byte, error) {
	if len(e.subsets) == 0 {
		return nil, nil
	}
	out := []byte("<<")
	for _, s := range e.subsets {
		if len(s.glyphs) > maxGlyphs {
			return nil, errTooManyGlyphs
		}
		descendant, base, err := s.descendant(o)
		if err != nil {
			return nil, err
		}
		unicode := o.AddStream([]byte("<<>>"), s.toUnicode())
		for _, v := range []struct {
			used           bool
			name, encoding string
		}{{s.horizontal, "/F", "Identity-H"}, {s.vertical, "/V", "Identity-V"}} {
			if !v.used {
				continue
			}
			name := base
			if s.font.cff != nil { // only then (9.7.6.1)
				name += "-" + v.encoding
			}
			root := o.Add([]byte("<</Type/Font/Subtype/Type0/BaseFont" + name + "/Encoding/" + v.encoding + "/DescendantFonts[" + descendant + "]/ToUnicode " + unicode + ">>"))
			out = append(append(append(strconv.AppendInt(append(out, v.name...), int64(s.number), 10), ' '), root...), ' ')
		}
	}
	return append(slices.Clip(out[:len(out)-1]), ">>"...), nil
}
