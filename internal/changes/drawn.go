package changes

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/inkan-go/inkan/internal/content"
	"github.com/inkan-go/inkan/internal/pdf"
)

// asked tells whether a form asks readers to draw its fields (ISO 32000-2, Table
// 224, NeedAppearances).
func asked(form slot) bool {
	switch v := form.get("NeedAppearances").peek().value.(type) {
	case pdf.Null:
		return false
	case pdf.Boolean:
		return bool(v)
	}
	return true
}

// independent tells whether no field needs what the form supplies to be drawn:
// all that hold a value bring an appearance, every appearance brings what it
// draws with, and no reader is asked to make one.
func (c *comparison) independent(old, now slot) bool {
	return !asked(old) && !asked(now) && (&drawn{left: maxFields}).form(old)
}

// redrawable tells whether it makes no difference who draws the fields: what
// they show is the value that they have, where they were drawn themselves.
func (c *comparison) redrawable(old, now slot) bool {
	drawnHere := old
	if asked(old) {
		drawnHere = now
	}
	return (&drawn{left: maxFields, same: true}).form(drawnHere)
}

// drawn walks a field tree to see whether every value has an appearance and,
// where same is set, whether that shows the value.
type drawn struct {
	left int
	same bool
}

func (w *drawn) form(form slot) bool {
	fields := form.get("Fields").peek()
	for i := range fields.items() {
		if !w.field(fields.item(i).peek(), inheritedValue{}, 0) {
			return false
		}
	}
	return true
}

// inheritedValue is what a widget takes from the fields above it.
type inheritedValue struct {
	kind  pdf.Name
	value slot
}

func (w *drawn) field(f slot, from inheritedValue, depth int) bool {
	if w.left--; w.left < 0 || depth > maxTree {
		return false
	}
	if f.dict() == nil {
		return true
	}
	if kind, ok := f.get("FT").peek().value.(pdf.Name); ok {
		from.kind = kind
	}
	if from.kind == "Sig" && w.same {
		return true
	}
	if !w.same && borrows(f) {
		return false
	}
	if v := f.get("V").peek(); !v.absent() {
		from.value = v
	}
	kids := f.get("Kids").peek()
	for i := range kids.items() {
		if !w.field(kids.item(i).peek(), from, depth+1) {
			return false
		}
	}
	if len(kids.items()) > 0 || from.value.absent() || from.kind == "Sig" {
		return true
	}
	return w.shows(f, from)
}

// uses finds the operators that look for something in resources (ISO 32000-2,
// Annex A).
var uses = regexp.MustCompile(`\b(Do|Tf|gs|cs|CS|scn|SCN|sh|BDC|DP)\b`)

// borrows tells whether an appearance of a widget has no resources of its own and
// uses some: those of the form may serve (ISO 32000-2, Table 224, DR).
func borrows(widget slot) bool {
	appearance := widget.get("AP").peek()
	for _, e := range appearance.entries() {
		drawing := appearance.get(e.Key).peek()
		states := []slot{drawing}
		if drawing.isDict() {
			states = nil
			for _, e := range drawing.entries() {
				states = append(states, drawing.get(e.Key).peek())
			}
		}
		for _, state := range states {
			s, ok := state.value.(*pdf.Stream)
			if !ok || s.Dict.Has("Resources") {
				continue
			}
			if data, err := state.side.view.Stream(s); err != nil || uses.Match(data) {
				return true
			}
		}
	}
	return false
}

// shows looks at one widget of a field that has a value.
func (w *drawn) shows(widget slot, field inheritedValue) bool {
	appearance := widget.get("AP").peek()
	if appearance.absent() || !w.same || field.kind == "Btn" {
		return !appearance.absent()
	}
	text, isText := field.value.value.(pdf.String)
	stream, isStream := appearance.get("N").peek().value.(*pdf.Stream)
	if !isText || !isStream {
		return false
	}
	painted := content.Form(widget.side.view, stream)
	return painted.Plain && !painted.Unknown && letters(pdf.DecodeText(painted.Text)) == letters(pdf.DecodeText(text.Value))
}

// letters returns a text without its spaces, which appearances leave out.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}
