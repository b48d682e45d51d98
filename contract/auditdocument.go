package contract

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/verify"
)

// auditedFile is a document that was given, with its verdict.
type auditedFile struct {
	*candidate
	document *Document
	report   *verify.Report
	found    []found
	recorded map[int]*verify.Signature // by their place in Record.Signatures
}

// documents finds the files of the record's documents and judges them.
func (a *auditor) documents(ctx context.Context) error {
	a.files = make([]*auditedFile, len(a.record.Documents))
	a.report.Documents = make([]*verify.Report, len(a.record.Documents))
	left, err := a.candidates()
	if err != nil {
		return err
	}
	given, left := a.assign(left)
	for i := range a.record.Documents {
		d := &a.record.Documents[i]
		if given[i] == nil {
			a.claim(Unverifiable, ofDocument(d.Number), "document.missing", d.Title, d.ID)
			continue
		}
		f := &auditedFile{candidate: given[i], document: d}
		if err := a.document(ctx, f); err != nil {
			return err
		}
		a.files[i], a.report.Documents[i] = f, f.report
	}
	for _, f := range left {
		a.claim(Refuted, ofContract(), "document.foreign", f.Name, a.record.ID)
	}
	return nil
}

// candidate is a file that was given, with what it says it is.
type candidate struct {
	File
	pdf      *pdf.File        // nil where it is none
	fault    error            // why not
	prefixes map[int64]Digest // of its first bytes, at the lengths of the revisions of the record
	manifest *Manifest        // of its newest revision, nil where there is none
}

func (a *auditor) candidates() ([]*candidate, error) {
	var lengths []int64
	for _, d := range a.record.Documents {
		for _, v := range d.Revisions {
			lengths = append(lengths, v.Length)
		}
	}
	slices.Sort(lengths)
	lengths = slices.Compact(lengths)
	var out []*candidate
	for _, f := range a.Documents {
		prefixes, err := digestPrefixes(f, lengths)
		if err != nil {
			return nil, err
		}
		c := &candidate{File: f, prefixes: prefixes}
		if c.pdf, c.fault = a.opened(f); c.fault == nil {
			c.manifest, _ = manifestIn(c.pdf, newest) // whether it must be there is asked later
		}
		out = append(out, c)
	}
	return out, nil
}

// assign finds the candidates of the documents of the record, and returns those that are none. What
// is surer goes first, since two documents may have begun as the same file.
func (a *auditor) assign(left []*candidate) (given, rest []*candidate) {
	given = make([]*candidate, len(a.record.Documents))
	if len(given) == 1 && len(left) == 1 {
		return left, nil // it is what was handed over, whatever it is
	}
	for _, belongs := range []func(*candidate, *Record, *Document) bool{(*candidate).holds, (*candidate).says, (*candidate).begins} {
		for i := range given {
			at := slices.IndexFunc(left, func(c *candidate) bool { return belongs(c, a.record, &a.record.Documents[i]) })
			if given[i] == nil && at >= 0 {
				given[i] = left[at]
				left = slices.Delete(left, at, at+1)
			}
		}
	}
	return given, left
}

// holds tells whether a file has the newest revision of a document of the record.
func (c *candidate) holds(_ *Record, d *Document) bool {
	digest, ok := c.prefixes[d.last().Length]
	return ok && digest == d.last().SHA256
}

// says tells whether a file says by its manifest that it is a document of the record.
func (c *candidate) says(r *Record, d *Document) bool {
	return c.manifest != nil && c.manifest.Record == r.ID && c.manifest.Document == d.Number
}

// begins tells whether a file begins as what was uploaded.
func (c *candidate) begins(_ *Record, d *Document) bool {
	if len(d.Revisions) == 0 {
		return false
	}
	digest, ok := c.prefixes[d.Revisions[0].Length]
	return ok && digest == d.Revisions[0].SHA256
}

// digestPrefixes are the digests of the first bytes of a file at some lengths, which rise, in
// one pass; those beyond its end are left out.
func digestPrefixes(f File, lengths []int64) (map[int64]Digest, error) {
	out := make(map[int64]Digest)
	h := sha256.New()
	buffer := make([]byte, 32<<10)
	var at int64
	for _, n := range lengths {
		if n < 0 || n > f.Size {
			continue
		}
		if _, err := io.CopyBuffer(h, io.NewSectionReader(f.Reader, at, n-at), buffer); err != nil {
			return nil, fmt.Errorf("contract: reading %s: %w", f.Name, err)
		}
		at = n
		out[n] = Digest(h.Sum(nil))
	}
	return out, nil
}

