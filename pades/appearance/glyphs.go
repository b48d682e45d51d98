package appearance

import (
	"fmt"
	"math"

	"github.com/inkan-go/inkan/internal/font"
)

// shape is the outline of one character that is drawn, not set.
type shape []font.Segment

// points calls f with every point of the outline, which it may move.
func (s shape) points(f func(p *font.Point)) {
	for i := range s {
		used := s[i].Used()
		for j := range used {
			f(&used[j])
		}
	}
}

// tiny is what sizes of drawings are divided by at least.
const tiny = 1e-6

// drawing is outlines that belong together.
type drawing []shape

func (d drawing) points(f func(p *font.Point)) {
	for _, s := range d {
		s.points(f)
	}
}

// bounds returns the smallest box around all points; ok is false without any.
func (d drawing) bounds() (b box, ok bool) {
	left, bottom, right, top := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	d.points(func(p *font.Point) {
		left, right = min(left, p.X), max(right, p.X)
		bottom, top = min(bottom, p.Y), max(top, p.Y)
	})
	if left > right {
		return box{}, false
	}
	return box{left, bottom, right - left, top - bottom}, true
}

// scale multiplies all coordinates.
func (d drawing) scale(x, y float64) {
	d.points(func(p *font.Point) { p.X, p.Y = p.X*x, p.Y*y })
}

// centre moves the drawing so that the middle of its bounds is at (x, y).
func (d drawing) centre(x, y float64) {
	b, _ := d.bounds()
	d.move(x-b.x-b.w/2, y-b.y-b.h/2)
}

func (d drawing) move(dx, dy float64) {
	d.points(func(p *font.Point) { p.X, p.Y = p.X+dx, p.Y+dy })
}

// radius returns how far the outermost point is from the origin.
func (d drawing) radius() float64 {
	r := 0.0
	d.points(func(p *font.Point) { r = max(r, math.Hypot(p.X, p.Y)) })
	return r
}

// outlines returns the outlines of a text on one line, in ems. In the direction
// Upright the first character hangs below the origin, in the middle of the line;
// a Horizontal line begins there.
func outlines(fonts []*Font, text string, d font.Direction) (drawing, error) {
	p, err := layout(fonts, text, d)
	if err != nil {
		return nil, err
	}
	var out drawing
	lines, err := p.Lines(0, false)
	if err != nil {
		return nil, fmt.Errorf("appearance: %w", err)
	}
	for _, line := range lines {
		pen := 0.0
		for _, run := range line.Runs {
			for _, g := range run.Glyphs {
				path, err := run.Font.Outline(g.ID)
				if err != nil {
					return nil, fmt.Errorf("appearance: %w", err)
				}
				dx, dy := g.X+pen, g.Y
				if d != font.Horizontal {
					x, y := run.Font.VerticalOrigin(g.ID)
					dx, dy = g.X-x, g.Y-y-pen
				}
				shape(path).points(func(p *font.Point) { p.X, p.Y = p.X+dx, p.Y+dy })
				if len(path) > 0 {
					out = append(out, path)
				}
				pen += g.Advance
			}
		}
	}
	return out, nil
}

// fillDrawing fills the outlines, each for itself, in whole units of the space.
func (c *canvas) fillDrawing(d drawing) {
	for _, s := range d {
		for i := range s {
			c.segment(&s[i], i > 0)
		}
		c.Close()
		c.Fill()
	}
}

func (c *canvas) segment(s *font.Segment, open bool) {
	p := s.Points
	for i := range p {
		p[i].X, p[i].Y = math.Round(p[i].X), math.Round(p[i].Y)
	}
	switch s.Op {
	case font.MoveTo:
		if open {
			c.Close()
		}
		c.MoveTo(p[0].X, p[0].Y)
	case font.LineTo:
		c.LineTo(p[0].X, p[0].Y)
	case font.CurveTo:
		c.CurveTo(p[0].X, p[0].Y, p[1].X, p[1].Y, p[2].X, p[2].Y)
	}
}
