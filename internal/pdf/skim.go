package pdf

import (
	"bytes"
	"errors"
	"slices"
)

// Skimmed is what skimming over an object tells besides its references.
type Skimmed struct {
	// Type is the Type of a dictionary or stream, where it is a direct name.
	Type Name
	// End is the offset in the file after the object; -1 inside an object stream.
	End int64
	// Action is the type of an action in it that does more than to go to a place
	// of the document (ISO 32000-2, Table 201); "" where there is none.
	Action Name
}

// activeActions are the types of actions that run or fetch something, or lead
// out of the document. It is never written to.
var activeActions = []Name{"JavaScript", "Launch", "SubmitForm", "ImportData", "GoToR", "GoToE", "Rendition", "RichMediaExecute", "URI"}

// IsActive tells whether a type of action runs or fetches something, or leads
// out of the document.
func IsActive(action Name) bool { return slices.Contains(activeActions, action) }

// ChoosesNames tells of a key under which a dictionary has keys of the writer's
// own choice, which say nothing about what they stand for: resources (ISO
// 32000-2, Table 34), procedures of characters, colorants and halftones.
func ChoosesNames(key Name) bool {
	switch key {
	case "ExtGState", "ColorSpace", "Pattern", "Shading", "XObject", "Font", "Properties", "CharProcs", "Colorants", "HT":
		return true
	}
	return false
}

// KeyedReference is a reference and the key of the innermost dictionary that it
// stands in, or of one around it under which names are chosen; the key is empty
// in an array that stands in none.
type KeyedReference struct {
	Key []byte
	Ref Reference
}

// Skim appends every reference in an object to room, without building the
// object. It gives up, with ok false, wherever anything is unusual, and where
// the object was read before: then it is to be read with Object.
func (v *View) Skim(e XrefEntry, room []KeyedReference) (found []KeyedReference, s Skimmed, ok bool) {
	k := skimmer{length: -1, found: room}
	switch e.Kind {
	case InUse:
		s, ok = v.f.skimPlain(&k, e)
	case Compressed:
		s, ok = v.f.skimCompressed(&k, v.top, e)
	}
	return k.found, s, ok
}

func (f *File) skimPlain(k *skimmer, e XrefEntry) (Skimmed, bool) {
	if _, _, known := f.cache.object(place{e.Offset, uint32(e.Number), uint32(e.Generation)}); known {
		return Skimmed{}, false // Object has it already
	}
	offset := e.Offset + f.Base
	room := k.found
	for w := (growing{}); ; {
		buf, end, err := w.next(&f.src, offset)
		if err != nil {
			return Skimmed{}, false
		}
		*k = skimmer{parser: parser{lexer: lexer{buf: buf, eof: end}}, length: -1, found: room}
		ref, err := k.header()
		if err != nil && !errors.Is(err, errMore) {
			return Skimmed{}, false
		}
		if err == nil && k.value(nil, 0) {
			k.skipSpace()
			k.short = len(k.buf)-k.pos < len("endstream")
			if s, ok := f.skimEnd(k, offset); ok {
				if ref != (Reference{e.Number, e.Generation}) || f.insideToken(offset) {
					return Skimmed{}, false
				}
				return s, true
			}
		}
		if end || err == nil && !k.short || len(buf) >= maxSkimWindow {
			return Skimmed{}, false
		}
	}
}

// skimEnd reads what stands behind the value of an object.
func (f *File) skimEnd(k *skimmer, offset int64) (Skimmed, bool) {
	s := Skimmed{Type: Name(k.kind), Action: Name(k.action)}
	if closed, err := k.keyword("endobj"); closed || err != nil {
		s.End = offset + int64(k.pos)
		return s, closed
	}
	if streamed, err := k.keyword("stream"); !streamed || err != nil || k.length < 0 || k.pos+2 > len(k.buf) {
		return s, false
	}
	switch rest := k.buf[k.pos:]; {
	case rest[0] == '\r' && rest[1] == '\n':
		k.pos += 2
	case rest[0] == '\n':
		k.pos++
	default:
		return s, false
	}
	data := offset + int64(k.pos)
	if k.length > f.Size-data {
		return s, false
	}
	o := &Indirect{}
	ok, err := f.endsStream(o, data+k.length, func(Anomaly) {})
	s.End = o.End
	return s, ok && err == nil
}

