package testpki

import (
	"encoding/asn1"
	"unicode/utf16"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Attribute is one attribute of a name: any string type with any content.
type Attribute struct {
	Type  asn1.ObjectIdentifier
	Tag   uint8 // universal tag number; 0 means UTF8String
	Value []byte
}

// Country makes a countryName in PrintableString.
func Country(code string) Attribute {
	return Attribute{Type: asn1.ObjectIdentifier{2, 5, 4, 6}, Tag: asn1.TagPrintableString, Value: []byte(code)}
}

// Organization makes an organizationName in UTF8String.
func Organization(text string) Attribute {
	return Attribute{Type: asn1.ObjectIdentifier{2, 5, 4, 10}, Value: []byte(text)}
}

// CommonName makes a commonName in UTF8String.
func CommonName(text string) Attribute {
	return Attribute{Type: asn1.ObjectIdentifier{2, 5, 4, 3}, Value: []byte(text)}
}

// BMPString returns the attribute with its UTF-8 text as BMPString; characters
// outside the basic plane become surrogates.
func (a Attribute) BMPString() Attribute {
	var value []byte
	for _, unit := range utf16.Encode([]rune(string(a.Value))) {
		value = append(value, byte(unit>>8), byte(unit))
	}
	return Attribute{Type: a.Type, Tag: asn1.TagBMPString, Value: value}
}

// Name returns a DER Name with one RDN for each attribute.
func Name(attributes ...Attribute) []byte {
	rdns := make([][]Attribute, len(attributes))
	for i, a := range attributes {
		rdns[i] = []Attribute{a}
	}
	return NameOf(rdns...)
}

// NameOf returns a DER Name with the given RDNs, the attributes of an RDN in the
// order given.
func NameOf(rdns ...[]Attribute) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, rdn := range rdns {
			b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) {
				for _, a := range rdn {
					tag := a.Tag
					if tag == 0 {
						tag = asn1.TagUTF8String
					}
					b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddASN1ObjectIdentifier(a.Type)
						b.AddASN1(cbasn1.Tag(tag), func(b *cryptobyte.Builder) { b.AddBytes(a.Value) })
					})
				}
			})
		}
	})
	return b.BytesOrPanic()
}

// Person returns the name of somebody at a Japanese company.
func Person(commonName string) []byte {
	return Name(Country("JP"), Organization("株式会社印鑑"), CommonName(commonName))
}

// JapaneseNames returns names that break careless writers: their UTF-16 form has
// bytes that mean something in a PDF string, or needs surrogates.
func JapaneseNames() []string {
	return []string{"山田太郎", "小林一郎", "鈴木一郎", "岡島", "𠮷田", "髙﨑"}
}
