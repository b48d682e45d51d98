package changes

import (
	"bytes"
	"slices"
	"strings"

	"github.com/inkan-go/inkan/internal/pdf"
)

// extent is a range of bytes of the file.
type extent struct{ start, end int64 }

// extents demands that the revision consists of nothing but the objects that it
// lists, its cross-reference sections and white space. A reader that repairs a
// file goes through all that looks like an object.
func (c *comparison) extents() {
	f := c.history.file
	r := f.Revisions[c.revision-1]
	start := f.Revisions[c.revision-2].EndEOL
	entries := 0
	for _, s := range r.Sections {
		entries += f.Sections[s].Len() + 2
	}
	list, headers := make([]extent, 1, entries+2), make([]int64, 0, entries)
	list[0] = extent{r.StartXref, r.EndEOL}
	for _, s := range r.Sections {
		section := f.Sections[s]
		list = append(list, extent{section.Offset, section.End})
		headers = append(headers, section.Offset, section.XRefStm) // a stream need not list itself
		c.itself(section)
		for e := range section.Entries() {
			at := e.Offset + f.Base
			if e.Kind != pdf.InUse || at < start || at >= r.EndEOL {
				continue
			}
			o, err := c.after.object(pdf.Reference{Number: e.Number, Generation: e.Generation})
			if err != nil || o.Offset < 0 {
				continue // reported by itself, or listed in vain
			}
			list = append(list, extent{o.Offset, o.End})
			headers = append(headers, o.Offset)
		}
	}
	c.headers(start, r.EndEOL, headers)
	c.repairs(start)
	slices.SortFunc(list, func(a, b extent) int { return int(min(1, max(-1, a.start-b.start))) })
	read := int64(0)
	for _, e := range append(list, extent{r.EndEOL, r.EndEOL}) {
		if e.start > start {
			if read += e.start - start; read > maxGap {
				c.unread(pdf.Reference{}, "more than %d bytes of the revision belong to no object", maxGap)
				return
			}
			if at := c.firstByte(start, e.start); at >= 0 {
				c.unread(pdf.Reference{}, "the bytes at %d belong to no object that the revision lists", at)
				return
			}
		}
		start = max(start, e.end)
	}
}

// itself demands that a cross-reference stream is not found under the number of
// another object that counts: some readers take it for that object, whatever the
// entries say.
func (c *comparison) itself(section *pdf.Section) {
	at, n := section.Offset, section.Ref.Number
	if section.Hybrid {
		at = section.XRefStm
	}
	if section.Ref.IsZero() || !c.after.reachable(n) && !c.history.graph.isContainer(n, c.after.view) {
		return
	}
	if e, _, ok := c.after.view.Lookup(n); !ok || e.Kind != pdf.InUse || e.Offset+c.history.file.Base != at {
		c.unread(section.Ref, "a cross-reference stream calls itself object %d, which is another one", n)
	}
}

// firstByte returns where something else than white space and comments stands
// in a range of the file; -1 where nothing does.
func (c *comparison) firstByte(start, end int64) int64 {
	b, err := c.history.file.Range(start, int(end-start), &c.history.scratch.bytes)
	if err != nil {
		return start
	}
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case 0, '\t', '\n', '\f', '\r', ' ':
		case '%':
			line := bytes.IndexAny(b[i:], "\r\n")
			if line < 0 {
				line = len(b) - i
			}
			if bytes.Contains(b[i:i+line], []byte("obj")) {
				return start + int64(i)
			}
			i += line - 1
		default:
			return start + int64(i)
		}
	}
	return -1
}

// repairs demands, where the revision is not written as it must be, that nothing
// before it looks like an object but what a section lists. Readers that repair
// such a file would find what was hidden there.
func (c *comparison) repairs(start int64) {
	f := c.history.file
	if !slices.ContainsFunc(f.Anomalies(), func(a pdf.Anomaly) bool { return a.Revision == c.revision }) {
		return
	}
	var known []int64
	for _, v := range c.history.graph.versions {
		if v.number != 0 && v.place&1 == 0 {
			known = append(known, int64(v.place>>1)+f.Base)
		}
	}
	for _, s := range f.Sections {
		known = append(known, s.Offset, s.XRefStm)
	}
	c.headers(0, start, known)
}

// whiteSpace are the characters of ISO 32000-2, Table 1.
const whiteSpace = "\x00\t\n\f\r "

// headerRoom is how far before "obj" the number of an object is looked for.
const headerRoom = 256

// headers demands that nothing in the revision looks like the beginning of an
// object, in a stream or a string, but what is one: a reader that repairs the file
// takes the last object of a number.
func (c *comparison) headers(start, end int64, objects []int64) {
	if end-start > maxScanned {
		c.unread(pdf.Reference{}, "the revision is longer than %d bytes", maxScanned)
		return
	}
	slices.Sort(objects)
	const block = 256 << 10
	for at := start; at < end; at += block - headerRoom - int64(len("obj")) {
		buffer, err := c.history.file.Range(at, int(min(block, end-at)), &c.history.scratch.bytes)
		if err != nil {
			c.unread(pdf.Reference{}, "the bytes at %d cannot be read", at)
			return
		}
		for i := 0; ; i += len("obj") {
			n := bytes.Index(buffer[i:], []byte("obj"))
			if n < 0 {
				break
			}
			i += n
			number := headerBefore(buffer[:i])
			if number < 0 || at > start && i <= headerRoom { // the block before had it
				continue
			}
			k, listed := slices.BinarySearch(objects, at+int64(number))
			if !listed && k > 0 && objects[k-1] >= at { // entries may point at white space before the object
				listed = len(bytes.Trim(buffer[objects[k-1]-at:number], whiteSpace)) == 0
			}
			if !listed && (number > 0 || at == start) {
				c.unread(pdf.Reference{}, "the bytes at %d look like an object that no cross-reference section lists", at+int64(number))
				return
			}
		}
		if at+int64(len(buffer)) == end {
			return
		}
	}
}

// headerBefore returns where the number of an object begins if "obj" follows b; -1
// where none stands there, 0 where it may begin before b.
func headerBefore(b []byte) int {
	i := len(b)
	long := false
	back := func(is func(byte) bool) (some bool) {
		from := i
		for i > 0 && from-i < headerRoom && is(b[i-1]) {
			i--
		}
		long = long || from-i == headerRoom
		return i < from
	}
	digit := func(c byte) bool { return '0' <= c && c <= '9' }
	space := func(c byte) bool { return strings.IndexByte(whiteSpace, c) >= 0 }
	back(space)
	if header := back(digit) && back(space) && back(digit); !header && !long {
		return -1
	}
	return i
}
