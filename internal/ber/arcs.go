package ber

import (
	"encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// moreArcs is what Arcs makes room for where there is none left.
const moreArcs = 32

// Arcs is room for the object identifiers of one structure, of which there are too many
// for an allocation each. The zero value has none and makes some.
type Arcs []int

// Read reads an OBJECT IDENTIFIER.
func (a *Arcs) Read(s *cryptobyte.String, id *asn1.ObjectIdentifier) bool {
	var content cryptobyte.String
	if !s.ReadASN1(&content, cbasn1.OBJECT_IDENTIFIER) {
		return false
	}
	oid, err := a.append(content)
	if err != nil {
		return false
	}
	*id = oid
	return true
}

// append returns the identifier with that content.
func (a *Arcs) append(content []byte) (asn1.ObjectIdentifier, error) {
	if n := len(content) + 1; cap(*a)-len(*a) < n {
		*a = make(Arcs, 0, max(moreArcs, n))
	}
	first := len(*a)
	all, err := appendArcs(*a, content)
	if err != nil {
		return nil, err
	}
	*a = all
	return asn1.ObjectIdentifier(all[first:len(all):len(all)]), nil
}
