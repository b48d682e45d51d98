package verify

import (
	"cmp"
	"math"
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// unreachable collects the signature dictionaries that no signature field of
// any revision refers to, usage rights excepted. What lies in the data of a
// stream is none of the file's own objects: a signed PDF may be attached to it.
type unreachable struct {
	file  *pdf.File
	known []span // of dictionaries that something refers to, by their starts
	reach int64  // the end of those that have begun
	// done is up to where nothing more is to be found: every object is looked at
	// once, and so is what lies between two.
	done     int64
	objects  *objectMap // nil until it is needed
	count    int
	findings []Finding // the first of them
}

// span is a range of bytes of the file.
type span struct{ start, end int64 }

// token takes the offset of a name that begins a signature dictionary; offsets
// ascend.
func (u *unreachable) token(offset int64) {
	for len(u.known) > 0 && u.known[0].start <= offset {
		u.reach = max(u.reach, u.known[0].end)
		u.known = u.known[1:]
	}
	if offset < u.reach || offset < u.done {
		return
	}
	if u.objects == nil {
		u.objects = newObjectMap(u.file)
	}
	at, end, signed := u.objects.signatureAt(offset)
	u.done = end
	if !signed {
		return
	}
	if u.count++; u.count <= maxUnreachable {
		u.findings = append(u.findings, newFinding("file.unreachable", at))
	}
}

// knownDictionaries returns the places of all signature dictionaries that some
// revision's form or permissions lead to.
func (f *file) knownDictionaries() []span {
	out := make([]span, 0, len(f.candidates))
	add := func(s *sigdict.Signature) {
		if s == nil {
			return
		}
		if start, end, ok := s.Place(); ok {
			out = append(out, span{start, end})
		}
	}
	for r := len(f.pdf.Revisions); r >= 1; r-- {
		form := f.forms.at(r)
		if form == nil || r < len(f.pdf.Revisions) && form == f.forms.at(r+1) {
			continue
		}
		for _, field := range form.Fields {
			add(field.Signature)
		}
		for _, s := range form.Permissions.UsageRights {
			add(s)
		}
		add(form.Permissions.DocMDP)
	}
	slices.SortFunc(out, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	return slices.Compact(out)
}

// objectMap finds the object that lies at an offset.
type objectMap struct {
	file   *pdf.File
	starts []located
}

type located struct {
	offset   int64
	ref      pdf.Reference
	revision int
}

func newObjectMap(file *pdf.File) *objectMap {
	m := &objectMap{file: file}
	for _, r := range file.Revisions {
		for _, i := range r.Sections {
			for e := range file.Sections[i].Entries() {
				if e.Kind == pdf.InUse {
					m.starts = append(m.starts, located{e.Offset + file.Base, pdf.Reference{Number: e.Number, Generation: e.Generation}, r.Number})
				}
			}
		}
	}
	slices.SortStableFunc(m.starts, func(a, b located) int { return cmp.Compare(a.offset, b.offset) })
	return m
}

// signatureAt tells whether a token lies in a dictionary that looks like a
// signature, in an object of the file that is no stream, or in no object at all;
// and up to where the answer holds.
func (m *objectMap) signatureAt(offset int64) (at place, end int64, signed bool) {
	i, _ := slices.BinarySearchFunc(m.starts, offset, func(l located, offset int64) int {
		if l.offset <= offset {
			return -1
		}
		return 1
	})
	at, end = place{offset: offset}, math.MaxInt64
	if i < len(m.starts) {
		end = m.starts[i].offset
	}
	if i == 0 {
		return at, end, true
	}
	l := m.starts[i-1]
	o, err := m.file.View(l.revision).Object(l.ref)
	if err != nil || o.Offset < 0 || o.Offset > offset {
		return at, end, true
	}
	extent := o.End
	stream, isStream := o.Value.(*pdf.Stream)
	if isStream {
		extent = stream.Offset + stream.Length
	}
	if offset >= extent {
		return at, end, true
	}
	at.object, at.revision = l.ref, l.revision
	// The dictionary of a stream is no signature dictionary either.
	return at, min(end, extent), !isStream && looksSigned(o.Value)
}

// looksSigned tells whether a value is, or holds, a dictionary with both entries
// without which there is no signature. The reader bounds how deep values nest.
func looksSigned(value pdf.Object) bool {
	switch v := value.(type) {
	case *pdf.Dict:
		return v.Has("ByteRange") && v.Has("Contents") ||
			slices.ContainsFunc(v.Entries, func(e pdf.Entry) bool { return looksSigned(e.Value) })
	case *pdf.Array:
		return slices.ContainsFunc(v.Items, looksSigned)
	}
	return false
}
