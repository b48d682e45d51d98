package content

import (
	"math"
	"strings"

	"github.com/inkan-go/inkan/internal/pdf"
)

// Shown is one thing that a page paints.
type Shown struct {
	// Text is what text says by the font's own word (ToUnicode), which a hostile font can
	// give for glyphs of any shape; "\uFFFD" stands for what the font does not tell. It is
	// empty for all else.
	Text string
	// X and Y are where the baseline of the text begins, on the displayed page: in points from
	// its lower left corner. Size is that of the font, 0 where the text is not upright there.
	X, Y, Size float64
	// Path tells that it is a path, filled or stroked. What is neither that nor text is an image
	// or a shading.
	Path bool
	// Area is what is painted, on the displayed page: of text an estimate.
	Area Area
	// Light is the lightness of the colour: 0 is black, 1 is white or not known.
	Light float64
	// Visible tells that nothing in the graphics state hides it: text that neither fills nor
	// strokes, what is transparent, clipped away, or of a layer.
	Visible bool
	// Tag is the tag of the marked content that it belongs to, and Mark its number on the
	// page, -1 where it has none (ISO 32000-2, 14.6).
	Tag  string
	Mark int
}

// Picture is what a page paints, in the order of painting.
type Picture struct {
	Shown []Shown
	// Operators are those that the content uses, forms included.
	Operators map[string]bool
	// Unknown tells that some of the content could not be read: it may paint anything.
	Unknown bool
	// Width and Height are the size of the displayed page, in points.
	Width, Height float64
}

// PictureOf returns what a page paints, by where it stands on the page as it is displayed: its
// CropBox, turned by Rotate, enlarged by UserUnit (ISO 32000-2, 14.11.2). Annotations are no part
// of it.
func PictureOf(v *pdf.View, page *pdf.Dict) *Picture {
	r := newReader(v)
	p := &Picture{Operators: make(map[string]bool)}
	display, ok := r.display(page, p)
	if !ok {
		return &Picture{Unknown: true}
	}
	r.picture = p
	r.run(r.join(page.Get("Contents")), r.inherited(page, "Resources"), display, 0, nil)
	p.Unknown = r.painted.Unknown
	return p
}

// display is how user space lies on the displayed page.
func (r *reader) display(page *pdf.Dict, p *Picture) (m matrix, ok bool) {
	box, ok := NewArea(r.view.Rectangle(r.attribute(page, "MediaBox")))
	if !ok {
		return m, false
	}
	if crop, ok := NewArea(r.view.Rectangle(r.attribute(page, "CropBox"))); ok {
		box = box.intersection(crop)
	}
	unit, err := r.view.Number(page.Get("UserUnit"), 1)
	turn, turned := r.view.Number(r.attribute(page, "Rotate"), 0)
	width, height := (box.X1-box.X0)*unit, (box.Y1-box.Y0)*unit
	if err != nil || turned != nil || !(width > 0 && height > 0) || math.IsInf(width+height, 0) {
		return m, false
	}
	m = matrix{unit, 0, 0, unit, -box.X0 * unit, -box.Y0 * unit}
	p.Width, p.Height = width, height
	if math.Mod(turn, 90) != 0 || math.Abs(turn) > 1e6 {
		return m, true // as readers take it
	}
	switch ((int(turn)/90)%4 + 4) % 4 {
	case 1:
		m, p.Width, p.Height = m.times(matrix{0, -1, 1, 0, 0, width}), height, width
	case 2:
		m = m.times(matrix{-1, 0, 0, -1, width, height})
	case 3:
		m, p.Width, p.Height = m.times(matrix{0, 1, -1, 0, height, 0}), height, width
	}
	return m, true
}

// attribute returns an attribute of a page that may stand above it.
func (r *reader) attribute(page *pdf.Dict, key pdf.Name) pdf.Object {
	for range maxLevels {
		if page == nil || page.Has(key) {
			break
		}
		page, _ = r.view.Dict(page.Get("Parent"))
	}
	if page == nil {
		return pdf.Null{}
	}
	return page.Get(key)
}

// intersection is what two areas share; its sides are exchanged where that is nothing.
func (a Area) intersection(b Area) Area {
	return Area{math.Max(a.X0, b.X0), math.Max(a.Y0, b.Y0), math.Min(a.X1, b.X1), math.Min(a.Y1, b.Y1)}
}

// look is the part of the graphics state that only pictures ask for.
type look struct {
	clip  Area
	light float64
	faint bool // transparent
	font  *decoder
}

