package pades

import (
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
)

// pageMark is a stamp on one page, or the half of one.
type pageMark struct {
	stamp  int // in Amendment.Stamps
	number int // of the page that it is drawn for, from 1
	page   *stampedPage
	rect   Rect   // on the displayed page; of one across pages a half lies beside it
	form   string // the reference to what was drawn
}

// stampedPage is a page that gets stamps.
type stampedPage struct {
	object    *pdf.Indirect
	number    int // from 1
	geometry  geometry
	contents  *pageContents
	resources *pageResources
	marks     []*pageMark // in the order in which they are painted
}

// readPages finds the places of all stamps, and reads the pages that get any.
func (u *amendment) readPages(stamps []Stamp) error {
	all, err := allPages(u.view, u.form.Catalog, maxStampedPages)
	if err != nil {
		return err
	}
	u.pageCount = len(all)
	touched := make(map[int]*stampedPage)
	for i := range stamps {
		s := &stamps[i]
		if err := s.check(); err != nil {
			return err
		}
		numbers, err := s.numbers(len(all))
		if err != nil {
			return err
		}
		pages := make([]*stampedPage, len(numbers))
		for j, n := range numbers {
			if touched[n] == nil {
				if touched[n], err = u.measure(all[n-1], n); err != nil {
					return err
				}
			}
			pages[j] = touched[n]
		}
		if err := u.placeMarks(i, s, pages); err != nil {
			return err
		}
	}
	for _, page := range touched {
		if len(page.marks) > 0 {
			u.pages = append(u.pages, page)
		}
	}
	slices.SortFunc(u.pages, func(a, b *stampedPage) int { return a.number - b.number })
	return u.readStamped(stamps)
}

// numbers returns the pages of a stamp, ascending.
func (s *Stamp) numbers(count int) ([]int, error) {
	numbers := slices.Clone(s.Pages)
	if len(numbers) == 0 {
		for n := range count {
			numbers = append(numbers, n+1)
		}
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	if last := numbers[len(numbers)-1]; last > count {
		return nil, failf(ErrOptions, "there is no page %d: the document has %d", last, count)
	}
	return numbers, nil
}

func (u *amendment) measure(page *pdf.Indirect, number int) (*stampedPage, error) {
	g, err := pageGeometry(u.view, page.Dict())
	if err != nil {
		return nil, failf(ErrNotPDF, "page %d cannot be measured: %w", number, err)
	}
	return &stampedPage{object: page, number: number, geometry: g}, nil
}

// placeMarks puts a stamp on its pages.
func (u *amendment) placeMarks(stamp int, s *Stamp, pages []*stampedPage) error {
	backwards := false
	if s.Across {
		var err error
		if backwards, err = u.readsBackwards(); err != nil {
			return err
		}
	}
	for i, page := range pages {
		width, height := page.geometry.displayed()
		r := s.place(width, height)
		switch {
		case !(r.Width > 0 && r.Height > 0):
			return failf(ErrOptions, "page %d, which is displayed %g by %g points large, leaves no room for the stamp", page.number, width, height)
		case r.leaves(width, height) && !s.Across, s.Across && (Rect{Y: r.Y, Height: r.Height}).leaves(width, height):
			return failf(ErrOptions, "the stamp of %g by %g points leaves page %d, which is displayed %g by %g points large", r.Width, r.Height, page.number, width, height)
		case !s.Across:
			u.mark(stamp, page.number, page, r)
			continue
		case i+1 == len(pages) || pages[i+1].number != page.number+1:
			continue
		}
		left, right := page, pages[i+1]
		if backwards {
			left, right = right, left
		}
		for _, side := range []struct {
			page *stampedPage
			edge float64 // how far to the right the middle of the stamp is
		}{{left, first(left.geometry.displayed())}, {right, 0}} {
			width, height := side.page.geometry.displayed()
			r := s.place(width, height)
			r.X = side.edge - r.Width/2
			u.mark(stamp, page.number, side.page, r)
		}
	}
	return nil
}

func first(width, _ float64) float64 { return width }

func (u *amendment) mark(stamp, number int, page *stampedPage, r Rect) {
	m := &pageMark{stamp: stamp, number: number, page: page, rect: r}
	page.marks = append(page.marks, m)
	u.marks = append(u.marks, m)
}

// readsBackwards tells whether the pages follow each other from right to left (ISO
// 32000-2, table 147).
func (u *amendment) readsBackwards() (bool, error) {
	preferences, err := u.view.Dict(u.form.Catalog.Dict().Get("ViewerPreferences"))
	if err != nil {
		return false, failf(ErrNotPDF, "the viewer preferences cannot be read: %w", err)
	}
	direction, err := u.view.Name(preferences.Get("Direction"))
	return err == nil && direction == "R2L", nil
}

// readStamped reads what the pages consist of, as far as stamps change it.
func (u *amendment) readStamped(stamps []Stamp) error {
	resources := &resourceReader{view: u.view, shared: make(map[pdf.Reference]*pageResources)}
	contents := &contentReader{view: u.view, endings: make(map[string]*pageEnding)}
	for _, page := range u.pages {
		onTop := slices.ContainsFunc(page.marks, func(m *pageMark) bool { return !stamps[m.stamp].Behind })
		var err error
		if page.contents, err = contents.read(page.object, onTop); err != nil {
			return failf(ErrNotPDF, "the content of page %d cannot be stamped: %w", page.number, err)
		}
		if page.resources, err = resources.read(page.object); err != nil {
			return failf(ErrNotPDF, "the resources of page %d cannot be read: %w", page.number, err)
		}
	}
	return nil
}
