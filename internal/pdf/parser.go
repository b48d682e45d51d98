package pdf

import (
	"fmt"
	"sync"
)

// parser reads objects from a window (ISO 32000-2, 7.3).
type parser struct {
	lexer
	items int // values read so far
	room  *room
	slab  *slab // where what is read gets its memory; nil until something does
	open  int   // arrays and dictionaries that are not closed yet
}

// room holds the values and entries of the arrays and dictionaries that are
// still open, since their number is known only at their end.
type room struct {
	values  []Object
	entries []Entry
}

// keptRoom is the longest room that is kept for other objects.
const keptRoom = 1 << 10

// rooms are used again: what a parser reads is copied out of its room.
var rooms = sync.Pool{New: func() any { return &room{values: make([]Object, 0, 16), entries: make([]Entry, 0, 16)} }}

// enter opens an array or a dictionary and returns the room for what it holds.
func (p *parser) enter() *room {
	if p.open++; p.room == nil {
		p.room = rooms.Get().(*room) //nolint:errcheck // there is nothing else in it
	}
	return p.room
}

// leave closes what enter opened. The room is given back with the outermost one,
// unless one large object would keep much memory in it.
func (p *parser) leave() {
	if p.open--; p.open > 0 {
		return
	}
	if cap(p.room.values) <= keptRoom && cap(p.room.entries) <= keptRoom {
		rooms.Put(p.room)
	}
	p.room = nil
}

// value reads one object. References are recognised; streams are not.
func (p *parser) value(depth int) (Object, error) {
	p.skipSpace()
	if p.pos >= len(p.buf) {
		return nil, p.tooShort("an object")
	}
	if p.items++; p.items > maxItems {
		return nil, &syntaxError{p.pos, fmt.Sprintf("object holds more than %d values", maxItems), ErrLimit}
	}
	switch c := p.buf[p.pos]; c {
	case '/':
		return p.name()
	case '(':
		s, err := p.literal()
		return s, err
	case '<':
		if p.pos+1 >= len(p.buf) {
			return nil, p.tooShort("an object")
		}
		if p.buf[p.pos+1] == '<' {
			return p.dict(depth + 1)
		}
		s, err := p.hexString()
		return s, err
	case '[':
		return p.array(depth + 1)
	case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return p.numberOrReference()
	case '+', '-', '.':
		return p.number()
	default:
		if class[c] != regular {
			if depth == 0 {
				return nil, p.fail(p.pos, "unexpected %q", c)
			}
			// As qpdf does: "]", ")", ">", "{" and "}" count as null.
			p.note(UnknownKeyword, true, p.pos, fmt.Sprintf("unexpected %q", c))
			p.pos++
			return Null{}, nil
		}
		return p.constant()
	}
}

// constant reads true, false or null; another word reads as null, unless it
// shows that the object was never closed.
func (p *parser) constant() (Object, error) {
	start := p.pos
	w, err := p.word()
	if err != nil {
		return nil, err
	}
	switch string(w) {
	case "true":
		return Boolean(true), nil
	case "false":
		return Boolean(false), nil
	case "null":
		return Null{}, nil
	case "obj", "endobj", "stream", "endstream", "xref", "trailer", "startxref":
		return nil, p.fail(start, "%q within an object", w)
	}
	p.note(UnknownKeyword, true, start, fmt.Sprintf("unknown keyword %.20q", w))
	return Null{}, nil
}

// numberOrReference reads a number that begins with a digit, or "n g R".
func (p *parser) numberOrReference() (Object, error) {
	start := p.pos
	number, ok, err := p.unsigned()
	if err != nil {
		return nil, err
	}
	if !ok || p.pos < len(p.buf) && class[p.buf[p.pos]] == regular {
		p.pos = start
		return p.number()
	}
	end := p.pos
	ref, ok, err := p.referenceTo(number)
	if err != nil {
		return nil, err
	}
	if ok {
		return internReference(ref), nil
	}
	p.pos = end
	return Integer(number), nil
}

// reference reads "n g R".
func (p *parser) reference() (Reference, bool, error) {
	number, ok, err := p.unsigned()
	if err != nil || !ok {
		return Reference{}, false, err
	}
	return p.referenceTo(number)
}

