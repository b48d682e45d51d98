package certificate

import (
	"bytes"
	"encoding/asn1"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/internal/ber"
)

// Name is a distinguished name (RFC 5280, 4.1.2.4): relative distinguished names
// in the order in which they are written, usually the country first.
type Name []RelativeName

// RelativeName is one relative distinguished name: mostly one attribute, but a
// set of several is legal and kept together.
type RelativeName []NameAttribute

// NameAttribute is one attribute of a name. Its value is kept as written and
// decoded by [NameAttribute.Text].
type NameAttribute struct {
	Type asn1.ObjectIdentifier
	Tag  int    // universal tag number of the string type, -1 for any other element
	Raw  []byte // the value with tag and length

	value []byte // content octets
}

// Attribute types of names that this package knows (X.520, RFC 4519, RFC 2985).
var (
	oidCommonName         = asn1.ObjectIdentifier{2, 5, 4, 3}
	oidOrganization       = asn1.ObjectIdentifier{2, 5, 4, 10}
	oidOrganizationalUnit = asn1.ObjectIdentifier{2, 5, 4, 11}
)

// ParseName reads a DER Name with its tag and length.
func ParseName(der []byte) (Name, error) {
	s := cryptobyte.String(der)
	name, err := parseName(&s, new(ber.Arcs))
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	if !s.Empty() {
		return nil, errors.New("certificate: bytes after the name")
	}
	return name, nil
}

// parseName reads the element at the head of s. Its errors lack the name of the package.
func parseName(s *cryptobyte.String, room *ber.Arcs) (Name, error) {
	var rdns cryptobyte.String
	if !s.ReadASN1(&rdns, cbasn1.SEQUENCE) {
		return nil, errors.New("malformed name")
	}
	if len(rdns) > maxNameBytes {
		return nil, fmt.Errorf("name of %d bytes, more than %d", len(rdns), maxNameBytes)
	}
	n := 0
	for rest := rdns; n < maxNameAttributes && rest.SkipASN1(cbasn1.SET); {
		n++
	}
	name := make(Name, 0, n)
	attributes := make([]NameAttribute, 0, n) // mostly one in each
	for !rdns.Empty() {
		var set cryptobyte.String
		if !rdns.ReadASN1(&set, cbasn1.SET) || set.Empty() {
			return nil, errors.New("malformed relative distinguished name")
		}
		first := len(attributes)
		for !set.Empty() {
			var pair, value, raw cryptobyte.String
			var tag cbasn1.Tag
			a := NameAttribute{}
			if !set.ReadASN1(&pair, cbasn1.SEQUENCE) || !room.Read(&pair, &a.Type) ||
				!pair.ReadAnyASN1Element(&raw, &tag) || !pair.Empty() {
				return nil, errors.New("malformed name attribute")
			}
			a.Raw, a.Tag = raw, -1
			if tag < 0x20 { // universal and primitive
				a.Tag = int(tag)
			}
			raw.ReadAnyASN1(&value, &tag)
			a.value = value
			attributes = append(attributes, a)
			if len(attributes) > maxNameAttributes {
				return nil, errors.New("name has too many attributes")
			}
		}
		name = append(name, RelativeName(attributes[first:len(attributes):len(attributes)]))
	}
	return name, nil
}

// CommonName returns the last commonName, the most specific one; "" if there is none.
func (n Name) CommonName() string { return n.last(oidCommonName) }

// Organization returns the last organizationName; "" if there is none.
func (n Name) Organization() string { return n.last(oidOrganization) }

// OrganizationalUnit returns the last organizationalUnitName; "" if there is none.
func (n Name) OrganizationalUnit() string { return n.last(oidOrganizationalUnit) }

func (n Name) last(id asn1.ObjectIdentifier) string {
	for i := len(n) - 1; i >= 0; i-- {
		for _, a := range n[i] {
			if a.Type.Equal(id) {
				text, _ := a.Text()
				return text
			}
		}
	}
	return ""
}

// sameName compares two names, first by their bytes.
func sameName(rawA []byte, a Name, rawB []byte, b Name) bool {
	return bytes.Equal(rawA, rawB) || a.Equal(b)
}

