package appearance

import (
	"context"
	"image/color"
	"math"
	"strings"

	"github.com/inkan-go/inkan/internal/font"
	"github.com/inkan-go/inkan/pades"
)

// DateSeal is a Japanese date seal (日付印, データ印): a ring divided by two lines,
// with a text above, the date between, and a name below. It is drawn as paths and
// fills the largest square in its box. The three texts take the placeholders of
// Text, and are shrunk to fit.
type DateSeal struct {
	Top    string // for example the department; may be empty
	Date   string // "{time}" by default
	Bottom string // "{name}" by default
	// TimeLayout is how {time} is written, as in package time; "2006.01.02" by default.
	TimeLayout string
	// Fonts are asked for each character in this order; none means Latin.
	Fonts []*Font
	// Color is vermilion by default. Transparency is ignored.
	Color color.Color
}

// The lines of a date seal lie this far above and below its middle.
const (
	dateBand = 560
	dateLine = 110 // their width, and the room between a line and text
)

// Draw draws the seal as an appearance of its own.
func (s *DateSeal) Draw(ctx context.Context, r *pades.AppearanceRequest) (*pades.AppearanceStream, error) {
	return render(ctx, r, s)
}

func (s *DateSeal) aspect() float64 { return 1 }

func (s *DateSeal) paint(c *canvas, b box) error {
	texts := [3]string{s.Top, s.Date, s.Bottom}
	for i, otherwise := range [3]string{"", "{time}", "{name}"} {
		if texts[i] == "" {
			texts[i] = otherwise
		}
		layout := s.TimeLayout
		if layout == "" {
			layout = "2006.01.02"
		}
		texts[i] = c.fill(texts[i], layout)
		if err := checkLength(characters(texts[i])); err != nil {
			return err
		}
	}
	var parts [3]drawing
	for i, text := range texts {
		d, err := outlines(s.Fonts, strings.Join(strings.Fields(text), " "), font.Horizontal)
		if err != nil {
			return err
		}
		parts[i] = d
	}
	placeBetween(parts[1])
	placeAbove(parts[0], 1)
	placeAbove(parts[2], -1)
	text := strings.TrimSpace(strings.Join(texts[:], "\n"))
	return stamp(c, b, text, s.Color, func() {
		c.Circle(0, 0, sealRadius-sealRing/2)
		c.Stroke()
		c.LineWidth(dateLine)
		for _, y := range [2]float64{dateBand, -dateBand} {
			x := math.Round(math.Sqrt(square(sealRadius-sealRing/2) - square(y)))
			c.MoveTo(-x, y)
			c.LineTo(x, y)
		}
		c.Stroke()
		for _, d := range parts {
			c.fillDrawing(d)
		}
	})
}

func square(v float64) float64 { return v * v }

// placeBetween puts a line of text between the lines.
func placeBetween(d drawing) {
	bounds, ok := d.bounds()
	if !ok {
		return
	}
	const height = 2 * (dateBand - 1.5*dateLine)
	width := 2 * math.Sqrt(square(sealInner)-square(height/2))
	size := min(width/max(bounds.w, tiny), height/max(bounds.h, tiny))
	d.scale(size, size)
	d.centre(0, 0)
}

// placeAbove puts a line of text above the upper line (side 1), or below the
// lower one (side -1), within the ring, as large as it can be and then in the
// middle of the room that is left.
func placeAbove(d drawing, side float64) {
	bounds, ok := d.bounds()
	if !ok {
		return
	}
	const lowest, most, long = dateBand + 1.5*dateLine, 800, 5
	if aspect := bounds.w / max(bounds.h, tiny); aspect > long { // condense what would become tiny
		d.scale(max(long/aspect, 0.6), 1)
		bounds, _ = d.bounds()
	}
	// The outer corners of a box of width w may be this high.
	highest := func(w float64) float64 { return math.Sqrt(max(0, square(sealInner)-square(w/2))) }
	small, large := 0.0, min(2*sealInner/max(bounds.w, tiny), most/max(bounds.h, tiny))
	for range 40 {
		if size := (small + large) / 2; lowest+size*bounds.h <= highest(size*bounds.w) {
			small = size
		} else {
			large = size
		}
	}
	d.scale(small, small)
	middle := (lowest + highest(small*bounds.w)) / 2
	d.centre(0, side*middle)
}
