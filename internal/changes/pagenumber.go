package changes

import (
	"math"
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
)

// pageNumber counts the pages before one, from 1; 0 where that cannot be told.
func (s *side) pageNumber(n int64) int {
	before := 0
	for range maxTree {
		e, _, ok := s.view.Lookup(n)
		o, err := s.current(e, ok)
		if err != nil || o == nil {
			return 0
		}
		parent := slot{side: s, holder: n, value: o.Value}.get("Parent")
		if parent.ref().IsZero() {
			return before + 1
		}
		k, ok := s.leavesBefore(parent.peek(), n)
		if !ok {
			return 0
		}
		before += k
		n = parent.ref().Number
	}
	return 0
}

// leavesBefore counts the pages in a node of the page tree before one of its kids.
func (s *side) leavesBefore(node slot, kid int64) (n int, ok bool) {
	if node.dict() == nil {
		return 0, false
	}
	kids, ok := node.get("Kids").peek().value.(*pdf.Array)
	if !ok {
		return 0, false
	}
	i, ok := s.position(kids, kid)
	if !ok {
		return 0, false
	}
	if count, _ := node.get("Count").peek().value.(pdf.Integer); count == pdf.Integer(len(kids.Items)) {
		return i, true // every kid is a page
	}
	leaves := s.leaves(kids)
	if i >= len(leaves) {
		return 0, false
	}
	return int(leaves[i]), true
}

// leaves returns how many pages stand before each kid of a node in the revision, as far as
// that can be told.
func (s *side) leaves(kids *pdf.Array) []int32 {
	leaves, known := s.counted[kids]
	if known || !s.spend(2*len(kids.Items)) {
		return leaves
	}
	before := pdf.Integer(0)
	for _, k := range kids.Items {
		leaves = append(leaves, int32(before))
		count := pdf.Integer(1)
		if d := (slot{side: s, value: k}).peek(); d.dict() != nil && d.has("Kids") {
			n, ok := d.get("Count").peek().value.(pdf.Integer)
			if !ok || n < 0 || n > math.MaxInt32 {
				break
			}
			count = n
		}
		if before += count; before > math.MaxInt32 {
			break
		}
	}
	if s.counted == nil {
		s.counted = make(map[*pdf.Array][]int32)
	}
	s.counted[kids] = leaves
	return leaves
}

// positions are the places of references in an array, by the number that they name. They
// are nil where the array was asked for only once.
type positions map[int64]int

// fewKids are not remembered.
const fewKids = 16

// position returns where an array refers to an object first. What is asked again is
// remembered for the other pages.
func (s *side) position(a *pdf.Array, number int64) (i int, ok bool) {
	known, asked := s.scratch.positions[a]
	if known != nil {
		i, ok = known[number]
		return i, ok
	}
	if !s.spend(len(a.Items)) {
		return 0, false
	}
	if !asked {
		if len(a.Items) > fewKids {
			s.remember(a, nil)
		}
		i = slices.IndexFunc(a.Items, func(o pdf.Object) bool {
			r, ok := o.(pdf.Reference)
			return ok && r.Number == number
		})
		return i, i >= 0
	}
	known = make(positions, len(a.Items))
	for i, item := range a.Items {
		if r, ok := item.(pdf.Reference); ok {
			if _, twice := known[r.Number]; !twice {
				known[r.Number] = i
			}
		}
	}
	s.remember(a, known)
	i, ok = known[number]
	return i, ok
}

// remember keeps the positions in an array, and forgets others where that is too much.
func (s *side) remember(a *pdf.Array, p positions) {
	c := s.scratch
	if c.positioned += 1 + len(p); c.positions == nil || c.positioned > maxTreeEntries {
		c.positions, c.positioned = make(map[*pdf.Array]positions), 1+len(p)
	}
	c.positions[a] = p
}
