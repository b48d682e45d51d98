package contract

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/inkan-go/inkan/internal/typeset"
)

// expected is one thing that stands on a completion certificate.
type expected struct {
	kind  string // the type of its structure element (ISO 32000-2, 14.8.4)
	text  string // of a QR code, what it holds
	other string // what may stand there instead: without personal values
	where string // for people, in the words of the certificate
	row   int    // the row of a table that it is in, counted over all; 0 is none
	// left and right are between which its lines begin, in points.
	left, right float64
}

// expectation is a sheet that keeps what is put onto it.
type expectation struct {
	all     []expected
	heading string
	rows    int
}

func (e *expectation) add(kind, text, where string) {
	e.all = append(e.all, expected{kind: kind, text: text, where: where, left: sheetMargin, right: sheetWidth - sheetMargin})
}

// Heading implements sheet.
func (e *expectation) Heading(level int, text string) {
	e.heading = text
	e.add(fmt.Sprintf("H%d", level), text, text)
}

// Paragraph implements sheet.
func (e *expectation) Paragraph(text string, _ *typeset.Style) {
	e.add("P", text, e.heading)
}

// Space implements sheet.
func (e *expectation) Space(float64) {}

// QRCode implements sheet.
func (e *expectation) QRCode(text string, _ float64, _ typeset.Align, _ string) {
	e.add("Figure", text, "QR")
}

// Table implements sheet.
func (e *expectation) Table(t *typeset.Table) {
	if len(t.Header) > 0 {
		e.row(t, t.Header, func(int) (string, string) { return "TH", e.heading })
	}
	for n, cells := range t.Rows {
		e.row(t, cells, func(k int) (kind, where string) {
			switch {
			case len(t.Header) > 0:
				return "TD", fmt.Sprintf("%s %d, %s", e.heading, n+1, t.Header[k].Text)
			case k == 0:
				return "TH", e.heading + ", " + cells[0].Text
			}
			return "TD", e.heading + ", " + cells[0].Text
		})
	}
}

func (e *expectation) row(t *typeset.Table, cells []typeset.Cell, of func(column int) (kind, where string)) {
	e.rows++
	sum := 0.0
	for _, share := range t.Columns {
		sum += share
	}
	x := sheetMargin
	for k := range cells {
		kind, where := of(k)
		width := (sheetWidth - 2*sheetMargin) * t.Columns[k] / sum
		e.all = append(e.all, expected{kind: kind, text: cells[k].Text, where: where, row: e.rows, left: x, right: x + width})
		x += width
	}
}

// withheld stands for a personal value that was not disclosed: whatever is there.
const withheld = "\uFFFC"

// expect is what should stand on the certificate of a record.
func expect(r *Record, d *Disclosure, l Language, zone *time.Location) (all []expected, w *certificateWords) {
	with, without := &expectation{}, &expectation{}
	w = l.certificateWords()
	(&Contract{Record: *r}).compose(without, w, zone)
	open := *w
	open.withheld = withheld
	(&Contract{Record: *r, Disclosure: d}).compose(with, &open, zone)
	for i := range with.all {
		with.all[i].other = without.all[i].text
	}
	return with.all, w
}

// says tells whether a text that is shown is the one that is wanted. Spaces, and characters that
// show nothing, do not count; of a text that runs from right to left the order does not, either.
func says(shown, want string) bool {
	shown, want = bare(shown), bare(want)
	const longest = 320 // bytes of an address
	before, after, open := strings.Cut(want, withheld)
	if strings.ContainsFunc(want, leftwards) {
		left, ok := without(shown, before+after)
		return ok && (open && left != "" && len(left) <= longest || left == "")
	}
	if !open {
		return shown == want
	}
	rest, ok := strings.CutPrefix(shown, before)
	value, found := strings.CutSuffix(rest, after)
	return ok && found && value != "" && len(value) <= longest
}

// without takes characters out of a text, each as often as it is given; ok is false where one is
// not there.
func without(s, characters string) (left string, ok bool) {
	count := make(map[rune]int)
	for _, r := range characters {
		count[r]++
	}
	left = strings.Map(func(r rune) rune {
		if count[r] > 0 {
			count[r]--
			return -1
		}
		return r
	}, s)
	for _, n := range count {
		if n > 0 {
			return left, false
		}
	}
	return left, true
}

// bare is a text without what shows nothing.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Variation_Selector) {
			return -1
		}
		return r
	}, s)
}

func leftwards(r rune) bool {
	return unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko)
}
