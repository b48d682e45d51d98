package csc

import (
	"context"
	"crypto"
	"io"

	"github.com/inkan-go/inkan/cms"
)

// Key is the key of a credential. Every call of Sign, SignContext and SignDigests is one authorization and one
// signatures/signHash. It is safe for concurrent use if Approve is.
type Key struct {
	Client     *Client
	Credential *Credential
	// Approve asks the owner of the credential for what authorizes the signatures; it is called once for each
	// authorization. nil gives nothing, which is enough for "implicit" credentials.
	Approve func(ctx context.Context, p *Approval) (*Grant, error)
	// Description says to the owner, through the service, what is signed.
	Description string
}

var _ cms.ContextSigner = (*Key)(nil)

// Public implements crypto.Signer. It is nil where there is no credential.
func (k *Key) Public() crypto.PublicKey {
	if k.Credential == nil || k.Credential.Certificate == nil {
		return nil
	}
	return k.Credential.Certificate.PublicKey
}

// Sign implements crypto.Signer. Nothing ends it before the time-out of the Client.
func (k *Key) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return k.SignContext(context.Background(), random, digest, opts)
}

// SignContext implements cms.ContextSigner. Randomness is the service's; opts is a hash function or *rsa.PSSOptions.
func (k *Key) SignContext(ctx context.Context, _ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	list, err := k.SignDigests(ctx, [][]byte{digest}, opts)
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// SignDigests has several digests signed under one authorization, which is bound to them, and with one request. They are
// at most Credential.MaxSignatures. Results and errors are those of [Client.SignHash].
func (k *Key) SignDigests(ctx context.Context, digests [][]byte, opts crypto.SignerOpts) ([][]byte, error) {
	alg, err := algorithmOf(k.Public(), opts)
	if err != nil {
		return nil, told(err)
	}
	a, err := k.authorize(ctx, &Approval{
		Credential: k.Credential, Signatures: len(digests), Hash: alg.Hash, Digests: digests, Description: k.Description,
	}, alg)
	if err != nil {
		return nil, told(err)
	}
	return k.Client.SignHash(ctx, a, alg, digests)
}

// authorize asks the owner, then the service. What can be refused is refused before.
func (k *Key) authorize(ctx context.Context, p *Approval, alg cms.Algorithm) (*Authorization, error) {
	if err := k.ready(p.Signatures); err != nil {
		return nil, err
	}
	if err := p.Credential.name(map[string]any{}, alg); err != nil {
		return nil, err
	}
	if err := bind(map[string]any{}, p.Credential.version, p.Hash, p.Digests); err != nil {
		return nil, err
	}
	var grant *Grant
	if k.Approve != nil {
		var err error
		if grant, err = k.Approve(ctx, p); err != nil {
			return nil, failf(ErrAuthorization, "%w", err)
		}
	}
	if len(p.Digests) < p.Signatures && !p.Credential.BindsDigests {
		unbound := *p
		unbound.Digests = nil // further ones would not be among them
		p = &unbound
	}
	return k.Client.Authorize(ctx, p, grant)
}

// ready tells why the key cannot make so many signatures under one authorization.
func (k *Key) ready(signatures int) error {
	if k.Client == nil {
		return failf(ErrCredential, "the key has no Client")
	}
	return k.Credential.usable(signatures)
}
