package appearance

import (
	"context"
	"errors"
	"fmt"
	"image/color"
	"math"
	"strings"
	"unicode"

	"github.com/go-text/typesetting/segmenter"

	"github.com/inkan-go/inkan/internal/draw"
	"github.com/inkan-go/inkan/internal/font"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/pades"
)

// SealShape is the outline of a Seal.
type SealShape int

// The shapes.
const (
	Round  SealShape = iota // 丸印, of a person
	Square                  // 角印, of a company
)

// vermilion is the colour of seals (朱色) unless another is chosen.
var vermilion = color.RGBA{0xd7, 0x1a, 0x1a, 0xff}

// Seal is a Japanese seal (印鑑): a name within a ring or a square, set from top
// to bottom in columns from right to left. It is drawn as paths and stands for its
// name where text is copied or searched. It fills the largest square in its box.
type Seal struct {
	// Name is the text of the seal; where it is empty, the name that the signature
	// states, or the common name of the signer's certificate. If it has two or
	// three parts with spaces between, each becomes a column.
	Name  string
	Shape SealShape
	// Columns is the number of columns, at most 3 in a round seal and 5 in a square
	// one; 0 chooses it by the length of the name.
	Columns int
	// Fonts are asked for each character in this order; none means Latin.
	Fonts []*Font
	// Color is vermilion by default. Transparency is ignored.
	Color color.Color
}

// Seals are drawn in a space in which they are 4000 wide, the origin in the
// middle, so that whole numbers are fine enough.
const (
	sealRadius = 2000
	sealRing   = 170  // width of the ring or of the sides
	sealInner  = 1690 // how far from the middle a name in a ring may reach
	sealHalf   = 1600 // the same, sideways and upwards, within a square
)

// Draw draws the seal as an appearance of its own.
func (s *Seal) Draw(ctx context.Context, r *pades.AppearanceRequest) (*pades.AppearanceStream, error) {
	return render(ctx, r, s)
}

func (s *Seal) aspect() float64 { return 1 }

func (s *Seal) paint(c *canvas, b box) error {
	name := s.Name
	if name == "" {
		name = c.fill("{name}", "")
	}
	columns, err := s.columns(name)
	if err != nil {
		return err
	}
	if _, err := checkGlyphs(s.Fonts, strings.Join(strings.Fields(name), "")); err != nil {
		return err // that names all that are missing, not only the first
	}
	d, err := setColumns(s.Fonts, columns, s.Shape)
	if err != nil {
		return err
	}
	bounds, ok := d.bounds()
	if !ok {
		return errors.New("appearance: a seal without a name; set Seal.Name or SignOptions.Name")
	}
	d.centre(0, 0)
	size := sealInner / max(d.radius(), tiny)
	if s.Shape == Square {
		size = 2 * sealHalf / max(bounds.w, bounds.h, tiny)
	}
	d.scale(size, size)
	return stamp(c, b, name, s.Color, func() {
		if s.Shape == Square {
			const side = 2*sealRadius - sealRing
			c.Rectangle(-side/2, -side/2, side, side)
		} else {
			c.Circle(0, 0, sealRadius-sealRing/2)
		}
		c.Stroke()
		c.fillDrawing(d)
	})
}

// stamp prepares the space of a seal in the box and draws in it.
func stamp(c *canvas, b box, text string, ink color.Color, paint func()) error {
	if err := b.room("a seal"); err != nil {
		return err
	}
	b = b.fit(1)
	if ink == nil {
		ink = vermilion
	}
	c.Save()
	scale := b.w / (2 * sealRadius)
	c.Transform(draw.Matrix{scale, 0, 0, scale, b.x + b.w/2, b.y + b.h/2})
	c.FillColor(ink)
	c.StrokeColor(ink)
	c.LineWidth(sealRing)
	c.BeginSpan(pdf.EncodeText(text))
	paint()
	c.EndSpan()
	c.Restore()
	return nil
}

// columns divides the name into columns, the first of which stands to the right.
func (s *Seal) columns(name string) ([][]string, error) {
	most := 3
	if s.Shape == Square {
		most = 5
	}
	if s.Columns < 0 || s.Columns > most {
		return nil, fmt.Errorf("appearance: a seal of %d columns; at most %d are possible", s.Columns, most)
	}
	if parts := strings.Fields(name); s.Columns == 0 && len(parts) > 1 && len(parts) <= most {
		columns := make([][]string, len(parts))
		for i, part := range parts {
			columns[i] = characters(part)
		}
		return columns, checkLength(columns...)
	}
	all := characters(name)
	if err := checkLength(all); err != nil {
		return nil, err
	}
	count := s.Columns
	if count == 0 {
		count = s.choose(len(all))
	}
	count = max(1, min(count, len(all), most))
	columns := make([][]string, count)
	for i := range columns {
		n := (len(all) + count - i - 1) / (count - i) // the first ones are the longer ones
		columns[i], all = all[:n], all[n:]
	}
	return columns, nil
}

func checkLength(columns ...[]string) error {
	n := 0
	for _, c := range columns {
		n += len(c)
	}
	if n > maxSealText {
		return fmt.Errorf("appearance: a seal of %d characters; at most %d are possible", n, maxSealText)
	}
	return nil
}

// choose returns the number of columns for so many characters.
func (s *Seal) choose(n int) int {
	if s.Shape == Square {
		return int(math.Ceil(math.Sqrt(float64(n))))
	}
	switch {
	case n <= 3:
		return 1
	case n <= 6:
		return 2
	}
	return 3
}

// characters divides a text into what a reader takes for characters, without
// white space (grapheme clusters, Unicode annex 29).
func characters(text string) []string {
	var found []string
	var s segmenter.Segmenter
	s.Init([]rune(text))
	for it := s.GraphemeIterator(); it.Next(); {
		if c := string(it.Grapheme().Text); strings.TrimFunc(c, unicode.IsSpace) != "" {
			found = append(found, c)
		}
	}
	return found
}

// mostStretch is by how much a character of a seal may become wider or higher
// than its font has it.
const mostStretch = 1.5

// setColumns draws the columns in a space of its own. All are equally high. The
// characters are stretched so that the whole comes closer to a square, in a ring
// half the way, where a tall or wide name has room, too.
func setColumns(fonts []*Font, columns [][]string, in SealShape) (drawing, error) {
	rows := 0
	for _, column := range columns {
		rows = max(rows, len(column))
	}
	stretch := float64(rows) / (columnPitch * float64(max(1, len(columns))))
	if in == Round {
		stretch = math.Sqrt(stretch)
	}
	stretch = max(1/mostStretch, min(mostStretch, stretch))
	var whole drawing
	for i, column := range columns {
		height := float64(rows) / float64(max(1, len(column))) // of a cell, in ems
		for j, character := range column {
			d, err := outlines(fonts, character, font.Upright)
			if err != nil {
				return nil, err
			}
			if _, ok := d.bounds(); !ok {
				continue
			}
			d.move(0, 0.5) // the middle of its em to the origin
			d.scale(stretch, min(height, mostStretch))
			d.move(-float64(i)*stretch*columnPitch, -(float64(j)+0.5)*height)
			whole = append(whole, d...)
		}
	}
	return whole, nil
}

// columnPitch is the distance of the columns, in ems.
const columnPitch = 1.06
