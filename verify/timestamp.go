package verify

import (
	"crypto"
	"crypto/sha256"
	"errors"
	"slices"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/tsa"
)

// The kinds of time stamps, by what they stamp: the ByteRange before it was signed
// (EN 319 122-1, 5.2.8), the signature value (5.3), or a ByteRange by itself (ISO
// 32000-2, 12.8.5).
const (
	contentTimestamp   = "content"
	signatureTimestamp = "signature"
	documentTimestamp  = "document"
)

// timestamp is one time-stamp token under judgement.
type timestamp struct {
	*signed
	kind  string
	token *tsa.Token
	// of is the signature that it stamps; of a document time stamp it is itself.
	of *signed
	// verification is the mathematics; result what the validation came to, nil before.
	verification *tsa.Verification
	result       *outcome
}

// passed tells whether the token was validated and proves its time.
func (t *timestamp) passed() bool { return t.result != nil && t.result.isPassed() }

// earliest and latest are what the accuracy of a token leaves open.
func (t *timestamp) earliest() time.Time { return t.token.Time.Add(-t.token.Accuracy) }

func (t *timestamp) latest() time.Time { return t.token.Time.Add(t.token.Accuracy) }

// readToken parses the token of a document time stamp (ISO 32000-2, 12.8.5).
func (c *candidate) readToken() {
	token, err := tsa.NewToken(c.cms)
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
	verification, err := c.token.Verify(c.digest, f.authorities(c.token)...)
	verdict := conclusion{TotalFailed, HashFailure}
	if c.digest != nil {
		for _, finding := range verification.Findings {
			c.addCMS(finding)
		}
		verdict = c.tokenFailure(verification, err)
	}
	c.verification = verification
	return verdict
}

