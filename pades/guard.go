package pades

import (
	"github.com/inkan-go/inkan/internal/changes"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// intactHistory returns the history of a file in which a signature or time stamp that verifies is
// followed by nothing but changes that are understood, or is known to be. Nil where there is
// none: an update has nothing to break.
func intactHistory(f *pdf.File, form *sigdict.Form, list []*existing, known bool) *changes.History {
	for _, e := range list { // in the order in which they were made
		if e.fault != nil {
			continue
		}
		history := changes.NewHistory(f, formsOf(f, len(f.Revisions), form))
		for _, r := range f.Revisions {
			if !known && r.Number > 1 && f.Revisions[r.Number-2].EndEOL >= e.end && !understood(history.Compare(r.Number)) {
				return nil
			}
		}
		return history
	}
	return nil
}

func understood(r changes.Result) bool { return r.Kind != changes.Other && r.Kind != changes.Unknown }

// formsOf reads the forms of revisions, each once. That of one, from 1, is known; 0 is none.
func formsOf(f *pdf.File, known int, form *sigdict.Form) func(revision int) *sigdict.Form {
	forms := map[int]*sigdict.Form{known: form}
	return func(revision int) *sigdict.Form {
		form, read := forms[revision]
		if !read {
			form, _ = sigdict.Find(f.View(revision)) // nil where it cannot be read
			forms[revision] = form
		}
		return form
	}
}

// keepsIntact refuses an update, before anything is bought for it, after which signatures
// that are intact would not be any more: something leads to what it must change in ways that
// mean something else. The history is one of the document as it was, without its newest
// revisions perhaps; nil refuses nothing.
func (d *Document) keepsIntact(history *changes.History, update []byte) error {
	if history == nil {
		return nil
	}
	before, err := d.form()
	if err != nil {
		return err
	}
	f, err := d.followed(update).current()
	if err != nil {
		return err
	}
	known := 0
	if n := len(d.parsed.Revisions); n == len(f.Revisions)-1 {
		known = n
	}
	r := history.Following(f, formsOf(f, known, before)).Compare(len(f.Revisions))
	if understood(r) {
		return nil
	}
	finding, _ := r.Grave()
	return failf(ErrNotPermitted, "the update would break signatures that are intact: %s", finding.Message.String())
}
