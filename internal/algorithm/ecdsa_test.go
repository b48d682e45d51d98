package algorithm

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

const vectorMessage = "the message"

// pair encodes an ECDSA-Sig-Value.
func pair(t testing.TB, r, s *big.Int) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1BigInt(r)
		b.AddASN1BigInt(s)
	})
	der, err := b.Bytes()
	require.NoError(t, err)
	return der
}

func TestBrainpoolVectors(t *testing.T) {
	for _, v := range curveVectors {
		key, err := curveNamed(t, v.curve).ParsePoint(unhex(t, v.point))
		require.NoError(t, err)
		s, sig := Signature{Scheme: ECDSA, Hash: v.hash}, unhex(t, v.signature)
		require.NoError(t, VerifyMessage(key, s, []byte(vectorMessage), sig), v.curve)
		require.ErrorIs(t, VerifyMessage(key, s, []byte("another"), sig), ErrSignature)
		require.ErrorIs(t, VerifyMessage(key, Signature{Scheme: ECDSA, Hash: SHA384}, []byte(vectorMessage), sig), ErrSignature)
		require.ErrorIs(t, VerifyMessage(key, Signature{Scheme: RSA, Hash: v.hash}, []byte(vectorMessage), sig), ErrKeyMismatch)
		require.Equal(t, key.Curve.Bits(), KeyBits(key))
		require.Empty(t, Weak(s, key))
	}
}

// TestECDSARefuses: values that no signature has, and encodings that are not DER.
func TestECDSARefuses(t *testing.T) {
	for _, v := range curveVectors {
		c := curveNamed(t, v.curve)
		key, err := c.ParsePoint(unhex(t, v.point))
		require.NoError(t, err)
		sig := unhex(t, v.signature)
		r, s, ok := parsePair(sig)
		require.True(t, ok)
		zero, minus := new(big.Int), func(v *big.Int) *big.Int { return new(big.Int).Sub(c.N, v) }
		require.NoError(t, VerifyMessage(key, Signature{Scheme: ECDSA, Hash: v.hash}, []byte(vectorMessage), pair(t, r, minus(s))), "both are valid")
		for name, sig := range map[string][]byte{
			"empty":          nil,
			"r = 0":          pair(t, zero, s),
			"s = 0":          pair(t, r, zero),
			"both 0":         pair(t, zero, zero),
			"r = n":          pair(t, c.N, s),
			"s = n":          pair(t, r, c.N),
			"r + n":          pair(t, new(big.Int).Add(r, c.N), s),
			"s + n":          pair(t, r, new(big.Int).Add(s, c.N)),
			"-r":             pair(t, new(big.Int).Neg(r), s),
			"-s":             pair(t, r, new(big.Int).Neg(s)),
			"n - r":          pair(t, minus(r), s),
			"exchanged":      pair(t, s, r),
			"bytes after":    append(slices.Clone(sig), 0),
			"cut off":        sig[:len(sig)-1],
			"other tag":      append([]byte{0x31}, sig[1:]...),
			"padded integer": {0x30, 7, 2, 2, 0, 1, 2, 1, 1},
			"one integer":    {0x30, 3, 2, 1, 1},
			"three integers": {0x30, 9, 2, 1, 1, 2, 1, 1, 2, 1, 1},
		} {
			err := VerifyMessage(key, Signature{Scheme: ECDSA, Hash: v.hash}, []byte(vectorMessage), sig)
			require.ErrorIs(t, err, ErrSignature, "%s: %s", v.curve, name)
		}
		off := &ECKey{Curve: c, X: key.X, Y: new(big.Int).Add(key.Y, big.NewInt(1))}
		for _, k := range []*ECKey{nil, {}, {Curve: c}, off} {
			require.ErrorIs(t, VerifyMessage(k, Signature{Scheme: ECDSA, Hash: v.hash}, []byte(vectorMessage), sig), ErrMalformed)
		}
	}
}

// TestECDSAInfinity: a key and a signature for which the sum is the point at infinity.
func TestECDSAInfinity(t *testing.T) {
	c := curveNamed(t, "brainpoolP256r1")
	key := &ECKey{Curve: c, X: c.X, Y: c.Y} // the private key 1: u + v = 0 where r = -e
	digest := SHA256.Sum([]byte(vectorMessage))
	e := leftmost(digest, 256)
	r := e.Neg(e).Mod(e, c.N)
	require.False(t, key.verify(digest, pair(t, r, big.NewInt(1))))
}

func TestPlainECDSA(t *testing.T) {
	message := []byte(vectorMessage)
	for _, v := range curveVectors {
		key, err := curveNamed(t, v.curve).ParsePoint(unhex(t, v.point))
		require.NoError(t, err)
		r, s, ok := parsePair(unhex(t, v.signature))
		require.True(t, ok)
		requirePlain(t, key, v.hash, r, s, key.Curve.N)
	}
	for _, curve := range []elliptic.Curve{elliptic.P224(), elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		priv, err := ecdsa.GenerateKey(curve, rand.Reader)
		require.NoError(t, err)
		r, s, err := ecdsa.Sign(rand.Reader, priv, SHA256.Sum(message))
		require.NoError(t, err)
		requirePlain(t, &priv.PublicKey, SHA256, r, s, curve.Params().N)
	}
	require.ErrorIs(t, VerifyMessage((*ecdsa.PublicKey)(nil), Signature{Scheme: PlainECDSA, Hash: SHA256}, message, nil), ErrKeyMismatch)
}

func requirePlain(t *testing.T, key any, h Hash, r, s, order *big.Int) {
	message, size := []byte(vectorMessage), (order.BitLen()+7)/8
	sig := slices.Concat(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size)))
	algorithm := Signature{Scheme: PlainECDSA, Hash: h}
	require.NoError(t, VerifyMessage(key, algorithm, message, sig))
	for name, bad := range map[string][]byte{
		"empty":       nil,
		"short":       sig[1:],
		"long":        append(slices.Clone(sig), 0),
		"zero before": append([]byte{0}, sig...),
		"zeros":       make([]byte, 2*size),
		"r = 0":       append(make([]byte, size), sig[size:]...),
		"s = 0":       append(slices.Clone(sig[:size]), make([]byte, size)...),
		"DER":         pair(t, r, s),
		"changed":     append([]byte{sig[0] ^ 1}, sig[1:]...),
	} {
		require.ErrorIs(t, VerifyMessage(key, algorithm, message, bad), ErrSignature, name)
	}
	require.ErrorIs(t, VerifyMessage(key, Signature{Scheme: ECDSA, Hash: h}, message, sig), ErrSignature, "plain as DER")
}
