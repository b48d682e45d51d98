package pades

import (
	"github.com/inkan-go/inkan/internal/changes"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// isIntact tells whether a signature or time stamp that verifies is followed by nothing but
// changes that are understood. Where there is none, an update has nothing to break.
func isIntact(f *pdf.File, list []*existing) bool {
	for _, e := range list { // in the order in which they were made
		if e.fault != nil {
			continue
		}
		history := compared(f)
		for _, r := range f.Revisions {
			if r.Number > 1 && f.Revisions[r.Number-2].EndEOL >= e.end && !understood(history.Compare(r.Number)) {
				return false
			}
		}
		return true
	}
	return false
}

func understood(r changes.Result) bool { return r.Kind != changes.Other && r.Kind != changes.Unknown }

// compared prepares to compare the revisions of a file.
func compared(f *pdf.File) *changes.History {
	forms := make(map[int]*sigdict.Form)
	return changes.NewHistory(f, func(revision int) *sigdict.Form {
		form, read := forms[revision]
		if !read {
			form, _ = sigdict.Find(f.View(revision)) // nil where it cannot be read
			forms[revision] = form
		}
		return form
	})
}

// keepsIntact refuses an update, before anything is bought for it, after which signatures
// that are intact would not be any more: something leads to what it must change in ways that
// mean something else.
func (d *Document) keepsIntact(update []byte) error {
	next := &Document{source: d, size: d.Size(), tail: update, password: d.password}
	f, err := next.current()
	if err != nil {
		return err
	}
	r := compared(f).Compare(len(f.Revisions))
	if understood(r) {
		return nil
	}
	finding, _ := r.Grave()
	return failf(ErrNotPermitted, "the update would break signatures that are intact: %s", finding.Message.String())
}
