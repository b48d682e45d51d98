package pdf

import (
	"cmp"
	"errors"
	"slices"
)

// A file whose cross-reference sections cannot be followed is repaired as other
// readers repair it: objects are found by their numbers, and of several with
// one number the last counts. What was sound stays as it is:
//
//   - Where an earlier state of the file is sound, it stays, and what follows it
//     becomes one more revision that is marked as repaired.
//   - Where the newest sections are sound and only the way to older ones is lost,
//     they stay, and what lies before them becomes a section below them.
//   - Else the whole file becomes one revision.

// repair is called when no chain of sections is sound; why says what was wrong
// with the last one. It returns that error where the file cannot be repaired.
func (f *File) repair(why error) error {
	if !repairable(why) {
		return why
	}
	last, err := f.readUpperChain()
	if err != nil {
		return err
	}
	if last.at >= 0 {
		broken := f.Damage != nil
		if err := f.findRevisions(last); err != nil || !broken {
			return err
		}
		return f.repairTail()
	}
	f.Base, f.Sections, f.Damage = 0, nil, nil
	s, err := f.rebuild(nil, 0, f.Size)
	if err != nil {
		return err
	}
	if s == nil {
		return f.readIncomplete(why)
	}
	f.Damage = &Damage{Text: why.Error()}
	f.appendRepaired()
	f.logSections()
	return nil
}

// readIncomplete opens a chain whose page tree is missing, where there is nothing better.
func (f *File) readIncomplete(why error) error {
	at, err := f.lastStartxref(f.Size)
	if err != nil || at < 0 {
		return cmp.Or(err, why)
	}
	sx, err := f.readStartxref(at)
	if err == nil {
		err = f.tryChain(sx)
	}
	if err != nil {
		return why
	}
	return f.findRevisions(sx)
}

// repairable tells whether an error is one that the bytes of the cross-reference
// sections cause, and not a limit, a password or the reader.
func repairable(err error) bool {
	var e *Error
	return errors.As(err, &e) && (e.Kind == ErrMalformed || e.Kind == ErrUnsupportedFilter) //nolint:errorlint // kinds are compared as they are
}

// repairTail makes a revision of what lies behind the last sound one, as a
// reader sees it that repairs the file.
func (f *File) repairTail() error {
	sound := f.Sections
	s, err := f.rebuild(sound, f.Damage.Offset, f.Size)
	if err == nil && s != nil {
		f.appendRepaired()
		return nil
	}
	f.Sections = sound
	f.resetIndex()
	return passing(err)
}

// appendRepaired makes the newest section a revision that ends with the file.
func (f *File) appendRepaired() {
	f.Repaired = true
	f.Revisions = append(f.Revisions, Revision{
		Number: len(f.Revisions) + 1, Sections: []int{len(f.Sections) - 1},
		StartXref: -1, End: f.Size, EndEOL: f.Size, Repaired: true,
	})
	f.resetIndex() // lengths may have been looked up in an older revision
}

// readUpperChain looks for a startxref whose section is sound, and rebuilds what
// lies below the last section that can be reached from it. It returns -1 as the
// place of the startxref where there is none.
func (f *File) readUpperChain() (startxref, error) {
	none := startxref{at: -1}
	if f.hasLinearizedDict() {
		return none, nil // older sections stand behind newer ones
	}
	var first error
	tried := make(map[int64]bool)
	before := f.Size
	for range maxCandidates {
		at, err := f.lastStartxref(before)
		if at < 0 || err != nil {
			return none, err
		}
		before = at
		sx, err := f.readStartxref(at)
		if err == nil {
			f.Sections = nil
			err = f.walk(sx)
		}
		if err != nil && passing(err) != nil {
			return none, err
		}
		if err != nil && len(f.Sections) > 0 && !tried[f.Sections[0].Offset] && len(tried) < maxRebuilds {
			tried[f.Sections[0].Offset] = true
			found, failed := f.rebuildBelow(err)
			if failed != nil {
				return none, failed
			}
			if found {
				if first != nil {
					f.Damage = &Damage{Text: first.Error()}
				}
				return sx, nil
			}
		}
		if first == nil {
			first = err
		}
	}
	return none, nil
}

// lacksPages tells whether the catalog names a page tree that no section has,
// and the oldest section says in an unusual way that it is the oldest.
func (f *File) lacksPages() bool {
	oldest := f.Sections[0]
	if !slices.ContainsFunc(oldest.odd, func(a Anomaly) bool { return a.Code == PrevZero }) {
		return false
	}
	v := &View{f: f, top: len(f.Sections) - 1}
	catalog, err := v.Catalog()
	if err != nil {
		return false
	}
	pages, ok := catalog.Dict().Get("Pages").(Reference)
	if !ok {
		return false
	}
	_, _, listed := v.Lookup(pages.Number)
	return !listed
}
