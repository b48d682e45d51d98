package pades

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// emptyField finds the signature field to be signed.
func emptyField(v *pdf.View, form *sigdict.Form, name string) (*sigdict.Field, error) {
	for _, f := range form.Fields {
		if f.Name != name {
			continue
		}
		if f.Signature != nil {
			return nil, failf(ErrField, "the field %q is signed already", name)
		}
		if f.Ref.IsZero() || f.Object == nil || f.Object.Dict() == nil {
			return nil, failf(ErrField, "the field %q is not an indirect object and cannot be given a value", name)
		}
		return f, nil
	}
	names, err := fieldNames(v, form, maxFieldDepth)
	if err != nil {
		return nil, err
	}
	if names[name] {
		return nil, failf(ErrField, "the field %q is not a signature field", name)
	}
	var empty []string
	for _, f := range form.Fields {
		if f.Signature == nil {
			empty = append(empty, strconv.Quote(f.Name))
		}
	}
	if len(empty) == 0 {
		return nil, failf(ErrField, "there is no field %q, nor any empty signature field", name)
	}
	return nil, failf(ErrField, "there is no field %q; empty signature fields: %s", name, strings.Join(empty, ", "))
}

// newFieldName returns the name for a new field at the top of the field tree: the
// one wanted, or the first free one of that kind.
func newFieldName(v *pdf.View, form *sigdict.Form, wanted, kind string) (string, error) {
	if strings.Contains(wanted, ".") {
		return "", failf(ErrOptions, "the name %q of a new field holds a full stop", wanted)
	}
	names, err := fieldNames(v, form, 0)
	if err != nil {
		return "", err
	}
	if wanted != "" {
		if names[wanted] {
			return "", failf(ErrField, "there is a field %q already", wanted)
		}
		return wanted, nil
	}
	// One of the first len(names)+1 is free.
	for n := 1; ; n++ {
		if name := kind + strconv.Itoa(n); !names[name] {
			return name, nil
		}
	}
}

// fieldNames returns the fully qualified names of fields, whatever their types:
// those at the top of the field tree, and below it down to that depth.
func fieldNames(v *pdf.View, form *sigdict.Form, depth int) (map[string]bool, error) {
	w := &nameWalk{view: v, depth: depth, names: make(map[string]bool), seen: make(map[pdf.Reference]bool)}
	if form.Dict != nil {
		if err := w.array(form.Dict.Get("Fields"), form.Object, "", 0); err != nil {
			return nil, failf(ErrField, "the form cannot be read: %w", err)
		}
	}
	return w.names, nil
}

type nameWalk struct {
	depth int
	view  *pdf.View
	names map[string]bool
	seen  map[pdf.Reference]bool
}

func (w *nameWalk) array(value pdf.Object, holder *pdf.Indirect, prefix string, depth int) error {
	value, holder, err := follow(w.view, value, holder)
	if err != nil {
		return err
	}
	array, _ := value.(*pdf.Array)
	if array.Len() == 0 {
		return nil
	}
	if depth > maxFieldDepth {
		return fmt.Errorf("fields nest more than %d deep", maxFieldDepth)
	}
	for _, item := range array.Items {
		if ref, ok := item.(pdf.Reference); ok {
			if w.seen[ref] {
				continue // a cycle, or a field listed twice
			}
			w.seen[ref] = true
		}
		if err := w.field(item, holder, prefix, depth); err != nil {
			return err
		}
	}
	return nil
}

func (w *nameWalk) field(item pdf.Object, holder *pdf.Indirect, prefix string, depth int) error {
	value, holder, err := follow(w.view, item, holder)
	if err != nil {
		return err
	}
	dict, ok := value.(*pdf.Dict)
	if !ok {
		return nil // no field: a null item, for example
	}
	value, _, err = follow(w.view, dict.Get("T"), holder)
	if err != nil {
		return err
	}
	if t, ok := value.(pdf.String); ok {
		if prefix != "" {
			prefix += "."
		}
		prefix += pdf.DecodeText(t.Value)
		w.names[prefix] = true
	}
	if depth == w.depth && w.depth < maxFieldDepth {
		return nil
	}
	return w.array(dict.Get("Kids"), holder, prefix, depth+1)
}
