package appearance

import (
	"context"
	"fmt"
	"image/color"
	"strconv"
	"strings"

	"github.com/inkan-go/inkan/internal/font"
	"github.com/inkan-go/inkan/pades"
)

// Align is where something stands in a box that is larger.
type Align int

// The alignments. The zero value leaves the choice to the element.
const (
	AlignDefault Align = iota
	AlignStart         // left, or top
	AlignMiddle
	AlignEnd // right, or bottom
)

// offset returns the room before something, of the room that is left.
func (a Align) offset(left float64) float64 {
	switch a {
	case AlignMiddle:
		return left / 2
	case AlignEnd:
		return left
	}
	return 0
}

// Text is lines of text in any script that its fonts hold. It is set in the
// largest size, up to Size, in which it fits its box; lines that are too long are
// broken between words, and inside them only where the text would otherwise
// become smaller than 5 points.
type Text struct {
	// Text is what is written; "\n" begins a new line. {name}, {time}, {reason},
	// {location} and {contact} stand for what the signature states; {name} falls
	// back to the common name of the signer's certificate. In a stamp, {page} and
	// {pages} are the number of the page and of all pages. A line whose
	// placeholders are all empty is left out. Without Text, each of name, time,
	// reason and location that is there has a line.
	Text string
	// TimeLayout is how {time} is written, as in package time, in the time zone of
	// the signature; "2006-01-02 15:04:05 -07:00" by default.
	TimeLayout string
	// Fonts are asked for each character in this order; none means Latin.
	Fonts []*Font
	// Size is the largest size, in points; 0 means 12.
	Size float64
	// Color is black by default. Transparency is ignored.
	Color color.Color
	// Vertical sets the lines from top to bottom, the first one to the right.
	Vertical bool
	// Align places each line along its direction; by default at the start, which for
	// text from right to left is the right. Across places all lines together, in the
	// middle by default.
	Align, Across Align
}

const (
	defaultText   = "{name}\n{time}\n{reason}\n{location}"
	defaultTime   = "2006-01-02 15:04:05 -07:00"
	defaultSize   = 12
	readableSize  = 5   // points; words are broken rather than set smaller
	smallestSize  = 1   // points; below, the box is too small
	leastLeading  = 1.2 // ems from line to line, at least
	sizePrecision = 0.02
)

// Draw draws the text as an appearance of its own.
func (t *Text) Draw(ctx context.Context, r *pades.AppearanceRequest) (*pades.AppearanceStream, error) {
	return render(ctx, r, t)
}

func (t *Text) aspect() float64 { return 0 }

func (t *Text) paint(c *canvas, b box) error {
	if err := b.room("text"); err != nil {
		return err
	}
	direction, along, across := font.Horizontal, b.w, b.h
	if t.Vertical {
		direction, along, across = font.Vertical, b.h, b.w
	}
	text := t.expand(c)
	if len(text) > maxTextBytes {
		return fmt.Errorf("appearance: a text of %d bytes; at most %d are set", len(text), maxTextBytes)
	}
	var paragraphs []*font.Paragraph
	for line := range strings.SplitSeq(text, "\n") {
		p, err := layout(t.Fonts, line, direction)
		if err != nil {
			return err
		}
		paragraphs = append(paragraphs, p)
	}
	set, err := t.fit(paragraphs, along, across)
	if err != nil {
		return err
	}
	c.FillColor(orBlack(t.Color))
	t.show(c, set, b)
	return nil
}

// setting is text broken into lines at a size.
type setting struct {
	lines  []font.Line
	size   float64 // points
	height float64 // of all lines, across them, in points
}

// fit returns the text at the largest size at which it fits.
func (t *Text) fit(paragraphs []*font.Paragraph, along, across float64) (*setting, error) {
	largest := t.Size
	if largest == 0 {
		largest = defaultSize
	}
	if !finite(largest) || largest < smallestSize || largest > maxSide {
		return nil, fmt.Errorf("appearance: %g is no size of text", largest)
	}
	if s := search(paragraphs, along, across, min(readableSize, largest), largest, false); s != nil {
		return s, nil
	}
	if s := search(paragraphs, along, across, smallestSize, min(readableSize, largest), true); s != nil {
		return s, nil
	}
	return nil, fmt.Errorf("appearance: %w for the text in %.1f by %.1f points; enlarge the rectangle or shorten the text", ErrNoRoom, along, across)
}

