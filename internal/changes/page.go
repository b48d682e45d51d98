package changes

import (
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
)

// isPage tells whether an object hangs in the page tree (ISO 32000-2, 7.7.3) of
// a revision: by Kids, up to what the catalog names as Pages.
func (s *side) isPage(n int64) bool { return s.inPageTree(n, 0) }

func (s *side) inPageTree(n int64, depth int) bool {
	k := s.aboutNumber(n)
	if k.facts&(isInPages|isOutsidePages) != 0 || depth > maxTree {
		return k.facts&isInPages != 0
	}
	k.facts |= isOutsidePages // a loop leads nowhere
	in := false
	for _, from := range s.holders(n, "Pages") {
		if r, ok := s.view.Trailer().Get("Root").(pdf.Reference); ok && r.Number == from {
			in = true
		}
	}
	if !in {
		in = slices.ContainsFunc(s.holders(n, "Kids"), func(from int64) bool { return s.inPageTree(from, depth+1) })
	}
	if in {
		k.facts ^= isInPages | isOutsidePages
	}
	return in
}

// onPage says on which page an annotation stands.
func (c *comparison) onPage(s *side, n int64, annotation slot, change *Change) {
	page := int64(0)
	for _, p := range s.holders(n, "Annots") {
		switch {
		case !s.isPage(p):
		case page == 0:
			page = p
		case c.isNew(n): // ISO 32000-2, 12.5.2: of one page only
			c.forbid(pdf.Reference{Number: n}, "object %d is an annotation of more than one page", n)
			return
		}
	}
	if page == 0 && annotation.dict() != nil {
		if p := annotation.get("P").ref(); !p.IsZero() && s.isPage(p.Number) {
			page = p.Number
		}
	}
	if page != 0 {
		c.place(s, page, change)
	}
}

// place says that a change is one of a page.
func (c *comparison) place(s *side, page int64, change *Change) {
	e, _, _ := s.view.Lookup(page)
	change.PageRef = pdf.Reference{Number: page}
	if e.Kind == pdf.InUse {
		change.PageRef.Generation = e.Generation
	}
	change.Page = s.pageNumber(page)
}

// pages explains pages whose annotations changed.
func (c *comparison) pages() {
	for i := range c.objects.changed {
		o := &c.objects.changed[i]
		if !o.isRewritten() {
			continue
		}
		switch o.before.Value.(type) {
		case *pdf.Dict:
			c.pageOnce(o.number)
		case *pdf.Array: // perhaps the annotations of pages that did not change
			for _, from := range c.before.holders(o.number, "Annots") {
				c.pageOnce(from)
			}
		}
	}
	// Annotations that became some without their page being touched.
	for i := range c.objects.changed {
		if o := &c.objects.changed[i]; o.isNew() {
			for _, from := range c.after.holders(o.number, "Annots") {
				if !c.changed(from) {
					c.pageOnce(from)
				}
			}
		}
	}
}

// pageOnce compares an object, if it is a page and was not compared yet.
func (c *comparison) pageOnce(n int64) {
	if o := c.objects.get(n); (o == nil || !o.listed) && c.before.isPage(n) {
		c.objects.note(n).listed = true
		c.page(n)
	}
}

// page compares one page: nothing but its list of annotations may change.
func (c *comparison) page(n int64) {
	ref := pdf.Reference{Number: n}
	old, now := c.object(c.before, ref), c.object(c.after, ref)
	if !old.isDict() || !now.isDict() {
		return // whatever it is now has no explanation
	}
	c.assign(n, page)
	number := c.before.pageNumber(n)
	for _, key := range c.differences(old, now) {
		switch key {
		case "Annots": // compared by itself
		case "StructParents":
			if _, ok := now.get(key).value.(pdf.Integer); !ok || old.has(key) {
				c.forbid(ref, "the entry %s of page %d", key, number)
			}
		default:
			c.forbid(ref, "the entry %s of page %d", key, number)
		}
	}
	c.annotations(old.get("Annots"), now.get("Annots"), n, number)
}
