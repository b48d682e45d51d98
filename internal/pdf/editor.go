package pdf

import "bytes"

// Editor changes single keys of a dictionary and copies every other byte as it
// stands: comments, spacing, odd strings and unknown keys survive. Values are
// written by the caller, see the Append functions.
//
// An Editor is not safe for concurrent use. It never changes what it reads from.
type Editor struct {
	raw   []byte
	dict  *Dict
	edits []edit
	first [2]edit // room for edits: few dictionaries change more
}

type edit struct {
	key   Name
	value []byte // nil: delete
}

// Edit starts to change the dictionary of o; that of a stream is edited
// without its data. It returns nil where o holds no dictionary.
func Edit(o *Indirect) *Editor {
	d := o.Dict()
	if d == nil {
		return nil
	}
	return EditDict(o.Raw, d)
}

// EditDict starts to change a direct dictionary: raw is what its spans count
// from, that is the Raw of the Indirect which holds it.
func EditDict(raw []byte, d *Dict) *Editor { return &Editor{raw: raw, dict: d} }

// Set gives key a value, replacing the one it has. Where the key occurs twice,
// only the new value remains, so that every reader sees the same.
func (e *Editor) Set(key Name, value []byte) *Editor { return e.put(key, value) }

// Delete removes key, wherever it occurs.
func (e *Editor) Delete(key Name) *Editor { return e.put(key, nil) }

func (e *Editor) put(key Name, value []byte) *Editor {
	for i := range e.edits {
		if e.edits[i].key == key {
			e.edits[i].value = value
			return e
		}
	}
	if e.edits == nil {
		e.edits = e.first[:0]
	}
	e.edits = append(e.edits, edit{key, value})
	return e
}

// Bytes returns the changed dictionary, from "<<" to ">>".
func (e *Editor) Bytes() []byte {
	n := e.dict.Span.Len()
	for _, c := range e.edits {
		n += len(c.key) + len(c.value) + 4
	}
	out := make([]byte, 0, n)
	from := e.dict.Span.Start
	for i, entry := range e.dict.Entries {
		c, ok := e.find(entry.Key)
		if !ok {
			continue
		}
		if c.value == nil || e.repeatedAfter(i) {
			out = append(out, e.raw[from:entry.KeySpan.Start]...)
		} else {
			out = append(out, e.raw[from:entry.KeySpan.End]...)
			out = appendSeparated(out, c.value)
			if class[out[len(out)-1]] == regular && class[e.raw[entry.ValueSpan.End]] == regular { // what is no key followed a delimiter
				out = append(out, ' ')
			}
		}
		from = entry.ValueSpan.End
	}
	out = append(out, e.raw[from:int(e.dict.Span.End)-len(">>")]...)
	for _, c := range e.edits {
		if c.value == nil || e.dict.Has(c.key) {
			continue
		}
		out = AppendName(out, c.key)
		out = appendSeparated(out, c.value)
	}
	return append(out, ">>"...)
}

func (e *Editor) find(key Name) (edit, bool) {
	for _, c := range e.edits {
		if c.key == key {
			return c, true
		}
	}
	return edit{}, false
}

// repeatedAfter tells whether the key of entry i occurs again behind it.
func (e *Editor) repeatedAfter(i int) bool {
	for _, later := range e.dict.Entries[i+1:] {
		if later.Key == e.dict.Entries[i].Key {
			return true
		}
	}
	return false
}

// AppendItems returns the array a, from "[" to "]", with items behind its own;
// every byte of the array itself is copied. Raw is what its spans count from.
func AppendItems(raw []byte, a *Array, items ...[]byte) []byte {
	body := raw[a.Span.Start : a.Span.End-1]
	out := make([]byte, 0, len(body)+len(items)*16)
	out = append(out, body...)
	for _, item := range items {
		if last := out[len(out)-1]; last != '[' {
			out = append(out, ' ')
		}
		out = append(out, item...)
	}
	return append(out, ']')
}

// appendSeparated appends a value behind a key, with a space where the value
// would otherwise become part of the name.
func appendSeparated(dst, value []byte) []byte {
	if len(value) > 0 && bytes.IndexByte([]byte("/<([ \r\n\t\f\x00"), value[0]) < 0 {
		dst = append(dst, ' ')
	}
	return append(dst, value...)
}
