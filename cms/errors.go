package cms

import (
	"errors"
	"fmt"
)

// Errors of this package; test with errors.Is. Each is one reason why a signature is not valid, and EN 319 102-1 has
// its own sub-indication for it.
var (
	// ErrMalformed: not CMS, or so contrary to its rules that nothing is signed by it (FORMAT_FAILURE).
	ErrMalformed = errors.New("malformed")
	// ErrLimit: larger than this package reads; never more than malformed for a verdict.
	ErrLimit = errors.New("limit exceeded")
	// ErrDigest: the content is not the one that was signed (HASH_FAILURE).
	ErrDigest = errors.New("digest mismatch")
	// ErrSignature: the signature value does not verify under the public key (SIG_CRYPTO_FAILURE).
	ErrSignature = errors.New("signature mismatch")
	// ErrConstraint: digest and signature are right, but a rule for attributes or algorithms is broken
	// (SIG_CONSTRAINTS_FAILURE).
	ErrConstraint = errors.New("constraint violated")
	// ErrUnsupported: an algorithm or key that this package does not know; nothing can be said.
	ErrUnsupported = errors.New("not supported")
	// ErrNoCertificate: the certificate that the signer names is not at hand (NO_SIGNING_CERTIFICATE_FOUND).
	ErrNoCertificate = errors.New("signer's certificate not found")
	// ErrKey: the key to sign with does not fit, or what it returned is not its signature.
	ErrKey = errors.New("signing key")
	// ErrNotSigned: the key certainly made no signature, so it may be asked again without signing twice. Keys wrap it in
	// their errors where they know; without it, a signature may have been made that nobody has.
	ErrNotSigned = errors.New("no signature was made")
	// ErrKeyLost: the key makes no signature until somebody has done something about it: the token is gone, its PIN is
	// wrong or locked, an authorisation has ended. Keys wrap it in their errors; asking again may make things worse.
	ErrKeyLost = errors.New("the key is not to be had")
)

// fail returns "cms: kind: text".
func fail(kind error, format string, args ...any) error {
	return fmt.Errorf("cms: %w: %w", kind, fmt.Errorf(format, args...))
}
