package pdf

import (
	"cmp"
	"slices"
)

// rebuildBelow puts a section below f.Sections that holds what lies before the
// oldest of them, and tells whether that gives a usable file; why says what is
// wrong with that section's /Prev.
func (f *File) rebuildBelow(why error) (bool, error) {
	oldest := f.Sections[0]
	scan, err := f.scanObjects(0, oldest.Offset)
	if err != nil {
		return false, passing(err)
	}
	s := &Section{
		Trailer: oldest.Trailer, TrailerRaw: oldest.TrailerRaw, TrailerOffset: oldest.TrailerOffset,
		End: oldest.Offset, Prev: -1, XRefStm: -1, Repaired: true,
	}
	f.Sections = slices.Insert(f.Sections, 0, s)
	if err := f.fill(s, 0, scan, true); err != nil {
		if repairable(err) {
			err = nil
		}
		return false, err
	}
	if !f.usable() {
		return false, nil
	}
	f.Repaired = true
	oldest.note(SectionRebuilt, false, oldest.TrailerOffset, "older cross-reference sections cannot be read: "+why.Error())
	return true, f.noteUnlisted(oldest.End)
}

// rebuild puts a section above the older ones that holds what lies between two
// offsets. It returns nil where that gives no usable file.
func (f *File) rebuild(older []*Section, from, to int64) (*Section, error) {
	scan, err := f.scanObjects(from, to)
	if err != nil || len(scan.objects) == 0 {
		return nil, err
	}
	if len(older) == 0 && !scan.word {
		if ends, err := f.hasEnd(); err != nil || !ends {
			return nil, err
		}
	}
	s := &Section{Offset: from, End: to, Prev: -1, XRefStm: -1, Repaired: true}
	f.Sections = append(slices.Clone(older), s)
	trailers := scan.trailers
	if n := len(older); n > 0 {
		trailers = append([]*Section{older[n-1]}, sameEncryption(trailers, older[n-1])...)
	} else {
		f.log = anomalyLog{}
	}
	tried := make(map[[2]Reference]bool)
	plain := false // the entries are those of a file that is not encrypted
	for _, t := range slices.Backward(trailers) {
		root, _ := t.Trailer.Get("Root").(Reference)
		encrypt, _ := t.Trailer.Get("Encrypt").(Reference)
		if tried[[2]Reference{root, encrypt}] && !root.IsZero() {
			continue
		}
		tried[[2]Reference{root, encrypt}] = true
		s.Trailer, s.TrailerRaw, s.TrailerOffset = t.Trailer, t.TrailerRaw, t.TrailerOffset
		if !plain || t.Trailer.Has("Encrypt") {
			err = f.fill(s, len(f.Sections)-1, scan, len(older) == 0)
			plain = err == nil && !t.Trailer.Has("Encrypt")
		}
		if err == nil && f.usable() {
			return s, nil
		}
		if err != nil && !repairable(err) {
			return nil, err
		}
	}
	if len(older) > 0 || scan.encrypted() {
		return nil, nil
	}
	return f.withoutTrailer(s, scan)
}

// hasEnd tells whether the file ends as a PDF does. One that does not, and has
// no trailer either, was cut off: what is left is not the document.
func (f *File) hasEnd() (bool, error) {
	at, _, err := f.findAny(max(0, f.Size-startxrefTail), "startxref", "%%EOF")
	return at >= 0, err
}

// sameEncryption returns the trailers that name the encryption of a section:
// what is damaged does not say how the sound part of the file is encrypted.
func sameEncryption(trailers []*Section, as *Section) []*Section {
	want, isRef := as.Trailer.Get("Encrypt").(Reference)
	return slices.DeleteFunc(slices.Clone(trailers), func(t *Section) bool {
		got, _ := t.Trailer.Get("Encrypt").(Reference)
		return got != want || t.Trailer.Has("Encrypt") != as.Trailer.Has("Encrypt") || t.Trailer.Has("Encrypt") && !isRef
	})
}

// encrypted tells whether a trailer that was found names an encryption.
func (s *objectScan) encrypted() bool {
	return slices.ContainsFunc(s.trailers, func(t *Section) bool { return t.Trailer.Has("Encrypt") })
}

// withoutTrailer looks for a catalog where no trailer names a usable one.
func (f *File) withoutTrailer(s *Section, scan *objectScan) (*Section, error) {
	s.setRoot(Reference{})
	if err := f.fill(s, 0, scan, true); err != nil {
		return nil, err
	}
	root := scan.catalog
	for i := len(s.entries) - 1; root.IsZero() && i >= 0; i-- {
		e := s.entries[i]
		if e.kind != Compressed {
			continue
		}
		o, err := f.object(0, Reference{Number: int64(e.number)}, 0)
		if err != nil && !repairable(err) {
			return nil, err
		}
		if err == nil && o.Dict().Get("Type") == Object(Name("Catalog")) {
			root = o.Ref
		}
	}
	s.setRoot(root)
	if !f.usable() {
		return nil, nil
	}
	return s, nil
}

// setRoot gives a section a trailer that stands nowhere in the file.
func (s *Section) setRoot(root Reference) {
	size := int64(0)
	if n := len(s.entries); n > 0 {
		size = int64(s.entries[n-1].number) + 1
	}
	s.Trailer = &Dict{Entries: []Entry{{Key: "Size", Value: Integer(size)}, {Key: "Root", Value: root}}}
	s.TrailerRaw, s.TrailerOffset = nil, -1
}

// fill sets the entries of a section, which is that of an index, from what a
// scan found: of all objects with one number the last counts, and an object in
// an object stream stands where that does.
func (f *File) fill(s *Section, index int, scan *objectScan, open bool) error {
	s.entries = slices.Clone(scan.objects)
	s.lastCounts()
	f.resetIndex()
	if open {
		if err := f.openEncryption(); err != nil {
			return err
		}
	}
	all := slices.Clone(scan.objects)
	for _, c := range scan.containers {
		if e, ok := s.find(int64(c.number)); !ok || e != c {
			continue // another object has its number now
		}
		stream, err := f.objectStream(index, int64(c.number), 0)
		if err != nil {
			if !repairable(err) {
				return err
			}
			continue // as every other object that cannot be read
		}
		for i, p := range stream.pairs {
			if p.number == 0 {
				continue
			}
			if err := f.countEntry(c.offset); err != nil {
				return err
			}
			all = append(all, entry{number: p.number, kind: Compressed, offset: int64(c.number), extra: uint32(i)})
		}
	}
	position := func(e entry) int64 {
		if e.kind == Compressed {
			c, _ := s.find(e.offset)
			return c.offset
		}
		return e.offset
	}
	slices.SortStableFunc(all, func(a, b entry) int { return cmp.Compare(position(a), position(b)) })
	s.entries = all
	s.lastCounts()
	f.resetIndex()
	return nil
}

// lastCounts sorts the entries by number and drops all but the last of each.
func (s *Section) lastCounts() {
	slices.Reverse(s.entries)
	slices.SortStableFunc(s.entries, func(a, b entry) int { return cmp.Compare(a.number, b.number) })
	s.entries = slices.CompactFunc(s.entries, func(a, b entry) bool { return a.number == b.number })
}

// usable tells whether the newest trailer leads to a catalog and that to a page
// tree: less is no document.
func (f *File) usable() bool {
	v := &View{f: f, top: len(f.Sections) - 1}
	catalog, err := v.Catalog()
	if err != nil {
		return false
	}
	pages, err := v.Dict(catalog.Dict().Get("Pages"))
	return err == nil && pages != nil
}
