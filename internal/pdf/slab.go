package pdf

// slab is room for the parts of the objects of one file, several to an allocation. What
// is cut from it is never given back: a piece lives as long as anything that was cut from
// it, and all of it belongs to one file.
type slab struct {
	objects []Indirect
	dicts   []Dict
	arrays  []Array
	entries []Entry
	values  []Object
}

// How many of each make one piece. What needs more than half a piece gets one of its own.
const (
	slabNodes = 8  // objects, dictionaries, arrays
	slabItems = 42 // entries, values
)

// cut returns n zero values from the rest of a piece, or from a new piece.
func cut[T any](rest *[]T, n, piece int) []T {
	if n > piece/2 {
		return make([]T, n)
	}
	if len(*rest) < n {
		*rest = make([]T, piece)
	}
	part := (*rest)[:n:n]
	*rest = (*rest)[n:]
	return part
}

// object returns a copy of an object.
func (s *slab) object(o Indirect) *Indirect {
	p := &cut(&s.objects, 1, slabNodes)[0]
	*p = o
	return p
}

// dict returns a dictionary with a copy of the entries.
func (s *slab) dict(entries []Entry, at Span) *Dict {
	d := &cut(&s.dicts, 1, slabNodes)[0]
	d.Span = at
	if n := len(entries); n > 0 {
		d.Entries = cut(&s.entries, n, slabItems)
		copy(d.Entries, entries)
	}
	return d
}

// array returns an array with a copy of the values.
func (s *slab) array(values []Object, at Span) *Array {
	a := &cut(&s.arrays, 1, slabNodes)[0]
	a.Span = at
	if n := len(values); n > 0 {
		a.Items = cut(&s.values, n, slabItems)
		copy(a.Items, values)
	}
	return a
}

// parser starts to read a window of the file; close ends it.
func (f *File) parser(window []byte, end bool) parser {
	return parser{lexer: lexer{buf: window, eof: end}, slab: f.slab.Swap(nil)}
}

// memory returns the slab of the parser.
func (p *parser) memory() *slab {
	if p.slab == nil {
		p.slab = new(slab)
	}
	return p.slab
}

// close leaves the rest of the slab to the next parser. Of those that were at work at the same
// time, that of the last one stays.
func (p *parser) close(f *File) {
	if p.slab != nil {
		f.slab.Store(p.slab)
	}
}
