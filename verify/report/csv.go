package report

import (
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"

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
		line[i] = harmless(redact.Visible(line[i]))
	}
	return w.csv.Write(line)
}

// harmless keeps a spreadsheet from taking a value for a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}

// Writer returns what takes UTF-8 and writes it in the encoding. A character that Shift_JIS lacks
// becomes [U+20BB7]. What is written must end with a whole character.
func (e Encoding) Writer(w io.Writer) io.Writer {
	switch e {
	case UTF8BOM:
		return &marked{out: w}
	case ShiftJIS:
		return &shiftJIS{out: w, encoder: japanese.ShiftJIS.NewEncoder()}
	}
	return w
}

// marked writes a byte order mark before all else.
type marked struct {
	out   io.Writer
	begun bool
}

func (w *marked) Write(b []byte) (int, error) {
	if !w.begun {
		if _, err := io.WriteString(w.out, "\uFEFF"); err != nil {
			return 0, err
		}
		w.begun = true
	}
	return w.out.Write(b)
}

// shiftJIS encodes what is written to it. It is given whole characters.
type shiftJIS struct {
	out     io.Writer
	encoder *encoding.Encoder
	rest    []byte // of a character that was not written as a whole
}

func (w *shiftJIS) Write(b []byte) (int, error) {
	text := append(w.rest, b...)
	end := len(text) - incomplete(text)
	w.rest = append([]byte(nil), text[end:]...)
	var out []byte
	for _, r := range string(text[:end]) {
		if same, ok := shiftJISForms[r]; ok {
			r = same
		}
		encoded, err := w.encoder.Bytes([]byte(string(r)))
		if err != nil {
			encoded = fmt.Appendf(nil, "[U+%04X]", r)
		}
		out = append(out, encoded...)
	}
	if _, err := w.out.Write(out); err != nil {
		return 0, err
	}
	return len(b), nil
}

// shiftJISForms are characters that Windows writes as others that look the same.
var shiftJISForms = map[rune]rune{'\u301C': '\uFF5E', '\u2212': '\uFF0D', '\u2014': '\u2015', '\u2016': '\u2225', '\u00A2': '\uFFE0', '\u00A3': '\uFFE1', '\u00AC': '\uFFE2', '\u00A5': '\\'}

// incomplete is how many bytes at the end begin a character that is not there as a
// whole.
func incomplete(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if last := b[len(b)-n:]; utf8.RuneStart(last[0]) {
			if utf8.FullRune(last) {
				return 0
			}
			return n
		}
	}
	return 0
}
