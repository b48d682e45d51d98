package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/inkan-go/inkan/verify"
)

var (
	//go:embed page.css
	pageStyle string
	//go:embed page.html
	pageTemplate string
)

// htmlWriter writes one page: a section for every file, and what all of them came to,
// which the style sheet puts first. The page needs nothing but itself and has no
// script.
type htmlWriter struct {
	*printer
	out     io.Writer
	page    *template.Template // nil before the first report
	summary Summary
}

// begin writes what stands before the first report.
func (w *htmlWriter) begin() error {
	if w.page != nil {
		return nil
	}
	page, err := template.New("page").Parse(pageTemplate)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	w.page = page
	return w.page.ExecuteTemplate(w.out, "head", struct {
		Tag, Title string
		Style      template.CSS
	}{w.tag, w.labels.Title, template.CSS(pageStyle)})
}

func (w *htmlWriter) Write(r *verify.Report) error {
	if err := w.begin(); err != nil {
		return err
	}
	w.summary.Add(r)
	return w.page.ExecuteTemplate(w.out, "file", w.file(r))
}

func (w *htmlWriter) Close() error {
	if err := w.begin(); err != nil {
		return err
	}
	return w.page.ExecuteTemplate(w.out, "foot", struct {
		Title, Text string
		Many        bool
	}{w.labels.Title, w.words.summary(w.summary), w.summary.Files != 1})
}

// filePart is what the page says about one file.
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

// signaturePart is what the page says about one signature.
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

func (w *htmlWriter) file(r *verify.Report) filePart {
	f := filePart{Labels: w.labels, Number: w.summary.Files, Name: visible(r.File), Grade: gradeOf(r.Indication)}
	if r.Error != "" {
		f.Verdict, f.Problem, f.Grade = w.labels.Unreadable, visible(r.Error), "bad"
		return f
	}
	f.Verdict = w.verdictOf(r)
	f.Facts = []row{
		{Label: w.labels.Indication, Value: r.Indication.String()},
		{Label: w.labels.Judged, Value: w.time(r.ValidationTime)},
		{Label: w.labels.Policy, Value: visible(r.Policy)},
	}
	if next := r.NextAction; next != nil {
		f.Facts = append(f.Facts, row{Label: w.labels.Protect, Value: w.time(next.Deadline) + " – " + visible(w.why(next))})
	}
	for _, note := range []struct {
		holds bool
		text  string
	}{{r.Encrypted, w.labels.Encrypted}, {r.Repaired, w.labels.Repaired}} {
		if note.holds {
			f.Facts = append(f.Facts, row{Label: w.labels.File, Value: note.text})
		}
	}
	f.Findings, f.More = w.list(r.Findings)
	for i, s := range r.Signatures {
		f.Signatures = append(f.Signatures, w.signature(i+1, s))
	}
	f.Timeline = w.timeline(r)
	return f
}

func (w *htmlWriter) list(findings []verify.Finding) (shown []found, more string) {
	shown, n := w.found(findings)
	for i := range shown {
		shown[i].Text, shown[i].Where = visible(shown[i].Text), visible(shown[i].Where)
	}
	if n > 0 {
		more = w.more(n)
	}
	return shown, more
}

func (w *htmlWriter) signature(n int, s *verify.Signature) signaturePart {
	part := signaturePart{
		Labels: w.labels, Heading: visible(w.heading(w.words, n, s)), Word: w.indications[s.Indication], Grade: gradeOf(s.Indication),
		Code: s.Indication.String(), Rows: w.rows(s), Details: w.details(s),
	}
	if s.SubIndication != "" {
		part.Code += " / " + string(s.SubIndication)
	}
	for _, c := range s.Chain {
		note := w.revocations[c.Revocation]
		if c.Anchor {
			note = w.labels.Anchor
		} else if source := w.sources[c.Source]; source != "" {
			note += w.labels.And + source
		}
		if c.ThisUpdate != "" && !c.Anchor {
			note += w.labels.And + w.instant(c.ThisUpdate)
		}
		part.Chain = append(part.Chain, row{c.Subject, note, grade(c.Anchor || c.Revocation >= verify.RevocationNotNeeded, c.Revocation != verify.RevocationRevoked)})
	}
	part.Findings, part.More = w.list(s.Findings)
	for _, list := range [][]row{part.Rows, part.Details, part.Chain} {
		for i := range list {
			list[i].Label, list[i].Value = visible(list[i].Label), visible(list[i].Value)
		}
	}
	return part
}

// details are for those who compare with other tools.
func (w *htmlWriter) details(s *verify.Signature) []row {
	var list []row
	add := func(label, value string) {
		if value != "" {
			list = append(list, row{Label: label, Value: value})
		}
	}
	if s.Signer != nil {
		add(w.labels.Issuer, s.Signer.Issuer)
		add(w.labels.Serial, s.Signer.Serial)
		add(w.labels.Fingerprint, s.Signer.SHA256)
	}
	add(w.labels.Digest, s.DocumentDigest)
	if len(s.ByteRange) > 0 {
		add(w.labels.Range, fmt.Sprint(s.ByteRange[:min(len(s.ByteRange), 8)]))
	}
	for _, t := range s.Timestamps {
		add(w.labels.StampAuthority, t.TSA)
		add(w.labels.StampExpires, w.instant(t.TSANotAfter))
		add(w.labels.StampSerial, t.Serial)
		add(w.labels.StampPolicy, t.Policy)
		add(w.labels.StampImprint, strings.TrimSpace(t.ImprintHash+" "+t.Imprint))
		add(w.labels.StampAccredited, t.Accredited)
	}
	return list
}

// timeline tells revision by revision what happened to a file, oldest first.
func (w *htmlWriter) timeline(r *verify.Report) []revisionPart {
	last := 0
	for _, s := range r.Signatures {
		last = max(last, s.Revisions)
	}
	events := make(map[int][]row)
	signed := make(map[string]bool) // fields that tell for themselves
	stored := last + 1              // from here on only validation data were added
	for i, s := range r.Signatures {
		if s.Changes >= verify.ChangesLTV {
			stored = min(stored, s.Revision+1)
		}
		signed[s.Field] = true
		text := w.heading(w.words, i+1, s)
		if s.Signer != nil {
			text += " – " + s.Signer.Subject
		}
		if time := firstOf(s.BestTime, stampTime(s), s.ClaimedTime); time != "" {
			text += " – " + w.instant(time)
		}
		events[s.Revision] = append(events[s.Revision], row{w.indications[s.Indication], visible(text), gradeOf(s.Indication)})
	}
	told := make(map[string]bool) // every earlier signature lists the same additions
	for _, s := range r.Signatures {
		for _, a := range s.Additions {
			text := visible(w.later(a))
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
			note := w.labels.Unexplained
			switch {
			case n == 1:
				note = w.labels.Original
			case n >= stored:
				note = w.labels.ValidationData
			}
			events[n] = []row{{Value: note}}
		}
		list = append(list, revisionPart{w.revision(n), events[n]})
	}
	if last > maxRevisions {
		list = append(list, revisionPart{w.more(last - maxRevisions), nil})
	}
	return list
}

// stampTime is the time of a document time stamp.
func stampTime(s *verify.Signature) string {
	if s.Kind == verify.KindTimestamp && len(s.Timestamps) > 0 {
		return s.Timestamps[0].Time
	}
	return ""
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
