package changes

import (
	"regexp"

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
	return !asked(old) && !asked(now) && eachField(old, func(widget slot, field inherited) bool {
		if borrows(widget) {
			return false
		}
		return field.kind == "Sig" || field.value.absent() || field.group || !widget.get("AP").peek().absent()
	})
}

// redrawable tells whether it makes no difference who draws the fields: what
// they show is the value that they have, where they were drawn themselves.
func (c *comparison) redrawable(old, now slot) bool {
	drawnHere := old
	if asked(old) {
		drawnHere = now
	}
	return eachField(drawnHere, func(widget slot, field inherited) bool {
		return field.kind == "Sig" || field.group || redraws(widget, field)
	})
}

// inherited is what a field or widget has, itself or from the fields above it.
type inherited struct {
	kind      pdf.Name
	value     slot
	look      slot // DA
	fonts     slot // of the form
	flags     int64
	group     bool // there are fields or widgets below
	shortened bool // there is a MaxLen
}

// eachField calls holds for every node of a field tree, as long as it holds.
func eachField(form slot, holds func(slot, inherited) bool) bool {
	left := maxFields
	var walk func(f slot, from inherited, depth int) bool
	walk = func(f slot, from inherited, depth int) bool {
		if left--; left < 0 || depth > maxTree {
			return false
		}
		if !f.side.spend(2) || f.dict() == nil {
			return true // of a comparison that has no work left nothing is judged
		}
		if kind, ok := f.get("FT").peek().value.(pdf.Name); ok {
			from.kind = kind
		}
		if v := f.get("V").peek(); !v.absent() {
			from.value = v
		}
		if v := f.get("DA").peek(); !v.absent() {
			from.look = v
		}
		if n, ok := f.get("Ff").peek().value.(pdf.Integer); ok {
			from.flags = int64(n)
		}
		from.shortened = from.shortened || f.has("MaxLen")
		kids := f.get("Kids").peek()
		for i := range kids.items() {
			if !walk(kids.item(i).peek(), from, depth+1) {
				return false
			}
		}
		from.group = len(kids.items()) > 0
		return holds(f, from)
	}
	from := inherited{look: form.get("DA").peek(), fonts: form.get("DR").peek().get("Font").peek()}
	fields := form.get("Fields").peek()
	for i := range fields.items() {
		if !walk(fields.item(i).peek(), from, 0) {
			return false
		}
	}
	return true
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
