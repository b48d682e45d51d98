package typeset

import (
	"errors"
	"fmt"
	"image/color"

	"github.com/inkan-go/inkan/internal/draw"
	"github.com/inkan-go/inkan/internal/picture"
)

// Image puts a picture in, so wide in points, at most as wide as the text and as high
// as a page. The alternate text stands for it where it is read aloud.
func (d *Document) Image(i *picture.Image, width float64, align Align, alternate string) {
	width = min(width, d.width(), (d.top()-d.bottom())*i.Aspect())
	height := width / i.Aspect()
	d.figure(width, height, align, alternate, func(p *page, x, y float64) error {
		return i.Paint(&p.Content, &d.xobjects, &d.objects, d.o.Part, draw.Matrix{width, 0, 0, height, x, y})
	})
}

// QRCode puts a QR code in, so wide in points.
func (d *Document) QRCode(text string, width float64, align Align, alternate string) {
	width = min(width, d.width(), d.top()-d.bottom())
	d.figure(width, width, align, alternate, func(p *page, x, y float64) error {
		return picture.PaintQRCode(&p.Content, text, color.Black, x, y, width)
	})
}

// figure puts a figure of that size in, which paint paints with its lower left corner
// at (x, y).
func (d *Document) figure(width, height float64, align Align, alternate string, paint func(p *page, x, y float64) error) {
	switch {
	case d.err != nil:
	case alternate == "":
		d.fail(errors.New("a picture without an alternate text"))
	case !(width > 0 && height > 0):
		d.fail(fmt.Errorf("a picture of %g by %g points", width, height))
	}
	if d.room(height); d.err != nil {
		return
	}
	x, y, p := d.o.Margin+(d.width()-width)*float64(align)/2, d.y-height, d.page()
	e := d.add("Figure")
	e.alternate = alternate
	b := []byte("<</O/Layout/Placement/Block/BBox[")
	for _, v := range []float64{x, y, x + width, y + height} {
		b = append(draw.AppendNumber(b, v), ' ')
	}
	e.attributes = string(append(b, "]>>"...))
	p.tagged(e)
	d.fail(paint(p, x, y))
	p.EndMarked()
	d.y = y
	d.Space(defaultSize)
}
