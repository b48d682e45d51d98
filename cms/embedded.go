package cms

import (
	"encoding/asn1"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/ber"
)

// Attributes of CAdES that carry validation data (EN 319 122-1, A.1.1).
var (
	oidCertificateValues = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 23}
	oidRevocationValues  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 24}
)

// CertificateValues returns the certificates of the CAdES attribute certificate-values
// (EN 319 122-1, A.1.1.2). What cannot be read is passed over: nothing rests on it.
func (si *SignerInfo) CertificateValues() []*certificate.Certificate {
	var list []*certificate.Certificate
	for _, value := range si.UnsignedAttributes.All(oidCertificateValues) {
		for _, raw := range elements(value) {
			if len(list) == maxEmbedded {
				return list
			}
			if c, err := certificate.Parse(raw); err == nil {
				list = append(list, c)
			}
		}
	}
	return list
}

// RevocationValues returns the CRLs and OCSP responses, or BasicOCSPResponses, that
// came with the signatures: in crls (RFC 5652, 5.1, and RFC 5940), in
// adbe-revocationInfoArchival (ISO 32000-2, 12.8.3.3.2), and in the CAdES attribute
// revocation-values (EN 319 122-1, A.1.1.3). None has been read.
func (sd *SignedData) RevocationValues() [][]byte {
	var list [][]byte
	for _, r := range sd.Revocations {
		if r.Kind == CRL || r.Kind == OCSPResponse {
			list = append(list, r.Value)
		}
	}
	for _, si := range sd.SignerInfos {
		list = append(list, si.SignedAttributes.RevocationValues()...)
		list = append(list, si.UnsignedAttributes.RevocationValues()...)
	}
	return list[:min(len(list), maxEmbedded)]
}

// RevocationValues returns the CRLs and OCSP responses in the attributes that
// [SignedData.RevocationValues] names.
func (list Attributes) RevocationValues() [][]byte {
	var values [][]byte
	for _, id := range []asn1.ObjectIdentifier{OIDRevocationArchival, oidRevocationValues} {
		for _, value := range list.All(id) {
			values = append(values, archivedValues(value)...)
		}
	}
	return values[:min(len(values), maxEmbedded)]
}

// archivedValues reads RevocationInfoArchival and RevocationValues, which have one
// form: CRLs under [0], OCSP responses under [1].
func archivedValues(value []byte) [][]byte {
	var list [][]byte
	for _, raw := range elements(value) {
		tagged, _, err := ber.Read(raw)
		if err != nil || tagged.Class != ber.ContextSpecific || tagged.Tag > 1 {
			continue
		}
		if inside := elements(raw); len(inside) == 1 {
			list = append(list, elements(inside[0])...)
		}
	}
	return list
}

// elements returns what is inside the first element of raw; nothing where that cannot
// be read.
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
