package pades

import (
	"fmt"

	"github.com/inkan-go/inkan/internal/pdf"
)

// pageResources are the resources of a page (ISO 32000-2, 7.8.3). They may be
// those of other pages, too, so a page that needs more gets its own.
type pageResources struct {
	dict     *pdf.Dict // nil for none
	xobjects *pdf.Dict // nil for none
}

// readResources reads the resources of a page, its own or inherited ones.
func (u *amendment) readResources(page *pdf.Indirect) (*pageResources, error) {
	value, err := inherited(u.view, page.Dict(), "Resources")
	if err != nil {
		return nil, err
	}
	r := &pageResources{}
	if r.dict, err = u.view.Dict(value); err != nil {
		return nil, err
	}
	r.xobjects, err = u.view.Dict(r.dict.Get("XObject"))
	return r, err
}

// free returns a name that no XObject has, counting on from n.
func (r *pageResources) free(n int) (pdf.Name, int) {
	for {
		n++
		if name := pdf.Name(fmt.Sprintf("Stamp%d", n)); !r.xobjects.Has(name) {
			return name, n
		}
	}
}

// with returns the resource dictionary with more XObjects, written as entries.
func (r *pageResources) with(more []byte) []byte {
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
	return append(append(b, more...), ">>>>"...)
}

// entries returns the entries that count: of a key that stands twice the last.
func entries(d *pdf.Dict) []pdf.Entry {
	if d == nil {
		return nil
	}
	var list []pdf.Entry
	for i, e := range d.Entries {
		if last, _ := d.Lookup(e.Key); last.KeySpan == d.Entries[i].KeySpan {
			list = append(list, e)
		}
	}
	return list
}
