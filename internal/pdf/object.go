package pdf

import "fmt"

// Object is one PDF object (ISO 32000-2, 7.3). The concrete types are Null,
// Boolean, Integer, Real, String, Name, Reference, *Array, *Dict and *Stream;
// no other type implements it. An Object never changes after it was parsed and
// may be shared between goroutines and between views of several revisions.
type Object interface{ object() }

// Null is the null object; an absent or freed object reads as Null as well.
type Null struct{}

// Boolean is true or false.
type Boolean bool

// Integer is an integer number. Tokens that do not fit into 64 bits are read as Real.
type Integer int64

// Real is a real number.
type Real float64

// Name is a name without its slash, with #xx escapes decoded.
type Name string

// String is a literal or hexadecimal string, decoded.
type String struct {
	Value []byte
	Hex   bool // written as <...>, not as (...)
	Exact bool // written as <...> with nothing but digits between
}

// Reference names an indirect object.
type Reference struct {
	Number     int64
	Generation int64
}

// IsZero tells whether r names no object: number 0 is never in use.
func (r Reference) IsZero() bool { return r.Number == 0 }

// String returns "12 0", the form used in findings.
func (r Reference) String() string { return fmt.Sprintf("%d %d", r.Number, r.Generation) }

// Array is an array. Span is the place of "[" ... "]" in the source that it was read from.
type Array struct {
	Items []Object
	Span  Span
}

// Len returns the number of items; a nil array has none.
func (a *Array) Len() int {
	if a == nil {
		return 0
	}
	return len(a.Items)
}

// Stream is a stream: its dictionary and where its encoded bytes lie in the file.
type Stream struct {
	Dict *Dict
	// Offset and Length tell where the encoded bytes lie, as offsets in the file.
	Offset, Length int64

	encrypted bool      // the bytes are to be decrypted
	owner     Reference // the object that the stream is, for its key
}

// Span is a half-open range of bytes of the source that an object was read
// from: the Raw bytes of its Indirect or of its Section's trailer. The range
// in the file is Source.Offset + Span, if the source lies in the file. No source is as
// long as 2 GiB (maxObjectBytes, maxStreamBytes).
type Span struct{ Start, End int32 }

// Len returns the number of bytes.
func (s Span) Len() int { return int(s.End - s.Start) }

// span is the range between two positions of a window, whose length the limits bound.
func span(start, end int) Span { return Span{int32(start), int32(end)} }

// back is the range when n bytes before it are left out.
func (s Span) back(n int) Span { return Span{s.Start - int32(n), s.End - int32(n)} }

// Entry is one key and value of a dictionary, with the places of both tokens.
type Entry struct {
	Key       Name
	Value     Object
	KeySpan   Span
	ValueSpan Span
}

// Dict is a dictionary. Entries stand in the order of the file; a key that
// occurs twice is kept twice, and Get answers the last one, as most readers do.
type Dict struct {
	Entries []Entry
	Span    Span // "<<" ... ">>"
}

// last returns the last entry of that key; nil where there is none.
func (d *Dict) last(key Name) *Entry {
	if d != nil {
		for i := len(d.Entries) - 1; i >= 0; i-- {
			if e := &d.Entries[i]; e.Key == key {
				return e
			}
		}
	}
	return nil
}

// Lookup returns the last entry of that key.
func (d *Dict) Lookup(key Name) (Entry, bool) {
	if e := d.last(key); e != nil {
		return *e, true
	}
	return Entry{}, false
}

// Get returns the value of key, unresolved; Null where there is none. It may
// be called on a nil *Dict.
func (d *Dict) Get(key Name) Object {
	if e := d.last(key); e != nil {
		return e.Value
	}
	return Null{}
}

// Has tells whether the key is there, with whatever value.
func (d *Dict) Has(key Name) bool { return d.last(key) != nil }

// Duplicates returns the keys that occur more than once, in the order of their
// second occurrence (ISO 32000-2, 7.3.7 forbids them).
func (d *Dict) Duplicates() []Name {
	if d == nil || len(d.Entries) < 2 {
		return nil
	}
	var twice []Name
	if len(d.Entries) <= fewEntries {
		for i, e := range d.Entries {
			if n := count(d.Entries[:i], e.Key); n == 1 {
				twice = append(twice, e.Key)
			}
		}
		return twice
	}
	seen := make(map[Name]int, len(d.Entries))
	for _, e := range d.Entries {
		if seen[e.Key]++; seen[e.Key] == 2 {
			twice = append(twice, e.Key)
		}
	}
	return twice
}

// fewEntries is up to how many entries are compared one by one.
const fewEntries = 16

// count returns how many entries have a key.
func count(entries []Entry, key Name) (n int) {
	for i := range entries {
		if entries[i].Key == key {
			n++
		}
	}
	return n
}

func (Null) object()      {}
func (Boolean) object()   {}
func (Integer) object()   {}
func (Real) object()      {}
func (Name) object()      {}
func (String) object()    {}
func (Reference) object() {}
func (*Array) object()    {}
func (*Dict) object()     {}
func (*Stream) object()   {}

// Indirect is an indirect object as it stands in the file or in an object stream.
type Indirect struct {
	Ref   Reference
	Value Object
	// Raw holds the bytes that were parsed: from the object number to "endobj"
	// (to the end of "stream" and its end-of-line where Value is a *Stream), or,
	// inside an object stream, the bytes of the value alone. All spans below
	// Value count from Raw[0].
	Raw []byte
	// Offset is where Raw[0] lies in the file; -1 inside an object stream.
	Offset int64
	// End is the offset in the file after "endobj"; -1 inside an object stream.
	End int64
	// Container is the object stream that holds the object, Index its place
	// there; zero where the object stands in the file itself.
	Container Reference
	Index     int
	// Section is the index of the cross-reference section (File.Sections) that
	// supplied the entry.
	Section int
}

// Dict returns the dictionary of the object: the value itself, or that of a
// stream; nil where there is none.
func (o *Indirect) Dict() *Dict {
	if o == nil {
		return nil
	}
	switch v := o.Value.(type) {
	case *Dict:
		return v
	case *Stream:
		return v.Dict
	}
	return nil
}
