package tsa

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"fmt"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
)

// Codes of findings that package cms does not have. They are stable.
const (
	CodePurpose    = "tsa-purpose"    // extendedKeyUsage of the certificate
	CodeValidity   = "tsa-validity"   // genTime outside the certificate's validity period
	CodeName       = "tsa-name"       // the tsa field names somebody else
	CodeBinding    = "tsa-binding"    // no attribute binds the certificate to the token
	CodeNoImprint  = "tsa-no-imprint" // the hash function of the imprint is not supported
	CodeExtensions = "tsa-extensions" // a critical extension is not known
)

var oidTimeStamping = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}

// Verification is what Verify found. Its zero value says that nothing holds.
type Verification struct {
	ImprintValid   bool                     // the token stamps the digest given
	SignatureValid bool                     // the authority's signature over the token is right
	Certificate    *certificate.Certificate // of the authority; nil when it was not found
	CMS            *cms.Verification        // more about the signature; never nil
	// Findings are those of this package and, after them, those in CMS.
	Findings []cms.Finding
}

// Verify tells whether the token stamps data with the given digest, which the
// caller took with t.Hash, and whether its signature holds. certificates are further
// ones to find the authority's certificate among.
//
// The error is nil only when imprint and signature are right and no rule of RFC 3161
// is broken: the certificate's extendedKeyUsage is critical and names time stamping
// alone (2.3), the token binds the certificate (2.4.2, RFC 5816), and genTime lies in
// the certificate's validity period. With cms.ErrConstraint alone imprint and
// signature are right. The Verification is never nil. Trust is not asked.
func (t *Token) Verify(digest []byte, certificates ...*certificate.Certificate) (*Verification, error) {
	v := &Verification{}
	v.Certificate, _ = t.SignedData.SignerCertificate(t.SignerInfo, certificates...)
	signature := t.verifySignature(v)
	v.SignatureValid = v.CMS.DigestValid && v.CMS.SignatureValid
	imprint := t.checkImprint(v, digest)
	t.checkRules(v)
	v.Findings = append(v.Findings, v.CMS.Findings...)

	for _, kind := range gravest() {
		for _, err := range []error{imprint, signature} {
			if errors.Is(err, kind) {
				return v, err
			}
		}
	}
	for i := range v.Findings {
		if v.Findings[i].Severity == cms.Violation {
			return v, fail(cms.ErrConstraint, "%s", v.Findings[i].Text)
		}
	}
	return v, nil
}

// gravest returns the reasons that a token may be refused for, the gravest first.
// Broken rules are looked for after them.
func gravest() []error {
	return []error{cms.ErrMalformed, cms.ErrLimit, cms.ErrDigest, cms.ErrSignature, cms.ErrUnsupported, cms.ErrNoCertificate}
}

// verifySignature verifies the SignedData over the TSTInfo.
func (t *Token) verifySignature(v *Verification) error {
	hash, err := t.SignerInfo.DigestHash()
	var digest []byte
	if err == nil {
		digest, err = t.SignedData.ContentDigest(hash)
	}
	if err != nil {
		v.CMS = &cms.Verification{}
	} else {
		v.CMS, err = t.SignerInfo.Verify(v.Certificate, digest)
	}
	if err != nil {
		return fmt.Errorf("tsa: %w", err)
	}
	return nil
}

func (t *Token) checkImprint(v *Verification, digest []byte) error {
	switch {
	case t.Hash == 0:
		v.find(cms.Warning, CodeNoImprint, "RFC 3161, 2.4.2", "the hash function %v of the imprint is not supported", t.HashAlgorithm.Algorithm)
		return fail(cms.ErrUnsupported, "hash function %v of the imprint", t.HashAlgorithm.Algorithm)
	case len(t.Imprint) != t.Hash.Size():
		return fail(cms.ErrMalformed, "the imprint has %d bytes, its hash function makes %d", len(t.Imprint), t.Hash.Size())
	case !bytes.Equal(t.Imprint, digest):
		return fail(cms.ErrDigest, "the token stamps something else")
	}
	v.ImprintValid = true
	return nil
}

// checkRules checks what RFC 3161 demands beyond the signature.
func (t *Token) checkRules(v *Verification) {
	if t.SignerInfo.RawSignedAttributes == nil || !v.CMS.SigningCertificateV1 && !v.CMS.SigningCertificateV2 {
		v.find(cms.Violation, CodeBinding, "RFC 3161, 2.4.2", "no signing-certificate attribute binds the authority's certificate to the token")
	}
	for _, e := range t.Extensions {
		if e.Critical {
			v.find(cms.Violation, CodeExtensions, "RFC 3161, 2.4.2", "the critical extension %v of the token is not known", e.Id)
		}
	}
	c := v.Certificate
	if c == nil {
		return
	}
	if !forTimeStampingAlone(c) {
		v.find(cms.Violation, CodePurpose, "RFC 3161, 2.3", "the extended key usage of the authority's certificate is not critical and time stamping alone")
	}
	if !c.ValidAt(t.Time) {
		v.find(cms.Violation, CodeValidity, "RFC 5280, 4.1.2.5", "the time of the token lies outside the validity of the authority's certificate")
	}
	if t.TSA != nil && !sameAttributes(t.TSA, c.Subject) {
		v.find(cms.Warning, CodeName, "RFC 3161, 2.4.2", "the token names another authority than its certificate")
	}
}

// forTimeStampingAlone tells whether a certificate is for time stamping and nothing else
// (RFC 3161, 2.3).
func forTimeStampingAlone(c *certificate.Certificate) bool {
	return c.ExtendedKeyUsageCritical && len(c.ExtendedKeyUsage) == 1 && c.HasPurpose(oidTimeStamping)
}

func (v *Verification) find(severity cms.Severity, code, clause, format string, args ...any) {
	v.Findings = append(v.Findings, cms.Finding{Code: code, Severity: severity, Clause: clause, Text: fmt.Sprintf(format, args...)})
}

// sameAttributes compares two names whatever the order of their RDNs, for some
// authorities write the tsa field in the other one.
func sameAttributes(a, b certificate.Name) bool {
	if len(a) != len(b) {
		return false
	}
	used := make([]bool, len(b))
next:
	for i := range a {
		for j := range b {
			if !used[j] && a[i:i+1].Equal(b[j:j+1]) {
				used[j] = true
				continue next
			}
		}
		return false
	}
	return true
}
