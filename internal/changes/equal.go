package changes

import (
	"bytes"

	"github.com/inkan-go/inkan/internal/pdf"
)

// equal tells whether two objects mean the same, references unresolved. The
// order of keys and the way numbers are written do not matter; a repeated key
// does. So does whether a number is an integer, but for coordinates: a reader
// that wants an integer may take 2.0 for none.
func equal(a, b pdf.Object) bool { return equalIn(a, b, 0, false) }

// equalAt is equal for two values of a key.
func equalAt(key pdf.Name, a, b pdf.Object, depth int) bool {
	return equalIn(a, b, depth, isCoordinates(key))
}

// isCoordinates tells of a key whose numbers are places, lengths or colours, in
// which all readers take an integer for a real number.
func isCoordinates(key pdf.Name) bool {
	switch key {
	case "Rect", "BBox", "Matrix", "MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox", "FontBBox", "FontMatrix", "Coords",
		"QuadPoints", "Vertices", "InkList", "L", "CL", "RD", "C", "IC", "Border", "BG", "BC", "Dest":
		return true
	}
	return false
}

func equalIn(a, b pdf.Object, depth int, coordinates bool) bool {
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
			if !equalIn(a.Items[i], b.Items[i], depth+1, coordinates) {
				return false
			}
		}
		return true
	case *pdf.Dict:
		b, ok := b.(*pdf.Dict)
		return ok && equalDicts(a, b, depth)
	case *pdf.Stream:
		return false // compared as bytes by the caller
	}
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	x, isNumber := number(a)
	y, isNumberToo := number(b)
	if isNumber && isNumberToo && isInteger(a) != isInteger(b) {
		return coordinates && x == y
	}
	if isNumber && isNumberToo && !isInteger(a) {
		return x == y
	}
	return scalar(b) && a == b
}

func equalDicts(a, b *pdf.Dict, depth int) bool {
	if len(a.Entries) != len(b.Entries) || len(a.Duplicates()) > 0 || len(b.Duplicates()) > 0 {
		return false
	}
	inB := newIndex(b)
	for _, e := range a.Entries {
		other, ok := inB.find(e.Key)
		if !ok || !equalAt(e.Key, e.Value, other, depth+1) {
			return false
		}
	}
	return true
}

func isInteger(o pdf.Object) bool {
	_, ok := o.(pdf.Integer)
	return ok
}

// smallDict is up to how many entries of a dictionary are searched one by one.
const smallDict = 32

// index finds entries of a dictionary, the last of several, as quickly in a large one.
type index struct {
	dict   *pdf.Dict
	values map[pdf.Name]pdf.Object // of a large one
}

func newIndex(d *pdf.Dict) index {
	if d == nil || len(d.Entries) <= smallDict {
		return index{dict: d}
	}
	values := make(map[pdf.Name]pdf.Object, len(d.Entries))
	for _, e := range d.Entries {
		values[e.Key] = e.Value
	}
	return index{d, values}
}

func (x index) find(key pdf.Name) (pdf.Object, bool) {
	if x.values != nil {
		if v, ok := x.values[key]; ok {
			return v, true
		}
	} else if x.dict != nil {
		if e, ok := x.dict.Lookup(key); ok {
			return e.Value, true
		}
	}
	return pdf.Null{}, false
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
	inA, inB := newIndex(a), newIndex(b)
	for i, d := range []*pdf.Dict{a, b} {
		if d == nil {
			continue
		}
		twice := d.Duplicates()
		var seen map[pdf.Name]bool // where keys stand twice
		if len(twice) > 0 {
			seen = make(map[pdf.Name]bool)
		}
		for _, e := range d.Entries {
			x, compared := inA.find(e.Key)
			if compared = compared && i == 1; compared || seen[e.Key] {
				continue
			}
			if seen != nil {
				seen[e.Key] = true
			}
			if y, _ := inB.find(e.Key); !equalAt(e.Key, x, y, 0) {
				out = append(out, e.Key)
			}
		}
		out = append(out, twice...)
	}
	return out
}
