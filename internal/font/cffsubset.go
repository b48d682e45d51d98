package font

import "math"

// subsetCFF writes a CID-keyed font program (Adobe technical note 5176) of these
// glyphs, in this order, in which the CID is the number of the glyph. Every
// charstring is drawn anew from its outline, in thousandths of an em, so that
// nothing of the font's subroutines and hints is left.
func (f *Font) subsetCFF(glyphs []GlyphID) ([]byte, error) {
	charstrings := make([][]byte, len(glyphs))
	for i, g := range glyphs {
		path, err := f.path(g)
		if err != nil {
			return nil, err
		}
		charstrings[i] = f.charstring(g, path)
	}
	strings := appendIndex(nil, [][]byte{[]byte("Adobe"), []byte("Identity")})
	names := appendIndex(nil, [][]byte{[]byte(f.name)})
	body := appendIndex(nil, charstrings)
	charset := []byte{2, 0, 1, byte((len(glyphs) - 2) >> 8), byte(len(glyphs) - 2)} // from CID 1 on, one range
	if len(glyphs) == 1 {
		charset = []byte{0}
	}
	selected := []byte{3, 0, 1, 0, 0, 0, byte(len(glyphs) >> 8), byte(len(glyphs))} // all in font dictionary 0
	private := []byte{139, 20, 139, 21}                                             // no default width, no nominal width

	head := []byte{1, 0, 4, 4}
	topSize := len(f.topDict(0, 0, 0, 0, 0))
	at := len(head) + len(names) + (2 + 1 + 2 + topSize) + len(strings) + 2
	charsetAt := at
	selectedAt := charsetAt + len(charset)
	bodyAt := selectedAt + len(selected)
	privateAt := bodyAt + len(body)
	fontDict := append(appendOffset(appendOffset(nil, len(private)), privateAt), opPrivate)
	top := f.topDict(len(glyphs), charsetAt, selectedAt, bodyAt, privateAt+len(private))

	out := append(head, names...)
	out = appendIndex(out, [][]byte{top})
	out = append(append(out, strings...), 0, 0) // no global subroutines
	out = append(append(out, charset...), selected...)
	out = append(append(out, body...), private...)
	return appendIndex(out, [][]byte{fontDict}), nil
}

// topDict always has the same length.
func (f *Font) topDict(glyphs, charset, selected, charstrings, dicts int) []byte {
	b := append(appendNumber(appendNumber(appendNumber(nil, 391), 392), 0), 12, opROS&0xff)
	for _, v := range f.metrics.bounds {
		b = appendNumber(b, v)
	}
	b = append(b, 5)
	b = append(appendOffset(b, glyphs), 12, opCIDCount&0xff)
	b = append(appendOffset(b, charset), opCharset)
	b = append(appendOffset(b, selected), 12, opFDSelect&0xff)
	b = append(appendOffset(b, charstrings), opCharStrings)
	return append(appendOffset(b, dicts), 12, opFDArray&0xff)
}

// appendIndex appends an INDEX; with 1 byte an offset where that is enough, else 3.
func appendIndex(dst []byte, items [][]byte) []byte {
	total := 1
	for _, item := range items {
		total += len(item)
	}
	dst = append(dst, byte(len(items)>>8), byte(len(items)))
	width := 1
	if total > 255 {
		width = 3
	}
	dst = append(dst, byte(width))
	at := 1
	offset := func() {
		if width == 3 {
			dst = append(dst, byte(at>>16), byte(at>>8))
		}
		dst = append(dst, byte(at))
	}
	offset()
	for _, item := range items {
		at += len(item)
		offset()
	}
	for _, item := range items {
		dst = append(dst, item...)
	}
	return dst
}

// appendOffset appends an integer in five bytes, whatever its size.
func appendOffset(dst []byte, v int) []byte {
	return append(dst, 29, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
}

// appendNumber appends an integer as both DICT data and charstrings know it.
func appendNumber(dst []byte, v int) []byte {
	switch {
	case v >= -107 && v <= 107:
		return append(dst, byte(v+139))
	case v >= 108 && v <= 1131:
		v -= 108
		return append(dst, byte(v>>8+247), byte(v))
	case v >= -1131 && v <= -108:
		v = -v - 108
		return append(dst, byte(v>>8+251), byte(v))
	}
	return append(dst, 28, byte(v>>8), byte(v))
}

// charstring draws an outline as a charstring of type 2 (Adobe technical note
// 5177), each line or curve by the shortest operator.
func (f *Font) charstring(g GlyphID, path []Segment) []byte {
	w := charstringWriter{f: f, out: appendNumber(nil, f.thousandths(f.advance(g)))}
	for i := range path {
		s := &path[i]
		switch s.Op {
		case MoveTo:
			d := w.step(s.Points[0])
			w.operator(21, d[:]...)
		case LineTo:
			d := w.step(s.Points[0])
			w.operator(5, d[:]...)
		case CurveTo:
			w.curve(s)
		}
	}
	w.flush()
	return append(w.out, 14)
}

type charstringWriter struct {
	f       *Font
	out     []byte
	x, y    int // where the pen is, in thousandths
	pending byte
	count   int // operands of the pending operator
}

// step moves the pen and returns by how much.
func (w *charstringWriter) step(to Point) [2]int {
	x, y := w.f.round(to.X), w.f.round(to.Y)
	d := [2]int{x - w.x, y - w.y}
	w.x, w.y = x, y
	return d
}

// round converts a coordinate, within what a charstring's numbers can hold.
func (f *Font) round(v float64) int {
	return int(math.Round(max(-16000, min(16000, v*1000/f.unitsPerEm))))
}

func (w *charstringWriter) curve(s *Segment) {
	a, b, c := w.step(s.Points[0]), w.step(s.Points[1]), w.step(s.Points[2])
	switch {
	case a[1] == 0 && c[0] == 0:
		w.operator(31, a[0], b[0], b[1], c[1]) // hvcurveto
	case a[0] == 0 && c[1] == 0:
		w.operator(30, a[1], b[0], b[1], c[0]) // vhcurveto
	default:
		w.operator(8, a[0], a[1], b[0], b[1], c[0], c[1]) // rrcurveto
	}
}

// operator writes operands, and their operator only when another follows:
// rlineto and rrcurveto take any number of steps, up to 48 operands.
func (w *charstringWriter) operator(op byte, operands ...int) {
	chain := op == w.pending && (op == 5 || op == 8) && w.count+len(operands) <= 48
	if !chain {
		w.flush()
	}
	for _, v := range operands {
		w.out = appendNumber(w.out, v)
	}
	w.pending = op
	w.count += len(operands)
}

func (w *charstringWriter) flush() {
	if w.pending != 0 {
		w.out = append(w.out, w.pending)
	}
	w.pending, w.count = 0, 0
}
