package certificate

import (
	"encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/internal/ber"
)

// Room for arcs: of a whole certificate, and of more.
const (
	usualArcs = 96
	moreArcs  = 32
)

// arcs holds the object identifiers of one certificate or name, of which there are too
// many for an allocation each.
type arcs []int

// read reads an OBJECT IDENTIFIER.
func (a *arcs) read(s *cryptobyte.String, id *asn1.ObjectIdentifier) bool {
	var content cryptobyte.String
	if !s.ReadASN1(&content, cbasn1.OBJECT_IDENTIFIER) {
		return false
	}
	if n := len(content) + 1; cap(*a)-len(*a) < n {
		*a = make(arcs, 0, max(moreArcs, n))
	}
	first := len(*a)
	all, err := ber.AppendArcs(*a, content)
	if err != nil {
		return false
	}
	*a, *id = all, all[first:len(all):len(all)]
	return true
}
