package verify

import (
	"crypto"
	"slices"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/tsa"
)

// candidate is one signature under judgement: what the file holds of it, and
// what has been found out so far.
type candidate struct {
	field string
	// found is the dictionary in the newest revision that has it, revision number seen.
	found *sigdict.Signature
	seen  int
	// gone tells that the newest revision does not have it any more.
	gone bool
	// aliases are the other fields of that revision whose value is the same dictionary.
	aliases []string
	// own is the same signature in the revision that it closes; nil where that
	// revision does not hold it in this field.
	own *sigdict.Signature

	ranges   [4]int64
	isRanged bool // ranges can be hashed
	end      int64
	revision int  // the revision that it closes, or in which its range ends
	closes   bool // the range ends where that revision ends

	cms    *cms.SignedData
	signer *cms.SignerInfo
	token  *tsa.Token // of a document time stamp
	cert   *certificate.Certificate
	hash   cms.Hash // what the ByteRange is hashed with; 0 where it is not known
	digest []byte   // of the ByteRange; nil where it could not be computed
	// unsupported: nothing can be said about the value; broken: it breaks a
	// rule that its mathematics do not show.
	unsupported, broken bool
	// misplaced tells of a certification that is not the first signature, or not
	// the only one.
	misplaced bool

	checked        conclusion        // of the cryptographic verification
	verification   *tsa.Verification // of a document time stamp
	contentTokens  []*tsa.Token
	contentDigests map[crypto.Hash][]byte // of the ByteRange, for the content time stamps
	// self is what is validated; nil where there is nothing. timestamps are its own:
	// those inside a signature, or itself.
	self           *signed
	timestamps     []*timestamp
	final          *outcome
	changeFindings int  // how many concern later revisions
	unlisted       bool // the report says that it does not list all of them

	result *Signature
}

// isTimestamp tells whether the signature is judged as a document time stamp.
func (c *candidate) isTimestamp() bool { return c.signed().SubFilter == sigdict.SubFilterRFC3161 }

// signed returns the dictionary that is judged: that of the signed revision
// where it is known.
func (c *candidate) signed() *sigdict.Signature {
	if c.own != nil {
		return c.own
	}
	return c.found
}

// at returns the place of the signature dictionary for findings.
func (c *candidate) at() place {
	s := c.signed()
	p := place{object: s.Ref, revision: c.revision, offset: -1}
	if s.Object != nil {
		if p.object.IsZero() {
			p.object = s.Object.Ref
		}
		p.offset = s.Object.Offset
	}
	return p
}

// add records a finding about the signature.
func (c *candidate) add(code string, at place, args ...any) {
	c.result.Findings = append(c.result.Findings, newFinding(code, at, args...))
}

// violate records a finding that breaks the structure.
func (c *candidate) violate(code string, at place, args ...any) {
	c.result.Structure = StructureViolated
	c.add(code, at, args...)
}

// repair records a finding about bytes that could be read only with guesses.
func (c *candidate) repair(code string, at place, args ...any) {
	c.result.Structure = min(c.result.Structure, StructureRepaired)
	c.add(code, at, args...)
}

// identity tells signatures apart: by the bytes that they leave out, else by
// the place of the dictionary.
type identity struct {
	ranges [4]int64
	ref    pdf.Reference
	offset int64
}

func identify(s *sigdict.Signature) identity {
	if r, ok := s.ByteRange.Four(); ok && r != [4]int64{} {
		return identity{ranges: r}
	}
	start, _, ok := s.Place()
	if !ok {
		start = -1
	}
	return identity{ref: s.Ref, offset: start}
}

// discover lists the signatures of a file: those of the newest revision, and
// those that an earlier revision had and the newest has not.
func (f *file) discover() {
	known := make(map[identity]bool)
	dictionaries := make(map[pdf.Reference]*candidate)
	revisions := len(f.pdf.Revisions)
	var last *sigdict.Form
	for r := revisions; r >= 1; r-- {
		form := f.forms.at(r)
		if form == nil || form == last {
			continue
		}
		last = form
		for _, field := range form.Fields {
			s := field.Signature
			if s == nil {
				continue
			}
			id, first := identify(s), dictionaries[s.Ref]
			if first != nil && first.seen == r {
				first.aliases = append(first.aliases, field.Name)
				continue
			}
			if r < revisions && known[id] {
				continue
			}
			known[id] = true
			c := &candidate{field: field.Name, found: s, seen: r, gone: r < revisions}
			if !s.Ref.IsZero() {
				dictionaries[s.Ref] = c
			}
			f.addCandidate(c)
		}
	}
	f.discoverCertification(known)
	for _, c := range f.candidates {
		f.locate(c)
	}
	slices.SortStableFunc(f.candidates, byEnd)
}

