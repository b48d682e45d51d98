package pdf

import (
	"fmt"
	"sync"
)

// objectStream is a decoded object stream (ISO 32000-2, 7.5.7). /Extends is
// not followed: an entry names the very stream that holds its object.
type objectStream struct {
	ref   Reference
	at    int64 // offset of the stream object in the file
	data  []byte
	first int
	pairs []objectPair

	indexOnce sync.Once
	index     map[uint32]int // the first place of each number
}

type objectPair struct {
	number uint32
	offset uint32 // after first
}

// objectStream returns the object stream of that number in the view of the
// sections up to top.
func (f *File) objectStream(top int, number int64, nesting int) (*objectStream, error) {
	if nesting > maxNesting {
		return nil, overLimit(-1, "more than %d objects are needed to read one", maxNesting)
	}
	e, _, ok := f.lookup(top, number)
	if !ok || e.kind != InUse {
		return nil, malformed(-1, "object stream %d is not in the file", number)
	}
	if s := f.cache.stream(e.offset); s != nil && s.ref.Number == number {
		return s, nil
	}
	o, err := f.object(top, Reference{number, int64(e.extra)}, nesting+1)
	if err != nil {
		return nil, err
	}
	stream, ok := o.Value.(*Stream)
	if ok && stream.Dict.Get("Type") != Object(Name("ObjStm")) && stream.Dict.Has("N") && stream.Dict.Has("First") {
		f.log.add(Anomaly{Code: ObjectStreamType, Ambiguous: true, Offset: o.Offset, Ref: o.Ref, Revision: f.revisionOf(o.Section),
			Text: "an entry takes the stream for an object stream, but its /Type is another"})
	} else if !ok || stream.Dict.Get("Type") != Object(Name("ObjStm")) {
		return nil, &Error{Kind: ErrMalformed, Offset: o.Offset, Ref: o.Ref, Text: "not an object stream, but an entry says so"}
	}
	s, err := f.decodeObjectStream(o, stream, nestedView{f, top, nesting + 1})
	if err != nil {
		return nil, withRef(err, o.Ref)
	}
	f.cache.putStream(e.offset, s)
	return s, nil
}

func (f *File) decodeObjectStream(o *Indirect, stream *Stream, r resolver) (*objectStream, error) {
	data, odd, err := f.decodeStream(stream, r)
	if err != nil {
		return nil, err
	}
	for _, a := range odd {
		a.Ref, a.Revision = o.Ref, f.revisionOf(o.Section)
		f.log.add(a)
	}
	if err := f.cache.countDecoded(o.Offset, int64(len(data))); err != nil {
		return nil, err
	}
	n, err := streamInteger(stream.Dict, "N", r)
	if err != nil {
		return nil, err
	}
	first, err := streamInteger(stream.Dict, "First", r)
	if err != nil {
		return nil, err
	}
	if first > int64(len(data)) {
		return nil, malformed(o.Offset, "/First %d is behind the end of the object stream", first)
	}
	s := &objectStream{ref: o.Ref, at: o.Offset, data: data, first: int(first)}
	complete := s.readPairs(min(n, maxItems+1))
	if len(s.pairs) > maxItems {
		return nil, overLimit(o.Offset, "object stream of more than %d objects", maxItems)
	}
	if !complete {
		f.log.add(Anomaly{Code: ObjectStreamHeader, Ambiguous: true, Offset: o.Offset, Ref: o.Ref, Revision: f.revisionOf(o.Section),
			Text: fmt.Sprintf("object stream names %d objects, not %d", len(s.pairs), n)})
	}
	if text := s.disorder(); text != "" {
		f.log.add(Anomaly{Code: ObjectStreamOrder, Ambiguous: true, Offset: o.Offset, Ref: o.Ref, Revision: f.revisionOf(o.Section), Text: text})
	}
	return s, nil
}

// disorder tells what in the pairs makes readers disagree: some go by the number
// and some by the index, some by the offset and some read on; "" where nothing does.
func (s *objectStream) disorder() string {
	ascending := true
	for i := 1; i < len(s.pairs); i++ {
		p, q := s.pairs[i-1], s.pairs[i]
		if q.offset <= p.offset && q.number != 0 {
			return fmt.Sprintf("object %d of an object stream does not stand behind the one before it", q.number)
		}
		ascending = ascending && p.number < q.number
	}
	if ascending {
		return ""
	}
	seen := make(map[uint32]bool, len(s.pairs))
	for _, p := range s.pairs {
		if seen[p.number] && p.number != 0 {
			return fmt.Sprintf("object stream holds object %d twice", p.number)
		}
		seen[p.number] = true
	}
	return ""
}

