package verify

import (
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// prepare runs the building blocks of EN 319 102-1, clause 5.2, that no time changes.
func (f *file) prepare(c *candidate) {
	blocks := []conclusion{f.checkFormat(c), f.identifySigner(c), f.initContext(c), c.checked, c.acceptAttributes()}
	if c.cms == nil || c.signer == nil {
		c.final = &outcome{conclusion: first(blocks)}
		return
	}
	c.self = newSigned(c, c.purpose(), c.cms, c.signer, c.cert)
	c.self.blocks = blocks
	if c.hash != 0 {
		c.self.hashes = []cms.Hash{c.hash}
	}
}

// conclude validates one signature (EN 319 102-1, 5.6.3): at the present, at the time
// that time stamps over it prove, and by all proofs of existence in the file. A
// document time stamp was validated before.
func (f *file) conclude(c *candidate) {
	c.result.Level = f.level(c, false)
	switch {
	case c.self == nil: // nothing depends on a time
	case c.isTimestamp():
		c.final = c.timestamps[0].result
	default:
		c.final = f.settle(c.self, f.validateLongTerm(c.self))
		f.reportProof(c, c.final)
		for _, block := range []*outcome{f.compareTimes(c.self), f.checkDemands(c, c.final)} {
			c.final.conclusion = first([]conclusion{c.final.conclusion, block.conclusion})
			c.final.findings = append(c.final.findings, block.findings...)
		}
	}
	final := c.final
	c.result.Chain = f.describePath(c.self, final)
	c.result.Findings = append(c.result.Findings, final.findings...)
	f.reportTimestamps(c)
	c.result.Indication, c.result.SubIndication = final.indication, final.reason
	c.result.Intact = c.result.Crypto == CryptoValid && c.result.Structure == StructureSound &&
		c.result.Changes != ChangesUnknown && c.result.ChangesAllowed
}

func (c *candidate) purpose() certificate.Purpose {
	if c.isTimestamp() {
		return certificate.TimeStamping
	}
	return certificate.Signing
}

// reportProof says since when a signature is proven to exist, and that it was judged
// for that time where it does not pass at the present.
func (f *file) reportProof(c *candidate, final *outcome) {
	existed := f.proofs.of(c.self.value)
	if !existed.Before(f.at) {
		return
	}
	c.result.BestTime = Time{existed.UTC()}
	if final.isPassed() && len(final.open) > 0 {
		final.findings = append(final.findings, newFinding("past.proven", c.at(), existed.UTC().Format(time.RFC3339), final.open[0].reason))
	}
}

// checkFormat is the building block "format checking" (5.2.2), here of a
// signature in a PDF: its structure, and what later revisions did.
func (f *file) checkFormat(c *candidate) conclusion {
	switch {
	case c.result.Structure == StructureViolated:
		return conclusion{TotalFailed, FormatFailure}
	case c.result.Changes != ChangesUnknown && !c.result.ChangesAllowed:
		return conclusion{TotalFailed, FormatFailure}
	case c.cms == nil && !c.unsupported:
		return conclusion{TotalFailed, FormatFailure}
	case c.result.Structure == StructureRepaired, c.result.Changes == ChangesUnknown, c.misplaced:
		return conclusion{Indeterminate, SigConstraintsFailure}
	}
	return passed
}

// identifySigner is the building block "identification of the signing
// certificate" (5.2.3).
func (f *file) identifySigner(c *candidate) conclusion {
	if c.cert == nil {
		if c.cms != nil && c.signer != nil {
			c.add("cms.no-certificate", c.at())
		}
		return conclusion{Indeterminate, NoSigningCertificateFound}
	}
	sum := c.cert.Fingerprint()
	c.result.Signer = &Signer{
		Subject: c.cert.Subject.String(), Issuer: c.cert.Issuer.String(),
		Serial: c.cert.SerialNumber.Text(16), SHA256: hexadecimal(sum[:]),
	}
	return passed
}

// describe fills in what the signed revision says about the signature.
func (f *file) describe(c *candidate) {
	s, r := c.signed(), c.result
	r.SubFilter, r.ByteRange = s.SubFilter, s.ByteRange.Values
	r.Revision, r.Revisions = c.revision, len(f.pdf.Revisions)
	r.Name, r.Reason, r.Location, r.Contact = s.Name, s.Reason, s.Location, s.ContactInfo
	if s.Time != "" {
		if t, err := pdf.ParseDate(s.Time); err == nil {
			r.ClaimedTime = Time{t}
		}
	}
	switch {
	case s.IsTimestamp():
		r.Kind = KindTimestamp
	case has(s, sigdict.MethodDocMDP):
		r.Kind = KindCertification
	}
	if ref, ok := s.Reference(sigdict.MethodDocMDP); ok {
		r.DocMDP = ref.Permission
	}
	r.LockAction, r.Locks = lockedBy(s)
	if !c.isRanged {
		return
	}
	switch {
	case c.end == f.size:
		r.Coverage = CoverageFile
	case c.closes:
		r.Coverage = CoverageRevision
	}
}

func has(s *sigdict.Signature, method string) bool {
	_, ok := s.Reference(method)
	return ok
}