// referenceTo reads what follows the object number of a reference.
func (p *parser) referenceTo(number int64) (Reference, bool, error) {
	if !p.gap() {
		return Reference{}, false, nil
	}
	if p.pos >= len(p.buf) && !p.eof {
		return Reference{}, false, errMore
	}
	generation, ok, err := p.unsigned()
	if err != nil || !ok || !p.gap() {
		return Reference{}, false, err
	}
	if p.pos >= len(p.buf) && !p.eof {
		return Reference{}, false, errMore
	}
	ok, err = p.keyword("R")
	return Reference{number, generation}, ok, err
}

// gap skips white space and tells whether there was any.
func (p *parser) gap() bool {
	start := p.pos
	p.skipSpace()
	return p.pos > start
}

// array reads an array; the "[" stands here.
func (p *parser) array(depth int) (Object, error) {
	if depth > maxDepth {
		return nil, &syntaxError{p.pos, fmt.Sprintf("arrays and dictionaries nest deeper than %d", maxDepth), ErrLimit}
	}
	defer p.leave()
	room := p.enter()
	start, base := p.pos, len(room.values)
	defer func() {
		clear(room.values[base:])
		room.values = room.values[:base]
	}()
	p.pos++
	for {
		p.skipSpace()
		if p.pos >= len(p.buf) {
			return nil, p.tooShort("an array")
		}
		if p.buf[p.pos] == ']' {
			p.pos++
			break
		}
		v, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		room.values = append(room.values, v)
	}
	return p.memory().array(room.values[base:], span(start, p.pos)), nil
}

// dict reads a dictionary; the "<<" stands here. A key without value gets
// Null, a value without key is dropped; both are noted.
func (p *parser) dict(depth int) (Object, error) {
	if depth > maxDepth {
		return nil, &syntaxError{p.pos, fmt.Sprintf("arrays and dictionaries nest deeper than %d", maxDepth), ErrLimit}
	}
	defer p.leave()
	room := p.enter()
	start, base := p.pos, len(room.entries)
	defer func() {
		clear(room.entries[base:])
		room.entries = room.entries[:base]
	}()
	p.pos += 2
	for {
		closed, err := p.dictEnd()
		if err != nil {
			return nil, err
		}
		if closed {
			break
		}
		e, ok, err := p.entry(depth)
		if err != nil {
			return nil, err
		}
		if ok {
			room.entries = append(room.entries, e)
		}
	}
	return p.memory().dict(room.entries[base:], span(start, p.pos)), nil
}

// dictEnd consumes ">>" if it comes next.
func (p *parser) dictEnd() (bool, error) {
	p.skipSpace()
	if p.pos+1 >= len(p.buf) {
		return false, p.tooShort("a dictionary")
	}
	if p.buf[p.pos] == '>' && p.buf[p.pos+1] == '>' {
		p.pos += 2
		return true, nil
	}
	return false, nil
}

// entry reads a key and its value; ok is false where a value stood without key.
func (p *parser) entry(depth int) (e Entry, ok bool, err error) {
	keyStart := p.pos
	if p.buf[p.pos] != '/' {
		if _, err := p.value(depth); err != nil {
			return e, false, err
		}
		p.note(DictionaryForm, true, keyStart, "value without key in a dictionary")
		return e, false, nil
	}
	if p.items++; p.items > maxItems {
		return e, false, &syntaxError{p.pos, fmt.Sprintf("object holds more than %d values", maxItems), ErrLimit}
	}
	key, err := p.name()
	if err != nil {
		return e, false, err
	}
	e.Key = key.(Name) //nolint:errcheck // name returns nothing else
	e.KeySpan = span(keyStart, p.pos)
	p.skipSpace()
	if p.pos+1 >= len(p.buf) {
		return e, false, p.tooShort("a dictionary")
	}
	start := p.pos
	if p.buf[p.pos] == '>' && p.buf[p.pos+1] == '>' {
		p.note(DictionaryForm, true, keyStart, fmt.Sprintf("key /%.40s without value", e.Key))
		e.Value = Null{}
	} else if e.Value, err = p.value(depth); err != nil {
		return e, false, err
	}
	e.ValueSpan = span(start, p.pos)
	return e, true, nil
}
