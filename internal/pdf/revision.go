package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
)

// Revision is one state of the file: the original, or the original and the
// incremental updates up to one (ISO 32000-2, 7.5.6).
type Revision struct {
	Number int // 1 is the oldest
	// Sections are the indexes in File.Sections of the sections that this
	// revision added, ascending. A linearized original has two.
	Sections  []int
	StartXref int64 // offset of the keyword "startxref" that names the newest of them
	End       int64 // after "%%EOF"
	EndEOL    int64 // after the end of line that may follow; End if none does
	// Repaired tells that the newest section is none of the file's: the objects
	// were found by scanning, the revision ends with the file, and StartXref is -1.
	Repaired bool
}

// startxref is "startxref", the number and "%%EOF", as they stand in the file.
type startxref struct {
	at     int64 // of the keyword; -1 if there is none
	value  int64
	end    int64 // after %%EOF, or after the number
	endEOL int64
	marked bool // %%EOF follows
	zero   bool // a zero byte stands before the number, where some readers find none
}

// startxrefRoom is how many bytes startxref, number and %%EOF may take.
const startxrefRoom = 256

// lastStartxref finds the last "startxref" that begins before an offset; -1 if
// there is none.
func (f *File) lastStartxref(before int64) (int64, error) {
	const word = "startxref"
	size := int64(tailWindow)
	for end := min(before+int64(len(word))-1, f.Size); end > 0; {
		start := max(0, end-size)
		buf, _, err := f.src.slice(start, int(end-start), false)
		if err != nil {
			return -1, err
		}
		if i := bytes.LastIndex(buf, []byte(word)); i >= 0 {
			return start + int64(i), nil
		}
		if start == 0 {
			break
		}
		end = start + int64(len(word)) - 1
		size = min(size*4, scanWindow)
	}
	return -1, nil
}

// readStartxref reads the number and the %%EOF after the keyword at an offset.
func (f *File) readStartxref(at int64) (startxref, error) {
	buf, _, err := f.src.slice(at, startxrefRoom, false)
	if err != nil {
		return startxref{at: -1}, err
	}
	sx, ok := parseStartxref(buf, at)
	if !ok {
		return sx, malformed(at, `"startxref" without a number`)
	}
	return sx, nil
}

// parseStartxref reads buf, which begins at an offset of the file with the keyword.
func parseStartxref(buf []byte, at int64) (startxref, bool) {
	sx := startxref{at: -1}
	l := lexer{buf: buf, eof: true}
	if ok, _ := l.keyword("startxref"); !ok {
		return sx, false
	}
	skip := func() {
		for l.pos < len(buf) && class[buf[l.pos]] == space {
			l.pos++
		}
	}
	from := l.pos
	skip()
	zero := bytes.IndexByte(buf[from:l.pos], 0) >= 0
	value, ok, _ := l.unsigned()
	if !ok {
		return sx, false
	}
	sx = startxref{at: at, value: value, end: at + int64(l.pos), zero: zero}
	skip()
	if bytes.HasPrefix(buf[l.pos:], []byte("%%EOF")) {
		l.pos += len("%%EOF")
		sx.end, sx.marked = at+int64(l.pos), true
	}
	sx.endEOL = sx.end
	rest := buf[sx.end-at:]
	switch {
	case bytes.HasPrefix(rest, []byte("\r\n")):
		sx.endEOL += 2
	case len(rest) > 0 && (rest[0] == '\r' || rest[0] == '\n'):
		sx.endEOL++
	}
	return sx, true
}

// following returns the startxref that follows a section: at once but for
// white space, or else within a short distance.
func (f *File) following(s *Section) (sx startxref, near bool, err error) {
	if s.End >= f.Size {
		return startxref{at: -1}, false, nil
	}
	for _, size := range []int{startxrefRoom, maxTrailerGap} {
		buf, _, err := f.src.slice(s.End, size, false)
		if err != nil {
			return startxref{at: -1}, false, err
		}
		i := bytes.Index(buf, []byte("startxref"))
		if i < 0 {
			continue
		}
		gap := lexer{buf: buf[:i], eof: true}
		gap.skipSpace() // comments are white space
		near = gap.pos == i
		sx, err := f.readStartxref(s.End + int64(i))
		if err != nil {
			sx.at = -1 // no number: names nothing
		}
		return sx, near, nil
	}
	return startxref{at: -1}, false, nil
}

