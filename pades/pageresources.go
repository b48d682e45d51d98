package pades

import (
	"fmt"

	"github.com/inkan-go/inkan/internal/pdf"
)

// pageResources are the resources of a page (ISO 32000-2, 7.8.3), to which the forms of
// stamps are added. Those that were there may be those of other pages, too, so they
// stay as they are, and the page gets its own.
type pageResources struct {
	dict     *pdf.Dict // nil for none
	xobjects *pdf.Dict // nil for none

	names   map[string]pdf.Name // of the forms that are added, by their references
	number  int                 // in the last name
	entries []byte              // the forms, as entries of XObject
	ref     []byte              // the reference to all that, when it is written
}

// resourceReader reads the resources of pages. Those that are large are written once for
// all pages that share them; all others once for all pages that then have the same.
type resourceReader struct {
	view   *pdf.View
	shared map[pdf.Reference]*pageResources
}

// read reads the resources of a page, its own or inherited ones.
func (r *resourceReader) read(page *pdf.Indirect) (*pageResources, error) {
	value, holder, err := inheritedFrom(r.view, page, "Resources")
	if err != nil {
		return nil, err
	}
	if ref, ok := value.(pdf.Reference); ok {
		holder = ref
	}
	if p := r.shared[holder]; p != nil {
		return p, nil
	}
	p := &pageResources{names: make(map[string]pdf.Name)}
	if p.dict, err = r.view.Dict(value); err != nil {
		return nil, err
	}
	if p.xobjects, err = r.view.Dict(p.dict.Get("XObject")); err != nil {
		return nil, err
	}
	if p.dict != nil && p.dict.Span.Len() > sharedResourceBytes || p.xobjects != nil && p.xobjects.Span.Len() > sharedResourceBytes {
		r.shared[holder] = p
	}
	return p, nil
}

// sharedResourceBytes is how long resources are in the file that are not written again for
// each page.
const sharedResourceBytes = 2 << 10

// inheritedFrom returns an entry of a page, or of a node above it, and the object that it
// stands in.
func inheritedFrom(v *pdf.View, page *pdf.Indirect, key pdf.Name) (pdf.Object, pdf.Reference, error) {
	node, holder := page.Dict(), page.Ref
	for range maxPageDepth {
		if node == nil || node.Has(key) {
			break
		}
		holder, _ = node.Get("Parent").(pdf.Reference)
		parent, err := v.Dict(node.Get("Parent"))
		if err != nil {
			return nil, holder, err
		}
		node = parent
	}
	return node.Get(key), holder, nil
}

// name returns the name of a form, which no other XObject has.
func (r *pageResources) name(form string) pdf.Name {
	name, known := r.names[form]
	for !known {
		r.number++
		name = pdf.Name(fmt.Sprintf("Stamp%d", r.number))
		if known = !r.xobjects.Has(name); known {
			r.names[form] = name
			r.entries = pdf.AppendEntry(r.entries, name, []byte(form))
		}
	}
	return name
}

// body returns the resource dictionary with the forms.
func (r *pageResources) body() []byte {
	b := []byte("<<")
	for _, e := range entries(r.dict) {
		if e.Key != "XObject" {
			b = pdf.AppendEntry(b, e.Key, pdf.AppendValue(nil, e.Value))
		}
	}
	b = append(b, "/XObject<<"...)
	for _, e := range entries(r.xobjects) {
		b = pdf.AppendEntry(b, e.Key, pdf.AppendValue(nil, e.Value))
	}
	return append(append(b, r.entries...), ">>>>"...)
}

// entries returns the entries that count: of a key that stands twice the last.
func entries(d *pdf.Dict) []pdf.Entry {
	if d == nil {
		return nil
	}
	twice := d.Duplicates()
	if len(twice) == 0 {
		return d.Entries
	}
	var list []pdf.Entry
	for _, e := range d.Entries {
		if last, _ := d.Lookup(e.Key); last.KeySpan == e.KeySpan {
			list = append(list, e)
		}
	}
	return list
}
