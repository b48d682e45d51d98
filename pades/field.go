package pades

import (
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
	tree, err := readFieldTree(v, form, maxFieldDepth)
	if err != nil {
		return nil, err
	}
	if tree.nodes[name] != nil {
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
