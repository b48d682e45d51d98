package verify

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/tsa"
)

// readToken parses the token of a document time stamp (ISO 32000-2, 12.8.5).
func (c *candidate) readToken() {
	token, _, err := tsa.ParseToken(c.signed().Contents.Value)
	if err != nil {
		c.add("time-stamp.unreadable", c.at(), err)
		c.cms = nil
		return
	}
	c.token, c.signer, c.hash = token, token.SignerInfo, cms.Hash(token.Hash)
	if token.Hash == 0 {
		c.unsupported = true
		c.add("cms.unsupported", c.at(), "the hash function of the time stamp's imprint")
	}
}

// checkToken verifies the token of a document time stamp: its imprint is the
// digest of the ByteRange.
func (f *file) checkToken(c *candidate) conclusion {
	if c.token == nil {
		return conclusion{TotalFailed, FormatFailure}
	}
	c.describeAlgorithm()
	verification, err := c.token.Verify(c.digest, f.options.Certificates...)
	verdict := conclusion{TotalFailed, HashFailure}
	if c.digest != nil {
		for _, finding := range verification.Findings {
			c.addCMS(finding)
		}
		verdict = c.tokenFailure(verification, err)
	}
	stamp := describeToken(c.token, verification, "document", verdict)
	c.result.Timestamps = append(c.result.Timestamps, stamp)
	return verdict
}

// tokenFailure sets the crypto axis. A rule of RFC 3161 that was broken leaves
// the mathematics as they are; one of the CMS itself does not.
func (c *candidate) tokenFailure(v *tsa.Verification, err error) conclusion {
	verdict := c.cryptoFailure(err)
	if verdict == passed {
		c.result.Crypto = CryptoValid
		return passed
	}
	violation := func(f cms.Finding) bool { return f.Severity == cms.Violation }
	if errors.Is(err, cms.ErrConstraint) && v.ImprintValid && v.SignatureValid && !slices.ContainsFunc(v.CMS.Findings, violation) {
		c.result.Crypto = CryptoValid
		return conclusion{Indeterminate, SigConstraintsFailure}
	}
	return verdict
}

// checkSignatureTimestamps verifies the time stamps over the signature value
// (EN 319 122-1, 5.3). They bear on the level and are reported; best-time
// reasoning is built on them later.
func (f *file) checkSignatureTimestamps(c *candidate) {
	if c.signer == nil || c.isTimestamp() {
		return
	}
	for i, value := range c.signer.UnsignedAttributes.All(cms.OIDSignatureTimeStamp) {
		if i == maxTimestamps {
			return
		}
		token, _, err := tsa.ParseToken(value)
		if err != nil {
			c.add("signature-time-stamp.unreadable", c.at(), err)
			c.result.Timestamps = append(c.result.Timestamps, Timestamp{Kind: "signature"})
			continue
		}
		var sum []byte
		if token.Hash.Available() {
			h := token.Hash.New()
			h.Write(c.signer.Signature)
			sum = h.Sum(nil)
		}
		verification, err := token.Verify(sum, append(c.cms.X509Certificates(), f.options.Certificates...)...)
		verdict := passed
		switch {
		case err == nil:
		case errors.Is(err, cms.ErrDigest):
			c.add("signature-time-stamp.imprint", c.at())
			verdict = conclusion{TotalFailed, HashFailure}
		default:
			c.add("signature-time-stamp.invalid", c.at(), err)
			verdict = conclusion{Indeterminate, SigConstraintsFailure}
		}
		c.result.Timestamps = append(c.result.Timestamps, describeToken(token, verification, "signature", verdict))
	}
}

// describeToken reports a token. Nothing is said yet about the trust in its
// authority, so no token passes: Valid is about imprint and signature.
func describeToken(t *tsa.Token, v *tsa.Verification, kind string, verdict conclusion) Timestamp {
	out := Timestamp{
		Kind: kind, Time: t.Time.UTC().Format(time.RFC3339Nano), Valid: v.ImprintValid && v.SignatureValid && verdict == passed,
		Indication: min(verdict.indication, Indeterminate), Policy: t.Policy.String(), Serial: fmt.Sprintf("%x", t.SerialNumber),
	}
	if v.Certificate != nil {
		sum := v.Certificate.Fingerprint()
		out.TSA, out.TSASHA256 = v.Certificate.Subject.String(), hex.EncodeToString(sum[:])
	}
	return out
}
