// Package tsa gets, reads, verifies and makes time stamps (RFC 3161, RFC 5816).
//
//	client := &tsa.Client{URL: "https://tsa.example/"}
//	response, err := client.Timestamp(ctx, &tsa.Request{Hash: crypto.SHA256, Digest: digest})
//
// [Client] asks a server over HTTP, [FailOver] asks several in turn. Every check of
// RFC 3161, 2.4.2 is done before a token is handed out: status, imprint, nonce, policy,
// signature, the binding of the certificate, its purpose, and the time. What is wrong
// has an error of its own.
//
// [ParseToken] takes a token apart, [Token.Verify] answers whether it stamps a given
// digest and whether its signature and its signer's certificate follow the rules of
// RFC 3161, [Token.Before] which of two tokens was made first.
//
// [Responder] is a time-stamping authority for tests, demonstrations and networks of
// one's own.
//
// It does not decide whether the authority is trusted, was valid or accredited at
// the time, or whether an algorithm was strong enough: the verifier judges
// [Token.Certificate] for that, and a client's caller can with [Client].Accept.
//
// # Stamps cost money
//
// A request is sent once. Nothing is asked for again, of the same or another server,
// unless it is certain that no stamp was made: the request never left, or the server
// said so by its HTTP status or its PKIStatus. [Outcome] tells the three cases apart,
// [Counts] adds them up, and errors.Is(err, [ErrNoStamp]) asks an error.
//
// # Security
//
// The URL of a server is its user's choice, so addresses are not restricted. Answers
// are hostile: size and time are limited, text is quoted in errors. Passwords, tokens
// and the query of a URL stand in no error and no [Attempt]; they are sent over https
// and to loopback addresses only, unless told otherwise, and follow no redirect.
//
// # Errors
//
// Errors of reading and verifying wrap those of package cms, so that a token and a
// signature are judged alike: cms.ErrMalformed and cms.ErrLimit, cms.ErrDigest where
// the token stamps something else, cms.ErrSignature, cms.ErrUnsupported,
// cms.ErrNoCertificate, and cms.ErrConstraint where the mathematics hold and a rule is
// broken. Those of asking are in this package; see [Error].
package tsa
