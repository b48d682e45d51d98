package certificate

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/algorithm"
)

// TestSignatureChecks: an answer that is remembered is the one that was found, and no
// more are remembered than the limit allows.
func TestSignatureChecks(t *testing.T) {
	a, b := &Certificate{Raw: []byte("a")}, &Certificate{Raw: []byte("b")}
	checks := &SignatureChecks{}
	first := checks.Check(a, b)
	require.Error(t, first)
	require.Same(t, first, checks.Check(a, b), "asked once")
	require.NotSame(t, first, checks.Check(b, a), "another question")
	require.Error(t, (*SignatureChecks)(nil).Check(a, b))

	for i := len(checks.answers); i < maxRememberedChecks; i++ {
		require.Error(t, checks.Check(&Certificate{Raw: []byte{byte(i), byte(i >> 8), byte(i >> 16)}}, b))
	}
	require.Len(t, checks.answers, maxRememberedChecks)
	over := &Certificate{Raw: []byte("over")}
	require.NotSame(t, checks.Check(over, b), checks.Check(over, b), "one over the limit is asked again")
	require.Len(t, checks.answers, maxRememberedChecks)
	require.Same(t, first, checks.Check(a, b))
}

// TestSignatureChecksLimit: signatures beyond the limit are not verified, and no path is
// found through them; a slow key counts more.
func TestSignatureChecksLimit(t *testing.T) {
	checks := &SignatureChecks{Limit: 3}
	key := &Certificate{Raw: []byte("key")}
	other := func(i int) *Certificate { return &Certificate{Raw: []byte{byte(i)}} }
	for i := range 3 {
		require.NotErrorIs(t, checks.Check(other(i), key), errTooManyChecks)
	}
	require.ErrorIs(t, checks.Check(other(3), key), errTooManyChecks)
	require.ErrorIs(t, checks.Check(other(3), &Certificate{Raw: []byte("DSA"), PublicKey: &algorithm.DSAKey{}}), errTooManyChecks)
	require.NotErrorIs(t, checks.Check(other(0), key), errTooManyChecks, "known before")
	require.Equal(t, LimitExceeded, signatureReason(errTooManyChecks))

	modulus := func(bits int) *rsa.PublicKey { return &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), uint(bits-1))} }
	for _, tt := range []struct {
		key  crypto.PublicKey
		want int
	}{
		{modulus(4096), 1}, {modulus(4097), 32}, {&algorithm.RSAKey{}, 32}, {&algorithm.ECKey{}, 32}, {&algorithm.DSAKey{}, 32}, {algorithm.Ed448Key{}, 32},
		{&ecdsa.PublicKey{Curve: elliptic.P256()}, 1}, {&ecdsa.PublicKey{Curve: elliptic.P384()}, 4}, {ed25519.PublicKey{}, 1}, {nil, 1},
	} {
		require.Equal(t, tt.want, slowness(tt.key), "%T", tt.key)
	}
}
