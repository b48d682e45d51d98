package changes

import (
	"cmp"
	"maps"
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
)

// graph holds every reference of every object that any revision of the file
// wrote, so that all ways to an object can be told. It is built once, from the
// objects of each revision in turn, and asked through the view of a revision.
type graph struct {
	file     *pdf.File
	versions []version // by number, then by age
	edges    []edge    // by the object that is referred to, then by the version that refers
	keys     []pdf.Name
	ids      map[pdf.Name]uint16 // of many keys
	// skimmed and read are room for the references of one object.
	skimmed []pdf.KeyedReference
	read    []keyedReference
	// containers are the object streams that entries up to a revision name.
	containers map[int64]int
	// lengths are the objects that a cross-reference stream up to a revision has as
	// its Length.
	lengths map[int64]int
	// doubts are the objects that are not known for certain. Too many, and the
	// graph is incomplete.
	limits     [2]int // of versions and edges
	doubts     []doubt
	incomplete bool
	// actions are those of pdf.IsActive, and where they stand.
	actions []Action
}

// version is one writing of an object: its number and the place of its bytes.
// Number 0 stands for a trailer, whose place is the index of its section.
type version struct {
	number   uint32
	revision uint32
	place    uint64
	end      int64 // of its bytes in the file; 0 where they do not lie in it
}

// rank says in which order versions stand.
func (v version) rank() uint64 { return uint64(v.number)<<32 | uint64(v.revision) }

// edge is one reference: from a version, under a key, to an object.
type edge struct {
	to      uint32
	version uint32
	key     uint16 // as pdf.KeyedReference has it; 0 where there is none
}

// rank says in which order edges stand.
func (e edge) rank() uint64 { return uint64(e.to)<<32 | uint64(e.version) }

// fewKeys is up to how many keys are searched one by one.
const fewKeys = 24

// fewObjects is up to how many objects of an update are all read in whole.
const fewObjects = 32

// usualReferences is for how many references of one object there is room at first.
const usualReferences = 16

// lastKey is the id of all keys beyond those that have one of their own.
const lastKey = 1<<16 - 1

func placeOf(e pdf.XrefEntry) uint64 {
	if e.Kind == pdf.Compressed {
		return (uint64(e.Container)<<32|uint64(uint32(e.Index)))<<1 | 1
	}
	return uint64(e.Offset) << 1
}

// newGraph reads every object of the file once, as long as there are no more
// than so many objects and references.
func newGraph(file *pdf.File, objects, references int) *graph {
	g := &graph{
		limits: [2]int{objects, references},
		file:   file, keys: make([]pdf.Name, 1, fewKeys), // "" is 0
		read: make([]keyedReference, 0, usualReferences),
	}
	g.addRevisions(file.Revisions)
	return g
}

// following returns the graph of the same file with further revisions.
func (g *graph) following(file *pdf.File) *graph {
	next := *g
	next.file, next.skimmed, next.read = file, nil, nil
	next.versions, next.edges, next.keys = slices.Clone(g.versions), slices.Clone(g.edges), slices.Clone(g.keys)
	next.ids, next.containers, next.lengths = maps.Clone(g.ids), maps.Clone(g.containers), maps.Clone(g.lengths)
	next.doubts, next.actions = slices.Clone(g.doubts), slices.Clone(g.actions)
	next.addRevisions(file.Revisions[len(g.file.Revisions):])
	return &next
}

// addRevisions adds what revisions wrote, the oldest first, and puts all into order.
func (g *graph) addRevisions(list []pdf.Revision) {
	n := len(list)
	for _, r := range list {
		for _, s := range r.Sections {
			n += g.file.Sections[s].Len()
		}
	}
	n = min(n, g.limits[0]+1)
	g.versions = slices.Grow(g.versions, n)
	g.edges = slices.Grow(g.edges, 2*n)
	for _, r := range list {
		if g.addRevision(r); g.full() {
			g.incomplete = true
			break
		}
	}
	g.arrange()
}

// arrange puts versions and edges into order.
func (g *graph) arrange() {
	n := len(g.versions)
	room := make([]uint32, 2*n)
	order, place := room[:n], room[n:]
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int { return cmp.Compare(g.versions[a].rank(), g.versions[b].rank()) })
	versions := make([]version, n)
	for i, v := range order {
		versions[i], place[v] = g.versions[v], uint32(i)
	}
	g.versions = versions
	for i := range g.edges {
		g.edges[i].version = place[g.edges[i].version]
	}
	slices.SortFunc(g.edges, func(a, b edge) int { return cmp.Compare(a.rank(), b.rank()) })
}

