// Package certificate reads X.509 certificates as they are met in signed
// documents, keeps trust anchors by purpose, and builds certification paths at
// a given time (RFC 5280).
//
// crypto/x509 refuses or mangles many certificates that sign documents: names
// in BMPString with surrogates, UniversalString or Shift_JIS under T61String,
// PrintableString with characters outside its alphabet, negative or very long
// serial numbers, RSA keys that are short or restricted to RSASSA-PSS, critical
// extensions that only matter elsewhere. [Parse] reads all of them. A public key
// that the package cannot use leaves [Certificate.PublicKey] nil and says why in
// [Certificate.PublicKeyError]; it never hides the certificate.
//
// [BuildPath] looks for a path among any certificates, cross and bridge
// certificates, rolled-over keys and loops included, and checks it by all of
// RFC 5280, 6.1: also name constraints and policies, the latter by the graph of
// RFC 9618. Why no path holds is told as a [Reason] with the certificate.
//
// # What it does not decide
//
// The package answers whether a path exists and holds at a time. Whether a
// certificate was revoked it asks the caller's [RevocationChecker]. It lists weak
// algorithms ([Path.Weaknesses]) and does not judge them, and it does not decide
// whether a signature passes.
//
// # Security
//
// Input is hostile: sizes and counts are limited (limits.go), the work spent on a
// path is bounded, and nothing is fetched but through the caller's [IssuerSource].
// A nil [Pool] trusts nobody.
package certificate