// discoverCertification adds a certification signature that the catalog names
// and no field holds.
func (f *file) discoverCertification(known map[identity]bool) {
	form := f.forms.newest()
	if form == nil || form.Permissions.DocMDP == nil || known[identify(form.Permissions.DocMDP)] {
		return
	}
	f.addCandidate(&candidate{found: form.Permissions.DocMDP, seen: len(f.pdf.Revisions)})
}

func (f *file) addCandidate(c *candidate) {
	if len(f.candidates) == maxSignatures {
		f.tooMany = true
		return
	}
	c.result = &Signature{Field: c.field}
	f.candidates = append(f.candidates, c)
}

// byEnd orders signatures that close no revision first, the rest by the end of
// their ranges.
func byEnd(a, b *candidate) int {
	switch {
	case a.closes != b.closes:
		if b.closes {
			return -1
		}
		return 1
	case !a.closes || a.end == b.end:
		return 0
	case a.end < b.end:
		return -1
	}
	return 1
}

// locate finds the revision that a signature closes and the signature in it.
func (f *file) locate(c *candidate) {
	r, ok := c.found.ByteRange.Four()
	c.ranges = r
	c.isRanged = ok && ranged(r, f.size)
	if c.isRanged {
		c.end = r[2] + r[3]
		c.revision, c.closes = f.revisionAt(c.end)
	} else {
		c.revision = f.firstSeen(c)
	}
	f.chooseField(c)
	c.own = f.inRevision(c)
}

// chooseField makes a signature that is the value of several fields that of the
// field which had it first: others may have been added since.
func (f *file) chooseField(c *candidate) {
	form := f.forms.at(c.revision)
	if form == nil || len(c.aliases) == 0 {
		return
	}
	alias := make(map[string]int, len(c.aliases))
	for i, name := range c.aliases {
		alias[name] = i
	}
	id := identify(c.found)
	for _, field := range form.Fields {
		if field.Signature == nil || identify(field.Signature) != id {
			continue
		}
		i, shared := alias[field.Name]
		if shared {
			c.field, c.aliases[i] = field.Name, c.field
			c.result.Field = c.field
		}
		if shared || field.Name == c.field {
			return
		}
	}
}

// ranged tells whether both ranges lie in the file one after the other.
func ranged(r [4]int64, size int64) bool {
	for _, n := range r {
		if n < 0 || n > size {
			return false
		}
	}
	return r[0]+r[1] <= r[2] && r[2]+r[3] <= size
}

// revisionAt returns the revision that ends at an offset, or the one that the
// offset lies in; closes tells which.
func (f *file) revisionAt(end int64) (revision int, closes bool) {
	revisions := f.pdf.Revisions
	i, _ := slices.BinarySearchFunc(revisions, end, func(r pdf.Revision, end int64) int {
		if r.EndEOL < end {
			return -1
		}
		return 1
	})
	if i == len(revisions) {
		return len(revisions), end == f.size && f.pdf.Damage == nil && len(revisions) > 0
	}
	return revisions[i].Number, revisions[i].End <= end
}

// firstSeen returns the oldest revision that holds a signature whose range
// cannot tell.
func (f *file) firstSeen(c *candidate) int {
	id := identify(c.found)
	first := c.seen
	for r := c.seen; r >= 1; r-- {
		form := f.forms.at(r)
		if form == nil || !slices.ContainsFunc(form.Fields, func(field *sigdict.Field) bool {
			return field.Signature != nil && identify(field.Signature) == id
		}) {
			break
		}
		first = r
	}
	return first
}

// inRevision returns the signature as the revision that it closes has it in
// the same field.
func (f *file) inRevision(c *candidate) *sigdict.Signature {
	form := f.forms.at(c.revision)
	if form == nil {
		return nil
	}
	id := identify(c.found)
	for _, field := range form.Fields {
		if field.Signature != nil && field.Name == c.field && identify(field.Signature) == id {
			return field.Signature
		}
	}
	if d := form.Permissions.DocMDP; c.field == "" && d != nil && identify(d) == id {
		return d
	}
	return nil
}
