package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/miekg/pkcs11"
	"github.com/thales-e-security/pool"

	"github.com/inkan-go/inkan/cms"
)

// What callers tell apart with errors.Is, beside cms.ErrKeyLost (somebody must do something first) and cms.ErrNotSigned
// (certainly no signature was made).
var (
	ErrModule       = errors.New("the library of the token cannot be used")
	ErrNoToken      = errors.New("there is no such token")
	ErrWrongPIN     = errors.New("the PIN is wrong")
	ErrPINLocked    = errors.New("the PIN is locked")
	ErrTokenRemoved = errors.New("the token was removed")
	ErrSessionLost  = errors.New("the session with the token was lost; open it again")
	ErrTokenFull    = errors.New("the token has no room or no session left")
	ErrTokenFailed  = errors.New("the token failed")
	ErrNoKey        = errors.New("there is no such key in the token")
	ErrSeveralKeys  = errors.New("there are several such keys in the token")
)

// fault is what return values of PKCS#11 (version 3.0, 5.1) mean for whoever signs.
type fault struct {
	kind   error
	lost   bool // nothing will be signed until somebody did something
	before bool // it is told before a signature is made
	codes  []uint
}

func faults() []fault {
	return []fault{
		{ErrWrongPIN, true, true, []uint{pkcs11.CKR_PIN_INCORRECT, pkcs11.CKR_PIN_INVALID, pkcs11.CKR_PIN_LEN_RANGE}},
		{ErrPINLocked, true, true, []uint{pkcs11.CKR_PIN_LOCKED, pkcs11.CKR_PIN_EXPIRED}},
		{ErrTokenRemoved, true, false, []uint{pkcs11.CKR_DEVICE_REMOVED}},
		{ErrTokenRemoved, true, true, []uint{pkcs11.CKR_TOKEN_NOT_PRESENT, pkcs11.CKR_TOKEN_NOT_RECOGNIZED, pkcs11.CKR_SLOT_ID_INVALID}},
		{ErrSessionLost, true, true, []uint{
			pkcs11.CKR_SESSION_HANDLE_INVALID, pkcs11.CKR_SESSION_CLOSED, pkcs11.CKR_USER_NOT_LOGGED_IN,
			pkcs11.CKR_KEY_HANDLE_INVALID, pkcs11.CKR_OBJECT_HANDLE_INVALID, pkcs11.CKR_CRYPTOKI_NOT_INITIALIZED,
		}},
		{ErrTokenFull, false, true, []uint{pkcs11.CKR_SESSION_COUNT, pkcs11.CKR_DEVICE_MEMORY, pkcs11.CKR_HOST_MEMORY}},
		{ErrTokenFailed, false, true, []uint{
			pkcs11.CKR_KEY_FUNCTION_NOT_PERMITTED, pkcs11.CKR_KEY_TYPE_INCONSISTENT, pkcs11.CKR_KEY_SIZE_RANGE,
			pkcs11.CKR_MECHANISM_INVALID, pkcs11.CKR_MECHANISM_PARAM_INVALID, pkcs11.CKR_DATA_LEN_RANGE,
		}},
	}
}

// classify adds to an error of the token what it means. What it does not know may have come after a signature was made.
func classify(err error) error {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, pool.ErrTimeout) {
		return fmt.Errorf("%w: %w: no session became free in time", cms.ErrNotSigned, ErrTokenFull)
	}
	var code pkcs11.Error
	if !errors.As(err, &code) {
		return fmt.Errorf("%w: %w", ErrTokenFailed, err)
	}
	for _, f := range faults() {
		if !slices.Contains(f.codes, uint(code)) {
			continue
		}
		err = fmt.Errorf("%w: %w", f.kind, err)
		if f.lost {
			err = fmt.Errorf("%w: %w", cms.ErrKeyLost, err)
		}
		if f.before {
			err = fmt.Errorf("%w: %w", cms.ErrNotSigned, err)
		}
		return err
	}
	return fmt.Errorf("%w: %w", ErrTokenFailed, err)
}

// opening says why a token cannot be used.
func opening(label string, err error) error {
	var code pkcs11.Error
	switch {
	case errors.As(err, &code):
		err = classify(err)
	case err.Error() == "could not find PKCS#11 token":
		err = ErrNoToken
	default:
		err = fmt.Errorf("%w: %w", ErrModule, err)
	}
	if !errors.Is(err, cms.ErrKeyLost) {
		err = fmt.Errorf("%w: %w", cms.ErrKeyLost, err)
	}
	return fmt.Errorf("token %q: %w", label, err)
}
