package changes

import (
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
)

// role says what an object is, and so in which other ways it may be reached
// without meaning something else there.
type role int

const (
	// strict objects may be reached only in ways that a rule accounted for.
	strict role = iota
	// catalogs are named by trailers and by signatures that sign all.
	catalog
	// pages are named from everywhere; only what is found under Annots changes.
	page
	// annotations are fields and annotations.
	annotation
	// elements are parts of the structure tree.
	element
)

// ways lists, by role, the keys under which an object may be referred to
// without being anything else. Pages have none listed: see asResource.
var ways = [...][]pdf.Name{
	catalog:    {"Root", "Data"},
	annotation: {"Annots", "Kids", "Fields", "Parent", "Obj", "CO", "T", "Popup", "IRT", "AN"},
	element:    {"K", "P", "Nums", "Names", "StructTreeRoot", "Ref", "SE"},
}

// asResource are the keys, besides those of pdf.ChoosesNames, under which a
// dictionary is looked into by names that content or a state chooses.
var asResource = []pdf.Name{"Resources", "DR", "N", "R"}

// justify demands of every changed object that a rule explained it, and that
// all ways to it, in the earlier revision and in the later one, are ways of
// that rule.
func (c *comparison) justify() {
	unused := false
	defer func() {
		if unused {
			c.explain(Change{What: Unused})
		}
	}()
	for _, s := range []*side{c.before, c.after} {
		s.claims.settle()
		s.entries.settle()
	}
	for i := range c.objects.changed {
		ch := &c.objects.changed[i]
		n := ch.number
		if len(c.result.Forbidden) >= maxFindings || c.after.tired() {
			return
		}
		if !c.after.reachable(n) {
			unused = unused || !isContainer(ch.after)
			continue // no reader comes to it any more
		}
		if ch.after == nil {
			c.forbid(ch.before.Ref, "object %v (%s) was removed", ch.before.Ref, c.before.path(n))
			continue
		}
		if key := repeated(ch.after.Value); key != "" {
			c.forbid(ch.after.Ref, "the key %s stands twice in a dictionary of object %d", key, n)
		}
		if stream, ok := ch.after.Value.(*pdf.Stream); ok && stream.Dict.Has("F") {
			c.forbid(ch.after.Ref, "object %d is a stream whose content lies outside the file", n)
		}
		if !ch.isExplained() {
			c.unexplained(n, ch)
			continue
		}
		if ch.before != nil {
			if !c.before.reachable(n) {
				c.unexplained(n, ch) // it may have waited for this
				continue
			}
			c.trace(c.before, n)
		}
		c.trace(c.after, n)
	}
}

// repeated returns a key that stands twice in a dictionary within an object, of
// which readers take the one or the other; "" where there is none.
func repeated(o pdf.Object) pdf.Name {
	if s, ok := o.(*pdf.Stream); ok {
		o = s.Dict
	}
	switch o := o.(type) {
	case *pdf.Array:
		for _, item := range o.Items {
			if key := repeated(item); key != "" {
				return key
			}
		}
	case *pdf.Dict:
		if twice := o.Duplicates(); len(twice) > 0 {
			return twice[0]
		}
		for _, e := range o.Entries {
			if key := repeated(e.Value); key != "" {
				return key
			}
		}
	}
	return ""
}

// isContainer tells of cross-reference and object streams, which no object
// refers to.
func isContainer(o *pdf.Indirect) bool {
	t, _ := o.Dict().Get("Type").(pdf.Name)
	return t == "XRef" || t == "ObjStm"
}

// unexplained names a change without a reason.
func (c *comparison) unexplained(n int64, ch *object) {
	switch {
	case ch.before == nil:
		c.forbid(ch.after.Ref, "object %v (%s) was added", ch.after.Ref, c.after.path(n))
	case !c.before.reachable(n):
		c.forbid(ch.after.Ref, "object %v (%s), which was unused, is used now", ch.after.Ref, c.after.path(n))
	default:
		c.forbid(ch.after.Ref, "object %v (%s) was replaced", ch.after.Ref, c.before.path(n))
	}
}

