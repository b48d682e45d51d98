package cms

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"

	"github.com/inkan-go/inkan/internal/algorithm"
)

// Sign asks key for one signature over message, which is the DER of the signed attributes. The key is called exactly
// once, whatever it answers: as a ContextSigner or crypto.MessageSigner if it is one, else with the digest of the
// message. A nil random is crypto/rand.Reader.
//
// When ctx ends during the call, Sign returns within 100 ms, also where the key goes on; what such a key still returns
// is dropped. What comes back from any key but the private keys of crypto/rsa, crypto/ecdsa and crypto/ed25519 is
// verified. Errors wrap ErrKey, ErrUnsupported or what the key or the context returned, and ErrSignature where what came
// back is no signature over message; those that wrap ErrNotSigned say that certainly no signature was made.
func Sign(ctx context.Context, random io.Reader, key crypto.Signer, a Algorithm, message []byte) ([]byte, error) {
	if key == nil {
		return nil, unsigned(fail(ErrKey, "no key given"))
	}
	pub := key.Public()
	if err := a.CheckKey(pub); err != nil {
		return nil, unsigned(err)
	}
	if err := ctx.Err(); err != nil {
		return nil, unsigned(err)
	}
	if random == nil {
		random = rand.Reader
	}
	own := goKey(key)
	call := callKey
	if !own && ctx.Done() != nil {
		call = callApart
	}
	signature, err := call(ctx, random, key, a, message)
	if err != nil {
		return nil, fail(ErrKey, "%w", err)
	}
	if own {
		return signature, nil
	}
	if err := a.verifyMade(pub, message, signature); err != nil {
		return nil, fail(ErrKey, "what the key returned is not its signature with %s: %w", a, err)
	}
	return signature, nil
}

func digestFor(h crypto.Hash, message []byte) ([]byte, error) {
	if h == 0 {
		return message, nil
	}
	if !h.Available() {
		return nil, errors.New("the hash function is not linked into this program")
	}
	w := h.New()
	w.Write(message)
	return w.Sum(nil), nil
}

// goKey tells whether key is one of Go's own private keys, which check or need no check of what they make, and are
// done in no time.
func goKey(key crypto.Signer) bool {
	switch key.(type) {
	case *rsa.PrivateKey, *ecdsa.PrivateKey, ed25519.PrivateKey, *ed25519.PrivateKey:
		return true
	}
	return false
}

// SigningDigest returns what a key that cannot hash is given for message: its digest, or for Ed25519 the message itself.
func (a Algorithm) SigningDigest(message []byte) ([]byte, error) {
	if err := a.Validate(); err != nil {
		return nil, err
	}
	return digestFor(a.options().HashFunc(), message)
}

// VerifySignature verifies a signature over message, as Sign makes it. It wraps ErrSignature or ErrUnsupported.
func (a Algorithm) VerifySignature(pub crypto.PublicKey, message, signature []byte) error {
	if err := a.CheckKey(pub); err != nil {
		return err
	}
	return a.verifyMade(pub, message, signature)
}

// verifyMade verifies what somebody made, and names the mistake that is made most.
func (a Algorithm) verifyMade(pub crypto.PublicKey, message, signature []byte) error {
	err := algorithm.VerifyMessage(pub, a.signature(), message, signature)
	if err == nil {
		return nil
	}
	if k, ok := pub.(*ecdsa.PublicKey); ok && len(signature) == 2*((k.Curve.Params().BitSize+7)/8) {
		err = fmt.Errorf("%w; it is as long as r and s in a row, while DER is wanted (RFC 3279 §2.2.3)", err)
	}
	return algorithmError(err)
}
