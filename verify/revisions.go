package verify

import (
	"bytes"
	"slices"

	"github.com/inkan-go/inkan/internal/changes"
)

// judgeChanges says for every signature what the revisions after it changed.
// Each revision is compared once with its predecessor; a signature takes the
// worst of those after its own.
func (f *file) judgeChanges() {
	f.trailing = f.findTrailing()
	f.history = changes.NewHistory(f.pdf, f.forms.at)
	results := make([]*revisionChanges, len(f.pdf.Revisions)+1) // by revision
	for _, c := range f.candidates {
		c.result.Changes, c.result.ChangesAllowed = ChangesUnknown, false
		if !c.isRanged {
			continue
		}
		if !c.closes {
			if c.end == f.size {
				c.result.Changes, c.result.ChangesAllowed = ChangesNone, true
			}
			continue
		}
		c.result.Changes, c.result.ChangesAllowed = ChangesNone, true
		permission := f.permissionOf(c)
		for r := c.revision + 1; r <= len(f.pdf.Revisions); r++ {
			if results[r] == nil {
				results[r] = f.readChanges(f.history.Compare(r), r)
			}
			f.apply(c, &permission, results[r])
			if c.result.Changes == ChangesOther && c.changeFindings >= maxChangeFindings && f.listed >= maxAdditions {
				break // there is nothing more to be said
			}
		}
		if d := f.pdf.Damage; d != nil && d.Offset >= c.end {
			c.result.Changes, c.result.ChangesAllowed = ChangesUnknown, false
		}
		if f.trailing >= 0 && c.end <= f.trailing {
			c.unjudged()
			c.add("file.trailing", place{offset: f.trailing}, f.trailing)
		}
	}
}

// unjudged says that something after the signature could not be judged. What is
// forbidden stays forbidden.
func (c *candidate) unjudged() {
	if c.result.Changes != ChangesOther {
		c.result.Changes = ChangesUnknown
	}
	c.result.ChangesAllowed = false
}

// revisionChanges is what one revision changed, as signatures see it.
type revisionChanges struct {
	changes.Result
	number int
	// kinds are those of the single changes, covers what they cover, and
	// additions what reports say of them.
	kinds     []changes.Kind
	covers    []string
	additions []Addition
	lost      bool // validation data is gone
}

// readChanges holds what a revision changed against the signatures of the file:
// a field counts as signed only where the signature verifies.
func (f *file) readChanges(result changes.Result, revision int) *revisionChanges {
	r := &revisionChanges{Result: result, number: revision}
	signer := f.coveredBy(revision)
	r.kinds, r.covers = make([]changes.Kind, 0, len(r.Changes)), make([]string, 0, len(r.Changes))
	for i := range r.Changes {
		change := &r.Changes[i]
		if (change.What == changes.Signed || change.What == changes.Stamped) && !f.verifies(change.Field, revision) {
			change.What = changes.FieldAdded
		}
		r.lost = r.lost || change.What == changes.ValidationDataLost
		kind := change.Kind()
		r.kinds = append(r.kinds, kind)
		if r.Kind > changes.Other {
			r.Kind = min(r.Kind, kind)
		}
		a, ok := addition(change)
		covers := ""
		if ok && change.What != changes.AnnotationRemoved && r.Kind > changes.Other {
			covers = f.overlaps(*change, revision)
		}
		r.covers = append(r.covers, covers)
		if ok {
			a.Revision, a.SignedBy, a.Overlaps = revision, signer, covers
			r.additions = append(r.additions, a)
		}
	}
	return r
}

// verifies tells whether the signature that a field got in a revision is one.
func (f *file) verifies(field string, revision int) bool {
	return slices.ContainsFunc(f.candidates, func(c *candidate) bool {
		return c.field == field && c.closes && c.revision == revision && c.result.Crypto == CryptoValid
	})
}

// coveredBy returns the field of the first signature that covers a revision.
func (f *file) coveredBy(revision int) string {
	for _, c := range f.candidates {
		if c.closes && c.revision >= revision && !c.isTimestamp() && c.result.Crypto == CryptoValid {
			return c.field
		}
	}
	return ""
}

// addition is what a report says of one change; ok is false for those that show nothing.
func addition(c *changes.Change) (a Addition, ok bool) {
	kind, ok := additions[c.What]
	return Addition{Kind: kind, Field: c.Field, Subtype: c.Subtype, Page: c.Page, Rect: c.Rect}, ok
}

