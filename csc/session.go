package csc

import (
	"context"
	"crypto"
	"errors"
	"io"

	"github.com/inkan-go/inkan/cms"
)

// Session is a key for a number of signatures under one authorization, made one after the other when their digests are
// not known together. The owner is asked once, at the first signature; before each further one the authorization is
// renewed (credentials/extendTransaction) where the service offers that, bound to the digest where the credential asks
// for it (SCAL 2). It is safe for concurrent
// use; signatures wait for each other.
//
// A refusal, or an answer that does not come, ends the session: nothing is asked again, a PIN least of all. Only what was
// not sent leaves it as it was.
type Session struct {
	key        *Key
	signatures int
	extends    bool

	turn chan struct{} // holds one token; who has it may use what follows
	used int
	a    *Authorization
	err  error // why the session ended
}

var _ cms.ContextSigner = (*Session)(nil)

// errSpent is wrapped in ErrAuthorization.
var errSpent = errors.New("the session has no signature left; begin another")

// ended is why a session ended. It is told in words alone: what the error was says nothing about signatures after it.
type ended struct{ why error }

func (e ended) Error() string { return e.why.Error() }

// Session begins a session for so many signatures, at most Credential.MaxSignatures. Nothing is authorized yet.
func (k *Key) Session(ctx context.Context, signatures int) (*Session, error) {
	if err := k.ready(signatures); err != nil {
		return nil, err
	}
	info, err := k.Client.known(ctx)
	if err != nil {
		return nil, err
	}
	s := &Session{key: k, signatures: signatures, extends: info.Offers(methodExtend), turn: make(chan struct{}, 1)}
	s.turn <- struct{}{}
	if k.Credential.BindsDigests && !s.extends && signatures > 1 {
		return nil, failf(ErrCredential, "%q is authorized for digests (SCAL 2), and the service cannot extend that to further ones; use SignDigests", k.Credential.ID)
	}
	return s, nil
}

// Public implements crypto.Signer.
func (s *Session) Public() crypto.PublicKey { return s.key.Public() }

// Sign implements crypto.Signer. Nothing ends it before the time-out of the Client.
func (s *Session) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return s.SignContext(context.Background(), random, digest, opts)
}

// Left returns how many signatures the session has left.
func (s *Session) Left() int {
	<-s.turn
	defer func() { s.turn <- struct{}{} }()
	if s.err != nil {
		return 0
	}
	return s.signatures - s.used
}

// SignContext implements cms.ContextSigner.
func (s *Session) SignContext(ctx context.Context, _ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	alg, err := algorithmOf(s.Public(), opts)
	if err != nil {
		return nil, told(err)
	}
	select {
	case <-ctx.Done():
		return nil, told(failf(ErrNotSent, "%w", ctx.Err()))
	case <-s.turn:
		defer func() { s.turn <- struct{}{} }()
	}
	switch {
	case s.err != nil:
		return nil, told(failf(ErrAuthorization, "the session ended: %w", ended{s.err}))
	case s.used == s.signatures:
		return nil, told(failf(ErrAuthorization, "%w", errSpent))
	case ctx.Err() != nil:
		return nil, told(failf(ErrNotSent, "%w", ctx.Err()))
	}
	list, err := s.sign(ctx, alg, [][]byte{digest})
	switch {
	case err == nil:
		s.used++
		return list[0], nil
	case !errors.Is(err, ErrNotSent) && !errors.Is(err, ErrCredential):
		s.err = err
	}
	return nil, told(err)
}

func (s *Session) sign(ctx context.Context, alg cms.Algorithm, digests [][]byte) ([][]byte, error) {
	if err := s.authorize(ctx, alg, digests); err != nil {
		return nil, err
	}
	return s.key.Client.SignHash(ctx, s.a, alg, digests)
}

// authorize gets or renews the authorization.
func (s *Session) authorize(ctx context.Context, alg cms.Algorithm, digests [][]byte) error {
	if s.a == nil {
		a, err := s.key.authorize(ctx, &Approval{
			Credential: s.key.Credential, Signatures: s.signatures, Hash: alg.Hash, Digests: digests, Description: s.key.Description,
		}, alg)
		s.a = a
		return err
	}
	if !s.extends || s.a.sad == "" || s.used == 0 && !s.a.Credential.BindsDigests {
		return nil
	}
	if err := bind(map[string]any{}, s.a.Credential.version, alg.Hash, digests); err != nil {
		return err
	}
	if !s.a.Credential.BindsDigests {
		digests = nil
	}
	a, err := s.key.Client.ExtendAuthorization(ctx, s.a, alg.Hash, digests)
	if err == nil {
		s.a = a
	}
	return err
}
