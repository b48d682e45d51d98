package pades

import (
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/revocation"
)

// EvidencePolicy says which revocation data will do for B-LT and B-LTA, and what
// becomes of gaps. Its zero value are the defaults.
//
// What the document holds is used first, in its security store or inside its
// signatures. By default it will do when it was issued by somebody who may, and says
// that the certificate was not revoked at the time that counts: that of the earliest
// time stamp over the signature, or now where there is none. For a CRL or a response
// that says when the next one comes, that is until then; for others it is a day.
// Only what is missing is fetched.
type EvidencePolicy struct {
	// MaxAge, if not zero, refuses data that was issued longer than that before the
	// time that counts (EN 319 102-1, 5.2.5).
	MaxAge time.Duration
	// AfterStamp demands that data about a signer was issued after the time stamp over
	// the signature, and not only in time for it, so that a revocation which was under
	// way is seen. Authorities are left out: data about them come months apart.
	AfterStamp bool
	// Grace is how long after the time stamp data must have been issued, with
	// AfterStamp: what the issuer takes to make a revocation known (EN 319 102-1,
	// 5.5.4). With more than zero a signature is signed at B-T, and extended later.
	Grace time.Duration

	// Certificates and Given are further data at hand, not trusted.
	Certificates []*certificate.Certificate
	Given        []*revocation.Evidence

	// OnGap, if not nil, decides about each gap, once in a call: as far as can be, before
	// a key is used and a time stamp is bought. With nil, every gap is an error where a
	// signature is made; Extend says what it does. It is not asked about data on the
	// authority of the time stamp over all that cannot be had: they are told to Warn.
	OnGap func(*Gap) GapAction

	// VRI also lists the data of each signature by itself (ISO 32000-2, 12.8.4.4).
	// No current reader needs it, and EN 319 142-1 advises against it.
	VRI bool
}

// checkNew refuses what data about a signature that is stamped now can never meet.
func (p *EvidencePolicy) checkNew() error {
	if p != nil && p.Grace > 0 {
		return failf(ErrOptions, "Grace asks for data that are issued %v after a time stamp that is yet to be made: go to B-T now, and extend then", p.Grace)
	}
	return nil
}

func (p *EvidencePolicy) check() error {
	switch {
	case p == nil:
		return nil
	case p.MaxAge < 0 || p.Grace < 0:
		return failf(ErrOptions, "MaxAge and Grace cannot be negative")
	case p.Grace > 0 && !p.AfterStamp:
		return failf(ErrOptions, "Grace applies with AfterStamp")
	}
	return nil
}
