package changes

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
)

// change is one object that a revision wrote anew or freed.
type change struct {
	before, after *pdf.Indirect // before is nil for a new object
}

// comparison is the state of comparing one revision with its predecessor.
type comparison struct {
	history      *History
	revision     int
	before       *pdf.View
	after        *pdf.View
	pending      map[int64]change
	explained    map[int64]bool
	result       Result
	store        bool
	widgets      map[pdf.Reference]bool // those of signed fields, once asked for
	closureCount int
	storeBytes   int64 // how much was read to compare streams
}

// unexplained is the reason why a revision cannot be explained.
type unexplained struct {
	ref  pdf.Reference
	text string
}

func (u *unexplained) Error() string { return u.text }

func unknown(ref pdf.Reference, format string, args ...any) *unexplained {
	return &unexplained{ref, fmt.Sprintf(format, args...)}
}

// run explains every change or names the first that it cannot.
func (c *comparison) run(revision int) *unexplained {
	for _, step := range []func() *unexplained{
		c.trailers,
		func() *unexplained { return c.collect(revision) },
		c.infrastructure,
		c.information,
		func() *unexplained { return c.form(revision) },
		c.catalog,
		func() *unexplained { return c.dangling(revision - 1) },
	} {
		if u := step(); u != nil {
			return u
		}
	}
	rest := c.rest()
	if len(rest) == 0 {
		return nil
	}
	ref := pdf.Reference{Number: rest[0]}
	if o := c.pending[rest[0]].after; o != nil {
		ref = o.Ref
	}
	return unknown(ref, "object %d is neither part of a signature nor of validation data (and %d more)", rest[0], len(rest)-1)
}

// rest returns the numbers of the objects that have no explanation. New objects
// that nothing refers to need none: no reader comes to them. Earlier objects do
// not refer to them (dangling), so only those of the revision itself could.
func (c *comparison) rest() []int64 {
	reached := make(map[int64]bool)
	visit := func(r pdf.Reference) { reached[r.Number] = true }
	references(c.after.Trailer(), visit, 0)
	for n, ch := range c.pending {
		if c.explained[n] || ch.before != nil {
			references(ch.after.Value, visit, 0)
		}
	}
	var rest []int64
	for n, ch := range c.pending {
		if !c.explained[n] && (ch.before != nil || reached[n]) {
			rest = append(rest, n)
		}
	}
	slices.Sort(rest)
	return rest
}

// kind returns the gravest of what was explained.
func (c *comparison) kind() Kind {
	for _, s := range c.result.Signed {
		if !s.Timestamp {
			return Form
		}
	}
	if len(c.result.Signed) > 0 || c.store || len(c.pending) > 0 {
		return LTV
	}
	return None
}

// trailers compares what the trailers say about the whole file.
func (c *comparison) trailers() *unexplained {
	for _, key := range differing(c.before.Trailer(), c.after.Trailer()) {
		switch key {
		case "Size", "Prev", "XRefStm", "ID", "Info", "DocChecksum", "AdditionalStreams",
			"Type", "W", "Index", "Filter", "DecodeParms", "Length":
		default:
			return unknown(pdf.Reference{}, "the trailer entry %s", key)
		}
	}
	for _, e := range c.before.Trailer().Entries {
		if !slices.Contains(trailerKeys, e.Key) && holdsReference(e.Value) {
			return unknown(pdf.Reference{}, "the trailer entry %s, through which objects can be reached in ways not known", e.Key)
		}
	}
	return nil
}

// trailerKeys are the entries of ISO 32000-2, Tables 15, 17 and 5, that may hold
// references, and the one under which LibreOffice attaches the source of a document.
var trailerKeys = []pdf.Name{"Root", "Info", "Encrypt", "ID", "Length", "Filter", "DecodeParms", "AdditionalStreams"}

func holdsReference(o pdf.Object) bool {
	found := false
	references(o, func(pdf.Reference) { found = true }, 0)
	return found
}

// collect lists the objects that the revision changed.
func (c *comparison) collect(revision int) *unexplained {
	for _, s := range c.history.file.Revisions[revision-1].Sections {
		for e := range c.history.file.Sections[s].Entries() {
			if e.Number == 0 {
				continue
			}
			if u := c.collectEntry(e.Number); u != nil {
				return u
			}
		}
	}
	return nil
}

func (c *comparison) collectEntry(number int64) *unexplained {
	old, _, had := c.before.Lookup(number)
	if now, _, has := c.after.Lookup(number); has && had && now == old && now.Kind == pdf.InUse {
		return nil // listed again
	}
	before, u := current(c.before, number)
	if u != nil {
		return u
	}
	after, u := current(c.after, number)
	if u != nil {
		return u
	}
	switch {
	case before == after, before == nil && after == nil:
	case after == nil:
		return unknown(before.Ref, "object %v was freed", before.Ref)
	case before != nil && c.same(before, after):
	case before != nil && before.Ref != after.Ref:
		return unknown(after.Ref, "object %v has another generation", after.Ref)
	default:
		c.pending[number] = change{before, after}
	}
	return nil
}

