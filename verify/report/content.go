package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/inkan-go/inkan/internal/redact"
	"github.com/inkan-go/inkan/verify"
)

// filePart is what a page says about one file.
type filePart struct {
	Labels         labels
	Number         int
	Name, Verdict  string
	Grade, Problem string
	Facts          []row
	Findings       []found
	More           string
	Signatures     []signaturePart
	Timeline       []revisionPart
}

// signaturePart is what a page says about one signature.
type signaturePart struct {
	Labels        labels
	Heading, Word string
	Grade, Code   string
	Rows, Details []row
	Chain         []row // subject, revocation, and whether it is good
	Findings      []found
	More          string
}

// revisionPart is one revision on the time line.
type revisionPart struct {
	Name   string
	Events []row
}

// file gathers what is said about a file.
func (p *printer) file(r *verify.Report) filePart {
	f := filePart{Labels: p.labels, Name: redact.Visible(r.File), Grade: gradeOf(r.Indication)}
	if r.Error != "" {
		f.Verdict, f.Problem, f.Grade = p.labels.Unreadable, redact.Visible(r.Error), "bad"
		return f
	}
	f.Verdict = p.verdictOf(r)
	f.Facts = []row{
		{Label: p.labels.Indication, Value: r.Indication.String()},
		{Label: p.labels.Judged, Value: p.time(r.ValidationTime)},
		{Label: p.labels.Policy, Value: redact.Visible(r.Policy)},
	}
	if next := r.NextAction; next != nil {
		f.Facts = append(f.Facts, row{Label: p.labels.Protect, Value: p.time(next.Deadline) + " – " + redact.Visible(p.why(next))})
	}
	if k := r.Retention; k != nil && k.Kept {
		f.Facts = append(f.Facts, row{Label: p.labels.Keep, Value: p.time(k.Until) + p.labels.And + p.labels.Kept})
	}
	for _, note := range []struct {
		holds bool
		text  string
	}{{r.Encrypted, p.labels.Encrypted}, {r.Repaired, p.labels.Repaired}} {
		if note.holds {
			f.Facts = append(f.Facts, row{Label: p.labels.File, Value: note.text})
		}
	}
	f.Findings, f.More = p.list(r.Findings)
	for i, s := range r.Signatures {
		f.Signatures = append(f.Signatures, p.signature(i+1, s))
	}
	f.Timeline = p.timeline(r)
	return f
}

func (p *printer) list(findings []verify.Finding) (shown []found, more string) {
	shown, n := p.found(findings)
	for i := range shown {
		shown[i].Text, shown[i].Where = redact.Visible(shown[i].Text), redact.Visible(shown[i].Where)
	}
	if n > 0 {
		more = p.more(n)
	}
	return shown, more
}

func (p *printer) signature(n int, s *verify.Signature) signaturePart {
	part := signaturePart{
		Labels: p.labels, Heading: redact.Visible(p.heading(p.words, n, s)), Word: p.indications[s.Indication], Grade: gradeOf(s.Indication),
		Code: s.Indication.String(), Rows: p.rows(s), Details: p.details(s),
	}
	if s.SubIndication != "" {
		part.Code += " / " + string(s.SubIndication)
	}
	for _, c := range s.Chain {
		note := p.revocations[c.Revocation]
		if c.Anchor {
			note = p.labels.Anchor
		} else if source := p.sources[c.Source]; source != "" {
			note += p.labels.And + source
		}
		if !c.ThisUpdate.IsZero() && !c.Anchor {
			note += p.labels.And + p.asOf(p.instant(c.ThisUpdate))
		}
		part.Chain = append(part.Chain, row{c.Subject, note, grade(c.Anchor || c.Revocation >= verify.RevocationNotNeeded, c.Revocation != verify.RevocationRevoked)})
	}
	part.Findings, part.More = p.list(s.Findings)
	for _, list := range [][]row{part.Rows, part.Details, part.Chain} {
		for i := range list {
			list[i].Label, list[i].Value = redact.Visible(list[i].Label), redact.Visible(list[i].Value)
		}
	}
	return part
}

