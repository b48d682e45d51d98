package changes

import (
	"bytes"

	"github.com/inkan-go/inkan/internal/pdf"
)

// equal tells whether two objects mean the same, references unresolved. The
// order of keys and the way numbers are written do not matter; a repeated key does.
func equal(a, b pdf.Object, depth int) bool {
	if depth > maxDepth {
		return false
	}
	switch a := a.(type) {
	case pdf.String:
		b, ok := b.(pdf.String)
		return ok && bytes.Equal(a.Value, b.Value)
	case *pdf.Array:
		b, ok := b.(*pdf.Array)
		if !ok || a.Len() != b.Len() {
			return false
		}
		for i := range a.Items {
			if !equal(a.Items[i], b.Items[i], depth+1) {
				return false
			}
		}
		return true
	case *pdf.Dict:
		b, ok := b.(*pdf.Dict)
		if !ok || len(a.Entries) != len(b.Entries) || len(a.Duplicates()) > 0 || len(b.Duplicates()) > 0 {
			return false
		}
		for _, e := range a.Entries {
			other, ok := b.Lookup(e.Key)
			if !ok || !equal(e.Value, other.Value, depth+1) {
				return false
			}
		}
		return true
	case *pdf.Stream:
		return false // compared as bytes by the caller
	}
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	if x, ok := a.(pdf.Integer); ok {
		if y, ok := b.(pdf.Integer); ok {
			return x == y
		}
	}
	x, isNumber := number(a)
	y, isNumberToo := number(b)
	if isNumber && isNumberToo {
		return x == y
	}
	return scalar(b) && a == b
}

// scalar tells whether two objects of that type can be compared with ==.
func scalar(o pdf.Object) bool {
	switch o.(type) {
	case pdf.Null, pdf.Boolean, pdf.Integer, pdf.Real, pdf.Name, pdf.Reference:
		return true
	}
	return false
}

func number(o pdf.Object) (float64, bool) {
	switch o := o.(type) {
	case pdf.Integer:
		return float64(o), true
	case pdf.Real:
		return float64(o), true
	}
	return 0, false
}

// differing returns the keys whose values are not the same in both dictionaries.
// A dictionary with a repeated key differs in that key.
func differing(a, b *pdf.Dict) []pdf.Name {
	var out []pdf.Name
	seen := make(map[pdf.Name]bool)
	for _, d := range []*pdf.Dict{a, b} {
		if d == nil {
			continue
		}
		for _, e := range d.Entries {
			if seen[e.Key] {
				continue
			}
			seen[e.Key] = true
			if !equal(a.Get(e.Key), b.Get(e.Key), 0) {
				out = append(out, e.Key)
			}
		}
		out = append(out, d.Duplicates()...)
	}
	return out
}
