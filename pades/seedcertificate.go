package pades

import (
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"strings"

	"github.com/inkan-go/inkan/certificate"
)

// usageBits is how many bits the key usage extension has (RFC 5280, 4.2.1.3).
const usageBits = 9

// certificate settles what the certificate is to be (ISO 32000-2, Table 238).
func (b *obedience) certificate(c *CertificateSeeds) {
	before := len(b.unmet)
	if n := c.Required &^ knownCertificateSeeds; n != 0 {
		b.demand(true, "something of the certificate that is not known (flags %#x)", int64(n))
	}
	chain := b.signer.Chain
	if len(chain) == 0 {
		if c.Required&^SeedURL != 0 {
			b.demand(true, "a certain certificate, and the signer's is not known yet")
		}
		return
	}
	leaf := chain[0]
	unless := func(fits bool, flag CertificateSeedFlags, format string, args ...any) {
		if !fits {
			b.demand(c.Required&flag != 0, format, args...)
		}
	}
	unless(len(c.Subject) == 0 || slices.ContainsFunc(c.Subject, leaf.Equal), SeedSubject,
		"the certificate of %s; this is that of %v", subjects(c.Subject), leaf.Subject)
	unless(len(c.Issuer) == 0 || issuedBelow(chain, c.Issuer), SeedIssuer,
		"a certificate issued by %s, directly or through others", subjects(c.Issuer))
	unless(hasPolicies(leaf, c.OID), SeedOID,
		"a certificate with the policies %s", strings.Join(c.OID, ", "))
	unless(len(c.SubjectDN) == 0 || slices.ContainsFunc(c.SubjectDN, func(want map[string]string) bool { return isNamed(leaf.Subject, want) }), SeedSubjectDN,
		"a certificate of a subject with %s", attributeText(c.SubjectDN))
	unless(len(c.KeyUsage) == 0 || slices.ContainsFunc(c.KeyUsage, func(pattern string) bool { return usageFits(leaf, pattern) }), SeedKeyUsage,
		"a certificate with the key usage %s", strings.Join(c.KeyUsage, " or "))
	if c.URL != "" && len(b.unmet) > before {
		b.unmet[len(b.unmet)-1] += "; a certificate that will do can be had at " + c.URL
	}
	if c.PolicyOID != "" && (b.o.Policy == nil || b.o.Policy.ID.String() != c.PolicyOID) {
		b.demand(false, "the signature policy %s", c.PolicyOID)
	}
	if len(c.Commitments) > 0 && !slices.ContainsFunc(b.o.Commitments, func(id asn1.ObjectIdentifier) bool { return slices.Contains(c.Commitments, id.String()) }) {
		b.demand(false, "the commitment %s", strings.Join(c.Commitments, " or "))
	}
}

// issuedBelow tells whether one of the issuers stands above the first certificate of a
// chain. Every step is verified.
func issuedBelow(chain, issuers []*certificate.Certificate) bool {
	issued := func(c, by *certificate.Certificate) bool {
		return c.IssuedBy(by) && c.CheckSignatureFrom(by) == nil
	}
	for i, c := range chain {
		if slices.ContainsFunc(issuers, func(by *certificate.Certificate) bool { return issued(c, by) }) {
			return true
		}
		if i+1 == len(chain) || !issued(c, chain[i+1]) {
			return false
		}
	}
	return false
}

func hasPolicies(c *certificate.Certificate, oids []string) bool {
	for _, oid := range oids {
		if !slices.ContainsFunc(c.Policies, func(id asn1.ObjectIdentifier) bool { return id.String() == oid }) {
			return false
		}
	}
	return true
}

// isNamed tells whether a name has all of the attributes.
func isNamed(name certificate.Name, want map[string]string) bool {
	for key, value := range want {
		if !slices.Contains(name.Values(key), value) {
			return false
		}
	}
	return true
}

// usageFits tells whether the key usage of a certificate fits a pattern. A bit that is to
// be set must be set, and so the extension there.
func usageFits(c *certificate.Certificate, pattern string) bool {
	for i, want := range pattern {
		if i >= usageBits {
			break
		}
		set := c.HasKeyUsage && c.KeyUsage&(x509.KeyUsageDigitalSignature<<i) != 0
		if want == '1' && !set || want == '0' && set {
			return false
		}
	}
	return true
}

func subjects(list []*certificate.Certificate) string {
	var names []string
	for _, c := range list {
		names = append(names, c.Subject.String())
	}
	return strings.Join(names, " or of ")
}

func attributeText(list []map[string]string) string {
	var all []string
	for _, attributes := range list {
		var one []string
		for key, value := range attributes {
			one = append(one, key+"="+value)
		}
		slices.Sort(one)
		all = append(all, strings.Join(one, ", "))
	}
	return strings.Join(all, " or ")
}
