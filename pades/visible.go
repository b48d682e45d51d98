package pades

import (
	"context"
	"math"

	"github.com/inkan-go/inkan/internal/pdf"
)

// visibility is what options say about where a signature is shown.
type visibility struct {
	appearance Appearance
	field      string // an existing field, which has its places
	page       int
	rect       Rect
	also       []Placement
	empty      bool // of a field that is to be signed later: it has its place without an appearance
}

// shown tells whether a new field is to be seen.
func (o *visibility) shown() bool {
	return o.appearance != nil || o.empty && (o.rect != Rect{} || len(o.also) > 0)
}

func (o *SignOptions) visibility() *visibility {
	return &visibility{appearance: o.Appearance, field: o.Field, page: o.Page, rect: o.Rect, also: o.Also}
}

func (o *TimestampOptions) visibility() *visibility {
	return &visibility{appearance: o.Appearance, page: o.Page, rect: o.Rect, also: o.Also}
}

// check refuses options that contradict each other.
func (o *visibility) check() error {
	switch {
	case !o.shown() && (o.rect != Rect{} || len(o.also) > 0):
		return failf(ErrOptions, "a place to be shown at, but no Appearance to be shown")
	case o.field != "" && o.page != 0:
		return failf(ErrOptions, "Page applies to a new field: the field %q has its place", o.field)
	case o.field != "" && (o.rect != Rect{} || len(o.also) > 0):
		return failf(ErrOptions, "Rect and Also apply to a new field: the field %q has its place", o.field)
	case !o.shown() && o.page < 0:
		return failf(ErrOptions, "page %d: pages count from 1", o.page)
	case !o.shown() || o.field != "":
		return nil
	}
	for _, p := range o.placements() {
		switch r := p.Rect; {
		case p.Page < AllPages:
			return failf(ErrOptions, "page %d: pages count from 1", p.Page)
		case !(r.Width > 0 && r.Height > 0) || math.IsNaN(r.X+r.Y) || math.IsInf(r.X+r.Y+r.Width+r.Height, 0):
			return failf(ErrOptions, "what is to be seen needs a rectangle, not one of %g by %g points at %g, %g", r.Width, r.Height, r.X, r.Y)
		}
	}
	return nil
}

func (o *visibility) placements() []Placement {
	return append([]Placement{{Page: o.page, Rect: o.rect}}, o.also...)
}

// widget is one place where a signature is shown.
type widget struct {
	page     *pdf.Indirect // of a new field: the page that will carry it
	object   *pdf.Indirect // of an existing field: the annotation
	geometry geometry
	rect     [4]float64 // in user space
	form     string     // the reference to its appearance, when that is drawn
}

// placeNew finds the places of a new field.
func (u *formUpdate) placeNew(o *visibility) ([]widget, error) {
	u.pdfa = claimedPDFA(u.view, u.form.Catalog)
	if !o.shown() {
		page, err := findPage(u.view, u.form.Catalog, o.page)
		return []widget{{page: page}}, err
	}
	var pages []*pdf.Indirect // of the document, where some placement means all
	var widgets []widget
	for _, placement := range o.placements() {
		on := pages
		if placement.Page != AllPages {
			page, err := findPage(u.view, u.form.Catalog, placement.Page)
			if err != nil {
				return nil, err
			}
			on = []*pdf.Indirect{page}
		} else if pages == nil {
			var err error
			if pages, err = allPages(u.view, u.form.Catalog, maxWidgets); err != nil {
				return nil, err
			}
			on = pages
		}
		if len(widgets)+len(on) > maxWidgets {
			return nil, failf(ErrOptions, "a signature shown in more than %d places", maxWidgets)
		}
		for _, page := range on {
			w, err := u.placeOn(page, placement.Rect)
			if err != nil {
				return nil, err
			}
			widgets = append(widgets, w)
		}
	}
	return widgets, nil
}

// placeOn converts a place on a displayed page, which it must not leave.
func (u *formUpdate) placeOn(page *pdf.Indirect, r Rect) (widget, error) {
	const slack = 0.01 // points
	g, err := pageGeometry(u.view, page.Dict())
	if err != nil {
		return widget{}, failf(ErrNotPDF, "page %v cannot be measured: %w", page.Ref, err)
	}
	width, height := g.displayed()
	if r.X < -slack || r.Y < -slack || r.X+r.Width > width+slack || r.Y+r.Height > height+slack {
		return widget{}, failf(ErrOptions, "the rectangle of %g by %g points at %g, %g leaves the page (object %v), which is displayed %g by %g points large",
			r.Width, r.Height, r.X, r.Y, page.Ref, width, height)
	}
	return widget{page: page, geometry: g, rect: g.toUser(r)}, nil
}

// placeExisting finds the places of the target's field.
func (u *formUpdate) placeExisting(to *target) error {
	if n := len(to.field.Widgets); n > maxWidgets {
		return failf(ErrField, "the field %q has %d widgets, more than %d places", to.field.Name, n, maxWidgets)
	}
	u.pdfa = claimedPDFA(u.view, u.form.Catalog)
	met := make(map[pdf.Reference]bool)
	for _, ref := range to.field.Widgets {
		if met[ref] {
			continue
		}
		met[ref] = true
		o, err := u.view.Object(ref)
		if err != nil {
			return failf(ErrField, "a widget of the field %q cannot be read: %w", to.field.Name, err)
		}
		rect, err := rectangle(u.view, o.Dict().Get("Rect"))
		if err != nil {
			return failf(ErrField, "a widget of the field %q has no usable place: %w", to.field.Name, err)
		}
		if rect == nil || rect[2]-rect[0] <= 0 || rect[3]-rect[1] <= 0 {
			continue
		}
		to.widgets = append(to.widgets, widget{object: o, rect: *rect})
	}
	if len(to.widgets) == 0 {
		return failf(ErrField, "the field %q is invisible: it has no rectangle for an Appearance", to.field.Name)
	}
	return u.measurePages(to.widgets)
}

