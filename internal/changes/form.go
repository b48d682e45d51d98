package changes

import (
	"cmp"
	"slices"

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
	if c.oldForm != c.newForm { // else the revision touched nothing of it
		c.newlySigned()
	}
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
	for i, signed := range c.signed {
		if f := c.newForm.Fields[i]; signed {
			if was := c.oldFields.find(f.Ref); was >= 0 && c.oldForm.Fields[was].Signature == nil {
				c.signature(c.oldForm.Fields[was], f, c.object(c.after, f.Ref))
			}
		}
	}
}

// newlySigned collects the signature fields that have a value which no field
// had before. A dictionary that several fields have as their value signs none.
func (c *comparison) newlySigned() {
	c.after.spend(len(c.oldForm.Fields) + len(c.newForm.Fields))
	var values []pdf.Reference // of all fields, before and after, once they are needed
	for i, f := range c.newForm.Fields {
		s := f.Signature
		if s == nil || f.Ref.IsZero() || !s.Ref.IsZero() && !c.isNew(s.Ref.Number) {
			continue
		}
		if values == nil {
			values = signatureValues(c.oldForm, c.newForm)
		}
		if direct := s.Ref.IsZero(); direct || occursOnce(values, s.Ref) {
			if c.signed == nil {
				c.signed = make([]bool, len(c.newForm.Fields))
			}
			c.signed[i] = true
		}
	}
}

// signatureValues returns what the fields of forms have as their values, in order.
func signatureValues(forms ...*sigdict.Form) []pdf.Reference {
	var values []pdf.Reference
	for _, form := range forms {
		values = slices.Grow(values, len(form.Fields))
		for _, f := range form.Fields {
			if f.Signature != nil {
				values = append(values, f.Signature.Ref)
			}
		}
	}
	slices.SortFunc(values, compareReferences)
	return values
}

func compareReferences(a, b pdf.Reference) int {
	return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.Generation, b.Generation))
}

// occursOnce tells whether a sorted list has a reference, and not twice.
func occursOnce(list []pdf.Reference, r pdf.Reference) bool {
	i, ok := slices.BinarySearchFunc(list, r, compareReferences)
	return ok && (i+1 == len(list) || list[i+1] != r)
}

// resources compares the default resources: what was there must stay, since
// fields draw themselves with it, and where any does nothing may be added either.
// Form XObjects may be replaced where no appearance draws with them.
func (c *comparison) resources(oldForm, newForm slot) {
	before, after := oldForm.get("DR"), newForm.get("DR")
	if before.absent() && after.absent() {
		return
	}
	old, now := c.open(before), c.open(after)
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
	if !c.after.spend(len(was) + len(is)) {
		return nil
	}
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
	if !c.after.spend(nodeItems) {
		return
	}
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
	at := c.newFields.find(ref)
	if at >= 0 {
		name := c.newForm.Fields[at].Name
		if n := c.newFields.named(name); n > 1 {
			c.forbid(ref, "%d fields of one name, %q", n, name)
		}
	}
	if active(f.dict()) {
		c.forbid(ref, "a new field that starts actions")
	}
	if at >= 0 {
		s := c.newForm.Fields[at]
		if c.signed != nil && c.signed[at] {
			c.signature(nil, s, f)
			return
		}
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

// fieldIndex finds signature fields, as quickly among many.
type fieldIndex struct {
	fields []*sigdict.Field
	places map[pdf.Reference]int // of many, once they are needed
	names  map[string]int        // how many have a name, likewise
}

// fewFields is up to how many fields are searched one by one.
const fewFields = 32

// find returns which field has a reference, which none has twice; -1 where there is none.
func (x *fieldIndex) find(ref pdf.Reference) int {
	if len(x.fields) <= fewFields {
		return slices.IndexFunc(x.fields, func(f *sigdict.Field) bool { return f.Ref == ref })
	}
	if x.places == nil {
		x.places = make(map[pdf.Reference]int, len(x.fields))
		for i, f := range x.fields {
			x.places[f.Ref] = i
		}
	}
	if i, ok := x.places[ref]; ok {
		return i
	}
	return -1
}

// named returns how many fields have a name.
func (x *fieldIndex) named(name string) (n int) {
	if len(x.fields) <= fewFields {
		for _, f := range x.fields {
			if f.Name == name {
				n++
			}
		}
		return n
	}
	if x.names == nil {
		x.names = make(map[string]int, len(x.fields))
		for _, f := range x.fields {
			x.names[f.Name]++
		}
	}
	return x.names[name]
}

// active tells whether a field or annotation starts actions.
func active(d *pdf.Dict) bool { return d.Has("A") || d.Has("AA") || d.Has("PA") }
