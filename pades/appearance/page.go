package appearance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/inkan-go/inkan/internal/draw"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/pades"
)

// Page is a page of another PDF document, for example letter paper or a seal
// that was drawn elsewhere. It keeps its proportions and fills as much of its box
// as it can. Annotations and form fields of the page are not shown. It may be used
// for any number of signatures, while its document can be read.
type Page struct {
	source        io.ReaderAt
	view          *pdf.View
	page          *pdf.Dict
	width, height float64 // as displayed, in points
	matrix        draw.Matrix
	bbox          [4]float64
}

// OpenPage reads a page, counted from 1, from a file, which it reads whole.
func OpenPage(name string, number int) (*Page, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("appearance: %w", err)
	}
	p, err := ParsePage(bytes.NewReader(data), int64(len(data)), number)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

// ParsePage reads a page, counted from 1, from a document of that size, which is
// read again whenever the page is drawn. An encrypted document is refused.
func ParsePage(r io.ReaderAt, size int64, number int) (*Page, error) {
	f, err := pdf.Open(r, size, nil)
	if err != nil {
		return nil, fmt.Errorf("appearance: the page cannot be read: %w", err)
	}
	if f.Encryption() != nil {
		return nil, errors.New("appearance: the document of the page is encrypted; decrypt it first")
	}
	p := &Page{source: r, view: f.Latest()}
	if p.page, err = p.find(number); err != nil {
		return nil, fmt.Errorf("appearance: the page cannot be read: %w", err)
	}
	if err := p.measure(); err != nil {
		return nil, fmt.Errorf("appearance: the page cannot be read: %w", err)
	}
	return p, nil
}

// find returns the page of that number (ISO 32000-2, 7.7.3).
func (p *Page) find(number int) (*pdf.Dict, error) {
	catalog, err := p.view.Catalog()
	if err != nil {
		return nil, err
	}
	stack := [][]pdf.Object{{catalog.Dict().Get("Pages")}} // of every level what is still to be visited
	pages := 0
	for visited := 0; len(stack) > 0; {
		top := &stack[len(stack)-1]
		if len(*top) == 0 {
			stack = stack[:len(stack)-1]
			continue
		}
		if visited++; visited > maxTreePages || len(stack) > maxPageDepth {
			return nil, fmt.Errorf("more than %d pages or %d levels", maxTreePages, maxPageDepth)
		}
		node, err := p.view.Dict((*top)[0])
		*top = (*top)[1:]
		if err != nil {
			return nil, err
		}
		kids, err := p.view.Array(node.Get("Kids"))
		if err != nil {
			return nil, err
		}
		if kids != nil {
			stack = append(stack, kids.Items)
		} else if pages++; node != nil && pages == number {
			return node, nil
		}
	}
	return nil, fmt.Errorf("there is no page %d; the document has %d", number, pages)
}

// inherited returns an entry of the page, or of a node above it.
func (p *Page) inherited(key pdf.Name) (pdf.Object, error) {
	node := p.page
	for range maxPageDepth {
		if node == nil || node.Has(key) {
			break
		}
		parent, err := p.view.Dict(node.Get("Parent"))
		if err != nil {
			return nil, err
		}
		node = parent
	}
	if node == nil {
		return nil, nil
	}
	return node.Get(key), nil
}

// measure reads size and rotation.
func (p *Page) measure() error {
	media, err := p.rectangle("MediaBox")
	if err != nil {
		return err
	}
	if media == nil {
		return errors.New("it has no MediaBox")
	}
	b, err := p.rectangle("CropBox")
	if err != nil {
		return err
	}
	if b == nil {
		b = media
	}
	b = &[4]float64{max(b[0], media[0]), max(b[1], media[1]), min(b[2], media[2]), min(b[3], media[3])}
	w, h := b[2]-b[0], b[3]-b[1]
	if !finite(w, h) || w < minSide || h < minSide || w > maxSide || h > maxSide {
		return fmt.Errorf("it has %g by %g units", w, h)
	}
	rotate, err := p.inherited("Rotate")
	if err != nil {
		return err
	}
	degrees, err := p.view.Integer(rotate, 0)
	if err != nil {
		return err
	}
	quarters := -int(degrees/90) % 4 // Rotate is clockwise
	p.bbox = *b
	p.width, p.height = w, h
	if quarters%2 != 0 {
		p.width, p.height = h, w
	}
	p.matrix = draw.Matrix{1, 0, 0, 1, -b[0], -b[1]}.Then(draw.Turned(quarters, w, h)).
		Then(draw.Matrix{1 / p.width, 0, 0, 1 / p.height, 0, 0})
	return nil
}

