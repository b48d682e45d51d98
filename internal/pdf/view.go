package pdf

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
)

// View is the file as it was after one revision: what a reader sees of the
// bytes up to that revision's end. Views are cheap and share all objects. A
// View may be used by several goroutines.
type View struct {
	f        *File
	revision int
	top      int // index of the newest section that counts
}

// View returns the view of a revision, 1 being the oldest; nil if there is no
// such revision.
func (f *File) View(revision int) *View {
	if revision < 1 || revision > len(f.Revisions) {
		return nil
	}
	sections := f.Revisions[revision-1].Sections
	return &View{f: f, revision: revision, top: sections[len(sections)-1]}
}

// Latest returns the view of the newest revision.
func (f *File) Latest() *View { return f.View(len(f.Revisions)) }

// Revision returns the number of the revision.
func (v *View) Revision() int { return v.revision }

// File returns the file.
func (v *View) File() *File { return v.f }

// Trailer returns the newest trailer dictionary, and its section tells where it lies.
func (v *View) Trailer() *Dict { return v.Section().Trailer }

// Section returns the newest cross-reference section of the view.
func (v *View) Section() *Section { return v.f.Sections[v.top] }

// Lookup returns the entry of an object number and the index of the section
// that supplies it; ok is false where no section has one.
func (v *View) Lookup(number int64) (e XrefEntry, section int, ok bool) {
	x, section, ok := v.f.lookup(v.top, number)
	return x.export(), section, ok
}

// Entries returns the entry that counts of every object number, ascending,
// with the index of the section that supplies it; free entries too.
func (v *View) Entries() iter.Seq2[XrefEntry, int] {
	return func(yield func(XrefEntry, int) bool) {
		index := v.f.allEntries()
		for i := 0; i < len(index); {
			number, best := index[i].number, -1
			for ; i < len(index) && index[i].number == number; i++ {
				if int(index[i].section) <= v.top {
					best = i
				}
			}
			if best < 0 {
				continue
			}
			x := index[best]
			if !yield(v.f.Sections[x.section].entries[x.pos].export(), int(x.section)) {
				return
			}
		}
	}
}

// indexEntry points at one entry of one section.
type indexEntry struct {
	number  uint32
	section uint32
	pos     uint32
}

// linearLookup is up to how many sections are searched one by one.
const linearLookup = 8

// lookup finds the newest entry of a number in the sections up to top.
func (f *File) lookup(top int, number int64) (entry, int, bool) {
	if number < 0 || number > maxObjectNumber {
		return entry{}, -1, false
	}
	if top < linearLookup || f.choosing {
		for s := top; s >= 0; s-- {
			if e, ok := f.Sections[s].find(number); ok {
				return e, s, true
			}
		}
		return entry{}, -1, false
	}
	index := f.allEntries()
	// The first entry behind all of this number up to top; the one before it counts.
	i, _ := slices.BinarySearchFunc(index, number, func(x indexEntry, n int64) int {
		if c := cmp.Compare(int64(x.number), n); c != 0 {
			return c
		}
		if int(x.section) <= top {
			return -1
		}
		return 1
	})
	if i == 0 || int64(index[i-1].number) != number {
		return entry{}, -1, false
	}
	x := index[i-1]
	return f.Sections[x.section].entries[x.pos], int(x.section), true
}

// origin returns the oldest section that has the very same entry.
func (f *File) origin(e entry, section int) int {
	for section > 0 {
		older, s, ok := f.lookup(section-1, int64(e.number))
		if !ok || older != e {
			break
		}
		section = s
	}
	return section
}

// allEntries returns all entries of all sections by number and section.
func (f *File) allEntries() []indexEntry {
	f.indexOnce.Do(func() {
		n := 0
		for _, s := range f.Sections {
			n += len(s.entries)
		}
		f.index = make([]indexEntry, 0, n)
		for i, s := range f.Sections {
			for k, e := range s.entries {
				f.index = append(f.index, indexEntry{e.number, uint32(i), uint32(k)})
			}
		}
		if len(f.Sections) > 1 {
			slices.SortFunc(f.index, func(a, b indexEntry) int {
				return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(a.section, b.section))
			})
		}
	})
	return f.index
}

// Object returns the object that a reference names. One that is absent, freed
// or of another generation has the value Null and Offset -1 (7.3.10). An
// object that cannot be read is an error, never another object.
func (v *View) Object(ref Reference) (*Indirect, error) { return v.f.object(v.top, ref, 0) }

func (f *File) object(top int, ref Reference, nesting int) (*Indirect, error) {
	if nesting > maxNesting {
		return nil, overLimit(-1, "more than %d objects are needed to read one", maxNesting)
	}
	e, section, ok := f.lookup(top, ref.Number)
	if !ok || ref.IsZero() {
		return absent(ref, -1), nil
	}
	var o *Indirect
	var err error
	switch {
	case e.kind == Free, e.kind == InUse && int64(e.extra) != ref.Generation, e.kind == Compressed && ref.Generation != 0:
		return absent(ref, section), nil
	case e.kind == InUse && e.offset == 0:
		f.log.add(Anomaly{Code: EntryOffsetZero, Offset: f.Sections[section].Offset, Ref: ref, Revision: f.revisionOf(section), Text: "entry points at byte 0; read as free"})
		return absent(ref, section), nil
	case e.kind == Compressed:
		o, err = f.compressedObject(top, e, section, nesting)
	default:
		o, err = f.plainObject(e, section, nesting)
	}
	if err != nil {
		return nil, err
	}
	if o.Section != section {
		own := *o
		own.Section = section
		o = &own
	}
	return o, nil
}

