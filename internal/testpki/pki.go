package testpki

import (
	"cmp"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
)

// Now is the time at which the fixed infrastructure lives.
func Now() time.Time { return time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC) }

// Options choose what an infrastructure is made of.
type Options struct {
	Now  time.Time // the present; zero means [Now]
	Keys KeySource // nil means [FixedKeys]
	// KeyType is the type of the authorities' keys.
	KeyType KeyType
	// Organization is the one that the authorities belong to; "" means "Inkan Test".
	Organization string
}

// PKI is a root authority and an intermediate one below it. It is not safe for
// concurrent use while certificates are issued.
type PKI struct {
	Root         *Identity
	Intermediate *Identity

	options Options
	issued  uint64
}

// Identity is a key with its certificate.
type Identity struct {
	Key         crypto.Signer
	Certificate *certificate.Certificate
	// Chain holds Certificate and those above it, the root left out. For the root
	// itself it holds the root.
	Chain []*certificate.Certificate
}

// New makes the two authorities; nil options give the fixed infrastructure.
func New(o *Options) (*PKI, error) {
	p := &PKI{}
	if o != nil {
		p.options = *o
	}
	if p.options.Now.IsZero() {
		p.options.Now = Now()
	}
	if p.options.Keys == nil {
		p.options.Keys = FixedKeys
	}
	house := cmp.Or(p.options.Organization, "Inkan Test")
	name := func(what string) []byte { return Name(Country("JP"), Organization(house), CommonName(house+" "+what)) }
	var err error
	p.Root, err = p.Issue(&Request{
		Profile: AuthorityProfile, Role: RootRole, KeyType: p.options.KeyType, selfSigned: true, Subject: name("Root CA"),
	})
	if err != nil {
		return nil, err
	}
	p.Intermediate, err = p.Issue(&Request{
		Profile: AuthorityProfile, Role: IntermediateRole, KeyType: p.options.KeyType, Issuer: p.Root, Subject: name("Issuing CA"),
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// Now returns the time at which the infrastructure lives.
func (p *PKI) Now() time.Time { return p.options.Now }

// Pool returns a pool that trusts the root for every purpose.
func (p *PKI) Pool() *certificate.Pool {
	pool := certificate.NewPool()
	pool.Add(p.Root.Certificate)
	return pool
}

// Issue makes a certificate, and the key for it if the request brings none.
func (p *PKI) Issue(r *Request) (*Identity, error) {
	id := &Identity{Key: r.Key}
	if id.Key == nil {
		var err error
		if id.Key, err = p.options.Keys(r.role(), r.KeyType); err != nil {
			return nil, err
		}
	}
	spki, err := publicKeyInfo(id.Key.Public(), r.RestrictToPSS)
	if err != nil {
		return nil, err
	}
	issuer, issuerKey := r.subject(), id.Key
	above := r.Issuer
	if above == nil && !r.selfSigned {
		above = p.Intermediate
	}
	if above != nil {
		issuer, issuerKey = above.Certificate.RawSubject, above.Key
	}
	p.issued++
	t := &Template{
		Version: 3, Serial: p.serial(spki, r.subject()), Issuer: issuer, Subject: r.subject(),
		SubjectPublicKeyInfo: spki, Signature: DefaultSignature(issuerKey.Public()),
	}
	t.NotBefore, t.NotAfter = r.validity(p.options.Now)
	if t.Extensions, err = r.extensions(spki, above); err != nil {
		return nil, err
	}
	if r.Change != nil {
		r.Change(t)
	}
	der, err := t.Sign(issuerKey)
	if err != nil {
		return nil, err
	}
	if id.Certificate, err = certificate.Parse(der); err != nil {
		return nil, fmt.Errorf("testpki: %w", err)
	}
	id.Chain = []*certificate.Certificate{id.Certificate}
	if above != nil && above != p.Root {
		id.Chain = append(id.Chain, above.Chain...)
	}
	return id, nil
}

// serial is positive, differs for every certificate, and is the same in every run
// with fixed keys.
func (p *PKI) serial(parts ...[]byte) []byte {
	h := sha256.New()
	for _, part := range parts {
		h.Write(part)
	}
	sum := h.Sum(binary.BigEndian.AppendUint64(nil, p.issued))
	serial := sum[8:24]
	serial[0] = serial[0]&0x3f | 0x40
	serial[15] ^= byte(p.issued)
	return serial
}

// DefaultSignature returns the signature algorithm that suits a key; it is
// deterministic.
func DefaultSignature(public crypto.PublicKey) algorithm.Signature {
	switch key := public.(type) {
	case ed25519.PublicKey:
		return algorithm.Signature{Scheme: algorithm.Ed25519}
	case *ecdsa.PublicKey:
		hash := algorithm.SHA256
		switch key.Curve {
		case elliptic.P384():
			hash = algorithm.SHA384
		case elliptic.P521():
			hash = algorithm.SHA512
		}
		return algorithm.Signature{Scheme: algorithm.ECDSA, Hash: hash}
	case *rsa.PublicKey:
		return algorithm.Signature{Scheme: algorithm.RSA, Hash: algorithm.SHA256}
	}
	return algorithm.Signature{Scheme: algorithm.MLDSAScheme(public)}
}

// PEM returns the chain as PEM certificates, leaf first.
func (id *Identity) PEM() []byte {
	var out []byte
	for _, c := range id.Chain {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return out
}

// KeyPEM returns the private key as PEM in PKCS#8, not encrypted.
func (id *Identity) KeyPEM() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(id.Key)
	if err != nil {
		return nil, fmt.Errorf("testpki: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}
