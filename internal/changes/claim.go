package changes

import (
	"cmp"
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
)

// claim is one reference that a rule accounted for: where it stands, and what it leads to.
type claim struct {
	to, from uint32
	place    place
	// nth tells the references in one owned value apart.
	nth int32
}

// claims are what was accounted for. While rules are at work, some may be there more than once.
type claims []claim

// fewClaims is for how many claims there is room at first, manyClaims from how many on they
// are settled before there is made room for more.
const (
	fewClaims  = 20
	manyClaims = 1 << 10
)

// add accounts for the reference in a slot, or within it as the nth one.
func (l *claims) add(s slot, r pdf.Reference, nth int) {
	if r.Number < 0 || r.Number > 1<<32-1 {
		return // it leads nowhere
	}
	switch {
	case len(*l) < cap(*l):
	case cap(*l) == 0:
		*l = make(claims, 0, fewClaims)
	case len(*l) >= manyClaims:
		if l.settle(); len(*l) > cap(*l)/2 {
			*l = slices.Grow(*l, cap(*l))
		}
	}
	*l = append(*l, claim{uint32(r.Number), uint32(s.holder), s.place, int32(nth)})
}

// settle puts claims into order, each once.
func (l *claims) settle() {
	slices.SortFunc(*l, claim.compare)
	*l = slices.Compact(*l)
}

// compare orders claims by the objects that they join.
func (c claim) compare(d claim) int {
	switch {
	case c.to != d.to:
		return cmp.Compare(c.to, d.to)
	case c.from != d.from:
		return cmp.Compare(c.from, d.from)
	case c.place.start != d.place.start:
		return cmp.Compare(c.place.start, d.place.start)
	case c.place.index != d.place.index:
		return cmp.Compare(c.place.index, d.place.index)
	}
	return cmp.Compare(c.nth, d.nth)
}

// count returns how many references from one object to another were accounted for, once
// all is settled.
func (l claims) count(from, to int64) int {
	i, _ := slices.BinarySearchFunc(l, claim{to: uint32(to), from: uint32(from)}, claim.compare)
	n := i
	for n < len(l) && int64(l[n].to) == to && int64(l[n].from) == from {
		n++
	}
	return n - i
}
