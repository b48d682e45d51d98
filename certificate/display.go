package certificate

import (
	"encoding/asn1"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/inkan-go/inkan/internal/redact"
)

// attributeNames and directoryNames are the short names of attribute types: those of
// RFC 4514, 3, and the customary ones of others that signers' names hold.
var attributeNames = map[string]string{
	"0.9.2342.19200300.100.1.1":  "UID",
	"0.9.2342.19200300.100.1.25": "DC",
	"1.2.840.113549.1.9.1":       "E",
}

// directoryNames are those of the attribute types of X.520, by the arc below 2.5.4.
var directoryNames = [...]string{
	3:  "CN",
	4:  "SN",
	5:  "serialNumber",
	6:  "C",
	7:  "L",
	8:  "ST",
	9:  "STREET",
	10: "O",
	11: "OU",
	12: "title",
	13: "description",
	15: "businessCategory",
	17: "postalCode",
	20: "telephoneNumber",
	41: "name",
	42: "GN",
	43: "initials",
	46: "dnQualifier",
	65: "pseudonym",
	97: "organizationIdentifier",
}

// shortName returns the short name of an attribute type, or its OID where it has none.
func shortName(id asn1.ObjectIdentifier) string {
	if len(id) == len(oidCommonName) && id[:3].Equal(oidCommonName[:3]) && id[3] < len(directoryNames) {
		if short := directoryNames[id[3]]; short != "" {
			return short
		}
	}
	oid := id.String()
	if short, ok := attributeNames[oid]; ok {
		return short
	}
	return oid
}

// String returns the name in the form of RFC 4514: the last RDN first, "+"
// between the attributes of one RDN. Text in any script stays readable; only
// what the form demands, control characters and characters that change the
// direction of text are escaped.
func (n Name) String() string {
	var usual [256]byte
	text := usual[:0]
	for i := len(n) - 1; i >= 0; i-- {
		for j, a := range n[i] {
			if j > 0 {
				text = append(text, '+')
			}
			text = a.append(text)
		}
		if i > 0 {
			text = append(text, ',')
		}
	}
	return string(text)
}

// append appends an attribute in the form of RFC 4514.
func (a NameAttribute) append(to []byte) []byte {
	to = append(append(to, shortName(a.Type)...), '=')
	if isBytes(a.Tag) && plain(a.value) {
		return append(to, a.value...)
	}
	text, _ := a.Text()
	if !isString(a.Tag) {
		return append(to, text...)
	}
	for i, r := range text {
		last := i+utf8.RuneLen(r) == len(text)
		switch {
		case redact.Commands(r):
			for _, c := range []byte(string(r)) {
				to = fmt.Appendf(to, `\%02X`, c)
			}
			continue
		case strings.ContainsRune(`",+;<>\`, r),
			i == 0 && (r == '#' || r == ' '),
			last && r == ' ':
			to = append(to, '\\')
		}
		to = utf8.AppendRune(to, r)
	}
	return to
}

// plain tells whether a text shows as it is: letters, digits, and what is between words.
func plain(text []byte) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '.', c == '-':
		case c == ' ' && i > 0 && i < len(text)-1:
		default:
			return false
		}
	}
	return true
}
