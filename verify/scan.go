package verify

import (
	"bytes"
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
)

// scan looks for signature dictionaries that no field refers to, among the
// bytes that pass by while the digests are computed. What lies in the data of a
// stream is none of the file's own objects: a signed PDF may be attached to it.
type scan struct {
	offsets []int64 // of the tokens found
	carry   []byte  // the end of the previous block
	cut     bool
}

// token begins every dictionary that signs something.
const token = "/ByteRange"

// block is called with every block of the file in order; blocks may be shorter
// than the token.
func (s *scan) block(offset int64, b []byte) {
	const overlap = len(token) - 1
	joint := append(s.carry, b[:min(len(b), overlap)]...)
	s.search(joint, offset-int64(len(s.carry)))
	s.search(b, offset)
	if len(b) >= overlap {
		joint = b
	}
	s.carry = append(s.carry[:0], joint[max(0, len(joint)-overlap):]...)
}

func (s *scan) search(b []byte, at int64) {
	for from := 0; ; {
		i := bytes.Index(b[from:], []byte(token))
		if i < 0 {
			return
		}
		offset := at + int64(from+i)
		from += i + len(token)
		if n := len(s.offsets); n > 0 && s.offsets[n-1] >= offset {
			continue
		}
		if len(s.offsets) == maxTokens {
			s.cut = true
			return
		}
		s.offsets = append(s.offsets, offset)
	}
}

// span is a range of bytes of the file.
type span struct{ start, end int64 }

// reportUnreachable adds a finding for every signature dictionary that no
// signature field of any revision refers to, usage rights excepted. It returns
// how many there are.
func (f *file) reportUnreachable() int {
	if len(f.scan.offsets) == 0 {
		return 0
	}
	known := f.knownDictionaries()
	objects := newObjectMap(f.pdf)
	n := 0
	for _, offset := range f.scan.offsets {
		if slices.ContainsFunc(known, func(s span) bool { return s.start <= offset && offset < s.end }) {
			continue
		}
		at, dictionary := objects.signatureAt(offset)
		if !dictionary {
			continue
		}
		if n++; n <= maxUnreachable {
			f.report.Findings = append(f.report.Findings, newFinding("file.unreachable", at))
		}
	}
	return n
}

// knownDictionaries returns the places of all signature dictionaries that some
// revision's form or permissions lead to.
func (f *file) knownDictionaries() []span {
	var out []span
	for r := len(f.pdf.Revisions); r >= 1; r-- {
		form := f.forms.at(r)
		if form == nil || r < len(f.pdf.Revisions) && form == f.forms.at(r+1) {
			continue
		}
		for _, field := range form.Fields {
			if field.Signature != nil {
				if start, end, ok := field.Signature.Place(); ok {
					out = append(out, span{start, end})
				}
			}
		}
		for _, s := range form.Permissions.UsageRights {
			if start, end, ok := s.Place(); ok {
				out = append(out, span{start, end})
			}
		}
		if s := form.Permissions.DocMDP; s != nil {
			if start, end, ok := s.Place(); ok {
				out = append(out, span{start, end})
			}
		}
	}
	slices.SortFunc(out, func(a, b span) int { return int(min(1, max(-1, a.start-b.start))) })
	return slices.Compact(out)
}

// objectMap finds the object that lies at an offset.
type objectMap struct {
	file   *pdf.File
	starts []located
}

type located struct {
	offset  int64
	ref     pdf.Reference
	section int
}

func newObjectMap(file *pdf.File) *objectMap {
	m := &objectMap{file: file}
	for i, s := range file.Sections {
		for e := range s.Entries() {
			if e.Kind == pdf.InUse {
				m.starts = append(m.starts, located{e.Offset + file.Base, pdf.Reference{Number: e.Number, Generation: e.Generation}, i})
			}
		}
	}
	slices.SortFunc(m.starts, func(a, b located) int { return int(min(1, max(-1, a.offset-b.offset))) })
	return m
}

// signatureAt tells whether a token lies in a dictionary that looks like a
// signature: in an object of the file that is no stream, or in no object at all.
func (m *objectMap) signatureAt(offset int64) (place, bool) {
	i, _ := slices.BinarySearchFunc(m.starts, offset, func(l located, offset int64) int {
		if l.offset <= offset {
			return -1
		}
		return 1
	})
	at := place{offset: offset}
	if i == 0 {
		return at, true
	}
	l := m.starts[i-1]
	revision := m.revisionOf(l.section)
	if revision == 0 {
		return at, true
	}
	o, err := m.file.View(revision).Object(l.ref)
	if err != nil || o.Offset < 0 {
		return at, true
	}
	at.object, at.revision = l.ref, revision
	switch v := o.Value.(type) {
	case *pdf.Stream:
		// The dictionary of a stream is no signature dictionary either.
		if offset < v.Offset+v.Length {
			return at, false
		}
	case *pdf.Dict:
		if offset < o.End {
			return at, looksSigned(v, 0)
		}
	default:
		if offset < o.End {
			return at, true
		}
	}
	return place{offset: offset}, true
}

// looksSigned tells whether a dictionary, or one inside it, has both entries
// without which there is no signature.
func looksSigned(d *pdf.Dict, depth int) bool {
	if d.Has("ByteRange") && d.Has("Contents") {
		return true
	}
	if depth > maxScanDepth {
		return true
	}
	for _, e := range d.Entries {
		switch v := e.Value.(type) {
		case *pdf.Dict:
			if looksSigned(v, depth+1) {
				return true
			}
		case *pdf.Array:
			for _, item := range v.Items {
				if inner, ok := item.(*pdf.Dict); ok && looksSigned(inner, depth+1) {
					return true
				}
			}
		}
	}
	return false
}

func (m *objectMap) revisionOf(section int) int {
	for _, r := range m.file.Revisions {
		if slices.Contains(r.Sections, section) {
			return r.Number
		}
	}
	return 0
}