// current returns the object of that number in a view; nil where it is null.
func current(v *pdf.View, number int64) (*pdf.Indirect, *unexplained) {
	e, _, ok := v.Lookup(number)
	if !ok || e.Kind == pdf.Free {
		return nil, nil
	}
	ref := pdf.Reference{Number: number}
	if e.Kind == pdf.InUse {
		ref.Generation = e.Generation
	}
	o, err := v.Object(ref)
	if err != nil {
		return nil, unknown(ref, "object %v cannot be read: %v", ref, err)
	}
	if _, null := o.Value.(pdf.Null); null {
		return nil, nil
	}
	return o, nil
}

// same tells whether an object was written again without a change.
func (c *comparison) same(a, b *pdf.Indirect) bool {
	if a.Ref != b.Ref {
		return false
	}
	if a.Offset == b.Offset && a.Offset >= 0 {
		return true
	}
	x, isStream := a.Value.(*pdf.Stream)
	y, isStreamToo := b.Value.(*pdf.Stream)
	if !isStream || !isStreamToo {
		return equal(a.Value, b.Value, 0)
	}
	return x.Length == y.Length && equal(x.Dict, y.Dict, 0) && c.sameBytes(x.Offset, y.Offset, x.Length)
}

// sameBytes compares two ranges of the file, as long as they are together no
// larger than what may be read for one revision.
func (c *comparison) sameBytes(a, b, length int64) bool {
	if c.storeBytes += 2 * length; c.storeBytes > maxStoreBytes {
		return false
	}
	x, y := make([]byte, length), make([]byte, length)
	if _, err := io.ReadFull(io.NewSectionReader(c.history.file.Reader, a, length), x); err != nil {
		return false
	}
	if _, err := io.ReadFull(io.NewSectionReader(c.history.file.Reader, b, length), y); err != nil {
		return false
	}
	return bytes.Equal(x, y)
}

// infrastructure explains cross-reference and object streams: containers that
// no object refers to.
func (c *comparison) infrastructure() *unexplained {
	for n, ch := range c.pending {
		s, ok := ch.after.Value.(*pdf.Stream)
		if !ok || ch.before != nil {
			continue
		}
		if t, _ := s.Dict.Get("Type").(pdf.Name); t == "XRef" || t == "ObjStm" {
			c.explained[n] = true
		}
	}
	return nil
}

// information explains a changed document information dictionary: descriptive
// text that no page shows (ISO 32000-2, 14.3.3).
func (c *comparison) information() *unexplained {
	before, _ := c.before.Trailer().Get("Info").(pdf.Reference)
	after, ok := c.after.Trailer().Get("Info").(pdf.Reference)
	if !ok {
		if !before.IsZero() {
			return unknown(before, "the document information is gone")
		}
		return nil
	}
	ch, changed := c.pending[after.Number]
	if !changed {
		if !before.IsZero() && before != after {
			return unknown(after, "the document information is another object")
		}
		return nil
	}
	dict, ok := ch.after.Value.(*pdf.Dict)
	if !ok || ch.before != nil && before != after {
		return nil
	}
	if u := c.sole(after.Number, 0); u != nil {
		return u
	}
	for _, e := range dict.Entries {
		switch e.Value.(type) {
		case pdf.String, pdf.Name:
		default:
			if ch.before != nil && equal(ch.before.Dict().Get(e.Key), e.Value, 0) {
				continue
			}
			return unknown(after, "the document information entry %s", e.Key)
		}
	}
	c.explained[after.Number] = true
	return nil
}

// dangling refuses new objects that older revisions already referred to: what
// was nothing when it was signed would become something.
func (c *comparison) dangling(revision int) *unexplained {
	fresh := false
	for _, ch := range c.pending {
		fresh = fresh || ch.before == nil
	}
	if !fresh {
		return nil
	}
	c.history.search(revision)
	if c.history.broken {
		return unknown(pdf.Reference{}, "the earlier revisions hold too many or unreadable objects")
	}
	for n, ch := range c.pending {
		if ch.before == nil && len(c.history.referrers[n]) > 0 {
			return unknown(ch.after.Ref, "object %d was referred to before it existed", n)
		}
	}
	return nil
}

// sole tells whether before the revision only the holder referred to a changed
// object, and once: then it means nothing anywhere else. A new object has no
// earlier meaning.
func (c *comparison) sole(number, holder int64) *unexplained {
	ch, changed := c.pending[number]
	if !changed || ch.before == nil {
		return nil
	}
	c.history.search(c.revision - 1)
	if c.history.broken {
		return unknown(ch.after.Ref, "the earlier revisions hold too many objects")
	}
	for from, times := range c.history.referrers[number] {
		if from != holder || times != 1 {
			return unknown(ch.after.Ref, "object %d is used in more than one place, also by object %d", number, from)
		}
	}
	return nil
}
