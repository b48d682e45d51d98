package verify

import (
	"slices"
	"strings"
	"time"

	"github.com/inkan-go/inkan/certificate/revocation"
)

// checkDemands applies what the policy asks of a signature as a whole (signature
// elements constraints, EN 319 102-1, 5.1.4.5): its level, and a time stamp.
func (f *file) checkDemands(c *candidate, final *outcome) *outcome {
	o := &outcome{conclusion: passed}
	if want := f.policy.Level; want != "" {
		if reached := f.level(c, true); levelRank(reached) < levelRank(want) {
			o.fail(c.self, conclusion{Indeterminate, SigConstraintsFailure}, "policy.level", reached, want)
		}
	}
	if f.policy.RequireTimestamp && c.result.BestTime.IsZero() {
		o.fail(c.self, conclusion{Indeterminate, SigConstraintsFailure}, "policy.time-stamp")
	}
	f.checkLongTerm(o, c)
	f.checkLate(o, c.self, final)
	return o
}

// checkLongTerm asks that what a document holds to prove a signature later does so now:
// where there is validation data for it, one of the time stamps over it must pass
// (docs/decisions/0011). The sub-indication is that of the first that does not.
func (f *file) checkLongTerm(o *outcome, c *candidate) {
	level := c.result.Level
	if !f.policy.LongTermTimestamp || levelRank(level) < levelRank("LT") || f.isStamped(c, true) {
		return
	}
	verdict := conclusion{Indeterminate, SigConstraintsFailure}
	for _, t := range slices.Concat(c.timestamps, f.documentTimestamps) {
		over := t.kind == signatureTimestamp || t.kind == documentTimestamp && t.owner.revision > c.revision
		if over && t.result != nil && t.result.indication == Indeterminate {
			verdict.reason = t.result.reason
			break
		}
	}
	o.fail(c.self, verdict, "policy.long-term", level)
}

// checkLate asks that the evidence about the signer is younger than the signature,
// where the policy wants that and something proves when there was a signature.
func (f *file) checkLate(o *outcome, s *signed, final *outcome) {
	proven := f.proofs.of(s.value)
	if !f.policy.RevocationAfterProof || !proven.Before(f.at) || !final.isPassed() {
		return
	}
	known, ok := final.path.Revocation[0].Evidence.(*revocation.Answer)
	if ok && known.Status == revocation.Good && known.ThisUpdate.Before(proven.Add(f.policy.GracePeriod)) {
		o.fail(s, conclusion{Indeterminate, TryLater}, "path.revocation-early", known.ThisUpdate.Format(time.RFC3339), proven.Format(time.RFC3339))
	}
}

// levelRank orders levels by what they hold; that of an unknown one is -1.
func levelRank(level string) int {
	return slices.Index([]string{"B", "T", "LT", "LTA"}, level[strings.LastIndexByte(level, '-')+1:])
}
