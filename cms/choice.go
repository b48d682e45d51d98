package cms

import (
	"encoding/asn1"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/ber"
)

// CertificateKind is the alternative of a CertificateChoices (RFC 5652 §10.2.2).
type CertificateKind int

// The alternatives; UnknownCertificate is the zero value.
const (
	UnknownCertificate CertificateKind = iota
	X509Certificate
	ExtendedCertificate    // PKCS #6, obsolete
	AttributeCertificateV1 // obsolete
	AttributeCertificateV2 // RFC 5755
	OtherCertificate       // OtherCertificateFormat
)

// CertificateChoice is one member of SignedData.certificates. All are kept, also those that nothing here can read.
type CertificateChoice struct {
	Raw         []byte // as received
	Kind        CertificateKind
	Certificate *certificate.Certificate // nil unless Kind is X509Certificate and the certificate could be read
	Err         error                    // why an X509Certificate could not be read
}

// RevocationKind is the alternative of a RevocationInfoChoice (RFC 5652 §10.2.1).
type RevocationKind int

// The alternatives; UnknownRevocation is the zero value.
const (
	UnknownRevocation RevocationKind = iota
	CRL                              // CertificateList
	OCSPResponse                     // RFC 5940: OtherRevocationInfoFormat with an OCSPResponse
	OtherRevocation                  // OtherRevocationInfoFormat of another format
)

// RevocationInfoChoice is one member of SignedData.crls. All are kept, also those that nothing here can read.
type RevocationInfoChoice struct {
	Raw    []byte // as received
	Kind   RevocationKind
	Format asn1.ObjectIdentifier // of an OtherRevocationInfoFormat
	Value  []byte                // the CertificateList, the OCSPResponse or the other value, with tag and length
}

// usualChoices is the room for the certificates of most chains.
const usualChoices = 2

func (p *parser) choices(set ber.Element) ([]CertificateChoice, error) {
	list := make([]CertificateChoice, 0, usualChoices)
	for r := set.Elements(); !r.Empty(); {
		e, err := r.Next()
		if err != nil {
			return nil, malformed("certificates", err)
		}
		if len(list) == maxChoices {
			return nil, fail(ErrLimit, "more than %d certificates", maxChoices)
		}
		list = append(list, p.choice(e))
	}
	return list, nil
}

func (p *parser) choice(e ber.Element) CertificateChoice {
	c := CertificateChoice{Raw: e.Raw}
	switch {
	case e.IsSequence():
		c.Kind = X509Certificate
		c.Certificate, c.Err = p.certificate(e.Raw)
	case e.Class != ber.ContextSpecific:
	case e.Tag == 0:
		c.Kind = ExtendedCertificate
	case e.Tag == 1:
		c.Kind = AttributeCertificateV1
	case e.Tag == 2:
		c.Kind = AttributeCertificateV2
	case e.Tag == 3:
		c.Kind = OtherCertificate
	}
	return c
}

// certificate reads a certificate, and its DER when it was sent as BER: the issuer signed the DER (RFC 5280 §4.1.1.3).
func (p *parser) certificate(raw []byte) (*certificate.Certificate, error) {
	c, err := p.certificates.Parse(raw)
	if err == nil {
		return c, nil
	}
	if ok, scanErr := ber.IsDER(raw); ok || scanErr != nil {
		return nil, err
	}
	der, convErr := ber.ToDER(raw)
	if convErr != nil {
		return nil, err
	}
	return p.certificates.Parse(der)
}

func parseRevocations(set ber.Element) ([]RevocationInfoChoice, error) {
	var list []RevocationInfoChoice
	for r := set.Elements(); !r.Empty(); {
		e, err := r.Next()
		if err != nil {
			return nil, malformed("crls", err)
		}
		if len(list) == maxChoices {
			return nil, fail(ErrLimit, "more than %d revocation values", maxChoices)
		}
		list = append(list, parseRevocationChoice(e))
	}
	return list, nil
}

func parseRevocationChoice(e ber.Element) RevocationInfoChoice {
	c := RevocationInfoChoice{Raw: e.Raw}
	if e.IsSequence() {
		c.Kind, c.Value = CRL, e.Raw
		return c
	}
	if !e.Is(ber.ContextSpecific, 1) || !e.Constructed {
		return c
	}
	r := e.Elements()
	id, err := r.Next()
	if err != nil {
		return c
	}
	value, err := r.Next()
	if err != nil || !r.Empty() {
		return c
	}
	format, err := id.ObjectIdentifier()
	if err != nil {
		return c
	}
	c.Kind, c.Format, c.Value = OtherRevocation, format, value.Raw
	if format.Equal(oidOCSPResponse) {
		c.Kind = OCSPResponse
	}
	return c
}
