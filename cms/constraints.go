package cms

import (
	"crypto/x509/pkix"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/ber"
)

// checkAttributes looks for broken rules that leave the mathematics as they are.
func (si *SignerInfo) checkAttributes(v *Verification, cert *certificate.Certificate) {
	if !si.digestListed() {
		v.find(Warning, CodeDigestNotListed, "RFC 5652, 5.1", "the digest algorithm is not among those that the SignedData lists")
	}
	for _, a := range []struct {
		oid    []int
		name   string
		clause string
	}{
		{OIDSigningTime, "signing-time", "RFC 5652, 11.3"},
		{OIDSigningCertificate, "signing-certificate", "RFC 2634, 5.4"},
		{OIDSigningCertificateV2, "signing-certificate-v2", "RFC 5035, 3"},
		{OIDAlgorithmProtection, "cms-algorithm-protection", "RFC 6211, 2"},
	} {
		attribute := si.SignedAttributes.Find(a.oid)
		if attribute == nil {
			continue
		}
		if si.SignedAttributes.count(a.oid) > 1 {
			v.find(Violation, CodeAttributeRepeated, a.clause, "the attribute %s stands more than once", a.name)
		}
		if len(attribute.Values) != 1 {
			v.find(Violation, CodeAttributeValues, a.clause, "the attribute %s has %d values instead of one", a.name, len(attribute.Values))
		}
	}
	if si.UnsignedAttributes.Find(OIDMessageDigest) != nil || si.UnsignedAttributes.Find(OIDContentType) != nil ||
		si.UnsignedAttributes.Find(OIDSigningTime) != nil {
		v.find(Warning, CodeSignedInUnsigned, "RFC 5652, 11", "an attribute that must be signed stands among the unsigned ones")
	}
	si.checkProtection(v)
	if !v.NoSignedAttributes {
		si.checkCertificateIDs(v, cert)
	}
}

func (si *SignerInfo) digestListed() bool {
	for i := range si.data.DigestAlgorithms {
		if si.data.DigestAlgorithms[i].Algorithm.Equal(si.DigestAlgorithm.Algorithm) {
			return true
		}
	}
	return false
}

// checkProtection compares the CMSAlgorithmProtection attribute, if there is one, with the algorithms outside the
// signed attributes (RFC 6211 §2).
func (si *SignerInfo) checkProtection(v *Verification) {
	if si.SignedAttributes.Find(OIDAlgorithmProtection) == nil {
		return
	}
	const clause = "RFC 6211, 2"
	e, ok := si.SignedAttributes.value(OIDAlgorithmProtection)
	if !ok {
		return // named as repeated or without its one value
	}
	digest, signature, err := parseProtection(e)
	switch {
	case err != nil:
		v.find(Violation, CodeAttributeMalformed, clause, "the attribute cms-algorithm-protection cannot be read")
	case !algorithm.SameIdentifier(digest, si.DigestAlgorithm):
		v.find(Violation, CodeAlgorithmProtection, clause, "the digest algorithm is not the protected one")
	case !algorithm.SameIdentifier(signature, si.SignatureAlgorithm):
		v.find(Violation, CodeAlgorithmProtection, clause, "the signature algorithm is not the protected one")
	}
}

// parseProtection reads a CMSAlgorithmProtection with a signatureAlgorithm; the alternative for MACs has no place here.
func parseProtection(e ber.Element) (digest, signature pkix.AlgorithmIdentifier, err error) {
	if !e.IsSequence() {
		return digest, signature, ErrMalformed
	}
	var arcs ber.Arcs
	r := e.Elements()
	if digest, err = nextAlgorithm(&r, "digestAlgorithm", &arcs); err != nil {
		return digest, signature, err
	}
	tagged, err := r.Expect(ber.ContextSpecific, 1)
	if err != nil || !r.Empty() || !tagged.Constructed {
		return digest, signature, ErrMalformed
	}
	tagged.Class, tagged.Tag = ber.Universal, ber.TagSequence // IMPLICIT
	signature, err = parseAlgorithm(tagged, &arcs)
	return digest, signature, err
}

// checkCertificateIDs compares the certificate with the signing-certificate attributes.
func (si *SignerInfo) checkCertificateIDs(v *Verification, cert *certificate.Certificate) {
	v.SigningCertificateV1, v.SigningCertificateV2 = si.certificateID != nil, si.certificateIDv2 != nil
	switch {
	case v.SigningCertificateV1 && v.SigningCertificateV2:
		v.find(Warning, CodeCertificateIDBoth, "EN 319 122-1, 5.2.2", "both signing-certificate and signing-certificate-v2 are there; one is enough")
	case !v.SigningCertificateV1 && !v.SigningCertificateV2:
		v.find(Info, CodeCertificateIDMissing, "EN 319 122-1, 5.2.2", "no attribute binds the signer's certificate to the signature")
		return
	}
	if cert == nil {
		return
	}
	if v.SigningCertificateV1 {
		si.certificateID.check(v, cert, "signing-certificate", "RFC 2634, 5.4")
	}
	if v.SigningCertificateV2 {
		si.certificateIDv2.check(v, cert, "signing-certificate-v2", "RFC 5035, 3")
	}
}

// check compares the certificate with one of the attributes.
func (id *certificateID) check(v *Verification, cert *certificate.Certificate, name, clause string) {
	if id.err != nil {
		v.find(Violation, CodeAttributeMalformed, clause, "the attribute %s cannot be read: %v", name, id.err)
		return
	}
	if id.hash == 0 {
		v.find(Violation, CodeCertificateID, clause, "the attribute %s uses a hash function that is not supported", name)
		return
	}
	if w, ok := algorithm.WeakHash(id.hash); ok && w.Named && id.v2 {
		v.find(Warning, CodeWeakAlgorithm, "ETSI TS 119 312", "%s in the attribute %s is weak", w.Name, name)
	}
	if !id.hasDigestOf(cert) {
		v.find(Violation, CodeCertificateID, clause, "the attribute %s names another certificate", name)
	} else if !id.hasIssuerAndSerialOf(cert) {
		v.find(Violation, CodeCertificateID, clause, "the attribute %s names another issuer or serial number", name)
	}
}
