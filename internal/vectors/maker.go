package vectors

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"fmt"
	"io"
	"time"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

// Maker holds what the vectors are made with: the fixed infrastructure and a
// signer for each type of key.
type Maker struct {
	PKI     *testpki.PKI
	signers map[testpki.KeyType]*testpki.Identity
	stamper *testpki.Identity
	over    *authorities // of vectors that time decides; nil before they are needed
}

// NewMaker returns a Maker; it is not safe for concurrent use.
func NewMaker() (*Maker, error) {
	pki, err := testpki.New(nil)
	if err != nil {
		return nil, err
	}
	return &Maker{PKI: pki, signers: map[testpki.KeyType]*testpki.Identity{}}, nil
}

// Time is when all vectors are signed and judged.
func (m *Maker) Time() time.Time { return m.PKI.Now() }

// Identity returns the signer with that type of key, directly below the root.
func (m *Maker) Identity(t testpki.KeyType) (*testpki.Identity, error) {
	if id, ok := m.signers[t]; ok {
		return id, nil
	}
	id, err := m.PKI.Issue(&testpki.Request{KeyType: t, Issuer: m.PKI.Root})
	if err != nil {
		return nil, fmt.Errorf("vectors: %w", err)
	}
	m.signers[t] = id
	return id, nil
}

// Sign signs a file with the key of that type and returns the whole result.
func (m *Maker) Sign(data []byte, t testpki.KeyType, a cms.Algorithm, o *pades.SignOptions) ([]byte, error) {
	return m.sign(data, "", t, a, o)
}

// sign signs a file that a password opens.
func (m *Maker) sign(data []byte, password string, t testpki.KeyType, a cms.Algorithm, o *pades.SignOptions) ([]byte, error) {
	id, err := m.Identity(t)
	if err != nil {
		return nil, err
	}
	doc, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), &pades.OpenOptions{Now: m.Time, Password: password, Rand: zeros{}})
	if err != nil {
		return nil, err
	}
	defer doc.Close()
	signer := &pades.Signer{Key: repeatable(id.Key), Chain: id.Chain, Algorithm: a}
	if err := doc.Sign(context.Background(), signer, o); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if _, err := doc.WriteTo(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// repeatable makes ECDSA deterministic (RFC 6979), which crypto/ecdsa does where
// it is given no randomness.
func repeatable(key crypto.Signer) crypto.Signer {
	if _, ok := key.(*ecdsa.PrivateKey); ok {
		return withoutRand{key}
	}
	return key
}

type withoutRand struct{ crypto.Signer }

func (k withoutRand) Sign(_ io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	return k.Signer.Sign(nil, digest, o)
}

// zeros is the randomness of the vectors: none.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
