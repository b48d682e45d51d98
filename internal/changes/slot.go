package changes

import "github.com/inkan-go/inkan/internal/pdf"

// slot is a value and where it stands. Opening a slot follows references and
// accounts for them: whoever opens one says what the reference means there, and
// judges what is behind it.
type slot struct {
	side   *side
	holder int64 // the object, 0 for the trailer
	place  place
	value  pdf.Object
}

// place is where a value stands within an object: in the dictionary or array that begins
// at start in the source of the object, as its entry or item of that index, counted from
// 1. The zero value is the object itself.
type place struct{ start, index int32 }

// placeIn is the place of an entry or item of what stands there; objects are not that large.
func placeIn(at pdf.Span, i int) place { return place{at.Start, int32(i) + 1} }

// dict returns the value as a dictionary, that of a stream too; nil where it is none.
func (s slot) dict() *pdf.Dict {
	switch v := s.value.(type) {
	case *pdf.Dict:
		return v
	case *pdf.Stream:
		return v.Dict
	}
	return nil
}

// isDict tells whether the value is a dictionary and no stream.
func (s slot) isDict() bool {
	d, ok := s.value.(*pdf.Dict)
	return ok && d != nil
}

// entries returns the entries of a dictionary.
func (s slot) entries() []pdf.Entry {
	if d := s.dict(); d != nil {
		return d.Entries
	}
	return nil
}

// items returns the items of an array.
func (s slot) items() []pdf.Object {
	if a, ok := s.value.(*pdf.Array); ok {
		return a.Items
	}
	return nil
}

// get returns the entry of a dictionary.
func (s slot) get(key pdf.Name) slot {
	d := s.dict()
	i := s.find(d, key)
	if i < 0 {
		return slot{side: s.side, holder: s.holder, value: pdf.Null{}}
	}
	return slot{s.side, s.holder, placeIn(d.Span, i), d.Entries[i].Value}
}

// has tells whether a dictionary has an entry.
func (s slot) has(key pdf.Name) bool { return s.find(s.dict(), key) >= 0 }

// find returns which entry of the dictionary of the slot a key has; -1 where there is none.
func (s slot) find(d *pdf.Dict, key pdf.Name) int {
	x := newIndex(d)
	if len(x.entries) <= smallDict || s.side == nil {
		return x.find(key, -1)
	}
	known := s.side.indexes[d]
	if known == nil {
		if s.side.indexes == nil {
			s.side.indexes = make(map[*pdf.Dict]*index)
		}
		known = &index{entries: d.Entries}
		s.side.indexes[d] = known
	}
	return known.find(key, -1)
}

// item returns one item of an array.
func (s slot) item(i int) slot {
	a := s.value.(*pdf.Array)
	return slot{s.side, s.holder, placeIn(a.Span, i), a.Items[i]}
}

// ref returns the reference that the slot holds; zero where it holds none.
func (s slot) ref() pdf.Reference {
	r, _ := s.value.(pdf.Reference)
	return r
}

// absent tells whether there is nothing: no entry, or null.
func (s slot) absent() bool {
	_, null := s.value.(pdf.Null)
	return null || s.value == nil
}

// peek follows references without accounting for them.
func (s slot) peek() slot {
	for range maxHops {
		r, ok := s.value.(pdf.Reference)
		if !ok {
			return s
		}
		o, err := s.side.object(r)
		if err != nil {
			return slot{side: s.side, holder: r.Number, value: pdf.Null{}}
		}
		s = slot{side: s.side, holder: r.Number, value: o.Value}
	}
	return slot{s.side, s.holder, s.place, pdf.Null{}}
}

// claim accounts for the reference that a slot holds. Once is enough.
func (s slot) claim() {
	if r, ok := s.value.(pdf.Reference); ok {
		s.side.claims.add(s, r, 0)
	}
}
