package certificate

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/internal/ber"
)

// Extensions that matter for a signer's certificate. Those marked critical may
// be marked so without making a path fail: the package processes them, or, like
// a name form or a statement, they ask nothing of path validation.
var (
	oidSubjectKeyID       = asn1.ObjectIdentifier{2, 5, 29, 14}
	oidKeyUsage           = asn1.ObjectIdentifier{2, 5, 29, 15}
	oidSubjectAltName     = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidBasicConstraints   = asn1.ObjectIdentifier{2, 5, 29, 19}
	oidNameConstraints    = asn1.ObjectIdentifier{2, 5, 29, 30}
	oidCRLDistribution    = asn1.ObjectIdentifier{2, 5, 29, 31}
	oidCertPolicies       = asn1.ObjectIdentifier{2, 5, 29, 32}
	oidPolicyMappings     = asn1.ObjectIdentifier{2, 5, 29, 33}
	oidAuthorityKeyID     = asn1.ObjectIdentifier{2, 5, 29, 35}
	oidPolicyConstraints  = asn1.ObjectIdentifier{2, 5, 29, 36}
	oidExtendedKeyUsage   = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidFreshestCRL        = asn1.ObjectIdentifier{2, 5, 29, 46}
	oidInhibitAnyPolicy   = asn1.ObjectIdentifier{2, 5, 29, 54}
	oidNoRevAvail         = asn1.ObjectIdentifier{2, 5, 29, 56}
	oidAuthorityInfo      = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 1}
	oidOCSPNoCheck        = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}
	oidShortTermAssurance = asn1.ObjectIdentifier{0, 4, 0, 194121, 2, 1}
)

// noDemand are critical extensions that path validation may pass over: they name
// the holder or the issuer, say where information lies, or make statements.
var noDemand = []asn1.ObjectIdentifier{
	oidSubjectAltName,
	{2, 5, 29, 16}, // privateKeyUsagePeriod
	{2, 5, 29, 18}, // issuerAltName
	oidCRLDistribution,
	oidFreshestCRL,
	oidAuthorityInfo,
	{1, 3, 6, 1, 5, 5, 7, 1, 3}, // qcStatements
}

func (c *Certificate) parseExtensions(explicit cryptobyte.String, room *ber.Arcs) error {
	var list cryptobyte.String
	if !explicit.ReadASN1(&list, cbasn1.SEQUENCE) || !explicit.Empty() {
		return errors.New("certificate: malformed extensions")
	}
	n := 0
	for rest := list; n < maxExtensions && rest.SkipASN1(cbasn1.SEQUENCE); {
		n++
	}
	c.Extensions = make([]pkix.Extension, 0, n)
	for !list.Empty() {
		var body, value cryptobyte.String
		var e pkix.Extension
		if !list.ReadASN1(&body, cbasn1.SEQUENCE) || !room.Read(&body, &e.Id) {
			return errors.New("certificate: malformed extension")
		}
		if body.PeekASN1Tag(cbasn1.BOOLEAN) && !readBoolean(&body, &e.Critical) {
			return errors.New("certificate: malformed extension")
		}
		if !body.ReadASN1(&value, cbasn1.OCTET_STRING) || !body.Empty() {
			return errors.New("certificate: malformed extension")
		}
		e.Value = value
		if c.Extension(e.Id) != nil {
			c.defect(e.Id, "the extension occurs twice") // RFC 5280, 4.2
		}
		if len(c.Extensions) == maxExtensions {
			return errors.New("certificate: too many extensions")
		}
		c.Extensions = append(c.Extensions, e)
		if text := c.readExtension(e, room); text != "" {
			c.defect(e.Id, text)
		}
	}
	c.settleNoRevAvail()
	return nil
}

// settleNoRevAvail drops noRevAvail where the certificate contradicts it: in a CA
// certificate or beside a place to ask for revocation (RFC 9608, 3).
func (c *Certificate) settleNoRevAvail() {
	if !c.NoRevocationAvailable {
		return
	}
	info, err := c.AuthorityInfoAccess()
	if c.IsCA || err != nil || len(info.OCSP) > 0 ||
		c.Extension(oidCRLDistribution) != nil || c.Extension(oidFreshestCRL) != nil {
		c.NoRevocationAvailable = false
	}
}

// readBoolean also takes the BER forms of TRUE.
func readBoolean(s *cryptobyte.String, out *bool) bool {
	var content cryptobyte.String
	if !s.ReadASN1(&content, cbasn1.BOOLEAN) || len(content) != 1 {
		return false
	}
	*out = content[0] != 0
	return true
}

func (c *Certificate) defect(extension asn1.ObjectIdentifier, text string) {
	c.Defects = append(c.Defects, Defect{Extension: extension, Text: text})
}

