package tsa

import (
	"errors"
	"fmt"
	"strings"

	"github.com/inkan-go/inkan/internal/redact"
)

// What callers tell apart with errors.Is, in the error of an attempt or of a whole
// call. Where a check of package cms failed, its error is wrapped as well.
var (
	// ErrNoStamp: certainly no stamp was made, so another server may be asked without
	// paying twice.
	ErrNoStamp = errors.New("tsa: no stamp was made")
	// ErrNotSent: there was no connection, or nothing to connect with.
	ErrNotSent = errors.New("tsa: the request was not sent")
	// ErrTimeout: no whole answer in time.
	ErrTimeout = errors.New("tsa: no answer in time")
	// ErrTooLarge: the answer is longer than the limit and was cut off.
	ErrTooLarge = errors.New("tsa: answer over the limit")
	// ErrResponse: the answer is no TimeStampResp, or contradicts itself.
	ErrResponse = errors.New("tsa: not a time-stamp response")
	// ErrImprint: the token stamps something else.
	ErrImprint = errors.New("tsa: the token stamps something else")
	// ErrNonce: the nonce is missing or another request's.
	ErrNonce = errors.New("tsa: the token has not the nonce of the request")
	// ErrPolicy: the token was made under another policy than requested.
	ErrPolicy = errors.New("tsa: the token was made under another policy")
	// ErrPurpose: the signer's certificate is not one for time stamping alone.
	ErrPurpose = errors.New("tsa: the token was not signed by a time-stamping authority")
	// ErrSigner: the token's signature does not hold or is weak, its signer is not known
	// or not accepted, or a rule for the signer is broken.
	ErrSigner = errors.New("tsa: signer of the token")
	// ErrTime: the time of the token cannot be that of the request, or is not accurate
	// enough.
	ErrTime = errors.New("tsa: time of the token")
)

// StatusError is an HTTP status other than 200.
type StatusError struct {
	Code     int
	Location string // of a redirect, without query and user information; it is not followed
}

// Error implements error.
func (e *StatusError) Error() string {
	if e.Location != "" {
		return fmt.Sprintf("tsa: HTTP status %d, a redirect to %s; set that URL", e.Code, e.Location)
	}
	return fmt.Sprintf("tsa: HTTP status %d", e.Code)
}

// NoStamp tells whether the status says that the request was not carried out (RFC 9110,
// 15): redirects, errors of the client, and 501, 503 and 505. After other errors of a
// server, or of a gateway before it, a stamp may have been made.
func (e *StatusError) NoStamp() bool {
	switch e.Code {
	case 501, 503, 505:
		return true
	}
	return e.Code >= 300 && e.Code < 500
}

// RefusedError is the answer of a server that gives no stamp (RFC 3161, 2.4.2).
type RefusedError struct {
	Status  Status
	Failure Failure
	Text    []string // of the server, as received
}

// Error implements error.
func (e *RefusedError) Error() string {
	text := fmt.Sprintf("tsa: the server refused: %v", e.Status)
	if e.Failure != 0 {
		text += fmt.Sprintf(" (%v)", e.Failure)
	}
	for _, t := range e.Text {
		text += fmt.Sprintf(" %q", redact.Short(t))
	}
	return text
}

// Error tells that no stamp was got, and what was tried. errors.Is and errors.As look
// into the error of every attempt; [ErrNoStamp] is found when it holds for all.
type Error struct {
	Attempts []Attempt
}

// Error implements error. It lists what every server answered.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("tsa: no time stamp")
	for i := range e.Attempts {
		fmt.Fprintf(&b, "; %s", strings.Replace(e.Attempts[i].String(), ": tsa: ", ": ", 1))
	}
	return b.String()
}

// Unwrap returns the errors of the attempts.
func (e *Error) Unwrap() []error {
	list := make([]error, 0, len(e.Attempts))
	for i := range e.Attempts {
		if err := e.Attempts[i].Err; err != nil {
			list = append(list, err)
		}
	}
	return list
}

// Is implements errors.Is for [ErrNoStamp].
func (e *Error) Is(target error) bool {
	if target != ErrNoStamp { //nolint:errorlint // Is compares; errors.Is unwraps
		return false
	}
	for i := range e.Attempts {
		if e.Attempts[i].Outcome != OutcomeNoStamp {
			return false
		}
	}
	return len(e.Attempts) > 0
}

// refused returns "kind: text" and wraps cause as well.
func refused(kind, cause error) error { return fmt.Errorf("%w: %w", kind, cause) }
