package main

import "github.com/inkan-go/inkan/internal/pdf"

// objectChanges are the numbers of the objects that one revision touched.
type objectChanges struct{ added, replaced, freed []int64 }

// revisionObjects tells which objects a revision (1 is the oldest) added,
// replaced or freed. An entry that only repeats an earlier one changes nothing.
func revisionObjects(f *pdf.File, revision int) objectChanges {
	var c objectChanges
	now := f.View(revision)
	for _, section := range f.Revisions[revision-1].Sections {
		for listed := range f.Sections[section].Entries() {
			entry, _, _ := now.Lookup(listed.Number)
			var before pdf.XrefEntry
			if revision > 1 {
				before, _, _ = f.View(revision - 1).Lookup(listed.Number)
			}
			alive := before.Kind != pdf.Free
			switch {
			case entry.Kind == pdf.Free && alive:
				c.freed = append(c.freed, listed.Number)
			case entry.Kind == pdf.Free:
			case !alive:
				c.added = append(c.added, listed.Number)
			case entry != before:
				c.replaced = append(c.replaced, listed.Number)
			}
		}
	}
	return c
}
