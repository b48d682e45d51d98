package changes

import (
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// form compares the interactive forms (ISO 32000-2, 12.7.3) but for the fields
// themselves.
func (c *comparison) form(before, after slot) {
	old, now := c.open(before), c.open(after)
	c.acroForm = [2]int64{old.holder, now.holder}
	if before.absent() && after.absent() {
		return
	}
	if !now.isDict() || !old.isDict() && !before.absent() {
		c.forbid(before.ref(), "the form is gone, or no dictionary")
		return
	}
	c.newlySigned()
	for _, key := range c.differences(old, now) {
		switch key {
		case "Fields", "DR": // compared by themselves
		case "SigFlags":
			was, _ := old.get(key).value.(pdf.Integer)
			if n, ok := now.get(key).value.(pdf.Integer); !ok || n < 0 || n > 3 || n&was != was {
				c.forbid(after.ref(), "the SigFlags of the form")
			}
		case "DA":
			if old.has(key) || !c.independent(old, now) {
				c.forbid(after.ref(), "the default appearance of the form")
			}
		case "NeedAppearances":
			if !c.redrawable(old, now) {
				c.forbid(after.ref(), "the form entry NeedAppearances, with which fields would show something else")
			}
		default:
			c.forbid(after.ref(), "the form entry %s", key)
		}
	}
	c.resources(old, now)
	c.fieldList(old.get("Fields"), now.get("Fields"))
	known := make(map[pdf.Reference]*sigdict.Field, len(c.oldForm.Fields))
	for _, f := range c.oldForm.Fields {
		known[f.Ref] = f
	}
	for _, f := range c.newForm.Fields {
		if was := known[f.Ref]; was != nil && was.Signature == nil && c.signed[f.Ref] != nil {
			c.signature(was, f, c.object(c.after, f.Ref))
		}
	}
}

// newlySigned collects the signature fields that have a value which no field
// had before. A dictionary that several fields have as their value signs none.
func (c *comparison) newlySigned() {
	had, count := make(map[pdf.Reference]bool), make(map[pdf.Reference]int)
	c.names = make(map[string]int)
	for _, f := range c.oldForm.Fields {
		if f.Signature != nil {
			had[f.Signature.Ref] = true
		}
	}
	for _, f := range c.newForm.Fields {
		c.names[f.Name]++
		if f.Signature != nil {
			count[f.Signature.Ref]++
		}
	}
	c.signed = make(map[pdf.Reference]*sigdict.Field)
	for _, f := range c.newForm.Fields {
		s := f.Signature
		if s == nil || f.Ref.IsZero() {
			continue
		}
		if direct := s.Ref.IsZero(); direct || !had[s.Ref] && count[s.Ref] == 1 && c.isNew(s.Ref.Number) {
			c.signed[f.Ref] = f
		}
	}
}

// resources compares the default resources: what was there must stay, since
// fields draw themselves with it, and where any does nothing may be added either.
// Form XObjects may be replaced where no appearance draws with them.
func (c *comparison) resources(oldForm, newForm slot) {
	before, after := oldForm.get("DR"), newForm.get("DR")
	old, now := c.open(before), c.open(after)
	if before.absent() && after.absent() {
		return
	}
	if !now.isDict() || !old.isDict() && !before.absent() {
		c.forbid(after.ref(), "the default resources of the form")
		return
	}
	grew := false
	for _, category := range c.differences(old, now) {
		grew = true
		if !now.has(category) {
			c.forbid(after.ref(), "the %s of the form's default resources", category)
		}
	}
	for _, e := range now.entries() {
		was, is := c.open(old.get(e.Key)), c.open(now.get(e.Key))
		if !was.absent() && !was.isDict() || !is.isDict() {
			if e.Key != "ProcSet" && !equal(was.value, is.value) {
				c.forbid(after.ref(), "the %s of the form's default resources", e.Key)
			}
			continue
		}
		for _, key := range c.differences(was, is) {
			grew = true
			if was.has(key) && e.Key != "XObject" {
				c.forbid(after.ref(), "the %s %s of the form's default resources", e.Key, key)
			}
			c.own(is.get(key), false)
		}
	}
	if grew && !c.independent(oldForm, newForm) {
		c.forbid(after.ref(), "the default resources of a form whose fields are drawn with them")
	}
}

// fieldList compares two lists of fields: none may go, and what is new must be
// a signature field.
func (c *comparison) fieldList(before, after slot) {
	old, now := c.open(before), c.open(after)
	added := c.additions(old, now, say("the list of fields"))
	for _, i := range added {
		c.newField(now.item(i), nil, 0)
	}
}

// additions returns the places of the items that an array gained. All old items
// must be there still, in their order.
func (c *comparison) additions(old, now slot, what Message) []int {
	was, is := old.items(), now.items()
	k := 0
	var added []int
	for i, item := range is {
		if k < len(was) && equal(was[k], item) {
			k++
			continue
		}
		added = append(added, i)
	}
	if k == len(was) {
		return added
	}
	// The order differs, which does not matter for fields.
	if c.permuted(was, is, &added) {
		return added
	}
	c.forbid(pdf.Reference{Number: now.holder}, "%s lost an item", what)
	return nil
}

// permuted tells whether an array of references holds all of another, in any
// order, and which items it has besides.
func (c *comparison) permuted(was, is []pdf.Object, added *[]int) bool {
	left := make(map[pdf.Reference]int, len(was))
	for _, item := range was {
		r, ok := item.(pdf.Reference)
		if !ok {
			return false
		}
		left[r]++
	}
	*added = nil
	found := 0
	for i, item := range is {
		if r, ok := item.(pdf.Reference); ok && left[r] > 0 {
			left[r]--
			found++
			continue
		}
		*added = append(*added, i)
	}
	return found == len(was)
}

// newField judges a field that was added, or a node of the field tree with such
// fields. Above holds the fields above it.
func (c *comparison) newField(item slot, above []int64, depth int) {
	ref := item.ref()
	f := c.open(item)
	switch {
	case ref.IsZero() || !f.isDict():
		c.forbid(pdf.Reference{Number: item.holder}, "a new field that is no dictionary of its own")
		return
	case !c.isNew(ref.Number):
		c.forbid(ref, "object %v became a field", ref)
		return
	case depth > maxTree:
		c.unread(ref, "the new fields nest too deep")
		return
	}
	c.assign(ref.Number, annotation)
	if s := c.signatureField(ref); s != nil && c.names[s.Name] > 1 {
		c.forbid(ref, "%d fields of one name, %q", c.names[s.Name], s.Name)
	}
	if active(f.dict()) {
		c.forbid(ref, "a new field that starts actions")
	}
	if s, ok := c.signed[ref]; ok {
		c.signature(nil, s, f)
		return
	}
	if s := c.signatureField(ref); s != nil {
		if s.Signature != nil {
			c.forbid(ref, "the new field %q, whose value is not a new signature of its own", s.Name)
			return
		}
		c.emptyField(s, f)
		return
	}
	kids := c.open(f.get("Kids"))
	if len(kids.items()) == 0 {
		c.forbid(ref, "a new field that is not a signature field")
		return
	}
	for i := range kids.items() {
		c.newField(kids.item(i), append(above, ref.Number), depth+1)
	}
	c.own(f, false)
}

// signatureField returns the signature field of the later revision with that
// reference; nil where it is none.
func (c *comparison) signatureField(ref pdf.Reference) *sigdict.Field {
	for _, f := range c.newForm.Fields {
		if f.Ref == ref {
			return f
		}
	}
	return nil
}

// active tells whether a field or annotation starts actions.
func active(d *pdf.Dict) bool { return d.Has("A") || d.Has("AA") || d.Has("PA") }
