package certificate

import "fmt"

// Reason says why no valid path was found.
type Reason int

// The reasons. ReasonUnknown, the zero value, is never returned.
const (
	ReasonUnknown          Reason = iota
	NoPath                        // no chain of issuers leads to an anchor
	BadSignature                  // a certificate of that name exists, but its key did not sign
	UnsupportedSignature          // the signature of a certificate cannot be verified here
	Expired                       // the time is after notAfter
	NotYetValid                   // the time is before notBefore
	NotCA                         // an issuer is not a CA (RFC 5280, 6.1.4 k)
	PathLength                    // an issuer's path length limit is exceeded (6.1.4 l, m)
	KeyUsage                      // keyUsage does not allow what the key was used for (6.1.4 n, 4.2.1.3)
	ExtendedKeyUsage              // extendedKeyUsage does not allow the purpose (4.2.1.12)
	UnknownCritical               // a critical extension is not processed (6.1.4 o, 6.1.5 e)
	Defective                     // a certificate breaks the rules of its format
	NameConstraints               // a name is outside what an issuer may name (6.1.3 b, c)
	NoValidPolicy                 // a policy is demanded and none holds (6.1.3 f, 6.1.5 g), or a mapping is wrong (6.1.4 a)
	Revoked                       // a certificate was revoked at the time (6.1.3 a 3)
	RevocationUndetermined        // whether a certificate was revoked is not known
	Rejected                      // the caller did not accept the path
	LimitExceeded                 // the search was given up at a limit
)

var reasonText = [...]string{
	ReasonUnknown:          "unknown reason",
	NoPath:                 "no path to a trust anchor",
	BadSignature:           "signature of a certificate does not verify",
	UnsupportedSignature:   "signature of a certificate cannot be verified",
	Expired:                "certificate has expired",
	NotYetValid:            "certificate is not yet valid",
	NotCA:                  "issuer is not a CA",
	PathLength:             "path is longer than an issuer allows",
	KeyUsage:               "key usage does not allow this use",
	ExtendedKeyUsage:       "extended key usage does not allow this use",
	UnknownCritical:        "critical extension is not known",
	Defective:              "certificate is defective",
	NameConstraints:        "name is outside what an issuer may name",
	NoValidPolicy:          "no valid policy",
	Revoked:                "certificate was revoked",
	RevocationUndetermined: "revocation of the certificate is not known",
	Rejected:               "path is not accepted",
	LimitExceeded:          "search for a path was given up at a limit",
}

// String returns a short text.
func (r Reason) String() string {
	if r < 0 || int(r) >= len(reasonText) {
		return reasonText[ReasonUnknown]
	}
	return reasonText[r]
}

// PathError says why a path could not be built or does not hold. It is always
// returned as a pointer.
type PathError struct {
	Reason      Reason
	Certificate *Certificate // the one that it is about
	Depth       int          // its place in the path, 0 is the leaf
	Detail      string       // more about it; may be empty
	Err         error        // the cause; may be nil
}

// Error implements error.
func (e *PathError) Error() string {
	text := fmt.Sprintf("certificate: %v: %q", e.Reason, e.Certificate.Subject.String())
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *PathError) Unwrap() error { return e.Err }
