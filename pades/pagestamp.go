package pades

import "math"

// Stamp is a mark in the content of pages, such as the number of a document on
// every page: part of the pages themselves, which whoever signs later signs. In
// tagged files it is an artifact (ISO 32000-2, 14.8.2.2), no part of the text.
type Stamp struct {
	// Appearance draws the stamp; one that is a PageAppearance is asked for every
	// page. The placeholders {page} and {pages} of appearance.Text are the number of
	// the page and how many there are.
	Appearance Appearance
	// Pages are the pages, from 1; none means every page.
	Pages []int
	// Rect is the place on each page. X and Y are the distance from the Anchor into
	// the page; from the middle they go right and up. A Width of 0 leaves the distance
	// X to both sides, a Height of 0 the distance Y.
	Rect   Rect
	Anchor Anchor
	// Across sets the stamp across each two neighbouring pages (割印): its left half
	// stands at the right edge of one page, its right half at the left edge of the
	// next one; the other way round in a document that is read from right to left
	// (ViewerPreferences, Direction). A single page gets none. Rect.X must be 0, and
	// Anchor is that of Y.
	Across bool
	// Behind sets the stamp behind everything else on the page.
	Behind bool
}

// Anchor is the place on the displayed page that distances count from. The
// same side or the middle of the stamp lies at that distance.
type Anchor int

// The anchors. The zero value is the lower left corner.
const (
	BottomLeft Anchor = iota
	BottomMiddle
	BottomRight
	MiddleLeft
	Middle
	MiddleRight
	TopLeft
	TopMiddle
	TopRight
)

// place returns the rectangle on a displayed page of that size.
func (s *Stamp) place(width, height float64) Rect {
	r := s.Rect
	r.X, r.Width = along(int(s.Anchor)%3, r.X, r.Width, width)
	r.Y, r.Height = along(int(s.Anchor)/3, r.Y, r.Height, height)
	return r
}

// along returns where something of that size begins, at a distance from the
// beginning (0), the middle (1) or the end (2) of a side, and how large it is.
func along(where int, distance, size, side float64) (start, length float64) {
	switch {
	case size == 0:
		return distance, side - 2*distance
	case where == 1:
		return (side-size)/2 + distance, size
	case where == 2:
		return side - size - distance, size
	}
	return distance, size
}

// check refuses a stamp that cannot be.
func (s *Stamp) check() error {
	r := s.Rect
	switch {
	case s.Appearance == nil:
		return failf(ErrOptions, "a stamp needs an Appearance")
	case s.Anchor < BottomLeft || s.Anchor > TopRight:
		return failf(ErrOptions, "there is no anchor %d", s.Anchor)
	case !(r.Width >= 0 && r.Height >= 0) || math.IsNaN(r.X+r.Y) || math.IsInf(r.X+r.Y+r.Width+r.Height, 0):
		return failf(ErrOptions, "a stamp cannot have a rectangle of %g by %g points at %g, %g", r.Width, r.Height, r.X, r.Y)
	case s.Across && (r.X != 0 || r.Width == 0):
		return failf(ErrOptions, "a stamp across pages lies at their edges: X must be 0, and there must be a Width")
	}
	for _, n := range s.Pages {
		if n < 1 {
			return failf(ErrOptions, "page %d: pages count from 1", n)
		}
	}
	return nil
}
