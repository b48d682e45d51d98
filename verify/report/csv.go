package report

import (
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/inkan-go/inkan/internal/redact"
	"github.com/inkan-go/inkan/verify"
)

// csvWriter writes a line for every time stamp, for every signature that has none, and
// for every file without a signature, after a line with the names of the columns (RFC
// 4180). The columns are those that batch verification of time stamps asks for in
// Japan, what belongs to the signatures, and until when the file is provable. All times
// are in one time zone, which the names of their columns say, so that spreadsheets take
// them for times.
type csvWriter struct {
	*printer
	csv   *csv.Writer
	begun bool
	zone  *time.Location // that of the first report, without changes in summer
}

func newCSVWriter(w io.Writer, o Options) *csvWriter {
	c := &csvWriter{printer: newPrinter(o)}
	c.csv = csv.NewWriter(o.Encoding.Writer(w))
	c.csv.UseCRLF = true
	return c
}

// begin writes the line with the names of the columns. The first report was made at that
// time.
func (w *csvWriter) begin(at time.Time) error {
	if w.begun {
		return nil
	}
	w.begun = true
	_, offset := at.In(w.location).Zone()
	w.zone = time.FixedZone("", offset)
	names := slices.Clone(w.words.columns)
	for _, i := range columnsOfTimes {
		names[i] += " (" + strings.Replace(at.In(w.zone).Format("UTC-07:00"), "UTC+00:00", "UTC", 1) + ")"
	}
	return w.csv.Write(names)
}

// columnsOfTimes are the places of the columns that hold times.
var columnsOfTimes = []int{2, 8, 9, 12, 16, 22}

// moment writes a time of the report in the zone of the columns, "" where there is none.
func (w *csvWriter) moment(t verify.Time) string {
	if t.IsZero() {
		return ""
	}
	return w.momentOf(t.Time)
}

func (w *csvWriter) momentOf(t time.Time) string {
	return t.In(w.zone).Format(w.words.spreadsheetLayout)
}

func (w *csvWriter) Write(r *verify.Report) error {
	if err := w.begin(r.ValidationTime); err != nil {
		return err
	}
	if err := w.report(r); err != nil {
		return err
	}
	w.csv.Flush()
	return w.csv.Error()
}

func (w *csvWriter) Close() error {
	err := w.begin(time.Time{})
	w.csv.Flush()
	if err == nil {
		err = w.csv.Error()
	}
	return err
}

func (w *csvWriter) report(r *verify.Report) error {
	if r.Error != "" {
		return w.line([]string{r.File, w.labels.Unreadable}, nil, nil, "", r.Error)
	}
	file := []string{r.File, w.indications[r.Indication], w.momentOf(r.ValidationTime)}
	until := ""
	if r.NextAction != nil {
		until = w.momentOf(r.NextAction.Deadline)
	}
	if len(r.Signatures) == 0 {
		return w.line(file, nil, nil, until, "")
	}
	for _, s := range r.Signatures {
		signer := ""
		if s.Signer != nil {
			signer = s.Signer.Subject
		}
		signature := []string{s.Field, w.kinds[s.Kind], w.indications[s.Indication], string(s.SubIndication), signer,
			w.moment(s.ClaimedTime), w.moment(s.BestTime), s.Level}
		if len(s.Timestamps) == 0 {
			if err := w.line(file, signature, nil, until, ""); err != nil {
				return err
			}
		}
		for _, t := range s.Timestamps {
			if err := w.line(file, signature, w.timestamp(t), until, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

// timestamp returns the columns of a time stamp.
func (w *csvWriter) timestamp(t verify.Timestamp) []string {
	status := w.indications[t.Indication]
	if !t.Valid {
		status = w.indications[verify.TotalFailed]
	}
	serial := t.Serial
	if serial != "" {
		serial = "0x" + serial // so that no spreadsheet takes it for a number
	}
	hash, _ := hex.DecodeString(t.Imprint)
	return []string{w.stamps[t.Kind], w.moment(t.Time), status, t.TSA, t.TSASHA256, w.moment(t.TSANotAfter), serial, t.Policy,
		t.ImprintHash, base64.StdEncoding.EncodeToString(hash), t.Accredited}
}

// line writes one line: 3 columns about the file, 8 about the signature, 11 about the
// time stamp, until when the file is provable, and the error.
func (w *csvWriter) line(file, signature, stamp []string, until, problem string) error {
	line := make([]string, len(w.words.columns))
	copy(line, file)
	copy(line[3:], signature)
	copy(line[11:], stamp)
	line[len(line)-2], line[len(line)-1] = until, problem
	for i := range line {
		line[i] = redact.Cell(redact.Visible(line[i]))
	}
	return w.csv.Write(line)
}
