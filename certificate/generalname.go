package certificate

import (
	"encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/internal/ber"
)

// nameForm is the number of a choice of GeneralName (RFC 5280, 4.2.1.6).
type nameForm uint8

const (
	otherNameForm nameForm = 0
	mailForm      nameForm = 1
	dnsForm       nameForm = 2
	directoryForm nameForm = 4
	uriForm       nameForm = 6
	addressForm   nameForm = 7
	nameForms     nameForm = 9 // how many there are
)

// Bits of a tag.
const (
	contextClass   = cbasn1.Tag(0x80)
	classBits      = cbasn1.Tag(0xC0)
	constructedBit = cbasn1.Tag(0x20)
)

// String returns the name of the choice.
func (f nameForm) String() string {
	names := [...]string{
		"otherName", "rfc822Name", "dNSName", "x400Address", "directoryName", "ediPartyName",
		"uniformResourceIdentifier", "iPAddress", "registeredID",
	}
	if int(f) >= len(names) {
		return "GeneralName"
	}
	return names[f]
}

// generalName is one GeneralName. A directoryName is read, the others are bytes.
type generalName struct {
	form  nameForm
	value []byte
	name  Name // of directoryForm
}

var (
	oidEmailAddress    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}
	oidSmtpUTF8Mailbox = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 8, 9}
)

// parseGeneralName reads the element at the head of s.
func parseGeneralName(s *cryptobyte.String) (n generalName, ok bool) {
	var content cryptobyte.String
	var tag cbasn1.Tag
	if !s.ReadAnyASN1(&content, &tag) || tag&classBits != contextClass {
		return n, false
	}
	n.form, n.value = nameForm(tag&^(classBits|constructedBit)), content
	switch n.form {
	case directoryForm:
		var err error
		n.name, err = parseName(&content, new(ber.Arcs))
		return n, err == nil && content.Empty()
	case otherNameForm:
		if mailbox, ok := mailboxOf(content); ok {
			n.form, n.value = mailForm, mailbox
		}
	}
	return n, n.form < nameForms
}

// mailboxOf reads an otherName that holds a mail address beyond ASCII, to which the
// constraints on rfc822Name apply (RFC 9598, 3 and 6).
func mailboxOf(other cryptobyte.String) (mailbox []byte, ok bool) {
	var id asn1.ObjectIdentifier
	var explicit, text cryptobyte.String
	if !other.ReadASN1ObjectIdentifier(&id) || !id.Equal(oidSmtpUTF8Mailbox) ||
		!other.ReadASN1(&explicit, contextClass|constructedBit) || !explicit.ReadASN1(&text, cbasn1.UTF8String) {
		return nil, false
	}
	return text, true
}

// constrainedNames returns every name in a certificate that a constraint may be
// about: the subject, mail addresses in it, and the subjectAltName extension. It is
// false when that extension cannot be read.
func (c *Certificate) constrainedNames() (list []generalName, ok bool) {
	if len(c.Subject) > 0 {
		list = append(list, generalName{form: directoryForm, value: c.RawSubject, name: c.Subject})
	}
	for _, r := range c.Subject {
		for _, a := range r {
			if a.Type.Equal(oidEmailAddress) {
				text, _ := a.Text()
				list = append(list, generalName{form: mailForm, value: []byte(text)})
			}
		}
	}
	e := c.Extension(oidSubjectAltName)
	if e == nil {
		return list, true
	}
	value := cryptobyte.String(e.Value)
	var names cryptobyte.String
	if !value.ReadASN1(&names, cbasn1.SEQUENCE) || !value.Empty() {
		return list, false
	}
	for n := 0; !names.Empty(); n++ {
		one, ok := parseGeneralName(&names)
		if !ok || n == maxListItems {
			return list, false
		}
		list = append(list, one)
	}
	return list, true
}