// search halves the interval of sizes until the largest that fits is known.
func search(paragraphs []*font.Paragraph, along, across, low, high float64, inWords bool) *setting {
	if s := set(paragraphs, along, across, high, inWords); s != nil {
		return s
	}
	best := set(paragraphs, along, across, low, inWords)
	for best != nil && high-low > sizePrecision*high {
		middle := (low + high) / 2
		if s := set(paragraphs, along, across, middle, inWords); s != nil {
			best, low = s, middle
		} else {
			high = middle
		}
	}
	return best
}

// set breaks the paragraphs into lines for a size; nil where they do not fit.
func set(paragraphs []*font.Paragraph, along, across, size float64, inWords bool) *setting {
	const slack = 1e-6
	s := &setting{size: size}
	for _, p := range paragraphs {
		lines, err := p.Lines(along/size, inWords)
		if err != nil {
			return nil // a font that cannot be broken into lines fits nowhere
		}
		for _, line := range lines {
			if line.Advance*size > along+slack {
				return nil
			}
			s.lines = append(s.lines, line)
		}
	}
	for i := range s.lines {
		s.height += s.step(i)
	}
	if s.height > across+slack {
		return nil
	}
	return s
}

// step is how much room a line takes across the lines, in points. The first one
// needs no leading.
func (s *setting) step(i int) float64 {
	height := s.lines[i].Ascent - s.lines[i].Descent
	if i > 0 {
		height = max(height, leastLeading)
	}
	return height * s.size
}

// show writes the lines.
func (t *Text) show(c *canvas, s *setting, b box) {
	anchor := t.Across
	if anchor == AlignDefault {
		anchor = AlignMiddle
	}
	if t.Vertical {
		x := b.x + b.w - anchor.offset(b.w-s.height)
		for i := range s.lines {
			line := &s.lines[i]
			x -= s.step(i)
			y := b.y + b.h - t.Align.offset(b.h-line.Advance*s.size)
			c.Set(c.fonts.AppendLine(c.Bytes(), line, x-line.Descent*s.size, y, s.size))
		}
		return
	}
	y := b.y + b.h - anchor.offset(b.h-s.height)
	for i := range s.lines {
		line := &s.lines[i]
		y -= s.step(i)
		align := t.Align
		if align == AlignDefault && line.RightToLeft {
			align = AlignEnd
		}
		x := b.x + align.offset(b.w-line.Advance*s.size)
		c.Set(c.fonts.AppendLine(c.Bytes(), line, x, y-line.Descent*s.size, s.size))
	}
}

// expand puts what the signature states in place of the placeholders.
func (t *Text) expand(c *canvas) string {
	text, layout := t.Text, t.TimeLayout
	if text == "" {
		text = defaultText
	}
	if layout == "" {
		layout = defaultTime
	}
	return c.fill(text, layout)
}

// fill replaces the placeholders of every line and leaves out lines in which all
// were empty. What is put in is not looked into for placeholders.
func (c *canvas) fill(text, timeLayout string) string {
	r := c.request
	name := r.Name
	if name == "" && r.Certificate != nil {
		name = r.Certificate.Subject.CommonName()
	}
	stated := ""
	if !r.Time.IsZero() {
		stated = r.Time.Format(timeLayout)
	}
	pairs := []string{"{name}", name, "{time}", stated, "{reason}", r.Reason, "{location}", r.Location, "{contact}", r.ContactInfo}
	if r.Pages > 0 {
		c.paged = c.paged || strings.Contains(text, "{page}")
		pairs = append(pairs, "{page}", strconv.Itoa(r.Page), "{pages}", strconv.Itoa(r.Pages))
	}
	replacer := strings.NewReplacer(pairs...)
	var lines []string
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		has, filled := false, false
		for i := 0; i < len(pairs); i += 2 {
			if strings.Contains(line, pairs[i]) {
				has, filled = true, filled || pairs[i+1] != ""
			}
		}
		if !has || filled {
			lines = append(lines, replacer.Replace(line))
		}
	}
	return strings.Join(lines, "\n")
}

func orBlack(v color.Color) color.Color {
	if v == nil {
		return color.Black
	}
	return v
}
