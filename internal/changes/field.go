package changes

import (
	"bytes"
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
)

// fields explains fields and annotations that were written anew, or whose value
// or appearance was.
func (c *comparison) fields() {
	for i := range c.objects.changed {
		if o := &c.objects.changed[i]; !o.hasRole && o.isRewritten() {
			c.fieldOrAnnotation(o.number)
		}
	}
	for i := range c.objects.changed {
		if o := &c.objects.changed[i]; !o.isExplained() && o.isRewritten() {
			c.owners(o.number)
		}
	}
}

// groups explains groups of fields that gained some. That comes before the pages, where
// the widgets of the new fields are met.
func (c *comparison) groups() {
	for i := range c.objects.changed {
		o := &c.objects.changed[i]
		if o.hasRole || o.before.Dict() == nil || o.after.Dict() == nil || o.before.Dict().Has("Subtype") {
			continue
		}
		ref := pdf.Reference{Number: o.number}
		old, now := c.object(c.before, ref), c.object(c.after, ref)
		if !equal(old.get("Kids").value, now.get("Kids").value) && hasFields(old) && hasFields(now) {
			c.fieldOrAnnotation(o.number)
		}
	}
}

// fieldOrAnnotation compares an object if that is what it is in the earlier revision.
func (c *comparison) fieldOrAnnotation(n int64) bool {
	if o := c.objects.get(n); o != nil && o.done {
		return true
	}
	if chain := c.fieldChain(n); chain != nil {
		c.objects.note(n).done = true
		c.filled(chain)
		return true
	}
	for _, p := range c.before.holders(n, "Annots") {
		if c.before.isPage(p) {
			c.changedAnnotation(n, p)
			return true
		}
	}
	return false
}

// owners looks for the fields and annotations that a changed object serves: a
// value or an appearance of its own.
func (c *comparison) owners(n int64) {
	seen := map[int64]bool{n: true}
	level := []int64{n}
	for range 4 {
		var next []int64
		for _, x := range level {
			for _, r := range c.before.referrers(x) {
				if seen[r.number] || len(seen) > 256 || r.number == 0 {
					continue
				}
				seen[r.number] = true
				if !c.fieldOrAnnotation(r.number) {
					next = append(next, r.number)
				}
			}
		}
		level = next
	}
}

// fieldChain returns the numbers of the fields from the top of the field tree
// down to an object that is a field or a widget; nil where it is neither, or
// hangs in the tree in more than one way.
func (c *comparison) fieldChain(n int64) []int64 {
	chain := []int64{n}
	for range maxTree {
		if slices.Contains(c.before.holders(chain[0], "Fields"), c.acroForm[0]) {
			return chain
		}
		above := slices.DeleteFunc(c.before.holders(chain[0], "Kids"), func(n int64) bool { return !c.before.reachable(n) })
		if len(above) != 1 || slices.Contains(chain, above[0]) {
			return nil
		}
		chain = append(above, chain...)
	}
	return nil
}

// fieldNode is what a chain of fields says together (ISO 32000-2, Table 226).
type fieldNode struct {
	name  string
	kind  pdf.Name
	flags int64
}

func (c *comparison) describe(chain []int64) fieldNode {
	var d fieldNode
	for _, n := range chain {
		f := c.object(c.before, pdf.Reference{Number: n})
		if f.dict() == nil {
			continue
		}
		if t, ok := f.get("T").peek().value.(pdf.String); ok {
			if d.name != "" {
				d.name += "."
			}
			d.name += pdf.DecodeText(t.Value)
		}
		if k, ok := f.get("FT").peek().value.(pdf.Name); ok {
			d.kind = k
		}
		if n, ok := f.get("Ff").peek().value.(pdf.Integer); ok {
			d.flags = int64(n)
		}
	}
	return d
}

// Flags of fields (ISO 32000-2, Tables 227 and 229).
const (
	flagReadOnly   = 1
	flagPushbutton = 1 << 16
)

