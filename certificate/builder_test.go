package certificate_test

import (
	"crypto/x509/pkix"
	"encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/internal/testpki"
)

// Extensions that testpki does not make.
var (
	oidNameConstraints   = asn1.ObjectIdentifier{2, 5, 29, 30}
	oidPolicies          = asn1.ObjectIdentifier{2, 5, 29, 32}
	oidPolicyMappings    = asn1.ObjectIdentifier{2, 5, 29, 33}
	oidPolicyConstraints = asn1.ObjectIdentifier{2, 5, 29, 36}
	oidInhibitAnyPolicy  = asn1.ObjectIdentifier{2, 5, 29, 54}
	oidAnyPolicy         = asn1.ObjectIdentifier{2, 5, 29, 32, 0}
)

// policy returns a policy of the tests.
func policy(n int) asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 2, 392, 99999, n} }

// tlv returns one element around the parts.
func tlv(tag byte, parts ...[]byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.Tag(tag), func(b *cryptobyte.Builder) {
		for _, p := range parts {
			b.AddBytes(p)
		}
	})
	return b.BytesOrPanic()
}

func oid(id asn1.ObjectIdentifier) []byte {
	var b cryptobyte.Builder
	b.AddASN1ObjectIdentifier(id)
	return b.BytesOrPanic()
}

// General names.
func mailName(text string) []byte      { return tlv(0x81, []byte(text)) }
func dnsName(text string) []byte       { return tlv(0x82, []byte(text)) }
func directoryName(dn []byte) []byte   { return tlv(0xA4, dn) }
func uriName(text string) []byte       { return tlv(0x86, []byte(text)) }
func addressName(octets []byte) []byte { return tlv(0x87, octets) }
func otherName(id asn1.ObjectIdentifier, value []byte) []byte {
	return tlv(0xA0, oid(id), tlv(0xA0, value))
}

// permit and exclude are the two halves of nameConstraints.
func permit(names ...[]byte) []byte  { return subtrees(0xA0, names) }
func exclude(names ...[]byte) []byte { return subtrees(0xA1, names) }

func subtrees(tag byte, names [][]byte) []byte {
	var trees [][]byte
	for _, n := range names {
		trees = append(trees, tlv(0x30, n))
	}
	return tlv(tag, trees...)
}

// with adds extensions before the certificate is signed.
func with(list ...pkix.Extension) func(*testpki.Template) {
	return func(c *testpki.Template) { c.Extensions = append(c.Extensions, list...) }
}

func critical(id asn1.ObjectIdentifier, value []byte) pkix.Extension {
	return pkix.Extension{Id: id, Critical: true, Value: value}
}

func constrain(halves ...[]byte) func(*testpki.Template) {
	return with(critical(oidNameConstraints, tlv(0x30, halves...)))
}

func alsoNamed(names ...[]byte) func(*testpki.Template) {
	return with(extension(oidSubjectAltName, tlv(0x30, names...)))
}

func policies(list ...asn1.ObjectIdentifier) pkix.Extension {
	var items [][]byte
	for _, id := range list {
		items = append(items, tlv(0x30, oid(id)))
	}
	return extension(oidPolicies, tlv(0x30, items...))
}

// mapPolicies takes pairs.
func mapPolicies(pairs ...asn1.ObjectIdentifier) pkix.Extension {
	var items [][]byte
	for i := 0; i < len(pairs); i += 2 {
		items = append(items, tlv(0x30, oid(pairs[i]), oid(pairs[i+1])))
	}
	return critical(oidPolicyMappings, tlv(0x30, items...))
}

func requireExplicit(skip byte) pkix.Extension {
	return critical(oidPolicyConstraints, tlv(0x30, tlv(0x80, []byte{skip})))
}

func inhibitMapping(skip byte) pkix.Extension {
	return critical(oidPolicyConstraints, tlv(0x30, tlv(0x81, []byte{skip})))
}

func inhibitAny(skip byte) pkix.Extension {
	return critical(oidInhibitAnyPolicy, tlv(2, []byte{skip}))
}

// both makes two changes.
func both(a, b func(*testpki.Template)) func(*testpki.Template) {
	return func(c *testpki.Template) { a(c); b(c) }
}
