package changes

import (
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// form explains signatures: what changed in the AcroForm, in the fields that
// were signed, in the pages that show them.
func (c *comparison) form(revision int) *unexplained {
	before, after := c.history.forms(revision-1), c.history.forms(revision)
	if before == nil || after == nil {
		return unknown(pdf.Reference{}, "the form cannot be read")
	}
	if before == after {
		return nil
	}
	if u := c.acroForm(before, after); u != nil {
		return u
	}
	known := make(map[pdf.Reference]*sigdict.Field, len(before.Fields))
	for _, f := range before.Fields {
		known[f.Ref] = f
	}
	for _, f := range after.Fields {
		if f.Ref.IsZero() {
			continue // direct: the array that holds it was compared
		}
		if u := c.field(known[f.Ref], f); u != nil {
			return u
		}
	}
	return nil
}

// acroForm explains the AcroForm dictionary and its list of fields.
func (c *comparison) acroForm(before, after *sigdict.Form) *unexplained {
	if after.Dict == nil {
		if before.Dict != nil {
			return unknown(before.Object.Ref, "the form is gone")
		}
		return nil
	}
	own := after.Object.Ref
	if before.Dict != nil && before.Object.Ref != own && before.Object != before.Catalog {
		return unknown(own, "the form is another object")
	}
	if ch, changed := c.pending[own.Number]; changed && ch.before != nil && after.Object != after.Catalog &&
		(before.Dict == nil || before.Object.Ref != own) {
		return unknown(own, "the form took the place of something else")
	}
	for _, key := range differing(before.Dict, after.Dict) {
		switch key {
		case "Fields":
			if u := c.fieldList(before, after); u != nil {
				return u
			}
		case "SigFlags":
			if n, ok := after.Dict.Get(key).(pdf.Integer); !ok || n < 0 || n > 3 {
				return unknown(own, "the SigFlags of the form")
			}
		case "DA", "DR":
			// Default resources serve fields that draw themselves anew; what
			// was there must stay.
			if before.Dict.Has(key) {
				return unknown(own, "the form entry %s", key)
			}
			c.closure(after.Dict.Get(key))
		default:
			return unknown(own, "the form entry %s", key)
		}
	}
	if ref, ok := after.Dict.Get("Fields").(pdf.Reference); ok {
		if ch, changed := c.pending[ref.Number]; changed {
			if old, ok := before.Dict.Get("Fields").(pdf.Reference); ch.before != nil && (!ok || old != ref) {
				return unknown(ref, "the list of fields took the place of something else")
			}
			if u := c.fieldList(before, after); u != nil {
				return u
			}
			if u := c.sole(ref.Number, own.Number); u != nil {
				return u
			}
			c.explained[ref.Number] = true
		}
	}
	if after.Object == after.Catalog {
		return nil
	}
	c.explained[own.Number] = true
	return c.sole(own.Number, after.Catalog.Ref.Number)
}

// fieldList checks that the list of fields only grew, and only by signature
// fields, signed by this revision.
func (c *comparison) fieldList(before, after *sigdict.Form) *unexplained {
	old, now := c.items(c.before, before.Dict.Get("Fields")), c.items(c.after, after.Dict.Get("Fields"))
	if u := superset(old, now, "the list of fields"); u != nil {
		return u
	}
	signatures := make(map[pdf.Reference]bool)
	for _, f := range after.Fields {
		signatures[f.Ref] = f.Signature != nil
	}
	for _, item := range now {
		if slices.ContainsFunc(old, func(o pdf.Object) bool { return equal(o, item, 0) }) {
			continue
		}
		ref, ok := item.(pdf.Reference)
		if !ok || !signatures[ref] {
			return unknown(ref, "a new field that is not a signed signature field")
		}
	}
	return nil
}

// items returns the items of an array, followed from a view.
func (c *comparison) items(v *pdf.View, o pdf.Object) []pdf.Object {
	value, err := v.Resolve(o)
	if err != nil {
		return nil
	}
	if a, ok := value.(*pdf.Array); ok {
		return a.Items
	}
	return nil
}

// superset tells that every old item is still there, in the old order.
func superset(old, now []pdf.Object, what string) *unexplained {
	i := 0
	for _, item := range now {
		if i < len(old) && equal(old[i], item, 0) {
			i++
		}
	}
	if i < len(old) {
		return unknown(pdf.Reference{}, "%s lost an item", what)
	}
	return nil
}

// field explains one signature field of the later revision. Old is the same
// field before, nil where it is new.
func (c *comparison) field(old, now *sigdict.Field) *unexplained {
	ch, changed := c.pending[now.Ref.Number]
	wasSigned := old != nil && old.Signature != nil
	switch {
	case now.Signature == nil:
		return nil // whatever changed here stays unexplained
	case wasSigned:
		return nil
	}
	if old == nil && changed && ch.before != nil {
		return unknown(now.Ref, "object %v became a signature field", now.Ref)
	}
	if active(now.Dict) {
		return unknown(now.Ref, "the signature field holds actions")
	}
	if changed {
		if old != nil {
			for _, key := range differing(ch.before.Dict(), ch.after.Dict()) {
				switch key {
				case "V", "AP", "M", "MK", "F", "AS":
				default:
					return unknown(now.Ref, "the entry %s of the signed field", key)
				}
			}
		}
		c.explained[now.Ref.Number] = true
	}
	c.closure(now.Dict.Get("V"))
	c.closure(now.Dict.Get("AP"))
	c.closure(now.Dict.Get("Lock"))
	if old == nil {
		for _, e := range now.Dict.Entries {
			if e.Key != "P" && e.Key != "Parent" {
				c.closure(e.Value)
			}
		}
	}
	signed := Signed{Field: now.Name, Timestamp: now.Signature.IsTimestamp(), New: old == nil}
	for _, w := range now.Widgets {
		if u := c.widget(now, w, &signed); u != nil {
			return u
		}
	}
	c.result.Signed = append(c.result.Signed, signed)
	return nil
}

// active tells whether a field or widget starts actions.
func active(d *pdf.Dict) bool { return d.Has("A") || d.Has("AA") }

// widget explains the annotation that shows a signature, and the page that it
// stands on.
func (c *comparison) widget(now *sigdict.Field, ref pdf.Reference, signed *Signed) *unexplained {
	o, err := c.after.Object(ref)
	if err != nil {
		return unknown(ref, "the widget cannot be read: %v", err)
	}
	dict := o.Dict()
	if dict == nil {
		return unknown(ref, "the widget is not a dictionary")
	}
	if active(dict) {
		return unknown(ref, "the signature's widget holds actions")
	}
	signed.Rect, signed.Visible = rectangle(c.after, dict)
	if ch, changed := c.pending[ref.Number]; changed && ref != now.Ref {
		if ch.before != nil {
			for _, key := range differing(ch.before.Dict(), ch.after.Dict()) {
				switch key {
				case "AP", "M", "MK", "F", "AS":
				default:
					return unknown(ref, "the entry %s of the signature's widget", key)
				}
			}
		}
		c.explained[ref.Number] = true
		c.closure(dict.Get("AP"))
	}
	return c.page(dict)
}

// rectangle returns the area of a widget, and whether it is any.
func rectangle(v *pdf.View, dict *pdf.Dict) ([]float64, bool) {
	value, err := v.Resolve(dict.Get("Rect"))
	if err != nil {
		return nil, false
	}
	a, ok := value.(*pdf.Array)
	if !ok || a.Len() != 4 {
		return nil, false
	}
	rect := make([]float64, 4)
	for i, item := range a.Items {
		n, ok := number(item)
		if !ok {
			return nil, false
		}
		rect[i] = n
	}
	return rect, rect[0] != rect[2] && rect[1] != rect[3]
}

// page explains that a page lists the widget of a new signature.
func (c *comparison) page(widget *pdf.Dict) *unexplained {
	page, ok := widget.Get("P").(pdf.Reference)
	if !ok {
		return nil
	}
	now, err := c.after.Object(page)
	if err != nil {
		return unknown(page, "the page of the signature cannot be read: %v", err)
	}
	before, u := current(c.before, page.Number)
	if u != nil {
		return u
	}
	if before == nil {
		return unknown(page, "the signature stands on a new page")
	}
	annots := now.Dict().Get("Annots")
	if _, changed := c.pending[page.Number]; changed && !c.explained[page.Number] {
		for _, key := range differing(before.Dict(), now.Dict()) {
			if key != "Annots" {
				return unknown(page, "the page entry %s", key)
			}
		}
		c.explained[page.Number] = true
	}
	array, indirect := annots.(pdf.Reference)
	if indirect {
		if u := c.sole(array.Number, page.Number); u != nil {
			return u
		}
		if ch, changed := c.pending[array.Number]; changed {
			if old, ok := before.Dict().Get("Annots").(pdf.Reference); ch.before != nil && (!ok || old != array) {
				return unknown(array, "the list of annotations took the place of something else")
			}
			c.explained[array.Number] = true
		}
	}
	return c.annotations(before.Dict().Get("Annots"), annots, page)
}

// annotations checks that the annotations of a page only grew, and only by
// widgets of new signatures.
func (c *comparison) annotations(before, after pdf.Object, page pdf.Reference) *unexplained {
	old, now := c.items(c.before, before), c.items(c.after, after)
	if u := superset(old, now, "the list of annotations"); u != nil {
		u.ref = page
		return u
	}
	if len(now) == len(old) {
		return nil
	}
	known := make(map[pdf.Reference]bool, len(old))
	for _, item := range old {
		if r, ok := item.(pdf.Reference); ok {
			known[r] = true
		}
	}
	for _, item := range now {
		r, ok := item.(pdf.Reference)
		if ok && (known[r] || c.isSignatureWidget(r)) {
			continue
		}
		if !ok && slices.ContainsFunc(old, func(o pdf.Object) bool { return equal(o, item, 0) }) {
			continue
		}
		return unknown(page, "the page has a new annotation that is not a signature's")
	}
	return nil
}

// isSignatureWidget tells whether an annotation is the widget of a signed
// signature field of the later revision.
func (c *comparison) isSignatureWidget(ref pdf.Reference) bool {
	if c.widgets == nil {
		c.widgets = make(map[pdf.Reference]bool)
		for _, f := range c.history.forms(c.revision).Fields {
			if f.Signature == nil {
				continue
			}
			for _, w := range f.Widgets {
				c.widgets[w] = true
			}
		}
	}
	return c.widgets[ref]
}

// closure explains the new objects that an addition brings along: everything
// that it refers to and that was not there before.
func (c *comparison) closure(o pdf.Object) {
	var queue []int64
	visit := func(r pdf.Reference) {
		ch, changed := c.pending[r.Number]
		if !changed || ch.before != nil || c.explained[r.Number] || c.closureCount >= maxClosure {
			return
		}
		c.closureCount++
		c.explained[r.Number] = true
		queue = append(queue, r.Number)
	}
	references(o, visit, 0)
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		references(c.pending[n].after.Value, visit, 0)
	}
}
