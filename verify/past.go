package verify

import (
	"errors"
	"slices"
	"time"

	"github.com/inkan-go/inkan/certificate"
)

// settle is the past signature validation building block (EN 319 102-1, 5.6.2.4): it
// asks of what the present leaves open whether a proof of existence settles it.
func (f *file) settle(s *signed, present *outcome) *outcome {
	if !present.settleable() || s.cert == nil {
		return present
	}
	existed := f.proofs.of(s.value)
	if !existed.Before(f.at) {
		return present // nothing proves more than that
	}
	past := f.validatePastCertificate(s, existed)
	switch {
	case past.isPassed():
	case past.reason == NoPOE && f.isArchived(s) && present.reason != RevokedNoPOE && present.reason != RevokedCANoPOE:
		// There is proof for the signature, and none for what validates it.
		past.findings = append(past.findings, present.findings...)
		return past
	default:
		return present
	}
	if existed.After(past.at) {
		present.findings = append(present.findings, newFinding("past.too-late", s.owner.at(), existed.Format(time.RFC3339), past.at.Format(time.RFC3339)))
		return present
	}
	for _, block := range present.open {
		if !f.isSettled(s, block, existed) {
			return present
		}
	}
	past.at, past.open = existed, present.open
	return past
}

// isArchived tells whether a document time stamp that passed covers a signature.
func (f *file) isArchived(s *signed) bool {
	return slices.ContainsFunc(f.documentTimestamps, func(t *timestamp) bool {
		return t.passed() && t.owner.revision > s.owner.revision
	})
}

// isSettled tells whether the proof that the signature existed at a time, at which
// nothing kept its certificate from being good, settles one block (5.6.2.4, step 3).
func (f *file) isSettled(s *signed, block *outcome, existed time.Time) bool {
	for _, w := range block.weak {
		if !f.proofs.of(w.material).Before(w.until) {
			return false
		}
	}
	switch block.reason {
	case RevokedNoPOE, RevokedCANoPOE:
		return existed.Before(block.revoked) // never, where that is not known
	case OutOfBoundsNoPOE, OutOfBoundsNotRevoked:
		return s.cert.ValidAt(existed)
	case NoCertificateChainFoundNoPOE:
		return existed.Before(block.sunset)
	}
	return block.settleable()
}

// validatePastCertificate is the past certificate validation building block (5.6.2.1).
// at of what passes is the control time: up to then nothing is known against the
// certificate, nor against what vouches for it.
func (f *file) validatePastCertificate(s *signed, existed time.Time) *outcome {
	o := &outcome{conclusion: passed}
	valid := existed
	if valid.After(s.cert.NotAfter) {
		valid = s.cert.NotAfter
	}
	if valid.Before(s.cert.NotBefore) {
		valid = s.cert.NotBefore
	}
	if !f.mayBuild(s) {
		o.fail(s, conclusion{Indeterminate, NoCertificateChainFound}, "path.limit")
		return o
	}
	slide := newSlide(f, s)
	path, err := certificate.BuildPath(f.ctx, s.cert, certificate.PathOptions{
		Anchors: f.options.Trust, Purpose: s.purpose, Time: valid, Candidates: f.candidatesFor(s),
		Policies: f.policy.policyOptions(s.purpose), Revocation: slide, Checks: f.signatureChecks(),
	})
	o.path = path
	var failure *certificate.PathError
	switch {
	case err == nil:
		f.checkChain(o, s)
		o.at = slide.controlOf(s.cert)
	case slide.unproven && errors.As(err, &failure) && failure.Reason == certificate.RevocationUndetermined:
		o.fail(s, conclusion{Indeterminate, NoPOE}, "past.no-proof", failure.Certificate.Subject.String(), failure.Detail)
	default:
		o.fail(s, conclusion{Indeterminate, NoCertificateChainFound}, "path.none", err)
	}
	return o
}
