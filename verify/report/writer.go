package report

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/inkan-go/inkan/verify"
)

// Writer writes reports one after another. It is not safe for concurrent use.
type Writer interface {
	// Write writes one report. Output may be kept until Close.
	Write(r *verify.Report) error
	// Close ends the output. It does not close what is written to.
	Close() error
}

// NewWriter returns a writer for a format; nil options mean the defaults.
func NewWriter(w io.Writer, f Format, o *Options) (Writer, error) {
	options := o.orDefault()
	switch f {
	case Text:
		return &textWriter{printer: newPrinter(options), out: w}, nil
	case JSON:
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		return jsonWriter{e}, nil
	case HTML:
		return &htmlWriter{printer: newPrinter(options), out: w}, nil
	case CSV:
		return newCSVWriter(w, options), nil
	case XML:
		return newXMLWriter(w, options), nil
	case PDF:
		return &pdfWriter{printer: newPrinter(options), out: w, options: options}, nil
	}
	return nil, fmt.Errorf("report: the format %q is none of %v", f, Formats())
}

// Write writes reports in a format; nil options mean the defaults.
func Write(w io.Writer, f Format, o *Options, reports ...*verify.Report) error {
	writer, err := NewWriter(w, f, o)
	if err != nil {
		return err
	}
	for _, r := range reports {
		if err := writer.Write(r); err != nil {
			return err
		}
	}
	return writer.Close()
}

// jsonWriter writes one report a line. Characters are written as they are, not
// escaped for use inside HTML.
type jsonWriter struct{ *json.Encoder }

func (w jsonWriter) Write(r *verify.Report) error { return w.Encode(r) }

func (jsonWriter) Close() error { return nil }
