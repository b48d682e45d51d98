package pades

import (
	"fmt"
	"strings"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
)

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

	own bool // about a time stamp that this call bought
}

// transient tells that what is missing may be had later.
func (g *Gap) transient() bool { return g.Kind == GapRevocation || g.Kind == GapIssuer }

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

// gapKey names a gap, so that each is decided once in a call.
type gapKey struct {
	kind        GapKind
	field       string
	timestamp   bool
	certificate [32]byte
}

func (g *Gap) key() gapKey {
	k := gapKey{kind: g.Kind, field: g.Field, timestamp: g.Timestamp}
	if g.Certificate != nil {
		k.certificate = g.Certificate.Fingerprint()
	}
	return k
}

// decidedOn tells whether the same about a certificate was decided on in another place.
func (s *services) decidedOn(g *Gap) bool {
	for k := range s.decided {
		if k.kind == g.Kind && k.certificate == g.key().certificate {
			return true
		}
	}
	return false
}

// decide decides about the gaps: by the policy, or else as given.
func (v *validation) decide(otherwise func(*Gap) GapAction) error {
	s := v.services
	if v.policy.OnGap != nil {
		otherwise = v.policy.OnGap
	}
	if s.decided == nil {
		s.decided = make(map[gapKey]GapAction)
	}
	failed := &EvidenceError{}
	for i := range v.gaps {
		g := &v.gaps[i]
		action, known := s.decided[g.key()]
		if !known {
			action = otherwise(g)
			s.decided[g.key()] = action
		}
		switch action {
		case GapAllowed:
		case GapWarns:
			v.warn(g.String())
		default:
			failed.Gaps = append(failed.Gaps, *g)
		}
	}
	if len(failed.Gaps) > 0 {
		return failed
	}
	return nil
}

// settle decides about the gaps, and tells what there is to be warned of.
func (v *validation) settle(otherwise func(*Gap) GapAction) error {
	if err := v.decide(otherwise); err != nil {
		return err
	}
	s := v.services
	if s.told == nil {
		s.told = make(map[string]bool)
	}
	for _, w := range v.warnings {
		if s.warn != nil && !s.told[w] {
			s.told[w] = true
			s.warn(w)
		}
	}
	return nil
}
