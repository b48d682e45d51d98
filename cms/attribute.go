package cms

import (
	"encoding/asn1"

	"github.com/inkan-go/inkan/internal/ber"
)

// Attribute is one attribute of a SignerInfo (RFC 5652 §5.3). Slices of a parsed attribute point into the input and
// must not be written to.
type Attribute struct {
	Type   asn1.ObjectIdentifier // nil when the identifier has arcs beyond 31 bits
	Raw    []byte                // the whole attribute as received; ignored when building
	Values [][]byte              // each with tag and length
}

// Attributes is a list of attributes in the order received.
type Attributes []Attribute

// Find returns the first attribute of a type, nil when there is none.
func (list Attributes) Find(oid asn1.ObjectIdentifier) *Attribute {
	for i := range list {
		if list[i].Type.Equal(oid) {
			return &list[i]
		}
	}
	return nil
}

// All returns every value of every attribute of a type: time-stamp tokens for example may come either way.
func (list Attributes) All(oid asn1.ObjectIdentifier) [][]byte {
	var values [][]byte
	for i := range list {
		if list[i].Type.Equal(oid) {
			values = append(values, list[i].Values...)
		}
	}
	return values
}

// count returns how many attributes have this type.
func (list Attributes) count(oid asn1.ObjectIdentifier) (n int) {
	for i := range list {
		if list[i].Type.Equal(oid) {
			n++
		}
	}
	return n
}

// value returns the element that is the only value of the only attribute of a type; false when there is no such.
func (list Attributes) value(oid asn1.ObjectIdentifier) (ber.Element, bool) {
	a := list.Find(oid)
	if a == nil || len(a.Values) != 1 || list.count(oid) != 1 {
		return ber.Element{}, false
	}
	e, rest, err := ber.Read(a.Values[0])
	return e, err == nil && len(rest) == 0
}

// attributes reads the content of SignedAttributes or UnsignedAttributes.
func (p *parser) attributes(set ber.Element) (Attributes, error) {
	list := make(Attributes, 0, usualAttributes)
	values := make([][]byte, 0, usualAttributes) // most attributes have one
	for r := set.Elements(); !r.Empty(); {
		e, err := r.Expect(ber.Universal, ber.TagSequence)
		if err != nil {
			return nil, malformed("attribute", err)
		}
		if len(list) == maxAttributes {
			return nil, fail(ErrLimit, "more than %d attributes", maxAttributes)
		}
		a, err := p.attribute(e, &values)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

// usualAttributes is the room for what most signers have.
const usualAttributes = 5

// attribute reads an Attribute, its values into room.
func (p *parser) attribute(e ber.Element, room *[][]byte) (Attribute, error) {
	a := Attribute{Raw: e.Raw}
	r := e.Elements()
	id, err := r.Expect(ber.Universal, ber.TagObjectIdentifier)
	if err != nil {
		return a, malformed("attribute type", err)
	}
	if a.Type, err = readOID(id, &p.arcs); err != nil {
		return a, malformed("attribute type", err)
	}
	set, err := r.Expect(ber.Universal, ber.TagSet)
	if err != nil || !r.Empty() {
		return a, malformed("attribute values", err)
	}
	first := len(*room)
	for v := set.Elements(); !v.Empty(); {
		value, err := v.Next()
		if err != nil {
			return a, malformed("attribute values", err)
		}
		if len(*room)-first == maxAttributeValues {
			return a, fail(ErrLimit, "more than %d values of an attribute", maxAttributeValues)
		}
		*room = append(*room, value.Raw)
	}
	a.Values = (*room)[first:len(*room):len(*room)]
	return a, nil
}

// IsAttributeSet tells whether content that starts with head and is size bytes long is itself a DER SET OF Attribute.
// Such content is refused where a signature has no signed attributes: the signature may have been made over attributes
// and stripped of them (RFC 5652 §11 leaves the two indistinguishable). 64 bytes of head are enough; fewer only when the
// content is shorter.
func IsAttributeSet(head []byte, size int64) bool {
	content, ok := enter(head, size, 0x31)
	if !ok {
		return false
	}
	attribute, _, ok := open(content, 0x30)
	if !ok {
		return false
	}
	_, _, ok = open(attribute, 0x06)
	return ok
}

// enter returns what follows the header of an element that has this tag and fills size bytes exactly.
func enter(head []byte, size int64, tag byte) ([]byte, bool) {
	content, length, ok := open(head, tag)
	return content, ok && int64(len(head)-len(content))+length == size
}

// open returns what follows a header with this tag and a definite length, and that length. The content may be cut off.
func open(b []byte, tag byte) (content []byte, length int64, ok bool) {
	if len(b) < 2 || b[0] != tag || b[1] == 0x80 {
		return nil, 0, false
	}
	if b[1] < 0x80 {
		return b[2:], int64(b[1]), true
	}
	n := int(b[1] & 0x7f)
	if n > len(b)-2 {
		return nil, 0, false
	}
	for _, o := range b[2 : 2+n] {
		if length > 1<<54 {
			return nil, 0, false
		}
		length = length<<8 | int64(o)
	}
	return b[2+n:], length, true
}
