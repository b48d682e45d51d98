package cms

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func pkcs8(t testing.TB, key crypto.Signer) []byte {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return der
}

// opaque hides the type of a key, counts the calls and can spoil what it returns.
type opaque struct {
	crypto.Signer
	calls int
	spoil bool
	err   error
}

func (k *opaque) finish(signature []byte, err error) ([]byte, error) {
	k.calls++
	if k.err != nil {
		return nil, k.err
	}
	if k.spoil {
		signature[len(signature)-1] ^= 1
	}
	return signature, err
}

func (k *opaque) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return k.finish(k.Signer.Sign(random, digest, opts))
}

// contextKey is an opaque key that must be reached by SignContext.
type contextKey struct{ opaque }

func (k *contextKey) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("the wrong method")
}

func (k *contextKey) SignContext(ctx context.Context, random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return k.finish(k.Signer.Sign(random, digest, opts))
}

// messageKey is an opaque key that hashes for itself.
type messageKey struct{ opaque }

func (k *messageKey) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("the wrong method")
}

func (k *messageKey) SignMessage(random io.Reader, message []byte, opts crypto.SignerOpts) ([]byte, error) {
	return k.finish(crypto.SignMessage(k.Signer, random, message, opts))
}

func TestSignWithAnyKey(t *testing.T) {
	message := []byte("signed attributes")
	for kind, list := range algorithms() {
		for _, a := range list {
			plain, reached, hashing := &opaque{Signer: keyring[kind]()}, &contextKey{opaque{Signer: keyring[kind]()}}, &messageKey{opaque{Signer: keyring[kind]()}}
			for _, k := range []struct {
				key  crypto.Signer
				base *opaque
			}{{plain, plain}, {reached, &reached.opaque}, {hashing, &hashing.opaque}} {
				signature, err := Sign(context.Background(), rand.Reader, k.key, a, message)
				require.NoError(t, err, "%s with %s by %T", kind, a, k.key)
				require.Equal(t, 1, k.base.calls)
				require.NoError(t, a.VerifySignature(k.key.Public(), message, signature))
				require.ErrorIs(t, a.VerifySignature(k.key.Public(), []byte("other"), signature), ErrSignature)

				k.base.spoil, k.base.calls = true, 0
				_, err = Sign(context.Background(), nil, k.key, a, message)
				require.ErrorIs(t, err, ErrKey, "a wrong signature")
				require.Equal(t, 1, k.base.calls)

				k.base.err = errors.New("the device is gone")
				_, err = Sign(context.Background(), nil, k.key, a, message)
				require.ErrorIs(t, err, k.base.err)
				require.ErrorIs(t, err, ErrKey)
			}
		}
	}
}

func TestSignRefusesBeforeTheKeyIsUsed(t *testing.T) {
	key := &opaque{Signer: keyring["P-256"]()}
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	require.NoError(t, err)
	tests := []struct {
		name string
		ctx  context.Context
		key  crypto.Signer
		a    Algorithm
		want error
	}{
		{"no key", context.Background(), nil, p256, ErrKey},
		{"context done", canceled, key, p256, context.Canceled},
		{"another kind of key", context.Background(), key, Algorithm{RSA, crypto.SHA256}, ErrKey},
		{"PSS with an elliptic curve", context.Background(), key, Algorithm{RSAPSS, crypto.SHA256}, ErrKey},
		{"ECDSA with RSA", context.Background(), keyring["RSA"](), p256, ErrKey},
		{"no algorithm", context.Background(), key, Algorithm{}, ErrUnsupported},
		{"no hash", context.Background(), key, Algorithm{Scheme: ECDSA}, ErrUnsupported},
		{"SHA-1", context.Background(), key, Algorithm{ECDSA, crypto.SHA1}, ErrUnsupported},
		{"SHA-224", context.Background(), key, Algorithm{ECDSA, crypto.SHA224}, ErrUnsupported},
		{"Ed25519 with SHA-256", context.Background(), keyring["Ed25519"](), Algorithm{Ed25519, crypto.SHA256}, ErrUnsupported},
		{"P-224", context.Background(), p224, p256, ErrUnsupported},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			signature, err := Sign(tt.ctx, nil, tt.key, tt.a, []byte("m"))
			require.ErrorIs(t, err, tt.want)
			require.Nil(t, signature)
		})
	}
	require.Zero(t, key.calls)
}

