package verify

import (
	"encoding/hex"
	"fmt"
	"time"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// conclusion is what one building block of EN 319 102-1 comes to.
type conclusion struct {
	indication Indication
	reason     SubIndication
}

// passed is the conclusion of a block that objects to nothing.
var passed = conclusion{indication: TotalPassed}

// conclude runs the building blocks of EN 319 102-1, clause 5.3, in their order
// and takes the first failure, or else the first that stays open.
func (f *file) conclude(c *candidate) {
	blocks := []conclusion{
		f.checkFormat(c),
		f.identifySigner(c),
		f.initContext(c),
		f.validatePath(c),
		c.checked,
		f.accept(c),
	}
	f.checkSignatureTimestamps(c)
	final := passed
	for _, b := range blocks {
		if b.indication < final.indication {
			final = b
		}
	}
	c.result.Indication, c.result.SubIndication = final.indication, final.reason
	c.result.Intact = c.result.Crypto == CryptoValid && c.result.Structure == StructureSound &&
		c.result.Changes != ChangesUnknown && c.result.ChangesAllowed
	c.result.Level = f.level(c)
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
		Serial: fmt.Sprintf("%x", c.cert.SerialNumber), SHA256: hex.EncodeToString(sum[:]),
	}
	return passed
}

// initContext is the building block "validation context initialization"
// (5.2.4): the only policy so far is Default.
func (f *file) initContext(*candidate) conclusion { return passed }

// describe fills in what the signed revision says about the signature.
func (f *file) describe(c *candidate) {
	s, r := c.signed(), c.result
	r.SubFilter, r.ByteRange = s.SubFilter, s.ByteRange.Values
	r.Revision, r.Revisions = c.revision, len(f.pdf.Revisions)
	r.Name, r.Reason, r.Location, r.Contact = s.Name, s.Reason, s.Location, s.ContactInfo
	if s.Time != "" {
		if t, err := pdf.ParseDate(s.Time); err == nil {
			r.ClaimedTime = t.Format(time.RFC3339)
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
	for _, ref := range s.References {
		if ref.Method == sigdict.MethodFieldMDP && ref.Lock != nil {
			r.Locks = append(r.Locks, ref.Lock.Fields...)
		}
	}
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
