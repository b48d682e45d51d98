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
	graph   *graph
	view    *pdf.View
	scratch *scratch
	// Entries are the claims through which owned objects are reached.
	claims, entries claims
	// What was found out about objects, by the newest version up to the revision; of
	// another epoch, it is about another revision.
	known []knowledge
	epoch uint16
	// indexes find entries of large dictionaries; nil until there is one.
	indexes map[*pdf.Dict]*index
	// counted holds the leaves of page tree nodes; nil until there are some.
	counted map[*pdf.Array][]int32
	// read holds objects that were read last, by number.
	read [8]*pdf.Indirect
}

// knowledge is what is known of an object in one revision.
type knowledge struct {
	epoch  uint16
	facts  facts
	chosen uint16 // what chosen found: a key by its id
}

type facts uint16

const (
	isShown facts = 1 << iota
	isHidden
	isReached
	isUnreached
	isPassed // by a search that is under way
	isInPages
	isOutsidePages
	isChosen // chosen is known
)

func newSide(g *graph, v *pdf.View, r *scratch) *side {
	s := &side{graph: g, scratch: r}
	s.turn(v)
	return s
}

// turn makes it a side of another revision.
func (s *side) turn(v *pdf.View) {
	s.view, s.read, s.indexes, s.counted = v, [len(s.read)]*pdf.Indirect{}, nil, nil
	if s.epoch++; s.epoch == 0 {
		clear(s.known)
		s.epoch++
	}
	if s.known == nil && s.graph != nil {
		s.known = make([]knowledge, len(s.graph.versions))
	}
}

// object returns what a reference names.
func (s *side) object(ref pdf.Reference) (*pdf.Indirect, error) {
	last := &s.read[uint64(ref.Number)%uint64(len(s.read))]
	if o := *last; o != nil && o.Ref == ref {
		return o, nil
	}
	o, err := s.view.Object(ref)
	if err == nil && o.Ref == ref {
		*last = o
	}
	return o, err
}

// tired tells that too much was followed already.
func (s *side) tired() bool { return s.scratch.work > maxWork }

// nodeItems is how many items it costs as much to judge as a new field or element, which
// many others may have below them.
const nodeItems = 16

// spend counts what is compared item by item, and tells whether any work is left. That
// takes half as long as to follow a reference.
func (s *side) spend(items int) bool {
	if !s.tired() {
		s.scratch.work += items / 2
	}
	return !s.tired()
}

// about returns what is known of an object by its newest version.
func (s *side) about(v uint32) *knowledge {
	k := &s.known[v]
	if k.epoch != s.epoch {
		*k = knowledge{epoch: s.epoch}
	}
	return k
}

// aboutNumber returns what is known of an object. Where none of its versions could be
// read, it is forgotten at once.
func (s *side) aboutNumber(n int64) *knowledge {
	if v, ok := s.graph.newest(n, uint32(s.view.Revision())); ok {
		return s.about(v)
	}
	return new(knowledge)
}

// shown returns the version of an object that the revision shows, of which it is given an
// earlier one or that one; ok is false where there is none.
func (s *side) shown(v uint32) (shown uint32, ok bool) {
	g, revision := s.graph, uint32(s.view.Revision())
	x := &g.versions[v]
	if x.revision > revision {
		return 0, false
	}
	if next := int(v) + 1; next < len(g.versions) && g.versions[next].number == x.number && g.versions[next].revision <= revision {
		v, _ = g.newest(int64(x.number), revision)
	}
	k := s.about(v)
	if k.facts&(isShown|isHidden) == 0 {
		if k.facts |= isHidden; g.shows(s.view, v) {
			k.facts ^= isHidden | isShown
		}
	}
	return v, k.facts&isShown != 0
}

// repeatedReferences is how many further references to the same object are followed for
// the work of one.
const repeatedReferences = 8

