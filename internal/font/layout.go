package font

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/bidi"
)

// Direction is how the lines of a text run.
type Direction int

// The directions. Within horizontal lines, scripts that run from right to left
// do so, after the Unicode Bidirectional Algorithm.
const (
	Horizontal Direction = iota
	// Vertical is from top to bottom, what has no vertical form lying on its side.
	Vertical
	// Upright is from top to bottom, every character upright.
	Upright
)

// Glyph is one glyph of a text.
type Glyph struct {
	ID GlyphID
	// Advance is how far the line goes on, in ems: to the right, or downwards.
	Advance float64
	// X and Y move the glyph from its place, in ems.
	X, Y float64
	// Text is what the glyph stands for. Where several glyphs stand for one text,
	// the first has all of it, and Cluster is their number; it is 0 in the others.
	Text    string
	Cluster int
}

// Run is a part of a line in one font.
type Run struct {
	Font   *Font
	Glyphs []Glyph
	// Direction is Horizontal, Upright, or Vertical for what lies on its side.
	Direction Direction
	Advance   float64 // in ems
}

// Line is a line of text: runs in the order in which they are drawn, from left
// to right or from top to bottom.
type Line struct {
	Runs    []Run
	Advance float64 // in ems
	// Ascent and Descent (negative) are those of the fonts; of a vertical line, to
	// the right and to the left of its middle. In ems.
	Ascent, Descent float64
	// RightToLeft tells that the line begins at its right end.
	RightToLeft bool
}

// Paragraph is a text whose glyphs were found. It may be broken into lines again
// and again, by one goroutine at a time.
type Paragraph struct {
	text      []rune
	fonts     []*Font
	direction Direction
	runs      []shaping.Output
	kinds     map[int]Direction // of vertical text: that of the run with a character
	faces     map[*font.Font]*Font
	wrapper   shaping.LineWrapper
}

// Missing returns the characters of the text that none of the fonts holds, each
// once. Where a variation selector names the form of an ideograph that no font
// has (IVS), it returns both together.
func Missing(fonts []*Font, text string) []string {
	return missing(text, func(base, r rune) bool { return pick(fonts, base, r) != nil })
}

func missing(text string, held func(base, r rune) bool) []string {
	var missing []string
	seen := make(map[string]bool)
	var base rune
	for _, r := range text {
		what := string(r)
		if isIdeographicSelector(r) && base != 0 {
			what = string(base) + string(r)
		}
		if !held(base, r) && !seen[what] {
			missing, seen[what] = append(missing, what), true
		}
		base = r
	}
	return missing
}

// pick returns the first of the fonts that holds a character; base is the one
// before it.
func pick(fonts []*Font, base, r rune) *Font {
	for _, f := range fonts {
		if f.has(base, r) {
			return f
		}
	}
	return nil
}

func isIdeographicSelector(r rune) bool { return r >= 0xe0100 && r <= 0xe01ef }

// has tells whether the font can show a character.
func (f *Font) has(base, r rune) bool { return holds(f.layout, base, r) }

// coverage is which characters a font holds.
type coverage interface {
	NominalGlyph(r rune) (font.GID, bool)
	VariationGlyph(r, selector rune) (font.GID, bool)
}

// holds tells whether a font can show a character: characters without a shape of
// their own need no glyph.
func holds(c coverage, base, r rune) bool {
	switch {
	case isIdeographicSelector(r):
		_, ok := c.VariationGlyph(base, r)
		return ok
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r), r == '\t', r == '\n', r == '\r':
		return true
	case r == utf8.RuneError, unicode.Is(unicode.Cc, r):
		return false
	}
	_, ok := c.NominalGlyph(r)
	return ok
}

