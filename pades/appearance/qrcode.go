package appearance

import (
	"context"
	"fmt"
	"image/color"

	"github.com/inkan-go/inkan/internal/picture"
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

// Draw draws the code as an appearance of its own.
func (q *QRCode) Draw(ctx context.Context, r *pades.AppearanceRequest) (*pades.AppearanceStream, error) {
	return render(ctx, r, q)
}

func (q *QRCode) aspect() float64 { return 1 }

func (q *QRCode) paint(c *canvas, b box) error {
	if err := b.room("a QR code"); err != nil {
		return err
	}
	b = b.fit(1)
	text := c.fill(q.Text, defaultTime)
	if err := picture.PaintQRCode(&c.Content, text, orBlack(q.Color), b.x, b.y, b.w); err != nil {
		return fmt.Errorf("appearance: %w", err)
	}
	return nil
}
