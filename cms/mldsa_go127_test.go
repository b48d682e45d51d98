//go:build go1.27

package cms

import (
	"bytes"
	"context"
	"crypto"
	"crypto/mldsa"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMLDSA: signatures after RFC 9882 with every parameter set and hash function that it calls strong enough.
func TestMLDSA(t *testing.T) {
	for _, c := range []struct {
		parameters mldsa.Parameters
		scheme     Scheme
		strong     []crypto.Hash
		weak       []crypto.Hash
	}{
		{mldsa.MLDSA44(), MLDSA44, []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512, crypto.SHA3_256}, []crypto.Hash{crypto.SHA1, crypto.SHA224}},
		{mldsa.MLDSA65(), MLDSA65, []crypto.Hash{crypto.SHA384, crypto.SHA512, crypto.SHA3_384}, []crypto.Hash{crypto.SHA256}},
		{mldsa.MLDSA87(), MLDSA87, []crypto.Hash{crypto.SHA512, crypto.SHA3_512}, []crypto.Hash{crypto.SHA256, crypto.SHA384}},
	} {
		key, err := mldsa.GenerateKey(c.parameters)
		require.NoError(t, err)
		id := issueFor(t, key, 10)
		usual, err := AlgorithmFor(key.Public())
		require.NoError(t, err)
		require.Equal(t, Algorithm{c.scheme, crypto.SHA512}, usual)
		require.Equal(t, c.parameters.String()+" with SHA-512", usual.String())
		for _, h := range c.strong {
			a := Algorithm{c.scheme, h}
			w := h.New()
			w.Write([]byte("content"))
			digest := w.Sum(nil)
			template := &Template{Algorithm: a, ContentDigest: digest, Certificate: id.cert}
			der, err := template.Sign(context.Background(), nil, key)
			require.NoError(t, err)
			sd, rest, err := Parse(der)
			require.NoError(t, err)
			require.Empty(t, rest)
			si := sd.SignerInfos[0]
			require.Empty(t, si.SignatureAlgorithm.Parameters.FullBytes)
			v, err := si.Verify(id.cert, digest)
			require.NoError(t, err)
			require.True(t, v.DigestValid && v.SignatureValid)
			require.Equal(t, a, v.Algorithm)
			require.Empty(t, v.Findings)
			named, err := si.Algorithm()
			require.NoError(t, err)
			require.Equal(t, a, named)

			v, err = si.Verify(id.cert, bytes.Repeat([]byte{1}, len(digest)))
			require.ErrorIs(t, err, ErrDigest)
			require.True(t, v.SignatureValid)
			other, err := mldsa.GenerateKey(c.parameters)
			require.NoError(t, err)
			_, err = si.Verify(issueFor(t, other, 10).cert, digest)
			require.ErrorIs(t, err, ErrSignature)
		}
		for _, h := range c.weak {
			require.ErrorIs(t, Algorithm{c.scheme, h}.CheckKey(key.Public()), ErrUnsupported, h)
		}
		require.ErrorIs(t, Algorithm{RSA, crypto.SHA512}.CheckKey(key.Public()), ErrKey)
	}
}

// TestMLDSADigest: others may use a hash function that is weaker than the scheme; it is told.
func TestMLDSADigest(t *testing.T) {
	key, err := mldsa.GenerateKey(mldsa.MLDSA87())
	require.NoError(t, err)
	f := newForgery(t, issueFor(t, key, 10), Algorithm{MLDSA87, crypto.SHA512})
	f.digestID = encode(t, func(e *encoder) { e.digestAlgorithm(crypto.SHA256) })
	f.listed = f.digestID
	f.replace(OIDMessageDigest, attr(t, OIDMessageDigest, tlv(t, 4, digestOf(crypto.SHA256, content))))
	v, err := f.verify(f.der())
	require.NoError(t, err)
	require.True(t, v.SignatureValid)
	require.Len(t, v.Findings, 1)
	require.Equal(t, CodeMLDSADigest, v.Findings[0].Code)
	require.Equal(t, Warning, v.Findings[0].Severity)
}
