package certificate

import (
	"encoding/asn1"
	"errors"
	"fmt"

	"github.com/inkan-go/inkan/internal/ber"
)

var oidSignedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}

// looksLikePKCS7 tells whether the data is a sequence that begins with an object
// identifier, as a ContentInfo does and a certificate does not.
func looksLikePKCS7(data []byte) bool {
	outer, _, err := ber.Read(data)
	if err != nil || !outer.IsSequence() {
		return false
	}
	elements := outer.Elements()
	_, err = elements.Expect(ber.Universal, ber.TagObjectIdentifier)
	return err == nil
}

// parsePKCS7 reads the certificates of a SignedData in BER or DER (RFC 5652, 5.1),
// as which authorities publish them (RFC 5280, 4.2.2.1). Nothing else in it is
// looked at; other kinds of certificates are passed over.
func parsePKCS7(data []byte) ([]*Certificate, error) {
	malformed := errors.New("certificate: malformed PKCS#7")
	set, err := signedDataCertificates(data)
	if err != nil {
		return nil, malformed
	}
	var list []*Certificate
	for elements := set.Elements(); !elements.Empty(); {
		e, err := elements.Next()
		if err != nil {
			return nil, malformed
		}
		if !e.IsSequence() {
			continue
		}
		if len(list) == maxPEMBlocks {
			return nil, fmt.Errorf("certificate: more than %d certificates in PKCS#7", maxPEMBlocks)
		}
		c, err := Parse(e.Raw)
		if err != nil {
			return nil, fmt.Errorf("certificate: PKCS#7: %w", err)
		}
		list = append(list, c)
	}
	if len(list) == 0 {
		return nil, errors.New("certificate: PKCS#7 without certificates")
	}
	return list, nil
}

// signedDataCertificates returns the field certificates, or an empty element.
func signedDataCertificates(data []byte) (ber.Element, error) {
	var none ber.Element
	outer, _, err := ber.Read(data)
	if err != nil {
		return none, err
	}
	info := outer.Elements()
	id, err := info.Expect(ber.Universal, ber.TagObjectIdentifier)
	if err != nil {
		return none, err
	}
	if oid, err := id.ObjectIdentifier(); err != nil || !oid.Equal(oidSignedData) {
		return none, errors.New("not SignedData")
	}
	explicit, err := info.Expect(ber.ContextSpecific, 0)
	if err != nil {
		return none, err
	}
	inner := explicit.Elements()
	body, err := inner.Expect(ber.Universal, ber.TagSequence)
	if err != nil {
		return none, err
	}
	fields := body.Elements()
	for _, tag := range []int{ber.TagInteger, ber.TagSet, ber.TagSequence} { // version, digestAlgorithms, encapContentInfo
		if _, err := fields.Expect(ber.Universal, tag); err != nil {
			return none, err
		}
	}
	set, _, err := fields.Optional(ber.ContextSpecific, 0)
	return set, err
}