// findRevisions groups the sections by the startxref that names them. last is
// the one that the chain began with.
func (f *File) findRevisions(last startxref) error {
	named := make([]startxref, len(f.Sections))
	for i := range named {
		named[i].at = -1
	}
	for i, s := range f.Sections {
		if s.Repaired {
			continue
		}
		sx, near, err := f.following(s)
		if err != nil {
			return err
		}
		if sx.at < 0 {
			continue
		}
		if k := f.sectionNamed(sx.value, i); k >= 0 && (named[k].at < 0 || k == i) {
			named[k] = sx
			if !near {
				f.Sections[k].note(StartxrefForm, false, sx.at, "other bytes between the cross-reference section and its startxref")
			}
		}
	}
	if n := len(named) - 1; named[n].at < 0 {
		named[n] = last
		f.Sections[n].note(StartxrefForm, false, last.at, "startxref does not follow its cross-reference section")
	}
	f.groupSections(named)
	f.noteLength()
	f.logSections()
	return f.judgeTail()
}

// sectionNamed returns which section a startxref after section i names: i
// itself, or the first-page section of a linearized file, which comes next in
// the chain; -1 for another value.
func (f *File) sectionNamed(value int64, i int) int {
	for _, k := range []int{i, i + 1} {
		if k < len(f.Sections) && f.startsAt(f.Sections[k], value+f.Base) {
			return k
		}
	}
	return -1
}

// startsAt tells whether an offset leads to the section, white space before it aside.
func (f *File) startsAt(s *Section, offset int64) bool {
	if offset < 0 || offset >= s.Offset || s.Offset-offset > entryRoom {
		return offset == s.Offset
	}
	between, _, err := f.src.slice(offset, int(s.Offset-offset), false)
	if err != nil || len(trimSpace(between)) > 0 {
		return false
	}
	s.note(SectionOffset, false, offset, "white space before the cross-reference section")
	return true
}

// trimSpace removes the white space that b begins with.
func trimSpace(b []byte) []byte { return bytes.TrimLeft(b, "\x00\t\n\f\r ") }

// groupSections makes the revisions. A section that no startxref names belongs
// to the revision of the next one; so does one that stands before its elder.
func (f *File) groupSections(named []startxref) {
	f.Revisions = make([]Revision, 0, len(f.Sections))
	indexes, first := make([]int, len(f.Sections)), 0
	for i, s := range f.Sections {
		indexes[i] = i
		if named[i].at < 0 {
			continue
		}
		pending := indexes[first : i+1 : i+1]
		first = i + 1
		r := Revision{Number: len(f.Revisions) + 1, Sections: pending, StartXref: named[i].at, End: named[i].end, EndEOL: named[i].endEOL}
		if !named[i].marked {
			s.note(StartxrefForm, false, r.StartXref, `startxref without "%%EOF"`)
		}
		if named[i].zero {
			s.note(StartxrefForm, true, r.StartXref, "zero byte between startxref and its number")
		}
		f.noteGroup(r)
		if n := len(f.Revisions); n > 0 && (r.End <= f.Revisions[n-1].End || s.Offset < f.Revisions[n-1].End) {
			elder := &f.Revisions[n-1]
			s.note(SectionOrder, true, s.Offset, "cross-reference section stands before the end of an older revision")
			elder.Sections = append(elder.Sections, r.Sections...)
			if r.End > elder.End {
				elder.StartXref, elder.End, elder.EndEOL = r.StartXref, r.End, r.EndEOL
			}
			continue
		}
		f.Revisions = append(f.Revisions, r)
	}
}

// noteGroup notes a revision of several sections, unless it is a linearized original.
func (f *File) noteGroup(r Revision) {
	if len(r.Sections) == 1 {
		return
	}
	older, newer := f.Sections[r.Sections[0]], f.Sections[r.Sections[1]]
	if len(f.Revisions) == 0 && len(r.Sections) == 2 && newer.Offset < older.Offset && f.hasLinearizedDict() {
		f.Linearized = true
		return
	}
	for _, i := range r.Sections[:len(r.Sections)-1] {
		s := f.Sections[i]
		if s.Repaired {
			continue
		}
		s.note(SectionUnnamed, true, s.Offset, "no startxref names this cross-reference section")
	}
}

// hasLinearizedDict tells whether the first object is a linearization
// parameter dictionary (annex F.3.3).
func (f *File) hasLinearizedDict() bool { return f.linearization().Has("Linearized") }

