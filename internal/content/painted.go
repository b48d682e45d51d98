package content

import (
	"bytes"

	"github.com/inkan-go/inkan/internal/pdf"
)

// Painted is what content paints.
type Painted struct {
	// Areas are the painted areas in the order of painting; Texts those of them
	// that show text.
	Areas, Texts []Area
	// Text are the bytes of all strings that are shown, in their order and in
	// the encodings of their fonts.
	Text []byte
	// Plain tells that Text is complete and that each of its bytes is a character
	// of PDFDocEncoding, as far as fonts tell.
	Plain bool
	// Unknown tells that some of the content could not be read: it may paint
	// anywhere.
	Unknown bool
}

// Covers tells whether anything is painted within an area.
func (p *Painted) Covers(a Area) bool {
	for _, b := range p.Areas {
		if a.Overlaps(b) {
			return true
		}
	}
	return p.Unknown
}

// Page returns what the content of a page paints, in its default user space.
// Annotations are no part of it.
func Page(v *pdf.View, page *pdf.Dict) *Painted {
	r := newReader(v)
	data := r.join(page.Get("Contents"))
	r.run(data, r.inherited(page, "Resources"), identity, 0, nil)
	return r.painted
}

// Form returns what a form XObject paints, such as an appearance stream, in its
// own space.
func Form(v *pdf.View, form *pdf.Stream) *Painted {
	r := newReader(v)
	r.form(form, identity, 0, nil)
	return r.painted
}

// reader interprets content. It keeps what all forms share.
type reader struct {
	view      *pdf.View
	painted   *Painted
	operators int
	bytes     int
	fonts     map[pdf.Reference]bool // plain or not
	picture   *Picture               // nil where none is wanted
	decoders  map[pdf.Reference]*decoder
	codes     int // of fonts, that were read
	read      int // bytes of text that were
}

func newReader(v *pdf.View) *reader {
	return &reader{view: v, painted: &Painted{Plain: true}, fonts: make(map[pdf.Reference]bool), decoders: make(map[pdf.Reference]*decoder)}
}

// join decodes the content of a page: a stream, or an array of them that are one.
func (r *reader) join(o pdf.Object) []byte {
	value, err := r.view.Resolve(o)
	if err != nil {
		r.painted.Unknown = true
		return nil
	}
	switch v := value.(type) {
	case *pdf.Stream:
		return r.decode(v)
	case *pdf.Array:
		var all [][]byte
		for _, item := range v.Items {
			s, err := r.view.StreamObject(item)
			if err != nil {
				r.painted.Unknown = true
				continue
			}
			all = append(all, r.decode(s))
		}
		return bytes.Join(all, []byte("\n"))
	}
	return nil
}

func (r *reader) decode(s *pdf.Stream) []byte {
	if s == nil || r.bytes > maxBytes || s.Length > maxBytes {
		r.painted.Unknown = r.painted.Unknown || s != nil
		return nil
	}
	data, err := r.view.Stream(s)
	if err != nil || r.bytes+len(data) > maxBytes {
		r.painted.Unknown = true
		r.bytes += max(len(data), int(s.Length)) // the work was done
		return nil
	}
	r.bytes += len(data)
	return data
}

// inherited returns an attribute of a page, or of the nodes above it (7.7.3.4).
func (r *reader) inherited(page *pdf.Dict, key pdf.Name) *pdf.Dict {
	for range maxLevels {
		if page == nil {
			break
		}
		if d, err := r.view.Dict(page.Get(key)); err == nil && d != nil {
			return d
		}
		page, _ = r.view.Dict(page.Get("Parent"))
	}
	return nil
}

// form interprets a form XObject (8.10), which another content may paint.
func (r *reader) form(s *pdf.Stream, ctm matrix, depth int, within *interpreter) {
	if depth > maxForms {
		r.painted.Unknown = true
		return
	}
	if m, ok := r.numbers(s.Dict.Get("Matrix")); ok && len(m) == 6 {
		ctm = matrix(m).times(ctm)
	}
	resources, _ := r.view.Dict(s.Dict.Get("Resources"))
	if within != nil && r.picture != nil {
		if box, ok := NewArea(r.view.Rectangle(s.Dict.Get("BBox"))); ok {
			clip := within.look.clip
			within.look.clip = clip.intersection(ctm.area(box))
			defer func() { within.look.clip = clip }()
		}
	}
	r.run(r.decode(s), resources, ctm, depth, within)
}

func (r *reader) numbers(o pdf.Object) ([]float64, bool) {
	a, err := r.view.Array(o)
	if err != nil || a == nil || len(a.Items) > 6 {
		return nil, false
	}
	out := make([]float64, 0, 6)
	for _, item := range a.Items {
		n, err := r.view.Number(item, 0)
		if err != nil {
			return nil, false
		}
		out = append(out, n)
	}
	return out, true
}

// paint keeps an area.
func (r *reader) paint(a Area) {
	p := r.painted
	if len(p.Areas) >= maxAreas {
		p.Areas[len(p.Areas)-1] = p.Areas[len(p.Areas)-1].union(a)
		return
	}
	p.Areas = append(p.Areas, a)
}

// resource returns an entry of a category of resources (7.8.3).
func (r *reader) resource(resources *pdf.Dict, category pdf.Name, key []byte) pdf.Object {
	if resources == nil {
		return pdf.Null{}
	}
	d, err := r.view.Dict(resources.Get(category))
	if err != nil || d == nil {
		return pdf.Null{}
	}
	return d.Get(pdf.Name(key))
}

// isPlain tells whether a font shows the bytes of strings as what they are in
// PDFDocEncoding: a simple font without an encoding of its own.
func (r *reader) isPlain(font pdf.Object) bool {
	ref, indirect := font.(pdf.Reference)
	if plain, known := r.fonts[ref]; known && indirect {
		return plain
	}
	d, err := r.view.Dict(font)
	plain := err == nil && d != nil && d.Get("Subtype") != pdf.Object(pdf.Name("Type0")) && d.Get("Subtype") != pdf.Object(pdf.Name("Type3"))
	if plain {
		encoding, err := r.view.Resolve(d.Get("Encoding"))
		switch e := encoding.(type) {
		case pdf.Name, pdf.Null:
		case *pdf.Dict:
			plain = !e.Has("Differences")
		default:
			plain = false
		}
		plain = plain && err == nil
	}
	if indirect {
		r.fonts[ref] = plain
	}
	return plain
}
