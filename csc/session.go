package csc

import (
	"context"
	"crypto"
	"errors"
	"io"

	"github.com/inkan-go/inkan/cms"
)

// Session is a key for a number of signatures under one authorization, for digests that are not known together, such as
// those of a pades.Batch. The owner is asked once, at the first signature. Signatures that are asked for while the service
// works on others go together in the next request, so a Batch with many Workers costs few requests. Before each further
// request the authorization is renewed (credentials/extendTransaction) where the service offers that, bound to the
// digests where the credential asks for it (SCAL 2).
//
// A refusal, or an answer that does not come, ends the session: nothing is asked again, a PIN least of all. Only what was
// not sent leaves it as it was. It is safe for concurrent use.
type Session struct {
	key        *Key
	signatures int
	extends    bool
	line       line

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

// Left returns how many signatures the session has left. It waits for those that are being made.
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
	if err == nil {
		err = bind(map[string]any{}, s.key.Credential.version, alg.Hash, [][]byte{digest})
	}
	if err != nil {
		return nil, told(err)
	}
	if err := ctx.Err(); err != nil {
		return nil, told(failf(ErrNotSent, "%w", err))
	}
	w := s.line.join(ctx, alg, digest)
	select {
	case <-s.turn:
		go s.serve() // until it is done the turn is taken
	case <-w.done:
	case <-ctx.Done():
	}
	return s.line.wait(ctx, w)
}

// serve has the turn, and asks the service for what waits until nobody does. Whoever comes later takes the turn.
func (s *Session) serve() {
	for {
		group := s.line.take(max(s.signatures-s.used, 1))
		if len(group) == 0 {
			s.turn <- struct{}{}
			return
		}
		ctx, release := together(group)
		list, err := s.signGroup(ctx, group)
		release()
		for i, w := range group {
			if i < len(list) && list[i] != nil {
				w.signature = list[i]
			} else {
				w.err = told(faultOf(err, i))
			}
			close(w.done)
		}
	}
}

// signGroup makes the signatures of a group with the turn in hand.
func (s *Session) signGroup(ctx context.Context, group []*wish) ([][]byte, error) {
	switch {
	case s.err != nil:
		return nil, failf(ErrAuthorization, "the session ended: %w", ended{s.err})
	case s.used == s.signatures:
		return nil, failf(ErrAuthorization, "%w", errSpent)
	}
	alg, digests := group[0].alg, make([][]byte, len(group))
	for i, w := range group {
		digests[i] = w.digest
	}
	err := s.authorize(ctx, alg, digests)
	var list [][]byte
	if err == nil {
		list, err = s.key.Client.signHash(ctx, s.a, alg, digests)
	}
	switch {
	case err == nil:
		s.used += len(group)
	case !errors.Is(err, ErrNotSent) && !errors.Is(err, ErrCredential):
		s.err = err
	}
	return list, err
}

// faultOf returns what an error of SignHash says about one digest.
func faultOf(err error, index int) error {
	if list, ok := err.(interface{ Unwrap() []error }); ok { //nolint:errorlint // of errors.Join
		for _, e := range list.Unwrap() {
			var one *SignatureError
			if errors.As(e, &one) && one.Index == index {
				return one.Err
			}
		}
	}
	return err
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
	if !s.a.Credential.BindsDigests {
		digests = nil
	}
	a, err := s.key.Client.ExtendAuthorization(ctx, s.a, alg.Hash, digests)
	if err == nil {
		s.a = a
	}
	return err
}
