package appearance

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/inkan-go/inkan/internal/draw"
	"github.com/inkan-go/inkan/internal/picture"
	"github.com/inkan-go/inkan/pades"
)

// Image is a picture from a PNG or JPEG file. It keeps its proportions and fills
// as much of its box as it can. It is read and encoded once, by ParseImage or
// OpenImage, and may be used for any number of signatures.
//
// The transparency of a PNG is kept, save in a document that claims PDF/A-1, which
// forbids it: there the picture stands on white. A JPEG goes into the document as
// it is, and is turned upright as its camera noted.
type Image struct {
	picture *picture.Image
}

// OpenImage reads a picture from a file.
func OpenImage(name string) (*Image, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("appearance: %w", err)
	}
	i, err := ParseImage(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return i, nil
}

// ParseImage reads a picture from the bytes of a PNG or JPEG file. A file that is
// cut off, that has more than 16 million pixels or is larger than 32 MiB is
// refused.
func ParseImage(data []byte) (*Image, error) {
	i, err := picture.ParseImage(data)
	if err != nil {
		return nil, fmt.Errorf("appearance: %w", err)
	}
	return &Image{i}, nil
}

// Draw draws the picture as an appearance of its own.
func (i *Image) Draw(ctx context.Context, r *pades.AppearanceRequest) (*pades.AppearanceStream, error) {
	return render(ctx, r, i)
}

func (i *Image) aspect() float64 {
	if i.picture == nil {
		return 0
	}
	return i.picture.Aspect()
}

func (i *Image) paint(c *canvas, b box) error {
	if i.picture == nil {
		return errors.New("appearance: an empty Image; use ParseImage or OpenImage")
	}
	if err := b.room("an image"); err != nil {
		return err
	}
	b = b.fit(i.aspect())
	if err := i.picture.Paint(&c.Content, &c.xobjects, c.request.Objects, c.request.PDFA, draw.Matrix{b.w, 0, 0, b.h, b.x, b.y}); err != nil {
		return fmt.Errorf("appearance: %w", err)
	}
	return nil
}