// linearization returns the first object of the file where it is a dictionary;
// nil where it is none, or too long to be a linearization parameter dictionary.
func (f *File) linearization() *Dict {
	for w := (growing{}); ; {
		head, end, err := w.next(&f.src, f.HeaderOffset)
		if err != nil {
			return nil
		}
		head = head[:min(len(head), maxLinearization)]
		p := f.parser(head, end)
		p.skipSpace()
		var v Object
		if _, err = p.header(); err == nil {
			v, err = p.value(0)
		}
		p.close(f)
		if err == nil {
			d, _ := v.(*Dict)
			return d
		}
		if end || !errors.Is(err, errMore) || len(head) == maxLinearization {
			return nil
		}
	}
}

// noteLength notes a linearization parameter dictionary that names the length of
// the file with an update (annex F.3.3). Readers that trust it begin with the
// cross-reference section next to it, and pass over the last one.
func (f *File) noteLength() {
	if len(f.Revisions) == 1 {
		return
	}
	var length float64
	switch l := f.linearization().Get("L").(type) {
	case Integer:
		length = float64(l)
	case Real:
		length = float64(l)
	default:
		return
	}
	for i, r := range f.Revisions {
		last := i == len(f.Revisions)-1
		if i > 0 && (length == float64(r.End) || length == float64(r.EndEOL) || last && length == float64(f.Size)) {
			f.Sections[r.Sections[len(r.Sections)-1]].note(LinearizedLength, true, f.HeaderOffset,
				"the linearization dictionary names the length that the file has with an update")
		}
	}
}

// logSections hands the anomalies of the sections to the file, now that it is
// known which revision each belongs to.
func (f *File) logSections() {
	if f.HeaderOffset > 0 {
		f.log.add(Anomaly{Code: HeaderOffset, Offset: 0, Text: fmt.Sprintf("%d bytes before the header", f.HeaderOffset)})
	}
	if f.headerForm {
		f.log.add(Anomaly{Code: HeaderForm, Offset: f.HeaderOffset, Text: "the header is one of PostScript that names PDF"})
	}
	for i := range f.log.list { // of objects that were read before
		if a := &f.log.list[i]; a.Revision == 0 && a.Offset >= 0 {
			a.Revision = f.RevisionAt(a.Offset)
		}
	}
	newest := f.Sections[len(f.Sections)-1]
	size, _ := newest.Trailer.Get("Size").(Integer)
	for i, s := range f.Sections {
		s.checkSize(int64(size), newest)
		for _, a := range s.odd {
			a.Revision = f.revisionOf(i)
			f.log.add(a)
		}
		s.odd = nil
	}
}

// RevisionAt returns the number of the revision whose bytes an offset is among:
// the oldest that ends behind it; 0 if none does.
func (f *File) RevisionAt(offset int64) int {
	i, _ := slices.BinarySearchFunc(f.Revisions, offset, func(r Revision, at int64) int {
		if r.EndEOL <= at {
			return -1
		}
		return 1
	})
	if i == len(f.Revisions) {
		return 0
	}
	return f.Revisions[i].Number
}

// judgeTail looks at the bytes behind the last revision: objects or parts of
// cross-reference sections there are damage, other bytes an anomaly.
func (f *File) judgeTail() error {
	end := f.Revisions[len(f.Revisions)-1].EndEOL
	if f.Damage != nil {
		f.Damage.Offset = end
		return nil
	}
	at, word, err := f.findAny(end, "obj", "xref", "trailer")
	if err != nil {
		return err
	}
	if at >= 0 {
		f.Damage = &Damage{Offset: end, Text: fmt.Sprintf("%q at byte %d, behind the last cross-reference section that can be read", word, at)}
		return nil
	}
	at, err = f.firstNonSpace(end)
	switch {
	case err != nil:
		return err
	case f.Size-end > nearEnd:
		f.log.add(Anomaly{Code: TrailingBytes, Ambiguous: true, Offset: end,
			Text: fmt.Sprintf(`%d bytes behind the last "%%%%EOF": readers that look for it near the end repair the file`, f.Size-end)})
	case at >= 0:
		f.log.add(Anomaly{Code: TrailingBytes, Offset: at, Text: `bytes behind the last "%%EOF"`})
	}
	return nil
}

// nearEnd is how many bytes from the end of a file readers look for "startxref",
// less the length of what follows the keyword (ISO 32000-1, implementation note 18).
const nearEnd = 1024 - 48
