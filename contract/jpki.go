package contract

import (
	"encoding/asn1"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	cryptobyte_asn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/certificate"
)

// Person is what the certificate of an Individual Number Card tells of its holder. It
// stands in otherNames of the subjectAltName; the common name is a number.
type Person struct {
	Name      string // 氏名
	Sex       string // 性別
	BirthDate string // 生年月日
	Address   string // 住所
}

// oidPerson is the arc of the otherNames of the signature certificates of the Japanese
// public certification service (公的個人認証サービス, certificate profile of J-LIS).
var (
	oidSubjectAltName = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidPerson         = asn1.ObjectIdentifier{1, 2, 392, 200149, 8, 5, 5}
)

// PersonOf reads what a certificate discloses of a person, nil where it is not one of
// that kind.
func PersonOf(c *certificate.Certificate) *Person {
	extension := c.Extension(oidSubjectAltName)
	if extension == nil {
		return nil
	}
	names := cryptobyte.String(extension.Value)
	var list cryptobyte.String
	if !names.ReadASN1(&list, cryptobyte_asn1.SEQUENCE) {
		return nil
	}
	var p Person
	found := false
	for !list.Empty() {
		var element cryptobyte.String
		var tag cryptobyte_asn1.Tag
		if !list.ReadAnyASN1(&element, &tag) {
			return nil
		}
		if tag != cryptobyte_asn1.Tag(0).Constructed().ContextSpecific() {
			continue
		}
		if part, text, ok := otherName(element); ok {
			if field := p.field(part); field != nil {
				*field, found = text, true
			}
		}
	}
	if !found {
		return nil
	}
	return &p
}

// field is where the otherName of that number goes.
func (p *Person) field(part int) *string {
	switch part {
	case 1:
		return &p.Name
	case 2:
		return &p.Sex // 1 male, 2 female, 3 unknown
	case 3:
		return &p.BirthDate
	case 4:
		return &p.Address
	}
	return nil
}

// otherName reads an OtherName (RFC 5280, 4.2.1.6) of the arc; part is the last number of its type.
func otherName(s cryptobyte.String) (part int, text string, ok bool) {
	var id asn1.ObjectIdentifier
	var explicit, value cryptobyte.String
	var tag cryptobyte_asn1.Tag
	if !s.ReadASN1ObjectIdentifier(&id) || len(id) != len(oidPerson)+1 || !id[:len(oidPerson)].Equal(oidPerson) ||
		!s.ReadASN1(&explicit, cryptobyte_asn1.Tag(0).Constructed().ContextSpecific()) || !explicit.ReadAnyASN1(&value, &tag) {
		return 0, "", false
	}
	if !utf8.Valid(value) || len(value) > maxTextBytes {
		return 0, "", false
	}
	return id[len(id)-1], string(value), true
}

// Discloses lists what embedding the certificate tells everybody who gets the document.
func (p *Person) Discloses() []string {
	if p == nil {
		return nil
	}
	var out []string
	for _, f := range []struct{ what, value string }{
		{"name", p.Name}, {"sex", p.Sex}, {"date of birth", p.BirthDate}, {"address", p.Address},
	} {
		if f.value != "" {
			out = append(out, f.what)
		}
	}
	return out
}
