package ber

import (
	"bytes"
	"fmt"
	"slices"
)

// HasDERLengths tells whether all elements in b, at all levels, have definite lengths and tags and lengths of no more
// octets than needed. It does not look at the order of sets nor at how strings are written.
func HasDERLengths(b []byte) (bool, error) {
	var ends [maxDepth]int // of the elements that are open, and of b
	ends[0] = len(b)
	for depth, pos := 0, 0; ; {
		for ; pos == ends[depth]; depth-- {
			if depth == 0 {
				return true, nil
			}
		}
		h, err := readElementHeader(b[pos:ends[depth]])
		if err != nil {
			return false, err
		}
		if h.indefinite || h.nonMinimal {
			return false, nil
		}
		pos += h.size
		if !h.constructed {
			pos += h.length
			continue
		}
		if depth++; depth == maxDepth {
			return false, fmt.Errorf("%w: more than %d levels", ErrLimit, maxDepth)
		}
		ends[depth] = pos + h.length
	}
}

// IsDER tells whether b consists of elements that ToDER would leave as they are. It cannot know about implicitly
// tagged strings and sets nor about DEFAULT values.
func IsDER(b []byte) (bool, error) {
	return everyElement(b, func(e Element) bool {
		switch {
		case e.Indefinite || e.NonMinimal || e.Constructed && isString(e):
			return false
		case e.Is(Universal, TagBoolean):
			return len(e.Content) == 1 && (e.Content[0] == 0 || e.Content[0] == 0xff)
		case e.IsSet():
			return isSorted(e)
		}
		return true
	})
}

// everyElement tells whether ok holds for all elements in b at all levels. Every level of nesting is a reader in an
// array, not a call.
func everyElement(b []byte, ok func(Element) bool) (bool, error) {
	var stack [maxDepth]Reader
	stack[0] = NewReader(b)
	for depth := 0; depth >= 0; {
		if stack[depth].Empty() {
			depth--
			continue
		}
		e, err := stack[depth].Next()
		if err != nil {
			return false, err
		}
		if !ok(e) {
			return false, nil
		}
		if e.Constructed {
			if depth++; depth == maxDepth {
				return false, fmt.Errorf("%w: more than %d levels", ErrLimit, maxDepth)
			}
			stack[depth] = e.Elements()
		}
	}
	return true, nil
}

// isSorted tells whether the elements of a set stand in ascending order of their encodings (X.690 §11.6).
func isSorted(set Element) bool {
	var previous []byte
	for r := set.Elements(); !r.Empty(); {
		e, err := r.Next()
		if err != nil || bytes.Compare(previous, e.Raw) > 0 {
			return false
		}
		previous = e.Raw
	}
	return true
}

// ToDER rewrites the elements in b as DER (X.690 §10, §11): definite minimal lengths, strings in one piece, sets in
// order, TRUE as FF. Implicitly tagged strings and sets, and DEFAULT values, cannot be known and stay as they are.
func ToDER(b []byte) ([]byte, error) {
	return appendDER(make([]byte, 0, len(b)), NewReader(b), 0)
}

