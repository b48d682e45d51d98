package changes

import (
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// signature explains a signature field that got its value. Old is the same field
// before, nil where it is new; f is the field itself.
func (c *comparison) signature(old *sigdict.Field, now *sigdict.Field, f slot) {
	c.objects.note(now.Ref.Number).done = true
	c.assign(now.Ref.Number, annotation)
	what := Signed
	if now.Signature.IsTimestamp() {
		what = Stamped
	}
	if old != nil {
		before := c.object(c.before, now.Ref)
		c.signing(before, f, now)
		before.get("V").claim()
	} else {
		c.own(f, false)
	}
	c.open(f.get("V"))
	change := Change{What: what, Field: now.Name, Subtype: "Widget", Ref: now.Ref, New: old == nil}
	c.widgets(now, change, func(w slot) { c.signatureWidget(old, now, w) })
}

// signing compares a field or widget before and after its signature was made.
func (c *comparison) signing(before, after slot, field *sigdict.Field) {
	ref := pdf.Reference{Number: after.holder}
	for _, key := range c.differences(before, after) {
		if !signingKey(key, before.dict()) && !(key == "Rect" && withdrawn(before, after)) {
			c.forbid(ref, "the entry %s of the signed field %q", key, field.Name)
		}
		if key == "Type" && after.get(key).value != pdf.Object(pdf.Name("Annot")) {
			c.forbid(ref, "the Type of the signed field %q", field.Name)
		}
		if key != "AP" {
			c.own(after.get(key), false)
		}
	}
	c.appearance(before.get("AP"), after.get("AP"))
}

// signingKey tells whether an entry of a field or widget changes when its
// signature is made.
func signingKey(key pdf.Name, before *pdf.Dict) bool {
	switch key {
	case "V", "AP", "M", "MK", "F", "AS":
		return true
	case "Type", "P", "StructParent":
		return !before.Has(key)
	}
	return false
}

// withdrawn tells whether the area of a field that showed nothing became empty, as that
// of a signature that is not meant to be seen (ISO 32000-2, 12.7.5.5).
func withdrawn(before, after slot) bool {
	if look := before.get("MK").peek(); !paintsNothing(before) || look.has("BG") || look.has("BC") {
		return false
	}
	rect, visible := rectangle(after)
	return rect != nil && !visible && rect[0] == rect[2] && rect[1] == rect[3]
}

// object returns an object as a slot, without accounting for a way to it.
func (c *comparison) object(s *side, ref pdf.Reference) slot {
	o, err := s.object(ref)
	if err != nil {
		c.unread(ref, "object %v cannot be read: %v", ref, err)
		return slot{side: s, holder: ref.Number, value: pdf.Null{}}
	}
	return slot{side: s, holder: ref.Number, value: o.Value}
}

// signatureWidget explains one annotation that shows a signature, where it is
// not the field itself.
func (c *comparison) signatureWidget(old, now *sigdict.Field, w slot) {
	ref := pdf.Reference{Number: w.holder}
	o := c.objects.find(w.holder)
	if o == nil || w.holder == now.Ref.Number {
		return
	}
	if o.before == nil {
		if old != nil {
			c.forbid(ref, "a further widget of the field %q", now.Name)
			return
		}
	} else {
		if old == nil || !c.isKid(old.Ref.Number, w.holder) {
			c.forbid(ref, "object %d, which became a widget of the field %q", w.holder, now.Name)
			return
		}
		c.signing(slot{side: c.before, holder: w.holder, value: o.before.Value}, w, now)
	}
	if active(w.dict()) {
		c.forbid(ref, "the widget of the field %q starts actions", now.Name)
	}
	o.done = true
	c.assign(w.holder, annotation)
	w.get("V").claim() // as its field has it, or sigdict would not call it a widget
	if c.isNew(w.holder) {
		c.own(w, false)
	}
}

// isKid tells whether a field had an object among its kids before.
func (c *comparison) isKid(field, kid int64) bool {
	for _, from := range c.before.holders(kid, "Kids") {
		if from == field {
			return true
		}
	}
	return false
}

// emptyField explains a new signature field without a signature.
func (c *comparison) emptyField(now *sigdict.Field, f slot) {
	c.objects.note(now.Ref.Number).done = true
	c.own(f, false)
	c.widgets(now, Change{What: FieldAdded, Field: now.Name, Subtype: "Widget", Ref: now.Ref, New: true},
		func(w slot) { c.signatureWidget(nil, now, w) })
}

// widgets records a change of a field once for every annotation that shows it.
func (c *comparison) widgets(f *sigdict.Field, change Change, each func(slot)) {
	for _, ref := range f.Widgets {
		w := c.object(c.after, ref)
		each(w)
		shown := change
		shown.Ref = ref
		shown.Rect, shown.Visible = rectangle(w)
		c.onPage(c.after, ref.Number, w, &shown)
		c.explain(shown)
	}
	if len(f.Widgets) == 0 {
		c.explain(change)
	}
}

// rectangle returns the area of an annotation, and whether it is any.
func rectangle(w slot) (rect []float64, visible bool) {
	if w.dict() == nil {
		return nil, false
	}
	items := w.get("Rect").peek().items()
	if len(items) != 4 {
		return nil, len(items) > 0
	}
	for _, item := range items {
		n, ok := number(slot{side: w.side, value: item}.peek().value)
		if !ok {
			return nil, true
		}
		rect = append(rect, n)
	}
	return rect, rect[0] != rect[2] && rect[1] != rect[3]
}
