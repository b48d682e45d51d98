package appearance

import (
	"context"
	"fmt"
	"image"
	"image/color"

	"github.com/boombuler/barcode/qr"

	"github.com/inkan-go/inkan/internal/draw"
	"github.com/inkan-go/inkan/pades"
)

// QRCode is a QR code (ISO/IEC 18004), drawn as squares, for example with the
// address where the document can be verified. It stands on white with the quiet
// zone of four modules, fills the largest square in its box, and restores up to
// 15 % of damage.
type QRCode struct {
	// Text is what a reader of the code gets, with the placeholders of Text.
	Text string
	// Color is black by default; readers need a dark one. Transparency is ignored.
	Color color.Color
}

// quietZone is the white margin, in modules.
const quietZone = 4

// Draw draws the code as an appearance of its own.
func (q *QRCode) Draw(ctx context.Context, r *pades.AppearanceRequest) (*pades.AppearanceStream, error) {
	return render(ctx, r, q)
}

func (q *QRCode) aspect() float64 { return 1 }

func (q *QRCode) paint(c *canvas, b box) error {
	if err := b.room("a QR code"); err != nil {
		return err
	}
	code, err := qr.Encode(c.fill(q.Text, defaultTime), qr.M, qr.Auto)
	if err != nil {
		return fmt.Errorf("appearance: no QR code holds this text: %w", err)
	}
	modules := code.Bounds().Dx()
	side := modules + 2*quietZone
	b = b.fit(1)
	scale := b.w / float64(side)
	c.FillColor(color.White)
	c.Rectangle(b.x, b.y, b.w, b.h)
	c.Fill()
	c.Save()
	c.Transform(draw.Matrix{scale, 0, 0, scale, b.x + quietZone*scale, b.y + quietZone*scale})
	c.FillColor(orBlack(q.Color))
	for y := range modules {
		for x := 0; x < modules; {
			n := darkRun(code, x, y, modules)
			if n > 0 {
				c.Rectangle(float64(x), float64(modules-1-y), float64(n), 1)
			}
			x += max(1, n)
		}
	}
	c.Fill()
	c.Restore()
	return nil
}

// darkRun returns how many dark modules follow each other in a row from x on.
func darkRun(code image.Image, x, y, modules int) int {
	n := 0
	for ; x+n < modules; n++ {
		if r, _, _, _ := code.At(x+n, y).RGBA(); r != 0 {
			break
		}
	}
	return n
}
