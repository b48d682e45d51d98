package pdf

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
)

// EntryKind says what a cross-reference entry tells of its object.
type EntryKind uint8

// The kinds of entries (ISO 32000-2, 7.5.4 and 7.5.8.3).
const (
	Free       EntryKind = iota // no such object
	InUse                       // stands in the file
	Compressed                  // stands in an object stream
)

// XrefEntry is one entry of a cross-reference section.
type XrefEntry struct {
	Number     int64
	Kind       EntryKind
	Offset     int64 // InUse: as written, to be added to File.Base; Free: the next free object
	Generation int64 // InUse and Free
	Container  int64 // Compressed: number of the object stream
	Index      int   // Compressed: place in the object stream
}

// entry is an XrefEntry as it is kept in memory.
type entry struct {
	number uint32
	extra  uint32 // generation, or index in the object stream
	offset int64  // or number of the object stream
	kind   EntryKind
}

func (e entry) export() XrefEntry {
	x := XrefEntry{Number: int64(e.number), Kind: e.kind}
	if e.kind == Compressed {
		x.Container, x.Index = e.offset, int(e.extra)
		return x
	}
	x.Offset, x.Generation = e.offset, int64(e.extra)
	return x
}

// Section is one cross-reference section: a table, a table with the stream
// that its trailer names (hybrid), or a stream. Offsets are those in the file.
// It does not change after Open.
type Section struct {
	Offset  int64     // of "xref", or of the stream's "n g obj"
	End     int64     // after the trailer dictionary, or after "endobj"
	Stream  bool      // cross-reference stream, not a table
	Hybrid  bool      // table whose trailer names a cross-reference stream (/XRefStm)
	Ref     Reference // that the stream gives itself, that of /XRefStm too; zero of a table alone
	Trailer *Dict     // the trailer dictionary, or that of the stream
	// TrailerRaw holds the bytes that Trailer was read from and that its spans
	// count in; they begin at TrailerOffset.
	TrailerRaw    []byte
	TrailerOffset int64
	Prev          int64 // offset of the previous section; -1 if none
	XRefStm       int64 // offset of the stream of a hybrid section; -1 if none
	// Repaired tells that no such section is in the file: Offset to End is where
	// its objects were found by scanning, and the trailer is that of another
	// section, or of none.
	Repaired bool

	entries []entry // by ascending number, each number once
	odd     []Anomaly
}

// Entries returns the entries by ascending number.
func (s *Section) Entries() iter.Seq[XrefEntry] {
	return func(yield func(XrefEntry) bool) {
		for _, e := range s.entries {
			if !yield(e.export()) {
				return
			}
		}
	}
}

// Len returns the number of entries.
func (s *Section) Len() int { return len(s.entries) }

// Entry returns the entry of that object number.
func (s *Section) Entry(number int64) (XrefEntry, bool) {
	e, ok := s.find(number)
	return e.export(), ok
}

func (s *Section) find(number int64) (entry, bool) {
	n := len(s.entries)
	if n == 0 {
		return entry{}, false
	}
	first, last := int64(s.entries[0].number), int64(s.entries[n-1].number)
	if number < first || number > last {
		return entry{}, false
	}
	// Most tables are dense: the entry stands where counting leads, if not before it.
	low, high := 0, int(min(number-first, int64(n-1)))
	if e := s.entries[high]; int64(e.number) == number {
		return e, true
	}
	for low < high {
		middle := int(uint(low+high) / 2)
		if int64(s.entries[middle].number) < number {
			low = middle + 1
		} else {
			high = middle
		}
	}
	e := s.entries[low]
	return e, int64(e.number) == number
}

// note keeps an anomaly of the section, one of each code.
func (s *Section) note(code AnomalyCode, ambiguous bool, offset int64, text string) {
	for i := range s.odd {
		if a := &s.odd[i]; a.Code == code {
			if ambiguous && !a.Ambiguous {
				*a = Anomaly{Code: code, Ambiguous: true, Offset: offset, Text: text}
			}
			return
		}
	}
	s.odd = append(s.odd, Anomaly{Code: code, Ambiguous: ambiguous, Offset: offset, Text: text})
}

