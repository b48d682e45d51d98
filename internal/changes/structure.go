package changes

import (
	"maps"
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
)

// structure compares the structure trees (ISO 32000-2, 14.7): they may gain
// elements for new annotations, and nothing else.
func (c *comparison) structure(before, after slot) {
	if before.absent() && after.absent() {
		return
	}
	old, now := c.open(before), c.open(after)
	if !now.isDict() || !old.isDict() || before.ref() != after.ref() {
		if !equal(before.value, after.value) {
			c.forbid(after.ref(), "the structure tree")
		}
		return
	}
	changed := false
	if !after.ref().IsZero() {
		changed = c.changed(now.holder)
		c.assign(now.holder, element)
	}
	for _, key := range c.differences(old, now) {
		changed = true
		switch key {
		case "K", "ParentTree", "ParentTreeNextKey":
		default:
			c.forbid(after.ref(), "the entry %s of the structure tree", key)
		}
	}
	if changed {
		c.elements(old.get("K"), now.get("K"), now.holder)
	}
	tree := old.holder
	for i := range c.objects.changed {
		if o := &c.objects.changed[i]; o.isRewritten() && o.number != now.holder && c.isElement(o.number, tree) {
			changed = true
			c.changedElement(o.number)
		}
	}
	if changed || c.treeChanged(old.get("ParentTree"), now.get("ParentTree")) {
		c.parentTree(old.get("ParentTree"), now.get("ParentTree"))
		c.explain(Change{What: Rewritten, Ref: after.ref()})
	}
}

// isElement tells whether an object is an element of the structure tree, by K,
// up to the root.
func (c *comparison) isElement(n, root int64) bool {
	seen := map[int64]bool{n: true}
	queue := []int64{n}
	for len(queue) > 0 && len(seen) < maxTree {
		x := queue[0]
		queue = queue[1:]
		for _, from := range c.before.holders(x, "K") {
			if from == root {
				return true
			}
			if !seen[from] {
				seen[from] = true
				queue = append(queue, from)
			}
		}
	}
	return false
}

// changedElement compares an element that was written anew.
func (c *comparison) changedElement(n int64) {
	ref := pdf.Reference{Number: n}
	old, now := c.object(c.before, ref), c.object(c.after, ref)
	if !old.isDict() || !now.isDict() {
		return // and stays unexplained
	}
	c.assign(n, element)
	for _, key := range c.differences(old, now) {
		if key != "K" {
			c.forbid(ref, "the entry %s of a structure element", key)
		}
	}
	c.elements(old.get("K"), now.get("K"), n)
}

// elements compares the kids of an element: new ones must stand for annotations.
func (c *comparison) elements(before, after slot, parent int64) {
	old, now := c.open1(before), c.open1(after)
	if !c.after.spend(len(old.items()) + len(now.items())) {
		return
	}
	was, is := kidsOf(old), kidsOf(now)
	k := 0
	for _, item := range is {
		if k < len(was) && equal(was[k].value, item.value) {
			was[k].claim()
			item.claim()
			k++
			continue
		}
		if !c.newElement(item, parent, 0) {
			c.forbid(pdf.Reference{Number: parent}, "a structure element gained one that stands for no new annotation")
		}
	}
	if k < len(was) {
		c.forbid(pdf.Reference{Number: parent}, "a structure element lost something")
	}
}

// kidsOf returns the kids of an element, which may be a single one.
func kidsOf(s slot) []slot {
	if s.absent() {
		return nil
	}
	if _, array := s.value.(*pdf.Array); !array {
		return []slot{s}
	}
	out := make([]slot, 0, len(s.items()))
	for i := range s.items() {
		out = append(out, s.item(i))
	}
	return out
}

