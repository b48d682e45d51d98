package contract

import (
	"errors"
	"fmt"
)

// Errors that a caller acts on.
var (
	// ErrLimit marks input that is larger than limits.go allows.
	ErrLimit = errors.New("contract: over a limit")
	// ErrState marks a step that the state of the contract does not allow.
	ErrState = errors.New("contract: not possible in this state")
	// ErrOptions marks a call that contradicts itself or lacks something.
	ErrOptions = errors.New("contract: wrong call")
	// ErrRecord marks a record that is not what its own hashes say.
	ErrRecord = errors.New("contract: the record contradicts itself")
	// ErrDocument marks a document that is not what the record says.
	ErrDocument = errors.New("contract: a document is not the one of the record")
	// ErrKeyUsed marks a signature that may have been asked for already: the state says that the
	// key was about to be used, and the document holds no signature. SignRequest.Repeat, or
	// CertificateOptions.Repeat, is the caller's word that it may be used again.
	ErrKeyUsed = errors.New("contract: the key may have been used already")
	// ErrNotAccredited marks a time stamp of no accredited authority.
	ErrNotAccredited = errors.New("contract: the time stamp is not accredited")
	// ErrConsent marks a certificate that discloses personal data, without the word
	// that it may be embedded.
	ErrConsent = errors.New("contract: the certificate discloses personal data")
)

// OrderError tells that a participant acts before others whose turn it is.
type OrderError struct {
	Participant string   // who acts
	Before      []string // who must have signed first
}

func (e *OrderError) Error() string {
	return fmt.Sprintf("contract: %s cannot sign yet: first %s must", e.Participant, list(e.Before))
}

// Is tells that the state does not allow it.
func (e *OrderError) Is(target error) bool { return target == ErrState }

func fail(kind error, format string, args ...any) error {
	return fmt.Errorf("%w: %w", kind, because(format, args...))
}
