package pades

import (
	"bytes"
	"crypto/sha256"
	"maps"
	"slices"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// storeUpdate puts an update of the document security store (ISO 32000-2, 12.8.4.3)
// together. What is there stays; nothing is written twice.
type storeUpdate struct {
	*formUpdate
	store *sigdict.Store // nil where there is none
	edit  *pdf.Editor    // of its dictionary, or nil
	fresh []byte         // the entries of a new one
	known map[[sha256.Size]byte]pdf.Reference
	// edited are the VRI dictionaries with an object of their own that were added to.
	edited map[pdf.Reference]*relatedEdit
}

// addStore adds to the security store what it does not hold yet.
func (d *Document) addStore(all *material, vri []*related, s *services) error {
	form, err := d.begin()
	if err != nil {
		return err
	}
	u := &storeUpdate{formUpdate: form}
	if u.store, err = sigdict.ReadStore(u.view); err != nil {
		return failf(ErrNotPDF, "the security store cannot be read: %w", err)
	}
	u.readKnown()
	if u.holds(all, vri) {
		return nil
	}
	if err := accessible(u.view.File(), false, s.ignore); err != nil {
		return err
	}
	u.start(d)
	if err := u.put(all, vri); err != nil {
		return err
	}
	tail, err := u.update.Build()
	if err != nil {
		return failf(ErrOptions, "%w", err)
	}
	if err := d.keepsIntact(s.history, tail.Bytes); err != nil {
		return err
	}
	d.grow(tail.Bytes)
	return nil
}

// addStoreFor adds to the security store what a document time stamp at the end needs,
// where neither the store nor its token has that: else the document ends with it.
func (d *Document) addStoreFor(e *existing, v *validation) error {
	f, err := d.current()
	if err != nil {
		return err
	}
	store, err := sigdict.ReadStore(f.Latest())
	if err != nil {
		return failf(ErrNotPDF, "the security store cannot be read: %w", err)
	}
	u := &storeUpdate{store: store}
	u.readKnown()
	lacking := material{}
	for array, values := range v.all.values {
		for _, der := range values {
			if array != certificatesArray || !slices.ContainsFunc(e.data.X509Certificates(), func(c *certificate.Certificate) bool { return bytes.Equal(c.Raw, der) }) {
				lacking.add(array, der)
			}
		}
	}
	if u.holds(&lacking, nil) {
		return nil
	}
	return d.addStore(&v.all, v.vri, v.services)
}

// readKnown reads what the store holds, those values too that only a VRI dictionary
// names. What cannot be read is as good as absent.
func (u *storeUpdate) readKnown() {
	u.known = make(map[[sha256.Size]byte]pdf.Reference)
	if u.store == nil {
		return
	}
	for _, ref := range storeItems(u.store) {
		der, err := u.store.Value(ref)
		if err != nil || len(der) == 0 {
			continue
		}
		if sum := sha256.Sum256(der); u.known[sum].IsZero() {
			u.known[sum] = ref
		}
	}
}

// storeItems returns every value of a store once: those of the arrays first.
func storeItems(s *sigdict.Store) []pdf.Reference {
	lists := [][]pdf.Reference{s.Certificates, s.OCSPs, s.CRLs}
	for _, key := range slices.Sorted(maps.Keys(s.Related)) {
		r := s.Related[key]
		lists = append(lists, r.Certificates, r.OCSPs, r.CRLs)
	}
	var items []pdf.Reference
	seen := make(map[pdf.Reference]bool)
	for _, list := range lists {
		for _, ref := range list {
			if !seen[ref] {
				seen[ref] = true
				items = append(items, ref)
			}
		}
	}
	return items
}

// listed returns the items of an array of the store as it is.
func (u *storeUpdate) listed(array int) []pdf.Reference {
	if u.store == nil {
		return nil
	}
	return [arrays][]pdf.Reference{u.store.Certificates, u.store.OCSPs, u.store.CRLs}[array]
}

// holds tells whether everything is there already.
func (u *storeUpdate) holds(all *material, vri []*related) bool {
	for array, values := range all.values {
		for _, der := range values {
			if !slices.Contains(u.listed(array), u.known[sha256.Sum256(der)]) {
				return false
			}
		}
	}
	for _, r := range vri {
		if !r.material.empty() && (u.store == nil || !u.lists(r)) {
			return false
		}
	}
	return true
}

// put writes the values, the arrays, the store and what leads to it.
func (u *storeUpdate) put(all *material, vri []*related) error {
	if u.store != nil {
		u.edit = pdf.EditDict(u.store.Object.Raw, u.store.Dict)
	}
	for array, values := range all.values {
		if err := u.putArray(array, values); err != nil {
			return err
		}
	}
	if err := u.putRelated(vri); err != nil {
		return err
	}
	if err := u.declare(); err != nil {
		return err
	}
	if u.store != nil {
		return u.putEntry("DSS", u.store.Object, u.edit.Bytes())
	}
	ref := u.update.New()
	u.update.Put(ref, append(append([]byte("<</Type/DSS"), u.fresh...), ">>"...))
	u.setCatalog("DSS", pdf.AppendReference(nil, ref))
	return nil
}

// set gives an entry of the store its value.
func (u *storeUpdate) set(key pdf.Name, value []byte) {
	if u.store != nil {
		u.edit.Set(key, value)
		return
	}
	u.fresh = append(append(append(u.fresh, '/'), key...), value...)
}

// value returns the object of a value: one that is there, or a new stream.
func (u *storeUpdate) value(der []byte) pdf.Reference {
	sum := sha256.Sum256(der)
	ref, there := u.known[sum]
	if !there {
		ref = u.update.New()
		u.update.PutStream(ref, []byte("<<>>"), der)
		u.known[sum] = ref
	}
	return ref
}

// putArray adds the values that an array of the store does not list.
func (u *storeUpdate) putArray(array int, values [][]byte) error {
	var items [][]byte
	for _, der := range values {
		if ref := u.value(der); !slices.Contains(u.listed(array), ref) {
			items = append(items, pdf.AppendReference(nil, ref))
		}
	}
	if len(items) == 0 {
		return nil
	}
	key := storeArrays()[array].key
	if u.store == nil {
		u.set(key, pdfArray(items))
		return nil
	}
	old, holder, err := u.array(u.store.Dict.Get(key), u.store.Object)
	if err != nil {
		return failf(ErrNotPDF, "%s of the security store cannot be read: %w", key, err)
	}
	switch {
	case old == nil:
		u.set(key, pdfArray(items))
	case holder == u.store.Object:
		u.set(key, pdf.AppendItems(holder.Raw, old, items...))
	case u.isShared(array, holder):
		u.set(key, pdf.AppendItems(holder.Raw, old, items...)) // from now on each has its own
	default:
		u.update.Replace(holder, pdf.AppendItems(holder.Raw, old, items...))
	}
	return nil
}

// isShared tells whether another array of the store stands in the same object, as empty
// ones of some producers do.
func (u *storeUpdate) isShared(array int, holder *pdf.Indirect) bool {
	for other, names := range storeArrays() {
		if other == array {
			continue
		}
		if old, at, err := u.array(u.store.Dict.Get(names.key), u.store.Object); err == nil && old != nil && at.Ref == holder.Ref {
			return true
		}
	}
	return false
}

func pdfArray(items [][]byte) []byte {
	b := []byte{'['}
	for i, item := range items {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, item...)
	}
	return append(b, ']')
}