// in calls visit for every reference to an object, from the versions that the
// revision shows; those of one version follow one another.
func (s *side) in(n int64, visit func(e edge) bool) {
	g := s.graph
	i, high := 0, len(g.edges)
	for i < high {
		if middle := (i + high) / 2; int64(g.edges[middle].to) < n {
			i = middle + 1
		} else {
			high = middle
		}
	}
	for i < len(g.edges) && int64(g.edges[i].to) == n && !s.tired() {
		s.scratch.work++
		v := g.edges[i].version
		from := g.versions[v].number
		shown, ok := s.shown(v)
		if !ok {
			i = s.behind(i, from)
			continue
		}
		if v != shown {
			k, _ := slices.BinarySearchFunc(g.edges[i:], shown, func(e edge, shown uint32) int {
				return cmp.Or(cmp.Compare(int64(e.to), n), cmp.Compare(e.version, shown))
			})
			i += k
		}
		for first := i; i < len(g.edges) && int64(g.edges[i].to) == n && g.edges[i].version == shown; i++ {
			if (i-first)%repeatedReferences == repeatedReferences-1 {
				s.scratch.work++
			}
			if !visit(g.edges[i]) {
				return
			}
		}
		i = s.behind(i, from)
	}
}

// behind returns where the edges end, from place i on, that come from the same object.
func (s *side) behind(i int, from uint32) int {
	g := s.graph
	if i == len(g.edges) || g.versions[g.edges[i].version].number != from {
		return i
	}
	to := g.edges[i].to
	k, _ := slices.BinarySearchFunc(g.edges[i:], from, func(e edge, from uint32) int {
		if e.to == to && g.versions[e.version].number == from {
			return -1
		}
		return 1
	})
	return i + k
}

// from returns the object that an edge comes from.
func (s *side) from(e edge) int64 { return int64(s.graph.versions[e.version].number) }

// hop is an object that reachable came to.
type hop struct {
	number int64
	before int // the hop that it leads to
}

// reachable tells whether any way leads from the trailer to an object, or from an
// object stream, which readers come to without a reference.
func (s *side) reachable(n int64) bool {
	if n == 0 {
		return true
	}
	if k := s.aboutNumber(n); k.facts&(isReached|isUnreached) != 0 {
		return k.facts&isReached != 0
	}
	hops := append(s.scratch.hops[:0], hop{number: n})
	found := false
	for i := 0; i < len(hops) && !found && !s.tired(); i++ {
		s.in(hops[i].number, func(e edge) bool {
			from, k := s.from(e), s.about(e.version)
			switch {
			case k.facts&isPassed != 0 || from == n:
			case from == 0 || k.facts&isReached != 0 || s.graph.isContainer(from, s.view):
				for way := i; !found; way = hops[way].before {
					s.aboutNumber(hops[way].number).facts |= isReached
					found = way == 0
				}
			default:
				k.facts |= isPassed
				hops = append(hops, hop{from, i})
			}
			return !found
		})
	}
	found = found || s.tired()
	s.scratch.hops = hops
	for _, h := range hops {
		k := s.aboutNumber(h.number)
		if k.facts &^= isPassed; !found {
			k.facts |= isUnreached
		}
	}
	return found
}

// holders returns the objects that refer to an object under a key, themselves
// or through an array that they refer to under it.
func (s *side) holders(n int64, key pdf.Name) []int64 { return s.holdersWithin(n, key, 2) }

func (s *side) holdersWithin(n int64, key pdf.Name, arrays int) []int64 {
	var out []int64
	s.in(n, func(e edge) bool {
		switch from, k := s.from(e), s.graph.key(e.key); {
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
	s.in(from, func(e edge) bool {
		if f := s.from(e); !s.under(f, s.graph.key(e.key), keys, depth+1) && s.reachable(f) {
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
	k := s.aboutNumber(n)
	if k.facts&isChosen == 0 {
		k.chosen = s.chosenWithin(n, 4)
		k.facts |= isChosen
	}
	return s.graph.key(k.chosen)
}

func (s *side) chosenWithin(n int64, hops int) (found uint16) {
	s.in(n, func(e edge) bool {
		key, from := e.key, s.from(e)
		if key == 0 && hops > 0 {
			key = s.chosenWithin(from, hops-1)
		}
		if pdf.ChoosesNames(s.graph.key(key)) && s.reachable(from) {
			found = key
		}
		return found == 0
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
		s.in(x, func(e edge) bool {
			from, key := s.from(e), s.graph.key(e.key)
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
