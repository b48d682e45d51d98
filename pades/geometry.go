package pades

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/inkan-go/inkan/internal/pdf"
)

// geometry is how a page is displayed (ISO 32000-2, 14.11.2).
type geometry struct {
	left, bottom  float64 // of its CropBox, in units of user space
	width, height float64 // of the CropBox, before rotation
	quarters      int     // turns clockwise when displayed, 0 to 3
	unit          float64 // points in a unit of user space
}

// pageGeometry reads the geometry of a page.
func pageGeometry(v *pdf.View, page *pdf.Dict) (geometry, error) {
	g := geometry{unit: 1}
	media, err := pageBox(v, page, "MediaBox")
	if err != nil {
		return g, err
	}
	if media == nil {
		return g, errors.New("it has no MediaBox")
	}
	crop, err := pageBox(v, page, "CropBox")
	if err != nil {
		return g, err
	}
	if crop == nil {
		crop = media
	}
	g.left, g.bottom = max(crop[0], media[0]), max(crop[1], media[1])
	g.width, g.height = min(crop[2], media[2])-g.left, min(crop[3], media[3])-g.bottom
	if !(g.width > 0 && g.height > 0) {
		return g, errors.New("its CropBox is empty")
	}
	rotate, err := inherited(v, page, "Rotate")
	if err != nil {
		return g, err
	}
	degrees, err := v.Number(rotate, 0)
	if err != nil {
		return g, err
	}
	if math.Mod(degrees, 90) == 0 && math.Abs(degrees) < 1e6 {
		g.quarters = ((int(degrees)/90)%4 + 4) % 4
	}
	if g.unit, err = v.Number(page.Get("UserUnit"), 1); err != nil {
		return g, err
	}
	if !(g.unit > 0 && g.unit < 1e6) {
		return g, fmt.Errorf("its UserUnit is %g", g.unit)
	}
	return g, nil
}

// inherited returns an entry of a page, or of a node above it.
func inherited(v *pdf.View, node *pdf.Dict, key pdf.Name) (pdf.Object, error) {
	for range maxPageDepth {
		if node == nil || node.Has(key) {
			break
		}
		parent, err := v.Dict(node.Get("Parent"))
		if err != nil {
			return nil, err
		}
		node = parent
	}
	return node.Get(key), nil
}

// pageBox reads a box of a page; nil where there is none.
func pageBox(v *pdf.View, page *pdf.Dict, key pdf.Name) (*[4]float64, error) {
	value, err := inherited(v, page, key)
	if err != nil {
		return nil, err
	}
	return rectangle(v, value)
}

// rectangle reads a rectangle (ISO 32000-2, 7.9.5), its lower left corner first;
// nil where there is none.
func rectangle(v *pdf.View, value pdf.Object) (*[4]float64, error) {
	array, err := v.Array(value)
	if err != nil || array == nil {
		return nil, err
	}
	if array.Len() != 4 {
		return nil, fmt.Errorf("a rectangle of %d numbers", array.Len())
	}
	var r [4]float64
	for i := range r {
		if r[i], err = v.Number(array.Items[i], 0); err != nil {
			return nil, err
		}
	}
	return &[4]float64{min(r[0], r[2]), min(r[1], r[3]), max(r[0], r[2]), max(r[1], r[3])}, nil
}

// displayed returns the size of the displayed page, in points.
func (g geometry) displayed() (width, height float64) {
	if g.quarters%2 != 0 {
		return g.height * g.unit, g.width * g.unit
	}
	return g.width * g.unit, g.height * g.unit
}

// toUser converts a place on the displayed page to user space.
func (g geometry) toUser(r Rect) [4]float64 {
	x0, y0, x1, y1 := r.X/g.unit, r.Y/g.unit, (r.X+r.Width)/g.unit, (r.Y+r.Height)/g.unit
	switch g.quarters {
	case 1: // the page's top is to the right
		x0, y0, x1, y1 = g.width-y1, x0, g.width-y0, x1
	case 2:
		x0, y0, x1, y1 = g.width-x1, g.height-y1, g.width-x0, g.height-y0
	case 3:
		x0, y0, x1, y1 = y0, g.height-x1, y1, g.height-x0
	}
	return [4]float64{g.left + x0, g.bottom + y0, g.left + x1, g.bottom + y1}
}

// fromUser converts a rectangle of user space, with its lower left corner first, to a
// place on the displayed page: the other way of toUser.
func (g geometry) fromUser(r [4]float64) Rect {
	x0, y0, x1, y1 := r[0]-g.left, r[1]-g.bottom, r[2]-g.left, r[3]-g.bottom
	switch g.quarters {
	case 1:
		x0, y0, x1, y1 = y0, g.width-x1, y1, g.width-x0
	case 2:
		x0, y0, x1, y1 = g.width-x1, g.height-y1, g.width-x0, g.height-y0
	case 3:
		x0, y0, x1, y1 = g.height-y1, x0, g.height-y0, x1
	}
	return Rect{X: x0 * g.unit, Y: y0 * g.unit, Width: (x1 - x0) * g.unit, Height: (y1 - y0) * g.unit}
}

// size returns how large a rectangle of user space is displayed, in points.
func (g geometry) size(r [4]float64) (width, height float64) {
	width, height = (r[2]-r[0])*g.unit, (r[3]-r[1])*g.unit
	if g.quarters%2 != 0 {
		return height, width
	}
	return width, height
}

// upright returns the Matrix of a form of that size whose content is to be upright
// on the displayed page.
func (g geometry) upright(width, height float64) []float64 {
	switch g.quarters {
	case 1:
		return []float64{0, 1, -1, 0, height, 0}
	case 2:
		return []float64{-1, 0, 0, -1, width, height}
	case 3:
		return []float64{0, -1, 1, 0, 0, width}
	}
	return []float64{1, 0, 0, 1, 0, 0}
}

// appendNumbers appends an array of numbers with at most four decimals.
func appendNumbers(dst []byte, numbers []float64) []byte {
	dst = append(dst, '[')
	for i, v := range numbers {
		if i > 0 {
			dst = append(dst, ' ')
		}
		if v = math.Round(v*1e4) / 1e4; v == 0 {
			v = 0 // never "-0"
		}
		dst = strconv.AppendFloat(dst, v, 'f', -1, 64)
	}
	return append(dst, ']')
}
