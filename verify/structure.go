package verify

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// checkStructure judges how one signature stands in the file: every invariant
// has a finding of its own. What concerns several signatures is checkNesting;
// how the bytes behind could be read is checkReadability.
func (f *file) checkStructure(c *candidate) {
	c.result.Structure = StructureSound
	f.checkDamage(c)
	checkDictionary(c)
	f.checkByteRange(c)
	checkContents(c)
	f.checkGap(c)
	f.checkRevision(c)
}

// checkDamage reports a dictionary that cannot be read at all, that no field has
// as its value, or that several have. No rule forbids the last; where a later
// revision did it, it is a change to be judged.
func (f *file) checkDamage(c *candidate) {
	for _, s := range c.dictionaries() {
		for _, d := range s.Damage {
			c.violate("dictionary.unreadable", place{d.Ref, c.revision, d.Offset}, d.Text)
		}
	}
	if c.field == "" && !f.inField(c) {
		c.violate("dictionary.no-field", c.at())
	}
	if n := len(c.aliases); n > 0 {
		c.add("dictionary.shared", c.at(), n, c.aliases[0])
	}
}

// dictionaries returns the dictionary found last and that of the signed
// revision, once where they are the same.
func (c *candidate) dictionaries() []*sigdict.Signature {
	if c.own == nil || c.own == c.found {
		return []*sigdict.Signature{c.found}
	}
	return []*sigdict.Signature{c.own, c.found}
}

// inField tells whether a field without a name holds the signature.
func (f *file) inField(c *candidate) bool {
	form := f.forms.at(c.seen)
	return form != nil && slices.ContainsFunc(form.Fields, func(field *sigdict.Field) bool {
		return field.Signature != nil && identify(field.Signature) == identify(c.found)
	})
}

// checkDictionary checks the entries other than ByteRange and Contents.
func checkDictionary(c *candidate) {
	for _, s := range c.dictionaries() {
		if s.Dict == nil {
			return
		}
		for _, key := range s.Dict.Duplicates() {
			c.violate("dictionary.duplicate-key", c.at(), key)
		}
	}
	s := c.signed()
	if s.Filter == "" {
		c.violate("dictionary.filter", c.at())
	}
	if !typeAgrees(s) {
		c.violate("dictionary.type", c.at(), s.Type, s.SubFilter)
	}
}

// typeAgrees tells whether the Type goes with the SubFilter (ISO 32000-2,
// 12.8.5). A document time stamp without a Type is accepted: the subfilter says
// enough.
func typeAgrees(s *sigdict.Signature) bool {
	switch s.Type {
	case "":
		return true
	case "Sig":
		return s.SubFilter != sigdict.SubFilterRFC3161
	case "DocTimeStamp":
		return s.SubFilter == sigdict.SubFilterRFC3161
	}
	return false
}

// checkByteRange checks the numbers by themselves (ISO 32000-2, 12.8.1).
func (f *file) checkByteRange(c *candidate) {
	s := c.signed()
	if s.Dict == nil {
		return
	}
	b := s.ByteRange
	r, four := b.Four()
	switch {
	case !b.Present:
		c.violate("byte-range.missing", c.at())
		return
	case !four:
		c.violate("byte-range.form", c.at())
		return
	case !b.Direct:
		c.violate("byte-range.indirect", c.at())
	}
	switch {
	case r[0] < 0 || r[1] < 0 || r[2] < 0 || r[3] < 0:
		c.violate("byte-range.negative", c.at(), r)
	case r[1] > f.size || r[2] > f.size || r[3] > f.size-r[2]:
		c.violate("byte-range.end", c.at(), r, f.size)
	case r[0] > r[2]-r[1]:
		c.violate("byte-range.order", c.at(), r)
	}
	if r[0] != 0 {
		c.violate("byte-range.start", c.at(), r)
	}
}

// checkContents checks the string by itself.
func checkContents(c *candidate) {
	s := c.signed()
	if s.Dict == nil {
		return
	}
	v := s.Contents
	switch {
	case !v.Present:
		c.violate("contents.missing", c.at())
	case !v.Direct:
		c.violate("contents.indirect", c.at())
	case !v.String:
		c.violate("contents.form", c.at())
	case !v.Hex:
		c.violate("contents.literal", c.at())
	}
	if v.String && v.Zero() {
		c.violate("contents.empty", c.at())
	}
}