// authorities returns the certificates to find that of a time-stamping authority among:
// those given and, since a token need not hold it (RFC 3161, 2.4.1), where it does not
// those of the security stores.
func (f *file) authorities(t *tsa.Token) []*certificate.Certificate {
	if _, err := t.Certificate(f.options.Certificates...); err == nil || f.bare {
		return f.options.Certificates
	}
	list := f.storedCertificates()
	if f.searched += lookupCost * len(list); f.searched > maxEvidence { // all tokens of a hostile file would look through all of them
		return f.options.Certificates
	}
	return list
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

// readContentTimestamps parses the content time stamps, whose imprints are digests of
// the ByteRange, before those are computed.
func (f *file) readContentTimestamps(c *candidate) {
	for i, value := range c.signer.SignedAttributes.All(cms.OIDContentTimeStamp) {
		if i == maxTimestamps {
			return
		}
		token, _, err := tsa.ParseTokenWith(&f.certificates, value)
		if err != nil {
			c.add("content-time-stamp.unreadable", c.at(), err)
			continue
		}
		c.contentTokens = append(c.contentTokens, token)
	}
}

// collectTimestamps verifies the mathematics of all tokens of a signature, and lists
// them: content time stamps, then those over the signature value.
func (f *file) collectTimestamps(c *candidate) {
	if c.self == nil {
		return
	}
	if c.isTimestamp() {
		t := &timestamp{signed: c.self, kind: documentTimestamp, token: c.token, of: c.self, verification: c.verification}
		if t.verification == nil { // nothing could be verified
			t.verification = &tsa.Verification{}
		}
		c.timestamps = append(c.timestamps, t)
		if c.closes && c.result.Structure == StructureSound && c.result.Crypto == CryptoValid {
			f.documentTimestamps = append(f.documentTimestamps, t)
		}
		return
	}
	for _, token := range c.contentTokens {
		f.addToken(c, contentTimestamp, token, c.contentDigests[token.Hash])
	}
	for i, value := range c.signer.UnsignedAttributes.All(cms.OIDSignatureTimeStamp) {
		if i == maxTimestamps {
			return
		}
		token, _, err := tsa.ParseTokenWith(&f.certificates, value)
		if err != nil {
			c.add("signature-time-stamp.unreadable", c.at(), err)
			c.result.Timestamps = append(c.result.Timestamps, Timestamp{Kind: signatureTimestamp})
			continue
		}
		var sum []byte
		if token.Hash.Available() {
			h := token.Hash.New()
			h.Write(c.signer.Signature)
			sum = h.Sum(nil)
		}
		f.addToken(c, signatureTimestamp, token, sum)
	}
}

// addToken verifies the mathematics of a token inside a signature.
func (f *file) addToken(c *candidate, kind string, token *tsa.Token, digest []byte) {
	verification, err := token.Verify(digest, append(c.self.others, f.authorities(token)...)...)
	verdict := tokenVerdict(err)
	switch {
	case verdict == passed:
	case verdict.reason != HashFailure:
		c.add("time-stamp.invalid", c.at(), kind, err)
	case kind == contentTimestamp:
		c.add("content-time-stamp.imprint", c.at())
	default:
		c.add("signature-time-stamp.imprint", c.at())
	}
	s := newSigned(c, certificate.TimeStamping, token.SignedData, token.SignerInfo, verification.Certificate)
	s.hashes = []cms.Hash{cms.Hash(token.Hash)}
	s.blocks = []conclusion{verdict}
	c.timestamps = append(c.timestamps, &timestamp{signed: s, kind: kind, token: token, of: c.self, verification: verification})
}

// tokenVerdict turns the error of a token's mathematics into a conclusion.
func tokenVerdict(err error) conclusion {
	switch {
	case err == nil:
		return passed
	case errors.Is(err, cms.ErrDigest):
		return conclusion{TotalFailed, HashFailure}
	case errors.Is(err, cms.ErrSignature):
		return conclusion{TotalFailed, SigCryptoFailure}
	case errors.Is(err, cms.ErrNoCertificate):
		return conclusion{Indeterminate, NoSigningCertificateFound}
	case errors.Is(err, cms.ErrUnsupported):
		return conclusion{Indeterminate, CryptoConstraintsFailure}
	}
	return conclusion{Indeterminate, SigConstraintsFailure}
}

// validateTimestamps validates the time stamps of the file (EN 319 102-1, 5.4 and
// 5.6.3.4, step 3): document time stamps from the newest to the oldest, for each may
// prove what the older ones need, and then those inside signatures. What passes is a
// proof of existence for all that it covers.
func (f *file) validateTimestamps() {
	slices.SortStableFunc(f.documentTimestamps, func(a, b *timestamp) int { return a.owner.revision - b.owner.revision })
	for _, t := range slices.Backward(f.documentTimestamps) {
		f.validateTimestamp(t)
	}
	for _, c := range f.candidates {
		for _, t := range c.timestamps {
			if t.result == nil {
				f.validateTimestamp(t)
			}
		}
	}
}

// validateTimestamp is the time-stamp validation building block (5.4), with past
// signature validation where the present leaves it open.
func (f *file) validateTimestamp(t *timestamp) {
	present := f.validateBasic(t.signed, f.at)
	if f.policy.TimestampsAtTheirTime && present.reason == TryLater && t.token.Time.Before(f.at) {
		if then := f.validateBasic(t.signed, t.token.Time); then.isPassed() {
			present = then
		}
	}
	t.result = f.settle(t.signed, present)
	if t.result.isPassed() && t.token.Time.After(f.now.Add(skew)) {
		t.result.fail(t.signed, conclusion{Indeterminate, SigConstraintsFailure}, "time-stamp.future", t.token.Time.Format(time.RFC3339))
	}
	if t.passed() && (t.kind != documentTimestamp || slices.Contains(f.documentTimestamps, t)) {
		f.extractProofs(t)
	}
}

// reportTimestamps reports the tokens of a signature.
func (f *file) reportTimestamps(c *candidate) {
	for _, t := range c.timestamps {
		stamp := t.describe()
		if cert := t.verification.Certificate; cert != nil && f.options.Accreditation != nil {
			stamp.Accredited = f.options.Accreditation(cert, t.token.Time)
		}
		c.result.Timestamps = append(c.result.Timestamps, stamp)
		if t.kind == documentTimestamp || t.passed() || len(t.result.findings) == 0 {
			continue
		}
		why := t.result.findings[0]
		c.add("time-stamp.unproven", c.at(), t.kind, t.token.Time.UTC().Format(time.RFC3339), t.result.indication, t.result.reason, why.Text)
		last := &c.result.Findings[len(c.result.Findings)-1]
		last.Arguments = append(append(last.Arguments, why.Code), why.Arguments...)
	}
}

// describe reports a token. Valid is about imprint and signature alone.
func (t *timestamp) describe() Timestamp {
	v := t.verification
	out := Timestamp{
		Kind: t.kind, Time: Time{t.token.Time.UTC()}, Valid: v.ImprintValid && v.SignatureValid && t.blocks[0] == passed,
		Indication: t.result.indication, SubIndication: t.result.reason,
		Policy: t.token.Policy.String(), Serial: t.token.SerialNumber.Text(16),
		Imprint: hexadecimal(t.token.Imprint), ImprintHash: cms.Hash(t.token.Hash).String(),
	}
	own := sha256.Sum256(t.token.Raw)
	out.SHA256 = hexadecimal(own[:])
	if v.Certificate != nil {
		sum := v.Certificate.Fingerprint()
		out.TSA, out.TSASHA256 = v.Certificate.Subject.String(), hexadecimal(sum[:])
		out.TSANotAfter = Time{v.Certificate.NotAfter}
	}
	return out
}

// contentHashes are the hash functions of the imprints of content time stamps.
func (c *candidate) contentHashes() []crypto.Hash {
	var list []crypto.Hash
	for _, token := range c.contentTokens {
		if token.Hash.Available() && !slices.Contains(list, token.Hash) {
			list = append(list, token.Hash)
		}
	}
	return list
}
