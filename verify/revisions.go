package verify

import (
	"bytes"
	"fmt"

	"github.com/inkan-go/inkan/internal/changes"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// judgeChanges says for every signature what the revisions after it changed.
// Each revision is compared once with its predecessor; a signature takes the
// worst of those after its own.
func (f *file) judgeChanges() {
	f.trailing = f.findTrailing()
	history := changes.NewHistory(f.pdf, f.forms.at)
	results := make(map[int]changes.Result)
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
		for r := c.revision + 1; r <= len(f.pdf.Revisions) && !f.repaired(r); r++ {
			result, done := results[r]
			if !done {
				result = history.Compare(r)
				results[r] = result
			}
			c.apply(r, result)
		}
		if d := f.pdf.Damage; d != nil && d.Offset >= c.end {
			c.result.Changes, c.result.ChangesAllowed = ChangesUnknown, false
		}
		if f.trailing >= 0 && c.end <= f.trailing {
			c.result.Changes, c.result.ChangesAllowed = ChangesUnknown, false
			c.add("file.trailing", place{offset: f.trailing}, f.trailing)
		}
	}
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
func (c *candidate) apply(revision int, result changes.Result) {
	for _, s := range result.Signed {
		c.result.Additions = append(c.result.Additions, Addition{
			Revision: revision, Kind: "signature", Rect: s.Rect, SignedBy: s.Field,
		})
	}
	kind := Changes(result.Kind)
	c.result.Changes = min(c.result.Changes, kind)
	if kind == ChangesUnknown {
		c.result.ChangesAllowed = false
		c.add("changes.unknown", place{result.Ref, revision, -1}, revision, result.Reason)
		return
	}
	if why := c.forbids(result); why != "" {
		c.result.ChangesAllowed = false
		c.add("changes.forbidden", place{c.at().object, revision, -1}, revision, why)
	}
}

// forbids tells what of a change the signature's own permissions and locks do
// not allow (ISO 32000-2, 12.8.2.2 and 12.8.2.4). Validation data and document
// time stamps are always allowed.
func (c *candidate) forbids(result changes.Result) string {
	for _, s := range result.Signed {
		if s.Timestamp {
			continue
		}
		for _, ref := range c.signed().References {
			switch {
			case ref.Method == sigdict.MethodDocMDP && ref.Permission <= 1:
				return "a further signature, where the certification allows none"
			case ref.Method == sigdict.MethodFieldMDP && ref.Lock.Covers(s.Field):
				return fmt.Sprintf("the field %q, which the signature locks", s.Field)
			case ref.Method == sigdict.MethodFieldMDP && ref.Lock != nil && ref.Lock.Permission == 1:
				return "a further signature, where the lock allows none"
			}
		}
	}
	return ""
}
