package ber

import "fmt"

// header is the identifier and length octets of an element (X.690 §8.1.2, §8.1.3).
type header struct {
	class, tag  int
	constructed bool
	indefinite  bool
	nonMinimal  bool
	size        int // octets of the header itself
	length      int // content octets; of an indefinite length only readElementHeader knows them
}

// endOfContents tells whether h is the two zero octets: readHeader refuses any other element of tag 0.
func (h header) endOfContents() bool {
	return h.class == Universal && h.tag == 0
}

// readHeader reads a header and makes sure that a definite content lies inside b.
func readHeader(b []byte) (h header, err error) {
	if len(b) < 2 {
		return h, fmt.Errorf("%w: ends inside a header", ErrMalformed)
	}
	h.class, h.tag, h.constructed, h.size = int(b[0]>>6), int(b[0]&0x1f), b[0]&0x20 != 0, 1
	if h.tag == 0x1f {
		if err := h.readHighTag(b); err != nil {
			return h, err
		}
	}
	if h.size >= len(b) {
		return h, fmt.Errorf("%w: ends inside a header", ErrMalformed)
	}
	first := b[h.size]
	h.size++
	if h.class == Universal && !formAllowed(h.tag, h.constructed) {
		return h, fmt.Errorf("%w: tag %d in a form that it does not have", ErrMalformed, h.tag)
	}
	if h.class == Universal && h.tag == 0 && (h.constructed || h.size != 2 || first != 0) {
		return h, fmt.Errorf("%w: tag 0 that is no end-of-contents", ErrMalformed)
	}
	switch {
	case first < 0x80:
		h.length = int(first)
	case first == 0x80:
		if !h.constructed {
			return h, fmt.Errorf("%w: indefinite length of a primitive element", ErrMalformed)
		}
		h.indefinite = true
		return h, nil
	default:
		if err := h.readLongLength(b, int(first&0x7f)); err != nil {
			return h, err
		}
	}
	if h.length > len(b)-h.size {
		return h, fmt.Errorf("%w: length %d where %d bytes remain", ErrMalformed, h.length, len(b)-h.size)
	}
	return h, nil
}

// readHighTag reads a tag number above 30 (§8.1.2.4).
func (h *header) readHighTag(b []byte) error {
	h.tag = 0
	for i := 1; ; i++ {
		if i >= len(b) {
			return fmt.Errorf("%w: ends inside a tag", ErrMalformed)
		}
		if i == 1 && b[i] == 0x80 {
			return fmt.Errorf("%w: tag number with leading zeros", ErrMalformed)
		}
		h.tag = h.tag<<7 | int(b[i]&0x7f)
		if h.tag >= maxTag {
			return fmt.Errorf("%w: tag number of %d or more", ErrLimit, maxTag)
		}
		if b[i]&0x80 == 0 {
			h.size = i + 1
			h.nonMinimal = h.tag < 0x1f
			return nil
		}
	}
}

// readLongLength reads n length octets (§8.1.3.5), leading zeros allowed.
func (h *header) readLongLength(b []byte, n int) error {
	if n > maxLengthOctets {
		return fmt.Errorf("%w: length of %d octets", ErrLimit, n)
	}
	if n > len(b)-h.size {
		return fmt.Errorf("%w: ends inside a length", ErrMalformed)
	}
	octets := b[h.size : h.size+n]
	h.size += n
	h.nonMinimal = h.nonMinimal || octets[0] == 0
	for _, o := range octets {
		if h.length > len(b)>>8 {
			return fmt.Errorf("%w: length larger than what remains", ErrMalformed)
		}
		h.length = h.length<<8 | int(o)
	}
	h.nonMinimal = h.nonMinimal || h.length < 0x80
	return nil
}

// formAllowed tells whether a universal type may be primitive or constructed: sequences and sets are constructed, numbers,
// identifiers and truth values primitive (X.690 §8.2 to §8.5, §8.8 to §8.12, §8.19, §8.20).
func formAllowed(tag int, constructed bool) bool {
	switch tag {
	case TagBoolean, TagInteger, TagNull, TagObjectIdentifier, 9, TagEnumerated, 13, 14:
		return !constructed
	case 8, 11, TagSequence, TagSet:
		return constructed
	}
	return true
}
