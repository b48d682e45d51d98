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
	// watched are the numbers that more than one revision, or a later one,
	// writes. referrers tells for each which objects of the revisions up to
	// searched refer to it, and how often at most; 0 stands for the trailer.
	watched   map[int64]bool
	referrers map[int64]map[int64]int
	searched  int
	objects   int
	broken    bool // the search for references gave up
}

// NewHistory makes a History. Forms answers what sigdict.Find answers for a
// revision; the caller has read them already.
func NewHistory(f *pdf.File, forms func(revision int) *sigdict.Form) *History {
	h := &History{file: f, forms: forms, watched: make(map[int64]bool), referrers: make(map[int64]map[int64]int)}
	for _, r := range f.Revisions[1:] {
		for _, s := range r.Sections {
			for e := range f.Sections[s].Entries() {
				h.watched[e.Number] = true
			}
		}
	}
	return h
}

// Compare says what a revision, counted from 1, changed in the one before it.
// Revision 1 has none before it and is Unknown.
func (h *History) Compare(revision int) Result {
	if revision < 2 || revision > len(h.file.Revisions) {
		return Result{Reason: "there is no earlier revision"}
	}
	c := &comparison{
		history: h, revision: revision, before: h.file.View(revision - 1), after: h.file.View(revision),
		pending: make(map[int64]change), explained: make(map[int64]bool),
	}
	if u := c.run(revision); u != nil {
		return Result{Reason: u.text, Ref: u.ref, Signed: c.result.Signed}
	}
	c.result.Kind = c.kind()
	return c.result
}

// search collects the references of all objects up to a revision, each once.
func (h *History) search(revision int) {
	for ; h.searched < revision && !h.broken; h.searched++ {
		view := h.file.View(h.searched + 1)
		h.record(0, view.Trailer())
		for _, s := range h.file.Revisions[h.searched].Sections {
			for e := range h.file.Sections[s].Entries() {
				if h.objects++; h.objects > maxObjects {
					h.broken = true
					return
				}
				o, u := current(view, e.Number)
				if u != nil || o == nil {
					continue // what nobody can read refers to nothing
				}
				if s, ok := o.Value.(*pdf.Stream); ok && s.Dict.Get("Type") == pdf.Object(pdf.Name("XRef")) {
					continue // its dictionary is a trailer, recorded above
				}
				h.record(e.Number, o.Value)
			}
		}
	}
}

// record notes which watched objects one object refers to.
func (h *History) record(from int64, o pdf.Object) {
	var count map[int64]int
	references(o, func(r pdf.Reference) {
		if h.watched[r.Number] {
			if count == nil {
				count = make(map[int64]int)
			}
			count[r.Number]++
		}
	}, 0)
	for n, times := range count {
		if h.referrers[n] == nil {
			h.referrers[n] = make(map[int64]int)
		}
		h.referrers[n][from] = max(h.referrers[n][from], times)
	}
}