// Layout finds the glyphs of one paragraph, taking each character from the first
// of the fonts that holds it. It fails where none does; Missing tells which.
// Line ends in the text are spaces.
func Layout(fonts []*Font, text string, d Direction) (*Paragraph, error) {
	p := &Paragraph{fonts: fonts, direction: d, faces: make(map[*font.Font]*Font), kinds: make(map[int]Direction)}
	for _, r := range text {
		if r == '\n' || r == '\r' || r == '\t' {
			r = ' '
		}
		p.text = append(p.text, r)
	}
	if len(p.text) > maxText {
		return nil, fmt.Errorf("font: a paragraph of %d characters; at most %d are set", len(p.text), maxText)
	}
	if missing := Missing(fonts, text); len(missing) > 0 || len(fonts) == 0 {
		return nil, fmt.Errorf("font: no font holds %q", missing)
	}
	if len(p.text) > 0 {
		if err := p.shape(); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// layoutSize is the size, in units of the library, at which text is set: lengths
// are counted in 1/64 of a thousandth of an em.
const layoutSize = 1000

func ems(v fixed.Int26_6) float64 { return float64(v) / (64 * layoutSize) }

// shape splits the text by script, direction and font, and finds the glyphs.
func (p *Paragraph) shape() error {
	setters := make(map[*Font]*setter, len(p.fonts))
	defer func() {
		for f, s := range setters {
			f.setters.Put(s)
		}
	}()
	chooser := &chooser{fonts: p.fonts, setters: setters}
	for _, f := range p.fonts {
		s, _ := f.setters.Get().(*setter)
		setters[f] = s
		p.faces[f.layout] = f
	}
	input := shaping.Input{Text: p.text, RunEnd: len(p.text), Size: fixed.I(layoutSize), Direction: p.base()}
	var segmenter shaping.Segmenter
	for _, part := range segmenter.Split(input, chooser) {
		f := p.faces[part.Face.Font]
		run := setters[f].shaper.ShapeNoExtents(part)
		if !inOrder(&run) {
			return fmt.Errorf("font: the rules of %s put the characters of %.40q into an order that lines cannot be broken in", f.Name(), string(p.text))
		}
		p.markSpaces(run.Glyphs)
		if p.direction != Horizontal {
			p.lay(&run)
		}
		p.runs = append(p.runs, run)
	}
	return nil
}

// inOrder tells whether the glyphs stand for the characters of a run one after the other, as
// the library takes for granted where it breaks lines. A hostile font can have
// rules that do otherwise.
func inOrder(run *shaping.Output) bool {
	first, last := run.Runes.Offset, run.Runes.Offset+run.Runes.Count
	backward := run.Direction.Progression() == di.TowardTopLeft
	at := first
	if backward {
		at = last - 1
	}
	for i := range run.Glyphs {
		cluster := run.Glyphs[i].TextIndex()
		if cluster < first || cluster >= last || !backward && cluster < at || backward && cluster > at {
			return false
		}
		at = cluster
	}
	n := len(run.Glyphs)
	return n > 0 && (backward && run.Glyphs[n-1].TextIndex() == first || !backward && run.Glyphs[0].TextIndex() == first)
}

// markSpaces gives every glyph extents but those of spaces: by them the library
// knows what counts for nothing at the end of a line. (The font it has was given
// no outlines.)
func (p *Paragraph) markSpaces(glyphs []shaping.Glyph) {
	for i := range glyphs {
		if at := glyphs[i].TextIndex(); at >= len(p.text) || p.text[at] != ' ' {
			glyphs[i].Width, glyphs[i].Height = 1, 1
		}
	}
}

// lay makes a vertical run a horizontal one, since the library breaks lines only
// of these, and notes what it was.
func (p *Paragraph) lay(run *shaping.Output) {
	kind := Upright
	if run.Direction.IsSideways() {
		kind = Vertical
	}
	for i := range run.Runes.Count {
		p.kinds[run.Runes.Offset+i] = kind
	}
	for i := range run.Glyphs {
		g := &run.Glyphs[i]
		g.Advance = -g.Advance // downwards is negative
	}
	run.Direction, run.Advance = di.DirectionLTR, -run.Advance
}

func (p *Paragraph) base() di.Direction {
	switch p.direction {
	case Vertical:
		return di.DirectionTTB
	case Upright:
		d := di.DirectionTTB
		d.SetSideways(false)
		return d
	}
	if p.rightToLeft() {
		return di.DirectionRTL
	}
	return di.DirectionLTR
}

// rightToLeft tells whether the first letter of the text runs from right to left,
// and so the paragraph (Unicode annex 9, rules P2 and P3).
func (p *Paragraph) rightToLeft() bool {
	for _, r := range p.text {
		properties, _ := bidi.LookupRune(r)
		switch properties.Class() {
		case bidi.L:
			return false
		case bidi.R, bidi.AL:
			return true
		}
	}
	return false
}

// chooser chooses the font of every character for the library.
type chooser struct {
	fonts   []*Font
	setters map[*Font]*setter
}

// ResolveFace returns the first font that holds the character.
func (c *chooser) ResolveFace(r rune) *font.Face {
	f := pick(c.fonts, 0, r)
	if f == nil {
		f = c.fonts[0]
	}
	return c.setters[f].face
}

// Lines breaks the paragraph into lines of at most that many ems, where the
// Unicode Line Breaking Algorithm allows it; what cannot be broken is longer,
// unless words may be broken inside, too. The width 0 is no limit.
// It fails where the rules of a hostile font leave no way to do so.
func (p *Paragraph) Lines(width float64, inWords bool) ([]Line, error) {
	const widest = 30_000 // ems that the library can count
	if width <= 0 || width > widest {
		width = widest
	}
	if len(p.text) == 0 {
		return []Line{p.line(nil)}, nil
	}
	config := shaping.WrapConfig{BreakPolicy: shaping.Never}
	if p.direction == Horizontal {
		config.Direction = p.base()
	}
	if inWords {
		config.BreakPolicy = shaping.WhenNecessary
	}
	broken, err := p.wrap(config, fixed.Int26_6(width*64*layoutSize))
	if err != nil {
		return nil, err
	}
	lines := make([]Line, len(broken))
	for i, runs := range broken {
		lines[i] = p.line(runs)
	}
	return lines, nil
}

// wrap has the library break the lines. What it takes for granted of glyphs is up to the
// font: where that does not hold it panics.
func (p *Paragraph) wrap(config shaping.WrapConfig, width fixed.Int26_6) (broken []shaping.Line, err error) {
	defer func() {
		if recover() != nil {
			p.wrapper = shaping.LineWrapper{}
			err = fmt.Errorf("font: the lines of %.40q cannot be broken: the rules of the font contradict themselves; use another font", string(p.text))
		}
	}()
	broken, _ = p.wrapper.WrapParagraphF(config, width, p.text, shaping.NewSliceIterator(p.runs))
	return broken, nil
}

// line converts a line of the library's.
func (p *Paragraph) line(runs shaping.Line) Line {
	ordered := make([]*shaping.Output, len(runs))
	for i := range runs {
		if at := int(runs[i].VisualIndex); at >= 0 && at < len(runs) {
			ordered[at] = &runs[i]
		}
	}
	line := Line{RightToLeft: p.direction == Horizontal && p.rightToLeft()}
	for _, out := range ordered {
		if out == nil {
			continue
		}
		run := p.run(out)
		line.Advance += run.Advance
		line.Runs = append(line.Runs, run)
	}
	for i := range max(1, len(line.Runs)) {
		f := p.fonts[0]
		if len(line.Runs) > 0 {
			f = line.Runs[i].Font
		}
		ascent, descent := f.Ascent(), f.Descent()
		if p.direction != Horizontal {
			ascent, descent = (ascent-descent)/2, -(ascent-descent)/2
		}
		line.Ascent, line.Descent = max(line.Ascent, ascent), min(line.Descent, descent)
	}
	return line
}

func (p *Paragraph) run(out *shaping.Output) Run {
	run := Run{Font: p.faces[out.Face.Font], Glyphs: make([]Glyph, 0, len(out.Glyphs)), Direction: p.kinds[out.Runes.Offset]}
	cluster := -1
	for _, g := range out.Glyphs {
		if g.GlyphID == font.EmptyGlyph {
			continue
		}
		glyph := Glyph{ID: GlyphID(g.GlyphID), Advance: ems(g.Advance), X: ems(g.XOffset), Y: ems(g.YOffset)}
		switch run.Direction {
		case Vertical: // the library turned the offsets
			glyph.X, glyph.Y = -glyph.Y, glyph.X
		case Upright: // offsets count from the glyph's own origin for vertical writing
			x, y := run.Font.VerticalOrigin(glyph.ID)
			glyph.X, glyph.Y = glyph.X+x, glyph.Y+y
		}
		if g.TextIndex() != cluster {
			cluster = g.TextIndex()
			end := min(cluster+g.RunesCount(), len(p.text))
			glyph.Text, glyph.Cluster = string(p.text[cluster:end]), g.GlyphsCount()
		}
		run.Advance += glyph.Advance
		run.Glyphs = append(run.Glyphs, glyph)
	}
	return run
}

// VerticalOrigin returns where a glyph's origin for vertical writing lies, from
// that for horizontal writing, in ems.
func (f *Font) VerticalOrigin(g GlyphID) (x, y float64) {
	s, _ := f.setters.Get().(*setter)
	defer f.setters.Put(s)
	vx, vy := s.face.GlyphVOrigin(font.GID(g))
	return float64(vx) / f.unitsPerEm, float64(vy) / f.unitsPerEm
}

// verticalAdvance returns how far vertical writing goes on after a glyph, in ems.
func (f *Font) verticalAdvance(g GlyphID) float64 {
	if !f.vertical {
		return f.Ascent() - f.Descent()
	}
	s, _ := f.setters.Get().(*setter)
	defer f.setters.Put(s)
	return -float64(s.face.VerticalAdvance(font.GID(g))) / f.unitsPerEm
}
