package changes

import (
	"bytes"
	"errors"
	"io"
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
)

// Hygiene is what is odd about one revision by itself: what may have been
// prepared in it to be shown later. None of it is a fault by itself.
type Hygiene struct {
	// Unused are objects that nothing leads to, Others how many more there are.
	Unused []pdf.Reference
	Others int
	// Hidden is where bytes stand that look like an object and that no
	// cross-reference lists, or lists as free; -1 where there are none.
	Hidden int64
	// Actions run or fetch something, or lead out of the document; Opening is one
	// that the document starts by itself, "" where there is none.
	Actions []Action
	Opening pdf.Name
	// Cut tells that the file is too large to be looked at in whole.
	Cut bool
}

// Action is one action in an object.
type Action struct {
	Name     pdf.Name
	Ref      pdf.Reference
	revision int
}

// Inspect tells what is odd about a revision, counted from 1.
func (h *History) Inspect(revision int) Hygiene { return h.inspect(revision, maxInspected) }

func (h *History) inspect(revision, limit int) Hygiene {
	out := Hygiene{Hidden: -1}
	if revision < 1 || revision > len(h.file.Revisions) {
		return out
	}
	if h.graph == nil {
		objects := 0
		for _, s := range h.file.Sections {
			objects += s.Len()
		}
		if objects > limit {
			out.Cut = true
			return out
		}
		h.graph = newGraph(h.file, maxObjects, maxReferences)
	}
	view := h.file.View(revision)
	out.Cut = h.graph.incomplete
	h.unused(view, &out)
	h.hidden(revision, &out)
	for _, a := range h.graph.actions {
		if a.revision <= revision && a.Name != "URI" {
			out.Actions = append(out.Actions, a)
		}
	}
	out.Opening = opening(view)
	return out
}

// unused lists the objects that no way leads to from the trailer.
func (h *History) unused(view *pdf.View, out *Hygiene) {
	reached := h.graph.reached(view)
	here := newSide(nil, view, &h.scratch)
	for e := range view.Entries() {
		if e.Kind == pdf.Free || e.Number == 0 || reached[e.Number] {
			continue
		}
		if _, container := h.graph.containers[e.Number]; container {
			continue
		}
		o, err := here.current(e, true)
		if err != nil || o == nil || isContainer(o) || o.Dict().Has("Linearized") || h.file.Linearized && isHints(o) {
			continue
		}
		if len(out.Unused) < maxNamed {
			out.Unused = append(out.Unused, o.Ref)
			continue
		}
		out.Others++
		if out.Others > maxInspected {
			return
		}
	}
}

// isHints tells of the hint stream of a linearized file (Annex F.4), which its
// place names.
func isHints(o *pdf.Indirect) bool {
	s, ok := o.Value.(*pdf.Stream)
	if !ok {
		return false
	}
	_, ok = s.Dict.Get("S").(pdf.Integer)
	return ok
}

// reached returns the numbers of the objects that a way leads to.
func (g *graph) reached(view *pdf.View) map[int64]bool {
	first := make([]uint32, len(g.versions)+1) // places in order, by version
	for _, e := range g.edges {
		first[e.version+1]++
	}
	for i := range g.versions {
		first[i+1] += first[i]
	}
	targets := make([]uint32, len(g.edges))
	next := slices.Clone(first)
	for _, e := range g.edges {
		targets[next[e.version]] = e.to
		next[e.version]++
	}
	reached := make(map[int64]bool, len(g.versions))
	queue := []uint32{0}
	for number := range g.containers {
		if g.isContainer(number, view) {
			queue = append(queue, uint32(number))
		}
	}
	for len(queue) > 0 {
		number := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		v, ok := g.newest(int64(number), uint32(view.Revision()))
		if !ok || !g.shows(view, v) {
			continue
		}
		for _, to := range targets[first[v]:first[v+1]] {
			if !reached[int64(to)] {
				reached[int64(to)] = true
				queue = append(queue, to)
			}
		}
	}
	return reached
}

// hidden looks between the objects of the file, up to the end of a revision, for
// bytes that look like another object.
func (h *History) hidden(revision int, out *Hygiene) {
	end := h.file.Revisions[revision-1].EndEOL
	var list []extent
	for _, v := range h.graph.versions {
		if start := int64(v.place>>1) + h.file.Base; v.end > 0 && start < end {
			list = append(list, extent{start, v.end})
		}
	}
	for _, s := range h.file.Sections {
		list = append(list, extent{s.Offset, s.End})
	}
	slices.SortFunc(list, func(a, b extent) int { return int(min(1, max(-1, a.start-b.start))) })
	at, read := int64(0), int64(0)
	for _, e := range append(list, extent{end, end}) {
		if e.start > at && e.start <= end {
			if read += e.start - at; read > maxGap {
				out.Cut = true
				return
			}
			if found := h.objectIn(at, e.start); found >= 0 {
				out.Hidden = found
				return
			}
		}
		at = max(at, e.end)
	}
}

// objectIn returns where "obj" stands in a range of the file; -1 where it does not.
func (h *History) objectIn(start, end int64) int64 {
	b := make([]byte, end-start)
	n, err := h.file.Reader.ReadAt(b, start)
	if err != nil && !errors.Is(err, io.EOF) {
		return -1
	}
	if i := bytes.Index(b[:n], []byte(" obj")); i >= 0 {
		return start + int64(i)
	}
	return -1
}

// opening returns the action that a document starts by itself when it is opened
// (ISO 32000-2, Table 29), where it is active.
func opening(view *pdf.View) pdf.Name {
	catalog, err := view.Catalog()
	if err != nil {
		return ""
	}
	d, err := view.Dict(catalog.Dict().Get("OpenAction"))
	if err != nil || d == nil {
		return "" // a destination
	}
	name, err := view.Name(d.Get("S"))
	if err != nil || !pdf.IsActive(name) {
		return ""
	}
	return name
}
