package content

import "math"

// Area is an upright rectangle in user space.
type Area struct{ X0, Y0, X1, Y1 float64 }

// NewArea makes an area of two opposite corners in any order, as a Rect entry
// holds them; ok is false where it is no rectangle of finite size.
func NewArea(rect []float64) (a Area, ok bool) {
	if len(rect) != 4 {
		return Area{}, false
	}
	a = Area{math.Min(rect[0], rect[2]), math.Min(rect[1], rect[3]), math.Max(rect[0], rect[2]), math.Max(rect[1], rect[3])}
	return a, !math.IsNaN(a.X0+a.Y0+a.X1+a.Y1) && !math.IsInf(a.X0+a.Y0+a.X1+a.Y1, 0)
}

// Overlaps tells whether two areas share more than an edge.
func (a Area) Overlaps(b Area) bool {
	return a.X0 < b.X1 && b.X0 < a.X1 && a.Y0 < b.Y1 && b.Y0 < a.Y1
}

func (a Area) union(b Area) Area {
	return Area{math.Min(a.X0, b.X0), math.Min(a.Y0, b.Y0), math.Max(a.X1, b.X1), math.Max(a.Y1, b.Y1)}
}

// matrix is a transformation [a b c d e f] (ISO 32000-2, 8.3.3).
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// times returns the transformation that applies m and then n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

func (m matrix) point(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

// area returns the upright rectangle around a transformed rectangle.
func (m matrix) area(a Area) Area {
	x, y := m.point(a.X0, a.Y0)
	out := Area{x, y, x, y}
	for _, p := range [][2]float64{{a.X1, a.Y0}, {a.X0, a.Y1}, {a.X1, a.Y1}} {
		x, y := m.point(p[0], p[1])
		out = out.union(Area{x, y, x, y})
	}
	return out
}
