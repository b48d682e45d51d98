package picture

import (
	"fmt"
	"image"
	"image/color"

	"github.com/boombuler/barcode/qr"

	"github.com/inkan-go/inkan/internal/draw"
)

// quietZone is the white margin, in modules.
const quietZone = 4

// PaintQRCode paints a QR code (ISO/IEC 18004) that holds a text, as squares of a dark
// colour on a white square with its lower left corner at (x, y). It restores up to 15 %
// of damage.
func PaintQRCode(c *draw.Content, text string, dark color.Color, x, y, width float64) error {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return fmt.Errorf("picture: no QR code holds this text: %w", err)
	}
	modules := code.Bounds().Dx()
	scale := width / float64(modules+2*quietZone)
	c.FillColor(color.White)
	c.Rectangle(x, y, width, width)
	c.Fill()
	c.Save()
	c.Transform(draw.Matrix{scale, 0, 0, scale, x + quietZone*scale, y + quietZone*scale})
	c.FillColor(dark)
	for row := range modules {
		for column := 0; column < modules; {
			n := darkRun(code, column, row, modules)
			if n > 0 {
				c.Rectangle(float64(column), float64(modules-1-row), float64(n), 1)
			}
			column += max(1, n)
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