// step is an object on the way up, and as what it is looked at.
type step struct {
	number int64
	owned  bool
}

// referrer is an object that refers to another one, and under which keys.
type referrer struct {
	number int64
	keys   []pdf.Name
}

// trace follows all ways from a changed object up to the trailer, or to an
// object whose role says enough, and forbids the change where one of them is
// not accounted for.
func (c *comparison) trace(s *side, n int64) {
	o := c.objects.find(n)
	start := step{n, o.owned && !o.hasRole}
	queue, seen := []step{start}, map[step]bool{start: true}
	for len(queue) > 0 && !s.tired() {
		x := queue[0]
		queue = queue[1:]
		for _, r := range s.referrers(x.number) {
			next, ok := c.accounts(s, x, &r)
			if !ok {
				if s.reachable(r.number) {
					c.foreign(s, n, x.number, r)
					return
				}
				continue
			}
			if next.number != 0 && !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
}

// referrers returns the objects that refer to an object, good until the next call.
func (s *side) referrers(n int64) []referrer {
	out, keys := s.scratch.referrers[:0], s.scratch.keys[:0] // the keys of all, one after the other
	first := 0                                               // key of the last one
	s.in(n, func(e edge) bool {
		i, from, key := len(out)-1, s.from(e), s.graph.key(e.key)
		if i < 0 || out[i].number != from {
			out, first = append(out, referrer{number: from}), len(keys)
			i++
		}
		keys = append(keys, key)
		out[i].keys = keys[first:len(keys):len(keys)]
		return true
	})
	s.scratch.referrers, s.scratch.keys = out, keys
	return out
}

// accounts tells whether the references from one object to another have a
// reason, and which object must be looked at next; none where it is 0. Of the
// keys of the referrer it leaves the one that has none.
func (c *comparison) accounts(s *side, x step, r *referrer) (next step, ok bool) {
	if x.owned {
		if s.entries.count(r.number, x.number) >= len(r.keys) {
			return step{r.number, false}, true
		}
		return step{r.number, true}, c.isOwned(r.number)
	}
	switch as := c.roleOf(x.number); as {
	case page:
		for _, key := range r.keys {
			if pdf.ChoosesNames(key) || slices.Contains(asResource, key) {
				r.keys = []pdf.Name{key}
				return step{}, false
			}
		}
		return step{}, true
	case catalog, annotation, element:
		if r.number == 0 && as != catalog {
			return step{}, false // the trailer leads to none of them
		}
		if key := s.chosen(r.number); key != "" {
			r.keys = []pdf.Name{key}
			return step{}, false
		}
		for _, key := range r.keys {
			if !s.under(r.number, key, ways[as], 0) {
				r.keys = []pdf.Name{key}
				return step{r.number, true}, c.isOwned(r.number)
			}
		}
		return step{}, !c.tooEarly(x.number, r.number)
	}
	if s.claims.count(r.number, x.number) >= len(r.keys) {
		return step{r.number, false}, true
	}
	return step{r.number, true}, c.isOwned(r.number)
}

// tooEarly tells whether an object that did not change refers to one that is
// new: what was nothing when it was signed would become something.
func (c *comparison) tooEarly(number, from int64) bool {
	if from == 0 || !c.isNew(number) {
		return false
	}
	return !c.changed(from)
}

// foreign forbids a change because of a way that no rule accounts for.
func (c *comparison) foreign(s *side, n, through int64, r referrer) {
	ref := pdf.Reference{Number: n}
	where := say("the trailer")
	if r.number != 0 {
		where = say("object %d", r.number)
		if p := s.path(r.number); p != "" {
			where = say("object %d (%s)", r.number, p)
		}
	}
	via := say("")
	if through != n {
		via = say(", by way of object %d", through)
	}
	if c.isNew(n) {
		c.forbid(ref, "object %d is new, and %s refers to it as %s%s", n, where, name(r.keys), via)
		return
	}
	c.forbid(ref, "object %d was changed, and %s uses it as well, as %s%s", n, where, name(r.keys), via)
}

func name(keys []pdf.Name) Message {
	for _, key := range keys {
		if key != "" {
			return say("%s", key)
		}
	}
	return say("an item")
}
