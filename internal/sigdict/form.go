package sigdict

import (
	"fmt"

	"github.com/inkan-go/inkan/internal/pdf"
)

// Form is the interactive form of one revision (ISO 32000-2, 12.7), as far as
// signatures need it.
type Form struct {
	Catalog *pdf.Indirect
	// Dict is the AcroForm dictionary, nil where there is none, and Object the
	// indirect object that it stands in (the catalog where it is direct).
	Dict   *pdf.Dict
	Object *pdf.Indirect
	// SigFlags are the signature flags (Table 225); 0 where there are none.
	SigFlags int64
	// Fields are the signature fields in the order of the field tree.
	Fields      []*Field
	Permissions Permissions
	// Touched holds the number of every object that reading the form visited.
	Touched map[int64]bool
	// Problems are the places where the field tree could not be followed.
	Problems []Problem
	// Work is what it cost to read the form, in steps and in what is kept, of about
	// 16 bytes each.
	Work int
}

// Field is one signature field: a terminal field of type Sig (12.7.5.5).
type Field struct {
	// Name is the fully qualified name, its parts joined by periods.
	Name string
	// Ref and Object are the indirect object of the field; Ref is zero for a
	// field that stands directly in an array.
	Ref    pdf.Reference
	Object *pdf.Indirect
	Dict   *pdf.Dict
	// Signature is the value; nil where the field is not signed.
	Signature *Signature
	// Lock is the field's Lock dictionary (Table 236); nil where there is none.
	Lock *Lock
	// Widgets are the annotations of the field, itself where both are merged.
	Widgets []pdf.Reference
}

// Problem says what could not be read, and where. Offset is -1 where it is not known.
type Problem struct {
	Ref    pdf.Reference
	Offset int64
	Text   string
}

// Find reads the signature fields of one revision. The error is that of the
// catalog; anything below it that cannot be read is a Problem or a damaged
// Signature.
func Find(v *pdf.View) (*Form, error) {
	catalog, err := v.Catalog()
	if err != nil {
		return nil, err
	}
	f := &Form{Catalog: catalog, Touched: make(map[int64]bool)}
	w := &walker{view: v, form: f, seen: make(map[pdf.Reference]bool)}
	defer w.finish()
	w.touch(catalog)
	f.Permissions = w.permissions(catalog)
	value, holder := w.follow(catalog.Dict().Get("AcroForm"), catalog)
	dict, ok := value.(*pdf.Dict)
	if !ok {
		if _, null := value.(pdf.Null); !null {
			w.problem(holder, "the AcroForm is not a dictionary")
		}
		return f, nil
	}
	f.Dict, f.Object = dict, holder
	if n, ok := w.value(dict.Get("SigFlags"), holder).(pdf.Integer); ok {
		f.SigFlags = int64(n)
	}
	fields, holder := w.follow(dict.Get("Fields"), holder)
	switch fields := fields.(type) {
	case *pdf.Array:
		for _, item := range fields.Items {
			w.node(item, holder, inherited{}, 0)
		}
	case pdf.Null:
	default:
		w.problem(holder, "the Fields entry of the AcroForm is not an array")
	}
	return f, nil
}

// walker goes through the field tree of one form.
type walker struct {
	view  *pdf.View
	form  *Form
	seen  map[pdf.Reference]bool // nodes of the field tree
	nodes int
	cut   bool // nodes were left out
}

// inherited is what a field takes from its ancestors (Table 226).
type inherited struct {
	name   string
	kind   pdf.Name
	value  pdf.Object
	holder *pdf.Indirect // where value stands
}

func (w *walker) touch(o *pdf.Indirect) {
	if o != nil {
		w.form.Touched[o.Ref.Number] = true
	}
}

// nodeWork is what a node of the field tree costs.
const nodeWork = 8

// spend counts work, and tells whether there is some left.
func (w *walker) spend(n int) bool {
	w.form.Work += n
	return w.form.Work <= maxWork
}

const tooLarge = "the field tree is too large to be followed"

// finish reports that texts or certificates were left out, where no field was.
func (w *walker) finish() {
	if w.form.Work > maxWork && !w.cut {
		w.problem(w.form.Object, tooLarge)
	}
}

func (w *walker) problem(o *pdf.Indirect, text string) {
	p := Problem{Offset: -1, Text: text}
	if o != nil {
		p.Ref, p.Offset = o.Ref, o.Offset
	}
	w.form.Problems = append(w.form.Problems, p)
}

// follow resolves references and returns the value with the indirect object
// that it stands in, so that its spans can be understood.
func (w *walker) follow(value pdf.Object, holder *pdf.Indirect) (pdf.Object, *pdf.Indirect) {
	if _, indirect := value.(pdf.Reference); !indirect {
		return value, holder
	}
	value, holder, err := follow(w.view, value, holder, w.touchNumber)
	if err != nil {
		w.problem(holder, err.Error())
		return pdf.Null{}, holder
	}
	return value, holder
}

