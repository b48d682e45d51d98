package pdf

import (
	"bytes"
	"errors"
	"fmt"
)

// lengthFunc resolves the /Length of a stream where it is a reference.
type lengthFunc func(Reference) (int64, bool)

// header reads "n g obj".
func (p *parser) header() (Reference, error) {
	start := p.pos
	number, ok, err := p.unsigned()
	if err == nil && ok && p.gap() {
		var generation int64
		if p.pos >= len(p.buf) && !p.eof {
			return Reference{}, errMore
		}
		generation, ok, err = p.unsigned()
		if err == nil && ok {
			p.skipSpace()
			if ok, err = p.keyword("obj"); ok {
				return Reference{number, generation}, nil
			}
		}
	}
	if err != nil {
		return Reference{}, err
	}
	return Reference{}, p.fail(start, `no "n g obj" here`)
}

// readIndirect reads the object at an offset of the file. Anomalies are added
// to odd. n is how many bytes were parsed or searched.
func (f *File) readIndirect(offset int64, length lengthFunc, odd func(Anomaly)) (o *Indirect, n int64, err error) {
	for w := (growing{}); ; {
		buf, end, err := w.next(&f.src, offset)
		if err != nil {
			return nil, n, err
		}
		p := f.parser(buf, end)
		o, streamed, err := p.indirect(offset)
		p.close(f)
		if errors.Is(err, errMore) {
			continue
		}
		n = int64(p.pos)
		if err != nil {
			if len(buf) > firstWindow { // what is never closed was read to the end
				n = int64(len(buf))
			}
			return nil, n, located(err, offset)
		}
		for _, x := range p.odd {
			odd(Anomaly{Code: x.code, Ambiguous: x.ambiguous, Offset: offset + int64(x.pos), Ref: o.Ref, Text: x.text})
		}
		if streamed {
			more, err := f.readStreamExtent(o, length, odd)
			if err != nil {
				return nil, n + more, withRef(err, o.Ref)
			}
			n += more
		}
		return o, n, nil
	}
}

// located turns a syntax error of a window at an offset into an *Error.
func located(err error, offset int64) error {
	var s *syntaxError
	if errors.As(err, &s) {
		return &Error{Kind: s.kind, Offset: offset + int64(s.pos), Text: s.text}
	}
	return err
}

// indirect reads an object from its number to "endobj" or "stream". Where it
// is a stream, its length and its end are still to be found.
func (p *parser) indirect(offset int64) (o *Indirect, streamed bool, err error) {
	for p.pos < len(p.buf) && class[p.buf[p.pos]] == space {
		p.pos++
	}
	start := p.pos
	if start > 0 {
		p.note(ObjectOffset, false, 0, "entry points at white space before the object")
	}
	o = p.memory().object(Indirect{Offset: offset + int64(start), End: -1, Section: -1})
	if o.Ref, err = p.header(); err != nil {
		return nil, false, err
	}
	p.skipSpace()
	if empty, err := p.keyword("endobj"); err != nil {
		return nil, false, err
	} else if empty {
		p.note(ObjectEmpty, false, start, "object without value, read as null")
		o.Value = Null{}
		p.finish(o, start, offset)
		return o, false, nil
	}
	if o.Value, err = p.value(0); err != nil {
		return nil, false, err
	}
	valueEnd := p.pos
	p.skipSpace()
	closed, err := p.keyword("endobj")
	if err != nil {
		return nil, false, err
	}
	if d, ok := o.Value.(*Dict); ok && !closed {
		if streamed, err = p.keyword("stream"); err != nil {
			return nil, false, err
		}
		if streamed {
			if err := p.streamStart(); err != nil {
				return nil, false, err
			}
			o.Value = &Stream{Dict: d, Offset: offset + int64(p.pos), Length: -1}
			p.finish(o, start, offset)
			shift(d, start)
			return o, true, nil
		}
	}
	if !closed {
		p.pos = valueEnd
		p.note(EndobjMissing, false, valueEnd, `"endobj" expected`)
	}
	p.finish(o, start, offset)
	shift(o.Value, start)
	return o, false, nil
}

// finish sets what follows from the places where the object begins and ends.
func (p *parser) finish(o *Indirect, start int, offset int64) {
	o.Raw = p.buf[start:p.pos:p.pos]
	o.End = offset + int64(p.pos)
}