func TestAlgorithmFor(t *testing.T) {
	for kind, want := range map[string]string{"RSA": "RSA with SHA-256", "P-256": "ECDSA with SHA-256", "P-384": "ECDSA with SHA-384",
		"P-521": "ECDSA with SHA-512", "Ed25519": "Ed25519 with SHA-512"} {
		a, err := AlgorithmFor(keyring[kind]().Public())
		require.NoError(t, err)
		require.Equal(t, want, a.String())
		require.NoError(t, a.CheckKey(keyring[kind]().Public()))
	}
	for _, pub := range []crypto.PublicKey{nil, "a string", &ecdsa.PublicKey{}} {
		_, err := AlgorithmFor(pub)
		require.ErrorIs(t, err, ErrUnsupported)
	}
	require.Equal(t, "RSA-PSS with SHA3-512", Algorithm{RSAPSS, crypto.SHA3_512}.String())
}

// TestTwoSteps: with a deterministic algorithm, a signature made elsewhere gives the same bytes as one made here.
func TestTwoSteps(t *testing.T) {
	for kind, a := range map[string]Algorithm{"RSA": {RSA, crypto.SHA256}, "Ed25519": {Ed25519, crypto.SHA512}} {
		id := newIdentity(t, kind)
		one := id.sign(t, id.template(a))
		attributes, err := id.template(a).SignedAttributes()
		require.NoError(t, err)
		digest, err := a.SigningDigest(attributes)
		require.NoError(t, err)
		var signature []byte
		switch key := id.key.(type) {
		case *rsa.PrivateKey:
			signature, err = rsa.SignPKCS1v15(nil, key, a.Hash, digest)
		case ed25519.PrivateKey:
			signature = ed25519.Sign(key, digest)
		}
		require.NoError(t, err)
		two, err := id.template(a).SignedData(attributes, signature)
		require.NoError(t, err)
		require.Equal(t, one, two)
	}
}

func TestTemplateRefuses(t *testing.T) {
	id := newIdentity(t, "P-256")
	null := [][]byte{{5, 0}}
	tests := []struct {
		name   string
		change func(*Template)
		want   error
	}{
		{"no algorithm", func(t *Template) { t.Algorithm = Algorithm{} }, ErrUnsupported},
		{"no digest", func(t *Template) { t.ContentDigest = nil }, ErrDigest},
		{"digest of another hash", func(t *Template) { t.ContentDigest = make([]byte, 20) }, ErrDigest},
		{"digest of other content", func(t *Template) { t.Content = []byte("other") }, ErrDigest},
		{"no certificate", func(t *Template) { t.Certificate = nil }, ErrNoCertificate},
		{"algorithm of another key", func(t *Template) { t.Algorithm = Algorithm{RSA, crypto.SHA256} }, ErrKey},
		{"message-digest by hand", func(t *Template) { t.Attributes = []Attribute{{Type: OIDMessageDigest, Values: null}} }, ErrMalformed},
		{"signing-certificate by hand", func(t *Template) { t.Attributes = []Attribute{{Type: OIDSigningCertificate, Values: null}} }, ErrMalformed},
		{"attribute twice", func(t *Template) {
			t.Attributes = []Attribute{{Type: OIDCommitmentType, Values: null}, {Type: OIDCommitmentType, Values: null}}
		}, ErrMalformed},
		{"attribute without type", func(t *Template) { t.Attributes = []Attribute{{Values: null}} }, ErrMalformed},
		{"attribute without value", func(t *Template) { t.Attributes = []Attribute{{Type: OIDCommitmentType}} }, ErrMalformed},
		{"attribute with half a value", func(t *Template) { t.Attributes = []Attribute{{Type: OIDCommitmentType, Values: [][]byte{{5}}}} }, ErrMalformed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			template := id.template(p256)
			tt.change(template)
			_, err := template.SignedAttributes()
			require.ErrorIs(t, err, tt.want)
			_, err = template.SignedData(nil, []byte{1})
			require.ErrorIs(t, err, tt.want)
		})
	}
	rsaID := newIdentity(t, "RSA")
	restricted := *rsaID.cert
	restricted.PublicKeyInfo.Algorithm = pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}}
	template := rsaID.template(Algorithm{RSA, crypto.SHA256})
	template.Certificate = &restricted
	_, err := template.SignedAttributes()
	require.ErrorIs(t, err, ErrKey)
	template.Algorithm.Scheme = RSAPSS
	_, err = template.SignedAttributes()
	require.NoError(t, err)

	template = id.template(p256)
	attributes, err := template.SignedAttributes()
	require.NoError(t, err)
	_, err = template.SignedData(attributes, nil)
	require.ErrorIs(t, err, ErrSignature)
	attributes[len(attributes)-1] ^= 1
	_, err = template.SignedData(attributes, []byte{1})
	require.ErrorIs(t, err, ErrMalformed)
}

