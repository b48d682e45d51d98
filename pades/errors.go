package pades

import (
	"errors"
	"fmt"
)

// What a caller may want to tell apart; every error of the package that has one
// of these causes wraps it, with a text that says what was found where.
var (
	// ErrNotPDF: the input is no PDF, or too damaged to be read.
	ErrNotPDF = errors.New("not readable as a PDF")
	// ErrPassword: the input is encrypted, and OpenOptions.Password is missing or wrong.
	ErrPassword = errors.New("password missing or wrong")
	// ErrEncrypted: the input is encrypted in a way that is not supported, or
	// carries an integrity code that a signature would break.
	ErrEncrypted = errors.New("encryption not supported")
	// ErrDamaged: bytes behind the last sound revision have no cross-reference
	// that explains them; a signature would bless them unseen.
	ErrDamaged = errors.New("the PDF is damaged")
	// ErrNotPermitted: the file itself forbids the signature, by certification, by a
	// lock, by the seed values of the field or by the access permissions of its encryption. The text of such an error begins "not permitted:".
	ErrNotPermitted = errors.New("not permitted")
	// ErrField: the signature field asked for does not exist, is signed, is no
	// signature field, or cannot be made.
	ErrField = errors.New("signature field unusable")
	// ErrOptions: options that contradict each other or do not apply.
	ErrOptions = errors.New("options do not fit together")
	// ErrSigner: no certificate, a key that does not match it, or a key that
	// cannot make the signature asked for.
	ErrSigner = errors.New("signer unusable")
	// ErrSignature: what the key or an outside signer returned is no signature
	// over this document.
	ErrSignature = errors.New("signature does not fit the document")
	// ErrUnsigned: there is no signature and no document time stamp to be extended.
	ErrUnsigned = errors.New("the document is not signed")
	// ErrTimestamp: a time stamp could not be had, or what came is none over what was
	// to be stamped. The errors of package tsa tell more.
	ErrTimestamp = errors.New("no time stamp")
	// ErrEvidence: validation data that a level needs are missing; see EvidenceError.
	ErrEvidence = errors.New("validation data missing")
	// ErrChanged: the document is not the one that was prepared, or the file
	// not the one that was opened.
	ErrChanged = errors.New("the document has changed")
	// ErrInterrupted: an AppendFile to that file is going on, or was cut off
	// before its end. FindInterruption tells more.
	ErrInterrupted = errors.New("an append did not end")
	// ErrAppending: of those, that a process is appending just now, or was until now.
	// Only Interruption.Recover tells.
	ErrAppending = errors.New("another process is appending")
)

// causeError is a text of its own with one of the causes above.
type causeError struct {
	cause error
	text  string
	inner error // what was met below, or nil
}

func (e *causeError) Error() string { return e.text }

func (e *causeError) Unwrap() []error {
	if e.inner == nil {
		return []error{e.cause}
	}
	return []error{e.cause, e.inner}
}

// failf returns an error of that cause; %w in the format is kept as well.
func failf(cause error, format string, args ...any) error {
	inner := fmt.Errorf(format, args...)
	text := "pades: " + inner.Error()
	if errors.Is(cause, ErrNotPermitted) {
		text = "not permitted: " + inner.Error()
	}
	return &causeError{cause: cause, text: text, inner: errors.Unwrap(inner)}
}

// A RoomError says that the signature does not fit into the room reserved for
// it in /Contents. Sign again with SignOptions.ContentsSize of at least Need;
// nothing was written.
type RoomError struct {
	Need int // bytes of the CMS object
	Room int // bytes reserved
}

func (e *RoomError) Error() string {
	return fmt.Sprintf("pades: the signature needs %d bytes, /Contents has room for %d: set ContentsSize to %d or more", e.Need, e.Room, e.Need)
}
