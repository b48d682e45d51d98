package contract

import (
	"context"
	"crypto"
	"errors"
	"io"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/pades"
)

// guarded returns a signer whose key tells before it is used: before may refuse.
func guarded(s *pades.Signer, before func(context.Context) error) *pades.Signer {
	out := *s
	if m, ok := s.Key.(crypto.MessageSigner); ok {
		if _, ok := s.Key.(cms.ContextSigner); !ok {
			out.Key = guardedMessage{m, before}
			return &out
		}
	}
	out.Key = guardedKey{s.Key, before}
	return &out
}

// guardedKey tells before it signs.
type guardedKey struct {
	crypto.Signer
	before func(context.Context) error
}

// SignContext implements cms.ContextSigner.
func (k guardedKey) SignContext(ctx context.Context, random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if err := k.before(ctx); err != nil {
		return nil, errors.Join(cms.ErrNotSigned, err)
	}
	if inner, ok := k.Signer.(cms.ContextSigner); ok {
		return inner.SignContext(ctx, random, digest, opts)
	}
	return k.Sign(random, digest, opts)
}

// guardedMessage is guardedKey for a key that hashes by itself.
type guardedMessage struct {
	crypto.MessageSigner
	before func(context.Context) error
}

// SignMessage implements crypto.MessageSigner.
func (k guardedMessage) SignMessage(random io.Reader, message []byte, opts crypto.SignerOpts) ([]byte, error) {
	if err := k.before(context.Background()); err != nil {
		return nil, errors.Join(cms.ErrNotSigned, err)
	}
	return k.MessageSigner.SignMessage(random, message, opts)
}
