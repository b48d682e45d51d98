package pdf

import (
	"bytes"
	"fmt"
	"math"
	"slices"
)

// tableReader reads a cross-reference table (ISO 32000-2, 7.5.4) through a
// window that moves forward.
type tableReader struct {
	f      *File
	offset int64 // of buf[0] in the file
	buf    []byte
	pos    int
	end    bool // buf reaches the end of the file
	size   int  // of the next window
}

// entryRoom is how many bytes a line of a table may take, white space before it aside.
const entryRoom = 128

func (f *File) newTableReader(offset int64) (t tableReader, err error) {
	t = tableReader{f: f, offset: offset, size: firstWindow}
	t.buf, t.end, err = f.src.slice(offset, firstWindow, true)
	return t, err
}

// at returns the offset in the file of the next byte.
func (t *tableReader) at() int64 { return t.offset + int64(t.pos) }

// fill moves the window so that a line can be read from it.
func (t *tableReader) fill() error {
	if len(t.buf)-t.pos >= entryRoom || t.end {
		return nil
	}
	t.size = min(t.size*2, scanWindow)
	offset := t.at()
	buf, end, err := t.f.src.slice(offset, t.size, false)
	if err != nil {
		return err
	}
	t.offset, t.buf, t.pos, t.end = offset, buf, 0, end
	return nil
}

// skipSpace skips white space, however long, and then fills the window.
func (t *tableReader) skipSpace() error {
	for {
		for t.pos < len(t.buf) && class[t.buf[t.pos]] == space {
			t.pos++
		}
		if t.pos < len(t.buf) || t.end {
			return t.fill()
		}
		if err := t.fill(); err != nil {
			return err
		}
	}
}

// unsigned reads a number that white space follows.
func (t *tableReader) unsigned() (int64, bool) {
	l := lexer{buf: t.buf, pos: t.pos, eof: true}
	n, ok, _ := l.unsigned()
	if ok {
		t.pos = l.pos
	}
	return n, ok
}

// readTable reads the section whose "xref" stands at the offset. Several offsets
// may lead to one table: each time counts.
func (f *File) readTable(s *Section) error {
	t, err := f.newTableReader(s.Offset)
	if err != nil {
		return err
	}
	n, err := t.table(s)
	if limit := f.cache.countWork(s.Offset, t.at()-s.Offset+n); limit != nil {
		return limit
	}
	return err
}

// table reads the subsections and the trailer; n is how many bytes that has.
func (t *tableReader) table(s *Section) (n int64, err error) {
	t.pos += len("xref")
	for {
		if err := t.skipSpace(); err != nil {
			return 0, err
		}
		if t.pos < len(t.buf) && t.buf[t.pos] == 't' {
			break
		}
		if err := t.subsection(s); err != nil {
			return 0, err
		}
	}
	l := lexer{buf: t.buf, pos: t.pos, eof: true}
	if ok, _ := l.keyword("trailer"); !ok {
		return 0, malformed(t.at(), `"trailer" expected after the cross-reference table`)
	}
	t.pos = l.pos
	if err := t.skipSpace(); err != nil {
		return 0, err
	}
	s.TrailerOffset = t.at()
	return t.f.readTrailer(s)
}

// subsection reads "first count" and the entries.
func (t *tableReader) subsection(s *Section) error {
	start := t.at()
	first, ok := t.unsigned()
	if !ok {
		return malformed(start, `cross-reference subsection or "trailer" expected`)
	}
	if err := t.skipSpace(); err != nil {
		return err
	}
	count, ok := t.unsigned()
	if !ok {
		return malformed(start, "cross-reference subsection without a count")
	}
	if first > maxObjectNumber || count > maxObjectNumber-first {
		return malformed(start, "cross-reference subsection of objects %d and %d more", first, count)
	}
	if err := t.skipSpace(); err != nil {
		return err
	}
	if int64(cap(s.entries)-len(s.entries)) < count {
		s.entries = slices.Grow(s.entries, int(min(max(count, 8), 512)))
	}
	for i := range count {
		if err := t.fill(); err != nil {
			return err
		}
		at := t.at()
		if t.pos < len(t.buf) && t.buf[t.pos] == 't' {
			s.note(SubsectionCount, true, start, fmt.Sprintf("subsection of %d entries announces %d", i, count))
			return nil
		}
		e, err := t.entry(s)
		if err != nil {
			return err
		}
		if i == 0 && first == 1 && e.kind == Free && e.offset == 0 && e.extra == math.MaxUint16 {
			s.note(SubsectionStart, true, at, "subsection begins with 1 but holds the free object 0")
			first = 0
		}
		e.number = uint32(first + i)
		if err := t.f.countEntry(start); err != nil {
			return err
		}
		s.entries = append(s.entries, e)
	}
	return nil
}

