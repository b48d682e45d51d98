package contract

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/inkan-go/inkan/verify"
)

// auditedFile is a document that was given, with its verdict.
type auditedFile struct {
	File
	document   *Document
	report     *verify.Report
	signatures map[string]*verify.Signature // by field
	found      []found
}

// documents finds the files of the record's documents and judges them.
func (a *auditor) documents(ctx context.Context) error {
	a.files = make([]*auditedFile, len(a.record.Documents))
	a.report.Documents = make([]*verify.Report, len(a.record.Documents))
	left := slices.Clone(a.Documents)
	for i := range a.record.Documents {
		d := &a.record.Documents[i]
		at := slices.IndexFunc(left, func(f File) bool { return a.belongs(f, d) })
		if at < 0 && len(a.record.Documents) == 1 && len(left) == 1 {
			at = 0 // it is what was handed over, whatever it is
		}
		if at < 0 {
			a.claim(Unverifiable, ofDocument(d.Number), "document.missing", d.Title, d.ID)
			continue
		}
		f := &auditedFile{File: left[at], document: d}
		left = slices.Delete(left, at, at+1)
		if err := a.document(ctx, f); err != nil {
			return err
		}
		a.files[i], a.report.Documents[i] = f, f.report
	}
	for _, f := range left {
		a.claim(Refuted, whole(), "document.foreign", f.Name, a.record.ID)
	}
	return nil
}

// belongs tells whether a file begins as a document of the record, or says that it is it.
func (a *auditor) belongs(f File, d *Document) bool {
	if len(d.Revisions) > 0 && d.Revisions[0].Length <= f.Size {
		if digest, err := digestPrefix(f.Reader, d.Revisions[0].Length); err == nil && digest == d.Revisions[0].SHA256 {
			return true
		}
	}
	m := a.manifestOf(f)
	return m != nil && m.Record == a.record.ID && m.Document == d.Number
}

// manifestOf is the manifest of a file in its newest revision, nil where there is none.
func (a *auditor) manifestOf(f File) *Manifest {
	data, err := attachment(f, a.Verify.Password, newest, ManifestName)
	if err != nil {
		return nil
	}
	m := &Manifest{}
	if decode(bytes.NewReader(data), m, "the manifest") != nil {
		return nil
	}
	return m
}

func (a *auditor) document(ctx context.Context, f *auditedFile) error {
	var err error
	if f.report, err = a.judge(ctx, f.File); err != nil {
		return err
	}
	if f.found, err = signaturesIn(f.Reader, f.Size, a.Verify.Password); err != nil {
		a.claim(Refuted, ofDocument(f.document.Number), "document.unreadable", f.Name, err)
		return nil
	}
	f.signatures = make(map[string]*verify.Signature)
	for _, s := range f.report.Signatures {
		f.signatures[s.Field] = s
	}
	if err := a.revisions(f); err != nil {
		return err
	}
	a.recorded(f)
	a.unrecorded(f)
	a.manifest(f)
	a.stamps(f.report, f.document.Number)
	return nil
}

// revisions compares the beginnings of the file with the record.
func (a *auditor) revisions(f *auditedFile) error {
	about := ofDocument(f.document.Number)
	for _, v := range f.document.Revisions {
		if v.Length > f.Size {
			a.claim(Refuted, about, "document.short", f.Name, v.Number, f.Size, v.Length)
			return nil
		}
		digest, err := digestPrefix(f.Reader, v.Length)
		if err != nil {
			return err
		}
		if digest != v.SHA256 {
			a.claim(Refuted, about, "document.altered", f.Name, v.Number, v.Cause)
			return nil
		}
	}
	a.claim(Proven, about, "document.revisions", f.document.Title, len(f.document.Revisions))
	return nil
}

