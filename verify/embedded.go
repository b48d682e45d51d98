package verify

import (
	"encoding/asn1"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/ber"
)

// Attributes of CAdES that carry validation data (EN 319 122-1, annex A.1.1).
var (
	oidCertificateValues = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 23}
	oidRevocationValues  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 24}
)

// certificateValues returns the certificates of the CAdES attribute. What cannot be
// read is passed over: nothing rests on it.
func certificateValues(signer *cms.SignerInfo) []*certificate.Certificate {
	var list []*certificate.Certificate
	for _, value := range signer.UnsignedAttributes.All(oidCertificateValues) {
		for _, raw := range elements(value) {
			if c, err := certificate.Parse(raw); err == nil && len(list) < maxEmbedded {
				list = append(list, c)
			}
		}
	}
	return list
}

// revocationValues returns the CRLs and OCSP responses inside a SignedData: in its
// crls (RFC 5652, 5.1, and RFC 5940), in adbe-revocationInfoArchival (ISO 32000-2,
// 12.8.3.3.2), and in the CAdES attribute revocation-values.
func revocationValues(data *cms.SignedData, signer *cms.SignerInfo) [][]byte {
	var list [][]byte
	for _, r := range data.Revocations {
		if r.Kind == cms.CRL || r.Kind == cms.OCSPResponse {
			list = append(list, r.Value)
		}
	}
	for _, attributes := range []cms.Attributes{signer.SignedAttributes, signer.UnsignedAttributes} {
		for _, id := range []asn1.ObjectIdentifier{cms.OIDRevocationArchival, oidRevocationValues} {
			for _, value := range attributes.All(id) {
				list = append(list, archivedValues(value)...)
			}
		}
	}
	return list[:min(len(list), maxEmbedded)]
}

// archivedValues reads RevocationInfoArchival and RevocationValues, which have the
// same form: lists of CRLs under [0], of OCSP responses under [1].
func archivedValues(value []byte) [][]byte {
	var list [][]byte
	for _, raw := range elements(value) {
		tagged, _, err := ber.Read(raw)
		if err != nil || tagged.Class != ber.ContextSpecific || tagged.Tag > 1 {
			continue
		}
		inside, err := tagged.Children()
		if err != nil || len(inside) != 1 {
			continue
		}
		list = append(list, elements(inside[0].Raw)...)
	}
	return list
}

// elements returns what is inside the first element, nothing where that cannot be
// read.
func elements(raw []byte) [][]byte {
	outer, _, err := ber.Read(raw)
	if err != nil {
		return nil
	}
	children, err := outer.Children()
	if err != nil {
		return nil
	}
	list := make([][]byte, len(children))
	for i, child := range children {
		list[i] = child.Raw
	}
	return list
}
