package appearance

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/inkan-go/inkan/internal/draw"
	"github.com/inkan-go/inkan/internal/font"
	"github.com/inkan-go/inkan/internal/icc"
	"github.com/inkan-go/inkan/pades"
)

// Element is what an appearance is made of. The elements of this package are all
// there are.
type Element interface {
	pades.PageAppearance
	// aspect is the width divided by the height, for an element that has a shape
	// of its own; 0 for one that fills any box.
	aspect() float64
	// paint draws the element into the box and not outside.
	paint(c *canvas, b box) error
}

// box is a rectangle, its lower left corner at (x, y), in points.
type box struct{ x, y, w, h float64 }

// inset returns the box without a margin all around.
func (b box) inset(d float64) box {
	return box{b.x + d, b.y + d, max(0, b.w-2*d), max(0, b.h-2*d)}
}

// fit returns the largest box of these proportions in the middle of b.
func (b box) fit(aspect float64) box {
	w, h := b.w, b.h
	if aspect > 0 {
		w, h = min(b.w, b.h*aspect), min(b.h, b.w/aspect)
	}
	return box{b.x + (b.w-w)/2, b.y + (b.h-h)/2, w, h}
}

// ErrNoRoom is the error of an element whose box is too small for it.
var ErrNoRoom = errors.New("no room")

// room fails for a box in which nothing can be seen.
func (b box) room(what string) error {
	if b.w < minSide || b.h < minSide {
		return fmt.Errorf("appearance: %w for %s in %.1f by %.1f points; enlarge the rectangle", ErrNoRoom, what, b.w, b.h)
	}
	return nil
}

// canvas is an appearance that is being drawn.
type canvas struct {
	draw.Content
	ctx      context.Context
	request  *pades.AppearanceRequest
	paged    bool // what was painted differs from page to page
	fonts    font.Embedding
	xobjects draw.XObjects
}

// render draws an element as the appearance of a signature.
func render(ctx context.Context, r *pades.AppearanceRequest, e Element) (*pades.AppearanceStream, error) {
	drawn, err := renderPages(ctx, []pades.AppearanceRequest{*r}, e)
	if err != nil {
		return nil, err
	}
	return drawn[0], nil
}

// renderPages draws an element once for each page and size, or once for each size
// where no page differs. All drawings have the same resources.
func renderPages(ctx context.Context, requests []pades.AppearanceRequest, e Element) ([]*pades.AppearanceStream, error) {
	if len(requests) == 0 {
		return nil, nil
	}
	type size struct{ width, height float64 }
	same := make(map[size]*pades.AppearanceStream)
	drawn := make([]*pades.AppearanceStream, len(requests))
	c := &canvas{ctx: ctx}
	for i := range requests {
		r := &requests[i]
		if !(r.Width >= minSide && r.Height >= minSide && r.Width <= maxSide && r.Height <= maxSide) {
			return nil, fmt.Errorf("appearance: a rectangle of %g by %g points; %g to %d are possible", r.Width, r.Height, float64(minSide), maxSide)
		}
		of := size{r.Width, r.Height}
		if drawn[i] = same[of]; drawn[i] != nil {
			continue
		}
		c.Set(nil)
		c.request, c.paged = r, false
		if err := c.paint(e, box{0, 0, r.Width, r.Height}); err != nil {
			return nil, err
		}
		drawn[i] = &pades.AppearanceStream{Content: c.Bytes()}
		if !c.paged {
			same[of] = drawn[i]
		}
	}
	resources, err := c.resources()
	if err != nil {
		return nil, err
	}
	for _, s := range drawn {
		s.Resources = resources
	}
	return drawn, nil
}

// paint paints an element that may be nil, unless the context has ended.
func (c *canvas) paint(e Element, b box) error {
	if err := c.ctx.Err(); err != nil || e == nil {
		return err
	}
	return e.paint(c, b)
}

// resources writes the resource dictionary.
func (c *canvas) resources() ([]byte, error) {
	fonts, err := c.fonts.Write(c.request.Objects)
	if err != nil {
		return nil, fmt.Errorf("appearance: %w", err)
	}
	b := []byte("<<")
	if fonts != nil {
		b = append(append(b, "/Font"...), fonts...)
	}
	b = c.xobjects.AppendResources(b)
	if c.request.PDFA > 0 { // gray and RGB must not depend on the device (ISO 32000-2, 8.6.5.6)
		b = fmt.Appendf(b, "/ColorSpace<</DefaultGray[/ICCBased %s]/DefaultRGB[/ICCBased %s]>>",
			c.request.Objects.AddStream([]byte("<</N 1/Alternate/DeviceGray>>"), icc.Gray()),
			c.request.Objects.AddStream([]byte("<</N 3/Alternate/DeviceRGB>>"), icc.SRGB()))
	}
	return append(b, ">>"...), nil
}

// finite tells whether all numbers are.
func finite(numbers ...float64) bool {
	for _, v := range numbers {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}