// checkGap holds the bytes that the ByteRange leaves out against the token of
// the Contents that the object graph leads to, by its place in the file.
func (f *file) checkGap(c *candidate) {
	s := c.signed()
	if !c.isRanged || s.Dict == nil || !s.Contents.String || !s.Contents.Direct {
		return
	}
	from, to := c.ranges[1]+c.ranges[0], c.ranges[2]
	start, end, inFile := s.Place()
	if !inFile {
		c.violate("contents.in-object-stream", c.at())
		return
	}
	if from != s.Contents.Start || to != s.Contents.End {
		c.violate("byte-range.gap", c.at(), from, to, s.Contents.Start, s.Contents.End)
		return
	}
	if start >= from || end <= to {
		c.violate("dictionary.place", c.at(), start, end)
	}
	if s.Contents.Hex && !s.Contents.Exact {
		c.violate("contents.characters", c.at())
	}
}

// checkRevision checks that the signature closes a revision, that this revision
// holds it in the same field, and that later ones left it alone.
func (f *file) checkRevision(c *candidate) {
	if c.gone && !f.repaired(c.seen+1) {
		c.violate("dictionary.gone", place{c.at().object, c.seen + 1, -1})
	}
	if !c.isRanged {
		return
	}
	if !c.closes && !f.rebuilt(c.revision) {
		c.violate("byte-range.revision", place{c.at().object, c.revision, c.end}, c.end)
	}
	if c.own == nil {
		c.violate("dictionary.not-in-revision", c.at())
		return
	}
	if !f.repaired(c.seen) && !bytes.Equal(c.own.Raw(), c.found.Raw()) {
		at := c.at()
		if c.found.Object != nil {
			at.offset = c.found.Object.Offset
		}
		c.violate("dictionary.replaced", at)
	}
}

// checkReadability lowers a sound structure where the bytes after the signed
// revision could be read only with guesses.
func (f *file) checkReadability() {
	odd := f.ambiguities()
	for _, c := range f.candidates {
		f.checkRepair(c)
		for _, a := range odd {
			if a.Revision > c.revision || c.isRanged && a.Offset >= c.end && a.Offset < f.size {
				c.repair("file.ambiguous", place{a.Ref, a.Revision, a.Offset}, coded{a})
				break
			}
		}
	}
}

// checkRepair reports a signature whose revision, or what follows it, was found
// by scanning.
func (f *file) checkRepair(c *candidate) {
	switch d := f.pdf.Damage; {
	case d != nil && d.Offset >= c.end:
		c.repair("file.damage", place{offset: d.Offset}, d.Offset, d.Text)
	case f.repaired(c.revision), !c.closes && f.rebuilt(c.revision):
		c.repair("file.repaired", place{c.at().object, c.revision, -1})
	}
}

// repaired tells whether a revision was found by scanning: no cross-reference
// section of the file says what it holds and where it ends.
func (f *file) repaired(revision int) bool {
	return 1 <= revision && revision <= len(f.pdf.Revisions) && f.pdf.Revisions[revision-1].Repaired
}

// rebuilt tells whether something of a revision was found by scanning. Its end
// may be known, but older revisions may end within it.
func (f *file) rebuilt(revision int) bool {
	return 1 <= revision && revision <= len(f.pdf.Revisions) &&
		slices.ContainsFunc(f.pdf.Revisions[revision-1].Sections, func(i int) bool { return f.pdf.Sections[i].Repaired })
}

// ambiguities returns the anomalies through which other readers may see other
// objects.
func (f *file) ambiguities() []pdf.Anomaly {
	var out []pdf.Anomaly
	for _, a := range f.pdf.Anomalies() {
		if a.Ambiguous {
			out = append(out, a)
		}
	}
	return out
}

// checkNesting compares the signatures with each other: no two may leave out
// the same bytes, and each must lie around those before it.
func (f *file) checkNesting() {
	var ranged []*candidate
	for _, c := range f.candidates {
		if c.isRanged {
			ranged = append(ranged, c)
		}
	}
	slices.SortStableFunc(ranged, func(a, b *candidate) int { return cmp.Compare(a.end, b.end) })
	closing := -1 // the last one that closes a revision
	for i, c := range ranged {
		if i > 0 {
			nest(ranged[i-1], c)
		}
		if c.closes {
			if closing >= 0 && closing < i-1 {
				nest(ranged[closing], c)
			}
			closing = i
		}
	}
}

// nest compares a signature with one that ends before it. Where only one of two
// that cross closes a revision, the other is to blame.
func nest(inner, outer *candidate) {
	gap := outer.ranges[0] + outer.ranges[1]
	switch {
	case outer.end == inner.end || gap == inner.ranges[0]+inner.ranges[1]:
		outer.violate("byte-range.shared", outer.at())
		inner.violate("byte-range.shared", inner.at())
	case gap < inner.end:
		if !outer.closes || inner.closes {
			outer.violate("byte-range.crossing", outer.at())
		}
		if !inner.closes || outer.closes {
			inner.violate("byte-range.crossing", inner.at())
		}
	}
}
