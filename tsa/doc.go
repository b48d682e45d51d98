// Package tsa reads time-stamp tokens (RFC 3161, RFC 5816).
//
// [ParseToken] takes a token apart, [Token.Verify] answers whether it stamps a
// given digest and whether its signature and its signer's certificate follow the
// rules of RFC 3161.
//
// It does not decide whether the authority is trusted, was valid or accredited at
// the time, or whether an algorithm was strong enough: the verifier judges
// [Token.Certificate] for that.
//
// # Errors
//
// Errors wrap those of package cms, so that a token and a signature are judged alike:
// cms.ErrMalformed and cms.ErrLimit, cms.ErrDigest where the token stamps something
// else, cms.ErrSignature, cms.ErrUnsupported, cms.ErrNoCertificate, and
// cms.ErrConstraint where the mathematics hold and a rule is broken.
package tsa
