package report

import (
	"fmt"
	"image/color"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/inkan-go/inkan/internal/font"
	"github.com/inkan-go/inkan/internal/typeset"
	"github.com/inkan-go/inkan/verify"
)

// pdfWriter writes one document with a part for every file. What is said is kept
// until Close, since page numbers and fonts depend on all of it.
type pdfWriter struct {
	*printer
	out     io.Writer
	options Options
	summary Summary
	files   []filePart
}

func (w *pdfWriter) Write(r *verify.Report) error {
	w.summary.Add(r)
	w.files = append(w.files, w.file(r))
	return nil
}

func (w *pdfWriter) Close() error {
	fonts, err := w.fonts()
	if err != nil {
		return err
	}
	made := w.options.Time
	if made.IsZero() {
		made = time.Now()
	}
	title := w.title()
	p := &pdfPage{printer: w.printer, Document: typeset.New(&typeset.Options{
		Title: title, Language: w.tag, Time: made.In(w.location), Fonts: fonts, Substitute: true,
		Footer: func(page, pages int) typeset.Running {
			return typeset.Running{Left: title, Right: fmt.Sprintf("%d / %d", page, pages)}
		},
	})}
	p.Heading(1, w.labels.Title)
	if w.summary.Files != 1 {
		p.Paragraph(w.words.summary(w.summary), nil)
	}
	for i := range w.files {
		p.file(&w.files[i])
	}
	if err := p.Document.Write(w.out); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// title names the document: of a single file with its name.
func (w *pdfWriter) title() string {
	const longest = 60 // characters
	if len(w.files) != 1 {
		return w.labels.Title
	}
	name := []rune(w.files[0].Name)
	if len(name) > longest {
		name = append(name[:longest], '…')
	}
	return w.labels.Title + " – " + string(name)
}

// fonts returns the fonts of the document: in Japanese those that hold it come
// first, so that all is of one kind.
func (w *pdfWriter) fonts() ([]*font.Font, error) {
	latin, err := font.Latin()
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	given, err := parseFonts(w.options.Fonts)
	if err != nil {
		return nil, err
	}
	all := append(given, latin)
	missing := font.Missing(all, w.said())
	if len(missing) == 0 || w.options.FindFonts == nil {
		return all, nil
	}
	found, err := w.options.FindFonts(strings.Join(missing, ""))
	if err != nil {
		return nil, err
	}
	more, err := parseFonts(found)
	if err != nil {
		return nil, err
	}
	at := len(all)
	if w.wide {
		at = len(given)
	}
	return slices.Insert(all, at, more...), nil
}

func parseFonts(list []Font) ([]*font.Font, error) {
	var fonts []*font.Font
	for _, f := range list {
		parsed, err := font.Parse(f.Data, f.Index)
		if err != nil {
			return nil, fmt.Errorf("report: %w", err)
		}
		fonts = append(fonts, parsed)
	}
	return fonts, nil
}

// said is every character of the document, each once.
func (w *pdfWriter) said() string {
	said := make(map[rune]bool)
	var b strings.Builder
	add := func(texts ...string) {
		for _, text := range texts {
			for _, r := range text {
				if !said[r] {
					said[r] = true
					b.WriteRune(r)
				}
			}
		}
	}
	rows := func(lists ...[]row) {
		for _, list := range lists {
			for _, r := range list {
				add(r.Label, r.Value)
			}
		}
	}
	findings := func(list []found, more string) {
		for _, f := range list {
			add(f.Severity, f.Text, f.Where)
		}
		add(more)
	}
	add(w.title(), w.labels.Timeline, w.labels.Chain, w.words.summary(w.summary))
	for i := range w.files {
		f := &w.files[i]
		add(f.Name, f.Verdict, f.Problem)
		rows(f.Facts)
		findings(f.Findings, f.More)
		for _, revision := range f.Timeline {
			add(revision.Name)
			rows(revision.Events)
		}
		for _, s := range f.Signatures {
			add(s.Heading, s.Word, s.Code)
			rows(s.Rows, s.Details, s.Chain)
			findings(s.Findings, s.More)
		}
	}
	return b.String()
}

// pdfPage puts the parts of a report into a document.
type pdfPage struct {
	*printer
	*typeset.Document
}

func (p *pdfPage) file(f *filePart) {
	p.Begin()
	defer p.End()
	p.Heading(2, orDash(f.Name))
	ink, panel := inks(f.Grade)
	banner := &typeset.Style{Size: 12, Bold: true, Color: ink, Background: panel, Bar: ink}
	p.Paragraph(f.Verdict, banner)
	if f.Problem != "" {
		p.Paragraph(f.Problem, nil)
	}
	p.rows(f.Facts)
	p.findings(f.Findings, f.More)
	if len(f.Timeline) > 0 {
		p.Heading(3, p.labels.Timeline)
		p.timeline(f.Timeline)
	}
	for i := range f.Signatures {
		p.signature(&f.Signatures[i])
	}
}

func (p *pdfPage) signature(s *signaturePart) {
	p.Begin()
	defer p.End()
	p.Heading(3, s.Heading)
	ink, panel := inks(s.Grade)
	p.Paragraph(capital(s.Word)+" – "+s.Code, &typeset.Style{Bold: true, Color: ink, Background: panel, Bar: ink})
	p.rows(s.Rows)
	p.findings(s.Findings, s.More)
	if len(s.Chain) > 0 {
		p.Heading(4, p.labels.Chain)
		t := &typeset.Table{Columns: []float64{5, 3}, RowHeaders: true}
		for _, c := range s.Chain {
			ink, _ := inks(c.Grade)
			t.Rows = append(t.Rows, []typeset.Cell{{Text: orDash(c.Label)}, {Text: capital(c.Value), Style: &typeset.Style{Color: ink}}})
		}
		p.Table(t)
	}
	p.small(s.Details)
}

// rows are a table of labels and values.
func (p *pdfPage) rows(list []row) { p.table(list, 0) }

// small are rows that matter to few.
func (p *pdfPage) small(list []row) { p.table(list, 8) }

func (p *pdfPage) table(list []row, size float64) {
	if len(list) == 0 {
		return
	}
	t := &typeset.Table{Columns: []float64{1, 3}, RowHeaders: true}
	for i, r := range list {
		if i > 0 && r.Label == list[i-1].Label && r.Grade == list[i-1].Grade {
			last := t.Rows[len(t.Rows)-1]
			last[1].Text += "\n" + r.Value
			continue
		}
		ink, _ := inks(r.Grade)
		t.Rows = append(t.Rows, []typeset.Cell{
			{Text: capital(r.Label), Style: &typeset.Style{Size: size, Color: color.Gray{0x55}}},
			{Text: r.Value, Style: &typeset.Style{Size: size, Color: ink}},
		})
	}
	p.Table(t)
}

func (p *pdfPage) findings(list []found, more string) {
	if len(list) > 0 {
		t := &typeset.Table{Columns: []float64{1, 7}, RowHeaders: true}
		for _, f := range list {
			ink, _ := inks(f.Grade)
			t.Rows = append(t.Rows, []typeset.Cell{{Text: capital(f.Severity), Style: &typeset.Style{Color: ink, Bold: true}}, {Text: f.Text, Note: f.Where}})
		}
		p.Table(t)
	}
	if more != "" {
		p.Paragraph(more, nil)
	}
}

func (p *pdfPage) timeline(list []revisionPart) {
	t := &typeset.Table{Columns: []float64{1, 1, 5}, RowHeaders: true}
	for _, revision := range list {
		name := revision.Name
		if len(revision.Events) == 0 {
			t.Rows = append(t.Rows, typeset.Cells(name, "", ""))
		}
		for _, e := range revision.Events {
			ink, _ := inks(e.Grade)
			t.Rows = append(t.Rows, []typeset.Cell{
				{Text: name}, {Text: capital(e.Label), Style: &typeset.Style{Color: ink, Bold: true}}, {Text: e.Value},
			})
			name = ""
		}
	}
	p.Table(t)
}

// inks are the colours of a grade: dark enough on white and on their panel
// (contrast above 4.5 to 1), as on the HTML page.
func inks(grade string) (ink, panel color.Color) {
	switch grade {
	case "good":
		return color.RGBA{0x14, 0x71, 0x3a, 255}, color.RGBA{0xe7, 0xf4, 0xeb, 255}
	case "doubt":
		return color.RGBA{0x85, 0x55, 0, 255}, color.RGBA{0xfd, 0xf3, 0xdc, 255}
	case "bad":
		return color.RGBA{0xb3, 0x21, 0x1b, 255}, color.RGBA{0xfd, 0xec, 0xeb, 255}
	}
	return color.Black, color.White
}

// capital begins a text with a capital letter.
func capital(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	return string(unicode.ToTitle(r)) + text[size:]
}

// orDash stands for an empty text where something must stand.
func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}
