package pades

import (
	"bytes"
	"fmt"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// SigFlags (ISO 32000-2, table 225): there are signature fields; there are signatures,
// which only an incremental update leaves as they are.
const (
	signaturesExist = 1
	appendOnly      = 2
)

// formUpdate puts into an update what makes a signature part of a document: the
// field, its widget on a page, the form. Only objects that change are written.
type formUpdate struct {
	view   *pdf.View
	update *pdf.Update
	form   *sigdict.Form

	catalog *pdf.Editor // with what has changed so far
	pdfa    int         // the part of ISO 19005 that the document claims
	flags   int64       // SigFlags that the form gets
}

// start begins the update itself, when all was read that it builds on.
func (u *formUpdate) start(d *Document) {
	u.update = pdf.NewUpdate(u.view)
	u.update.Random = d.rand
}

// setCatalog changes an entry of the catalog. Several changes add up.
func (u *formUpdate) setCatalog(key pdf.Name, value []byte) {
	if u.catalog == nil {
		u.catalog = pdf.Edit(u.form.Catalog)
	}
	u.update.Replace(u.form.Catalog, u.catalog.Set(key, value).Bytes())
}

// fill gives an existing field its value, and its widgets their appearance.
func (u *formUpdate) fill(to target, signature pdf.Reference) error {
	value := pdf.AppendReference(nil, signature)
	field := pdf.Edit(to.field.Object).Set("V", value)
	if lock := to.lockDictionary(); lock != nil {
		ref := u.update.New()
		u.update.Put(ref, lock)
		field.Set("Lock", pdf.AppendReference(nil, ref))
	}
	shown := make(map[pdf.Reference]*widget, len(to.widgets))
	for i := range to.widgets {
		shown[to.widgets[i].object.Ref] = &to.widgets[i]
	}
	for _, ref := range to.field.Widgets {
		w := shown[ref]
		if ref == to.field.Ref {
			if w != nil {
				w.show(field)
			}
			continue
		}
		o, err := u.view.Object(ref)
		if err != nil || o.Dict() == nil {
			continue // a widget that nobody sees
		}
		kid := pdf.Edit(o).Set("V", value) // in each, as poppler looks nowhere else
		if w != nil {
			w.show(kid)
		}
		u.update.Replace(o, kid.Bytes())
	}
	u.update.Replace(to.field.Object, field.Bytes())
	return u.flagForm()
}

// flagForm sets the flags of the form, where they are not set.
func (u *formUpdate) flagForm() error {
	if u.form.SigFlags&u.flags == u.flags {
		return nil
	}
	return u.putForm(u.editForm())
}

// printed and locked are annotation flags (ISO 32000-2, table 167); unseen are
// those that hide an annotation.
const (
	printed = 4
	locked  = 128
	unseen  = 1 | 2 | 32
)

// annotation is a new widget with further entries: it shows nothing where no appearance
// was drawn.
func (w *widget) annotation(entries []byte) []byte {
	b := append(make([]byte, 0, 128+len(entries)), "<</Type/Annot/Subtype/Widget"...)
	b = append(b, entries...)
	b = appendInt(append(b, "/F "...), printed|locked)
	b = appendNumbers(append(b, "/Rect"...), w.rect[:])
	b = pdf.AppendReference(append(b, "/P "...), w.page.Ref)
	if w.form != "" {
		b = append(append(append(b, "/AP<</N "...), w.form...), ">>"...)
	}
	return append(b, ">>"...)
}

// show gives an existing widget its appearance.
func (w *widget) show(edit *pdf.Editor) {
	flags, _ := w.object.Dict().Get("F").(pdf.Integer)
	edit.Set("AP", []byte("<</N "+w.form+">>")).Delete("AS")
	edit.Set("F", appendInt(nil, int64(flags)&^unseen|printed))
}

// addAnnotations appends to the page's Annots, in whatever form they are there.
func (u *formUpdate) addAnnotations(page *pdf.Indirect, items ...[]byte) error {
	array, holder, err := u.array(page.Dict().Get("Annots"), page)
	if err != nil {
		return failf(ErrNotPDF, "the annotations of page %v cannot be read: %w", page.Ref, err)
	}
	switch {
	case array == nil:
		u.update.Replace(page, pdf.Edit(page).Set("Annots", newArray(items...)).Bytes())
	case holder == page:
		u.update.Replace(page, pdf.Edit(page).Set("Annots", pdf.AppendItems(page.Raw, array, items...)).Bytes())
	case u.isShared(page, holder):
		if err := u.movable(array); err != nil {
			return err
		}
		u.update.Replace(page, pdf.Edit(page).Set("Annots", pdf.AppendItems(holder.Raw, array, items...)).Bytes())
	default:
		u.update.Replace(holder, pdf.AppendItems(holder.Raw, array, items...))
	}
	return nil
}

// isShared tells whether other pages have the same array of annotations. What is
// appended to it would be on those pages, too.
func (u *formUpdate) isShared(page, holder *pdf.Indirect) bool {
	through := map[pdf.Reference]bool{holder.Ref: true}
	for ref, ok := page.Dict().Get("Annots").(pdf.Reference); ok && ref != holder.Ref; {
		through[ref] = true
		o, err := u.view.Object(ref)
		if err != nil {
			return true
		}
		ref, ok = o.Value.(pdf.Reference)
	}
	return sharesAnnotations(u.view, u.form.Catalog, page, through)
}

// movable refuses an array that must stay in its object: strings in it are
// encrypted with a key that depends on the number of the object.
func (u *formUpdate) movable(array *pdf.Array) error {
	if u.view.File().Encryption() == nil {
		return nil
	}
	for _, item := range array.Items {
		if _, ok := item.(pdf.Reference); !ok {
			return failf(ErrEncrypted, "the page shares its annotations with another one, and they cannot be taken apart")
		}
	}
	return nil
}

// addFields appends to the form's Fields and sets its flags; a document without
// a form gets one.
func (u *formUpdate) addFields(items ...[]byte) error {
	catalog := u.form.Catalog
	if u.form.Dict == nil {
		if _, _, err := followDict(u.view, catalog.Dict().Get("AcroForm"), catalog); err != nil {
			return failf(ErrNotPDF, "the form cannot be read: %w", err)
		}
		form := u.update.New()
		b := append([]byte("<</Fields"), newArray(items...)...)
		u.update.Put(form, append(appendInt(append(b, "/SigFlags "...), u.flags), ">>"...))
		u.setCatalog("AcroForm", pdf.AppendReference(nil, form))
		return nil
	}
	array, holder, err := u.array(u.form.Dict.Get("Fields"), u.form.Object)
	if err != nil {
		return failf(ErrNotPDF, "the form's fields cannot be read: %w", err)
	}
	edit := u.editForm()
	switch {
	case array == nil:
		edit.Set("Fields", newArray(items...))
	case holder == u.form.Object, u.leadsElsewhere("AcroForm", holder) && u.movable(array) == nil:
		edit.Set("Fields", pdf.AppendItems(holder.Raw, array, items...))
	default:
		u.update.Replace(holder, pdf.AppendItems(holder.Raw, array, items...))
		if u.form.SigFlags&u.flags == u.flags {
			return nil // the form itself stays as it is
		}
	}
	return u.putForm(edit)
}

// array follows a value that should be an array; nil means that there is none.
func (u *formUpdate) array(value pdf.Object, holder *pdf.Indirect) (*pdf.Array, *pdf.Indirect, error) {
	value, holder, err := follow(u.view, value, holder)
	if err != nil {
		return nil, nil, err
	}
	switch array := value.(type) {
	case *pdf.Array:
		return array, holder, nil
	case pdf.Null:
		return nil, holder, nil
	}
	return nil, nil, fmt.Errorf("not an array but %T", value)
}

// editForm starts to change the form, with its flags set.
func (u *formUpdate) editForm() *pdf.Editor {
	edit := pdf.EditDict(u.form.Object.Raw, u.form.Dict)
	if u.form.SigFlags&u.flags != u.flags {
		edit.Set("SigFlags", appendInt(nil, u.form.SigFlags|u.flags))
	}
	return edit
}

// putForm writes the changed form.
func (u *formUpdate) putForm(edit *pdf.Editor) error {
	return u.putEntry("AcroForm", u.form.Object, edit.Bytes())
}

func newArray(items ...[]byte) []byte {
	b := append([]byte{'['}, bytes.Join(items, []byte{' '})...)
	return append(b, ']')
}