// readExtension takes over what every path needs and returns what is wrong with it.
func (c *Certificate) readExtension(e pkix.Extension, room *ber.Arcs) string {
	value := cryptobyte.String(e.Value)
	switch {
	case e.Id.Equal(oidKeyUsage):
		return c.readKeyUsage(value)
	case e.Id.Equal(oidBasicConstraints):
		return c.readBasicConstraints(value)
	case e.Id.Equal(oidExtendedKeyUsage):
		c.ExtendedKeyUsageCritical = e.Critical
		return c.readExtendedKeyUsage(value, room)
	case e.Id.Equal(oidNameConstraints):
		return c.readNameConstraints(value)
	case e.Id.Equal(oidCertPolicies):
		return c.readPolicies(value, room)
	case e.Id.Equal(oidPolicyMappings):
		return c.readPolicyMappings(value, room)
	case e.Id.Equal(oidPolicyConstraints):
		return c.readPolicyConstraints(value)
	case e.Id.Equal(oidInhibitAnyPolicy):
		return c.readInhibitAnyPolicy(value)
	case e.Id.Equal(oidSubjectKeyID):
		c.readSubjectKeyID(value)
	case e.Id.Equal(oidAuthorityKeyID):
		c.readAuthorityKeyID(value)
	case e.Id.Equal(oidNoRevAvail):
		c.NoRevocationAvailable = isNull(value)
	case e.Id.Equal(oidOCSPNoCheck):
		c.OCSPNoCheck = isNull(value)
	case e.Id.Equal(oidShortTermAssurance):
		c.ShortTerm = isNull(value)
	case e.Critical && !contains(noDemand, e.Id):
		c.UnhandledCritical = append(c.UnhandledCritical, e.Id)
	}
	return ""
}

func contains(list []asn1.ObjectIdentifier, id asn1.ObjectIdentifier) bool {
	for _, one := range list {
		if one.Equal(id) {
			return true
		}
	}
	return false
}

// readKeyUsage reads RFC 5280, 4.2.1.3.
func (c *Certificate) readKeyUsage(value cryptobyte.String) string {
	c.HasKeyUsage = true
	var bits asn1.BitString
	if !value.ReadASN1BitString(&bits) || !value.Empty() {
		return "malformed keyUsage"
	}
	for i := range 9 {
		if bits.At(i) != 0 {
			c.KeyUsage |= x509.KeyUsage(1) << uint(i)
		}
	}
	return ""
}

// readBasicConstraints reads RFC 5280, 4.2.1.9. cA FALSE written out is accepted.
func (c *Certificate) readBasicConstraints(value cryptobyte.String) string {
	c.HasBasicConstraints = true
	var body cryptobyte.String
	if !value.ReadASN1(&body, cbasn1.SEQUENCE) || !value.Empty() {
		return "malformed basicConstraints"
	}
	isCA := false
	if body.PeekASN1Tag(cbasn1.BOOLEAN) && !readBoolean(&body, &isCA) {
		return "malformed basicConstraints"
	}
	if !body.Empty() {
		length := 0
		if !body.ReadASN1Integer(&length) || !body.Empty() || length < 0 {
			return "malformed path length in basicConstraints"
		}
		c.MaxPathLength = length
	}
	c.IsCA = isCA
	return ""
}

// readExtendedKeyUsage reads RFC 5280, 4.2.1.12.
func (c *Certificate) readExtendedKeyUsage(value cryptobyte.String, room *ber.Arcs) string {
	var list cryptobyte.String
	if !value.ReadASN1(&list, cbasn1.SEQUENCE) || !value.Empty() || list.Empty() {
		return "malformed extendedKeyUsage"
	}
	for !list.Empty() {
		var id asn1.ObjectIdentifier
		if !room.Read(&list, &id) {
			return "malformed extendedKeyUsage"
		}
		if len(c.ExtendedKeyUsage) == maxListItems {
			return "too many purposes in extendedKeyUsage"
		}
		c.ExtendedKeyUsage = append(c.ExtendedKeyUsage, id)
	}
	return ""
}

// readSubjectKeyID reads RFC 5280, 4.2.1.2. Key identifiers only help to find an
// issuer, so a malformed one is read as absent.
func (c *Certificate) readSubjectKeyID(value cryptobyte.String) {
	var id cryptobyte.String
	if value.ReadASN1(&id, cbasn1.OCTET_STRING) {
		c.SubjectKeyID = id
	}
}

// readAuthorityKeyID reads the keyIdentifier of RFC 5280, 4.2.1.1.
func (c *Certificate) readAuthorityKeyID(value cryptobyte.String) {
	var body, id cryptobyte.String
	var present bool
	if value.ReadASN1(&body, cbasn1.SEQUENCE) &&
		body.ReadOptionalASN1(&id, &present, cbasn1.Tag(0).ContextSpecific()) && present {
		c.AuthorityKeyID = id
	}
}

// isNull tells whether the value is NULL, the syntax of the three extensions that
// only state something by being there.
func isNull(value cryptobyte.String) bool {
	return len(value) == 2 && value[0] == byte(cbasn1.NULL) && value[1] == 0
}