// mark is marked content that is open.
type mark struct {
	tag    string
	number int
	layer  bool // of optional content, which may be hidden
}

// everywhere is the clip of a page.
var everywhere = Area{-math.MaxFloat32, -math.MaxFloat32, math.MaxFloat32, math.MaxFloat32}

// note keeps what was painted.
func (i *interpreter) note(s Shown) {
	p := i.picture
	if p == nil {
		return
	}
	s.Mark, s.Light = -1, i.look.light
	s.Visible = !i.look.faint && s.Area.Overlaps(i.look.clip) && s.Area.Overlaps(Area{0, 0, p.Width, p.Height})
	for _, m := range i.marks {
		if m.layer {
			s.Visible = false
		}
		if m.tag != "Span" {
			s.Tag, s.Mark = m.tag, m.number // the innermost
		}
	}
	p.Shown = append(p.Shown, s)
}

// noteText keeps text that the operands show, so wide in the space of the text.
func (i *interpreter) noteText(width float64) {
	var b strings.Builder
	for _, o := range i.operands {
		if o.kind != text {
			continue
		}
		if i.read > maxBytes {
			i.painted.Unknown = true
			return
		}
		i.look.font.decode(&b, o.bytes)
	}
	i.read += b.Len()
	if b.Len() == 0 {
		return
	}
	m := i.text.times(i.ctm)
	s := Shown{Text: b.String(), Area: m.area(Area{0, -0.2 * i.size, width, 0.8 * i.size})}
	s.X, s.Y = m.point(0, 0)
	if math.Abs(m[1]) < 1e-6 && math.Abs(m[2]) < 1e-6 && m[0] > 0 && m[3] > 0 {
		s.Size = i.size * m[3]
	}
	i.note(s)
	if k := len(i.picture.Shown) - 1; k >= 0 && i.invisible {
		i.picture.Shown[k].Visible = false
	}
}

// notePath keeps a path that was painted.
func (i *interpreter) notePath() {
	if i.hasPath {
		i.note(Shown{Area: i.path, Path: true})
	}
}

// lookOperator handles what only pictures ask for.
func (i *interpreter) lookOperator(op string) {
	i.picture.Operators[op] = true
	switch op {
	case "gs":
		i.graphicsState()
	case "g", "rg", "k", "sc", "scn":
		i.look.light = i.lightness(op)
	case "cs":
		i.look.light = 1 // until a colour is set
	case "W", "W*":
		if i.hasPath {
			i.look.clip = i.look.clip.intersection(i.path)
		}
	case "BMC", "BDC":
		i.beginMark()
	case "EMC":
		if k := len(i.marks) - 1; k >= 0 {
			i.marks = i.marks[:k]
		}
	}
}

// lightness is that of the colour that is set.
func (i *interpreter) lightness(op string) float64 {
	light := 0.0
	for _, o := range i.operands {
		if o.kind != number {
			return 1
		}
		light = max(light, o.value)
	}
	if len(i.operands) == 0 || op == "k" || len(i.operands) == 4 {
		return 1
	}
	return light
}

// graphicsState notes whether an external graphics state makes transparent (8.4.5).
func (i *interpreter) graphicsState() {
	if len(i.operands) == 0 {
		return
	}
	d, err := i.view.Dict(i.resource(i.resources, "ExtGState", i.operands[len(i.operands)-1].bytes))
	if err != nil || d == nil {
		return
	}
	alpha, err := i.view.Number(d.Get("ca"), 1)
	mask, masked := i.view.Resolve(d.Get("SMask"))
	none := mask == pdf.Object(pdf.Name("None")) || mask == pdf.Object(pdf.Null{})
	if d.Has("ca") {
		i.look.faint = err != nil || alpha < 0.5
	}
	i.look.faint = i.look.faint || masked != nil || d.Has("SMask") && !none
}

// beginMark opens marked content.
func (i *interpreter) beginMark() {
	if len(i.marks) == maxStates {
		i.painted.Unknown = true
		return
	}
	m := mark{number: -1}
	for k, o := range i.operands {
		switch {
		case k == 0 && o.kind == name:
			m.tag, m.layer = string(o.bytes), string(o.bytes) == "OC"
		case o.kind == number && k > 0 && i.operands[k-1].kind == name && string(i.operands[k-1].bytes) == "MCID":
			m.number = int(max(-1, min(o.value, math.MaxInt32)))
		}
	}
	i.marks = append(i.marks, m)
}