// filled compares a field, or a widget of one, that is not a newly signed one:
// it may have got another value, and the appearance that goes with it.
func (c *comparison) filled(chain []int64) {
	n := chain[len(chain)-1]
	ref := pdf.Reference{Number: n}
	old, now := c.object(c.before, ref), c.object(c.after, ref)
	if !old.isDict() || !now.isDict() {
		return // and stays unexplained
	}
	c.assign(n, annotation)
	d := c.describe(chain)
	appearance := false
	keys := c.differences(old, now)
	for _, key := range keys {
		switch key {
		case "V", "AP", "AS", "I", "TI", "RV", "M":
			appearance = appearance || key == "AS" || key == "AP"
		case "Kids":
			c.kids(old, now, chain, d)
		case "Ff":
			if !c.onlyReadOnly(old, now) {
				c.forbid(ref, "the flags of the field %q", d.name)
			}
		case "DA":
			if !c.refonted(old, now, chain) {
				c.forbid(ref, "the entry DA of the field %q", d.name)
			}
		case "Type", "P", "StructParent":
			if old.has(key) || key == "Type" && now.get(key).value != pdf.Object(pdf.Name("Annot")) {
				c.forbid(ref, "the entry %s of the field %q", key, d.name)
			}
		default:
			c.forbid(ref, "the entry %s of the field %q", key, d.name)
		}
	}
	valued := c.value(old, now, d)
	appearance = c.appearance(old.get("AP"), now.get("AP")) || appearance
	c.richValue(old, now)
	switch {
	case len(keys) == 0 && !valued && !appearance, len(keys) == 1 && keys[0] == "Kids":
		return
	case d.kind == "Sig":
		c.forbid(ref, "the signature field %q", d.name)
		return
	case d.kind == "Btn" && d.flags&flagPushbutton != 0:
		c.forbid(ref, "the push button %q", d.name)
		return
	case valued && hasFields(now):
		// Fields below would have it as theirs, whatever locks them.
		c.forbid(ref, "the value of %q, which is no field but a group of fields", d.name)
		return
	case d.kind != "Tx" && d.kind != "Ch" && d.kind != "Btn":
		c.forbid(ref, "the field %q, which is of no kind that can be filled in", d.name)
		return
	case appearance && !valued && !c.valuedAbove(chain[:len(chain)-1]) && !c.shows(now, chain):
		c.forbid(ref, "the appearance of the field %q, whose value stayed what it was", d.name)
		return
	}
	change := Change{What: Filled, Field: d.name, Subtype: "Widget", Ref: ref}
	change.Rect, change.Visible = rectangle(now)
	c.onPage(c.after, n, now, &change)
	c.explain(change)
}

// hasFields tells whether there are fields below a field, not widgets alone.
func hasFields(f slot) bool {
	kids := f.get("Kids").peek()
	for i := range kids.items() {
		if kids.item(i).peek().has("T") {
			return true
		}
	}
	return false
}

// onlyReadOnly tells whether the flags of a field differ in nothing but that it
// became read-only.
func (c *comparison) onlyReadOnly(old, now slot) bool {
	was, _ := old.get("Ff").peek().value.(pdf.Integer)
	is, ok := now.get("Ff").peek().value.(pdf.Integer)
	return ok && was|flagReadOnly == is
}

// refonted tells whether a field that was filled in, and drawn, names another font
// for it: letters that the earlier one lacks ask for that. Where it says the same in
// other words, it need not be drawn. No reader may be asked to draw the fields.
func (c *comparison) refonted(old, now slot, chain []int64) bool {
	form := trailer(c.after, "Root").peek().get("AcroForm").peek()
	valued := !c.equalText(old.get("V").peek(), now.get("V").peek()) || c.valuedAbove(chain[:len(chain)-1])
	same, refonted := sameButFont(old.get("DA"), now.get("DA"))
	return valued && same && !asked(form) && (!refonted || drawn(now))
}

// drawn tells whether a field has an appearance in each of its widgets.
func drawn(field slot) bool {
	kids := field.get("Kids").peek()
	for i := range kids.items() {
		if _, ok := kids.item(i).peek().get("AP").peek().get("N").peek().value.(*pdf.Stream); !ok {
			return false
		}
	}
	_, ok := field.get("AP").peek().get("N").peek().value.(*pdf.Stream)
	return ok || len(kids.items()) > 0
}

