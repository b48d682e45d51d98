package verify

import (
	"slices"
	"strings"
)

// checkDemands applies what the policy asks of a signature as a whole (signature
// elements constraints, EN 319 102-1, 5.1.4.5): its level, and a time stamp.
func (f *file) checkDemands(c *candidate, final *outcome) *outcome {
	o := &outcome{conclusion: passed}
	if want := f.policy.Level; want != "" && levelRank(c.result.Level) < levelRank(want) {
		o.fail(c.self, conclusion{Indeterminate, SigConstraintsFailure}, "policy.level", c.result.Level, want)
	}
	if f.policy.RequireTimestamp && c.result.BestTime == "" {
		o.fail(c.self, conclusion{Indeterminate, SigConstraintsFailure}, "policy.time-stamp")
	}
	return o
}

// levelRank orders levels by what they hold; that of an unknown one is -1.
func levelRank(level string) int {
	return slices.Index([]string{"B", "T", "LT", "LTA"}, level[strings.LastIndexByte(level, '-')+1:])
}
