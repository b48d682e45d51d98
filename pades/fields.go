package pades

import (
	"cmp"
	"fmt"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// Field is a signature field as the document has it (ISO 32000-2, 12.7.5.5).
type Field struct {
	Name    string // fully qualified
	Tooltip string
	// Signed tells that the field has a value, be it a good signature or not. Timestamp
	// tells that this is a document time stamp.
	Signed, Timestamp bool
	// Flags are those of the field (Table 227): 1 read-only, 2 required.
	Flags int64
	// Widgets are the places where the field is on pages.
	Widgets []FieldWidget
	// Lock is what a signature in the field locks; nil for nothing.
	Lock *Lock
	// SeedValues are what is asked of a signature in the field; nil for nothing. Where they
	// cannot be understood, SeedError says why, and the field is not signed unless they
	// are ignored.
	SeedValues *SeedValues
	SeedError  error
}

// FieldWidget is one place of a field.
type FieldWidget struct {
	// Page counts from 1; 0 where the widget is on no page.
	Page int
	// Rect is the place on the page as it is displayed; the zero Rect shows nothing.
	Rect Rect
	// Flags are those of the annotation (Table 167): 2 hidden, 4 printed, 128 locked.
	Flags int64
}

// Fields lists the signature fields of the document as it is now, in the order of its
// form.
func (d *Document) Fields() ([]*Field, error) {
	form, err := d.form()
	if err != nil {
		return nil, err
	}
	u := &formUpdate{view: d.parsed.Latest(), form: form}
	wanted := make(map[pdf.Reference]bool)
	for _, field := range u.form.Fields {
		for _, ref := range field.Widgets {
			wanted[ref] = true
		}
	}
	places := make(map[pdf.Reference]place)
	if len(wanted) > 0 {
		if err := u.findPages(wanted, places); err != nil {
			return nil, err
		}
	}
	list := make([]*Field, 0, len(u.form.Fields))
	for _, field := range u.form.Fields {
		list = append(list, u.describe(field, places))
	}
	return list, nil
}

// describe says what there is to be known of a field. What cannot be read of its places
// is left out.
func (u *formUpdate) describe(field *sigdict.Field, places map[pdf.Reference]place) *Field {
	out := &Field{Name: field.Name, Lock: lockOf(field.Lock)}
	out.Tooltip, _ = u.view.Text(field.Dict.Get("TU"))
	out.Flags, _ = u.view.Integer(field.Dict.Get("Ff"), 0)
	if s := field.Signature; s != nil {
		out.Signed, out.Timestamp = true, s.IsTimestamp()
	}
	for _, ref := range field.Widgets {
		out.Widgets = append(out.Widgets, u.describeWidget(ref, places[ref]))
	}
	if out.SeedValues, out.SeedError = readSeedValues(u.view, field.Dict.Get("SV")); out.SeedError != nil {
		out.SeedValues, out.SeedError = nil, fmt.Errorf("pades: the seed values cannot be understood: %w", out.SeedError)
	}
	return out
}

func (u *formUpdate) describeWidget(ref pdf.Reference, at place) FieldWidget {
	w := FieldWidget{Page: at.number}
	o, err := u.view.Object(ref)
	if err != nil {
		return w
	}
	w.Flags, _ = u.view.Integer(o.Dict().Get("F"), 0)
	rect, err := rectangle(u.view, o.Dict().Get("Rect"))
	if err != nil || rect == nil || at.page == nil || rect[0] == rect[2] || rect[1] == rect[3] {
		return w
	}
	if g, err := pageGeometry(u.view, at.page.Dict()); err == nil {
		w.Rect = g.fromUser(*rect)
	}
	return w
}

// NewField is a signature field to be made, without a signature.
type NewField struct {
	// Name is the fully qualified name, as SignOptions.NewField; if it is empty, the first
	// free of Signature1, Signature2 and so on is chosen.
	Name string
	// Tooltip says what the field is for. In a tagged document it is the field's name
	// where it is empty.
	Tooltip string
	// Page is the page, from 1, that carries the field; 0 is the first page, AllPages,
	// with a Rect, every page.
	Page int
	// Rect is where the field is shown; the zero Rect makes it invisible.
	Rect Rect
	Also []Placement // further places

	// Lock is what a signature in the field locks; nil for nothing.
	Lock *Lock
	// SeedValues are what is asked of a signature in the field; nil for nothing.
	SeedValues *SeedValues
}

// FieldOptions say how to add fields. Nil means the defaults.
type FieldOptions struct {
	// IgnorePermissions adds fields to a document that is encrypted with access
	// permissions that forbid it (ISO 32000-2, table 22).
	IgnorePermissions bool
	// IgnoreSignatures adds fields although an earlier signature forbids it. What is
	// broken by that is judged as broken.
	IgnoreSignatures bool
}

// AddFields adds empty signature fields, all in one incremental update. A field that
// nobody signed is an annotation to earlier signatures: where there is one that does not
// permit annotations (ISO 32000-2, Table 257), fields are refused with ErrNotPermitted. On
// an error the document is as it was.
func (d *Document) AddFields(fields []*NewField, o *FieldOptions) error {
	if o == nil {
		o = &FieldOptions{}
	}
	if len(fields) == 0 {
		return failf(ErrOptions, "no fields to be added")
	}
	u, err := d.begin()
	if err != nil {
		return err
	}
	u.flags, u.pdfa = signaturesExist, claimedPDFA(u.view, u.form.Catalog)
	if err := accessible(u.view.File(), false, o.IgnorePermissions); err != nil {
		return err
	}
	if !o.IgnoreSignatures {
		if r := restrictionOf(u.form); r.level < Annotate {
			return failf(ErrNotPermitted, "%s; a field that nobody signed is an annotation (ISO 32000-2, 12.8.2.2)", r.text)
		}
	}
	targets, err := u.planFields(fields, o)
	if err != nil {
		return err
	}
	u.start(d)
	a := u.additions(targets[0].tree, targets[0].structure)
	for i := range targets {
		a.add(&targets[i], pdf.Reference{})
	}
	if err := a.finish(); err != nil {
		return err
	}
	tail, err := u.update.Build()
	if err != nil {
		return failf(ErrOptions, "%w", err)
	}
	d.grow(tail.Bytes)
	return nil
}

// planFields settles names and places of new fields.
func (u *formUpdate) planFields(fields []*NewField, o *FieldOptions) ([]target, error) {
	tree, err := readFieldTree(u.view, u.form, maxFieldDepth)
	if err != nil {
		return nil, err
	}
	s, err := u.readStructure()
	if err != nil {
		return nil, err
	}
	targets := make([]target, len(fields))
	widgets := 0
	for i, f := range fields {
		if f == nil {
			return nil, failf(ErrOptions, "field %d to be added is nil", i+1)
		}
		to := &targets[i]
		to.tree, to.structure, to.tooltip, to.lock, to.seeds = tree, s, f.Tooltip, f.Lock, f.SeedValues
		if to.name, err = tree.claim(f.Name, "Signature"); err != nil {
			return nil, err
		}
		if err := cmp.Or(f.Lock.check(), f.SeedValues.check()); err != nil {
			return nil, err
		}
		if !o.IgnoreSignatures {
			if err := unlocked(u.form, to.name); err != nil {
				return nil, err
			}
		}
		v := &visibility{page: f.Page, rect: f.Rect, also: f.Also, empty: true}
		if err := v.check(); err != nil {
			return nil, err
		}
		if to.widgets, err = u.placeNew(v); err != nil {
			return nil, err
		}
		if widgets += len(to.widgets); widgets > maxWidgets {
			return nil, failf(ErrOptions, "fields in more than %d places", maxWidgets)
		}
	}
	return targets, nil
}
