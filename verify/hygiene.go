package verify

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/inkan-go/inkan/internal/content"
	"github.com/inkan-go/inkan/internal/pdf"
)

// inspect adds findings about the revision that was signed first: what it holds
// besides what it shows, from which a later change could draw. They are hints
// and no faults; nothing found is run or followed.
func (f *file) inspect() {
	revision := 0
	for _, c := range f.candidates {
		if c.closes && !c.isTimestamp() && (revision == 0 || c.revision < revision) {
			revision = c.revision
		}
	}
	if revision == 0 {
		return
	}
	h := f.history.Inspect(revision)
	at := place{revision: revision, offset: -1}
	if n := len(h.Unused) + h.Others; n > 0 {
		f.hint("hygiene.unused", place{h.Unused[0], revision, -1}, n, references(h.Unused, h.Others))
	}
	if h.Hidden >= 0 {
		f.hint("hygiene.hidden", place{revision: revision, offset: h.Hidden}, h.Hidden)
	}
	if h.Opening != "" {
		f.hint("hygiene.opening", at, h.Opening)
	}
	seen := make(map[pdf.Name]bool)
	for _, a := range h.Actions {
		if !seen[a.Name] {
			seen[a.Name] = true
			f.hint("hygiene.active", place{a.Ref, revision, -1}, a.Name)
		}
	}
	if f.inspectFields(revision) || h.Cut {
		f.hint("hygiene.cut", at)
	}
}

func (f *file) hint(code string, at place, args ...any) {
	f.report.Findings = append(f.report.Findings, newFinding(code, at, args...))
}

func references(list []pdf.Reference, others int) string {
	text := make([]string, 0, len(list))
	for _, r := range list {
		text = append(text, r.String())
	}
	out := strings.Join(text, ", ")
	if others > 0 {
		out += fmt.Sprintf(" and %d more", others)
	}
	return out
}

// inspectFields compares what fields show with their values and with what lies
// under them. It tells whether some were left out.
func (f *file) inspectFields(revision int) (cut bool) {
	view := f.pdf.View(revision)
	form := f.forms.at(revision)
	if form == nil || form.Dict == nil {
		return false
	}
	w := &fieldWalk{file: f, view: view, revision: revision, seen: make(map[pdf.Reference]bool)}
	fields, err := view.Array(form.Dict.Get("Fields"))
	if err != nil || fields == nil {
		return false
	}
	for _, item := range fields.Items {
		w.node(item, shownField{}, 0)
	}
	return w.cut
}

// fieldWalk goes through the fields of one revision.
type fieldWalk struct {
	file     *file
	view     *pdf.View
	revision int
	seen     map[pdf.Reference]bool
	visited  int // fields, those that are no indirect objects too
	hints    int
	cut      bool
}

// shownField is what a field takes from those above it.
type shownField struct {
	name  string
	kind  pdf.Name
	flags int64
	value pdf.Object
}

// flagPassword is the flag of text fields whose appearance hides the value (ISO
// 32000-2, Table 228).
const flagPassword = 1 << 13

func (w *fieldWalk) node(item pdf.Object, from shownField, depth int) {
	ref, _ := item.(pdf.Reference)
	if w.seen[ref] && !ref.IsZero() {
		return
	}
	if w.visited++; w.visited > maxInspectedFields || depth > maxInspectedDepth {
		w.cut = true
		return
	}
	w.seen[ref] = true
	d, err := w.view.Dict(item)
	if err != nil || d == nil {
		return
	}
	if t, err := w.view.Text(d.Get("T")); err == nil && t != "" {
		from.name = strings.TrimPrefix(from.name+"."+t, ".")
	}
	if k, err := w.view.Name(d.Get("FT")); err == nil && k != "" {
		from.kind = k
	}
	from.flags, _ = w.view.Integer(d.Get("Ff"), from.flags)
	if d.Has("V") {
		from.value = d.Get("V")
	}
	kids, err := w.view.Array(d.Get("Kids"))
	if err == nil && kids != nil {
		for _, kid := range kids.Items {
			w.node(kid, from, depth+1)
		}
	}
	if from.kind == "Tx" || from.kind == "Ch" {
		w.widget(d, ref, from)
	}
}

// widget looks at one widget of a text or choice field.
func (w *fieldWalk) widget(d *pdf.Dict, ref pdf.Reference, field shownField) {
	appearance, err := w.view.Dict(d.Get("AP"))
	if err != nil || appearance == nil {
		return
	}
	stream, err := w.view.StreamObject(appearance.Get("N"))
	if err != nil || stream == nil {
		return
	}
	at := place{ref, w.revision, -1}
	shown := content.Form(w.view, stream)
	if value, ok := w.text(field); ok && shown.Plain && !shown.Unknown && len(shown.Text) > 0 && field.flags&flagPassword == 0 {
		if text := letters(pdf.DecodeText(shown.Text)); value != text && !d.Has("AA") {
			w.hint("hygiene.value", at, field.name)
		}
	}
	if len(shown.Areas) > 0 {
		w.over(d, at, field.name)
	}
}

func (w *fieldWalk) hint(code string, at place, args ...any) {
	if w.hints++; w.hints <= maxFieldHints {
		w.file.hint(code, at, args...)
	} else {
		w.cut = true
	}
}

// text returns the value of a field where it is one text that can be compared:
// without spaces, and of letters that every font shows the same way.
func (w *fieldWalk) text(field shownField) (string, bool) {
	s, err := w.view.Text(field.value)
	if err != nil {
		return "", false
	}
	for _, r := range s {
		if r > unicode.MaxASCII {
			return "", false
		}
	}
	return letters(s), field.kind == "Tx"
}

// letters returns the letters and digits of a text.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// over tells of a field that stands over text of its page.
func (w *fieldWalk) over(d *pdf.Dict, at place, name string) {
	area, ok := content.NewArea(w.view.Rectangle(d.Get("Rect")))
	page, isRef := d.Get("P").(pdf.Reference)
	if !ok || !isRef {
		return
	}
	painted := w.file.paintedOn(w.view, page)
	if painted == nil {
		w.cut = true
		return
	}
	for _, text := range painted.Texts {
		if text.Overlaps(area) {
			w.hint("hygiene.over", at, name)
			return
		}
	}
}
