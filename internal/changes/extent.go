package changes

import (
	"bytes"
	"errors"
	"io"
	"slices"

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
	list := []extent{{r.StartXref, r.EndEOL}}
	for _, s := range r.Sections {
		section := f.Sections[s]
		list = append(list, extent{section.Offset, section.End})
		for e := range section.Entries() {
			at := e.Offset + f.Base
			if e.Kind != pdf.InUse || at < start || at >= r.EndEOL {
				continue
			}
			o, err := c.after.view.Object(pdf.Reference{Number: e.Number, Generation: e.Generation})
			if err != nil || o.Offset < 0 {
				continue // reported by itself, or listed in vain
			}
			list = append(list, extent{o.Offset, o.End})
		}
	}
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

// firstByte returns where something else than white space and comments stands
// in a range of the file; -1 where nothing does.
func (c *comparison) firstByte(start, end int64) int64 {
	b := make([]byte, end-start)
	n, err := c.history.file.Reader.ReadAt(b, start)
	if n < len(b) || err != nil && !errors.Is(err, io.EOF) {
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
