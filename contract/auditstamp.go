package contract

import (
	"strings"

	"github.com/inkan-go/inkan/verify"
)

// stamps says of every time stamp by which regime it is accredited; document 0 is the
// certificate.
func (a *auditor) stamps(judged *verify.Report, document int) {
	for _, s := range judged.Signatures {
		for _, t := range s.Timestamps {
			about := ofDocument(document)
			var at any = t.Time
			if !t.Time.IsZero() {
				at = At(t.Time.Time)
			}
			switch {
			case a.Accredited == nil:
				a.claim(Unverifiable, about, "stamp.unlisted", s.Field, at, t.TSA)
			case t.Accredited != "" && t.Valid:
				a.claim(Proven, about, "stamp.accredited", s.Field, at, t.TSA, Regime(t.Accredited))
			default:
				a.claim(Unverifiable, about, "stamp.not-accredited", s.Field, at, t.TSA)
			}
		}
	}
}

// stamped tells whether a signature has the time stamp that the record says, if it says any.
func stamped(s *verify.Signature, want *Stamp) bool {
	if want == nil {
		return true
	}
	for _, t := range s.Timestamps {
		if At(t.Time.Time) == want.Time && t.Policy == want.Policy && t.TSASHA256 == want.TSA.String() &&
			strings.TrimLeft(t.Serial, "0") == strings.TrimLeft(want.Serial, "0") {
			return true
		}
	}
	return false
}
