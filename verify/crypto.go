package verify

import (
	"bytes"
	"errors"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// checkCrypto is the building block "cryptographic verification" (EN 319 102-1,
// 5.2.7). It sets the crypto axis of the report as well.
func (f *file) checkCrypto(c *candidate) conclusion {
	c.result.Crypto = CryptoInvalid
	if c.unsupported {
		c.result.Crypto = CryptoUnsupported
		return conclusion{Indeterminate, CryptoConstraintsFailure}
	}
	if c.isTimestamp() {
		return f.checkToken(c)
	}
	if c.signer == nil || c.hash == 0 {
		return conclusion{TotalFailed, FormatFailure}
	}
	c.describeAlgorithm()
	if c.digest == nil {
		return conclusion{TotalFailed, HashFailure}
	}
	content, failed := c.contentDigest()
	if failed != passed {
		return failed
	}
	verification, err := c.signer.Verify(c.cert, content)
	for _, finding := range verification.Findings {
		c.addCMS(finding)
	}
	if failed := c.cryptoFailure(err); failed != passed {
		return failed
	}
	if c.signer.RawSignedAttributes == nil && f.isAttributes(c) {
		c.add("cms.attribute-confusion", c.at())
		return conclusion{TotalFailed, SigCryptoFailure}
	}
	if c.broken {
		return conclusion{TotalFailed, FormatFailure}
	}
	c.result.Crypto = CryptoValid
	return passed
}

// contentDigest returns the digest that the CMS must have been made over: that
// of the ByteRange, or with adbe.pkcs7.sha1 that of the digest it holds.
func (c *candidate) contentDigest() ([]byte, conclusion) {
	if c.signed().SubFilter != sigdict.SubFilterPKCS7SHA1 {
		return c.digest, passed
	}
	if !c.cms.HasContent || !bytes.Equal(c.cms.Content, c.digest) {
		c.add("cms.digest", c.at())
		return nil, conclusion{TotalFailed, HashFailure}
	}
	hash, err := c.signer.DigestHash()
	if err == nil {
		var content []byte
		if content, err = c.cms.ContentDigest(hash); err == nil {
			return content, passed
		}
	}
	c.add("cms.unsupported", c.at(), err)
	return nil, conclusion{TotalFailed, FormatFailure}
}

// cryptoFailure turns an error of the mathematics into a finding and a verdict.
func (c *candidate) cryptoFailure(err error) conclusion {
	switch {
	case err == nil:
		return passed
	case errors.Is(err, cms.ErrDigest):
		c.add("cms.digest", c.at())
		return conclusion{TotalFailed, HashFailure}
	case errors.Is(err, cms.ErrSignature):
		c.add("cms.signature", c.at(), err)
		return conclusion{TotalFailed, SigCryptoFailure}
	case errors.Is(err, cms.ErrNoCertificate):
		c.result.Crypto = CryptoUnsupported
		return conclusion{Indeterminate, NoSigningCertificateFound}
	case errors.Is(err, cms.ErrUnsupported):
		c.result.Crypto = CryptoUnsupported
		c.add("cms.unsupported", c.at(), err)
		return conclusion{Indeterminate, CryptoConstraintsFailure}
	case errors.Is(err, cms.ErrConstraint):
		// Right or not, this is not a signature as RFC 5652 knows it.
		c.add("cms.constraint", c.at(), err)
		return conclusion{TotalFailed, FormatFailure}
	}
	c.add("cms.unreadable", c.at(), err)
	return conclusion{TotalFailed, FormatFailure}
}

// describeAlgorithm fills in what the signature was made with. The digest is
// that of the ByteRange: with adbe.pkcs7.sha1 not the one of the CMS.
func (c *candidate) describeAlgorithm() {
	if c.hash != 0 {
		c.result.Digest = c.hash.String()
		c.result.DocumentDigest = hexadecimal(c.digest)
	}
	if a, err := c.signer.Algorithm(); err == nil {
		c.result.Algorithm = a.Scheme.String()
	}
	if c.cert != nil {
		c.result.KeyBits = algorithm.KeyBits(c.cert.PublicKey)
	}
}

// addCMS records what package cms found, under its own code.
func (c *candidate) addCMS(finding cms.Finding) {
	out := newFinding("cms.warning", c.at(), finding.Text+".")
	out.Code, out.Clause = "cms."+finding.Code, finding.Clause
	switch finding.Severity {
	case cms.Violation:
		out.Severity = SeverityError
	case cms.Info:
		out.Severity = SeverityInfo
	}
	c.result.Findings = append(c.result.Findings, out)
}