// entry reads one entry, whose number the caller knows; the window is filled.
func (t *tableReader) entry(s *Section) (entry, error) {
	if e, ok := parseEntry(t.buf[t.pos:]); ok {
		t.pos += 20
		return e, nil
	}
	if err := t.skipSpace(); err != nil {
		return entry{}, err
	}
	at := t.at()
	bad := func() (entry, error) {
		return entry{}, malformed(at, "cross-reference entry expected")
	}
	offset, ok := t.unsigned()
	broken := t.broken()
	if !ok || t.skipSpace() != nil {
		return bad()
	}
	generation, ok := t.unsigned()
	broken = broken || t.broken()
	if !ok || t.skipSpace() != nil || t.pos >= len(t.buf) {
		return bad()
	}
	kind, ok := entryKind(t.buf[t.pos])
	if !ok {
		return bad()
	}
	t.pos++
	if t.pos < len(t.buf) && class[t.buf[t.pos]] != space && t.buf[t.pos] != 't' {
		return bad()
	}
	if generation > math.MaxUint16 {
		s.note(EntryNumber, true, at, fmt.Sprintf("generation %d", generation))
		generation = math.MaxUint16
	}
	if broken {
		s.note(EntryForm, true, at, "cross-reference entry with other white space than spaces")
	} else {
		s.note(EntryForm, false, at, "cross-reference entry is not 20 bytes long")
	}
	if t.skipText() {
		s.note(EntryText, true, at, "other text after a cross-reference entry")
	}
	return entry{kind: kind, offset: offset, extra: uint32(generation)}, t.skipSpace()
}

// broken tells whether anything but spaces stands between here and the next
// number or letter. Other white space some readers of a table take for damage,
// and repair the file.
func (t *tableReader) broken() bool {
	i := t.pos
	for i < len(t.buf) && (t.buf[i] == ' ' || t.buf[i] == '\t') {
		i++
	}
	return i == len(t.buf) || class[t.buf[i]] == space
}

// skipText skips what stands after an entry on its line, unless it is the next
// entry or "trailer", and tells whether there was anything.
func (t *tableReader) skipText() bool {
	i := t.pos
	for i < len(t.buf) && (t.buf[i] == ' ' || t.buf[i] == '\t') {
		i++
	}
	if i == len(t.buf) || class[t.buf[i]] == space || isDigit(t.buf[i]) || t.buf[i] == 't' {
		return false
	}
	line := bytes.IndexAny(t.buf[i:], "\r\n")
	if line < 0 || line > entryRoom {
		return false
	}
	t.pos = i + line
	return true
}

// parseEntry reads an entry of exactly 20 bytes: ten digits, five digits, the
// letter, and an end of line of two bytes.
func parseEntry(b []byte) (entry, bool) {
	if len(b) < 20 || b[10] != ' ' || b[16] != ' ' || class[b[18]] != space || class[b[19]] != space {
		return entry{}, false
	}
	kind, ok := entryKind(b[17])
	if !ok {
		return entry{}, false
	}
	var offset, generation int64
	for _, c := range b[:10] {
		if !isDigit(c) {
			return entry{}, false
		}
		offset = offset*10 + int64(c-'0')
	}
	for _, c := range b[11:16] {
		if !isDigit(c) {
			return entry{}, false
		}
		generation = generation*10 + int64(c-'0')
	}
	if generation > math.MaxUint16 {
		return entry{}, false
	}
	return entry{kind: kind, offset: offset, extra: uint32(generation)}, true
}

func entryKind(c byte) (EntryKind, bool) {
	switch c {
	case 'n':
		return InUse, true
	case 'f':
		return Free, true
	}
	return Free, false
}
