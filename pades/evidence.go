package pades

import (
	"fmt"
	"strings"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
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

	// OnGap, if not nil, decides about each gap. With nil, every gap is an error
	// where a signature is made; Extend says what it does.
	OnGap func(*Gap) GapAction

	// VRI also lists the data of each signature by itself (ISO 32000-2, 12.8.4.4).
	// No current reader needs it, and EN 319 142-1 advises against it.
	VRI bool
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

// GapAction says what becomes of a gap.
type GapAction int

// The actions. The zero value refuses.
const (
	GapFails   GapAction = iota // the call fails with an *EvidenceError
	GapWarns                    // Warn is called, and the work goes on
	GapAllowed                  // the work goes on
)

// GapKind is what is missing.
type GapKind int

// The kinds of gaps.
const (
	GapUnknown    GapKind = iota
	GapRevocation         // revocation data for a certificate could not be had, or is not young enough
	GapIssuer             // an issuer's certificate could not be had
	GapPath               // the certificates lead to no anchor, or to none by the rules
	GapValidity           // a certificate was not valid at the time that counts, as far as that is proven
	GapRevoked            // a certificate was revoked at the time that counts
	GapSignature          // a signature or a time stamp is damaged or does not verify
)

// String returns a short text.
func (k GapKind) String() string {
	switch k {
	case GapRevocation:
		return "no revocation data"
	case GapIssuer:
		return "issuer not found"
	case GapPath:
		return "no path to an anchor"
	case GapValidity:
		return "not valid at the time"
	case GapRevoked:
		return "revoked"
	case GapSignature:
		return "does not verify"
	}
	return "unknown"
}

// Gap is something that would be needed to prove a signature or a time stamp later,
// and cannot be had.
type Gap struct {
	Kind GapKind
	// Field is the field of the signature or document time stamp; "" before it has one.
	Field string
	// Timestamp tells that it is about a time stamp: the document time stamp in that
	// field, or one inside its signature.
	Timestamp bool
	// Certificate is the one in question; nil with GapSignature.
	Certificate *certificate.Certificate
	// Time is the time that counts.
	Time time.Time
	// Attempts lists the places that were asked about the certificate, and their
	// answers.
	Attempts []fetch.Attempt
	Err      error // why; not nil
}

// String names the certificate, what is missing, why, and what was tried.
func (g *Gap) String() string {
	var b strings.Builder
	if g.Field != "" {
		fmt.Fprintf(&b, "%q: ", g.Field)
	}
	if g.Timestamp {
		b.WriteString("time stamp: ")
	}
	if g.Certificate != nil {
		fmt.Fprintf(&b, "certificate of %v: ", g.Certificate.Subject)
	}
	fmt.Fprintf(&b, "%v: %v", g.Kind, g.Err)
	for i := range g.Attempts {
		fmt.Fprintf(&b, "; tried %v", &g.Attempts[i])
	}
	return b.String()
}

// EvidenceError lists what B-LT or B-LTA would need and what cannot be had.
// errors.Is finds ErrEvidence, and the causes of the gaps.
type EvidenceError struct {
	Gaps []Gap // those that the policy does not let pass
}

// Error implements error. It lists every gap.
func (e *EvidenceError) Error() string {
	texts := make([]string, len(e.Gaps))
	for i := range e.Gaps {
		texts[i] = e.Gaps[i].String()
	}
	return "pades: validation data are missing: " + strings.Join(texts, "; ")
}

// Unwrap returns ErrEvidence and the causes of the gaps.
func (e *EvidenceError) Unwrap() []error {
	list := []error{ErrEvidence}
	for i := range e.Gaps {
		list = append(list, e.Gaps[i].Err)
	}
	return list
}
