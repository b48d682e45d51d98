package pades

import (
	"maps"
	"slices"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/pdf"
)

// check refuses seed values that cannot be written so that they are read again.
func (s *SeedValues) check() error {
	if s == nil {
		return nil
	}
	switch {
	case s.Required&^knownSeeds != 0:
		return failf(ErrOptions, "the seed values demand what is not known (flags %#x)", int64(s.Required&^knownSeeds))
	case s.Cert != nil && s.Cert.Required&^knownCertificateSeeds != 0:
		return failf(ErrOptions, "the seed values demand what is not known of the certificate (flags %#x)", int64(s.Cert.Required&^knownCertificateSeeds))
	case s.LockDocument != "" && s.LockDocument != "true" && s.LockDocument != "false" && s.LockDocument != "auto":
		return failf(ErrOptions, "LockDocument %q is none of true, false and auto", s.LockDocument)
	case s.V < 0:
		return failf(ErrOptions, "the version %d of the seed values is negative", s.V)
	}
	if c := s.Cert; c != nil {
		if slices.Contains(c.Subject, nil) || slices.Contains(c.Issuer, nil) {
			return failf(ErrOptions, "the seed values name a certificate that is nil")
		}
		for _, usage := range c.KeyUsage {
			if !isUsagePattern(usage) {
				return failf(ErrOptions, "the key usage %q is no pattern of 0, 1 and X", usage)
			}
		}
	}
	if s.MDP == nil {
		return nil
	}
	return s.MDP.check("in the seed values")
}

// isUsagePattern tells whether each character stands for a bit of the key usage.
func isUsagePattern(s string) bool {
	for _, c := range s {
		if c != '0' && c != '1' && c != 'X' {
			return false
		}
	}
	return len(s) <= usageBits
}

// dictionary is the seed value dictionary.
func (s *SeedValues) dictionary() []byte {
	b := []byte("<</Type/SV")
	if s.Required != 0 {
		b = appendInt(append(b, "/Ff "...), int64(s.Required))
	}
	if s.Filter != "" {
		b = pdf.AppendName(append(b, "/Filter"...), pdf.Name(s.Filter))
	}
	if len(s.SubFilter) > 0 {
		b = appendNames(append(b, "/SubFilter"...), s.SubFilter)
	}
	if len(s.DigestMethod) > 0 {
		b = appendNames(append(b, "/DigestMethod"...), s.DigestMethod)
	}
	if s.V > 0 {
		b = appendInt(append(b, "/V "...), int64(s.V))
	}
	if s.Cert != nil {
		b = append(append(b, "/Cert"...), s.Cert.dictionary()...)
	}
	if s.Reasons != nil {
		b = appendTexts(append(b, "/Reasons"...), s.Reasons)
	}
	if s.MDP != nil {
		b = append(appendInt(append(b, "/MDP<</P "...), int64(*s.MDP)), ">>"...)
	}
	if t := s.TimeStamp; t != nil {
		b = append(append(b, "/TimeStamp<</URL"...), pdf.EncodeText(t.URL)...)
		if t.Required {
			b = append(b, "/Ff 1"...)
		}
		b = append(b, ">>"...)
	}
	if len(s.LegalAttestation) > 0 {
		b = appendTexts(append(b, "/LegalAttestation"...), s.LegalAttestation)
	}
	if s.AddRevInfo {
		b = append(b, "/AddRevInfo true"...)
	}
	if s.LockDocument != "" {
		b = pdf.AppendName(append(b, "/LockDocument"...), pdf.Name(s.LockDocument))
	}
	if s.AppearanceFilter != "" {
		b = append(append(b, "/AppearanceFilter"...), pdf.EncodeText(s.AppearanceFilter)...)
	}
	return append(b, ">>"...)
}

// dictionary is the certificate seed value dictionary.
func (c *CertificateSeeds) dictionary() []byte {
	b := []byte("<</Type/SVCert")
	if c.Required != 0 {
		b = appendInt(append(b, "/Ff "...), int64(c.Required))
	}
	b = appendCertificates(b, "/Subject", c.Subject)
	b = appendCertificates(b, "/Issuer", c.Issuer)
	if len(c.SubjectDN) > 0 {
		b = append(b, "/SubjectDN["...)
		for _, attributes := range c.SubjectDN {
			b = append(b, "<<"...)
			for _, key := range slices.Sorted(maps.Keys(attributes)) {
				b = append(pdf.AppendName(b, pdf.Name(key)), pdf.EncodeText(attributes[key])...)
			}
			b = append(b, ">>"...)
		}
		b = append(b, ']')
	}
	for _, e := range []struct {
		key   string
		texts []string
	}{{"/KeyUsage", c.KeyUsage}, {"/OID", c.OID}, {"/SignaturePolicyCommitmentType", c.Commitments}} {
		if len(e.texts) > 0 {
			b = appendTexts(append(b, e.key...), e.texts)
		}
	}
	for _, e := range []struct{ key, text string }{{"/URL", c.URL}, {"/SignaturePolicyOID", c.PolicyOID}} {
		if e.text != "" {
			b = append(append(b, e.key...), pdf.EncodeText(e.text)...)
		}
	}
	for _, e := range []struct{ key, name string }{{"/URLType", c.URLType}, {"/SignaturePolicyHashAlgorithm", c.PolicyHashAlgorithm}} {
		if e.name != "" {
			b = pdf.AppendName(append(b, e.key...), pdf.Name(e.name))
		}
	}
	if len(c.PolicyHash) > 0 {
		b = pdf.AppendHex(append(b, "/SignaturePolicyHashValue"...), c.PolicyHash)
	}
	return append(b, ">>"...)
}

func appendCertificates(dst []byte, key string, list []*certificate.Certificate) []byte {
	if len(list) == 0 {
		return dst
	}
	dst = append(append(dst, key...), '[')
	for _, c := range list {
		dst = pdf.AppendHex(dst, c.Raw)
	}
	return append(dst, ']')
}

func appendNames(dst []byte, names []string) []byte {
	dst = append(dst, '[')
	for _, n := range names {
		dst = pdf.AppendName(dst, pdf.Name(n))
	}
	return append(dst, ']')
}

func appendTexts(dst []byte, texts []string) []byte {
	dst = append(dst, '[')
	for _, t := range texts {
		dst = append(dst, pdf.EncodeText(t)...)
	}
	return append(dst, ']')
}
