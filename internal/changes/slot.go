package changes

import "github.com/inkan-go/inkan/internal/pdf"

// slot is a value and where it stands; one that neither is nor holds a reference has
// no path. Opening a slot follows references and
// accounts for them: whoever opens one says what the reference means there, and
// judges what is behind it.
type slot struct {
	side   *side
	holder int64
	path   string
	value  pdf.Object
}

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
	value, _ := s.find(key)
	in := slot{s.side, s.holder, "", value}
	switch {
	case !refers(value):
	case s.path == "":
		in.path = string(key)
	default:
		in.path = s.path + "/" + string(key)
	}
	return in
}

// refers tells whether a value can be or hold a reference, so that its place counts.
func refers(value pdf.Object) bool {
	switch value.(type) {
	case pdf.Reference, *pdf.Array, *pdf.Dict, *pdf.Stream:
		return true
	}
	return false
}

// has tells whether a dictionary has an entry.
func (s slot) has(key pdf.Name) bool {
	_, ok := s.find(key)
	return ok
}

func (s slot) find(key pdf.Name) (pdf.Object, bool) {
	d := s.dict()
	if d == nil || len(d.Entries) <= smallDict || s.side == nil {
		return newIndex(d).find(key)
	}
	x, known := s.side.indexes[d]
	if !known {
		x = newIndex(d)
		if s.side.indexes == nil {
			s.side.indexes = make(map[*pdf.Dict]index)
		}
		s.side.indexes[d] = x
	}
	return x.find(key)
}

// item returns one item of an array.
func (s slot) item(i int) slot {
	in := slot{s.side, s.holder, "", s.items()[i]}
	if refers(in.value) {
		in.path = s.path + "#" + decimal(i)
	}
	return in
}

func decimal(i int) string {
	if i < 10 {
		return string(rune('0' + i))
	}
	return decimal(i/10) + string(rune('0'+i%10))
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
		o, err := s.side.view.Object(r)
		if err != nil {
			return slot{s.side, r.Number, "", pdf.Null{}}
		}
		s = slot{s.side, r.Number, "", o.Value}
	}
	return slot{s.side, s.holder, s.path, pdf.Null{}}
}

// claim accounts for the reference that a slot holds. Once is enough.
func (s slot) claim() {
	r, ok := s.value.(pdf.Reference)
	p := place{s.holder, s.path}
	if !ok || s.side.claimed[p] {
		return
	}
	s.side.claimed[p] = true
	s.side.claims[link{s.holder, r.Number}]++
}

// enter accounts for all references in a value as ways to owned objects.
func (s slot) enter() {
	if !refers(s.value) {
		return
	}
	p := place{s.holder, s.path + "/*"}
	if s.side.claimed[p] {
		return
	}
	s.side.claimed[p] = true
	if s.side.entries == nil {
		s.side.entries = make(map[link]int)
	}
	keyed(s.value, "", func(_ pdf.Name, r pdf.Reference) { s.side.entries[link{s.holder, r.Number}]++ }, 0)
}
