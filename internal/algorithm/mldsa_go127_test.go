//go:build go1.27

package algorithm

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/mldsa"
	"testing"

	"github.com/stretchr/testify/require"
)

func mldsaKey(t *testing.T, s Scheme) *mldsa.PrivateKey {
	t.Helper()
	parameters := map[Scheme]mldsa.Parameters{MLDSA44: mldsa.MLDSA44(), MLDSA65: mldsa.MLDSA65(), MLDSA87: mldsa.MLDSA87()}[s]
	key, err := mldsa.NewPrivateKey(parameters, bytes.Repeat([]byte{7}, mldsa.PrivateKeySize))
	require.NoError(t, err)
	return key
}

func TestMLDSA(t *testing.T) {
	message := []byte("signed attributes")
	for _, s := range mldsaSchemes {
		key := mldsaKey(t, s)
		signature, err := key.Sign(nil, message, crypto.Hash(0))
		require.NoError(t, err)
		pub, err := ParseMLDSAKey(s, key.PublicKey().Bytes())
		require.NoError(t, err)
		require.Equal(t, s, MLDSAScheme(pub))
		require.Equal(t, len(signature), MLDSASignatureSize(pub))
		require.Equal(t, 8*len(key.PublicKey().Bytes()), KeyBits(pub))
		require.Empty(t, Weak(Signature{Scheme: s}, pub))
		require.NoError(t, VerifyMessage(pub, Signature{Scheme: s}, message, signature))

		for i := 0; i < len(signature); i += 97 {
			changed := bytes.Clone(signature)
			changed[i] ^= 1
			require.ErrorIs(t, VerifyMessage(pub, Signature{Scheme: s}, message, changed), ErrSignature)
		}
		for _, bad := range [][]byte{nil, signature[:len(signature)-1], append(bytes.Clone(signature), 0)} {
			require.ErrorIs(t, VerifyMessage(pub, Signature{Scheme: s}, message, bad), ErrSignature)
		}
		require.ErrorIs(t, VerifyMessage(pub, Signature{Scheme: s}, []byte("other"), signature), ErrSignature)
		withContext, err := key.Sign(nil, message, &mldsa.Options{Context: "x"})
		require.NoError(t, err)
		require.ErrorIs(t, VerifyMessage(pub, Signature{Scheme: s}, message, withContext), ErrSignature, "a context is not that of RFC 9882, 3.2")

		for _, other := range mldsaSchemes {
			if other != s {
				require.ErrorIs(t, VerifyMessage(pub, Signature{Scheme: other}, message, signature), ErrKeyMismatch)
			}
		}
		require.ErrorIs(t, VerifyMessage(ed25519.PublicKey(make([]byte, 32)), Signature{Scheme: s}, message, signature), ErrKeyMismatch)
		require.ErrorIs(t, VerifyMessage((*mldsa.PublicKey)(nil), Signature{Scheme: s}, message, signature), ErrKeyMismatch)
		require.ErrorIs(t, VerifyMessage(pub, Signature{Scheme: Ed25519}, message, signature), ErrKeyMismatch)
	}
	require.Equal(t, SchemeUnknown, MLDSAScheme(nil))
}
