package pdf

import "slices"

// noteUnlisted notes the first object behind an offset that no section lists.
// Readers that repair the file as a whole show such objects.
func (f *File) noteUnlisted(from int64) error {
	scan, err := f.scanObjects(from, f.Size)
	if err != nil {
		return err
	}
	listed := make(map[entry]bool)
	for _, s := range f.Sections {
		for _, e := range s.entries {
			if e.kind == Compressed || e.offset+f.Base >= from {
				listed[e] = true
			}
		}
	}
	for _, e := range scan.objects {
		if !listed[e] && !f.isSection(e.offset+f.Base) {
			f.noteUnlistedObject(e, e.offset)
			return nil
		}
	}
	top := len(f.Sections) - 1
	for _, c := range scan.containers {
		if e, _, _ := f.lookup(top, int64(c.number)); e != c {
			f.noteUnlistedObject(c, c.offset)
			return nil
		}
		stream, err := f.objectStream(top, int64(c.number), 0)
		if err != nil {
			return passing(err)
		}
		for i, p := range stream.pairs {
			e := entry{number: p.number, kind: Compressed, offset: int64(c.number), extra: uint32(i)}
			if !listed[e] {
				f.noteUnlistedObject(e, c.offset)
				return nil
			}
		}
	}
	return nil
}

func (f *File) noteUnlistedObject(e entry, offset int64) {
	ref := Reference{Number: int64(e.number)}
	if e.kind == InUse {
		ref.Generation = int64(e.extra)
	}
	f.log.add(Anomaly{
		Code: ObjectUnlisted, Ambiguous: true, Offset: offset + f.Base, Ref: ref,
		Text: "no cross-reference section lists the object, but readers that repair the file find it",
	})
}

// isSection tells whether a cross-reference stream stands at an offset.
func (f *File) isSection(offset int64) bool {
	return slices.ContainsFunc(f.Sections, func(s *Section) bool { return s.Stream && s.Offset == offset })
}