// newest returns the last writing of an object up to a revision; ok is false where there is none.
func (g *graph) newest(number int64, revision uint32) (v uint32, ok bool) {
	if number < 0 || number > 1<<32-1 {
		return 0, false
	}
	rank := version{number: uint32(number), revision: revision}.rank()
	low, high := 0, len(g.versions)
	for low < high {
		middle := (low + high) / 2
		if g.versions[middle].rank() <= rank {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low == 0 || int64(g.versions[low-1].number) != number {
		return 0, false
	}
	return uint32(low - 1), true
}

// shows tells whether a view shows the newest version of an object up to its revision.
func (g *graph) shows(view *pdf.View, v uint32) bool {
	x := &g.versions[v]
	if x.number == 0 {
		return true
	}
	e, _, ok := view.Lookup(int64(x.number))
	return ok && e.Kind != pdf.Free && placeOf(e) == x.place
}

// isContainer tells whether entries of a revision find objects in an object stream.
func (g *graph) isContainer(number int64, view *pdf.View) bool {
	first, used := g.containers[number]
	return used && first <= view.Revision()
}

// full tells that a limit was passed.
func (g *graph) full() bool { return len(g.versions) > g.limits[0] || len(g.edges) > g.limits[1] }

// addRevision adds what a revision wrote.
func (g *graph) addRevision(r pdf.Revision) {
	view := g.file.View(r.Number)
	top := r.Sections[len(r.Sections)-1]
	g.add(version{revision: uint32(r.Number), place: uint64(top)}, view.Trailer())
	var before *pdf.View
	if r.Number > 1 {
		before = g.file.View(r.Number - 1)
	}
	whole := r.Number > 1 && g.file.Sections[top].Len() <= fewObjects // likely to be compared
	for _, s := range r.Sections {
		g.length(g.file.Sections[s].Trailer.Get("Length"), r.Number)
		for listed := range g.file.Sections[s].Entries() {
			if g.full() {
				return
			}
			e := listed
			if s != top { // a later section of the revision may have another entry
				later, section, ok := view.Lookup(listed.Number)
				if !ok || section != s {
					continue
				}
				e = later
			}
			if e.Kind == pdf.Free || e.Number == 0 {
				continue
			}
			if e.Kind == pdf.Compressed {
				first(&g.containers, e.Container, r.Number)
			}
			if before != nil {
				if old, _, had := before.Lookup(e.Number); had && old == e {
					continue // listed again
				}
			}
			g.addObject(view, r, e, whole)
		}
	}
}

// addObject adds an object that a revision wrote. One that is asked for in whole later is
// better read so at once.
func (g *graph) addObject(view *pdf.View, r pdf.Revision, e pdf.XrefEntry, whole bool) {
	v := version{number: uint32(e.Number), revision: uint32(r.Number), place: placeOf(e)}
	ref := pdf.Reference{Number: e.Number, Generation: e.Generation}
	if whole || !g.skim(view, r, v, e) {
		o, err := view.Object(ref)
		if err != nil {
			g.doubt(r.Number, ref, say("cannot be read: %v", err))
			return
		}
		end := o.End
		if s, ok := o.Value.(*pdf.Stream); ok {
			end = max(end, s.Offset+s.Length)
		}
		if o.Offset >= 0 {
			v.end = end
		}
		if o.Offset >= 0 && end > r.EndEOL {
			g.doubt(r.Number, ref, say("ends behind the revision that it belongs to"))
		}
		if isTrailer(o) {
			g.length(o.Dict().Get("Length"), r.Number)
			g.versions = append(g.versions, v)
			return
		}
		g.active(actionIn(o.Value, 0), ref, r.Number)
		g.add(v, o.Value)
	}
}

// skim adds the references of an object that is written as it must be.
func (g *graph) skim(view *pdf.View, r pdf.Revision, v version, e pdf.XrefEntry) bool {
	found, s, ok := view.Skim(e, g.skimmed[:0])
	g.skimmed = found
	if !ok || s.End > r.EndEOL {
		return false
	}
	index := uint32(len(g.versions))
	v.end = max(0, s.End)
	g.versions = append(g.versions, v)
	g.active(s.Action, pdf.Reference{Number: e.Number, Generation: e.Generation}, r.Number)
	for _, f := range found {
		if s.Type == "XRef" {
			if string(f.Key) == "Length" {
				g.length(f.Ref, r.Number)
			}
			continue
		}
		if f.Ref.Number > 0 && f.Ref.Number <= 1<<32-1 {
			g.edges = append(g.edges, edge{uint32(f.Ref.Number), index, g.idOf(f.Key)})
		}
	}
	return true
}

// length keeps the object with which a cross-reference stream is read.
func (g *graph) length(value pdf.Object, revision int) {
	if ref, ok := value.(pdf.Reference); ok {
		first(&g.lengths, ref.Number, revision)
	}
}

// first keeps the first revision for an object; the map is nil before there is any.
func first(m *map[int64]int, number int64, revision int) {
	if *m == nil {
		*m = make(map[int64]int)
	}
	if _, known := (*m)[number]; !known {
		(*m)[number] = revision
	}
}

// active keeps an action.
func (g *graph) active(name pdf.Name, ref pdf.Reference, revision int) {
	if name != "" && len(g.actions) < maxActions {
		g.actions = append(g.actions, Action{name, ref, revision})
	}
}

// actionIn returns the type of an active action in an object, one that does more
// than to open an address before others.
func actionIn(o pdf.Object, depth int) pdf.Name {
	if depth > maxDepth {
		return ""
	}
	var found pdf.Name
	switch o := o.(type) {
	case *pdf.Array:
		for _, item := range o.Items {
			found = graver(found, actionIn(item, depth+1))
		}
	case *pdf.Dict:
		for i := range o.Entries {
			e := &o.Entries[i]
			if name, ok := e.Value.(pdf.Name); ok && e.Key == "S" && pdf.IsActive(name) {
				found = graver(found, name)
			}
			found = graver(found, actionIn(e.Value, depth+1))
		}
	case *pdf.Stream:
		return actionIn(o.Dict, depth+1)
	}
	return found
}

// graver returns the first of two types of actions, unless it only opens an address.
func graver(first, second pdf.Name) pdf.Name {
	if second != "" && (first == "" || first == "URI") {
		return second
	}
	return first
}

// isTrailer tells of cross-reference streams, whose dictionaries are trailers.
func isTrailer(o *pdf.Indirect) bool {
	s, ok := o.Value.(*pdf.Stream)
	return ok && s.Dict.Get("Type") == pdf.Object(pdf.Name("XRef"))
}

// doubt is an object that cannot be read, or not as part of its revision.
type doubt struct {
	revision int
	ref      pdf.Reference
	text     Message
}

func (g *graph) doubt(revision int, ref pdf.Reference, text Message) {
	if len(g.doubts) >= maxDoubts {
		g.incomplete = true
		return
	}
	g.doubts = append(g.doubts, doubt{revision, ref, text})
}

// add records the references of one object.
func (g *graph) add(v version, value pdf.Object) {
	index := uint32(len(g.versions))
	g.versions = append(g.versions, v)
	g.read = references(value, "", g.read[:0], 0)
	for _, r := range g.read {
		if r.to.Number > 0 && r.to.Number <= 1<<32-1 {
			g.edges = append(g.edges, edge{uint32(r.to.Number), index, g.id(r.key)})
		}
	}
}

// idOf is id for a key that is good for a moment only.
func (g *graph) idOf(key []byte) uint16 {
	if id, known := g.knownID(pdf.Name(key)); known {
		return id
	}
	return g.id(pdf.Name(key))
}

// id returns the number of a key, a new one where it has none.
func (g *graph) id(key pdf.Name) uint16 {
	id, known := g.knownID(key)
	if known || len(g.keys) >= lastKey {
		return id
	}
	id = uint16(len(g.keys))
	g.keys = append(g.keys, key)
	if len(g.keys) <= fewKeys {
		return id
	}
	if g.ids == nil {
		g.ids = make(map[pdf.Name]uint16)
		for i, key := range g.keys {
			g.ids[key] = uint16(i)
		}
	}
	g.ids[key] = id
	return id
}

// knownID returns the number that a key has; lastKey where it has none.
func (g *graph) knownID(key pdf.Name) (id uint16, known bool) {
	if g.ids != nil {
		if id, known = g.ids[key]; !known {
			id = lastKey
		}
		return id, known
	}
	for i := range g.keys {
		if g.keys[i] == key {
			return uint16(i), true
		}
	}
	return lastKey, false
}

func (g *graph) key(id uint16) pdf.Name {
	if int(id) >= len(g.keys) {
		return "…"
	}
	return g.keys[id]
}

// keyedReference is a reference with the key that pdf.KeyedReference would have.
type keyedReference struct {
	key pdf.Name
	to  pdf.Reference
}

// references adds every reference in an object, which stands under a key, to a list.
func references(o pdf.Object, key pdf.Name, list []keyedReference, depth int) []keyedReference {
	if depth > maxDepth {
		return list
	}
	switch o := o.(type) {
	case pdf.Reference:
		return append(list, keyedReference{key, o})
	case *pdf.Array:
		for _, item := range o.Items {
			list = references(item, key, list, depth+1)
		}
	case *pdf.Dict:
		if o == nil {
			return list
		}
		chosen := pdf.ChoosesNames(key)
		for i := range o.Entries {
			if !chosen {
				key = o.Entries[i].Key
			}
			list = references(o.Entries[i].Value, key, list, depth+1)
		}
	case *pdf.Stream:
		return references(o.Dict, key, list, depth+1)
	}
	return list
}
