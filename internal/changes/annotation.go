package changes

import (
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
)

// subtypes are the annotations of ISO 32000-2, Table 171, that people add to
// documents; a widget is part of a form, and the rest serves printing.
var subtypes = []pdf.Name{
	"Text", "Link", "FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight", "Underline", "Squiggly",
	"StrikeOut", "Caret", "Stamp", "Ink", "Popup", "FileAttachment", "Redact", "Watermark", "Sound", "Movie", "Screen",
	"3D", "RichMedia", "Projection",
}

// annotations compares the annotations of a page.
func (c *comparison) annotations(before, after slot, holder int64, page int) {
	old, now := c.open(before), c.open(after)
	if _, array := now.value.(*pdf.Array); !array && !now.absent() {
		c.forbid(pdf.Reference{Number: now.holder}, "the annotations of page %d are no array", page)
		return
	}
	k := 0
	was, is := old.items(), now.items()
	if !c.after.spend(len(was) + len(is)) {
		return
	}
	kept := commonItems(was, is)
	for i := range is {
		if k < len(kept) && kept[k] == i {
			k++
			continue
		}
		c.newAnnotation(now.item(i), holder, page)
	}
	if len(kept) < len(was) {
		c.lostAnnotations(old, now, holder, page)
	}
}

// commonItems returns the places in an array of the items of an earlier one, as
// far as they are there still in the same order.
func commonItems(was, is []pdf.Object) []int {
	var all []int
	for i, item := range is {
		if len(all) < len(was) && equal(was[len(all)], item) {
			all = append(all, i)
		}
	}
	if len(all) == len(was) {
		return all // none is gone
	}
	at := make(map[pdf.Reference]int, len(is))
	for i, item := range is {
		if r, ok := item.(pdf.Reference); ok {
			at[r] = i
		}
	}
	var kept []int
	next := 0
	for _, item := range was {
		if r, ok := item.(pdf.Reference); ok {
			if i, has := at[r]; has && i >= next {
				kept, next = append(kept, i), i+1
			}
			continue
		}
		for i := next; i < len(is); i++ {
			if _, ref := is[i].(pdf.Reference); ref {
				continue
			}
			if equal(item, is[i]) {
				kept, next = append(kept, i), i+1
			}
			break
		}
	}
	return kept
}

// lostAnnotations judges what is gone from the list of a page: an annotation may
// be removed, but a widget of the form may not, nor may the order change.
func (c *comparison) lostAnnotations(old, now slot, holder int64, page int) {
	have := make(map[pdf.Reference]bool)
	for _, item := range now.items() {
		if r, ok := item.(pdf.Reference); ok {
			have[r] = true
		}
	}
	for i := range old.items() {
		item := old.item(i)
		r := item.ref()
		if have[r] {
			continue
		}
		a := item.peek()
		if a.absent() {
			continue // there was none
		}
		subtype, ok := a.get("Subtype").value.(pdf.Name)
		if !a.isDict() || !ok || !slices.Contains(subtypes, subtype) {
			c.forbid(r, "page %d lost object %v, which is no annotation that may be removed", page, r)
			continue
		}
		change := Change{What: AnnotationRemoved, Subtype: string(subtype), Ref: r}
		c.place(c.before, holder, &change)
		change.Rect, change.Visible = rectangle(a)
		c.explain(change)
	}
	if len(commonItems(old.items(), now.items())) < len(commonSet(old.items(), have)) {
		c.forbid(pdf.Reference{Number: now.holder}, "the annotations of page %d stand in another order", page)
	}
}

// commonSet returns the references of an array that another one has as well.
func commonSet(items []pdf.Object, have map[pdf.Reference]bool) []pdf.Object {
	var out []pdf.Object
	for _, item := range items {
		if r, ok := item.(pdf.Reference); ok && have[r] {
			out = append(out, item)
		}
	}
	return out
}

// newAnnotation judges an item that a page's list of annotations gained.
func (c *comparison) newAnnotation(item slot, holder int64, page int) {
	ref := item.ref()
	if o := c.objects.get(ref.Number); o != nil && o.done && !ref.IsZero() {
		item.claim() // the widget of a field that was explained
		if slices.ContainsFunc(c.before.holders(ref.Number, "Annots"), c.before.isPage) {
			c.forbid(ref, "object %v stands a second time among the annotations of a page", ref)
		}
		return
	}
	a := c.open(item)
	switch {
	case a.absent():
		return
	case !a.isDict():
		c.forbid(ref, "page %d has a new annotation that is no dictionary", page)
		return
	case !ref.IsZero() && !c.isNew(ref.Number):
		c.forbid(ref, "object %v became an annotation of page %d", ref, page)
		return
	}
	subtype, _ := a.get("Subtype").value.(pdf.Name)
	if !slices.Contains(subtypes, subtype) {
		c.forbid(ref, "page %d has a new annotation whose subtype is %q", page, subtype)
		return
	}
	c.action(a, ref)
	c.assign(ref.Number, annotation)
	c.own(a, false)
	c.scripts(a, ref)
	change := Change{What: AnnotationAdded, Subtype: string(subtype), Ref: ref, Hidden: hidden(a)}
	c.place(c.before, holder, &change)
	change.Rect, change.Visible = rectangle(a)
	c.explain(change)
}

// changedAnnotation compares an annotation, other than of a form, that was
// written anew.
func (c *comparison) changedAnnotation(n, page int64) {
	c.objects.note(n).done = true
	ref := pdf.Reference{Number: n}
	old, now := c.object(c.before, ref), c.object(c.after, ref)
	if !old.isDict() || !now.isDict() {
		return
	}
	subtype, _ := old.get("Subtype").value.(pdf.Name)
	if !slices.Contains(subtypes, subtype) {
		return // and stays unexplained
	}
	c.assign(n, annotation)
	keys := c.differences(old, now)
	for _, key := range keys {
		switch key {
		case "Type", "Subtype", "Parent", "FT", "V", "Kids":
			c.forbid(ref, "the entry %s of an annotation", key)
		case "A", "AA", "PA":
			c.action(now, ref)
			c.own(now.get(key), false)
		case "AP":
		default:
			c.own(now.get(key), false)
		}
	}
	drawn := c.appearance(old.get("AP"), now.get("AP"))
	for _, key := range keys {
		c.scripts(now.get(key), ref)
	}
	if len(keys) == 0 && !drawn {
		return
	}
	change := Change{What: AnnotationChanged, Subtype: string(subtype), Ref: ref, Hidden: hidden(now)}
	c.place(c.before, page, &change)
	change.Rect, change.Visible = rectangle(now)
	c.explain(change)
}