// TestTemplateAttributes: further attributes and a signing time, which PAdES does without, arrive as they were given.
func TestTemplateAttributes(t *testing.T) {
	id := newIdentity(t, "P-256")
	template := id.template(p256)
	value := tlv(t, 0x30, oidDER(t, OIDData))
	template.SigningTime = time.Date(2026, 11, 22, 9, 0, 0, 999, time.FixedZone("JST", 9*3600))
	template.Attributes = []Attribute{{Type: OIDCommitmentType, Values: [][]byte{value}}}
	token := Attribute{Type: OIDSignatureTimeStamp, Values: [][]byte{tlv(t, 0x30)}}
	der := id.sign(t, template, token)
	_, si := parse(t, der)
	require.Len(t, si.SignedAttributes, 5)
	require.Equal(t, [][]byte{value}, si.SignedAttributes.All(OIDCommitmentType))
	at, ok := si.SigningTime()
	require.True(t, ok)
	require.Equal(t, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), at)
	require.Equal(t, token.Values, si.UnsignedAttributes.All(OIDSignatureTimeStamp))
	v, err := si.Verify(id.cert, template.ContentDigest)
	require.NoError(t, err)
	require.Empty(t, v.Findings)

	_, plain := parse(t, id.sign(t, id.template(p256)))
	require.Len(t, plain.SignedAttributes, 3)
	require.Empty(t, plain.UnsignedAttributes)
	_, ok = plain.SigningTime()
	require.False(t, ok)
}

// TestAddUnsigned: a time stamp comes into a finished signature, in DER or BER, and nothing that was there changes.
func TestAddUnsigned(t *testing.T) {
	id := newIdentity(t, "P-256")
	first := Attribute{Type: OIDSignatureTimeStamp, Values: [][]byte{tlv(t, 0x30, []byte{5, 0})}}
	second := Attribute{Type: OIDRevocationArchival, Values: [][]byte{tlv(t, 0x30)}}
	f := newForgery(t, id, p256)
	f.attributes, f.unsorted = f.ordered(), true
	f.choices = append(f.choices, tlv(t, 0xa9))
	for _, in := range [][]byte{f.der(), toBER(t, f.der(), nil)} {
		sd, before := parse(t, in)
		one, err := sd.AddUnsigned(first)
		require.NoError(t, err)
		sd, _ = parse(t, one)
		two, err := sd.AddUnsigned(second)
		require.NoError(t, err)
		sd, after := parse(t, two)
		require.Equal(t, before.RawSignedAttributes, after.RawSignedAttributes)
		require.Equal(t, before.Signature, after.Signature)
		require.Len(t, sd.Certificates, 2)
		require.Len(t, after.UnsignedAttributes, 2)
		require.Equal(t, first.Values, after.UnsignedAttributes.All(first.Type))
		require.Equal(t, second.Values, after.UnsignedAttributes.All(second.Type))
		_, err = after.Verify(id.cert, digestOf(crypto.SHA256, content))
		require.NoError(t, err)
	}
	sd, _ := parse(t, f.der())
	sd.SignerInfos = nil
	_, err := sd.AddUnsigned(first)
	require.ErrorIs(t, err, ErrMalformed)
}

func TestOmitCertificates(t *testing.T) {
	id := newIdentity(t, "P-256")
	template := &Template{Algorithm: Algorithm{ECDSA, crypto.SHA256}, Content: content, Certificate: id.cert, OmitCertificates: true}
	der, err := template.Sign(t.Context(), nil, id.key)
	require.NoError(t, err)
	sd, _, err := Parse(der)
	require.NoError(t, err)
	require.Empty(t, sd.Certificates)
	_, err = sd.SignerCertificate(sd.SignerInfos[0])
	require.ErrorIs(t, err, ErrNoCertificate)
	c, err := sd.SignerCertificate(sd.SignerInfos[0], id.cert)
	require.NoError(t, err)
	digest, err := sd.ContentDigest(Hash(crypto.SHA256))
	require.NoError(t, err)
	_, err = sd.SignerInfos[0].Verify(c, digest)
	require.NoError(t, err)
}
