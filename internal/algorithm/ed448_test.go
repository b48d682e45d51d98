package algorithm

import (
	"bytes"
	"crypto/rand"
	"crypto/sha3"
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func reversed(b []byte) []byte {
	b = bytes.Clone(b)
	slices.Reverse(b)
	return b
}

func TestEd448Vectors(t *testing.T) {
	algorithm := Signature{Scheme: Ed448}
	order := newEdwards448().order
	for i, v := range ed448Vectors {
		key, message, sig := Ed448Key(unhex(t, v.key)), unhex(t, v.message), unhex(t, v.signature)
		require.NoError(t, VerifyMessage(key, algorithm, message, sig), "%d", i)
		require.Equal(t, 456, KeyBits(key))
		require.Empty(t, Weak(algorithm, key))
		require.ErrorIs(t, VerifyMessage(key, algorithm, append(message, 0), sig), ErrSignature)
		require.ErrorIs(t, VerifyMessage(key, Signature{Scheme: Ed25519}, message, sig), ErrKeyMismatch)
		require.ErrorIs(t, VerifyDigest(key, algorithm, message, sig), ErrUnsupported)
		changed := func(f func(b []byte)) []byte {
			b := slices.Clone(sig)
			f(b)
			return b
		}
		s := new(big.Int).Add(littleEndian(sig[Ed448KeySize:]), order)
		for name, bad := range map[string][]byte{
			"empty":     nil,
			"short":     sig[:2*Ed448KeySize-1],
			"long":      append(slices.Clone(sig), 0),
			"R":         changed(func(b []byte) { b[0] ^= 1 }),
			"sign of R": changed(func(b []byte) { b[Ed448KeySize-1] ^= 0x80 }),
			"S":         changed(func(b []byte) { b[Ed448KeySize] ^= 1 }),
			"S + L":     changed(func(b []byte) { copy(b[Ed448KeySize:], reversed(s.FillBytes(make([]byte, Ed448KeySize)))) }),
			"S = 0":     changed(func(b []byte) { clear(b[Ed448KeySize:]) }),
			"last byte": changed(func(b []byte) { b[2*Ed448KeySize-1] |= 0x80 }),
		} {
			require.ErrorIs(t, VerifyMessage(key, algorithm, message, bad), ErrSignature, name)
		}
	}
}

// TestEd448Context: the vector of RFC 8032 §7.4 with the context "foo" is no signature without it.
func TestEd448Context(t *testing.T) {
	sig := unhex(t, "d4f8f6131770dd46f40867d6fd5d5055de43541f8c5e35abbcd001b32a89f7d2151f7647f11d8ca2ae279fb842d607217fce6e042f6815ea00"+
		"0c85741de5c8da1144a6a1aba7f96de42505d7a7298524fda538fccbbb754f578c1cad10d54d0d5428407e85dcbc98a49155c13764e66c3c00")
	require.ErrorIs(t, VerifyMessage(Ed448Key(unhex(t, ed448Vectors[1].key)), Signature{Scheme: Ed448}, []byte{3}, sig), ErrSignature)
}

// TestEd448Keys: encodings that RFC 8032 §5.2.3 refuses, and points with which anyone can sign.
func TestEd448Keys(t *testing.T) {
	e := newEdwards448()
	encoded := func(y *big.Int, sign byte) Ed448Key {
		b := reversed(y.FillBytes(make([]byte, Ed448KeySize)))
		b[Ed448KeySize-1] |= sign << 7
		return b
	}
	one := big.NewInt(1)
	noPoint := new(big.Int)
	for found := true; found; {
		_, found = e.decode(encoded(noPoint.Add(noPoint, one), 0))
	}
	for name, key := range map[string]Ed448Key{
		"identity":                  encoded(one, 0),
		"order 2":                   encoded(new(big.Int).Sub(e.p, one), 0),
		"order 4":                   encoded(new(big.Int), 0),
		"order 4, other sign":       encoded(new(big.Int), 1),
		"x = 0 with a sign":         encoded(one, 1),
		"x = 0 with a sign, y = -1": encoded(new(big.Int).Sub(e.p, one), 1),
		"y = p":                     encoded(e.p, 0),
		"y = p + 1":                 encoded(new(big.Int).Add(e.p, one), 0),
		"y over p":                  encoded(new(big.Int).Lsh(one, 448), 0),
		"no point":                  encoded(noPoint, 0),
	} {
		// With the identity as key, R = [S]B holds for every message.
		forged := slices.Concat(e.encode(e.combine(one, e.base, one, e.base)), encoded(big.NewInt(2), 0))
		require.ErrorIs(t, VerifyMessage(key, Signature{Scheme: Ed448}, nil, forged), ErrMalformed, name)
	}
	for _, key := range []any{nil, Ed448Key(nil), make(Ed448Key, 56), make(Ed448Key, 58), make([]byte, 57)} {
		require.ErrorIs(t, VerifyMessage(key, Signature{Scheme: Ed448}, nil, nil), ErrKeyMismatch)
	}
}

// TestEdwards448 checks the constants by what the curve must satisfy, and the arithmetic by its laws.
func TestEdwards448(t *testing.T) {
	e := newEdwards448()
	one := big.NewInt(1)
	require.True(t, e.p.ProbablyPrime(32) && e.order.ProbablyPrime(32))
	xx, yy := e.mul(e.base.x, e.base.x), e.mul(e.base.y, e.base.y)
	left := new(big.Int).Add(xx, yy)
	right := new(big.Int).Add(one, e.mul(e.d, e.mul(xx, yy)))
	require.Equal(t, left.Mod(left, e.p), right.Mod(right, e.p), "the base point is on the curve")
	require.Nil(t, new(big.Int).ModSqrt(e.d, e.p), "d is no square, so the addition is complete")
	require.True(t, e.isIdentity(e.combine(e.order, e.base, new(big.Int), e.base)))
	back, ok := e.decode(e.encode(e.base))
	require.True(t, ok)
	require.Equal(t, e.base, back)
	for range 3 {
		u, err := rand.Int(rand.Reader, e.order)
		require.NoError(t, err)
		v, err := rand.Int(rand.Reader, e.order)
		require.NoError(t, err)
		sum := new(big.Int).Add(u, v)
		require.Equal(t, e.encode(e.combine(sum, e.base, new(big.Int), e.base)), e.encode(e.combine(u, e.base, v, e.base)))
		require.Equal(t, e.encode(e.double(e.base)), e.encode(e.add(e.base, e.base)))
	}
}

// TestEd448Torsion: a signature whose R has a component of small order holds only where the cofactor is multiplied with.
// Validators differ there; this one refuses.
func TestEd448Torsion(t *testing.T) {
	e := newEdwards448()
	secret, nonce := big.NewInt(123456789), big.NewInt(987654321)
	multiple := func(k *big.Int) edwardsPoint { return e.combine(k, e.base, new(big.Int), e.base) }
	key, message := Ed448Key(e.encode(multiple(secret))), []byte("m")
	sign := func(r edwardsPoint) []byte {
		encoded := e.encode(r)
		h := sha3.NewSHAKE256()
		_, _ = h.Write(slices.Concat([]byte("SigEd448\x00\x00"), encoded, key, message))
		sum := make([]byte, 2*Ed448KeySize)
		_, _ = h.Read(sum)
		s := littleEndian(sum)
		s.Mul(s, secret).Add(s, nonce).Mod(s, e.order)
		return append(encoded, reversed(s.FillBytes(make([]byte, Ed448KeySize)))...)
	}
	require.NoError(t, VerifyMessage(key, Signature{Scheme: Ed448}, message, sign(multiple(nonce))))
	order2 := edwardsPoint{new(big.Int), new(big.Int).Sub(e.p, big.NewInt(1)), big.NewInt(1)}
	require.ErrorIs(t, VerifyMessage(key, Signature{Scheme: Ed448}, message, sign(e.add(multiple(nonce), order2))), ErrSignature)
}
