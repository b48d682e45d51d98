package changes

import (
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// History compares the revisions of one file, each with the one before it. It
// is not safe for concurrent use.
type History struct {
	file *pdf.File
	// forms returns the form of a revision; nil where it cannot be read.
	forms func(revision int) *sigdict.Form
	graph *graph // built when it is first needed
	// sides are the revisions that were compared last, if any.
	before, after *side
	work          int
	room          []byte // to read the file into
}

// NewHistory makes a History. Forms answers what sigdict.Find answers for a
// revision; the caller has read them already.
func NewHistory(f *pdf.File, forms func(revision int) *sigdict.Form) *History {
	return &History{file: f, forms: forms}
}

// Following returns the History of the same file with bytes appended to it. What was found out
// about the objects of earlier revisions is taken over.
func (h *History) Following(f *pdf.File, forms func(revision int) *sigdict.Form) *History {
	next := NewHistory(f, forms)
	if f.Continues(h.file) {
		if h.graph == nil {
			h.graph = newGraph(h.file, maxObjects, maxReferences)
		}
		next.graph = h.graph.following(f)
	}
	return next
}

// Compare says what a revision, counted from 1, changed in the one before it.
// Revision 1 has none before it and is Unknown.
func (h *History) Compare(revision int) Result {
	if revision < 2 || revision > len(h.file.Revisions) {
		return Result{Unread: []Finding{{Message: say("there is no earlier revision")}}}
	}
	if h.graph == nil {
		h.graph = newGraph(h.file, maxObjects, maxReferences)
	}
	h.turn(revision)
	c := &comparison{history: h, revision: revision, before: h.before, after: h.after}
	c.run()
	c.result.judge()
	return c.result
}

// turn makes the sides those of a revision and the one before it. What is known of the
// earlier one is kept, where it was the later one before.
func (h *History) turn(revision int) {
	if h.after == nil {
		h.before, h.after = newSide(h.graph, h.file.View(revision-1), &h.work), newSide(h.graph, h.file.View(revision), &h.work)
		return
	}
	h.before, h.after = h.after, h.before
	if h.before.view.Revision() != revision-1 {
		h.before.turn(h.file.View(revision - 1))
	}
	h.after.turn(h.file.View(revision))
	for _, s := range []*side{h.before, h.after} {
		s.claims, s.entries = s.claims[:0], s.entries[:0]
	}
}