// absent is an object that is not there, or was freed by a section.
func absent(ref Reference, section int) *Indirect {
	return &Indirect{Ref: ref, Value: Null{}, Offset: -1, End: -1, Section: section}
}

// plainObject reads an object that stands in the file.
func (f *File) plainObject(e entry, section, nesting int) (*Indirect, error) {
	ref := Reference{int64(e.number), int64(e.extra)}
	key := inFile(e)
	if o, err, ok := f.cache.object(key); ok {
		return o, err
	}
	revision := f.revisionOf(section)
	odd := func(a Anomaly) {
		a.Revision = revision
		f.log.add(a)
	}
	length := func(r Reference) (int64, bool) {
		if len(f.Revisions) == 0 {
			f.lengthsEarly = true
		}
		top := f.topOf(f.origin(e, section))
		o, err := f.object(top, r, nesting+1)
		if err != nil {
			return 0, false
		}
		n, ok := o.Value.(Integer)
		return int64(n), ok
	}
	o, n, err := f.readIndirect(e.offset+f.Base, length, odd)
	if err == nil && f.insideToken(o.Offset) {
		odd(Anomaly{Code: ObjectOffset, Ambiguous: true, Offset: o.Offset, Ref: o.Ref, Text: "entry points behind a digit, into what may be another number"})
	}
	if err == nil && o.Ref != ref {
		err = malformed(o.Offset, "entry of object %v leads to object %v", ref, o.Ref)
		o = nil
	}
	if err != nil {
		o, err = nil, withRef(err, ref)
		if e := (*Error)(nil); !errors.As(err, &e) {
			return nil, err // the reader failed, which may pass
		}
		odd(Anomaly{Code: ObjectMissing, Ambiguous: true, Offset: e.offset + f.Base, Ref: ref, Text: err.Error()})
	} else {
		o.Section = section
		if f.encryption != nil && !f.encryption.decryptObject(o) {
			odd(Anomaly{Code: EncryptedData, Offset: o.Offset, Ref: ref, Text: "string is not what " + f.encryption.Strings.String() + " writes"})
		}
	}
	if limit := f.cache.put(key, o, err, n); limit != nil {
		return nil, limit
	}
	return o, err
}

// revisionOf returns the revision that a section belongs to; 0 while revisions
// are not known yet.
func (f *File) revisionOf(section int) int {
	// The first sections of revisions ascend; i revisions begin with that section or before it.
	i, _ := slices.BinarySearchFunc(f.Revisions, section, func(r Revision, s int) int {
		if r.Sections[0] <= s {
			return -1
		}
		return 1
	})
	if i == 0 {
		return 0
	}
	return f.Revisions[i-1].Number
}

// topOf returns the newest section of the revision that a section belongs to.
func (f *File) topOf(section int) int {
	if n := f.revisionOf(section); n > 0 {
		s := f.Revisions[n-1].Sections
		return s[len(s)-1]
	}
	return len(f.Sections) - 1
}

// Resolve follows references until it comes to a direct object. A chain of
// references that is too long, or a loop, is an error.
func (v *View) Resolve(o Object) (Object, error) { return nestedView{v.f, v.top, 0}.Resolve(o) }

// nestedView resolves references on behalf of an object that is being read.
type nestedView struct {
	f       *File
	top     int
	nesting int
}

func (n nestedView) Resolve(o Object) (Object, error) {
	for range maxIndirections {
		ref, ok := o.(Reference)
		if !ok {
			if o == nil {
				o = Null{}
			}
			return o, nil
		}
		i, err := n.f.object(n.top, ref, n.nesting)
		if err != nil {
			return nil, err
		}
		o = i.Value
	}
	return nil, overLimit(-1, "more than %d references lead to one another", maxIndirections)
}

// Catalog returns the document catalog, which the newest trailer names (7.7.2).
// Where it stands in the trailer itself, which some readers allow, it has no
// number: its Ref is zero.
func (v *View) Catalog() (*Indirect, error) {
	s := v.Section()
	ref, ok := s.Trailer.Get("Root").(Reference)
	if d, direct := s.Trailer.Get("Root").(*Dict); direct {
		v.f.log.add(Anomaly{Code: RootDirect, Offset: s.TrailerOffset, Revision: v.f.revisionOf(v.top), Text: "/Root is not a reference"})
		return &Indirect{Value: d, Raw: s.TrailerRaw, Offset: s.TrailerOffset, End: s.End, Section: v.top}, nil
	}
	if !ok {
		return nil, malformed(v.Section().TrailerOffset, "trailer without a reference as /Root")
	}
	o, err := v.Object(ref)
	if err != nil {
		return nil, fmt.Errorf("pdf: the catalog cannot be read: %w", err)
	}
	if _, ok := o.Value.(*Dict); !ok {
		return nil, &Error{Kind: ErrMalformed, Offset: o.Offset, Ref: ref, Text: "the catalog is not a dictionary"}
	}
	return o, nil
}
