package verify

import (
	"time"

	"github.com/inkan-go/inkan/certificate"
)

// validateBasic is the validation process for basic signatures (EN 319 102-1, 5.3) for
// one time: of the building blocks in their order the first failure counts, or else
// the first that stays open.
func (f *file) validateBasic(s *signed, at time.Time) *outcome {
	o := &outcome{conclusion: first(s.blocks), at: at}
	chain, algorithms := f.validateCertificate(s, at), f.acceptAlgorithms(s, at)
	o.path = chain.path
	for _, block := range []*outcome{chain, algorithms} {
		if block == nil || block.isPassed() {
			continue
		}
		f.applyContentTimestamps(s, block)
		o.conclusion = first([]conclusion{o.conclusion, block.conclusion})
		o.findings = append(o.findings, block.findings...)
		o.open = append(o.open, block)
	}
	return o
}

// applyContentTimestamps settles for the worse what only somebody knows who can prove
// that the signing came later (5.3.4, steps 4 and 6): a content time stamp is older
// than the signature that covers it.
func (f *file) applyContentTimestamps(s *signed, o *outcome) {
	if s.purpose != certificate.Signing {
		return
	}
	for _, t := range s.owner.timestamps {
		if t.kind != contentTimestamp || !t.passed() {
			continue
		}
		after := t.token.Time
		switch o.reason {
		case RevokedNoPOE:
			if !o.revoked.IsZero() && !after.Before(o.revoked) {
				o.fail(s, conclusion{TotalFailed, Revoked}, "signing.revoked", after.Format(time.RFC3339), o.revoked.Format(time.RFC3339))
			}
		case OutOfBoundsNoPOE, OutOfBoundsNotRevoked:
			if after.After(s.cert.NotAfter) {
				o.fail(s, conclusion{TotalFailed, Expired}, "signing.expired", after.Format(time.RFC3339), s.cert.NotAfter.Format(time.RFC3339))
			}
		case CryptoConstraintsFailureNoPOE:
			for _, w := range o.weak {
				if w.material == s.value && !after.Before(w.until) {
					o.reason = CryptoConstraintsFailure
				}
			}
		}
	}
}
