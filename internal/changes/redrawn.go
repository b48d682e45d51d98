package changes

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/inkan-go/inkan/internal/content"
	"github.com/inkan-go/inkan/internal/pdf"
)

// plainFlags are the flags of text fields (ISO 32000-2, Tables 227 and 228) that
// change nothing of how a value is drawn: read-only, required, not exported, not
// checked for spelling, not scrolled.
const plainFlags = 1 | 1<<1 | 1<<2 | 1<<22 | 1<<23

// redraws tells whether a reader that draws a widget anew shows what its
// appearance shows, as far as can be told for sure: nothing, or the value of a
// text field in black letters of a font that the reader has. Everything else is
// left to people.
func redraws(widget slot, field inherited) bool {
	appearance := widget.get("AP").peek().get("N").peek()
	if field.kind == "Btn" {
		return widget.get("AS").peek().value == pdf.Object(pdf.Name("Off"))
	}
	stream, drawn := appearance.value.(*pdf.Stream)
	if field.value.absent() {
		return paintsNothing(widget)
	}
	text, isText := field.value.value.(pdf.String)
	if field.kind != "Tx" || !isText || !drawn || field.flags&^plainFlags != 0 || field.shortened || widget.get("MK").peek().has("BG") {
		return false
	}
	font, ok := legible(field.look)
	if !ok || !usesOnly(slot{widget.side, appearance.holder, appearance.place, stream.Dict}, field.fonts.get(font)) {
		return false
	}
	return plainlyDrawn(widget.side.view, stream, letters(pdf.DecodeText(text.Value)))
}

// legible reads a default appearance (ISO 32000-2, 12.7.4.3) that says nothing but
// a font, a size that can be read or is chosen by the reader, and black.
func legible(look slot) (font pdf.Name, ok bool) {
	s, isString := look.value.(pdf.String)
	if !isString {
		return "", false
	}
	words := strings.Fields(string(s.Value))
	var before []string
	for _, w := range words {
		switch w {
		case "Tf":
			if len(before) != 2 || !strings.HasPrefix(before[0], "/") || strings.Contains(before[0], "#") {
				return "", false
			}
			if !isReadable(before[1]) {
				return "", false
			}
			font, before = pdf.Name(before[0][1:]), nil
		case "g", "rg", "k":
			if !black(w, before) {
				return "", false
			}
			before = nil
		default:
			before = append(before, w)
		}
	}
	return font, font != "" && len(before) == 0
}

// paintsNothing tells whether the appearance of a widget, if it has any, is blank.
func paintsNothing(widget slot) bool {
	appearance := widget.get("AP").peek().get("N").peek()
	stream, drawn := appearance.value.(*pdf.Stream)
	if !drawn {
		return appearance.absent()
	}
	painted := content.Form(widget.side.view, stream)
	return len(painted.Areas) == 0 && !painted.Unknown
}

// isReadable tells of a font size that can be read or is chosen by the reader.
func isReadable(size string) bool {
	n, err := strconv.ParseFloat(size, 64)
	return err == nil && (n == 0 || n >= 4 && n <= 100)
}

// sameButFont tells whether two default appearances differ in nothing but the font
// and its size, and whether they differ in these.
func sameButFont(old, now slot) (same, refonted bool) {
	fontWas, was, ok := splitLook(old)
	fontIs, is, okToo := splitLook(now)
	return ok && okToo && slices.Equal(was, is), fontWas != fontIs
}

// splitLook divides a default appearance into the name and the size of its font, and the
// words that do not choose it. Black is what text begins with, so saying it first says
// nothing.
func splitLook(look slot) (font [2]string, rest []string, ok bool) {
	s, isString := look.value.(pdf.String)
	if !isString {
		return font, nil, false
	}
	for _, w := range strings.Fields(string(s.Value)) {
		n := len(rest)
		switch {
		case w == "Tf":
			if ok || n < 2 || !strings.HasPrefix(rest[n-2], "/") || strings.ContainsAny(rest[n-2][1:], "#/([<%") || !isReadable(rest[n-1]) {
				return font, nil, false
			}
			font, rest, ok = [2]string(rest[n-2:]), rest[:n-2], true
		case n > 0 && n == map[string]int{"g": 1, "rg": 3, "k": 4}[w] && black(w, rest):
			rest = rest[:0]
		default:
			rest = append(rest, w)
		}
	}
	return font, rest, ok
}