// additions names the changes that show something; it is never written to.
var additions = map[changes.What]string{
	changes.Signed: "signature", changes.Stamped: "timestamp", changes.Filled: "value", changes.FieldAdded: "field",
	changes.AnnotationAdded: "annotation", changes.AnnotationChanged: "annotation-change", changes.AnnotationRemoved: "annotation-removal",
}

// findTrailing returns where bytes stand behind the last revision that are not
// white space, -1 where there are none. Readers ignore them today.
func (f *file) findTrailing() int64 {
	position := f.pdf.Revisions[len(f.pdf.Revisions)-1].EndEOL
	buffer := make([]byte, min(4096, max(0, f.size-position)))
	for position < f.size {
		block := buffer[:min(int64(len(buffer)), f.size-position)]
		n, err := f.reader.ReadAt(block, position)
		for i, b := range block[:n] {
			if !bytes.ContainsRune([]byte("\x00\t\n\f\r "), rune(b)) {
				return position + int64(i)
			}
		}
		if position += int64(n); n < len(block) || err != nil && position < f.size {
			return position
		}
	}
	return -1
}

// apply adds what one later revision changed to the verdict on a signature.
func (f *file) apply(c *candidate, p *permission, r *revisionChanges) {
	f.list(c, r)
	for _, list := range []struct {
		code string
		of   []changes.Finding
	}{{"changes.other", r.Forbidden}, {"changes.unknown", r.Unread}} {
		if len(list.of) > 0 {
			found := list.of[0].Message
			if n := len(list.of) - 1; n > 0 {
				found = changes.Message{Pattern: "%v (and %d more)", Arguments: []any{found, n}}
			}
			c.addChange(list.code, place{list.of[0].Ref, r.number, -1}, r.number, found)
		}
	}
	if r.lost {
		c.addChange("changes.validation-data", place{revision: r.number, offset: -1}, r.number)
	}
	switch r.Kind {
	case changes.Other:
		c.result.Changes, c.result.ChangesAllowed = ChangesOther, false
		return
	case changes.Unknown:
		c.unjudged()
		return
	}
	if c.result.Changes > ChangesOther {
		c.result.Changes = min(c.result.Changes, Changes(r.Kind))
	}
	for i, change := range r.Changes {
		if why := p.forbids(change, r.kinds[i]); !why.IsZero() {
			c.result.ChangesAllowed = false
			c.addChange("changes.forbidden", place{change.Ref, r.number, -1}, r.number, why)
			return
		}
	}
	c.warn(r, p.certified)
}

// warn names what a permitted change may do to the eyes of a reader: after a
// certification wherever it covers something, else where it covers a signature.
func (c *candidate) warn(r *revisionChanges, certified bool) {
	for i, change := range r.Changes {
		if (r.covers[i] == overlapsSignature || certified && r.covers[i] != "") && change.What != changes.Filled {
			c.addChange("changes.covers", place{change.Ref, r.number, -1}, r.number,
				changes.Message{Pattern: covers[r.covers[i]], Arguments: []any{change.Message()}})
		}
		if !change.Hidden.IsZero() {
			c.addChange("changes.hidden", place{change.Ref, r.number, -1}, r.number,
				changes.Message{Pattern: "%v, %v", Arguments: []any{change.Message(), change.Hidden}})
		}
	}
}

// covers says in words what an addition covers; it is never written to.
var covers = map[string]string{overlapsContent: "%v covers content of the page", overlapsSignature: "%v covers an earlier signature"}

// addChange records a finding about a later revision, up to so many.
func (c *candidate) addChange(code string, at place, args ...any) {
	if c.changeFindings++; c.changeFindings < maxChangeFindings {
		c.add(code, at, args...)
		return
	}
	c.moreChanges()
}

// moreChanges says once that not all is listed.
func (c *candidate) moreChanges() {
	if !c.unlisted {
		c.unlisted = true
		c.add("changes.more", nowhere)
	}
}

// list adds the additions of a revision to those of a signature, as long as a
// report has room.
func (f *file) list(c *candidate, r *revisionChanges) {
	room := max(0, maxAdditions-f.listed)
	if len(r.additions) > room {
		c.moreChanges()
	}
	n := min(room, len(r.additions))
	f.listed += n
	c.result.Additions = append(c.result.Additions, r.additions[:n]...)
}
