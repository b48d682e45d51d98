package font

import (
	"errors"
	"fmt"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Op is what a Segment does.
type Op byte

// The operations of a path. A MoveTo closes the contour before it.
const (
	MoveTo Op = iota
	LineTo
	CurveTo // cubic Bézier
)

// Point is a point of an outline; Y grows upwards.
type Point struct{ X, Y float64 }

// Segment is one step of an outline. Points[0] is the end of a MoveTo or
// LineTo; a CurveTo has two control points and then its end.
type Segment struct {
	Op     Op
	Points [3]Point
}

// Used returns the points that the operation uses.
func (s *Segment) Used() []Point {
	if s.Op == CurveTo {
		return s.Points[:]
	}
	return s.Points[:1]
}

// Outline returns the outline of a glyph in ems, its origin at the beginning of
// the baseline. It is to be filled by the nonzero winding rule. Empty glyphs,
// such as a space, have no segments.
func (f *Font) Outline(g GlyphID) ([]Segment, error) {
	path, err := f.path(g)
	for i := range path {
		for j := range path[i].Points {
			path[i].Points[j].X /= f.unitsPerEm
			path[i].Points[j].Y /= f.unitsPerEm
		}
	}
	return path, err
}

// path returns the outline of a glyph in units of the font.
func (f *Font) path(g GlyphID) ([]Segment, error) {
	if int(g) >= f.glyphs {
		return nil, fmt.Errorf("font: there is no glyph %d in %s", g, f.family)
	}
	if f.cff != nil {
		return f.cff.path(g)
	}
	if _, err := f.components(g, 0); err != nil {
		return nil, err
	}
	var buffer sfnt.Buffer
	scale := fixed.I(int(f.unitsPerEm)) // one unit is one pixel
	loaded, err := f.outlines.LoadGlyph(&buffer, sfnt.GlyphIndex(g), scale, nil)
	if err != nil {
		return nil, fmt.Errorf("font: glyph %d of %s: %w", g, f.family, err)
	}
	if len(loaded) > maxSegments {
		return nil, fmt.Errorf("font: glyph %d of %s has more than %d lines and curves", g, f.family, maxSegments)
	}
	path := make([]Segment, 0, len(loaded))
	var current Point
	for _, s := range loaded {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			path = append(path, Segment{MoveTo, [3]Point{point(s.Args[0])}})
		case sfnt.SegmentOpLineTo:
			path = append(path, Segment{LineTo, [3]Point{point(s.Args[0])}})
		case sfnt.SegmentOpQuadTo:
			path = append(path, quadratic(current, point(s.Args[0]), point(s.Args[1])))
		case sfnt.SegmentOpCubeTo:
			path = append(path, Segment{CurveTo, [3]Point{point(s.Args[0]), point(s.Args[1]), point(s.Args[2])}})
		}
		last := &path[len(path)-1]
		current = last.Used()[len(last.Used())-1]
	}
	return path, nil
}

// point converts from the library's pixels, whose y grows downwards.
func point(p fixed.Point26_6) Point {
	return Point{float64(p.X) / 64, -float64(p.Y) / 64}
}

// quadratic raises a quadratic curve to the cubic one of the same shape.
func quadratic(from, control, to Point) Segment {
	third := func(a, b Point) Point { return Point{a.X + (b.X-a.X)*2/3, a.Y + (b.Y-a.Y)*2/3} }
	return Segment{CurveTo, [3]Point{third(from, control), third(to, control), to}}
}

// errComposite tells that a composite glyph is no tree of a sane size.
var errComposite = errors.New("font: a composite glyph nests too deep or has too many parts")

// components returns how many parts a TrueType glyph has, parts of parts
// included; 0 for a simple glyph.
func (f *Font) components(g GlyphID, depth int) (int, error) {
	data, err := f.glyphData(g)
	if err != nil {
		return 0, err
	}
	n := 0
	err = eachComponent(data, func(_ int, part GlyphID) error {
		if depth == maxComponentDepth {
			return errComposite
		}
		inner, err := f.components(part, depth+1)
		if n += 1 + inner; err == nil && n > maxComponents {
			err = errComposite
		}
		return err
	})
	return n, err
}
