package revocation

import (
	"crypto/x509/pkix"
	"time"

	"github.com/inkan-go/inkan/certificate"
)

// Status is what is known about the revocation of a certificate at a time.
type Status int

// The statuses. Unknown, the zero value, says that there was evidence about the
// certificate and that none of it gives an answer.
const (
	Unknown    Status = iota
	NotChecked        // there is no evidence about the certificate
	Revoked           // at the time or before; a hold that was not lifted counts
	NotNeeded         // nothing needs to be asked; Answer.Detail says why
	Good              // not revoked at the time
)

// String returns "unknown", "not-checked", "revoked", "not-needed" or "good".
func (s Status) String() string {
	switch s {
	case NotChecked:
		return "not-checked"
	case Revoked:
		return "revoked"
	case NotNeeded:
		return "not-needed"
	case Good:
		return "good"
	}
	return "unknown"
}

// Answer is what a set of evidence says about one certificate at one time.
type Answer struct {
	Status Status
	Detail string // why the status is what it is, for people; may be empty

	// RevokedAt, Reason and InvalidityDate are those of the entry that the answer
	// rests on. With Good, RevokedAt is not zero when the certificate was revoked
	// after the time that was asked for. It is not later than ThisUpdate of the evidence
	// that has it. InvalidityDate may be zero.
	RevokedAt      time.Time
	Reason         Reason
	InvalidityDate time.Time

	// ThisUpdate and NextUpdate are between which times the evidence speaks of the
	// present; NextUpdate is zero when it does not say. ProducedAt is when an OCSP
	// response was signed; zero for CRLs.
	ThisUpdate, NextUpdate, ProducedAt time.Time
	// Evidence is what the answer rests on, nil without an answer. More are the
	// others that were needed with it: delta CRLs, and CRLs for other reasons.
	Evidence *Evidence
	More     []*Evidence
	// Signer is the certificate whose key signed Evidence, SignatureAlgorithm how.
	Signer             *certificate.Certificate
	SignatureAlgorithm pkix.AlgorithmIdentifier

	// Needs are the signers of evidence other than the issuer of the certificate:
	// what they signed counts only while their own paths hold, revocation included.
	Needs []Need
	// Rejected says why evidence about the certificate was not used.
	Rejected []Rejection
	// Notes say what was tolerated or ignored.
	Notes []Note
}

// Since returns from when on the certificate is not to be trusted: the revocation
// or, where it lies before, the invalidity date. Zero when it was not revoked.
func (a *Answer) Since() time.Time {
	if !a.RevokedAt.IsZero() && !a.InvalidityDate.IsZero() && a.InvalidityDate.Before(a.RevokedAt) {
		return a.InvalidityDate
	}
	return a.RevokedAt
}

// Need is a certificate that must be valid for evidence to count.
type Need struct {
	Certificate *certificate.Certificate
	Purpose     certificate.Purpose // CRLSigning or OCSPSigning
	Evidence    *Evidence           // what it signed
	Met         bool                // whether it is
	// Issuer certified an OCSP responder, Answer is about the revocation of it; both are
	// nil for a CRL signer.
	Issuer *certificate.Certificate
	Answer *Answer
	// Path is that of a CRL signer, as Options.Trusted validated it; nil without one.
	Path *certificate.Path
}

// Rejection says why a piece of evidence was not used.
type Rejection struct {
	Evidence *Evidence
	Cause    Cause
	Detail   string // may be empty
}

// Note is a remark about a piece of evidence that does not keep it from being used.
type Note struct {
	Evidence *Evidence
	Text     string
}

// Cause is why evidence was not used.
type Cause int

// The causes. CauseUnknown is never returned.
const (
	CauseUnknown         Cause = iota
	Malformed                  // it cannot be read, or breaks the rules of its format
	LimitExceeded              // it goes beyond a limit of this package
	NoResponse                 // an OCSPResponse that says why it has none (RFC 6960, 4.2.1)
	Future                     // issued after the present
	Stale                      // nextUpdate lies before the time that was asked for
	TooOld                     // without nextUpdate, or with Options.MaxAge, and issued too long before the time
	BeforeIssuance             // issued before the certificate was valid
	AfterExpiry                // issued when the certificate had expired and may have been left out
	WrongIssuer                // the serial number fits, the issuer does not
	WrongScope                 // a CRL that does not cover the certificate (RFC 5280, 6.3.3 b)
	UnknownCritical            // a critical extension that is not processed
	SignerNotFound             // no certificate of the signer is at hand
	SignerNotAllowed           // the signer may not sign such evidence
	SignerUntrusted            // the signer's own path does not hold
	SignerExpired              // the signer had expired when the evidence is first proven to exist
	SignerRevoked              // so it, or who certified it, had been revoked
	BadSignature               // the signature does not verify
	UnsupportedSignature       // the signature cannot be verified
	StatusUnknown              // the responder does not know the certificate
	NoBase                     // a delta CRL without the complete CRL that it goes with
	SomeReasons                // CRLs that together do not cover all reasons
	WrongNonce                 // the nonce is not the one of the request
)

var causeText = [...]string{
	CauseUnknown:         "unknown cause",
	Malformed:            "malformed",
	LimitExceeded:        "over a limit",
	NoResponse:           "the responder gave no answer",
	Future:               "issued in the future",
	Stale:                "out of date",
	TooOld:               "too old",
	BeforeIssuance:       "older than the certificate",
	AfterExpiry:          "issued after the certificate had expired",
	WrongIssuer:          "about another issuer's certificate",
	WrongScope:           "does not cover the certificate",
	UnknownCritical:      "critical extension is not known",
	SignerNotFound:       "certificate of the signer is missing",
	SignerNotAllowed:     "signer may not sign such evidence",
	SignerUntrusted:      "signer is not trusted",
	SignerExpired:        "certificate of the signer had expired",
	SignerRevoked:        "signer had been revoked",
	BadSignature:         "signature does not verify",
	UnsupportedSignature: "signature cannot be verified",
	StatusUnknown:        "the responder does not know the certificate",
	NoBase:               "delta CRL without its base",
	SomeReasons:          "does not cover all reasons",
	WrongNonce:           "nonce is not the one of the request",
}

// String returns a short text.
func (c Cause) String() string {
	if c < 0 || int(c) >= len(causeText) {
		return causeText[CauseUnknown]
	}
	return causeText[c]
}

// fault is a Rejection without its evidence. nil is no fault.
type fault struct {
	cause  Cause
	detail string
}

// String returns the cause with the detail.
func (r *Rejection) String() string {
	if r.Detail == "" {
		return r.Cause.String()
	}
	return r.Cause.String() + ": " + r.Detail
}
