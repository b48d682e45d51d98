package ber

import (
	"encoding/asn1"
	"fmt"
	"math/big"
)

// OctetString returns the value of an OCTET STRING, also when e carries an implicit tag instead of tag 4. Segments of
// a constructed string are joined into new memory; a primitive one is returned as it stands in the input.
func (e Element) OctetString() ([]byte, error) {
	if !e.Constructed {
		return e.Content, nil
	}
	var out []byte
	err := e.Segments(func(segment []byte) { out = append(out, segment...) })
	return out, err
}

// Segments calls f for each piece of an OCTET STRING in order, without joining them (X.690 §8.7).
func (e Element) Segments(f func([]byte)) error {
	if !e.Constructed {
		f(e.Content)
		return nil
	}
	var stack [maxDepth]Reader
	depth := 0
	stack[0] = e.Elements()
	for depth >= 0 {
		if stack[depth].Empty() {
			depth--
			continue
		}
		s, err := stack[depth].Expect(Universal, TagOctetString)
		switch {
		case err != nil:
			return err
		case !s.Constructed:
			f(s.Content)
		case depth+1 == maxDepth:
			return fmt.Errorf("%w: segments within segments", ErrLimit)
		default:
			depth++
			stack[depth] = s.Elements()
		}
	}
	return nil
}

// ObjectIdentifier returns the value of an OBJECT IDENTIFIER. An arc above 2^31-1 is ErrLimit.
func (e Element) ObjectIdentifier() (asn1.ObjectIdentifier, error) {
	return e.ObjectIdentifierIn(nil)
}

// ObjectIdentifierIn is ObjectIdentifier that takes the room for the value from arcs, if there are any.
func (e Element) ObjectIdentifierIn(arcs *Arcs) (asn1.ObjectIdentifier, error) {
	if !e.Is(Universal, TagObjectIdentifier) || len(e.Content) == 0 {
		return nil, fmt.Errorf("%w: no OBJECT IDENTIFIER", ErrMalformed)
	}
	n := 1
	for _, b := range e.Content {
		if b&0x80 == 0 {
			n++
		}
	}
	if n > maxArcs {
		return nil, fmt.Errorf("%w: object identifier of %d arcs", ErrLimit, n)
	}
	if arcs == nil {
		room := make(Arcs, 0, n)
		arcs = &room
	}
	return arcs.append(e.Content)
}

// appendArcs appends the arcs of an OBJECT IDENTIFIER with that content, of which there
// is one more at most than content has octets. An arc above 2^31-1 is ErrLimit.
func appendArcs(oid []int, content []byte) ([]int, error) {
	first := len(oid)
	arc, start := 0, true
	for _, b := range content {
		if start && b == 0x80 {
			return nil, fmt.Errorf("%w: object identifier with leading zeros", ErrMalformed)
		}
		if arc > (1<<31-1)>>7 {
			return nil, fmt.Errorf("%w: object identifier with a large arc", ErrLimit)
		}
		arc = arc<<7 | int(b&0x7f)
		if start = b&0x80 == 0; !start {
			continue
		}
		if len(oid) == first {
			root := min(arc/40, 2)
			oid = append(oid, root)
			arc -= 40 * root
		}
		oid = append(oid, arc)
		arc = 0
	}
	if !start || len(oid) == first {
		return nil, fmt.Errorf("%w: object identifier ends inside an arc", ErrMalformed)
	}
	return oid, nil
}

// BigInt returns the value of an INTEGER. Octets that the minimal form leaves out are accepted: old certificates have
// such serial numbers.
func (e Element) BigInt() (*big.Int, error) {
	if !e.Is(Universal, TagInteger) || len(e.Content) == 0 {
		return nil, fmt.Errorf("%w: no INTEGER", ErrMalformed)
	}
	v := new(big.Int).SetBytes(e.Content)
	if e.Content[0]&0x80 != 0 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(e.Content))))
	}
	return v, nil
}

// Int returns the value of an INTEGER that fits into 31 bits and a sign.
func (e Element) Int() (int, error) {
	if !e.Is(Universal, TagInteger) || len(e.Content) == 0 {
		return 0, fmt.Errorf("%w: no INTEGER", ErrMalformed)
	}
	if len(e.Content) > 4 {
		return 0, fmt.Errorf("%w: INTEGER of %d octets", ErrLimit, len(e.Content))
	}
	v := int32(int8(e.Content[0]))
	for _, b := range e.Content[1:] {
		v = v<<8 | int32(b)
	}
	return int(v), nil
}
