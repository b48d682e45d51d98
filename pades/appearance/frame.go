package appearance

import (
	"context"
	"fmt"
	"image/color"

	"github.com/inkan-go/inkan/pades"
)

// Frame is an element with a border, a background and room around it.
type Frame struct {
	Content Element
	// Border is the width of the border, in points, drawn inside the box; 0 is none.
	Border      float64
	BorderColor color.Color // black by default
	Background  color.Color // none by default
	// Padding is the room between the border and the content, in points.
	Padding float64
}

// Draw draws the frame as an appearance of its own.
func (f *Frame) Draw(ctx context.Context, r *pades.AppearanceRequest) (*pades.AppearanceStream, error) {
	return render(ctx, r, f)
}

func (f *Frame) aspect() float64 { return 0 }

func (f *Frame) paint(c *canvas, b box) error {
	if !finite(f.Border, f.Padding) || f.Border < 0 || f.Padding < 0 {
		return fmt.Errorf("appearance: a frame with border %g and padding %g", f.Border, f.Padding)
	}
	if f.Background != nil {
		c.FillColor(f.Background)
		c.Rectangle(b.x, b.y, b.w, b.h)
		c.Fill()
	}
	if f.Border > 0 {
		line := b.inset(f.Border / 2)
		c.StrokeColor(orBlack(f.BorderColor))
		c.LineWidth(f.Border)
		c.Rectangle(line.x, line.y, line.w, line.h)
		c.Stroke()
	}
	inner := b.inset(f.Border + f.Padding)
	if err := inner.room("the content of a frame"); err != nil {
		return err
	}
	return c.paint(f.Content, inner)
}

// Row is elements side by side, from left to right. Those with a shape of their
// own (images, seals, QR codes) are as high as the row, if that leaves the others
// half of its width; the others share what is left.
type Row struct {
	Items []Element
	Gap   float64 // between items, in points
}

// Draw draws the row as an appearance of its own.
func (e *Row) Draw(ctx context.Context, r *pades.AppearanceRequest) (*pades.AppearanceStream, error) {
	return render(ctx, r, e)
}

func (e *Row) aspect() float64 { return 0 }

func (e *Row) paint(c *canvas, b box) error {
	lengths, err := share(e.Items, e.Gap, b.w, func(aspect float64) float64 { return b.h * aspect })
	if err != nil {
		return err
	}
	x := b.x
	for i, item := range e.Items {
		if err := c.paint(item, box{x, b.y, lengths[i], b.h}); err != nil {
			return err
		}
		x += lengths[i] + e.Gap
	}
	return nil
}

// Column is elements one below the other, from top to bottom, as Row.
type Column struct {
	Items []Element
	Gap   float64 // between items, in points
}

// Draw draws the column as an appearance of its own.
func (e *Column) Draw(ctx context.Context, r *pades.AppearanceRequest) (*pades.AppearanceStream, error) {
	return render(ctx, r, e)
}

func (e *Column) aspect() float64 { return 0 }

func (e *Column) paint(c *canvas, b box) error {
	lengths, err := share(e.Items, e.Gap, b.h, func(aspect float64) float64 { return b.w / aspect })
	if err != nil {
		return err
	}
	y := b.y + b.h
	for i, item := range e.Items {
		y -= lengths[i]
		if err := c.paint(item, box{b.x, y, b.w, lengths[i]}); err != nil {
			return err
		}
		y -= e.Gap
	}
	return nil
}

// share divides a length among elements with a shape of their own, which want
// what natural tells, and those that take any.
func share(items []Element, gap, length float64, natural func(aspect float64) float64) ([]float64, error) {
	if !finite(gap) || gap < 0 {
		return nil, fmt.Errorf("appearance: a gap of %g points", gap)
	}
	length -= gap * float64(max(0, len(items)-1))
	if len(items) > 0 && length < minSide*float64(len(items)) {
		return nil, fmt.Errorf("appearance: %w for %d elements; enlarge the rectangle", ErrNoRoom, len(items))
	}
	lengths, wanted, flexible := make([]float64, len(items)), 0.0, 0
	for i, item := range items {
		if item == nil || item.aspect() == 0 {
			flexible++
			continue
		}
		lengths[i] = natural(item.aspect())
		wanted += lengths[i]
	}
	most := length
	if flexible > 0 {
		most /= 2
	}
	for i := range lengths {
		if wanted > most {
			lengths[i] *= most / wanted
		}
	}
	for i, item := range items {
		if item == nil || item.aspect() == 0 {
			lengths[i] = (length - min(wanted, most)) / float64(flexible)
		}
	}
	return lengths, nil
}

// Layers is elements in the same box, each painted over the one before: a
// background and what stands on it.
type Layers []Element

// Draw draws the layers as an appearance of its own.
func (e Layers) Draw(ctx context.Context, r *pades.AppearanceRequest) (*pades.AppearanceStream, error) {
	return render(ctx, r, e)
}

func (e Layers) aspect() float64 { return 0 }

func (e Layers) paint(c *canvas, b box) error {
	for _, item := range e {
		if err := c.paint(item, b); err != nil {
			return err
		}
	}
	return nil
}
