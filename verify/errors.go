package verify

import (
	"errors"
	"fmt"

	"github.com/inkan-go/inkan/internal/pdf"
)

// ErrNoSignature tells that a readable file holds nothing that looks like a signature.
var ErrNoSignature = errors.New("verify: the file has no signature")

// Reasons why an encrypted file cannot be read.
var (
	// ErrPassword tells that Options.Password is missing or wrong.
	ErrPassword = pdf.ErrPassword
	// ErrEncrypted tells that the file is encrypted in a way that is not supported.
	ErrEncrypted = pdf.ErrEncrypted
)

// UnreadableError tells that a file could not be read as a PDF, so that nothing
// was judged. There is no report with it. Its cause is an error of the file
// system, of the context, or of reading, such as [ErrPassword], to be tested with
// errors.Is.
type UnreadableError struct {
	File  string
	Cause error
}

// Error returns one line for people.
func (e *UnreadableError) Error() string {
	if e.File == "" {
		return "verify: " + e.Cause.Error()
	}
	return fmt.Sprintf("verify: %s: %s", e.File, e.Cause.Error())
}

// Unwrap returns the cause.
func (e *UnreadableError) Unwrap() error { return e.Cause }

// NotPassedError tells that a file was judged and that not everything passed;
// the report says what.
type NotPassedError struct {
	Indication Indication
}

// Error returns one line for people.
func (e *NotPassedError) Error() string {
	return "verify: not every signature passed: " + e.Indication.String()
}

// result returns the error that goes with a report: nil only if there is a
// signature and all passed.
func (r *Report) result() error {
	switch {
	case r.Indication == NoSignature:
		return ErrNoSignature
	case r.Passed() && r.Indication == TotalPassed:
		return nil
	}
	return &NotPassedError{Indication: r.Indication}
}
