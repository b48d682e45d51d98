package main

import (
	"context"
	"crypto"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/sigstore/sigstore/pkg/signature/kms"
	"github.com/sigstore/sigstore/pkg/signature/kms/aws"
	"github.com/sigstore/sigstore/pkg/signature/kms/azure"
	"github.com/sigstore/sigstore/pkg/signature/kms/gcp"
	"github.com/sigstore/sigstore/pkg/signature/kms/hashivault"
	"github.com/sigstore/sigstore/pkg/signature/options"

	"github.com/inkan-go/inkan/cms"
)

// Key is a key in a KMS. It is safe for concurrent use.
//
// AWS is asked once for a signature. The clients of the others ask again by themselves when a service does not answer:
// that of Vault as often as VAULT_MAX_RETRIES says (0 for never), those of Google Cloud and Azure a few times. The
// service's records tell how often the key was used.
type Key struct {
	remote kms.SignerVerifier
	public crypto.PublicKey
	hash   crypto.Hash
}

var _ cms.ContextSigner = (*Key)(nil)

// OpenKey finds a key and fetches its public half. Nothing is signed.
func OpenKey(ctx context.Context, reference string) (*Key, error) {
	remote, err := open(ctx, reference)
	if err != nil {
		return nil, fmt.Errorf("open the key: %w", classify(err))
	}
	signer, opts, err := remote.CryptoSigner(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("open the key: %w", classify(err))
	}
	k := &Key{remote: remote, public: signer.Public(), hash: opts.HashFunc()}
	if k.public == nil {
		return nil, errors.New("open the key: the service did not return its public half")
	}
	if _, ok := k.public.(*rsa.PublicKey); ok && strings.HasPrefix(reference, azure.ReferenceScheme) {
		return nil, errors.New("open the key: the library of sigstore writes RSA signatures of Azure as if they were ECDSA; use an elliptic key")
	}
	return k, nil
}

// open picks the provider. kms.Get is not used: it runs programs for schemes that it does not know.
func open(ctx context.Context, reference string) (kms.SignerVerifier, error) {
	switch {
	case strings.HasPrefix(reference, aws.ReferenceScheme):
		return aws.LoadSignerVerifier(ctx, reference, config.WithRetryMaxAttempts(1))
	case strings.HasPrefix(reference, gcp.ReferenceScheme):
		return gcp.LoadSignerVerifier(ctx, reference)
	case strings.HasPrefix(reference, azure.ReferenceScheme):
		return azure.LoadSignerVerifier(ctx, reference)
	case strings.HasPrefix(reference, hashivault.ReferenceScheme):
		return hashivault.LoadSignerVerifier(reference, crypto.SHA256)
	}
	return nil, fmt.Errorf("%q is none of %s, %s, %s, %s", reference,
		aws.ReferenceScheme, gcp.ReferenceScheme, azure.ReferenceScheme, hashivault.ReferenceScheme)
}

// Public implements crypto.Signer.
func (k *Key) Public() crypto.PublicKey { return k.public }

// Sign implements crypto.Signer.
func (k *Key) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return k.SignContext(context.Background(), random, digest, opts)
}

// SignContext implements cms.ContextSigner. The scheme is that of the key, whatever opts say; a signature by another one
// does not verify, and is refused by whoever asked for it.
func (k *Key) SignContext(ctx context.Context, _ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if opts.HashFunc() != k.hash {
		return nil, fmt.Errorf("%w: the key signs %v, not %v", cms.ErrNotSigned, k.hash, opts.HashFunc())
	}
	signature, err := k.remote.SignMessage(nil, options.WithContext(ctx), options.WithDigest(digest), options.WithCryptoSignerOpts(k.hash))
	if err != nil {
		return nil, classify(err)
	}
	return signature, nil
}

// classify adds to a refusal by AWS what it means for the key. Of other errors, and other services, nothing is known.
func classify(err error) error {
	var refusal smithy.APIError
	var answer *smithyhttp.ResponseError
	if !errors.As(err, &refusal) || !errors.As(err, &answer) || answer.HTTPStatusCode() >= 500 {
		return err
	}
	switch refusal.ErrorCode() {
	case "ThrottlingException", "LimitExceededException", "DependencyTimeoutException":
	default: // disabled, deleted, not ours, not for signing: it stays so
		err = fmt.Errorf("%w: %w", cms.ErrKeyLost, err)
	}
	return fmt.Errorf("%w: %w", cms.ErrNotSigned, err)
}