// streamStart goes behind the end of line that follows "stream" (7.3.8.1).
func (p *parser) streamStart() error {
	after := p.pos
	i := after
	for i < len(p.buf) && (p.buf[i] == ' ' || p.buf[i] == '\t') {
		i++
	}
	if i+1 >= len(p.buf) && !p.eof {
		return errMore
	}
	rest := p.buf[i:]
	switch {
	case bytes.HasPrefix(rest, []byte("\r\n")):
		p.pos = i + 2
	case bytes.HasPrefix(rest, []byte("\n")):
		p.pos = i + 1
	case bytes.HasPrefix(rest, []byte("\r")):
		p.pos = i + 1
		p.note(StreamStart, true, after, `"stream" followed by a carriage return alone`)
	default:
		p.note(StreamStart, true, after, `"stream" not followed by an end of line`)
		return nil
	}
	if i > after {
		p.note(StreamStart, true, after, `white space between "stream" and the end of line`)
	}
	return nil
}

// shift moves all spans of a value back by n.
func shift(o Object, n int) {
	if n == 0 {
		return
	}
	switch v := o.(type) {
	case *Array:
		v.Span = v.Span.back(n)
		for _, item := range v.Items {
			shift(item, n)
		}
	case *Dict:
		v.Span = v.Span.back(n)
		for i := range v.Entries {
			e := &v.Entries[i]
			e.KeySpan = e.KeySpan.back(n)
			e.ValueSpan = e.ValueSpan.back(n)
			shift(e.Value, n)
		}
	case *Stream:
		shift(v.Dict, n)
	}
}

// readStreamExtent finds out where the data of a stream ends: where /Length
// says, if "endstream" follows there, else before the next "endstream".
// n is how many bytes were searched.
func (f *File) readStreamExtent(o *Indirect, length lengthFunc, odd func(Anomaly)) (n int64, err error) {
	s := o.Value.(*Stream)
	declared, known := int64(-1), false
	switch v := s.Dict.Get("Length").(type) {
	case Integer:
		declared, known = int64(v), true
	case Reference:
		if length != nil {
			declared, known = length(v)
		}
	}
	if known && declared >= 0 && declared <= f.Size-s.Offset {
		ok, err := f.endsStream(o, s.Offset+declared, odd)
		if err != nil {
			return 0, err
		}
		if ok {
			s.Length = declared
			return 0, nil
		}
	}
	at, err := f.find(s.Offset, "endstream", f.Size)
	if err != nil {
		return 0, err
	}
	if at < 0 {
		return f.Size - s.Offset, malformed(s.Offset, `stream without "endstream"`)
	}
	text := "no readable /Length"
	if known {
		text = fmt.Sprintf(`/Length %d does not lead to "endstream"`, declared)
	}
	if s.Length, err = f.trimEOL(s.Offset, at); err != nil {
		return 0, err
	}
	odd(Anomaly{Code: StreamLength, Ambiguous: true, Offset: o.Offset, Ref: o.Ref, Text: text})
	_, err = f.endsStream(o, at, odd)
	return at - s.Offset, err
}

// endsStream tells whether "endstream" stands at the offset, white space
// before it aside, and sets o.End behind the "endobj" that follows.
func (f *File) endsStream(o *Indirect, offset int64, odd func(Anomaly)) (bool, error) {
	if offset >= f.Size {
		return false, nil
	}
	buf, end, err := f.src.slice(offset, 64, false)
	if err != nil {
		return false, err
	}
	l := lexer{buf: buf, eof: end}
	for l.pos < len(buf) && class[buf[l.pos]] == space {
		l.pos++
	}
	if !bytes.HasPrefix(buf[l.pos:], []byte("endstream")) {
		return false, nil
	}
	l.pos += len("endstream")
	o.End = offset + int64(l.pos)
	l.skipSpace()
	if closed, err := l.keyword("endobj"); closed && err == nil {
		o.End = offset + int64(l.pos)
		return true, nil
	}
	odd(Anomaly{Code: EndobjMissing, Offset: o.End, Ref: o.Ref, Text: `"endobj" expected`})
	return true, nil
}

// trimEOL returns the length of the data from start to end without the end of
// line that precedes end.
func (f *File) trimEOL(start, end int64) (int64, error) {
	n := end - start
	if n == 0 {
		return 0, nil
	}
	k := min(n, 2)
	tail, _, err := f.src.slice(end-k, int(k), false)
	if err != nil {
		return 0, err
	}
	switch {
	case bytes.HasSuffix(tail, []byte("\r\n")):
		return n - 2, nil
	case bytes.HasSuffix(tail, []byte("\n")), bytes.HasSuffix(tail, []byte("\r")):
		return n - 1, nil
	}
	return n, nil
}
