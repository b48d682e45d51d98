package certificate

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// attributeNames are the short names of attribute types: those of RFC 4514, 3,
// and the customary ones of others that signers' names hold.
var attributeNames = map[string]string{
	"2.5.4.3":                    "CN",
	"2.5.4.4":                    "SN",
	"2.5.4.5":                    "serialNumber",
	"2.5.4.6":                    "C",
	"2.5.4.7":                    "L",
	"2.5.4.8":                    "ST",
	"2.5.4.9":                    "STREET",
	"2.5.4.10":                   "O",
	"2.5.4.11":                   "OU",
	"2.5.4.12":                   "title",
	"2.5.4.13":                   "description",
	"2.5.4.15":                   "businessCategory",
	"2.5.4.17":                   "postalCode",
	"2.5.4.20":                   "telephoneNumber",
	"2.5.4.41":                   "name",
	"2.5.4.42":                   "GN",
	"2.5.4.43":                   "initials",
	"2.5.4.46":                   "dnQualifier",
	"2.5.4.65":                   "pseudonym",
	"2.5.4.97":                   "organizationIdentifier",
	"0.9.2342.19200300.100.1.1":  "UID",
	"0.9.2342.19200300.100.1.25": "DC",
	"1.2.840.113549.1.9.1":       "E",
}

// String returns the name in the form of RFC 4514: the last RDN first, "+"
// between the attributes of one RDN. Text in any script stays readable; only
// what the form demands, control characters and characters that change the
// direction of text are escaped.
func (n Name) String() string {
	var sb strings.Builder
	for i := len(n) - 1; i >= 0; i-- {
		for j, a := range n[i] {
			if j > 0 {
				sb.WriteByte('+')
			}
			a.write(&sb)
		}
		if i > 0 {
			sb.WriteByte(',')
		}
	}
	return sb.String()
}

func (a NameAttribute) write(sb *strings.Builder) {
	oid := a.Type.String()
	if short, ok := attributeNames[oid]; ok {
		sb.WriteString(short)
	} else {
		sb.WriteString(oid)
	}
	sb.WriteByte('=')
	text, _ := a.Text()
	if !isString(a.Tag) || plain(text) {
		sb.WriteString(text)
		return
	}
	for i, r := range text {
		last := i+utf8.RuneLen(r) == len(text)
		switch {
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029':
			for _, c := range []byte(string(r)) {
				fmt.Fprintf(sb, `\%02X`, c)
			}
			continue
		case strings.ContainsRune(`",+;<>\`, r),
			i == 0 && (r == '#' || r == ' '),
			last && r == ' ':
			sb.WriteByte('\\')
		}
		sb.WriteRune(r)
	}
}

// plain tells whether a text shows as it is: letters, digits, and what is between words.
func plain(text string) bool {
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
