package changes

import (
	"cmp"
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
)

// object is what rules found out about an object.
type object struct {
	number        int64
	before, after *pdf.Indirect // nil where there is no such object
	// role is what a rule said that the object is, if hasRole is set. A changed object
	// without a role that is not owned has no explanation; owned ones serve one addition alone.
	role    role
	hasRole bool
	owned   bool
	done    bool // a field or annotation that was compared already
	listed  bool // a page that was compared already
}

// isNew tells whether there was no object of that number before.
func (o *object) isNew() bool { return o != nil && o.before == nil && o.after != nil }

// isRewritten tells whether the object was there before and is there still.
func (o *object) isRewritten() bool { return o != nil && o.before != nil && o.after != nil }

// isExplained tells whether a rule said what a changed object is.
func (o object) isExplained() bool { return o.hasRole || o.owned }

// objects are those that a revision wrote anew or freed, by number, and others that
// rules met.
type objects struct {
	changed []object
	others  map[int64]*object // nil before there is any
}

// arrange puts the changed objects into order, each once.
func (l *objects) arrange() {
	slices.SortStableFunc(l.changed, func(a, b object) int { return cmp.Compare(a.number, b.number) })
	l.changed = slices.CompactFunc(l.changed, func(a, b object) bool { return a.number == b.number })
}

// find returns a changed object; nil where the number is that of another one.
func (l *objects) find(number int64) *object {
	low, high := 0, len(l.changed)
	for low < high {
		if middle := (low + high) / 2; l.changed[middle].number < number {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low == len(l.changed) || l.changed[low].number != number {
		return nil
	}
	return &l.changed[low]
}

// get returns what is known of any object; nil where that is nothing.
func (l *objects) get(number int64) *object {
	if o := l.find(number); o != nil {
		return o
	}
	return l.others[number]
}

// note returns any object to write to.
func (l *objects) note(number int64) *object {
	o := l.get(number)
	if o == nil {
		if l.others == nil {
			l.others = make(map[int64]*object)
		}
		o = &object{number: number}
		l.others[number] = o
	}
	return o
}

// changed tells whether the revision wrote or freed an object.
func (c *comparison) changed(number int64) bool { return c.objects.find(number) != nil }

// isNew tells whether there was no object of that number before.
func (c *comparison) isNew(number int64) bool { return c.objects.find(number).isNew() }

// isOwned tells whether an object serves one addition alone.
func (c *comparison) isOwned(number int64) bool {
	o := c.objects.find(number)
	return o != nil && o.owned
}

// roleOf returns the role of an object, strict where it has none.
func (c *comparison) roleOf(number int64) role {
	if o := c.objects.get(number); o != nil {
		return o.role
	}
	return strict
}

// assign gives an object a role, unless it has one.
func (c *comparison) assign(number int64, r role) {
	if o := c.objects.note(number); !o.hasRole || r != strict {
		o.role, o.hasRole = r, true
	}
}
