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
	if len(a.Entries) != len(b.Entries) || len(a.Duplicates()) > 0 {
		return false
	}
	inB := newIndex(b) // with as many keys, none stands there twice if all of the others do
	for i := range a.Entries {
		e := &a.Entries[i]
		k := inB.find(e.Key, i)
		if k < 0 || !equalAt(e.Key, e.Value, b.Entries[k].Value, depth+1) {
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
	entries []pdf.Entry
	places  map[pdf.Name]int // of a large one, once they are needed
}

func newIndex(d *pdf.Dict) index {
	if d == nil {
		return index{}
	}
	return index{entries: d.Entries}
}

// find returns which entry a key has; -1 where there is none. It looks first where the
// key may well be, unless that is -1.
func (x *index) find(key pdf.Name, first int) int {
	if first >= 0 && first < len(x.entries) && x.entries[first].Key == key {
		return first
	}
	if len(x.entries) <= smallDict {
		for i := len(x.entries) - 1; i >= 0; i-- {
			if x.entries[i].Key == key {
				return i
			}
		}
		return -1
	}
	if x.places == nil {
		x.places = make(map[pdf.Name]int, len(x.entries))
		for i := range x.entries {
			x.places[x.entries[i].Key] = i
		}
	}
	if i, ok := x.places[key]; ok {
		return i
	}
	return -1
}

// value returns the value that find looks for; null where there is none.
func (x *index) value(key pdf.Name, first int) pdf.Object {
	if i := x.find(key, first); i >= 0 {
		return x.entries[i].Value
	}
	return pdf.Null{}
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

// fewDifferences is how many keys mostly differ, if any does.
const fewDifferences = 4

// differing returns the keys whose values are not the same in both dictionaries, and
// those that stand twice in the second one. A dictionary with a repeated key differs in
// that key.
func differing(a, b *pdf.Dict) (out, repeated []pdf.Name) {
	inA, inB := newIndex(a), newIndex(b)
	twice := [2][]pdf.Name{a.Duplicates(), b.Duplicates()}
	once := len(twice[0])+len(twice[1]) == 0
	for side, entries := range [2][]pdf.Entry{inA.entries, inB.entries} {
		var seen map[pdf.Name]bool // where keys stand twice
		if len(twice[side]) > 0 {
			seen = make(map[pdf.Name]bool)
		}
		for i := range entries {
			key, first := entries[i].Key, i
			if !once {
				first = -1 // the last one counts
			}
			if seen[key] || side == 1 && inA.find(key, first) >= 0 {
				continue
			}
			if seen != nil {
				seen[key] = true
			}
			if !equalAt(key, inA.value(key, first), inB.value(key, first), 0) {
				if out == nil {
					out = make([]pdf.Name, 0, fewDifferences)
				}
				out = append(out, key)
			}
		}
		out = append(out, twice[side]...)
	}
	return out, twice[1]
}
