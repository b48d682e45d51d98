package main

import (
	"fmt"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/redact"
)

// formField is one terminal field of the interactive form (ISO 32000-2, 12.7.4).
type formField struct {
	name   string // fully qualified
	kind   string // text, button, choice, signature, or the name in the file
	filled bool
	ref    pdf.Reference
}

// fieldKind names a field type (ISO 32000-2, table 226).
func fieldKind(kind pdf.Name) string {
	switch kind {
	case "Tx":
		return "text"
	case "Btn":
		return "button"
	case "Ch":
		return "choice"
	case "Sig":
		return "signature"
	}
	return redact.Visible(string(kind))
}

// formFields lists the fields of the form in the order of the field tree, and
// what of it could not be read.
func formFields(v *pdf.View) ([]formField, []string) {
	w := &fieldWalker{view: v, seen: map[pdf.Reference]bool{}}
	catalog, err := v.Catalog()
	if err != nil {
		return nil, []string{"the catalog cannot be read: " + err.Error()}
	}
	form, _ := w.resolve(catalog.Dict().Get("AcroForm")).(*pdf.Dict)
	for _, item := range w.array(form.Get("Fields")) {
		w.node(item, formField{}, 0)
	}
	return w.fields, w.problems
}

// fieldWalker goes through the field tree once, within limits.
type fieldWalker struct {
	view     *pdf.View
	seen     map[pdf.Reference]bool
	nodes    int
	fields   []formField
	problems []string
}

func (w *fieldWalker) problem(format string, args ...any) {
	if len(w.problems) < maxRemarks {
		w.problems = append(w.problems, fmt.Sprintf(format, args...))
	}
}

func (w *fieldWalker) resolve(o pdf.Object) pdf.Object {
	value, err := w.view.Resolve(o)
	if err != nil {
		w.problem("%v", err)
		return pdf.Null{}
	}
	return value
}

func (w *fieldWalker) array(o pdf.Object) []pdf.Object {
	if a, ok := w.resolve(o).(*pdf.Array); ok {
		return a.Items
	}
	return nil
}

// node visits a field; parent is what it inherits. A kid without a name of its
// own is a widget and not a field (ISO 32000-2, 12.7.4.2).
func (w *fieldWalker) node(item pdf.Object, parent formField, depth int) {
	field := parent
	if ref, ok := item.(pdf.Reference); ok {
		if w.seen[ref] {
			w.problem("field %s is met twice", ref)
			return
		}
		w.seen[ref] = true
		field.ref = ref
	}
	if w.nodes++; w.nodes > maxFields || depth > maxFieldDepth {
		w.problem("the form has more than %d fields or %d levels; the rest is not shown", maxFields, maxFieldDepth)
		return
	}
	dict, ok := w.resolve(item).(*pdf.Dict)
	if !ok {
		return
	}
	if part, ok := w.resolve(dict.Get("T")).(pdf.String); ok {
		if field.name != "" {
			field.name += "."
		}
		field.name += pdf.DecodeText(part.Value)
	}
	if kind, ok := w.resolve(dict.Get("FT")).(pdf.Name); ok {
		field.kind = fieldKind(kind)
	}
	if dict.Has("V") {
		_, null := w.resolve(dict.Get("V")).(pdf.Null)
		field.filled = !null
	}
	terminal := true
	for _, kid := range w.array(dict.Get("Kids")) {
		if d, ok := w.resolve(kid).(*pdf.Dict); ok && d.Has("T") {
			terminal = false
			w.node(kid, field, depth+1)
		}
	}
	if terminal {
		w.fields = append(w.fields, field)
	}
}
