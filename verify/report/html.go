package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"

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
	part := w.file(r)
	part.Number = w.summary.Files
	return w.page.ExecuteTemplate(w.out, "file", part)
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
