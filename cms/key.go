package cms

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// ContextSigner is a key that is reached over a network or a device: its signing can be cancelled. The digest is the
// whole message when opts.HashFunc is 0, which it is for Ed25519. It must say the same as Sign.
//
// When ctx ends, SignContext returns at once; whoever waits for it gives it a twentieth of a second. Its error wraps
// ErrNotSigned where it knows that no signature was made, and ErrKeyLost where it is of no use to call it again. A key
// that several goroutines sign with is safe for concurrent use.
type ContextSigner interface {
	crypto.Signer
	SignContext(ctx context.Context, rand io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error)
}

// keyPatience is how long a key whose context has ended may take to say whether it signed.
const keyPatience = 50 * time.Millisecond

var (
	errKeyGoesOn = errors.New("the key did not end when it was told to; it may have signed")
	errKeyExited = errors.New("the key ended its goroutine")
)

// callKey calls the key once, by the best of its methods.
func callKey(ctx context.Context, random io.Reader, key crypto.Signer, a Algorithm, message []byte) ([]byte, error) {
	opts := a.options()
	if k, ok := key.(crypto.MessageSigner); ok {
		if _, ok := key.(ContextSigner); !ok {
			return k.SignMessage(random, message, opts)
		}
	}
	digest, err := digestFor(opts.HashFunc(), message)
	if err != nil {
		return nil, unsigned(err)
	}
	if k, ok := key.(ContextSigner); ok {
		return k.SignContext(ctx, random, digest, opts)
	}
	return key.Sign(random, digest, opts)
}

// callApart calls the key on a goroutine of its own, and leaves it there when ctx ends and the key does not.
func callApart(ctx context.Context, random io.Reader, key crypto.Signer, a Algorithm, message []byte) ([]byte, error) {
	type answer struct {
		signature []byte
		err       error
		panicked  any
	}
	lent := &lentReader{reader: random}
	done := make(chan answer, 1)
	go func() {
		r := answer{err: errKeyExited}
		defer func() {
			if r.err == errKeyExited { //nolint:errorlint // this very one
				r.panicked = recover()
			}
			done <- r
		}()
		r.signature, r.err = callKey(ctx, lent, key, a, message)
	}()
	var r answer
	select {
	case r = <-done:
	case <-ctx.Done():
		patience := time.NewTimer(keyPatience)
		defer patience.Stop()
		select {
		case r = <-done:
		case <-patience.C:
			lent.giveBack()
			return nil, fmt.Errorf("%w: %w", ctx.Err(), errKeyGoesOn)
		}
	}
	if r.panicked != nil {
		panic(r.panicked) // where the caller can recover from it, as without the goroutine
	}
	return r.signature, r.err
}

// lentReader is randomness that a key reads from until its caller goes on without it.
type lentReader struct {
	mu     sync.Mutex
	reader io.Reader
}

// Read implements io.Reader.
func (l *lentReader) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.reader == nil {
		return 0, errors.New("cms: the caller no longer waits for the key")
	}
	return l.reader.Read(p)
}

func (l *lentReader) giveBack() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reader = nil
}

// unsignedError is an error after which certainly no signature was made.
type unsignedError struct{ error }

func unsigned(err error) error { return unsignedError{err} }

// Unwrap implements errors.Is and errors.As.
func (e unsignedError) Unwrap() []error { return []error{ErrNotSigned, e.error} }
