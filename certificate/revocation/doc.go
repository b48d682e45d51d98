// Package revocation reads certificate revocation lists (RFC 5280, 5) and OCSP
// responses (RFC 6960) and judges what they say about a certificate at a time.
//
// A [Set] holds the [Evidence] that is at hand: raw bytes with the place where
// they were found. [Set.Judge] answers for one certificate and its issuer: the
// [Answer] names the status, the evidence that it rests on, and for every other
// piece of evidence about the certificate why it was not used.
//
//	set := revocation.NewSet(evidence...)
//	answer := set.Judge(leaf, issuer, revocation.Options{Time: at})
//	if answer.Status == revocation.Good { ... }
//
// The status is the one at [Options.Time]. A certificate that was revoked after
// that time is Good in this sense, with [Answer.RevokedAt] set. Unknown is the
// zero value; NotChecked and NotNeeded are answers of their own.
//
// # What it does not decide
//
// Nothing is fetched; [NewRequest] only writes the OCSP request that a fetcher
// sends. Whether an algorithm was strong enough is left to the caller, who finds it
// in [Answer.SignatureAlgorithm].
//
// Whoever signed evidence without being the issuer of the certificate is named in
// [Answer.Needs]. A delegated OCSP responder is judged from the same set, since the
// issuer itself certified it. The path of another signer of CRLs is for
// [Options.Trusted] to validate; [Checker] does so inside a path that is being built.
//
// # Security
//
// Input is hostile: sizes and counts are limited (limits.go). The entries of a CRL
// are read over one after the other and never kept, so a large list costs the
// memory of its bytes alone.
package revocation