// recorded finds every signature of the record in the file.
func (a *auditor) recorded(f *auditedFile) {
	for _, s := range a.record.Signatures {
		if s.Document != f.document.Number {
			continue
		}
		about := ofDocument(s.Document)
		about.Participant = s.Participant
		i := slices.IndexFunc(f.found, func(x found) bool { return x.field == s.Field })
		signed := f.signatures[s.Field]
		switch {
		case i < 0 || signed == nil:
			a.claim(Refuted, about, "document.removed", f.Name, s.Field)
		case f.found[i].value != s.Value || f.found[i].byteRange != s.ByteRange:
			a.claim(Refuted, about, "document.exchanged", f.Name, s.Field)
		default:
			a.claim(gradeOf(signed), about, "document.signature", s.Field, verdict{signed})
		}
	}
}

// unrecorded tells of signatures that the record does not know: time stamps of a
// renewal may follow, signatures of somebody else may not.
func (a *auditor) unrecorded(f *auditedFile) {
	renewals := 0
	for _, x := range f.found {
		if slices.ContainsFunc(a.record.Signatures, func(s Signature) bool { return s.Document == f.document.Number && s.Field == x.field }) {
			continue
		}
		stamped := f.signatures[x.field]
		if x.token != nil && stamped != nil && gradeOf(stamped) != Refuted {
			renewals++
			continue
		}
		a.claim(Refuted, ofDocument(f.document.Number), "document.extra", f.Name, x.field)
	}
	if renewals > 0 {
		a.claim(Proven, ofDocument(f.document.Number), "document.renewed", renewals)
	}
}

// manifest compares what every signature of the file covers with the record.
func (a *auditor) manifest(f *auditedFile) {
	about := ofDocument(f.document.Number)
	if f.document.Foreign {
		a.claim(Asserted, about, "document.came-signed")
		return
	}
	first, grade := newest, Proven // all signatures cover it: it is as good as the worst of them
	for _, s := range f.report.Signatures {
		grade = min(grade, gradeOf(s))
		if s.Revision > 0 && (first == newest || s.Revision < first) {
			first = s.Revision
		}
	}
	data, err := attachment(f.File, a.Verify.Password, first, ManifestName)
	if err != nil {
		a.claim(Refuted, about, "document.manifest-missing", f.Name, err)
		return
	}
	m := &Manifest{}
	if err := decode(bytes.NewReader(data), m, "the manifest"); err != nil {
		a.claim(Refuted, about, "document.manifest-missing", f.Name, err)
		return
	}
	if what := a.record.differs(m, f.document.Number); what != "" {
		a.claim(Refuted, about, "document.manifest-differs", f.Name, what)
		return
	}
	a.claim(grade, about, "document.manifest", a.record.ID)
}

// differs names what a manifest says otherwise than the record. Names and organisations may
// differ where a participant was reassigned.
func (r *Record) differs(m *Manifest, n int) string {
	want := r.Manifest(n)
	switch {
	case m.Record != want.Record:
		return "recordId"
	case m.Document != n:
		return "document"
	case m.Issuer != want.Issuer:
		return "issuer"
	case !slices.Equal(m.Documents, want.Documents):
		return "documents"
	case len(m.Participants) != len(want.Participants):
		return "participants"
	}
	for i, p := range want.Participants {
		q := m.Participants[i]
		if slices.ContainsFunc(r.Events, func(e Event) bool { return e.Type == Reassigned && e.Actor == p.ID }) {
			q.Name, q.Org = p.Name, p.Org
		}
		if q != p {
			return "participant " + strconv.Quote(p.ID)
		}
	}
	return ""
}

// stamps says of every time stamp by which regime it is accredited; document 0 is the
// certificate.
func (a *auditor) stamps(report *verify.Report, document int) {
	for _, s := range report.Signatures {
		for _, t := range s.Timestamps {
			about := ofDocument(document)
			var at any = t.Time
			if parsed, err := time.Parse(time.RFC3339Nano, t.Time); err == nil {
				at = At(parsed)
			}
			switch {
			case a.Accredited == nil:
				a.claim(Unverifiable, about, "stamp.unlisted", s.Field, at, t.TSA)
			case t.Accredited != "" && t.Valid:
				a.claim(Proven, about, "stamp.accredited", s.Field, at, t.TSA, t.Accredited)
			default:
				a.claim(Unverifiable, about, "stamp.not-accredited", s.Field, at, t.TSA)
			}
		}
	}
}