// readSection reads the section at an offset of the file. It is read once:
// the result, or the error, is remembered.
func (f *File) readSection(offset int64) (*Section, error) {
	if r, ok := f.sectionsRead[offset]; ok {
		return r.section, r.err
	}
	if len(f.sectionsRead) >= maxSections {
		return nil, overLimit(offset, "more than %d cross-reference sections", maxSections)
	}
	s, err := f.parseSection(offset)
	if f.sectionsRead == nil {
		f.sectionsRead = make(map[int64]sectionResult)
	}
	f.sectionsRead[offset] = sectionResult{s, err}
	return s, err
}

type sectionResult struct {
	section *Section
	err     error
}

func (f *File) parseSection(offset int64) (*Section, error) {
	t, err := f.newTableReader(offset)
	if err != nil {
		return nil, err
	}
	for t.pos < len(t.buf) && class[t.buf[t.pos]] == space {
		t.pos++
	}
	if err := t.fill(); err != nil {
		return nil, err
	}
	s := &Section{Offset: t.at(), Prev: -1, XRefStm: -1}
	if s.Offset != offset {
		s.note(SectionOffset, false, offset, "white space before the cross-reference section")
	}
	l := lexer{buf: t.buf, pos: t.pos, eof: true}
	table, _ := l.keyword("xref")
	switch {
	case table:
		err = f.readTable(s)
	case t.pos < len(t.buf) && isDigit(t.buf[t.pos]):
		if f.insideToken(s.Offset) {
			return nil, malformed(offset, "the offset of the cross-reference section points into a token")
		}
		s.Stream = true
		err = f.readXRefStream(s)
	default:
		return nil, malformed(offset, "no cross-reference section here")
	}
	if err != nil {
		return nil, err
	}
	if err := f.checkTrailer(s); err != nil {
		return nil, err
	}
	s.sortEntries()
	if s.Hybrid {
		if err := f.readHybrid(s); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// insideToken tells whether the number at the offset begins before it: "2 0 obj"
// found inside "12 0 obj" is another object. A word may stand there, since
// "endobj2 0 obj" and "%%EOF2 0 obj" occur.
func (f *File) insideToken(offset int64) bool {
	if offset == 0 {
		return false
	}
	before, _, err := f.src.slice(offset-1, 1, false)
	return err == nil && isDigit(before[0])
}

// readTrailer reads the trailer dictionary of a table. n is how many bytes were
// parsed.
func (f *File) readTrailer(s *Section) (n int64, err error) {
	for w := (growing{}); ; {
		buf, end, err := w.next(&f.src, s.TrailerOffset)
		if err != nil {
			return n, err
		}
		n = int64(len(buf))
		p := f.parser(buf, end)
		v, err := p.value(0)
		p.close(f)
		if errors.Is(err, errMore) {
			continue
		}
		if err != nil {
			return n, located(err, s.TrailerOffset)
		}
		d, ok := v.(*Dict)
		if !ok {
			return n, malformed(s.TrailerOffset, "trailer is not a dictionary")
		}
		for _, x := range p.odd {
			s.note(x.code, x.ambiguous, s.TrailerOffset+int64(x.pos), x.text)
		}
		s.Trailer, s.TrailerRaw, s.End = d, buf[:p.pos:p.pos], s.TrailerOffset+int64(p.pos)
		return int64(p.pos), nil
	}
}

// checkTrailer judges what every trailer must hold (7.5.5, table 15).
func (f *File) checkTrailer(s *Section) error {
	switch n, ok := s.Trailer.Get("Size").(Integer); {
	case !ok || n < 0:
		return malformed(s.TrailerOffset, "trailer without /Size")
	case n > maxObjectNumber:
		s.note(EntryNumber, true, s.TrailerOffset, "/Size is larger than others count to")
	}
	switch prev := s.Trailer.Get("Prev").(type) {
	case Null:
	case Integer:
		if prev < 0 {
			return malformed(s.TrailerOffset, "/Prev %d", prev)
		}
		s.Prev = f.Base + int64(prev)
		if prev == 0 {
			s.note(PrevZero, false, s.TrailerOffset, "/Prev 0, read as no previous section")
			s.Prev = -1
		}
	default:
		return malformed(s.TrailerOffset, "/Prev is not an integer")
	}
	if s.Stream {
		return nil
	}
	switch at := s.Trailer.Get("XRefStm").(type) {
	case Null:
	case Integer:
		s.XRefStm, s.Hybrid = f.Base+int64(at), true
	default:
		return malformed(s.TrailerOffset, "/XRefStm is not an integer")
	}
	return nil
}

// sortEntries sorts by number; of several entries of one object the first
// counts.
func (s *Section) sortEntries() {
	order := func(a, b entry) int { return cmp.Compare(a.number, b.number) }
	if !slices.IsSortedFunc(s.entries, order) {
		slices.SortStableFunc(s.entries, order)
	}
	n := len(s.entries)
	s.entries = slices.CompactFunc(s.entries, func(a, b entry) bool { return a.number == b.number })
	if len(s.entries) < n {
		s.note(EntryDuplicate, true, s.Offset, "several entries of one object; the first counts")
	}
}

// readHybrid adds the entries of the cross-reference stream that the trailer
// names. An object that the table has in use stays as the table says; the
// stream supplies what the table lacks or calls free (7.5.8.4).
func (f *File) readHybrid(s *Section) error {
	x := &Section{Offset: s.XRefStm, Stream: true}
	if err := f.readXRefStream(x); err != nil {
		return fmt.Errorf("pdf: /XRefStm of the section at byte %d: %w", s.Offset, err)
	}
	s.Ref = x.Ref
	x.sortEntries()
	for _, a := range x.odd {
		s.note(a.Code, a.Ambiguous, a.Offset, a.Text)
	}
	merged := make([]entry, 0, len(s.entries)+len(x.entries))
	i, j := 0, 0
	for i < len(s.entries) || j < len(x.entries) {
		switch {
		case j == len(x.entries) || i < len(s.entries) && s.entries[i].number < x.entries[j].number:
			merged = append(merged, s.entries[i])
			i++
		case i == len(s.entries) || x.entries[j].number < s.entries[i].number:
			merged = append(merged, x.entries[j])
			j++
		default:
			a, b := s.entries[i], x.entries[j]
			if a.kind != b.kind || a.kind != Free && a != b {
				s.note(HybridOverride, true, s.Offset, fmt.Sprintf("table and /XRefStm disagree on object %d", a.number))
			}
			if a.kind == Free {
				a = b
			}
			merged = append(merged, a)
			i++
			j++
		}
	}
	s.entries = merged
	return nil
}

// checkSize notes entries that /Size does not cover (7.5.5: such objects are
// missing), be it that of the section or that of the newest one. The entries are
// kept, so that nothing that another reader shows is overlooked.
func (s *Section) checkSize(size int64, newest *Section) {
	if len(s.entries) == 0 || s.Repaired {
		return
	}
	own, _ := s.Trailer.Get("Size").(Integer)
	last := int64(s.entries[len(s.entries)-1].number)
	least := min(int64(own), size)
	if last < least {
		return
	}
	text := fmt.Sprintf("object %d is not below /Size %d", last, least)
	if last >= int64(own) {
		s.note(EntryOutsideSize, last >= size, s.TrailerOffset, text)
	} else {
		newest.note(EntryOutsideSize, true, newest.TrailerOffset, text)
	}
}

// countEntry counts one more entry of the file.
func (f *File) countEntry(offset int64) error {
	f.entryCount++
	if limit := maxEntries + f.Size/entryBytes; f.entryCount > limit {
		return overLimit(offset, "more than %d cross-reference entries", limit)
	}
	return nil
}
