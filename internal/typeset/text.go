package typeset

import (
	"fmt"
	"image/color"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/inkan-go/inkan/internal/font"
	"github.com/inkan-go/inkan/internal/pdf"
)

// Align is where a line stands in the width that it has.
type Align int

// The alignments. A line that runs from right to left starts on the right.
const (
	Start Align = iota
	Middle
	End
)

// Style is how text looks. Nil means the defaults of all.
type Style struct {
	Size  float64     // in points; 0 means 9.5
	Color color.Color // black by default; transparency is ignored
	Bold  bool        // drawn with thicker strokes, so that any font has it
	Align Align
	// Background is painted behind the lines, and Bar is a thick line on their left;
	// nil paints none.
	Background, Bar color.Color
}

const defaultSize = 9.5

// size returns that of the text.
func (s *Style) size() float64 {
	if s.Size > 0 {
		return s.Size
	}
	return defaultSize
}

// line is a line of text with how it looks.
type line struct {
	font.Line
	style *Style
}

// height is what the line takes.
func (l *line) height() float64 {
	const leading = 1.5
	return max(leading, l.Ascent-l.Descent) * l.style.size()
}

// MissingGlyphError tells that no font holds characters, and that Substitute was
// not asked for.
type MissingGlyphError struct {
	Characters []string // each once
}

// Error names the characters.
func (e *MissingGlyphError) Error() string {
	return fmt.Sprintf("no font holds %q; give one that does", e.Characters)
}

// lines breaks a text, whose "\n" begin new lines, into lines of a width.
func (d *Document) lines(text string, style *Style, width float64) []line {
	if d.err != nil {
		return nil
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	if missing := font.Missing(d.o.Fonts, text); len(missing) > 0 {
		if !d.o.Substitute {
			d.fail(&MissingGlyphError{missing})
			return nil
		}
		text = substitute(text, missing)
	}
	var all []line
	for part := range strings.SplitSeq(text, "\n") {
		for {
			piece, rest := cut(part)
			p, err := font.Layout(d.o.Fonts, piece, font.Horizontal)
			if err != nil {
				d.fail(err)
				return nil
			}
			lines, err := p.Lines(width/style.size(), true)
			if err != nil {
				d.fail(err)
				return nil
			}
			for _, l := range lines {
				all = append(all, line{l, style})
			}
			if part = rest; part == "" {
				break
			}
		}
	}
	return all
}

// substitute names characters in place of them.
func substitute(text string, missing []string) string {
	pairs := make([]string, 0, 2*len(missing))
	slices.SortFunc(missing, func(a, b string) int { return len(b) - len(a) }) // with a selector before without
	for _, m := range missing {
		name := ""
		for _, r := range m {
			name += fmt.Sprintf("[U+%04X]", r)
		}
		pairs = append(pairs, m, name)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// cut cuts a text that is too long to be laid out at once, behind a blank if there
// is one.
func cut(text string) (piece, rest string) {
	if utf8.RuneCountInString(text) <= maxParagraph {
		return text, ""
	}
	at := 0
	for i := range text {
		if at++; at == maxParagraph {
			at = i
			break
		}
	}
	if blank := strings.LastIndexByte(text[:at], ' '); blank > 0 {
		at = blank + 1
	}
	return text[:at], text[at:]
}

// show draws a line between x and x+width, its baseline at y.
func (d *Document) show(p *page, l *line, x, y, width float64) {
	size := l.style.size()
	free := width - l.Advance*size
	switch align := l.style.Align; {
	case align == Middle:
		x += free / 2
	case (align == End) != l.RightToLeft:
		x += free
	}
	var c color.Color = color.Black
	if l.style.Color != nil {
		c = l.style.Color
	}
	p.Save()
	p.FillColor(c)
	if l.style.Bold {
		p.StrokeColor(c)
		p.TextWidth(size / 40)
	}
	p.Set(d.embedding.AppendLine(p.Bytes(), &l.Line, x, y, size))
	p.Restore()
}

// stack draws lines one below the other, from y down, and returns where they end.
func (d *Document) stack(p *page, lines []line, x, y, width float64) float64 {
	for i := range lines {
		l := &lines[i]
		size, height := l.style.size(), l.height()
		d.show(p, l, x, y-(height-(l.Ascent-l.Descent)*size)/2-l.Ascent*size, width)
		y -= height
	}
	return y
}

// fitting returns how many of the lines have a height together.
func fitting(lines []line, height float64) int {
	const slack = 0.001
	for i := range lines {
		if height -= lines[i].height(); height < -slack {
			return i
		}
	}
	return len(lines)
}

func heightOf(lines []line) float64 {
	sum := 0.0
	for i := range lines {
		sum += lines[i].height()
	}
	return sum
}

// Heading puts a heading of a level from 1 to 6 in, which is a bookmark, too. The
// levels of a document follow each other without a gap.
func (d *Document) Heading(level int, text string) {
	if d.err != nil {
		return
	}
	level = min(max(level, 1), 6)
	style := &Style{Size: []float64{18, 13, 11, 10, 9.5, 9.5}[level-1], Bold: true}
	lines := d.lines(text, style, d.width())
	d.Space(style.Size * 0.6)
	d.room(heightOf(lines) + 60) // not alone at the end of a page
	if d.err != nil {
		return
	}
	d.bookmarks = append(d.bookmarks, bookmark{level: level, text: text, page: d.page(), y: d.y})
	d.flow(d.add(fmt.Sprintf("H%d", level)), lines, style)
	d.Space(style.Size * 0.3)
}

// Paragraph puts a paragraph in. Each "\n" in it begins a new line.
func (d *Document) Paragraph(text string, style *Style) {
	if d.err != nil {
		return
	}
	if style == nil {
		style = &Style{}
	}
	lines := d.lines(text, style, d.width()-2*style.padding())
	if d.err != nil {
		return
	}
	d.flow(d.add("P"), lines, style)
	d.Space(style.size() * 0.5)
}

// padding is the room between the text and the edge of its background.
func (s *Style) padding() float64 {
	if s.Background == nil && s.Bar == nil {
		return 0
	}
	return s.size() * 0.8
}

// flow draws lines from the current place on, over as many pages as they need.
func (d *Document) flow(e *element, lines []line, style *Style) {
	padding := style.padding()
	for first := true; len(lines) > 0 && d.err == nil; first = false {
		if need := lines[0].height() + padding; first && len(lines) > 1 {
			d.room(need + lines[1].height())
		} else {
			d.room(need)
		}
		p := d.page()
		n := max(1, fitting(lines, d.y-d.bottom()-padding))
		height := heightOf(lines[:n]) + padding
		if style.Background != nil {
			p.fill(d.o.Margin, d.y-height, d.width(), height, style.Background)
		}
		if style.Bar != nil {
			p.fill(d.o.Margin, d.y-height, 3, height, style.Bar)
		}
		p.tagged(e)
		d.y = d.stack(p, lines[:n], d.o.Margin+padding, d.y-padding/2, d.width()-2*padding) - padding/2
		p.EndMarked()
		lines = lines[n:]
	}
}

// bookmark is one entry of the outline.
type bookmark struct {
	level int
	text  string
	page  *page
	y     float64
	ref   pdf.Reference

	children []*bookmark
}
