package contract

import (
	"cmp"
	"slices"
	"strings"

	painted "github.com/inkan-go/inkan/internal/content"
	"github.com/inkan-go/inkan/internal/pdf"
)

// certificateOperators are those that the content of a completion certificate is written with.
var certificateOperators = []string{"q", "Q", "g", "rg", "G", "RG", "w", "Tr", "BT", "ET", "Tf", "Tm", "TJ", "re", "f", "cm", "BDC", "EMC"}

// foreign is what is on a page of the certificate besides what it should say: "" is nothing. Its
// lines and grounds, the header of a table that goes on, and its footers belong there.
func (s *certificateSheet) foreign(want []expected, footer func(page int) string) (page int, what string) {
	header := ""
	for _, e := range want {
		if e.kind == "TH" && e.row > 0 && e.where == lastHeading(want) {
			header += e.text
		}
	}
	owned := make(map[place]bool)
	for i := range s.parts {
		for _, at := range s.parts[i].marks {
			owned[at] = true
		}
	}
	for i, p := range s.pages {
		if what := s.added(i, p, owned, header, footer(i+1)); what != "" {
			return i + 1, what
		}
	}
	return 0, ""
}

// lastHeading is that of the table of signers.
func lastHeading(want []expected) string {
	heading := ""
	for _, e := range want {
		if strings.HasPrefix(e.kind, "H") {
			heading = e.text
		}
	}
	return heading
}

// added is what is on one page besides what it should say.
func (s *certificateSheet) added(i int, p *painted.Picture, owned map[place]bool, header, footer string) string {
	for op := range p.Operators {
		if !slices.Contains(certificateOperators, op) {
			return "operator " + op
		}
	}
	var above, below strings.Builder
	for k := range p.Shown {
		v := &p.Shown[k]
		const light = 0.7 // what is behind text is lighter
		switch {
		case v.Mark >= 0 && owned[place{i, v.Mark}] && (v.Text != "" || v.Tag == "Figure"):
		case v.Tag != "Artifact" || !v.Path && v.Text == "":
			return cmp.Or(v.Text, "a picture")
		case v.Path && v.Light < light:
			return "a dark area"
		case v.Path:
		case v.Y < sheetMargin:
			below.WriteString(v.Text)
		case v.Y > p.Height-sheetMargin-50:
			above.WriteString(v.Text)
		default:
			return v.Text
		}
	}
	if !says(below.String(), footer) {
		return below.String()
	}
	if text := above.String(); text != "" && !says(text, header) {
		return text
	}
	return s.annotated(i)
}

// annotated is an annotation on a page that people can see.
func (s *certificateSheet) annotated(i int) string {
	list, err := s.view.Array(s.list[i].Get("Annots"))
	if err != nil {
		return "annotations"
	}
	if list == nil {
		return ""
	}
	for _, item := range list.Items {
		d, err := s.view.Dict(item)
		if err != nil || d == nil {
			return "an annotation"
		}
		area, ok := painted.NewArea(s.view.Rectangle(d.Get("Rect")))
		if d.Get("Subtype") != pdf.Object(pdf.Name("Widget")) || !ok || area.X1 > area.X0 || area.Y1 > area.Y0 {
			return "an annotation"
		}
	}
	return ""
}