// details are for those who compare with other tools.
func (p *printer) details(s *verify.Signature) []row {
	var list []row
	add := func(label, value string) {
		if value != "" {
			list = append(list, row{Label: label, Value: value})
		}
	}
	if s.Signer != nil {
		add(p.labels.Issuer, s.Signer.Issuer)
		add(p.labels.Serial, s.Signer.Serial)
		add(p.labels.Fingerprint, s.Signer.SHA256)
	}
	add(p.labels.Digest, s.DocumentDigest)
	if len(s.ByteRange) > 0 {
		add(p.labels.Range, fmt.Sprint(s.ByteRange[:min(len(s.ByteRange), 8)]))
	}
	for _, t := range s.Timestamps {
		add(p.labels.StampAuthority, t.TSA)
		add(p.labels.StampExpires, p.instant(t.TSANotAfter))
		add(p.labels.StampSerial, t.Serial)
		add(p.labels.StampPolicy, t.Policy)
		add(p.labels.StampImprint, strings.TrimSpace(t.ImprintHash+" "+t.Imprint))
		add(p.labels.StampAccredited, t.Accredited)
	}
	return list
}

// timeline tells revision by revision what happened to a file, oldest first.
func (p *printer) timeline(r *verify.Report) []revisionPart {
	last, first := 0, 0 // revisions: how many there are, and which the first signature closes
	for _, s := range r.Signatures {
		last = max(last, s.Revisions)
		if s.Coverage >= verify.CoverageRevision && (first == 0 || s.Revision < first) {
			first = s.Revision
		}
	}
	events := make(map[int][]row)
	signed := make(map[string]bool) // fields that tell for themselves
	stored := last + 1              // from here on only validation data were added
	for i, s := range r.Signatures {
		if s.Changes >= verify.ChangesLTV {
			stored = min(stored, s.Revision+1)
		}
		signed[s.Field] = true
		text := p.heading(p.words, i+1, s)
		if s.Signer != nil {
			text += " – " + s.Signer.Subject
		}
		if at := cmp.Or(s.BestTime, stampTime(s)); !at.IsZero() {
			text += " – " + p.instant(at)
		} else if !s.ClaimedTime.IsZero() {
			text += " – " + p.instant(s.ClaimedTime) + p.labels.OnlyClaimed
		}
		events[s.Revision] = append(events[s.Revision], row{p.indications[s.Indication], redact.Visible(text), gradeOf(s.Indication)})
	}
	told := make(map[string]bool) // every earlier signature lists the same additions
	for _, s := range r.Signatures {
		for _, a := range s.Additions {
			text := redact.Visible(p.later(a))
			key := fmt.Sprint(a.Revision, text)
			if (a.Kind == "signature" || a.Kind == "timestamp") && signed[a.Field] || told[key] {
				continue
			}
			told[key] = true
			events[a.Revision] = append(events[a.Revision], row{Value: text, Grade: gradeOfAddition(a)})
		}
	}
	var list []revisionPart
	for n := 1; n <= min(last, maxRevisions); n++ {
		if len(events[n]) == 0 {
			note := p.labels.Unexplained
			switch {
			case n == 1:
				note = p.labels.Original
			case n < first:
				note = p.labels.Before
			case n >= stored:
				note = p.labels.ValidationData
			}
			events[n] = []row{{Value: note, Grade: gradeOfRevision(r, n)}}
		}
		list = append(list, revisionPart{p.revision(n), events[n]})
	}
	if last > maxRevisions {
		list = append(list, revisionPart{p.more(last - maxRevisions), nil})
	}
	return list
}

// gradeOfRevision is bad where a signature does not allow what a revision changed, doubt
// where that cannot be told, else "".
func gradeOfRevision(r *verify.Report, n int) string {
	worst := ""
	for _, s := range r.Signatures {
		for _, f := range s.Findings {
			switch {
			case f.Revision != n || !strings.HasPrefix(f.Code, "changes."):
			case f.Severity == verify.SeverityError:
				return "bad"
			case f.Severity == verify.SeverityWarning:
				worst = "doubt"
			}
		}
	}
	return worst
}

// stampTime is the time of a document time stamp.
func stampTime(s *verify.Signature) verify.Time {
	if s.Kind == verify.KindTimestamp && len(s.Timestamps) > 0 {
		return s.Timestamps[0].Time
	}
	return verify.Time{}
}