// manifestIn is the manifest of a file in a revision.
func manifestIn(file *pdf.File, revision int) (*Manifest, error) {
	data, err := attachment(file, revision, ManifestName)
	if err != nil {
		return nil, err
	}
	m := &Manifest{}
	if err := decode(bytes.NewReader(data), m, "the manifest"); err != nil {
		return nil, err
	}
	return m, nil
}

func (a *auditor) document(ctx context.Context, f *auditedFile) error {
	var err error
	if f.report, err = a.judge(ctx, f.File); err != nil {
		return err
	}
	if err = f.fault; err == nil {
		f.found, err = signaturesOf(f.pdf)
	}
	if err != nil {
		a.claim(Refuted, ofDocument(f.document.Number), "document.unreadable", f.Name, err)
		return nil
	}
	a.revisions(f)
	a.recorded(f)
	a.unrecorded(f)
	a.manifest(f)
	a.stamps(f.report, f.document.Number)
	return nil
}

// revisions compares the beginnings of the file with the record.
func (a *auditor) revisions(f *auditedFile) {
	about := ofDocument(f.document.Number)
	for _, v := range f.document.Revisions {
		if v.Length > f.Size {
			a.claim(Refuted, about, "document.short", f.Name, v.Number, f.Size, v.Length)
			return
		}
		if f.prefixes[v.Length] != v.SHA256 {
			a.claim(Refuted, about, "document.altered", f.Name, v.Number, v.Cause)
			return
		}
	}
	a.claim(Proven, about, "document.revisions", f.document.Title, len(f.document.Revisions))
}

// recorded finds every signature of the record in the file: by its field, its place and its
// value, since a field of that name may be there twice.
func (a *auditor) recorded(f *auditedFile) {
	f.recorded = make(map[int]*verify.Signature)
	for i := range a.record.Signatures {
		s := &a.record.Signatures[i]
		if s.Document != f.document.Number {
			continue
		}
		about := ofDocument(s.Document)
		about.Participant = s.Participant
		judged := f.judged(s)
		switch {
		case judged == nil && slices.ContainsFunc(f.found, func(x found) bool { return x.field == s.Field }):
			a.claim(Refuted, about, "document.exchanged", f.Name, s.Field)
		case judged == nil:
			a.claim(Refuted, about, "document.removed", f.Name, s.Field)
		default:
			f.recorded[i] = judged
			a.claim(gradeOf(judged), about, "document.signature", a.signatureName(s), verdict{judged})
			if !hasLevel(judged, s.Level) {
				a.claim(Refuted, about, "document.level", a.signatureName(s), s.Level, cmp.Or(judged.Level, "–"))
			}
			if !stamped(judged, s.Stamp) {
				a.claim(Refuted, about, "stamp.other", s.Field, s.Stamp.Time)
			}
		}
	}
}

// hasLevel tells whether a signature has at least the level that the record says, if it says any: it
// may have been raised since.
func hasLevel(s *verify.Signature, want string) bool {
	if want == "" || want == timestampLevel || s.Kind == verify.KindTimestamp {
		return want == "" || want == timestampLevel && s.Kind == verify.KindTimestamp
	}
	rank := func(level string) int {
		return slices.Index([]string{"B", "T", "LT", "LTA"}, level[strings.LastIndexByte(level, '-')+1:])
	}
	return rank(want) >= 0 && rank(want) <= rank(s.Level)
}

// judged is the verdict on a signature of the record, nil where it is not in the file.
func (f *auditedFile) judged(s *Signature) *verify.Signature {
	if !slices.ContainsFunc(f.found, func(x found) bool {
		return x.field == s.Field && x.byteRange == s.ByteRange && x.value == s.Value
	}) {
		return nil
	}
	for _, v := range f.report.Signatures {
		if v.Field == s.Field && slices.Equal(v.ByteRange, s.ByteRange[:]) {
			return v
		}
	}
	return nil
}

// unrecorded tells of what the record does not know: time stamps of a renewal may follow;
// signatures of somebody else, and changes to what a reader sees, may not.
func (a *auditor) unrecorded(f *auditedFile) {
	about := ofDocument(f.document.Number)
	known := make(map[*verify.Signature]bool)
	var last *verify.Signature
	for _, s := range f.recorded {
		known[s] = true
		if last == nil || end(s) > end(last) {
			last = s
		}
	}
	renewals, grade := 0, Proven
	for _, s := range f.report.Signatures {
		switch {
		case known[s]:
		case s.Kind == verify.KindTimestamp && gradeOf(s) != Refuted && end(s) > f.document.last().Length:
			renewals, grade = renewals+1, min(grade, gradeOf(s))
		default:
			a.claim(Refuted, about, "document.extra", f.Name, s.Field)
		}
	}
	if renewals > 0 {
		a.claim(grade, about, "document.renewed", renewals)
	}
	if last != nil && last.Changes != verify.ChangesNone && last.Changes != verify.ChangesLTV {
		a.claim(Refuted, about, "document.changed", f.Name)
	}
	if at := f.altered(last); at > 0 {
		a.claim(Refuted, about, "document.between", f.Name, at)
	} else if f.unlisted() {
		a.claim(Unverifiable, about, "document.between-unread", f.Name)
	}
}

