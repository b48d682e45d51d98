// Package verify judges signed PDF files after EN 319 102-1. It answers with a
// Report: data for programs, from which package report makes texts for people.
//
// Several axes are judged apart and never folded into one boolean: the
// mathematics of a signature (Crypto), how it stands in the file (Structure),
// how much of the file it spans (Coverage), what later revisions changed
// (Changes), and whether the signer is trusted at a given time (Indication).
//
// # Security
//
// A file is hostile until judged. Nothing is fetched, no file is written, and
// memory stays a small multiple of what a sound file needs. Nil options trust
// nobody. The zero value of every status is the worst verdict. Whatever is
// ambiguous, or was read only by repair after the signed revision, is never
// plainly valid.
//
// # What it does not decide
//
// Whether a signature binds anybody in law, and whether the text on a page is
// true. In this version revocation is not checked: a chain that needs it ends
// in INDETERMINATE / TRY_LATER. Later revisions are explained only where they
// add signatures, document time stamps or validation data.
package verify