// black tells whether an operator sets black.
func black(operator string, operands []string) bool {
	want := map[string][]float64{"g": {0}, "rg": {0, 0, 0}, "k": {0, 0, 0, 1}}[operator]
	if len(operands) < len(want) {
		return false
	}
	for i, text := range operands[len(operands)-len(want):] {
		if n, err := strconv.ParseFloat(text, 64); err != nil || n != want[i] {
			return false
		}
	}
	return true
}

// usesOnly tells whether the resources of an appearance hold one font alone, the
// same as the one given, with no letters of its own.
func usesOnly(appearance, font slot) bool {
	resources := appearance.get("Resources").peek()
	for _, e := range resources.entries() {
		if e.Key != "Font" && e.Key != "ProcSet" {
			return false
		}
	}
	fonts := resources.get("Font").peek()
	if len(fonts.entries()) != 1 || font.ref().IsZero() || fonts.get(fonts.entries()[0].Key).ref() != font.ref() {
		return false
	}
	descriptor := font.peek().get("FontDescriptor").peek()
	return !descriptor.has("FontFile") && !descriptor.has("FontFile2") && !descriptor.has("FontFile3")
}

// plainlyDrawn tells whether an appearance shows a text and nothing else, in black
// and in view.
func plainlyDrawn(view *pdf.View, stream *pdf.Stream, text string) bool {
	painted := content.Form(view, stream)
	if !painted.Plain || painted.Unknown || letters(pdf.DecodeText(painted.Text)) != text || len(painted.Areas) != len(painted.Texts) {
		return false
	}
	box, ok := content.NewArea(view.Rectangle(stream.Dict.Get("BBox")))
	if !ok || stream.Dict.Has("Matrix") || stream.Dict.Has("Group") || stream.Dict.Has("OC") {
		return false
	}
	data, err := view.Stream(stream)
	if err != nil {
		return false
	}
	windows := []content.Area{box}
	var operands []string
	for _, w := range words(string(data)) {
		switch w {
		case "q", "Q", "BT", "ET", "Tf", "Td", "Tm", "T*", "TL", "Tj", "BMC", "EMC", "W", "n":
		case "g", "rg", "k":
			if !black(w, operands) {
				return false
			}
		case "re":
			window, ok := rectangleOf(operands)
			if !ok {
				return false
			}
			windows = append(windows, window)
		default:
			if !strings.ContainsRune("0123456789+-./(", rune(w[0])) {
				return false
			}
			operands = append(operands, w)
			continue
		}
		operands = nil
	}
	for _, window := range windows {
		for _, t := range painted.Texts {
			if !window.Overlaps(t) || min(window.X1-window.X0, window.Y1-window.Y0, t.Y1-t.Y0) < 4 {
				return false
			}
		}
	}
	return true
}

// words splits content into words; a string is one.
func words(data string) []string {
	var out []string
	for data = strings.TrimLeft(data, " \t\r\n"); data != ""; data = strings.TrimLeft(data, " \t\r\n") {
		n := strings.IndexAny(data[1:], " \t\r\n(") + 1
		if data[0] == '(' {
			n = literal(data)
		}
		if n <= 0 {
			n = len(data)
		}
		out, data = append(out, data[:n]), data[n:]
	}
	return out
}

// literal returns the length of a literal string; 0 where it does not end.
func literal(data string) int {
	depth := 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}

// rectangleOf reads the operands of "re".
func rectangleOf(operands []string) (content.Area, bool) {
	if len(operands) != 4 {
		return content.Area{}, false
	}
	var n [4]float64
	for i, text := range operands {
		var err error
		if n[i], err = strconv.ParseFloat(text, 64); err != nil || math.IsNaN(n[i]) || math.IsInf(n[i], 0) {
			return content.Area{}, false
		}
	}
	return content.NewArea([]float64{n[0], n[1], n[0] + n[2], n[1] + n[3]})
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