func (w *walker) touchNumber(r pdf.Reference) { w.form.Touched[r.Number] = true }

// value is follow for values whose place does not matter.
func (w *walker) value(value pdf.Object, holder *pdf.Indirect) pdf.Object {
	value, _ = w.follow(value, holder)
	return value
}

// follow resolves references in a view, reporting every one to seen.
func follow(v *pdf.View, value pdf.Object, holder *pdf.Indirect, seen func(pdf.Reference)) (pdf.Object, *pdf.Indirect, error) {
	for range maxHops + 1 {
		ref, ok := value.(pdf.Reference)
		if !ok {
			return value, holder, nil
		}
		if seen != nil {
			seen(ref)
		}
		o, err := v.Object(ref)
		if err != nil {
			return nil, &pdf.Indirect{Ref: ref, Offset: -1, End: -1}, fmt.Errorf("sigdict: object %v cannot be read: %w", ref, err)
		}
		value, holder = o.Value, o
	}
	return nil, holder, fmt.Errorf("sigdict: more than %d references in a row", maxHops)
}

// node visits one node of the field tree: a field with children, a terminal
// field, or a widget of one.
func (w *walker) node(item pdf.Object, holder *pdf.Indirect, from inherited, depth int) {
	ref, _ := item.(pdf.Reference)
	if !ref.IsZero() && w.seen[ref] {
		w.problem(&pdf.Indirect{Ref: ref, Offset: -1}, "the field occurs more than once in the field tree")
		return
	}
	w.nodes++
	if ample := w.spend(nodeWork); !ample || w.nodes > maxFields || depth > maxDepth {
		if !w.cut || depth == maxDepth+1 {
			w.problem(holder, tooLarge)
		}
		w.cut = w.cut || depth <= maxDepth
		return
	}
	w.seen[ref] = true
	value, object := w.follow(item, holder)
	dict, ok := value.(*pdf.Dict)
	if !ok {
		if _, null := value.(pdf.Null); !null {
			w.problem(object, "a form field is not a dictionary")
		}
		return
	}
	from = w.inherit(dict, object, from)
	kids, kidsHolder := w.follow(dict.Get("Kids"), object)
	array, _ := kids.(*pdf.Array)
	var widgets []pdf.Reference
	children := 0
	for _, kid := range items(array) {
		if w.form.Work > maxWork {
			w.node(kid, kidsHolder, from, depth+1) // which says so
			break
		}
		if w.isWidget(kid, kidsHolder, from.value) {
			if r, ok := kid.(pdf.Reference); ok {
				widgets = append(widgets, r)
			}
			continue
		}
		children++
		w.node(kid, kidsHolder, from, depth+1)
	}
	if children > 0 || from.kind != "Sig" {
		return
	}
	if len(widgets) == 0 && !ref.IsZero() {
		widgets = append(widgets, ref)
	}
	w.form.Fields = append(w.form.Fields, w.field(ref, object, dict, from, widgets))
}

// inherit adds what the field itself says to what its ancestors said.
func (w *walker) inherit(dict *pdf.Dict, object *pdf.Indirect, from inherited) inherited {
	if t, ok := w.value(dict.Get("T"), object).(pdf.String); ok {
		part := pdf.DecodeText(t.Value)
		if from.name != "" {
			part = from.name + "." + part
		}
		w.spend(len(part) / 16)
		from.name = part
	}
	if k, ok := w.value(dict.Get("FT"), object).(pdf.Name); ok {
		from.kind = k
	}
	if dict.Has("V") {
		from.value, from.holder = dict.Get("V"), object
	}
	return from
}

// isWidget tells whether a kid is an annotation of its parent and not a field
// of its own: it has no partial name (12.7.4.2). It may repeat the reference to the value of
// its parent, without which some readers show an unsigned field in its place; with
// another value it is a field of its own.
func (w *walker) isWidget(kid pdf.Object, holder *pdf.Indirect, value pdf.Object) bool {
	dict, ok := w.value(kid, holder).(*pdf.Dict)
	w.spend(1 + entries(dict)/4)
	if !ok || dict.Has("T") || dict.Has("Kids") || dict.Has("FT") {
		return false
	}
	own, repeats := dict.Get("V").(pdf.Reference)
	return !dict.Has("V") || repeats && value == pdf.Object(own)
}

func (w *walker) field(ref pdf.Reference, object *pdf.Indirect, dict *pdf.Dict, from inherited, widgets []pdf.Reference) *Field {
	f := &Field{Name: from.name, Ref: ref, Object: object, Dict: dict, Widgets: widgets}
	f.Lock = w.lock(dict.Get("Lock"), object)
	if from.value == nil {
		return f
	}
	f.Signature = w.signature(from.value, from.holder)
	return f
}

func items(a *pdf.Array) []pdf.Object {
	if a == nil {
		return nil
	}
	return a.Items
}

func entries(d *pdf.Dict) int {
	if d == nil {
		return 0
	}
	return len(d.Entries)
}