// value compares the value of a field and tells whether it changed. It must be
// of the kind that the field has.
func (c *comparison) value(old, now slot, d fieldNode) bool {
	was, is := c.open(old.get("V")), c.open(now.get("V"))
	if c.equalText(was, is) {
		return false
	}
	ok := is.absent()
	switch v := is.value.(type) {
	case pdf.String:
		ok = d.kind == "Tx" || d.kind == "Ch"
	case pdf.Name:
		ok = d.kind == "Btn"
	case *pdf.Array:
		ok = d.kind == "Ch"
		for _, item := range v.Items {
			_, text := item.(pdf.String)
			ok = ok && text
		}
	}
	if !ok {
		c.forbid(pdf.Reference{Number: now.holder}, "the value of the field %q is not one of its kind", d.name)
	}
	return true
}

// equalText is equal; an empty text is as good as none.
func (c *comparison) equalText(a, b slot) bool {
	x, isText := a.value.(pdf.String)
	y, isTextToo := b.value.(pdf.String)
	if isText && b.absent() && len(x.Value) == 0 || isTextToo && a.absent() && len(y.Value) == 0 {
		return true
	}
	return isText && isTextToo && bytes.Equal(x.Value, y.Value) || equal(a.value, b.value)
}

// richValue accounts for the other parts of a value.
func (c *comparison) richValue(old, now slot) {
	for _, key := range []pdf.Name{"I", "TI", "RV", "AS", "M"} {
		c.open(old.get(key))
		switch c.open(now.get(key)).value.(type) {
		case pdf.String, pdf.Name, pdf.Integer, pdf.Null:
		case *pdf.Array:
			if key == "I" {
				continue
			}
			c.forbid(pdf.Reference{Number: now.holder}, "the entry %s of a field", key)
		default:
			c.forbid(pdf.Reference{Number: now.holder}, "the entry %s of a field", key)
		}
	}
}

// valuedAbove tells whether a field above got another value: its widgets show it.
func (c *comparison) valuedAbove(above []int64) bool {
	for _, n := range slices.Backward(above) {
		ref := pdf.Reference{Number: n}
		old, now := c.object(c.before, ref), c.object(c.after, ref)
		if old.dict() == nil || now.dict() == nil {
			return false
		}
		if !c.equalText(old.get("V").peek(), now.get("V").peek()) {
			return true
		}
	}
	return false
}

// shows tells whether the state that a button shows is the value that it has.
func (c *comparison) shows(widget slot, chain []int64) bool {
	state, ok := widget.get("AS").peek().value.(pdf.Name)
	if !ok {
		return false
	}
	for _, n := range slices.Backward(chain) {
		f := c.object(c.after, pdf.Reference{Number: n})
		if v, ok := f.get("V").peek().value.(pdf.Name); ok {
			return v == state && !c.redrawn(widget)
		}
	}
	return false
}

// redrawn tells whether the appearance of a widget differs from the earlier one.
func (c *comparison) redrawn(widget slot) bool {
	old := c.object(c.before, pdf.Reference{Number: widget.holder})
	return old.dict() == nil || !equal(old.get("AP").value, widget.get("AP").value)
}

// kids compares the kids of a field: there may be new signature fields.
func (c *comparison) kids(old, now slot, chain []int64, d fieldNode) {
	if d.kind == "Sig" {
		c.forbid(pdf.Reference{Number: now.holder}, "the kids of the signature field %q", d.name)
		return
	}
	before, after := c.open(old.get("Kids")), c.open(now.get("Kids"))
	_, was := before.value.(*pdf.Array)
	if _, is := after.value.(*pdf.Array); !was || !is {
		c.forbid(pdf.Reference{Number: now.holder}, "the kids of the field %q", d.name)
		return
	}
	for _, i := range c.additions(before, after, say("the kids of the field %q", d.name)) {
		c.newField(after.item(i), chain, len(chain))
	}
}
