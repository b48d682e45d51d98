package pades

import (
	"bytes"
	"regexp"
	"strconv"

	"github.com/inkan-go/inkan/internal/content"
	"github.com/inkan-go/inkan/internal/pdf"
)

var pdfaPart = regexp.MustCompile(`pdfaid:part\s*(?:=\s*["']|>)\s*([1-9])`)

// claimedPDFA returns the part of ISO 19005 that the document's metadata claims;
// 0 for none.
func claimedPDFA(v *pdf.View, catalog *pdf.Indirect) int {
	s, err := v.StreamObject(catalog.Dict().Get("Metadata"))
	if err != nil || s == nil {
		return 0
	}
	data, err := v.Stream(s)
	if err != nil {
		return 0
	}
	found := pdfaPart.FindSubmatch(data)
	if found == nil {
		return 0
	}
	part, _ := strconv.Atoi(string(found[1]))
	return part
}

// outputComponents returns how many components the colours have that the document's
// PDF/A output intent is for (ISO 19005-1, 6.2.2): 1, 3 or 4; 0 where there is none.
func outputComponents(v *pdf.View, catalog *pdf.Indirect) int64 {
	intents, err := v.Array(catalog.Dict().Get("OutputIntents"))
	if err != nil || intents == nil {
		return 0
	}
	for _, item := range intents.Items {
		intent, err := v.Dict(item)
		if err != nil || intent == nil {
			continue
		}
		if kind, _ := v.Name(intent.Get("S")); kind != "GTS_PDFA1" {
			continue
		}
		profile, err := v.StreamObject(intent.Get("DestOutputProfile"))
		if err != nil || profile == nil {
			continue
		}
		n, _ := v.Integer(profile.Dict.Get("N"), 0)
		return n
	}
	return 0
}

// drawnObjects adds the objects of appearances, and refuses those that would end a
// document's conformance to PDF/A: colours that depend on the device, fonts that are
// not embedded, and in part 1 transparency (ISO 19005-1, 6.2.3, 6.3.4 and 6.4).
type drawnObjects struct {
	pdf.Adder
	pdfa   int
	intent int64           // components of the output intent
	images content.Devices // what images need
	err    error           // of the first that was refused
}

// drawn takes the objects of appearances.
func (u *formUpdate) drawn() *drawnObjects {
	w := &drawnObjects{Adder: pdf.Adder{To: u.update}, pdfa: u.pdfa}
	if u.pdfa > 0 {
		w.intent = outputComponents(u.view, u.form.Catalog)
	}
	return w
}

// transparent finds what makes something transparent in a dictionary.
var transparent = regexp.MustCompile(`/SMask\s*(?:\d|<<)|/(?:ca|CA)\s*(?:0?\.\d|0[^.\d])|/S\s*/Transparency|/BM\s*/(?:[ABD-MO-Z]|Color)`)

// Add is part of ObjectWriter.
func (w *drawnObjects) Add(body []byte) string {
	w.opaque(body)
	w.embedded(body)
	return w.Adder.Add(body)
}

// embedded refuses fonts whose glyphs are not in the file (ISO 19005-1, 6.3.4).
func (w *drawnObjects) embedded(body []byte) {
	has := func(key string) bool { return bytes.Contains(body, []byte(key)) }
	missing := has("/BaseFont") && !has("/FontDescriptor") && !has("/DescendantFonts") || has("/FontName") && !has("/FontFile")
	if w.pdfa > 0 && w.err == nil && missing {
		w.err = failf(ErrOptions, "the document follows PDF/A-%d, in which fonts are embedded, and the appearance uses one that is not", w.pdfa)
	}
}

// AddStream is part of ObjectWriter.
func (w *drawnObjects) AddStream(dict, data []byte) string {
	w.opaque(dict)
	if w.pdfa > 0 {
		w.colours(dict, data)
	}
	return w.Adder.AddStream(dict, data)
}

func (w *drawnObjects) opaque(dict []byte) {
	if w.pdfa == 1 && w.err == nil && transparent.Match(dict) {
		w.err = failf(ErrOptions, "the document follows PDF/A-1, which forbids the transparency of the appearance; draw it opaque")
	}
}

// colours refuses colours that depend on the device where neither the output intent
// nor the resources say what they mean. Images mean what they mean where they are
// painted. Resources that stand elsewhere are not looked into.
func (w *drawnObjects) colours(dict, data []byte) {
	if bytes.Contains(dict, []byte("/Image")) {
		w.images.RGB = w.images.RGB || bytes.Contains(dict, []byte("/DeviceRGB"))
		w.images.CMYK = w.images.CMYK || bytes.Contains(dict, []byte("/DeviceCMYK"))
		return
	}
	if !bytes.Contains(dict, []byte("/Form")) || colourSpacesElsewhere.Match(dict) {
		return
	}
	used := content.DevicesOf(data)
	if bytes.Contains(dict, []byte("/XObject<<")) {
		used.RGB, used.CMYK = used.RGB || w.images.RGB, used.CMYK || w.images.CMYK
	}
	for _, space := range []struct {
		name       string
		used       bool
		components int64
	}{{"Gray", used.Gray && w.intent == 0, 1}, {"RGB", used.RGB, 3}, {"CMYK", used.CMYK, 4}} {
		if space.used && space.components != w.intent && !bytes.Contains(dict, []byte("/Default"+space.name)) && w.err == nil {
			w.err = failf(ErrOptions, "the document follows PDF/A and its output intent does not say what Device%s means, which the appearance uses; give its resources a colour space Default%s", space.name, space.name)
		}
	}
}

// colourSpacesElsewhere matches resources whose colour spaces are another object.
var colourSpacesElsewhere = regexp.MustCompile(`/(?:ColorSpace|Resources)\s*\d`)

// blank gives a widget without an appearance one that shows nothing, where PDF/A asks
// for one: in part 1 everywhere (ISO 19005-1, 6.9), in others where it has an area
// (ISO 19005-2, 6.3.3).
func (u *formUpdate) blank(w *widget) {
	if u.pdfa == 0 || w.form != "" {
		return
	}
	width, height := w.geometry.size(w.rect)
	if u.pdfa == 1 || width > 0 && height > 0 {
		w.form = (&AppearanceStream{}).form(&pdf.Adder{To: u.update}, width, height, w.geometry)
	}
}
