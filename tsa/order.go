package tsa

import (
	"bytes"
	"time"
)

// Before tells whether t was certainly made before u (RFC 3161, 2.4.2): their times lie
// further apart than both accuracies together, or one authority that promises ordering
// made both. assumed is the accuracy of a token that does not say its own. Neither token
// is verified.
func (t *Token) Before(u *Token, assumed time.Duration) bool {
	if t.Ordering && u.Ordering && t.sameSigner(u) {
		return t.Time.Before(u.Time)
	}
	return u.Time.Sub(t.Time) > t.accuracyOr(assumed)+u.accuracyOr(assumed)
}

func (t *Token) accuracyOr(assumed time.Duration) time.Duration {
	if t.HasAccuracy {
		return t.Accuracy
	}
	return assumed
}

// sameSigner tells whether both tokens name the same certificate as their signer's.
func (t *Token) sameSigner(u *Token) bool {
	a, b := t.SignerInfo, u.SignerInfo
	if a.SerialNumber == nil || b.SerialNumber == nil {
		return a.SubjectKeyID != nil && bytes.Equal(a.SubjectKeyID, b.SubjectKeyID)
	}
	return a.SerialNumber.Cmp(b.SerialNumber) == 0 && bytes.Equal(a.RawIssuer, b.RawIssuer)
}
