package changes

import (
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
)

// trailerKeys are the entries of ISO 32000-2, Tables 15, 17 and 5, that may hold
// references, and the one under which LibreOffice attaches the source of a document.
var trailerKeys = []pdf.Name{"Root", "Info", "Encrypt", "ID", "Length", "Filter", "DecodeParms", "AdditionalStreams"}

// trailers compares what the trailers say about the whole file.
func (c *comparison) trailers() {
	before, after := c.before.view.Trailer(), c.after.view.Trailer()
	keys, twice := differing(before, after)
	for _, key := range twice {
		c.forbid(pdf.Reference{}, "the key %s stands twice in the trailer", key)
	}
	if c.after.view.Section().Stream && after.Has("XRefStm") {
		c.forbid(pdf.Reference{}, "the trailer entry XRefStm, which belongs to cross-reference tables only")
	}
	for _, key := range keys {
		switch key {
		case "Root", // compared by itself
			"Size", "Prev", "XRefStm", "ID", "Info", "DocChecksum", "AdditionalStreams",
			"Type", "W", "Index", "Filter", "DecodeParms", "Length":
		default:
			c.forbid(pdf.Reference{}, "the trailer entry %s", key)
		}
	}
	for _, e := range after.Entries {
		switch {
		case slices.Contains(trailerKeys, e.Key) || !holdsReference(e.Value):
		case equal(before.Get(e.Key), e.Value):
			c.carried = append(c.carried, e.Key)
		default:
			c.unknownEntry(e.Key)
		}
	}
}

// carriedEntries judges entries of the trailer that nobody knows and that stay what they
// were, when all changes are known: time stamps, validation data and descriptions lead
// nowhere by them, since no way to what changed goes through them (see accounts). What
// people see may.
func (c *comparison) carriedEntries() {
	if !slices.ContainsFunc(c.result.Changes, func(change Change) bool { return change.Kind() < LTV }) {
		return
	}
	for _, key := range c.carried {
		c.unknownEntry(key)
	}
}

func (c *comparison) unknownEntry(key pdf.Name) {
	c.unread(pdf.Reference{}, "the trailer entry %s, through which objects can be reached in ways not known", key)
}

func holdsReference(o pdf.Object) bool {
	var room [4]keyedReference
	return len(references(o, "", room[:0], 0)) > 0
}

// trailer returns an entry of a trailer.
func trailer(s *side, key pdf.Name) slot {
	return slot{side: s, value: s.view.Trailer()}.get(key)
}

// information explains a changed document information dictionary: descriptive
// text that no page shows (ISO 32000-2, 14.3.3).
func (c *comparison) information() {
	before, after := trailer(c.before, "Info"), trailer(c.after, "Info")
	ref := after.ref()
	if ref.IsZero() {
		return // it is gone, or stands in the trailer
	}
	if ref != before.ref() && !c.isNew(ref.Number) {
		c.forbid(ref, "the document information is another object")
		return
	}
	old, now := c.open(before), c.open(after)
	if !c.changed(ref.Number) {
		return
	}
	if _, ok := now.value.(*pdf.Dict); !ok {
		c.forbid(ref, "the document information is not a dictionary")
		return
	}
	for _, key := range c.differences(old, now) {
		switch now.get(key).value.(type) {
		case pdf.String, pdf.Name, pdf.Null, pdf.Boolean, pdf.Integer, pdf.Real:
		default:
			c.forbid(ref, "the document information entry %s", key)
		}
	}
	c.explain(Change{What: Description, Ref: ref})
}
