package changes

import (
	"bytes"
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// comparison is the state of comparing one revision with its predecessor.
type comparison struct {
	history       *History
	revision      int
	before, after *side
	objects       objects

	oldForm, newForm *sigdict.Form
	acroForm         [2]int64 // objects that hold the form, before and after
	oldFields        fieldIndex
	newFields        fieldIndex
	signed           []bool // which of the new fields were signed; nil where none was
	result           Result
	compared         int64      // bytes of streams
	carried          []pdf.Name // entries of the trailer that nobody knows, and that did not change
}

// forbid records a change that is none of the harmless ones.
func (c *comparison) forbid(ref pdf.Reference, format string, args ...any) {
	if len(c.result.Forbidden) < maxFindings {
		c.result.Forbidden = append(c.result.Forbidden, Finding{ref, say(format, args...)})
	}
}

// unread records what could not be read or judged.
func (c *comparison) unread(ref pdf.Reference, format string, args ...any) {
	if len(c.result.Unread) < maxFindings {
		c.result.Unread = append(c.result.Unread, Finding{ref, say(format, args...)})
	}
}

// explain records an explained change.
func (c *comparison) explain(change Change) { c.result.Changes = append(c.result.Changes, change) }

// run compares everything.
func (c *comparison) run() {
	c.oldForm, c.newForm = c.history.forms(c.revision-1), c.history.forms(c.revision)
	if c.oldForm == nil || c.newForm == nil {
		c.unread(pdf.Reference{}, "the form cannot be read")
		return
	}
	if c.before.tired() {
		c.entangled()
		return
	}
	c.oldFields.fields, c.newFields.fields = c.oldForm.Fields, c.newForm.Fields
	c.doubts()
	c.collect()
	c.extents()
	c.trailers()
	c.information()
	c.catalog()
	c.groups()
	c.pages()
	c.fields()
	c.justify()
	c.carriedEntries()
	if len(c.result.Changes) == 0 && slices.ContainsFunc(c.objects.changed, object.isExplained) {
		c.explain(Change{What: Rewritten})
	}
	if c.before.tired() {
		c.entangled()
	}
}

// entangled says that too much was followed to judge the revision.
func (c *comparison) entangled() {
	c.unread(pdf.Reference{}, "the file is too entangled to be judged")
}

// doubts reports objects that are in use and cannot be read: nobody knows what
// they refer to.
func (c *comparison) doubts() {
	g := c.history.graph
	if g.incomplete {
		c.unread(pdf.Reference{}, "the file holds too many or too many unreadable objects to be compared")
	}
	for _, d := range g.doubts {
		if d.revision <= c.revision && (c.before.reachable(d.ref.Number) || c.after.reachable(d.ref.Number)) {
			c.unread(d.ref, "object %v %s", d.ref, d.text)
		}
	}
}

// collect lists the objects that the revision changed.
func (c *comparison) collect() {
	for _, s := range c.history.file.Revisions[c.revision-1].Sections {
		section := c.history.file.Sections[s]
		c.objects.changed = slices.Grow(c.objects.changed, section.Len())
		for e := range section.Entries() {
			if e.Number != 0 {
				c.collectEntry(e.Number)
			}
		}
	}
	c.objects.arrange()
}

func (c *comparison) collectEntry(number int64) {
	old, _, had := c.before.view.Lookup(number)
	now, _, has := c.after.view.Lookup(number)
	if has && had && now == old && now.Kind != pdf.Compressed {
		return // listed again
	}
	before, err := c.before.current(old, had)
	if err != nil {
		c.unread(pdf.Reference{Number: number}, "object %d of the earlier revision cannot be read: %v", number, err)
		return
	}
	after, err := c.after.current(now, has)
	if err != nil {
		c.unread(pdf.Reference{Number: number}, "object %d cannot be read: %v", number, err)
		return
	}
	if first, used := c.history.graph.containers[number]; used && first < c.revision && !c.same(before, after) {
		c.forbid(pdf.Reference{Number: number}, "object %d, in which earlier entries find other objects", number)
	}
	if first, used := c.history.graph.lengths[number]; used && first < c.revision && !c.same(before, after) {
		c.forbid(pdf.Reference{Number: number}, "object %d, the length of an earlier cross-reference stream", number)
	}
	switch {
	case before == nil && after == nil:
	case before != nil && after != nil && had && has && old.Kind == pdf.Compressed && now.Kind == pdf.Compressed &&
		old.Container == now.Container && old.Index != now.Index:
		c.forbid(after.Ref, "object %d is looked for at another place of object stream %d", number, now.Container)
	case before != nil && after != nil && c.same(before, after):
	case before != nil && after != nil && before.Ref != after.Ref:
		c.forbid(after.Ref, "object %v has another generation", after.Ref)
	default:
		c.objects.changed = append(c.objects.changed, object{number: number, before: before, after: after})
	}
}

// current returns the object of an entry, if there is one; nil where it is null.
func (s *side) current(e pdf.XrefEntry, ok bool) (*pdf.Indirect, error) {
	if !ok || e.Kind == pdf.Free {
		return nil, nil
	}
	ref := pdf.Reference{Number: e.Number}
	if e.Kind == pdf.InUse {
		ref.Generation = e.Generation
	}
	o, err := s.object(ref)
	if err != nil {
		return nil, err
	}
	if _, null := o.Value.(pdf.Null); null {
		return nil, nil
	}
	return o, nil
}

// same tells whether an object was written again without a change.
func (c *comparison) same(a, b *pdf.Indirect) bool {
	if a == nil || b == nil || a.Ref != b.Ref {
		return false
	}
	if a.Offset == b.Offset && a.Offset >= 0 {
		return true
	}
	x, isStream := a.Value.(*pdf.Stream)
	y, isStreamToo := b.Value.(*pdf.Stream)
	if !isStream || !isStreamToo {
		return isStream == isStreamToo && equal(a.Value, b.Value)
	}
	return x.Length == y.Length && equal(x.Dict, y.Dict) && c.sameBytes(x.Offset, y.Offset, x.Length)
}

// sameBytes compares two ranges of the file, as long as they are together no
// larger than what may be read for one revision.
func (c *comparison) sameBytes(a, b, length int64) bool {
	if c.compared += 2 * length; c.compared > maxCompared {
		return false
	}
	const block = 64 << 10
	var rooms [2][]byte
	for length > 0 {
		n := int(min(block, length))
		x, err := c.history.file.Range(a, n, &rooms[0])
		if err != nil {
			return false
		}
		y, err := c.history.file.Range(b, n, &rooms[1])
		if err != nil || !bytes.Equal(x, y) {
			return false
		}
		a, b, length = a+int64(n), b+int64(n), length-int64(n)
	}
	return true
}

// open follows the references of a slot and accounts for them. What was
// changed there is explained by the rule that opens it, and judged by it.
func (c *comparison) open(s slot) slot {
	for range maxHops {
		r, ok := s.value.(pdf.Reference)
		if !ok {
			return s
		}
		s.claim()
		if s.side == c.after && c.changed(r.Number) {
			c.assign(r.Number, strict)
		}
		o, err := s.side.object(r)
		if err != nil {
			c.unread(r, "object %v cannot be read: %v", r, err)
			return slot{side: s.side, holder: r.Number, value: pdf.Null{}}
		}
		s = slot{side: s.side, holder: r.Number, value: o.Value}
	}
	c.unread(s.ref(), "more than %d references lead to one another", maxHops)
	return slot{s.side, s.holder, s.place, pdf.Null{}}
}

// fewEntries is up to how many entries of two dictionaries it costs next to nothing to
// compare them.
const fewEntries = 256

// differences returns the keys that differ between two dictionaries. A key that
// stands there twice is forbidden: readers disagree about which one counts.
func (c *comparison) differences(old, now slot) []pdf.Name {
	if n := len(old.entries()) + len(now.entries()); n > fewEntries {
		c.after.spend(n)
	}
	keys, twice := differing(old.dict(), now.dict())
	for _, key := range twice {
		c.forbid(pdf.Reference{Number: now.holder}, "the key %s stands twice in object %d", key, now.holder)
	}
	return keys
}
