package report

import (
	"io"
	"strings"

	"github.com/inkan-go/inkan/internal/redact"
	"github.com/inkan-go/inkan/verify"
)

// textWriter writes reports as plain text: the verdict first, then one paragraph a
// signature. Of a file that could not be read it says why. Control characters in
// anything that stems from the file are made visible.
type textWriter struct {
	*printer
	out     io.Writer
	written bool
}

func (w *textWriter) Write(r *verify.Report) error {
	t := &text{printer: w.printer}
	if w.written {
		t.WriteByte('\n')
	}
	w.written = true
	if r.Error != "" {
		t.line(0, r.File+": "+w.labels.Unreadable+": "+r.Error)
	} else {
		t.report(r)
	}
	_, err := io.WriteString(w.out, t.String())
	return err
}

func (w *textWriter) Close() error { return nil }

// text is a report being written.
type text struct {
	*printer
	strings.Builder
}

// line writes one line, indented by steps of two blanks.
func (t *text) line(indent int, s string) { t.hanging(strings.Repeat("  ", indent), 2*indent+2, s) }

// hanging writes one line that begins with a prefix, and where it is broken goes on
// indented by so many blanks. What stems from the file cannot begin a line of its own.
func (t *text) hanging(prefix string, indent int, s string) {
	s = redact.Visible(s)
	lines := []string{s}
	if t.width > 0 {
		lines = wrapped(s, t.width-indent)
	}
	for _, line := range lines {
		t.WriteString(prefix + line + "\n")
		prefix = strings.Repeat(" ", indent)
	}
}

// labelled writes a line with a label.
func (t *text) labelled(label, s string) {
	columns := 11
	if t.wide {
		columns = 15
	}
	t.hanging("  "+pad(redact.Visible(label), columns-1)+" ", 2+columns, s)
}

func (t *text) report(r *verify.Report) {
	t.line(0, r.File+": "+t.verdictOf(r))
	t.line(1, t.judged(r, t.time(r.ValidationTime)))
	if r.Encrypted {
		t.line(1, t.labels.Encrypted)
	}
	if r.Repaired {
		t.line(1, t.labels.Repaired)
	}
	if next := r.NextAction; next != nil {
		t.line(1, t.protect(t.time(next.Deadline), t.why(next)))
	}
	t.list(r.Findings)
	for i, s := range r.Signatures {
		t.WriteByte('\n')
		t.signature(i+1, s)
	}
}

// signature writes the paragraph of one signature.
func (t *text) signature(n int, s *verify.Signature) {
	verdict := s.Indication.String()
	if s.SubIndication != "" {
		verdict += " / " + string(s.SubIndication)
	}
	t.line(0, t.heading(t.words, n, s)+": "+t.verdictWord(s)+verdict)
	for _, r := range t.rows(s) {
		t.labelled(r.Label, r.Value)
	}
	t.list(s.Findings)
}

// verdictWord is the verdict in the language of the report, where the name that the
// standard gives it is not of that language.
func (t *text) verdictWord(s *verify.Signature) string {
	if t.words == &inEnglish {
		return ""
	}
	return t.indications[s.Indication] + " "
}

// list writes what was found.
func (t *text) list(findings []verify.Finding) {
	shown, more := t.found(findings)
	for _, f := range shown {
		t.labelled(f.Severity, f.Text+" ("+f.Where+")")
	}
	if more > 0 {
		t.labelled("", t.more(more))
	}
}
