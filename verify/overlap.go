package verify

import (
	"slices"

	"github.com/inkan-go/inkan/internal/changes"
	"github.com/inkan-go/inkan/internal/content"
	"github.com/inkan-go/inkan/internal/pdf"
)

// What an addition may cover.
const (
	overlapsContent   = "content"
	overlapsSignature = "signature"
)

// overlaps tells what an addition of a revision covers on its page, as it was
// before: the area of an earlier signature, or painted content.
func (f *file) overlaps(c changes.Change, revision int) string {
	area, ok := content.NewArea(c.Rect)
	if !c.Visible || c.PageRef.IsZero() {
		return ""
	}
	if !ok {
		return overlapsContent // who knows where
	}
	view := f.pdf.View(revision - 1)
	o, err := view.Object(c.PageRef)
	if err != nil || o.Dict() == nil {
		return overlapsContent
	}
	if f.coversSignature(view, c.PageRef, area, c.Ref) {
		return overlapsSignature
	}
	painted := f.paintedOn(view, c.PageRef)
	if painted == nil {
		return overlapsContent
	}
	if painted.Covers(area) {
		return overlapsContent
	}
	return ""
}

// paintedOn returns what a page paints; nil where too many were looked at. Later
// revisions that are explained do not change it.
func (f *file) paintedOn(view *pdf.View, page pdf.Reference) *content.Painted {
	painted := f.painted[page]
	if painted == nil && len(f.painted) < maxPaintedPages {
		d, err := view.Dict(page)
		if err != nil || d == nil {
			return nil
		}
		painted = content.Page(view, d)
		if f.painted == nil {
			f.painted = make(map[pdf.Reference]*content.Painted)
		}
		f.painted[page] = painted
	}
	return painted
}

// coversSignature tells whether an area meets that of a signature on the same
// page, other than the one that stands there itself.
func (f *file) coversSignature(view *pdf.View, page pdf.Reference, area content.Area, own pdf.Reference) bool {
	key := pageOf{view.Revision(), page}
	areas, known := f.signedAreas[key]
	if !known {
		areas = f.readSignedAreas(view, page)
		if f.signedAreas == nil {
			f.signedAreas = make(map[pageOf][]signedArea)
		}
		f.signedAreas[key] = areas
	}
	return slices.ContainsFunc(areas, func(a signedArea) bool { return a.widget != own && a.area.Overlaps(area) })
}

// pageOf is a page of a revision.
type pageOf struct {
	revision int
	page     pdf.Reference
}

// signedArea is where a signature is shown.
type signedArea struct {
	widget pdf.Reference
	area   content.Area
}

// readSignedAreas returns where signatures are shown on a page.
func (f *file) readSignedAreas(view *pdf.View, page pdf.Reference) []signedArea {
	form := f.forms.at(view.Revision())
	d, err := view.Dict(page)
	if form == nil || err != nil || d == nil {
		return nil
	}
	annotations, err := view.Array(d.Get("Annots"))
	if err != nil || annotations == nil {
		return nil
	}
	widgets := make(map[pdf.Reference]bool)
	for _, field := range form.Fields {
		if field.Signature == nil {
			continue
		}
		for _, w := range field.Widgets {
			widgets[w] = true
		}
	}
	var list []signedArea
	for _, item := range annotations.Items {
		ref, ok := item.(pdf.Reference)
		if !ok || !widgets[ref] {
			continue
		}
		d, err := view.Dict(ref)
		if err != nil || d == nil {
			continue
		}
		if rect, ok := content.NewArea(view.Rectangle(d.Get("Rect"))); ok {
			widgets[ref] = false // once
			list = append(list, signedArea{ref, rect})
		}
	}
	return list
}
