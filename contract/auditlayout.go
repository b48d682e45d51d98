package contract

import (
	"bufio"
	"bytes"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	painted "github.com/inkan-go/inkan/internal/content"
	"github.com/inkan-go/inkan/internal/draw"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/picture"
)

// shortened is the beginning of a text, in one line.
func shortened(s string) string {
	s = strings.ReplaceAll(s, "\n", " ")
	const most = 80
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// certificateSheet is a completion certificate as it is painted.
type certificateSheet struct {
	view  *pdf.View
	list  []painted.DocumentPage
	pages []*painted.Picture
	parts []part
	marks map[place][]int // what is painted for a mark, by its place in Picture.Shown
}

// part is an element of the structure that has content.
type part struct {
	kind  string
	marks []place
}

// place is a page, from 0, and the number of marked content on it.
type place struct{ page, mark int }

func (s *certificateSheet) read() error {
	var err error
	if s.list, err = painted.Pages(s.view); err != nil {
		return err
	}
	s.marks = make(map[place][]int)
	for i, page := range s.list {
		p := painted.PictureOf(s.view, page.Dict)
		if p.Unknown {
			return because("page %d", i+1)
		}
		s.pages = append(s.pages, p)
		for k := range p.Shown {
			if at := (place{i, p.Shown[k].Mark}); at.mark >= 0 {
				s.marks[at] = append(s.marks[at], k)
			}
		}
	}
	catalog, err := s.view.Catalog()
	if err != nil {
		return err
	}
	root, err := s.view.Dict(catalog.Dict().Get("StructTreeRoot"))
	if err != nil {
		return err
	}
	if root == nil {
		return because("its pages have no structure")
	}
	w := &structureWalk{certificateSheet: s, claimed: make(map[place]bool), left: 4*len(s.marks) + 100}
	return w.kids(root, part{}, 0, -1)
}

var errStructure = because("the structure of its pages is none of a completion certificate")

// structureWalk reads the structure of a certificate (ISO 32000-2, 14.7).
type structureWalk struct {
	*certificateSheet
	claimed map[place]bool
	left    int // elements that a certificate of so many marks can have
}

// kids reads what is below an element; level counts from 0.
func (w *structureWalk) kids(d *pdf.Dict, p part, level, page int) error {
	if level > 8 || w.left < 0 {
		return errStructure
	}
	if ref, ok := d.Get("Pg").(pdf.Reference); ok {
		page = slices.IndexFunc(w.list, func(l painted.DocumentPage) bool { return l.Ref == ref })
	}
	k, err := w.view.Resolve(d.Get("K"))
	if err != nil {
		return err
	}
	kids := []pdf.Object{d.Get("K")}
	if list, ok := k.(*pdf.Array); ok {
		kids = list.Items
	}
	for _, kid := range kids {
		w.left--
		value, err := w.view.Resolve(kid)
		if err != nil {
			return err
		}
		at := place{page, -1}
		switch v := value.(type) {
		case pdf.Integer:
			at.mark = int(v)
		case *pdf.Dict:
			if v.Get("Type") == pdf.Object(pdf.Name("OBJR")) {
				continue // the field of the signature: annotations are looked at by themselves
			}
			if v.Get("Type") != pdf.Object(pdf.Name("MCR")) {
				if err := w.element(v, level+1, page); err != nil {
					return err
				}
				continue
			}
			ref, _ := v.Get("Pg").(pdf.Reference)
			at.page = slices.IndexFunc(w.list, func(l painted.DocumentPage) bool { return l.Ref == ref })
			n, _ := v.Get("MCID").(pdf.Integer)
			at.mark = int(n)
		}
		if at.page < 0 || at.mark < 0 || w.claimed[at] {
			return errStructure
		}
		w.claimed[at] = true
		p.marks = append(p.marks, at)
	}
	if p.kind != "" && (p.kind != "Form" || len(p.marks) > 0) {
		w.parts = append(w.parts, p)
	}
	return nil
}

// element reads an element: one that holds others, or a part.
func (w *structureWalk) element(d *pdf.Dict, level, page int) error {
	kind, err := w.view.Name(d.Get("S"))
	if err != nil {
		return err
	}
	switch kind {
	case "Document", "Sect", "Table", "TR":
		return w.kids(d, part{}, level, page)
	}
	return w.kids(d, part{kind: string(kind)}, level, page)
}

// textOf is the text of a part, as far as people can see it.
func (s *certificateSheet) textOf(p *part) string {
	var b strings.Builder
	for _, at := range p.marks {
		for _, k := range s.marks[at] {
			if seen(s.pages[at.page], k, false) {
				b.WriteString(s.pages[at.page].Shown[k].Text)
			}
		}
	}
	return b.String()
}

// language is that of the title.
func (s *certificateSheet) language() Language {
	if len(s.parts) > 0 && says(s.textOf(&s.parts[0]), English.certificateWords().title) {
		return English
	}
	return Japanese
}

// zoneName is the name of the zone of the first time on the certificate.
func (s *certificateSheet) zoneName() string {
	const concluded = 5 // behind title, introduction, and the rows of the ID and the time
	if len(s.parts) <= concluded {
		return ""
	}
	_, name, _ := strings.Cut(s.textOf(&s.parts[concluded]), "(")
	return strings.TrimSuffix(name, ")")
}

// discrepancy is where a certificate says something else than its record.
type discrepancy struct{ where, shown, want string }

// compare compares what is painted with what should be: the texts, in their order, and that they
// stand where that order says.
func (s *certificateSheet) compare(want []expected) *discrepancy {
	end := position{} // of the rows and texts before
	row := position{} // where the cells of a row begin
	for i := range want {
		e := &want[i]
		if i >= len(s.parts) || s.parts[i].kind != e.kind {
			return &discrepancy{e.where, "", e.text}
		}
		p := &s.parts[i]
		if e.kind == "Figure" {
			if !s.holdsQRCode(p, e.text) {
				return &discrepancy{e.where, "", e.text}
			}
			continue
		}
		if shown := s.textOf(p); !says(shown, e.text) && !says(shown, e.other) {
			return &discrepancy{e.where, shown, e.text}
		}
		first, last, ok := s.extent(p, e)
		if !ok {
			return &discrepancy{e.where, s.textOf(p), e.text}
		}
		if first == (position{}) {
			continue // an empty cell
		}
		if inRow := i > 0 && e.row > 0 && want[i-1].row == e.row; inRow && row != (position{}) {
			if !first.beside(row) {
				return &discrepancy{e.where, s.textOf(p), e.text}
			}
		} else {
			if !first.after(end) {
				return &discrepancy{e.where, s.textOf(p), e.text}
			}
			row = first
		}
		if last.after(end) {
			end = last
		}
	}
	if len(s.parts) > len(want) {
		return &discrepancy{want[len(want)-1].where, s.textOf(&s.parts[len(want)]), ""}
	}
	return nil
}

// position is how far down a baseline is: on a page, from 1, and from its top on.
type position struct {
	page int
	down float64
}

// after tells whether a line is below another.
func (p position) after(o position) bool {
	return p.page > o.page || p.page == o.page && p.down > o.down+1
}

// beside tells whether two lines are in one row, whatever the fonts: lines are 14 points high.
func (p position) beside(o position) bool {
	return p.page == o.page && math.Abs(p.down-o.down) < 6
}

// extent is from where to where the lines of a part go; ok is false where they do not follow each
// other downwards, or begin elsewhere than they should.
func (s *certificateSheet) extent(p *part, e *expected) (first, last position, ok bool) {
	right := 0.0 // where the last piece of the line begins
	for _, at := range p.marks {
		page := s.pages[at.page]
		for _, k := range s.marks[at] {
			v := &page.Shown[k]
			if v.Text == "" {
				continue
			}
			here := position{at.page + 1, page.Height - v.Y}
			switch {
			case v.X < e.left-1 || v.X > e.right+1 || v.Size < 7 || v.Size > 20:
				return first, last, false
			case first == (position{}):
				first = here
			case here.after(last):
			case !here.beside(last) || v.X < right:
				return first, last, false
			}
			last, right = here, v.X
		}
	}
	return first, last, true
}

// holdsQRCode tells whether a part paints the QR code of a text, and nothing else.
func (s *certificateSheet) holdsQRCode(p *part, text string) bool {
	if len(p.marks) != 1 {
		return false
	}
	at := p.marks[0]
	drawn := s.marks[at]
	if len(drawn) == 0 {
		return false
	}
	ground := s.pages[at.page].Shown[drawn[0]].Area
	var c draw.Content
	if picture.PaintQRCode(&c, text, color.Black, ground.X0, ground.Y0, qrWidth) != nil {
		return false
	}
	stream, err := s.view.StreamObject(s.list[at.page].Get("Contents"))
	if err != nil || stream == nil {
		return false
	}
	data, err := s.view.Stream(stream)
	if err != nil {
		return false
	}
	_, data, _ = bytes.Cut(data, fmt.Appendf(nil, "/Figure<</MCID %d>>BDC\n", at.mark))
	data, _, _ = bytes.Cut(data, []byte("EMC\n"))
	return sameLines(data, c.Bytes())
}

// sameLines compares lines of content; numbers may differ by what no eye sees.
func sameLines(a, b []byte) bool {
	x, y := bufio.NewScanner(bytes.NewReader(a)), bufio.NewScanner(bytes.NewReader(b))
	for x.Scan() {
		if !y.Scan() || !sameWords(strings.Fields(x.Text()), strings.Fields(y.Text())) {
			return false
		}
	}
	return !y.Scan()
}

func sameWords(a, b []string) bool {
	return slices.EqualFunc(a, b, func(v, w string) bool {
		var m, n float64
		if v == w {
			return true
		}
		_, first := fmt.Sscan(v, &m)
		_, second := fmt.Sscan(w, &n)
		return first == nil && second == nil && math.Abs(m-n) < 0.01
	})
}
