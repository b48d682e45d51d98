package main

import (
	"crypto"
	"crypto/rsa"
	"fmt"
	"io"
	"time"

	"github.com/ThalesGroup/crypto11"

	"github.com/inkan-go/inkan/cms"
)

// TokenOptions say which token to open.
type TokenOptions struct {
	Module string // path of the PKCS#11 library
	Label  string // of the token
	PIN    string
	// Sessions is how many signatures are made at a time; 0 means 1. A token may allow fewer: the others wait.
	Sessions int
	// Wait is how long a signature waits for a session; 0 means 1 minute.
	Wait time.Duration
}

// Token is a token that somebody logged into. It is safe for concurrent use.
type Token struct {
	context *crypto11.Context
}

// OpenToken logs into a token. It tries the PIN once: the third wrong one locks many tokens. Errors wrap those of this
// package, cms.ErrKeyLost and cms.ErrNotSigned.
func OpenToken(o TokenOptions) (*Token, error) {
	if o.Wait == 0 {
		o.Wait = time.Minute
	}
	context, err := crypto11.Configure(&crypto11.Config{
		Path: o.Module, TokenLabel: o.Label, Pin: o.PIN, PoolWaitTimeout: o.Wait,
		MaxSessions: max(o.Sessions, 1) + 1, // one more keeps the login alive
	})
	if err != nil {
		return nil, opening(o.Label, err)
	}
	return &Token{context: context}, nil
}

// Close logs out. It waits for signatures that are being made.
func (t *Token) Close() error { return t.context.Close() }

// Key finds the one private key of this label and identifier; either may be empty. It never leaves the token.
func (t *Token) Key(label string, id []byte) (*Key, error) {
	found, err := t.context.FindKeyPairs(id, []byte(label))
	switch {
	case err != nil:
		return nil, fmt.Errorf("look for the key %q: %w", label, classify(err))
	case len(found) == 0:
		return nil, fmt.Errorf("%w: %q, identifier %x", ErrNoKey, label, id)
	case len(found) > 1:
		return nil, fmt.Errorf("%w: %d keys %q, identifier %x; give both", ErrSeveralKeys, len(found), label, id)
	}
	return &Key{inner: found[0]}, nil
}

// Key is a private key in a token. Each signature takes a session from the pool of the Token. It is safe for concurrent
// use. cms.Sign ends with its context, whatever the token does.
type Key struct {
	inner crypto.Signer
}

// Public implements crypto.Signer.
func (k *Key) Public() crypto.PublicKey { return k.inner.Public() }

// Sign implements crypto.Signer: RSASSA-PKCS1-v1_5, RSASSA-PSS with *rsa.PSSOptions, ECDSA in DER. Randomness is the
// token's.
func (k *Key) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	switch opts.HashFunc() {
	case crypto.SHA256, crypto.SHA384, crypto.SHA512:
	default:
		return nil, fmt.Errorf("%w: the token signs SHA-256, SHA-384 and SHA-512, not %v", cms.ErrNotSigned, opts.HashFunc())
	}
	signature, err := k.inner.Sign(random, digest, opts)
	if err != nil {
		return nil, classify(err)
	}
	return signature, nil
}

// pssFor returns RSA-PSS for an RSA key, and the usual algorithm for all others.
func pssFor(pub crypto.PublicKey) cms.Algorithm {
	if _, ok := pub.(*rsa.PublicKey); ok {
		return cms.Algorithm{Scheme: cms.RSAPSS, Hash: crypto.SHA256}
	}
	return cms.Algorithm{}
}