func (f *File) skimCompressed(k *skimmer, top int, e XrefEntry) (Skimmed, bool) {
	s, err := f.objectStream(top, e.Container, 0)
	if err != nil || e.Index >= len(s.pairs) || int64(s.pairs[e.Index].number) != e.Number {
		return Skimmed{}, false
	}
	k.lexer = lexer{buf: s.data[s.first+int(s.pairs[e.Index].offset):], eof: true}
	ok := k.value(nil, 0) && k.pos <= s.room(e.Index)
	return Skimmed{Type: Name(k.kind), Action: Name(k.action), End: -1}, ok
}

// skimmer goes over values by the rules of parser, as far as they are written
// as they must be.
type skimmer struct {
	parser
	found  []KeyedReference
	kind   []byte // Type of the outermost dictionary
	action []byte // see Skimmed
	length int64  // Length of the outermost dictionary; -1 where it is no integer
	short  bool   // the window ends too early
}

// lacks notes that the window may end too early; it is false in any case.
func (k *skimmer) lacks(short bool) bool {
	k.short = k.short || short
	return false
}

// value goes over one value that stands under a key.
func (k *skimmer) value(key []byte, depth int) bool {
	k.skipSpace()
	if k.pos >= len(k.buf) || depth > maxSkimDepth {
		return k.lacks(k.pos >= len(k.buf))
	}
	switch c := k.buf[k.pos]; c {
	case '/':
		k.pos++
		w, err := k.word()
		if len(key) == 1 && key[0] == 'S' && IsActive(Name(w)) && (k.action == nil || string(k.action) == "URI") {
			k.action = w
		}
		return err == nil || k.lacks(true)
	case '(':
		end, _ := k.literalEnd()
		if end < 0 {
			return k.lacks(true)
		}
		k.pos = end + 1
		return true
	case '<':
		if k.pos+1 < len(k.buf) && k.buf[k.pos+1] == '<' {
			return k.dict(key, depth+1)
		}
		n := bytes.IndexByte(k.buf[k.pos:], '>')
		k.pos += n + 1
		return n > 0 || k.lacks(true)
	case '[':
		return k.array(key, depth+1)
	default:
		return k.scalar(c, key)
	}
}

// scalar goes over a number, a reference or a constant.
func (k *skimmer) scalar(c byte, key []byte) bool {
	start := k.pos
	if isDigit(c) {
		r, ok, err := k.reference()
		if err != nil {
			return k.lacks(true)
		}
		if ok {
			k.found = append(k.found, KeyedReference{key, r})
			return true
		}
		k.pos = start
	}
	w, err := k.word()
	if err != nil || len(w) == 0 {
		return k.lacks(err != nil)
	}
	if isDigit(c) || c == '+' || c == '-' || c == '.' {
		_, integer := parseInteger(w)
		if integer {
			return true
		}
		_, real := parseReal(w)
		return real
	}
	switch string(w) {
	case "true", "false", "null":
		return true
	}
	return false
}

func (k *skimmer) array(key []byte, depth int) bool {
	k.pos++
	for {
		k.skipSpace()
		if k.pos >= len(k.buf) {
			return k.lacks(true)
		}
		if k.buf[k.pos] == ']' {
			k.pos++
			return true
		}
		if !k.value(key, depth) {
			return false
		}
	}
}

// dict goes over a dictionary that stands under a key.
func (k *skimmer) dict(above []byte, depth int) bool {
	k.pos += 2
	chosen := ChoosesNames(Name(above))
	for {
		k.skipSpace()
		if k.pos+1 >= len(k.buf) {
			return k.lacks(true)
		}
		switch {
		case k.buf[k.pos] == '>' && k.buf[k.pos+1] == '>':
			k.pos += 2
			return true
		case k.buf[k.pos] != '/':
			return false
		}
		k.pos++
		w, err := k.word()
		if err != nil || bytes.IndexByte(w, '#') >= 0 {
			return k.lacks(err != nil)
		}
		k.skipSpace()
		start := k.pos
		if start < len(k.buf) && k.buf[start] == '>' {
			return false // a key without value
		}
		key := w
		if chosen {
			key = above
		}
		if !k.value(key, depth) {
			return false
		}
		if depth == 1 {
			k.outermost(w, k.buf[start:k.pos])
		}
	}
}

// outermost keeps the entries that Skimmed tells.
func (k *skimmer) outermost(key []byte, value []byte) {
	switch string(key) {
	case "Type":
		if value[0] == '/' {
			k.kind = value[1:]
		}
	case "Length":
		if n, ok := parseInteger(value); ok {
			if i, ok := n.(Integer); ok && i >= 0 {
				k.length = int64(i)
			}
		}
	}
}
