package typeset

import (
	"fmt"
	"image/color"

	"github.com/inkan-go/inkan/internal/draw"
	"github.com/inkan-go/inkan/internal/pdf"
)

// page is one page with the structure elements that its content belongs to.
type page struct {
	draw.Content
	number int // from 0
	ref    pdf.Reference
	owners []*element // by the number of the marked content
}

// tagged begins content that belongs to e; EndMarked ends it.
func (p *page) tagged(e *element) {
	e.content = append(e.content, marked{p, len(p.owners)})
	p.BeginTagged(e.kind, len(p.owners))
	p.owners = append(p.owners, e)
}

// fill paints a rectangle that says nothing.
func (p *page) fill(x, y, width, height float64, c color.Color) {
	p.BeginArtifact("/Type/Layout")
	p.FillColor(c)
	p.Rectangle(x, y, width, height)
	p.Fill()
	p.EndMarked()
}

// running sets what stands above and below the text of every page.
func (d *Document) running() {
	for _, p := range d.pages {
		for _, r := range []struct {
			of         func(page, pages int) Running
			properties string
			y          float64
		}{
			{d.o.Header, "/Type/Pagination/Subtype/Header", d.o.Height - d.o.Margin*0.6},
			{d.o.Footer, "/Type/Pagination/Subtype/Footer", d.o.Margin * 0.5},
		} {
			if r.of == nil {
				continue
			}
			text := r.of(p.number+1, len(d.pages))
			p.BeginArtifact(r.properties)
			d.runningLine(p, text, r.y)
			p.EndMarked()
		}
	}
}

// runningLine sets three texts at one height; each is cut off where it would be
// wider than the text.
func (d *Document) runningLine(p *page, r Running, y float64) {
	for i, text := range []string{r.Left, r.Middle, r.Right} {
		if text == "" {
			continue
		}
		style := &Style{Size: 8, Color: color.Gray{0x60}, Align: Align(i)}
		if runes := []rune(text); len(runes) > maxRunning {
			text = string(runes[:maxRunning])
		}
		if lines := d.lines(text, style, d.width()); len(lines) > 0 {
			d.show(p, &lines[0], d.o.Margin, y, d.width())
		}
	}
}

// writePages writes the pages and their tree, which is already numbered.
func (d *Document) writePages(tree pdf.Reference, resources string) {
	kids := []byte("[")
	for _, p := range d.pages {
		content := d.objects.AddStream([]byte("<<>>"), p.Bytes())
		b := pdf.AppendReference([]byte("<</Type/Page/Parent "), tree)
		b = append(b, "/MediaBox[0 0 "...)
		b = draw.AppendNumber(append(draw.AppendNumber(b, d.o.Width), ' '), d.o.Height)
		b = fmt.Appendf(b, "]/Resources %s/Contents %s/StructParents %d/Tabs/S>>", resources, content, p.number)
		d.file.Put(p.ref, b)
		kids = append(pdf.AppendReference(kids, p.ref), ' ')
	}
	d.file.Put(tree, fmt.Appendf(nil, "<</Type/Pages/Count %d/Kids%s]>>", len(d.pages), kids))
}
