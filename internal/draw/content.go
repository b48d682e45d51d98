// Package draw writes the operators of PDF content streams (ISO 32000-2, 8):
// paths, colours, transformations, and marks around text. It knows nothing of
// fonts, images or objects, and it decides nothing.
package draw

import (
	"image/color"
	"math"
	"strconv"
)

// Content is a content stream that is being written. The zero value is empty and
// ready. It is for one goroutine.
type Content struct {
	buf []byte
}

// Bytes returns what was written. It stays valid until more is written.
func (c *Content) Bytes() []byte { return c.buf }

// Set puts b, to which operators were appended, in place of what was written:
// c.Set(f(c.Bytes())) lets f append.
func (c *Content) Set(b []byte) { c.buf = b }

// op writes operands and an operator.
func (c *Content) op(operator string, operands ...float64) {
	for _, v := range operands {
		c.buf = append(AppendNumber(c.buf, v), ' ')
	}
	c.buf = append(append(c.buf, operator...), '\n')
}

// Save keeps the graphics state for Restore.
func (c *Content) Save() { c.op("q") }

// Restore brings the graphics state of the last Save back.
func (c *Content) Restore() { c.op("Q") }

// Transform makes m the first transformation of all that follows.
func (c *Content) Transform(m Matrix) {
	for _, v := range m {
		c.buf = append(appendDecimals(c.buf, v, 6), ' ')
	}
	c.buf = append(c.buf, "cm\n"...)
}

// MoveTo begins a part of the path.
func (c *Content) MoveTo(x, y float64) { c.op("m", x, y) }

// LineTo adds a straight line to the path.
func (c *Content) LineTo(x, y float64) { c.op("l", x, y) }

// CurveTo adds a cubic Bézier curve to the path.
func (c *Content) CurveTo(x1, y1, x2, y2, x3, y3 float64) { c.op("c", x1, y1, x2, y2, x3, y3) }

// Close closes the part of the path.
func (c *Content) Close() { c.op("h") }

// Rectangle adds a rectangle to the path.
func (c *Content) Rectangle(x, y, width, height float64) { c.op("re", x, y, width, height) }

// Circle adds a circle to the path, of four curves.
func (c *Content) Circle(x, y, r float64) {
	const k = 0.5522847498 // how far the control points lie from the ends of a quarter
	c.MoveTo(x+r, y)
	c.CurveTo(x+r, y+k*r, x+k*r, y+r, x, y+r)
	c.CurveTo(x-k*r, y+r, x-r, y+k*r, x-r, y)
	c.CurveTo(x-r, y-k*r, x-k*r, y-r, x, y-r)
	c.CurveTo(x+k*r, y-r, x+r, y-k*r, x+r, y)
	c.Close()
}

// Fill fills the path by the nonzero winding rule.
func (c *Content) Fill() { c.op("f") }

// Stroke draws along the path.
func (c *Content) Stroke() { c.op("S") }

// Clip lets nothing that follows be painted outside the path.
func (c *Content) Clip() { c.op("W n") }

// LineWidth sets how wide Stroke draws.
func (c *Content) LineWidth(w float64) { c.op("w", w) }

// FillColor sets the colour that Fill and text are painted with. Transparency is
// ignored.
func (c *Content) FillColor(v color.Color) { c.color(v, "g", "rg") }

// StrokeColor sets the colour that Stroke paints with. Transparency is ignored.
func (c *Content) StrokeColor(v color.Color) { c.color(v, "G", "RG") }

func (c *Content) color(v color.Color, gray, rgb string) {
	n, _ := color.NRGBAModel.Convert(v).(color.NRGBA)
	if n.R == n.G && n.G == n.B {
		c.op(gray, float64(n.R)/255)
		return
	}
	c.op(rgb, float64(n.R)/255, float64(n.G)/255, float64(n.B)/255)
}

// XObject paints the external object of that name in the resources.
func (c *Content) XObject(name string) {
	c.buf = append(append(append(c.buf, '/'), name...), " Do\n"...)
}

// BeginSpan marks what follows, until EndSpan, as standing for a text, which is
// given as the token of a text string.
func (c *Content) BeginSpan(actualText []byte) {
	c.buf = append(append(append(c.buf, "/Span<</ActualText"...), actualText...), ">>BDC\n"...)
}

// EndSpan ends the last BeginSpan.
func (c *Content) EndSpan() { c.op("EMC") }

// BeginTagged marks what follows, until EndMarked, as the content of a structure
// element of that type, by the number that it has on its page (ISO 32000-2, 14.7.5.2).
func (c *Content) BeginTagged(structureType string, number int) {
	c.buf = append(append(append(c.buf, '/'), structureType...), "<</MCID "...)
	c.buf = append(strconv.AppendInt(c.buf, int64(number), 10), ">>BDC\n"...)
}

// BeginArtifact marks what follows, until EndMarked, as no part of what the
// document says (14.8.2.2): properties are those of the artifact, as
// "/Type/Pagination", or empty.
func (c *Content) BeginArtifact(properties string) {
	c.buf = append(append(append(c.buf, "/Artifact<<"...), properties...), ">>BDC\n"...)
}

// EndMarked ends the last BeginTagged or BeginArtifact.
func (c *Content) EndMarked() { c.op("EMC") }

// TextWidth sets how far the strokes of text reach beyond its outlines, in units of
// the current space: 0 shows it as the font has it, more makes it bolder.
func (c *Content) TextWidth(w float64) {
	if w <= 0 {
		c.op("0 Tr")
		return
	}
	c.LineWidth(w)
	c.op("2 Tr")
}

// Matrix is a transformation: x' = ax + cy + e, y' = bx + dy + f.
type Matrix [6]float64

// Turned returns the rotation by quarter turns counterclockwise that keeps the
// box of that size, its lower left corner at the origin, in the first quadrant.
func Turned(quarters int, width, height float64) Matrix {
	switch ((quarters % 4) + 4) % 4 {
	case 1:
		return Matrix{0, 1, -1, 0, height, 0}
	case 2:
		return Matrix{-1, 0, 0, -1, width, height}
	case 3:
		return Matrix{0, -1, 1, 0, 0, width}
	}
	return Matrix{1, 0, 0, 1, 0, 0}
}

// AppendNumber appends a number with at most three decimals.
func AppendNumber(dst []byte, v float64) []byte { return appendDecimals(dst, v, 3) }

func appendDecimals(dst []byte, v float64, decimals int) []byte {
	scale := math.Pow10(decimals)
	if v = math.Round(v*scale) / scale; v == 0 || math.IsNaN(v) {
		return append(dst, '0') // never "-0"
	}
	return strconv.AppendFloat(dst, max(-1e9, min(1e9, v)), 'f', -1, 64)
}

// Then returns the transformation that does m first and then n.
func (m Matrix) Then(n Matrix) Matrix {
	return Matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}
