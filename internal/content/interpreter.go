package content

import (
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
)

// state is the part of the graphics state that areas depend on (8.4).
type state struct {
	ctm       matrix
	size      float64 // of the font
	leading   float64
	wide      bool // two bytes a character
	plain     bool
	invisible bool // text that neither fills nor strokes
	white     bool // paths are filled with white
	look      look
}

// interpreter runs one content stream.
type interpreter struct {
	*reader
	resources *pdf.Dict
	state
	saved    []state
	depth    int
	line     matrix // text line matrix
	text     matrix // text matrix
	path     Area
	hasPath  bool
	operands []token
	marks    []mark
}

// run interprets content; within is what paints it as a form, nil for that of a page.
func (r *reader) run(data []byte, resources *pdf.Dict, ctm matrix, depth int, within *interpreter) {
	i := &interpreter{reader: r, resources: resources, depth: depth, line: identity, text: identity}
	i.ctm, i.plain, i.look.clip = ctm, true, everywhere
	if within != nil {
		i.look, i.marks = within.look, slices.Clone(within.marks)
	}
	s := &scanner{data: data}
	for {
		t, ok := s.next()
		if !ok {
			return
		}
		if t.kind != operator {
			switch {
			case t.kind == bracket:
			case len(i.operands) < maxOperands:
				i.operands = append(i.operands, t)
			default: // those that count may be among the rest
				r.painted.Unknown = true
			}
			continue
		}
		if r.operators++; r.operators > maxOperators {
			r.painted.Unknown = true
			return
		}
		if string(t.bytes) == "ID" {
			s.skipImage()
			i.image()
		} else {
			i.operate(string(t.bytes))
		}
		i.operands = i.operands[:0]
	}
}

// n returns an operand as a number, counted from the end; 0 where there is none.
func (i *interpreter) n(fromEnd int) float64 {
	if k := len(i.operands) - fromEnd; k >= 0 && i.operands[k].kind == number {
		return i.operands[k].value
	}
	return 0
}

func (i *interpreter) matrix() matrix {
	return matrix{i.n(6), i.n(5), i.n(4), i.n(3), i.n(2), i.n(1)}
}

func (i *interpreter) operate(op string) {
	if i.picture != nil {
		i.lookOperator(op)
	}
	switch op {
	case "q":
		if len(i.saved) == maxStates {
			i.painted.Unknown = true // from the Q on that belongs to it
			return
		}
		i.saved = append(i.saved, i.state)
	case "Q":
		if k := len(i.saved) - 1; k >= 0 {
			i.state, i.saved = i.saved[k], i.saved[:k]
		}
	case "cm":
		i.ctm = i.matrix().times(i.ctm)
	case "Do":
		i.object()
	case "sh":
		i.paint(everywhere)
		i.note(Shown{Area: everywhere})
	case "g", "rg", "k", "sc", "scn":
		i.color(op)
	default:
		if !i.pathOperator(op) {
			i.textOperator(op)
		}
	}
}

// color notes whether what is filled now is white.
func (i *interpreter) color(op string) {
	i.white = len(i.operands) > 0
	for _, o := range i.operands {
		want := 1.0
		if op == "k" || len(i.operands) == 4 {
			want = 0
		}
		i.white = i.white && o.kind == number && o.value == want
	}
}

// pathOperator handles the construction and painting of paths (8.5).
func (i *interpreter) pathOperator(op string) bool {
	switch op {
	case "m", "l":
		i.extend(i.n(2), i.n(1))
	case "c":
		i.extend(i.n(6), i.n(5))
		i.extend(i.n(4), i.n(3))
		i.extend(i.n(2), i.n(1))
	case "v", "y":
		i.extend(i.n(4), i.n(3))
		i.extend(i.n(2), i.n(1))
	case "re":
		i.extend(i.n(4), i.n(3))
		i.extend(i.n(4)+i.n(2), i.n(3)+i.n(1))
	case "f", "F", "f*":
		if i.hasPath && !i.white {
			i.paint(i.path)
		}
		i.notePath()
		i.hasPath = false
	case "S", "s", "B", "B*", "b", "b*":
		if i.hasPath {
			i.paint(i.path)
		}
		i.notePath()
		i.hasPath = false
	case "n":
		i.hasPath = false
	default:
		return false
	}
	return true
}

