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
// # What it does not decide
//
// The package answers whether a path exists and holds at a time. It does not ask
// for revocation, does not judge the strength of algorithms, and does not decide
// whether a signature passes. Name constraints and policy processing are not
// implemented: a certificate that demands them with a critical extension is
// refused, never passed unread.
//
// # Security
//
// Input is hostile: sizes and counts are limited (limits.go), the work spent on a
// path is bounded, and nothing is fetched. A nil [Pool] trusts nobody.
package certificate
