package pades

import (
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// leadsElsewhere tells whether the catalog of a signed document, by another entry than key,
// or its trailer leads to an object, or to one on the way to it. What changes there would
// change something else that was signed.
func (u *formUpdate) leadsElsewhere(key pdf.Name, o *pdf.Indirect) bool {
	if !slices.ContainsFunc(u.form.Fields, func(f *sigdict.Field) bool { return f.Signature != nil }) {
		return false
	}
	on := map[pdf.Reference]bool{o.Ref: true}
	catalog := u.form.Catalog.Dict()
	ref, ok := catalog.Get(key).(pdf.Reference)
	for range maxHops {
		if !ok || on[ref] {
			break
		}
		on[ref] = true
		next, err := u.view.Object(ref)
		if err != nil {
			break
		}
		ref, ok = next.Value.(pdf.Reference)
	}
	for _, e := range catalog.Entries {
		if e.Key != key && refersTo(e.Value, on, 0) {
			return true
		}
	}
	for _, e := range u.view.Trailer().Entries {
		if e.Key != "Root" && refersTo(e.Value, on, 0) {
			return true
		}
	}
	return false
}

// refersTo tells whether a value holds a reference to one of those objects.
func refersTo(value pdf.Object, on map[pdf.Reference]bool, depth int) bool {
	if depth > maxHops {
		return true
	}
	switch value := value.(type) {
	case pdf.Reference:
		return on[value]
	case *pdf.Array:
		for _, item := range value.Items {
			if refersTo(item, on, depth+1) {
				return true
			}
		}
	case *pdf.Dict:
		for _, e := range value.Entries {
			if refersTo(e.Value, on, depth+1) {
				return true
			}
		}
	}
	return false
}

// putEntry writes the changed value of an entry of the catalog into the object that it
// stands in, or into a new one where something else leads to that object as well.
func (u *formUpdate) putEntry(key pdf.Name, o *pdf.Indirect, body []byte) error {
	switch {
	case o.Ref == u.form.Catalog.Ref:
		u.setCatalog(key, body)
	case !u.leadsElsewhere(key, o):
		u.update.Replace(o, body)
	case u.view.File().Encryption() != nil:
		return failf(ErrEncrypted, "something else leads to object %v, the %s of the catalog, as well, and they cannot be taken apart", o.Ref, key)
	default:
		apart := u.update.New()
		u.update.Put(apart, body)
		u.setCatalog(key, pdf.AppendReference(nil, apart))
	}
	return nil
}
