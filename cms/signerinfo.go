package cms

import (
	"bytes"
	"crypto/x509/pkix"
	"math/big"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/ber"
)

// SignerInfo is one signer's signature (RFC 5652 §5.3). The signer is named by RawIssuer and SerialNumber or by SubjectKeyID.
type SignerInfo struct {
	Raw                 []byte // the whole SignerInfo as received
	Version             int    // 1 with issuer and serial number, 3 with a key identifier
	RawIssuer           []byte // Name with tag and length; nil when named by key identifier
	SerialNumber        *big.Int
	SubjectKeyID        []byte
	DigestAlgorithm     pkix.AlgorithmIdentifier
	SignatureAlgorithm  pkix.AlgorithmIdentifier
	RawSignedAttributes []byte // as received, with the implicit tag [0]; nil when there are none
	SignedAttributes    Attributes
	Signature           []byte
	UnsignedAttributes  Attributes

	paddedSerial bool // SerialNumber was not written in its shortest form
	data         *SignedData

	certificateID, certificateIDv2 *certificateID // nil without the attribute
}

func (p *parser) signerInfo(e ber.Element) (*SignerInfo, error) {
	si := &SignerInfo{Raw: e.Raw}
	r := e.Elements()
	version, err := r.Expect(ber.Universal, ber.TagInteger)
	if err != nil {
		return nil, malformed("version of SignerInfo", err)
	}
	if si.Version, err = version.Int(); err != nil {
		return nil, malformed("version of SignerInfo", err)
	}
	sid, err := r.Next()
	if err != nil {
		return nil, malformed("sid", err)
	}
	if err := si.parseIdentifier(sid); err != nil {
		return nil, err
	}
	if si.DigestAlgorithm, err = nextAlgorithm(&r, "digestAlgorithm", &p.arcs); err != nil {
		return nil, err
	}
	if err := p.signedAttributes(si, &r); err != nil {
		return nil, err
	}
	if si.SignatureAlgorithm, err = nextAlgorithm(&r, "signatureAlgorithm", &p.arcs); err != nil {
		return nil, err
	}
	signature, err := r.Expect(ber.Universal, ber.TagOctetString)
	if err != nil {
		return nil, malformed("signature", err)
	}
	if si.Signature, err = signature.OctetString(); err != nil {
		return nil, malformed("signature", err)
	}
	set, present, err := r.Optional(ber.ContextSpecific, 1)
	if err != nil || !r.Empty() {
		return nil, malformed("unsignedAttrs", err)
	}
	if present {
		si.UnsignedAttributes, err = p.attributes(set)
	}
	return si, err
}

func nextAlgorithm(r *ber.Reader, part string, arcs *ber.Arcs) (pkix.AlgorithmIdentifier, error) {
	e, err := r.Next()
	if err != nil {
		return pkix.AlgorithmIdentifier{}, malformed(part, err)
	}
	return parseAlgorithm(e, arcs)
}

func (p *parser) signedAttributes(si *SignerInfo, r *ber.Reader) error {
	set, present, err := r.Optional(ber.ContextSpecific, 0)
	if err != nil {
		return malformed("signedAttrs", err)
	}
	if !present {
		return nil
	}
	if !set.Constructed || len(set.Content) == 0 {
		return malformed("signedAttrs are empty", nil)
	}
	si.RawSignedAttributes = set.Raw
	if si.SignedAttributes, err = p.attributes(set); err != nil {
		return err
	}
	si.certificateID = si.SignedAttributes.certificateID(OIDSigningCertificate, false, &p.arcs)
	si.certificateIDv2 = si.SignedAttributes.certificateID(OIDSigningCertificateV2, true, &p.arcs)
	return nil
}

// parseIdentifier reads the SignerIdentifier.
func (si *SignerInfo) parseIdentifier(sid ber.Element) (err error) {
	if sid.Is(ber.ContextSpecific, 0) {
		if si.SubjectKeyID, err = sid.OctetString(); err != nil {
			return malformed("subjectKeyIdentifier", err)
		}
		if len(si.SubjectKeyID) == 0 {
			return malformed("subjectKeyIdentifier is empty", nil)
		}
		return nil
	}
	if !sid.IsSequence() {
		return malformed("sid", nil)
	}
	r := sid.Elements()
	name, err := r.Expect(ber.Universal, ber.TagSequence)
	if err != nil {
		return malformed("issuer of the signer's certificate", err)
	}
	serial, err := r.Expect(ber.Universal, ber.TagInteger)
	if err != nil || !r.Empty() {
		return malformed("serial number of the signer's certificate", err)
	}
	if si.SerialNumber, err = serial.BigInt(); err != nil {
		return malformed("serial number of the signer's certificate", err)
	}
	c := serial.Content
	si.paddedSerial = len(c) > 1 && (c[0] == 0 && c[1] < 0x80 || c[0] == 0xff && c[1] >= 0x80)
	si.RawIssuer = name.Raw
	return nil
}