func (i *interpreter) extend(x, y float64) {
	x, y = i.ctm.point(x, y)
	p := Area{x, y, x, y}
	if i.hasPath {
		p = p.union(i.path)
	}
	i.path, i.hasPath = p, true
}

// textOperator handles text (9.4).
func (i *interpreter) textOperator(op string) {
	switch op {
	case "BT":
		i.line, i.text = identity, identity
	case "Tf":
		i.font()
	case "TL":
		i.leading = i.n(1)
	case "Tr":
		i.invisible = i.n(1) == 3 || i.n(1) == 7
	case "Tm":
		i.line = i.matrix()
		i.text = i.line
	case "Td":
		i.move(i.n(2), i.n(1))
	case "TD":
		i.leading = -i.n(1)
		i.move(i.n(2), i.n(1))
	case "T*":
		i.move(0, -i.leading)
	case "Tj", "TJ":
		i.show()
	case "'", "\"":
		i.move(0, -i.leading)
		i.show()
	}
}

func (i *interpreter) move(x, y float64) {
	i.line = matrix{1, 0, 0, 1, x, y}.times(i.line)
	i.text = i.line
}

func (i *interpreter) font() {
	i.size = i.n(1)
	if len(i.operands) < 2 {
		return
	}
	font := i.resource(i.resources, "Font", i.operands[0].bytes)
	i.plain = i.isPlain(font)
	d, err := i.view.Dict(font)
	i.wide = err == nil && d != nil && d.Get("Subtype") == pdf.Object(pdf.Name("Type0"))
	if i.picture != nil {
		i.look.font = i.decoder(font, i.wide, i.plain)
	}
}

// advance is the width of a character in relation to the size of its font, as
// good as it can be told without the font.
const advance = 0.55

// show paints the strings among the operands.
func (i *interpreter) show() {
	width := 0.0
	for _, o := range i.operands {
		switch {
		case o.kind == text:
			n := len(o.bytes)
			if i.wide {
				n /= 2
			}
			width += float64(n) * i.size * advance
			if !i.invisible && len(o.bytes) > 0 {
				whole := len(i.painted.Text) < maxText
				if whole {
					i.painted.Text = append(i.painted.Text, o.bytes...)
				}
				i.painted.Plain = i.painted.Plain && i.plain && whole
			}
		case o.kind == number && len(i.operands) > 1:
			width -= o.value / 1000 * i.size
		}
	}
	if width != 0 && !i.invisible {
		a := i.text.times(i.ctm).area(Area{0, -0.2 * i.size, width, 0.8 * i.size})
		i.paint(a)
		if len(i.painted.Texts) < maxAreas {
			i.painted.Texts = append(i.painted.Texts, a)
		}
	}
	if i.picture != nil {
		i.noteText(width)
	}
	i.text = matrix{1, 0, 0, 1, width, 0}.times(i.text)
}

// object paints an image or runs a form (8.8 to 8.10).
func (i *interpreter) object() {
	if len(i.operands) == 0 {
		return
	}
	s, err := i.view.StreamObject(i.resource(i.resources, "XObject", i.operands[len(i.operands)-1].bytes))
	if err != nil || s == nil {
		return
	}
	if s.Dict.Has("OC") && i.picture != nil {
		i.marks = append(i.marks, mark{layer: true, number: -1})
		defer func() { i.marks = i.marks[:len(i.marks)-1] }()
	}
	switch s.Dict.Get("Subtype") {
	case pdf.Object(pdf.Name("Form")):
		i.form(s, i.ctm, i.depth+1, i)
	default:
		i.image()
	}
}

// image paints an image: the unit square.
func (i *interpreter) image() {
	a := i.ctm.area(Area{0, 0, 1, 1})
	i.paint(a)
	i.note(Shown{Area: a})
}
