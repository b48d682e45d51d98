package typeset

import (
	"fmt"

	"github.com/inkan-go/inkan/internal/pdf"
)

// element is one element of the structure (ISO 32000-2, 14.7.2). It has elements
// below it or content on pages.
type element struct {
	kind       string // a standard type (14.8.4)
	attributes string // attribute objects, as a dictionary
	alternate  string // the text that stands for a figure
	children   []*element
	content    []marked
	ref        pdf.Reference
}

// marked is a piece of content on a page.
type marked struct {
	page   *page
	number int
}

func (e *element) add(kind string) *element {
	child := &element{kind: kind}
	e.children = append(e.children, child)
	return child
}

// writeStructure writes the elements, and which of them the content of each page
// belongs to. It returns the reference to the root.
func (d *Document) writeStructure() pdf.Reference {
	root := d.file.New()
	d.root.number(&d.file)
	d.root.write(&d.file, root)
	b := []byte("<</Nums[")
	for _, p := range d.pages {
		b = fmt.Appendf(b, "%d[", p.number)
		for _, e := range p.owners {
			b = append(pdf.AppendReference(b, e.ref), ' ')
		}
		b = append(b, "]\n"...)
	}
	parents := d.objects.Add(append(b, "]>>"...))
	b = pdf.AppendReference([]byte("<</Type/StructTreeRoot/K "), d.root.ref)
	d.file.Put(root, fmt.Appendf(b, "/ParentTree %s/ParentTreeNextKey %d>>", parents, len(d.pages)))
	return root
}

func (e *element) number(f *pdf.NewFile) {
	e.ref = f.New()
	for _, child := range e.children {
		child.number(f)
	}
}

func (e *element) write(f *pdf.NewFile, parent pdf.Reference) {
	b := fmt.Appendf(nil, "<</Type/StructElem/S/%s/P ", e.kind)
	b = pdf.AppendReference(b, parent)
	if e.attributes != "" {
		b = append(append(b, "/A"...), e.attributes...)
	}
	if e.alternate != "" {
		b = append(append(b, "/Alt"...), pdf.EncodeText(e.alternate)...)
	}
	if len(e.content) > 0 {
		b = pdf.AppendReference(append(b, "/Pg "...), e.content[0].page.ref)
	}
	b = append(b, "/K["...)
	for _, child := range e.children {
		b = append(pdf.AppendReference(b, child.ref), ' ')
	}
	for _, m := range e.content {
		if m.page == e.content[0].page {
			b = fmt.Appendf(b, "%d ", m.number)
			continue
		}
		b = pdf.AppendReference(append(b, "<</Type/MCR/Pg "...), m.page.ref)
		b = fmt.Appendf(b, "/MCID %d>>", m.number)
	}
	f.Put(e.ref, append(b, "]>>"...))
	for _, child := range e.children {
		child.write(f, e.ref)
	}
}
