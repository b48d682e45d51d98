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
	// before and after are the revisions that were compared last; nil before there were any.
	before, after *side
	scratch       scratch
}

// scratch is what the comparisons of one file have in common.
type scratch struct {
	work int // references followed so far
	// Room that is used again and again: for own, for reachable, for what referrers
	// returned last, and to read the file into.
	references []keyedReference
	hops       []hop
	referrers  []referrer
	keys       []pdf.Name
	bytes      []byte
	// positions are those of pages in nodes of the page tree, and positioned how many
	// there are. They are nil before there is any.
	positions  map[*pdf.Array]positions
	positioned int
}

// prepare makes room for a small file.
func (s *scratch) prepare() {
	room := new(struct {
		references [8]keyedReference
		hops       [8]hop
		referrers  [8]referrer
		keys       [8]pdf.Name
	})
	s.references, s.hops, s.referrers, s.keys = room.references[:0], room.hops[:0], room.referrers[:0], room.keys[:0]
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
		h.scratch.prepare()
		h.before, h.after = newSide(h.graph, h.file.View(revision-1), &h.scratch), newSide(h.graph, h.file.View(revision), &h.scratch)
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