// unlisted tells that the report does not list all that was added after a signature.
func (f *auditedFile) unlisted() bool {
	for _, s := range f.recorded {
		if slices.ContainsFunc(s.Findings, func(x verify.Finding) bool { return x.Code == "changes.more" }) {
			return true
		}
	}
	return false
}

// altered is the first revision of the file, after what was uploaded and up to the last signature,
// that changed after a signature what a reader sees: no step does that, and who had signed did not
// see it. It is 0 where there is none.
func (f *auditedFile) altered(last *verify.Signature) int {
	if last == nil || len(f.document.Revisions) == 0 {
		return 0
	}
	uploaded := f.pdf.RevisionAt(f.document.Revisions[0].Length - 1)
	at := 0
	for _, s := range f.recorded {
		for _, v := range s.Additions {
			if v.Kind != "signature" && v.Kind != "timestamp" && v.Revision > uploaded && v.Revision <= last.Revision && (at == 0 || v.Revision < at) {
				at = v.Revision
			}
		}
	}
	return at
}

// end is where the bytes end that a signature covers.
func end(s *verify.Signature) int64 {
	if len(s.ByteRange) != 4 || s.ByteRange[2] < 0 || s.ByteRange[3] > math.MaxInt64-s.ByteRange[2] {
		return 0
	}
	return s.ByteRange[2] + s.ByteRange[3]
}

// manifest compares what every signature of the file covers with the record.
func (a *auditor) manifest(f *auditedFile) {
	about := ofDocument(f.document.Number)
	if f.document.Foreign {
		if of := a.preparedFor(f); of != nil {
			a.claim(Refuted, about, "document.prepared", f.Name, of.Record, of.Documents[of.Document-1].Title)
			return
		}
		a.claim(Asserted, about, "document.came-signed")
		return
	}
	first, grade := newest, Proven // all signatures cover it: it is as good as the worst of them
	if len(f.recorded) == 0 {
		grade = Refuted
	}
	for _, s := range f.report.Signatures {
		grade = min(grade, gradeOf(s))
		if s.Revision > 0 && (first == newest || s.Revision < first) {
			first = s.Revision
		}
	}
	m, err := manifestIn(f.pdf, first)
	if err != nil {
		a.claim(Refuted, about, "document.manifest-missing", f.Name, err)
		return
	}
	if what := a.record.differs(m, f.document.Number); what != nil {
		a.claim(Refuted, about, "document.manifest-differs", f.Name, what)
		return
	}
	grade = max(grade, Unverifiable) // what refutes signatures was told with them
	a.claim(grade, about, "document.manifest", a.record.ID)
	a.printed(f, grade)
}

// preparedFor is the manifest of a document that is said to have come with signatures, where a
// participant signed it in the field which that manifest has for the purpose: what was signed was
// that contract, and no other.
func (a *auditor) preparedFor(f *auditedFile) *Manifest {
	for i, s := range f.recorded {
		p := a.record.Participant(a.record.Signatures[i].Participant)
		if p == nil || s.Revision < 1 {
			continue
		}
		if m, err := manifestIn(f.pdf, s.Revision); err == nil && m.has(p) {
			return m
		}
	}
	return nil
}

// differs names what a manifest says otherwise than the record. Names and organisations may
// differ where a participant was reassigned.
func (r *Record) differs(m *Manifest, n int) worded {
	want := r.Manifest(n)
	switch {
	case m.Record != want.Record:
		return term("recordId")
	case m.Document != n:
		return term("document")
	case m.Issuer != want.Issuer:
		return term("issuer")
	case !slices.Equal(m.Documents, want.Documents):
		return term("documents")
	case len(m.Participants) != len(want.Participants):
		return term("participants")
	}
	for i, p := range want.Participants {
		q := m.Participants[i]
		if slices.ContainsFunc(r.Events, func(e Event) bool { return e.Type == Reassigned && e.Actor == p.ID }) {
			q.Name, q.Org = p.Name, p.Org
		}
		if q != p {
			return because("participant %q", p.ID)
		}
	}
	return nil
}