// room returns the decoded bytes of the object at an index, up to the next one.
func (s *objectStream) room(index int) int {
	if index+1 < len(s.pairs) && s.pairs[index+1].offset > s.pairs[index].offset {
		return int(s.pairs[index+1].offset - s.pairs[index].offset)
	}
	return len(s.data)
}

// streamInteger reads an integer that a stream dictionary must hold.
func streamInteger(d *Dict, key Name, r resolver) (int64, error) {
	o, err := r.Resolve(d.Get(key))
	if err != nil {
		return 0, err
	}
	n, ok := o.(Integer)
	if !ok || n < 0 {
		return 0, malformed(-1, "object stream without /%s", key)
	}
	return int64(n), nil
}

// find returns the first place of an object number.
func (s *objectStream) find(number uint32) (index int, ok bool) {
	s.indexOnce.Do(func() {
		s.index = make(map[uint32]int)
		for i, p := range s.pairs {
			if _, ok := s.index[p.number]; !ok {
				s.index[p.number] = i
			}
		}
	})
	index, ok = s.index[number]
	return index, ok
}

// readPairs reads the numbers and offsets before /First, up to n of them, and
// tells whether all were there.
func (s *objectStream) readPairs(n int64) bool {
	l := lexer{buf: s.data[:s.first], eof: true}
	s.pairs = make([]objectPair, 0, min(n, int64(s.first)/4+1)) // "1 0 " is the shortest
	for range n {
		l.skipSpace()
		number, ok, _ := l.unsigned()
		if !ok {
			return false
		}
		l.skipSpace()
		offset, ok, _ := l.unsigned()
		if !ok {
			return false
		}
		if number > maxObjectNumber || offset > int64(len(s.data)-s.first) {
			number, offset = 0, 0 // of no object; the index is kept
		}
		s.pairs = append(s.pairs, objectPair{uint32(number), uint32(offset)})
	}
	return true
}

// compressedObject reads an object from its object stream.
func (f *File) compressedObject(top int, e entry, section, nesting int) (*Indirect, error) {
	s, err := f.objectStream(top, e.offset, nesting)
	if err != nil {
		return nil, err
	}
	ref := Reference{Number: int64(e.number)}
	index := int(e.extra)
	if index >= len(s.pairs) || s.pairs[index].number != e.number {
		var held bool
		if index, held = s.find(e.number); !held {
			return nil, &Error{Kind: ErrMalformed, Offset: s.at, Ref: ref, Text: fmt.Sprintf("object stream %v does not hold the object", s.ref)}
		}
		f.log.add(Anomaly{Code: ObjectStreamIndex, Ambiguous: true, Offset: s.at, Ref: ref,
			Text: fmt.Sprintf("object stands at index %d of object stream %v, not %d", index, s.ref, e.extra)})
	}
	key := inStream(s.at, e.number, index)
	if o, err, ok := f.cache.object(key); ok {
		return o, err
	}
	start := s.first + int(s.pairs[index].offset)
	p := f.parser(s.data[start:], true)
	v, err := p.value(0)
	if err != nil {
		err = withRef(located(err, 0), ref)
		// The place within decoded data is no place of the file.
		err.(*Error).Offset = s.at //nolint:errorlint // located made it
	}
	for _, x := range p.odd {
		f.log.add(Anomaly{Code: x.code, Ambiguous: x.ambiguous, Offset: s.at, Ref: ref, Text: x.text})
	}
	if err == nil && p.pos > s.room(index) {
		f.log.add(Anomaly{Code: ObjectStreamOrder, Ambiguous: true, Offset: s.at, Ref: ref, Text: "object reaches into the next one of its object stream"})
	}
	var o *Indirect
	if err == nil {
		o = p.memory().object(Indirect{Ref: ref, Value: v, Offset: -1, End: -1, Container: s.ref, Index: index, Section: section})
		skip := valueStart(p.buf)
		o.Raw = p.buf[skip:p.pos:p.pos]
		shift(v, skip)
	}
	p.close(f)
	if limit := f.cache.put(key, o, err, int64(p.pos)); limit != nil {
		return nil, limit
	}
	return o, err
}

// valueStart returns where the first token of b begins.
func valueStart(b []byte) int {
	l := lexer{buf: b, eof: true}
	l.skipSpace()
	return l.pos
}