// DigestHash returns the hash function to digest the content with. It wraps ErrUnsupported when it is not known.
func (si *SignerInfo) DigestHash() (Hash, error) {
	h, _, err := hashOf(si.DigestAlgorithm)
	return h, err
}

// Algorithm returns the signature algorithm with its hash function. It wraps ErrUnsupported or ErrMalformed.
func (si *SignerInfo) Algorithm() (Algorithm, error) {
	s, err := si.signature()
	if err != nil {
		return Algorithm{}, err
	}
	switch s.Scheme {
	case Ed25519:
		s.Hash = algorithm.SHA512
	case Ed448:
		s.Hash = SHAKE256
	case MLDSA44, MLDSA65, MLDSA87:
		if s.Hash, err = si.DigestHash(); err != nil {
			return Algorithm{}, err
		}
	}
	return Algorithm{Scheme: s.Scheme, Hash: s.Hash.Crypto()}, nil
}

// signature returns the algorithm to verify with: an identifier that names no hash function, such as rsaEncryption,
// takes that of the digestAlgorithm (RFC 3370 §3.2).
func (si *SignerInfo) signature() (algorithm.Signature, error) {
	s, err := algorithm.ParseSignature(si.SignatureAlgorithm)
	if err != nil {
		return s, algorithmError(err)
	}
	if s.Hash == 0 && !s.Scheme.SignsMessage() {
		s.Hash, err = si.DigestHash()
	}
	return s, err
}

// SigningTime returns the time that the signer claims (RFC 5652 §11.3); false when there is none or it cannot be read.
func (si *SignerInfo) SigningTime() (time.Time, bool) {
	e, ok := si.SignedAttributes.value(OIDSigningTime)
	if !ok {
		return time.Time{}, false
	}
	return readTime(e)
}

// readTime reads UTCTime or GeneralizedTime as X.509 and CMS write them: seconds given, in UTC.
func readTime(e ber.Element) (time.Time, bool) {
	layout := ""
	switch {
	case e.Is(ber.Universal, ber.TagUTCTime):
		layout = "060102150405Z0700"
	case e.Is(ber.Universal, ber.TagGeneralizedTime):
		layout = "20060102150405Z0700"
	default:
		return time.Time{}, false
	}
	text, err := e.OctetString()
	if err != nil {
		return time.Time{}, false
	}
	t, err := time.Parse(layout, string(text))
	if err != nil {
		return time.Time{}, false
	}
	if e.Tag == ber.TagUTCTime && t.Year() >= 2050 { // RFC 5652 §11.3: 50 to 99 are 1950 to 1999
		t = t.AddDate(-100, 0, 0)
	}
	return t.UTC(), true
}

// matches tells whether the signer names this certificate.
func (si *SignerInfo) matches(c *certificate.Certificate) bool {
	if si.SubjectKeyID != nil {
		return bytes.Equal(si.SubjectKeyID, c.SubjectKeyID)
	}
	if si.SerialNumber.Cmp(c.SerialNumber) != 0 {
		return false
	}
	return namesIssuer(si.RawIssuer, c)
}

// namesIssuer tells whether raw, in BER, is the name of the issuer of c: the same bytes, or the same attributes.
func namesIssuer(raw []byte, c *certificate.Certificate) bool {
	if bytes.Equal(raw, c.RawIssuer) {
		return true
	}
	der, err := ber.ToDER(raw)
	if err != nil {
		return false
	}
	issuer, err := certificate.ParseName(der)
	return err == nil && issuer.Equal(c.Issuer)
}

// SignerCertificate returns the certificate that si names, from sd and then from extra. Of several it is the one that
// the signing-certificate attribute binds to the signature. It wraps ErrNoCertificate.
func (sd *SignedData) SignerCertificate(si *SignerInfo, extra ...*certificate.Certificate) (*certificate.Certificate, error) {
	var first *certificate.Certificate
	consider := func(c *certificate.Certificate) bool {
		if c == nil || !si.matches(c) {
			return false
		}
		if first == nil {
			first = c
		}
		return si.bindsTo(c)
	}
	for i := range sd.Certificates {
		if c := sd.Certificates[i].Certificate; consider(c) {
			return c, nil
		}
	}
	for _, c := range extra {
		if consider(c) {
			return c, nil
		}
	}
	if first != nil {
		return first, nil
	}
	return nil, fail(ErrNoCertificate, "the certificate %s is neither in the signature nor among those given", si.signerName())
}

// signerName describes the identifier of the signer for messages.
func (si *SignerInfo) signerName() string {
	const digits = "0123456789abcdef"
	if si.SubjectKeyID != nil {
		text := make([]byte, 0, 2*len(si.SubjectKeyID))
		for _, b := range si.SubjectKeyID[:min(len(si.SubjectKeyID), 64)] {
			text = append(text, digits[b>>4], digits[b&15])
		}
		return "with key identifier " + string(text)
	}
	serial := si.SerialNumber.Text(16)
	return "with serial number " + serial[:min(len(serial), 128)]
}