// rectangle reads a box of the page, its corners in order; nil where there is none.
func (p *Page) rectangle(key pdf.Name) (*[4]float64, error) {
	value, err := p.inherited(key)
	if err != nil {
		return nil, err
	}
	array, err := p.view.Array(value)
	if err != nil || array.Len() < 4 {
		return nil, err
	}
	var r [4]float64
	for i := range r {
		if r[i], err = p.view.Number(array.Items[i], 0); err != nil {
			return nil, err
		}
	}
	return &[4]float64{math.Min(r[0], r[2]), math.Min(r[1], r[3]), math.Max(r[0], r[2]), math.Max(r[1], r[3])}, nil
}

// Draw draws the page as an appearance of its own.
func (p *Page) Draw(ctx context.Context, r *pades.AppearanceRequest) (*pades.AppearanceStream, error) {
	return render(ctx, r, p)
}

func (p *Page) aspect() float64 {
	if p.height == 0 {
		return 0
	}
	return p.width / p.height
}

func (p *Page) paint(c *canvas, b box) error {
	switch {
	case p.view == nil:
		return errors.New("appearance: an empty Page; use ParsePage or OpenPage")
	case c.request.PDFA > 0:
		return errors.New("appearance: a page of another document in a PDF/A document, whose rules it may break; use an image")
	}
	if err := b.room("a page"); err != nil {
		return err
	}
	b = b.fit(p.aspect())
	return c.xobjects.Paint(&c.Content, p, draw.Matrix{b.w, 0, 0, b.h, b.x, b.y}, func() (string, error) {
		reference, err := p.copy(c.request.Objects)
		if err != nil {
			return "", fmt.Errorf("appearance: the page cannot be copied: %w", err)
		}
		return reference, nil
	})
}

// copy writes the page as a form XObject whose box becomes the unit square.
func (p *Page) copy(to pades.ObjectWriter) (string, error) {
	content, err := p.contents()
	if err != nil {
		return "", err
	}
	copier := &copier{source: p.source, view: p.view, to: to, copied: make(map[pdf.Reference]string)}
	resources, err := p.inherited("Resources")
	if err != nil {
		return "", err
	}
	dict := []byte("<</Type/XObject/Subtype/Form/BBox[")
	for _, v := range p.bbox {
		dict = append(draw.AppendNumber(dict, v), ' ')
	}
	dict = append(dict, "]/Matrix["...)
	for _, v := range p.matrix {
		dict = fmt.Appendf(dict, "%.9f ", v)
	}
	dict = append(dict, ']')
	for _, entry := range []struct {
		key   string
		value pdf.Object
	}{{"/Resources ", resources}, {"/Group ", p.page.Get("Group")}} {
		resolved, err := p.view.Resolve(entry.value)
		if err != nil {
			return "", err
		}
		if _, ok := resolved.(*pdf.Dict); !ok {
			continue
		}
		if dict, err = copier.value(append(dict, entry.key...), resolved, 0); err != nil {
			return "", err
		}
	}
	return to.AddStream(append(dict, ">>"...), content), nil
}

// contents returns the content streams of the page, one after the other.
func (p *Page) contents() ([]byte, error) {
	value, err := p.view.Resolve(p.page.Get("Contents"))
	if err != nil {
		return nil, err
	}
	parts := []pdf.Object{value}
	if array, ok := value.(*pdf.Array); ok {
		parts = array.Items
	}
	var content []byte
	for _, part := range parts {
		s, err := p.view.StreamObject(part)
		if err != nil {
			return nil, err
		}
		data, err := p.view.Stream(s)
		if err != nil {
			return nil, err
		}
		if len(content)+len(data) > maxPageBytes {
			return nil, fmt.Errorf("more than %d bytes", maxPageBytes)
		}
		content = append(append(content, data...), '\n')
	}
	return content, nil
}
