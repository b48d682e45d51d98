package changes

import (
	"cmp"
	"slices"
	"strings"

	"github.com/inkan-go/inkan/internal/pdf"
)

// side is one of the two revisions that are compared, with the ways to its
// objects that a rule accounted for.
type side struct {
	graph *graph
	view  *pdf.View
	work  *int // references followed so far, of the whole file
	// Entries are the claims through which owned objects are reached.
	claims, entries claims
	// reached and pages remember what was found out about objects. Like
	// named, pages is nil before there is anything to remember.
	reached map[int64]bool
	pages   map[int64]bool
	named   map[int64]pdf.Name // what chosen found
	// indexes find entries of large dictionaries; nil until there is one.
	indexes map[*pdf.Dict]*index
	// What referrers returned last.
	referrersRoom []referrer
	keysRoom      []pdf.Name
}

func newSide(g *graph, v *pdf.View, work *int) *side {
	return &side{
		graph: g, view: v, work: work, reached: make(map[int64]bool),
	}
}

// tired tells that too much was followed already.
func (s *side) tired() bool { return *s.work > maxWork }

// in calls visit for every reference to an object, from the objects that the
// revision shows; those of one object follow one another.
func (s *side) in(n int64, visit func(from int64, key pdf.Name) bool) {
	g := s.graph
	first, _ := slices.BinarySearchFunc(g.edges, n, func(e edge, n int64) int { return cmp.Compare(int64(e.to), n) })
	for i := first; i < len(g.edges) && int64(g.edges[i].to) == n && !s.tired(); {
		*s.work++
		from := g.versions[g.edges[i].version].number
		version, shown := g.versionIn(s.view, from)
		if !shown || version < g.edges[i].version {
			i += s.skip(i, from)
			continue
		}
		if g.edges[i].version < version {
			k, _ := slices.BinarySearchFunc(g.edges[i:], version, func(e edge, version uint32) int {
				return cmp.Or(cmp.Compare(int64(e.to), n), cmp.Compare(g.versions[e.version].number, from), cmp.Compare(e.version, version))
			})
			i += k
		}
		for ; i < len(g.edges) && int64(g.edges[i].to) == n && g.edges[i].version == version; i++ {
			if !visit(int64(from), g.key(g.edges[i].key)) {
				return
			}
		}
		if i < len(g.edges) && int64(g.edges[i].to) == n && g.versions[g.edges[i].version].number == from {
			i += s.skip(i, from)
		}
	}
}

// skip returns how many edges from place i on come from the same object.
func (s *side) skip(i int, from uint32) int {
	g, n := s.graph, s.graph.edges[i].to
	k, _ := slices.BinarySearchFunc(g.edges[i:], from, func(e edge, from uint32) int {
		if e.to == n && g.versions[e.version].number == from {
			return -1
		}
		return 1
	})
	return k
}

// reachable tells whether any way leads from the trailer to an object, or from an
// object stream, which readers come to without a reference.
func (s *side) reachable(n int64) bool {
	if n == 0 {
		return true
	}
	if r, known := s.reached[n]; known {
		return r
	}
	var parent map[int64]int64 // of those that lead to n by others; mostly there are none
	var queue []int64
	for x := n; !s.tired(); x, queue = queue[0], queue[1:] {
		found := false
		s.in(x, func(from int64, _ pdf.Name) bool {
			if _, seen := parent[from]; seen || from == n {
				return true
			}
			if from == 0 || s.reached[from] || s.graph.isContainer(from, s.view) {
				for y := x; ; y = parent[y] {
					s.reached[y] = true
					if y == n {
						break
					}
				}
				found = true
				return false
			}
			if parent == nil {
				parent = make(map[int64]int64)
			}
			parent[from] = x
			queue = append(queue, from)
			return true
		})
		if found {
			return true
		}
		if len(queue) == 0 {
			break
		}
	}
	if s.tired() {
		return true
	}
	s.reached[n] = false
	for x := range parent {
		s.reached[x] = false
	}
	return false
}

// holders returns the objects that refer to an object under a key, themselves
// or through an array that they refer to under it.
func (s *side) holders(n int64, key pdf.Name) []int64 { return s.holdersWithin(n, key, 2) }

func (s *side) holdersWithin(n int64, key pdf.Name, arrays int) []int64 {
	var out []int64
	s.in(n, func(from int64, k pdf.Name) bool {
		switch {
		case k == key:
			out = append(out, from)
		case k == "" && arrays > 0 && from != n:
			out = append(out, s.holdersWithin(from, key, arrays-1)...)
		}
		return len(out) < maxTreeEntries
	})
	slices.Sort(out)
	return slices.Compact(out)
}

// under tells whether a reference from an object under a key counts as one of
// those keys; for an array all references to the array itself must.
func (s *side) under(from int64, key pdf.Name, keys []pdf.Name, depth int) bool {
	if key != "" {
		return slices.Contains(keys, key)
	}
	if depth > 4 {
		return false
	}
	all := true
	s.in(from, func(f int64, k pdf.Name) bool {
		if !s.under(f, k, keys, depth+1) && s.reachable(f) {
			all = false
		}
		return all
	})
	return all
}

// chosen returns the key under which content looks into an object by names of
// its own choice, so that its keys say nothing about what stands under them; ""
// where there is none.
func (s *side) chosen(n int64) pdf.Name {
	key, known := s.named[n]
	if !known {
		if s.named == nil {
			s.named = make(map[int64]pdf.Name)
		}
		key = s.chosenWithin(n, 4)
		s.named[n] = key
	}
	return key
}

func (s *side) chosenWithin(n int64, hops int) pdf.Name {
	var found pdf.Name
	s.in(n, func(from int64, key pdf.Name) bool {
		if key == "" && hops > 0 {
			key = s.chosenWithin(from, hops-1)
		}
		if pdf.ChoosesNames(key) && s.reachable(from) {
			found = key
		}
		return found == ""
	})
	return found
}

// path names a way from the trailer to an object by its keys, for people.
func (s *side) path(n int64) string {
	type step struct {
		to  int64
		key pdf.Name
	}
	next := map[int64]step{n: {}}
	queue := []int64{n}
	for len(queue) > 0 && len(next) < 10_000 {
		x := queue[0]
		queue = queue[1:]
		found := false
		s.in(x, func(from int64, key pdf.Name) bool {
			if _, seen := next[from]; seen || key == "P" || key == "Parent" {
				return true
			}
			next[from] = step{x, key}
			found = from == 0
			queue = append(queue, from)
			return !found
		})
		if found {
			break
		}
	}
	if _, found := next[0]; !found {
		return ""
	}
	var keys []string
	for x := int64(0); x != n; x = next[x].to {
		if key := next[x].key; key != "" {
			keys = append(keys, string(key))
		}
	}
	return strings.Join(keys, "/")
}
