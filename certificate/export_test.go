package certificate

import "context"

// The limits, for tests that stand at them.
const (
	MaxCertificateBytes = maxCertificateBytes
	MaxSerialBytes      = maxSerialBytes
	MaxNameAttributes   = maxNameAttributes
	MaxNameBytes        = maxNameBytes
	MaxExtensions       = maxExtensions
	MaxPolicies         = maxPolicies
	MaxListItems        = maxListItems
	MaxRSAModulusBits   = maxRSAModulusBits
	MaxDSABytes         = maxDSABytes
	MaxPEMBlocks        = maxPEMBlocks
	MaxPathLength       = maxPathLength
	MaxPathCandidates   = maxPathCandidates
	MaxPathSteps        = maxPathSteps
	MaxSignatureChecks  = maxSignatureChecks
	MaxQuestions        = maxQuestions
	MaxSourceQuestions  = maxSourceQuestions
	MaxSignerDepth      = maxSignerDepth
	MaxPathWork         = maxPathWork
)

// BuildPathAfter is BuildPath where so many certificates were visited before.
func BuildPathAfter(ctx context.Context, steps int, leaf *Certificate, o PathOptions) (*Path, error) {
	s := newSearch(o)
	s.effort.steps = steps
	return s.find(ctx, leaf)
}

// Fold is what names are compared by.
func Fold(text string) string { return fold(text) }
