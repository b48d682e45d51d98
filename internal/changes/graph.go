package changes

import (
	"cmp"
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
)

// graph holds every reference of every object that any revision of the file
// wrote, so that all ways to an object can be told. It is built once, from the
// objects of each revision in turn, and asked through the view of a revision.
type graph struct {
	file     *pdf.File
	versions []version
	edges    []edge // by the object that is referred to
	keys     []pdf.Name
	ids      map[pdf.Name]uint16
	// containers are the object streams that entries up to a revision name.
	containers map[int64]int
	// faults tells for a revision why its objects are not known for certain.
	faults map[int]Finding
}

// version is one writing of an object: its number and the place of its bytes.
// Number 0 stands for a trailer, whose place is the index of its section.
type version struct {
	number uint32
	place  uint64
}

// edge is one reference: from a version, under a key, to an object.
type edge struct {
	to      uint32
	version uint32
	key     uint16 // of the innermost dictionary around it; 0 where there is none
}

// lastKey is the id of all keys beyond those that have one of their own.
const lastKey = 1<<16 - 1

func placeOf(e pdf.XrefEntry) uint64 {
	if e.Kind == pdf.Compressed {
		return (uint64(e.Container)<<32|uint64(uint32(e.Index)))<<1 | 1
	}
	return uint64(e.Offset) << 1
}

// newGraph reads every object of the file once.
func newGraph(file *pdf.File) *graph {
	g := &graph{
		file: file, keys: []pdf.Name{""}, ids: map[pdf.Name]uint16{"": 0},
		containers: make(map[int64]int), faults: make(map[int]Finding),
	}
	for _, r := range file.Revisions {
		g.addRevision(r)
		if len(g.versions) > maxObjects || len(g.edges) > maxReferences {
			g.faults[1] = Finding{Text: "the file holds too many objects to be compared"}
			break
		}
	}
	slices.SortFunc(g.edges, func(a, b edge) int {
		return cmp.Or(cmp.Compare(a.to, b.to), cmp.Compare(a.version, b.version))
	})
	return g
}

// addRevision adds what a revision wrote.
func (g *graph) addRevision(r pdf.Revision) {
	view := g.file.View(r.Number)
	top := r.Sections[len(r.Sections)-1]
	g.add(version{place: uint64(top)}, view.Trailer())
	var before *pdf.View
	if r.Number > 1 {
		before = g.file.View(r.Number - 1)
	}
	for _, s := range r.Sections {
		for listed := range g.file.Sections[s].Entries() {
			if len(g.versions) > maxObjects || len(g.edges) > maxReferences {
				return
			}
			e, section, ok := view.Lookup(listed.Number)
			if !ok || section != s || e.Kind == pdf.Free || e.Number == 0 {
				continue
			}
			if e.Kind == pdf.Compressed {
				if _, known := g.containers[e.Container]; !known {
					g.containers[e.Container] = r.Number
				}
			}
			if before != nil {
				if old, _, had := before.Lookup(e.Number); had && old == e {
					continue // listed again
				}
			}
			g.addObject(view, r, e)
		}
	}
}

func (g *graph) addObject(view *pdf.View, r pdf.Revision, e pdf.XrefEntry) {
	o, err := view.Object(pdf.Reference{Number: e.Number, Generation: e.Generation})
	if err != nil {
		g.fault(r.Number, pdf.Reference{Number: e.Number, Generation: e.Generation}, "cannot be read: "+err.Error())
		return
	}
	if o.Offset >= 0 {
		end := o.End
		if s, ok := o.Value.(*pdf.Stream); ok {
			end = max(end, s.Offset+s.Length)
		}
		if end > r.EndEOL {
			g.fault(r.Number, o.Ref, "ends behind the revision that it belongs to")
		}
	}
	if s, ok := o.Value.(*pdf.Stream); ok && s.Dict.Get("Type") == pdf.Object(pdf.Name("XRef")) {
		return // its dictionary is a trailer
	}
	g.add(version{uint32(e.Number), placeOf(e)}, o.Value)
}

func (g *graph) fault(revision int, ref pdf.Reference, text string) {
	if _, known := g.faults[revision]; !known {
		g.faults[revision] = Finding{ref, "object " + ref.String() + " " + text}
	}
}

// add records the references of one object.
func (g *graph) add(v version, value pdf.Object) {
	index := uint32(len(g.versions))
	g.versions = append(g.versions, v)
	keyed(value, "", func(key pdf.Name, r pdf.Reference) {
		if r.Number > 0 && r.Number <= 1<<32-1 {
			g.edges = append(g.edges, edge{uint32(r.Number), index, g.id(key)})
		}
	}, 0)
}

func (g *graph) id(key pdf.Name) uint16 {
	id, known := g.ids[key]
	if !known {
		if len(g.keys) >= lastKey {
			return lastKey
		}
		id = uint16(len(g.keys))
		g.keys = append(g.keys, key)
		g.ids[key] = id
	}
	return id
}

func (g *graph) key(id uint16) pdf.Name {
	if int(id) >= len(g.keys) {
		return "…"
	}
	return g.keys[id]
}

// keyed calls visit for every reference in an object, with the key of the
// innermost dictionary that it stands in.
func keyed(o pdf.Object, key pdf.Name, visit func(pdf.Name, pdf.Reference), depth int) {
	if depth > maxDepth {
		return
	}
	switch o := o.(type) {
	case pdf.Reference:
		visit(key, o)
	case *pdf.Array:
		for _, item := range o.Items {
			keyed(item, key, visit, depth+1)
		}
	case *pdf.Dict:
		if o == nil {
			return
		}
		for _, e := range o.Entries {
			keyed(e.Value, e.Key, visit, depth+1)
		}
	case *pdf.Stream:
		keyed(o.Dict, key, visit, depth+1)
	}
}
