// Package ber reads the Basic Encoding Rules of ASN.1 (X.690) without copying: every Element keeps the bytes that it was
// read from, so that what was signed can be hashed as it was received. Indefinite lengths, lengths with more octets
// than needed and strings made of segments are understood, and can be rewritten as DER.
//
// It does not decide whether a structure may be BER where its standard asks for DER, and it knows no structure: it
// returns elements. Input is hostile: nesting, tag numbers and lengths are bounded, and no reading recurses.
package ber

import (
	"errors"
	"fmt"
)

// Errors of this package; test with errors.Is.
var (
	// ErrMalformed says that the bytes are not BER.
	ErrMalformed = errors.New("ber: malformed")
	// ErrLimit says that the bytes nest deeper or use larger tag numbers than this package follows.
	ErrLimit = errors.New("ber: too deeply nested or too large")
)

// Classes of tags (X.690 §8.1.2.2).
const (
	Universal       = 0
	Application     = 1
	ContextSpecific = 2
	Private         = 3
)

// Universal tags (X.680 §8.6) that the readers of this module use.
const (
	TagBoolean          = 1
	TagInteger          = 2
	TagBitString        = 3
	TagOctetString      = 4
	TagNull             = 5
	TagObjectIdentifier = 6
	TagEnumerated       = 10
	TagUTF8String       = 12
	TagSequence         = 16
	TagSet              = 17
	TagUTCTime          = 23
	TagGeneralizedTime  = 24
)

// Element is one tag-length-value. The slices point into the input; neither is ever written to.
type Element struct {
	Class       int // Universal ... Private
	Tag         int
	Constructed bool
	Indefinite  bool // the length is indefinite: Raw ends with end-of-contents octets, Content does not
	NonMinimal  bool // the tag or the length takes more octets than DER allows
	Raw         []byte
	Content     []byte
}

// Is tells whether e has this class and tag.
func (e Element) Is(class, tag int) bool { return e.Class == class && e.Tag == tag }

// IsSequence tells whether e is a SEQUENCE.
func (e Element) IsSequence() bool { return e.Is(Universal, TagSequence) }

// IsSet tells whether e is a SET.
func (e Element) IsSet() bool { return e.Is(Universal, TagSet) }

// Read reads the element at the start of b and returns it with the bytes that follow. Errors wrap ErrMalformed or ErrLimit.
func Read(b []byte) (e Element, rest []byte, err error) {
	h, err := readElementHeader(b)
	if err != nil {
		return Element{}, nil, err
	}
	e = Element{Class: h.class, Tag: h.tag, Constructed: h.constructed, Indefinite: h.indefinite, NonMinimal: h.nonMinimal}
	end := h.size + h.length
	e.Content = b[h.size:end:end]
	if h.indefinite {
		end += 2
	}
	e.Raw = b[:end:end]
	return e, b[end:], nil
}

// readElementHeader reads the header of an element and makes sure that all of the element lies inside b.
func readElementHeader(b []byte) (h header, err error) {
	h, err = readHeader(b)
	switch {
	case err != nil:
	case h.endOfContents():
		err = fmt.Errorf("%w: end-of-contents octets outside an indefinite length", ErrMalformed)
	case h.indefinite:
		h.length, err = indefiniteLength(b[h.size:])
	}
	return h, err
}

// indefiniteLength returns the number of content octets before the end-of-contents octets that close an element whose
// content starts at b[0]. It counts open elements and does not recurse.
func indefiniteLength(b []byte) (int, error) {
	open, pos := 1, 0
	for {
		h, err := readHeader(b[pos:])
		if err != nil {
			return 0, err
		}
		switch {
		case h.endOfContents():
			if open--; open == 0 {
				return pos, nil
			}
			pos += h.size
		case h.indefinite:
			if open++; open > maxDepth {
				return 0, fmt.Errorf("%w: more than %d open indefinite lengths", ErrLimit, maxDepth)
			}
			pos += h.size
		default:
			pos += h.size + h.length
		}
	}
}

// Reader reads the elements of a content one after the other. The zero value is an empty content.
type Reader struct{ rest []byte }

// NewReader returns a reader of the elements in b.
func NewReader(b []byte) Reader { return Reader{rest: b} }

// Elements returns a reader of the elements inside e; a primitive element has none.
func (e Element) Elements() Reader {
	if !e.Constructed {
		return Reader{}
	}
	return Reader{rest: e.Content}
}

// Empty tells whether everything was read.
func (r *Reader) Empty() bool { return len(r.rest) == 0 }

// Rest returns the bytes not yet read.
func (r *Reader) Rest() []byte { return r.rest }

// Next reads the next element; at the end of the content it is an error.
func (r *Reader) Next() (Element, error) {
	e, rest, err := Read(r.rest)
	if err == nil {
		r.rest = rest
	}
	return e, err
}

// Expect reads the next element, which must have this class and tag.
func (r *Reader) Expect(class, tag int) (Element, error) {
	e, rest, err := Read(r.rest)
	if err != nil {
		return Element{}, err
	}
	if !e.Is(class, tag) {
		return Element{}, fmt.Errorf("%w: class %d tag %d where class %d tag %d must stand", ErrMalformed, e.Class, e.Tag, class, tag)
	}
	r.rest = rest
	return e, nil
}

// Optional reads the next element if there is one with this class and tag.
func (r *Reader) Optional(class, tag int) (e Element, present bool, err error) {
	if r.Empty() {
		return Element{}, false, nil
	}
	e, rest, err := Read(r.rest)
	if err != nil || !e.Is(class, tag) {
		return Element{}, false, err
	}
	r.rest = rest
	return e, true, nil
}

// Children returns all elements inside e. Loops over large contents better use Elements, which allocates nothing.
func (e Element) Children() ([]Element, error) {
	var list []Element
	for r := e.Elements(); !r.Empty(); {
		child, err := r.Next()
		if err != nil {
			return nil, err
		}
		list = append(list, child)
	}
	return list, nil
}
