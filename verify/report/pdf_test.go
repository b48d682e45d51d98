package report_test

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/font/gofont/gomono"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verify/report"
)

// gothic is a Japanese font of the system.
func gothic(t *testing.T) report.Font {
	t.Helper()
	return report.Font{Data: peertest.File(t, peertest.Gothic)}
}

func made() time.Time { return time.Date(2026, 4, 2, 9, 0, 0, 0, time.UTC) }

// many is a report with n signatures, each like those of archived.
func many(n int) *verify.Report {
	r := archived()
	kinds := r.Signatures
	r.Signatures = nil
	for i := range n {
		s := *kinds[i%len(kinds)]
		s.Field, s.Revision, s.Revisions = fmt.Sprintf("Field%d", i+1), i+2, n+1
		r.Signatures = append(r.Signatures, &s)
	}
	return r
}

// shown returns the text of a PDF as poppler reads it.
func shown(t *testing.T, data string) string {
	t.Helper()
	program := peertest.Program(t, "pdftotext")
	name := filepath.Join(t.TempDir(), "report.pdf")
	require.NoError(t, os.WriteFile(name, []byte(data), 0o600))
	text, err := exec.Command(program, "-raw", name, "-").CombinedOutput()
	require.NoError(t, err, "%s", text)
	return string(text)
}

// letters leaves out what depends on how lines were broken.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}

var tag = regexp.MustCompile(`<[^>]*>`)

// pieces returns what an HTML page says, piece by piece.
func pieces(page string) []string {
	_, body, _ := strings.Cut(page, "<body>")
	var list []string
	for _, piece := range tag.Split(body, -1) {
		if piece = strings.TrimSpace(html.UnescapeString(piece)); piece != "" {
			list = append(list, piece)
		}
	}
	return list
}

// TestPDFText: all that HTML says of 1, 3 and 20 signatures stands in the PDF and can
// be read back, in both languages.
func TestPDFText(t *testing.T) {
	for _, language := range []report.Language{report.English, report.Japanese} {
		for _, n := range []int{1, 3, 20} {
			o := &report.Options{Language: language, Location: tokyo(), Time: made(), Fonts: []report.Font{gothic(t)}}
			said := letters(shown(t, write(t, report.PDF, o, many(n))))
			list := pieces(write(t, report.HTML, o, many(n)))
			require.Greater(t, len(list), 15*n)
			for _, piece := range list {
				require.Contains(t, said, letters(piece), "%v, %d signatures", language, n)
			}
		}
	}
}

// page returns the number of pages and the title of a PDF.
func page(t *testing.T, data string) (pages int64, title string) {
	t.Helper()
	f, err := pdf.Open(strings.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	require.Empty(t, f.Anomalies())
	v := f.Latest()
	catalog, err := v.Catalog()
	require.NoError(t, err)
	tree, err := v.Dict(catalog.Dict().Get("Pages"))
	require.NoError(t, err)
	pages, err = v.Integer(tree.Get("Count"), 0)
	require.NoError(t, err)
	info, err := v.Dict(v.Trailer().Get("Info"))
	require.NoError(t, err)
	title, err = v.Text(info.Get("Title"))
	require.NoError(t, err)
	return pages, title
}

// TestPDF: a document of one file has its name, one of many has not; equal reports
// give equal bytes.
func TestPDF(t *testing.T) {
	o := &report.Options{Time: made()}
	data := write(t, report.PDF, o, passed())
	require.Equal(t, data, write(t, report.PDF, o, passed()))
	pages, title := page(t, data)
	require.EqualValues(t, 1, pages)
	require.Equal(t, "Validation report – contract.pdf", title)
	pages, title = page(t, write(t, report.PDF, o, archived(), unsigned(), unreadable(), &verify.Report{}))
	require.Greater(t, pages, int64(2))
	require.Equal(t, "Validation report", title)
	pages, _ = page(t, write(t, report.PDF, o))
	require.EqualValues(t, 1, pages, "of no file")
	require.Contains(t, write(t, report.PDF, &report.Options{Language: report.Japanese, Time: made(), Location: tokyo()}, passed()), "2026-04-02T18:00:00+09:00")
	require.NotContains(t, write(t, report.PDF, nil, passed()), "0001-01-01", "made now")
}

// TestPDFFonts: fonts are asked for only where those at hold lack a character, and
// what no font holds is named.
func TestPDFFonts(t *testing.T) {
	var asked []string
	o := &report.Options{Time: made(), FindFonts: func(characters string) ([]report.Font, error) {
		asked = append(asked, characters)
		return []report.Font{{Data: gomono.TTF}}, nil
	}}
	r := passed()
	r.Signatures[0].Name, r.Signatures[0].Signer.Subject = "Zoë", "CN=Zoë"
	write(t, report.PDF, o, r)
	require.Empty(t, asked)
	data := write(t, report.PDF, o, passed())
	require.Equal(t, []string{"山田太郎"}, asked)
	require.Contains(t, letters(shown(t, data)), "[u+5c71][u+7530]")

	o.FindFonts = func(string) ([]report.Font, error) { return nil, errors.New("no such font") }
	require.ErrorContains(t, report.Write(&bytes.Buffer{}, report.PDF, o, passed()), "no such font")
	o.FindFonts = func(string) ([]report.Font, error) { return []report.Font{{Data: []byte("no font")}}, nil }
	require.ErrorContains(t, report.Write(&bytes.Buffer{}, report.PDF, o, passed()), "report: font:")
	o.Fonts = []report.Font{{}}
	require.ErrorContains(t, report.Write(&bytes.Buffer{}, report.PDF, o, r), "report: font:")
}

// TestPDFHostile: what stems from a file cannot end the report, whatever it is.
func TestPDFHostile(t *testing.T) {
	for _, text := range []string{
		"a\nb\r\x1b[2J\u202e\u2028", strings.Repeat("W", 4500), strings.Repeat("word ", 1000), "\x00\ufffe\uffff\U0010ffff", ") Tj ET endstream endobj", "\u0301\u0301", "\U000e0100",
	} {
		r := archived()
		r.File = text
		s := r.Signatures[0]
		s.Name, s.Reason, s.Field, s.Signer.Subject, s.Chain[0].Subject = text, text, text, text, text
		r.Findings = []verify.Finding{{Code: "x", Text: text, Clause: text}}
		pages, _ := page(t, write(t, report.PDF, &report.Options{Time: made()}, r))
		require.Positive(t, pages)
	}
}