// newElement judges a kid that an element gained: a reference to an annotation,
// or an element that holds nothing else. It tells whether there is an annotation:
// the text of an element without one would be read out as that of the document.
func (c *comparison) newElement(item slot, parent int64, depth int) bool {
	if !c.after.spend(nodeItems) {
		return true
	}
	e := c.open(item)
	ref := item.ref()
	switch {
	case depth > maxTree || !e.isDict() || !ref.IsZero() && !c.isNew(ref.Number):
		c.forbid(pdf.Reference{Number: parent}, "a structure element gained what is no new element")
		return true
	case e.get("Type").value == pdf.Object(pdf.Name("OBJR")):
		if r := e.get("Obj").ref(); r.IsZero() || !c.isNew(r.Number) {
			c.forbid(pdf.Reference{Number: parent}, "a structure element gained an object that is not new")
		}
		e.get("Obj").claim()
		return true
	case e.get("Type").value == pdf.Object(pdf.Name("MCR")):
		c.forbid(pdf.Reference{Number: parent}, "a structure element gained content of a page")
		return true
	}
	if !ref.IsZero() {
		c.assign(ref.Number, element)
	}
	found := false
	for _, kid := range kidsOf(c.open(e.get("K"))) {
		found = c.newElement(kid, e.holder, depth+1) || found
	}
	c.own(e, false)
	return found
}

// treeChanged tells whether any part of a number tree was written anew.
func (c *comparison) treeChanged(before, after slot) bool {
	if !equal(before.value, after.value) {
		return true
	}
	return slices.ContainsFunc(c.objects.changed, func(o object) bool {
		return o.before.Dict().Has("Nums") || o.after.Dict().Has("Nums")
	})
}

// parentTree compares the trees that lead from content to elements (14.7.5.4):
// what was there must stay, and what is new leads to elements that are new or
// gained something.
func (c *comparison) parentTree(before, after slot) {
	old, now := &numberTree{c: c, entries: make(map[int64]slot)}, &numberTree{c: c, entries: make(map[int64]slot)}
	old.node(before, 0)
	now.node(after, 0)
	ref := after.ref()
	if c.before.tired() {
		return
	}
	if old.bad || now.bad {
		c.forbid(ref, "the parent tree of the structure is not written as one")
		return
	}
	for _, key := range slices.Sorted(maps.Keys(old.entries)) {
		is, has := now.entries[key]
		if !has || !c.sameParents(old.entries[key], is) {
			c.forbid(ref, "the entry %d of the parent tree of the structure", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(now.entries)) {
		is := now.entries[key]
		if _, had := old.entries[key]; had {
			continue
		}
		for _, kid := range kidsOf(c.open1(is)) {
			r := kid.ref()
			if c.roleOf(r.Number) != element && !kid.absent() {
				c.forbid(ref, "the new entry %d of the parent tree of the structure", key)
			}
			kid.claim()
		}
	}
}

// open1 opens a slot that holds a reference to an array; an element stays as it is.
func (c *comparison) open1(s slot) slot {
	if _, array := s.peek().value.(*pdf.Array); array {
		return c.open(s)
	}
	return s
}

// sameParents tells whether an entry of the parent tree says the same as before.
func (c *comparison) sameParents(old, now slot) bool {
	was, is := c.open1(old), c.open1(now)
	was.claim()
	is.claim()
	for _, list := range []slot{was, is} {
		if _, array := list.value.(*pdf.Array); array {
			for _, kid := range kidsOf(list) {
				kid.claim()
			}
		}
	}
	return equal(was.value, is.value)
}

// numberTree collects the entries of a number tree (ISO 32000-2, 7.9.7).
type numberTree struct {
	c       *comparison
	entries map[int64]slot
	bad     bool
}

func (t *numberTree) node(s slot, depth int) {
	if s.absent() {
		return
	}
	n := t.c.open(s)
	if !n.isDict() || depth > maxTree || len(t.entries) > maxTreeEntries {
		t.bad = true
		return
	}
	for _, e := range n.entries() {
		switch e.Key {
		case "Nums", "Kids", "Limits":
		default:
			t.bad = true
		}
	}
	nums, kids := t.c.open(n.get("Nums")), t.c.open(n.get("Kids"))
	if !t.c.before.spend(len(nums.items()) + len(kids.items())) {
		return
	}
	for i := 0; i+1 < len(nums.items()); i += 2 {
		key, ok := nums.items()[i].(pdf.Integer)
		if _, twice := t.entries[int64(key)]; !ok || twice {
			t.bad = true
			return
		}
		t.entries[int64(key)] = nums.item(i + 1)
	}
	for i := range kids.items() {
		t.node(kids.item(i), depth+1)
	}
}
