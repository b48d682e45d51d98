package typeset

import (
	"errors"
	"fmt"
	"time"

	"github.com/inkan-go/inkan/internal/draw"
	"github.com/inkan-go/inkan/internal/font"
	"github.com/inkan-go/inkan/internal/pdf"
)

// Options say how a document looks and what its metadata say. Nil means the
// defaults of all.
type Options struct {
	// Title must be there: readers show it instead of the name of the file.
	Title, Author, Subject, Keywords string
	// Language is that of the text, after BCP 47; "en" by default.
	Language string
	// Tool is the program that made the content; "inkan" by default.
	Tool string
	// Time is when the document was made.
	Time time.Time
	// Fonts are asked for each character in this order; none means font.Latin.
	Fonts []*font.Font
	// Substitute shows characters that no font holds as [U+20BB7] instead of
	// refusing them.
	Substitute bool
	// Part is the part of PDF/A that the document follows at level A: 1, 2 or 3, the
	// default. In parts 1 and 2 no files may be attached.
	Part int
	// Width and Height are the size of the pages in points; 0 means that of A4.
	Width, Height float64
	// Margin is the room around the text, in points; 0 means 20 mm.
	Margin float64
	// Header and Footer return what stands above and below the text of a page, which
	// counts from 1. Nil means nothing.
	Header, Footer func(page, pages int) Running
}

// Running is a line above or below the text of a page.
type Running struct{ Left, Middle, Right string }

// Document is a document that is being written. Its methods put content behind
// what is there already; the first error stays and is returned by Write. It is
// for one goroutine.
type Document struct {
	o         Options
	file      pdf.NewFile
	objects   pdf.Adder
	embedding font.Embedding
	pages     []*page
	y         float64  // where the next content of the last page begins
	root      *element // the structure
	open      []*element
	bookmarks []bookmark
	files     []*File
	xobjects  draw.XObjects
	err       error
}

// New begins a document.
func New(o *Options) *Document {
	d := &Document{root: &element{kind: "Document"}}
	if o != nil {
		d.o = *o
	}
	d.objects.To = &d.file
	d.open = []*element{d.root}
	setDefault(&d.o.Language, "en")
	setDefault(&d.o.Tool, "inkan")
	setDefault(&d.o.Part, 3)
	d.file.Packed = d.o.Part > 1
	setDefault(&d.o.Width, 595.276)
	setDefault(&d.o.Height, 841.89)
	setDefault(&d.o.Margin, 56.693)
	if len(d.o.Fonts) == 0 {
		f, err := font.Latin()
		d.fail(err)
		d.o.Fonts = []*font.Font{f}
	}
	switch {
	case d.o.Title == "":
		d.fail(errors.New("a document without a title"))
	case d.o.Time.IsZero():
		d.fail(errors.New("a document without a time"))
	case d.o.Part < 1 || d.o.Part > 3:
		d.fail(fmt.Errorf("no part %d of PDF/A is written", d.o.Part))
	case d.o.Width < 3*d.o.Margin || d.o.Height < 3*d.o.Margin || d.o.Margin < 0 || d.o.Width > 14400 || d.o.Height > 14400:
		d.fail(fmt.Errorf("pages of %g by %g points with a margin of %g", d.o.Width, d.o.Height, d.o.Margin))
	}
	return d
}

func setDefault[T comparable](v *T, otherwise T) {
	var zero T
	if *v == zero {
		*v = otherwise
	}
}

// fail keeps the first error.
func (d *Document) fail(err error) {
	if d.err == nil && err != nil {
		d.err = fmt.Errorf("typeset: %w", err)
	}
}

// width is that of the text.
func (d *Document) width() float64 { return d.o.Width - 2*d.o.Margin }

// top and bottom are where the text of a page begins and ends.
func (d *Document) top() float64    { return d.o.Height - d.o.Margin }
func (d *Document) bottom() float64 { return d.o.Margin }

// room makes sure that so much height is left on the page, or begins a new one.
func (d *Document) room(height float64) {
	if len(d.pages) == 0 || d.y-height < d.bottom() && d.y < d.top() {
		d.newPage()
	}
}

// page returns the last page.
func (d *Document) page() *page {
	if len(d.pages) == 0 {
		d.newPage()
	}
	return d.pages[len(d.pages)-1]
}

func (d *Document) newPage() {
	if len(d.pages) == maxPages {
		d.fail(fmt.Errorf("more than %d pages", maxPages))
		d.pages = d.pages[:maxPages-1] // what follows is lost with all else
	}
	d.pages = append(d.pages, &page{number: len(d.pages), ref: d.file.New()})
	d.y = d.top()
}

// Space leaves so many points free, but not at the top of a page.
func (d *Document) Space(height float64) {
	if len(d.pages) > 0 && d.y < d.top() {
		d.y = max(d.bottom(), d.y-height)
	}
}

// Begin opens a part of the document (Sect), which holds what is put in up to End.
func (d *Document) Begin() {
	if len(d.open) > maxNested {
		d.fail(fmt.Errorf("parts nested deeper than %d", maxNested))
		return
	}
	d.open = append(d.open, d.add("Sect"))
}

// End closes the last part that was opened.
func (d *Document) End() {
	if len(d.open) > 1 {
		d.open = d.open[:len(d.open)-1]
	}
}

// add puts a structure element behind the others of the part that is open.
func (d *Document) add(kind string) *element { return d.open[len(d.open)-1].add(kind) }