func appendDER(out []byte, r Reader, depth int) ([]byte, error) {
	if depth == maxDepth {
		return nil, fmt.Errorf("%w: more than %d levels", ErrLimit, maxDepth)
	}
	for !r.Empty() {
		e, err := r.Next()
		if err != nil {
			return nil, err
		}
		if out, err = appendElement(out, e, depth); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func appendElement(out []byte, e Element, depth int) ([]byte, error) {
	switch {
	case e.Constructed && isString(e):
		value, err := joinString(e)
		if err != nil {
			return nil, err
		}
		return appendTLV(out, e, false, value), nil
	case e.IsSet():
		value, err := sortedSet(e, depth)
		if err != nil {
			return nil, err
		}
		return appendTLV(out, e, true, value), nil
	case e.Constructed:
		value, err := appendDER(nil, e.Elements(), depth+1)
		if err != nil {
			return nil, err
		}
		return appendTLV(out, e, true, value), nil
	case e.Is(Universal, TagBoolean) && len(e.Content) == 1 && e.Content[0] != 0:
		return appendTLV(out, e, false, []byte{0xff}), nil
	case e.Is(Universal, TagBoolean) && len(e.Content) != 1:
		return nil, fmt.Errorf("%w: BOOLEAN of %d octets", ErrMalformed, len(e.Content))
	}
	return appendTLV(out, e, false, e.Content), nil
}

// sortedSet returns the content of a SET in DER.
func sortedSet(e Element, depth int) ([]byte, error) {
	value, err := appendDER(nil, e.Elements(), depth+1)
	if err != nil {
		return nil, err
	}
	var parts [][]byte
	for r := NewReader(value); !r.Empty(); {
		part, err := r.Next()
		if err != nil {
			return nil, err
		}
		parts = append(parts, part.Raw)
	}
	slices.SortStableFunc(parts, bytes.Compare)
	return slices.Concat(parts...), nil
}

// isString tells whether e is of a universal type that BER may write in segments: the octet, bit and character strings
// and the two times, which are strings too (X.690 §8.6, §8.7, §8.23, §8.25).
func isString(e Element) bool {
	if e.Class != Universal {
		return false
	}
	switch e.Tag {
	case TagBitString, TagOctetString, TagUTF8String:
		return true
	}
	return e.Tag >= 18 && e.Tag <= 30
}

// joinString joins the segments of a string. The segments of a bit string each begin with their count of unused bits,
// which only the last may have above 0; those of all other types are octet strings or of the type itself.
func joinString(e Element) ([]byte, error) {
	var stack [maxDepth]Reader
	stack[0] = e.Elements()
	var out []byte
	unused := byte(0)
	if e.Tag == TagBitString {
		out = []byte{0}
	}
	for depth := 0; depth >= 0; {
		if stack[depth].Empty() {
			depth--
			continue
		}
		s, err := stack[depth].Next()
		switch {
		case err != nil:
			return nil, err
		case s.Class != Universal || s.Tag != e.Tag && (s.Tag != TagOctetString || e.Tag == TagBitString):
			return nil, fmt.Errorf("%w: class %d tag %d as segment of a string", ErrMalformed, s.Class, s.Tag)
		case s.Constructed:
			if depth++; depth == maxDepth {
				return nil, fmt.Errorf("%w: segments within segments", ErrLimit)
			}
			stack[depth] = s.Elements()
		case e.Tag != TagBitString:
			out = append(out, s.Content...)
		case len(s.Content) == 0 || s.Content[0] > 7 || unused != 0:
			return nil, fmt.Errorf("%w: segment of a bit string", ErrMalformed)
		default:
			unused = s.Content[0]
			out = append(out, s.Content[1:]...)
		}
	}
	if e.Tag == TagBitString {
		out[0] = unused
	}
	return out, nil
}

// appendTLV appends an element with the class and tag of e.
func appendTLV(out []byte, e Element, constructed bool, value []byte) []byte {
	first := byte(e.Class << 6)
	if constructed {
		first |= 0x20
	}
	if e.Tag < 0x1f {
		out = append(out, first|byte(e.Tag))
	} else {
		out = append(out, first|0x1f)
		shift := 0
		for e.Tag>>(shift+7) != 0 {
			shift += 7
		}
		for ; shift > 0; shift -= 7 {
			out = append(out, byte(e.Tag>>shift)|0x80)
		}
		out = append(out, byte(e.Tag&0x7f))
	}
	return append(AppendLength(out, len(value)), value...)
}

// AppendLength appends n as definite length octets in the minimal form.
func AppendLength(out []byte, n int) []byte {
	if n < 0x80 {
		return append(out, byte(n))
	}
	octets := 1
	for v := n >> 8; v != 0; v >>= 8 {
		octets++
	}
	out = append(out, 0x80|byte(octets))
	for octets--; octets >= 0; octets-- {
		out = append(out, byte(n>>(8*octets)))
	}
	return out
}
