// Package verify judges signed PDF files after EN 319 102-1. It answers with a
// Report: data for programs, from which package report makes texts for people.
//
// Several axes are judged apart and never folded into one boolean: the
// mathematics of a signature (Crypto), how it stands in the file (Structure),
// how much of the file it spans (Coverage), what later revisions changed
// (Changes), and whether the signer is trusted at the time that counts
// (Indication).
//
// That time is the present or, where time stamps prove that something existed
// earlier, then: signatures stay valid beyond the life of certificates and
// algorithms as long as each proof was protected by the next one while it was
// good. The building blocks and processes of the standard are functions of their
// own; docs/decisions/0007-validation.md says which file holds which.
//
// # Security
//
// A file is hostile until judged. Nothing is fetched unless Options.Source is
// given, no file is written, and memory stays a small multiple of what a sound file
// needs. Nil options trust nobody. The zero value of every status is the worst
// verdict. Whatever is ambiguous, or was read only by repair after the signed
// revision, is never plainly valid.
//
// # What it does not decide
//
// Whether a signature binds anybody in law, and whether the text on a page is
// true. Whether a trust service was accredited: anchors say whom the caller trusts.
package verify
