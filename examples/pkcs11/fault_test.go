package main

import (
	"context"
	"crypto"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/pkcs11"
	pkgerrors "github.com/pkg/errors"
	"github.com/stretchr/testify/require"
	"github.com/thales-e-security/pool"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

// TestWrongPIN: it is tried once, and nothing is signed.
func TestWrongPIN(t *testing.T) {
	o := newOffice(t)
	_, err := OpenToken(TokenOptions{Module: o.module, Label: label, PIN: "1414213"})
	require.ErrorIs(t, err, ErrWrongPIN)
	require.ErrorIs(t, err, cms.ErrKeyLost)
	require.ErrorIs(t, err, cms.ErrNotSigned)
	require.NotContains(t, err.Error(), "1414213")
	_, err = OpenToken(TokenOptions{Module: o.module, Label: "elsewhere", PIN: pin})
	require.ErrorIs(t, err, ErrNoToken)
	_, err = OpenToken(TokenOptions{Module: "/nowhere.so", Label: label, PIN: pin})
	require.ErrorIs(t, err, ErrModule)
	require.ErrorIs(t, err, cms.ErrKeyLost)
}

// TestLostSessions: sessions that the token ended while the program goes on. The batch asks the key once, or as often as
// documents were under way, and writes nothing.
func TestLostSessions(t *testing.T) {
	o := newOffice(t)
	token := o.open(t, 2)
	defer token.Close()
	s := o.signer(t, token, "p256")
	require.NoError(t, document(t, contract()).Sign(t.Context(), s, nil))

	library := pkcs11.New(o.module) // the same library in the same process, so the same sessions
	require.NotNil(t, library)
	slots, err := library.GetSlotList(true)
	require.NoError(t, err)
	for _, slot := range slots {
		require.NoError(t, library.CloseAllSessions(slot))
	}
	refused(t, s, ErrSessionLost, true)

	again := o.open(t, 2)
	defer again.Close()
	d := document(t, contract())
	require.NoError(t, d.Sign(t.Context(), o.signer(t, again, "p256"), nil))
	require.NoError(t, o.passes(d, d.Size()))
}

// TestRemovedToken: the token is gone while a program is logged in. SoftHSM keeps what it has in memory for some calls;
// whatever it answers, nothing is written that does not hold.
func TestRemovedToken(t *testing.T) {
	o := newOffice(t)
	token := o.open(t, 2)
	defer token.Close()
	s := o.signer(t, token, "p256")
	require.NoError(t, os.RemoveAll(o.folder))
	original := contract()
	d := document(t, original)
	if err := d.Sign(t.Context(), s, nil); err != nil {
		require.True(t, errors.Is(err, ErrTokenRemoved) || errors.Is(err, ErrSessionLost) || errors.Is(err, ErrTokenFailed), "%v", err)
		require.EqualValues(t, len(original), d.Size())
	} else {
		require.NoError(t, o.passes(d, d.Size()))
	}
	_, err := OpenToken(TokenOptions{Module: o.module, Label: "another", PIN: pin})
	require.ErrorIs(t, err, cms.ErrKeyLost)
}

// TestNoFreeSession: one session for many, who do not wait.
func TestNoFreeSession(t *testing.T) {
	o := newOffice(t)
	token, err := OpenToken(TokenOptions{Module: o.module, Label: label, PIN: pin, Sessions: 1, Wait: time.Microsecond})
	require.NoError(t, err)
	defer token.Close()
	var key *Key
	for key == nil { // looking for it takes the session as well
		if key, err = token.Key("rsa", nil); err != nil {
			require.ErrorIs(t, err, ErrTokenFull)
		}
	}
	var made, full atomic.Int64
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 50 {
				_, err := key.Sign(nil, make([]byte, 32), crypto.SHA256)
				switch {
				case err == nil:
					made.Add(1)
				case errors.Is(err, ErrTokenFull) && errors.Is(err, cms.ErrNotSigned) && !errors.Is(err, cms.ErrKeyLost):
					full.Add(1)
				default:
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	require.Positive(t, made.Load())
	require.Positive(t, full.Load())
}

// answering is a key in a token that answers as a test wants, and counts.
type answering struct {
	crypto.Signer
	calls atomic.Int64
	sign  func(digest []byte, opts crypto.SignerOpts) ([]byte, error)
}

func (a *answering) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	a.calls.Add(1)
	return a.sign(digest, opts)
}

// TestFaults is the table of faults for what SoftHSM does not do by itself: the answers are put in the place of the
// library's. Ten documents wait; after a fault that lasts the key is not called again.
func TestFaults(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	id, err := pki.Issue(&testpki.Request{Issuer: pki.Root})
	require.NoError(t, err)
	code := func(c uint) func([]byte, crypto.SignerOpts) ([]byte, error) {
		return func([]byte, crypto.SignerOpts) ([]byte, error) {
			return nil, pkgerrors.WithMessage(pkcs11.Error(c), "sign")
		}
	}
	right := func(d []byte, o crypto.SignerOpts) ([]byte, error) { return id.Key.Sign(rand.Reader, d, o) }
	for name, test := range map[string]struct {
		sign  func([]byte, crypto.SignerOpts) ([]byte, error)
		want  error
		calls int64 // of ten documents, one at a time
		sure  bool  // that no signature was made
	}{
		"wrong PIN":             {code(pkcs11.CKR_PIN_INCORRECT), ErrWrongPIN, 1, true},
		"locked PIN":            {code(pkcs11.CKR_PIN_LOCKED), ErrPINLocked, 1, true},
		"removed":               {code(pkcs11.CKR_TOKEN_NOT_PRESENT), ErrTokenRemoved, 1, true},
		"removed while signing": {code(pkcs11.CKR_DEVICE_REMOVED), ErrTokenRemoved, 1, false},
		"session lost":          {code(pkcs11.CKR_SESSION_HANDLE_INVALID), ErrSessionLost, 1, true},
		"logged out":            {code(pkcs11.CKR_USER_NOT_LOGGED_IN), ErrSessionLost, 1, true},
		"full":                  {code(pkcs11.CKR_DEVICE_MEMORY), ErrTokenFull, 10, true},
		"no session left":       {code(pkcs11.CKR_SESSION_COUNT), ErrTokenFull, 10, true},
		"waited in vain":        {func([]byte, crypto.SignerOpts) ([]byte, error) { return nil, pool.ErrTimeout }, ErrTokenFull, 10, true},
		"not for signing":       {code(pkcs11.CKR_KEY_FUNCTION_NOT_PERMITTED), ErrTokenFailed, 10, true},
		"fails":                 {code(pkcs11.CKR_DEVICE_ERROR), ErrTokenFailed, 10, false},
		"fails without a code":  {func([]byte, crypto.SignerOpts) ([]byte, error) { return nil, io.ErrUnexpectedEOF }, ErrTokenFailed, 10, false},
		"cut short": {func(d []byte, o crypto.SignerOpts) ([]byte, error) {
			s, err := right(d, o)
			return s[:len(s)-1], err
		}, cms.ErrKey, 10, false},
		"another digest": {func(_ []byte, o crypto.SignerOpts) ([]byte, error) { return right(make([]byte, 32), o) }, cms.ErrKey, 10, false},
		"nothing":        {func([]byte, crypto.SignerOpts) ([]byte, error) { return nil, nil }, cms.ErrKey, 10, false},
	} {
		t.Run(name, func(t *testing.T) {
			inner := &answering{Signer: id.Key, sign: test.sign}
			s := &pades.Signer{Key: &Key{inner: inner}, Chain: id.Chain}
			counts := refused(t, s, test.want, test.sure)
			require.Equal(t, test.calls, inner.calls.Load())
			if test.sure {
				require.Zero(t, counts.Uncertain)
			} else {
				require.Equal(t, test.calls, counts.Uncertain)
			}
		})
	}
}

// refused has ten documents signed, one at a time, and looks at the first error and that nothing is written.
func refused(t *testing.T, s *pades.Signer, want error, sure bool) pades.BatchCounts {
	t.Helper()
	batch := &pades.Batch{Signer: s, Workers: 1}
	var first error
	counts, err := batch.Sign(t.Context(), func(yield func(pades.BatchJob) bool) {
		for i := range 10 {
			if !yield(pades.BatchJob{
				Name:  fmt.Sprint(i),
				Open:  func() (*pades.Document, error) { return document(t, contract()), nil },
				Write: func(*pades.Document) error { t.Error("written"); return nil },
			}) {
				return
			}
		}
	}, func(r pades.BatchResult) error {
		if first == nil {
			first = r.Err
		}
		return nil
	})
	require.NoError(t, err)
	require.EqualValues(t, 10, counts.Failed)
	require.ErrorIs(t, first, want)
	require.Equal(t, sure, errors.Is(first, cms.ErrNotSigned), "%v", first)
	require.Zero(t, counts.Signatures)
	return counts
}

// TestCancel: a token that does not answer holds nobody up.
func TestCancel(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	id, err := pki.Issue(&testpki.Request{Issuer: pki.Root})
	require.NoError(t, err)
	inside, leave := make(chan struct{}), make(chan struct{})
	defer close(leave)
	inner := &answering{Signer: id.Key, sign: func([]byte, crypto.SignerOpts) ([]byte, error) {
		close(inside)
		<-leave
		return nil, io.EOF
	}}
	ctx, cancel := context.WithCancel(t.Context())
	var ended time.Time
	go func() {
		<-inside
		ended = time.Now()
		cancel()
	}()
	d := document(t, contract())
	err = d.Sign(ctx, &pades.Signer{Key: &Key{inner: inner}, Chain: id.Chain}, nil)
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, time.Since(ended), 100*time.Millisecond)
	require.NotErrorIs(t, err, cms.ErrNotSigned)
	require.EqualValues(t, 1, inner.calls.Load())
}
