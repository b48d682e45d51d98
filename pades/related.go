package pades

import (
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
)

// related is what a VRI dictionary lists for one signature.
type related struct {
	contents []byte // of its dictionary, padding included
	material *material
}

// key names the VRI dictionary of a signature (ISO 32000-2, table 261).
func (r *related) key() pdf.Name { return pdf.Name(fmt.Sprintf("%X", sha1.Sum(r.contents))) }

// lists tells whether the VRI dictionary of a signature has all of its values.
func (u *storeUpdate) lists(r *related) bool {
	entry := u.store.Related[string(r.key())]
	there := [arrays][]pdf.Reference{entry.Certificates, entry.OCSPs, entry.CRLs}
	for array, values := range r.material.values {
		for _, der := range values {
			if !slices.Contains(there[array], u.known[sha256.Sum256(der)]) {
				return false
			}
		}
	}
	return true
}

// putRelated writes VRI dictionaries, without times of their own: what matters is
// when the data are proven to have existed.
func (u *storeUpdate) putRelated(vri []*related) error {
	var dict *pdf.Dict
	var holder *pdf.Indirect
	if u.store != nil {
		var err error
		if dict, holder, err = followDict(u.view, u.store.Dict.Get("VRI"), u.store.Object); err != nil {
			return failf(ErrNotPDF, "the VRI dictionary cannot be read: %w", err)
		}
	}
	fresh := []byte("<<")
	var edit *pdf.Editor
	if dict != nil {
		edit = pdf.EditDict(holder.Raw, dict)
	}
	changed := false
	for _, r := range vri {
		if r.material.empty() || u.store != nil && u.lists(r) {
			continue
		}
		value, at, err := u.relatedDictionary(r, dict, holder)
		switch {
		case err != nil:
			return err
		case at != nil:
			u.update.Replace(at, value)
			continue
		case edit != nil:
			edit.Set(r.key(), value)
		default:
			fresh = append(append(append(fresh, '/'), r.key()...), value...)
		}
		changed = true
	}
	switch {
	case !changed:
	case edit == nil:
		u.set("VRI", append(fresh, ">>"...))
	case holder == u.store.Object:
		u.set("VRI", edit.Bytes())
	default:
		u.update.Replace(holder, edit.Bytes())
	}
	return nil
}

// relatedEdit is a VRI dictionary that is there, as it will be.
type relatedEdit struct {
	edit  *pdf.Editor
	lists [arrays][]pdf.Reference
}

// relatedDictionary returns the VRI dictionary of a signature: a new one, or the one that
// is there with what it lacks, and the object of its own that it stands in, or nil. Keys
// that share such an object go on sharing it.
func (u *storeUpdate) relatedDictionary(r *related, vri *pdf.Dict, holder *pdf.Indirect) ([]byte, *pdf.Indirect, error) {
	var old *pdf.Dict
	var at *pdf.Indirect
	to := &relatedEdit{}
	if vri != nil {
		var err error
		if old, at, err = followDict(u.view, vri.Get(r.key()), holder); err != nil {
			return nil, nil, failf(ErrNotPDF, "the VRI dictionary cannot be read: %w", err)
		}
		entry := u.store.Related[string(r.key())]
		to.lists = [arrays][]pdf.Reference{entry.Certificates, entry.OCSPs, entry.CRLs}
	}
	b := []byte("<</Type/VRI")
	switch {
	case old == nil:
	case at == holder:
		to.edit = pdf.EditDict(at.Raw, old)
	case u.edited[at.Ref] != nil:
		to = u.edited[at.Ref]
	default:
		to.edit = pdf.EditDict(at.Raw, old)
		if u.edited == nil {
			u.edited = make(map[pdf.Reference]*relatedEdit)
		}
		u.edited[at.Ref] = to
	}
	for array, names := range storeArrays() {
		refs := slices.Clone(to.lists[array])
		for _, der := range r.material.values[array] {
			if ref := u.value(der); !slices.Contains(refs, ref) {
				refs = append(refs, ref)
			}
		}
		if len(refs) == len(to.lists[array]) {
			continue
		}
		to.lists[array] = refs
		items := make([][]byte, len(refs))
		for i, ref := range refs {
			items[i] = pdf.AppendReference(nil, ref)
		}
		if to.edit != nil {
			to.edit.Set(names.related, pdfArray(items))
		} else {
			b = append(append(append(b, '/'), names.related...), pdfArray(items)...)
		}
	}
	switch {
	case to.edit == nil:
		return append(b, ">>"...), nil, nil
	case at == holder:
		return to.edit.Bytes(), nil, nil
	}
	return to.edit.Bytes(), at, nil
}