// measurePages finds the page of each widget and measures it: the one that the
// widget names, or the one that lists it.
func (u *formUpdate) measurePages(widgets []widget) error {
	homeless := make(map[pdf.Reference]bool)
	pages := make(map[pdf.Reference]place)
	for _, w := range widgets {
		if ref, ok := w.object.Dict().Get("P").(pdf.Reference); ok {
			page, err := u.view.Object(ref)
			if err == nil && page.Dict() != nil && page.Dict().Has("Type") {
				pages[w.object.Ref] = place{page: page}
				continue
			}
		}
		homeless[w.object.Ref] = true
	}
	if len(homeless) > 0 {
		if err := u.findPages(homeless, pages); err != nil {
			return err
		}
	}
	for i := range widgets {
		page := pages[widgets[i].object.Ref].page
		if page == nil {
			return failf(ErrField, "the widget %v is on no page", widgets[i].object.Ref)
		}
		var err error
		if widgets[i].geometry, err = pageGeometry(u.view, page.Dict()); err != nil {
			return failf(ErrNotPDF, "page %v cannot be measured: %w", page.Ref, err)
		}
	}
	return nil
}

// place is the page of an annotation, and its number from 1 where that was counted.
type place struct {
	page   *pdf.Indirect
	number int
}

// findPages walks the pages once, up to where all the annotations wanted were met.
func (u *formUpdate) findPages(wanted map[pdf.Reference]bool, pages map[pdf.Reference]place) error {
	w := &pageWalk{view: u.view, seen: make(map[int64]bool)}
	w.wanted = func(page *pdf.Dict, holder *pdf.Indirect) bool {
		annotations, err := u.view.Array(page.Get("Annots"))
		if err != nil || annotations == nil {
			return false
		}
		for _, item := range annotations.Items {
			if ref, ok := item.(pdf.Reference); ok && wanted[ref] {
				delete(wanted, ref)
				pages[ref] = place{holder, w.pages}
			}
		}
		return len(wanted) == 0
	}
	if _, err := w.node(u.form.Catalog.Dict().Get("Pages"), u.form.Catalog, 1); err != nil {
		return failf(ErrField, "the pages of the widgets: %w", err)
	}
	return nil
}

// allPages returns all pages, in their order, if they are no more than most.
func allPages(v *pdf.View, catalog *pdf.Indirect, most int) ([]*pdf.Indirect, error) {
	var pages []*pdf.Indirect
	w := &pageWalk{view: v, seen: make(map[int64]bool)}
	w.wanted = func(page *pdf.Dict, holder *pdf.Indirect) bool {
		if holder.Dict() != page || len(pages) == most {
			return true // an error, below
		}
		pages = append(pages, holder)
		return false
	}
	stopped, err := w.node(catalog.Dict().Get("Pages"), catalog, 1)
	switch {
	case err != nil:
		return nil, failf(ErrNotPDF, "the page tree cannot be read: %w", err)
	case stopped != nil:
		return nil, failf(ErrOptions, "more than %d pages to be marked", most)
	case len(pages) == 0:
		return nil, failf(ErrNotPDF, "the page tree holds no page")
	}
	return pages, nil
}

// draw draws the appearance of every widget: one drawing for each size, one form
// for each size and rotation.
func (u *formUpdate) draw(ctx context.Context, a Appearance, r AppearanceRequest, widgets []widget) error {
	type size struct{ width, height float64 }
	type turned struct {
		size
		quarters int
	}
	streams, forms := make(map[size]*AppearanceStream), make(map[turned]string)
	objects := u.drawn()
	r.PDFA, r.Objects = u.pdfa, objects
	for i := range widgets {
		w := &widgets[i]
		r.Width, r.Height = w.geometry.size(w.rect)
		of := size{math.Round(r.Width*1e4) / 1e4, math.Round(r.Height*1e4) / 1e4}
		stream := streams[of]
		if stream == nil {
			var err error
			if stream, err = a.Draw(ctx, &r); err != nil {
				return failf(ErrOptions, "the appearance cannot be drawn: %w", err)
			}
			if stream == nil {
				return failf(ErrOptions, "the appearance draws nothing")
			}
			streams[of] = stream
		}
		key := turned{of, w.geometry.quarters}
		if forms[key] == "" {
			forms[key] = stream.form(objects, of.width, of.height, w.geometry)
		}
		w.form = forms[key]
	}
	return objects.err
}

// form writes a form XObject (ISO 32000-2, 8.10).
func (s *AppearanceStream) form(objects ObjectWriter, width, height float64, g geometry) string {
	dict := append([]byte("<</Type/XObject/Subtype/Form/BBox"), appendNumbers(nil, []float64{0, 0, width, height})...)
	dict = appendNumbers(append(dict, "/Matrix"...), g.upright(width, height))
	dict = append(dict, "/Resources"...)
	if len(s.Resources) > 0 {
		dict = append(dict, s.Resources...)
	} else {
		dict = append(dict, "<<>>"...)
	}
	return objects.AddStream(append(dict, ">>"...), s.Content)
}
