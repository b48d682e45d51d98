package fetch

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/inkan-go/inkan/certificate"
)

// What callers tell apart with errors.Is, in the error of an attempt or of a whole
// call.
var (
	// ErrForbiddenAddress: the address rules refuse the host; no request was sent.
	ErrForbiddenAddress = errors.New("fetch: forbidden address")
	// ErrTooLarge: the answer is longer than the limit and was cut off.
	ErrTooLarge = errors.New("fetch: answer over the limit")
	// ErrRedirects: too many redirects, or one that cannot be followed.
	ErrRedirects = errors.New("fetch: redirect not followed")
	// ErrTimeout: no whole answer within the time allowed for one URL.
	ErrTimeout = errors.New("fetch: no answer in time")
	// ErrSkipped: a place that this package does not ask; see [SkippedError].
	ErrSkipped = errors.New("fetch: skipped")
	// ErrNoPlace: the certificate names no place to ask.
	ErrNoPlace = errors.New("fetch: the certificate names no place")
	// ErrUnusable: the answer is not what was asked for.
	ErrUnusable = errors.New("fetch: not what was asked for")
)

// AddressError tells which host was refused. errors.Is finds [ErrForbiddenAddress].
type AddressError struct {
	Host    string
	Address netip.Addr // invalid when the name alone was refused
	Kind    string     // "loopback", "private", "local name" ...
}

// Error implements error.
func (e *AddressError) Error() string {
	if !e.Address.IsValid() || e.Address.String() == e.Host {
		return fmt.Sprintf("fetch: %s is not asked: %s", e.Host, e.Kind)
	}
	return fmt.Sprintf("fetch: %s is not asked: its address %v is %s", e.Host, e.Address, e.Kind)
}

// Is implements errors.Is.
func (e *AddressError) Is(target error) bool { return target == ErrForbiddenAddress }

// SkippedError names the form of a place that is not asked. errors.Is finds
// [ErrSkipped].
type SkippedError struct {
	Form string // "ldap", "ldaps", "ftp" ..., "directory name", "relative name", "over the limit"
}

// Error implements error.
func (e *SkippedError) Error() string { return "fetch: skipped: " + e.Form }

// Is implements errors.Is.
func (e *SkippedError) Is(target error) bool { return target == ErrSkipped }

// StatusError is an HTTP status other than 200.
type StatusError struct {
	Code int
}

// Error implements error.
func (e *StatusError) Error() string { return fmt.Sprintf("fetch: HTTP status %d", e.Code) }

// Error tells that nothing was found for a certificate, and what was tried.
// errors.Is and errors.As look into the error of every attempt.
type Error struct {
	Certificate *certificate.Certificate
	Kind        Kind
	Attempts    []Attempt
}

// Error implements error. It lists what every place answered.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "fetch: no %v for %q", e.Kind, e.Certificate.Subject.String())
	if len(e.Attempts) == 0 {
		b.WriteString(": the certificate names no place")
	}
	for i := range e.Attempts {
		fmt.Fprintf(&b, "; %s", e.Attempts[i].String())
	}
	return b.String()
}

// Unwrap returns the errors of the attempts.
func (e *Error) Unwrap() []error {
	if len(e.Attempts) == 0 {
		return []error{ErrNoPlace}
	}
	var list []error
	for i := range e.Attempts {
		if err := e.Attempts[i].Err; err != nil {
			list = append(list, err)
		}
	}
	return list
}