// Equal compares two names as RFC 5280, 7.1 wants it: RDN by RDN in order, the
// attributes of one RDN in any order, values by their text without regard to
// string type, case, and leading, trailing or repeated spaces.
func (n Name) Equal(m Name) bool {
	if len(n) != len(m) {
		return false
	}
	for i := range n {
		if !n[i].equal(m[i]) {
			return false
		}
	}
	return true
}

func (r RelativeName) equal(o RelativeName) bool {
	if len(r) != len(o) {
		return false
	}
	if len(r) == 1 {
		return r[0].equal(o[0])
	}
	return slices.Equal(r.keys(), o.keys())
}

// keys returns what counts of each attribute, sorted: the same for sets that are equal,
// and sooner than comparing all with all.
func (r RelativeName) keys() []string {
	list := make([]string, len(r))
	for i, a := range r {
		if kind := a.Type.String(); isString(a.Tag) {
			text, _ := a.Text()
			list[i] = kind + "=" + fold(text)
		} else {
			list[i] = kind + "#" + string(a.Raw)
		}
	}
	slices.Sort(list)
	return list
}

func (a NameAttribute) equal(b NameAttribute) bool {
	if !a.Type.Equal(b.Type) {
		return false
	}
	if bytes.Equal(a.Raw, b.Raw) {
		return true
	}
	if !isString(a.Tag) || !isString(b.Tag) {
		return false
	}
	if a.isPlain() && b.isPlain() {
		return bytes.EqualFold(a.value, b.value)
	}
	x, _ := a.Text()
	y, _ := b.Text()
	return fold(x) == fold(y)
}

// Hash returns a number that is the same for names that are Equal, for tables of names.
// With a seed that nobody knows, nobody can make many names fall together.
func (n Name) Hash(seed maphash.Seed) uint64 {
	var whole maphash.Hash
	whole.SetSeed(seed)
	for _, r := range n {
		var sum uint64 // the order of attributes does not count
		for _, a := range r {
			sum += a.hash(seed)
		}
		maphash.WriteComparable(&whole, sum)
	}
	return whole.Sum64()
}

func (a NameAttribute) hash(seed maphash.Seed) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	var buffer [64]byte
	id := buffer[:0]
	for _, arc := range a.Type {
		id = binary.AppendUvarint(id, uint64(arc))
	}
	_, _ = h.Write(id)
	if !isString(a.Tag) {
		_, _ = h.Write(a.Raw)
		return h.Sum64()
	}
	if a.isPlain() {
		for rest := a.value; len(rest) > 0; {
			n := copy(buffer[:], rest)
			rest = rest[n:]
			for i, c := range buffer[:n] {
				if 'a' <= c && c <= 'z' {
					buffer[i] = c - 'a' + 'A'
				}
			}
			_, _ = h.Write(buffer[:n]) // what fold would give
		}
		return h.Sum64()
	}
	text, _ := a.Text()
	_, _ = h.WriteString(fold(text))
	return h.Sum64()
}

// isPlain tells of the usual values, whose bytes are their text and of which only the
// case does not count.
func (a NameAttribute) isPlain() bool { return isBytes(a.Tag) && isPlain(a.value) }

// fold removes what does not count when values are compared: case, and leading,
// trailing and repeated spaces.
func fold(text string) string {
	if isPlain(text) {
		return strings.ToUpper(text)
	}
	var b strings.Builder
	b.Grow(len(text))
	pending := false // a space
	for _, r := range text {
		if unicode.IsSpace(r) {
			pending = b.Len() > 0
			continue
		}
		if pending {
			b.WriteByte(' ')
			pending = false
		}
		b.WriteRune(foldRune(r))
	}
	return b.String()
}

// isPlain tells whether the text is ASCII without spaces that do not count.
func isPlain[T string | []byte](text T) bool {
	space := true
	for i := range len(text) {
		switch c := text[i]; {
		case c == ' ' && !space:
			space = true
		case c > ' ' && c < 0x7F:
			space = false
		default:
			return false
		}
	}
	return !space
}

// Between these no letter has two forms, and most names of signers lie there.
const firstCJK, lastCJK = 0x2E80, 0xA63F

// foldRune returns the first of all forms of a letter.
func foldRune(r rune) rune {
	if r >= firstCJK && r <= lastCJK {
		return r
	}
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	return least
}
