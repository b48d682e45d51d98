package algorithm

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// readDSA reads a SubjectPublicKeyInfo.
func readDSA(t testing.TB, spki string) *DSAKey {
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	_, err := asn1.Unmarshal(unhex(t, spki), &info)
	require.NoError(t, err)
	var p struct{ P, Q, G *big.Int }
	_, err = asn1.Unmarshal(info.Algorithm.Parameters.FullBytes, &p)
	require.NoError(t, err)
	key := &DSAKey{P: p.P, Q: p.Q, G: p.G}
	_, err = asn1.Unmarshal(info.Key.Bytes, &key.Y)
	require.NoError(t, err)
	return key
}

func TestDSAVectors(t *testing.T) {
	message, algorithm := []byte(vectorMessage), Signature{Scheme: DSA, Hash: SHA256}
	for _, v := range dsaVectors {
		key, sig := readDSA(t, v.key), unhex(t, v.signature)
		require.NoError(t, VerifyMessage(key, algorithm, message, sig), v.name)
		require.ErrorIs(t, VerifyMessage(key, algorithm, []byte("another"), sig), ErrSignature)
		require.ErrorIs(t, VerifyMessage(key, Signature{Scheme: DSA, Hash: SHA1}, message, sig), ErrSignature)
		require.ErrorIs(t, VerifyMessage(key, Signature{Scheme: ECDSA, Hash: SHA256}, message, sig), ErrKeyMismatch)
		require.ErrorIs(t, VerifyMessage(Ed448Key{}, algorithm, message, sig), ErrKeyMismatch)
		require.ErrorIs(t, VerifyMessage((*DSAKey)(nil), algorithm, message, sig), ErrKeyMismatch)
		r, s, ok := parsePair(sig)
		require.True(t, ok)
		zero := new(big.Int)
		for name, bad := range map[string][]byte{
			"empty":       nil,
			"r = 0":       pair(t, zero, s),
			"s = 0":       pair(t, r, zero),
			"r = q":       pair(t, key.Q, s),
			"s = q":       pair(t, r, key.Q),
			"r + q":       pair(t, new(big.Int).Add(r, key.Q), s),
			"s + q":       pair(t, r, new(big.Int).Add(s, key.Q)),
			"q - s":       pair(t, r, new(big.Int).Sub(key.Q, s)),
			"negative":    pair(t, new(big.Int).Neg(r), s),
			"bytes after": append(slices.Clone(sig), 0),
			"cut off":     sig[:len(sig)-1],
		} {
			require.ErrorIs(t, VerifyMessage(key, algorithm, message, bad), ErrSignature, name)
		}
	}
}

// TestDSAKeysRefused: parameters with which anyone could sign, and such as no standard has.
func TestDSAKeysRefused(t *testing.T) {
	good := readDSA(t, dsaVectors[0].key)
	sig, algorithm := unhex(t, dsaVectors[0].signature), Signature{Scheme: DSA, Hash: SHA256}
	one := big.NewInt(1)
	changed := func(f func(k *DSAKey)) *DSAKey {
		k := *good
		f(&k)
		return &k
	}
	for name, key := range map[string]*DSAKey{
		"nothing":           {},
		"no p":              changed(func(k *DSAKey) { k.P = new(big.Int) }),
		"negative p":        changed(func(k *DSAKey) { k.P = new(big.Int).Neg(k.P) }),
		"even p":            changed(func(k *DSAKey) { k.P = new(big.Int).Add(k.P, one) }),
		"no q":              changed(func(k *DSAKey) { k.Q = new(big.Int) }),
		"q of 159 bits":     changed(func(k *DSAKey) { k.Q = new(big.Int).Sub(new(big.Int).Lsh(one, 159), one) }),
		"q divides not p-1": changed(func(k *DSAKey) { k.Q = new(big.Int).Add(k.Q, big.NewInt(2)) }),
		"g = 0":             changed(func(k *DSAKey) { k.G = new(big.Int) }),
		"g = 1":             changed(func(k *DSAKey) { k.G = one }),
		"g = p":             changed(func(k *DSAKey) { k.G = k.P }),
		"g + p":             changed(func(k *DSAKey) { k.G = new(big.Int).Add(k.G, k.P) }),
		"g of another order": changed(func(k *DSAKey) {
			k.G = new(big.Int).Sub(k.P, one)
		}),
		"y = 0":  changed(func(k *DSAKey) { k.Y = new(big.Int) }),
		"y = 1":  changed(func(k *DSAKey) { k.Y = one }),
		"-y":     changed(func(k *DSAKey) { k.Y = new(big.Int).Neg(k.Y) }),
		"y = -1": changed(func(k *DSAKey) { k.Y = new(big.Int).Sub(k.P, one) }),
	} {
		require.ErrorIs(t, VerifyMessage(key, algorithm, []byte(vectorMessage), sig), ErrMalformed, name)
	}
}

// TestDSALimits: at the limit a key is looked at, one bit over it is refused at once.
func TestDSALimits(t *testing.T) {
	bits := func(n int) *big.Int {
		v := new(big.Int).Lsh(big.NewInt(1), uint(n))
		return v.Sub(v, big.NewInt(1))
	}
	algorithm := Signature{Scheme: DSA, Hash: SHA256}
	key := func(p, q int) *DSAKey { return &DSAKey{P: bits(p), Q: bits(q), G: big.NewInt(2), Y: big.NewInt(4)} }
	for _, k := range []*DSAKey{key(maxDSABits+1, maxDSAOrderBits), key(maxDSABits, maxDSAOrderBits+1), key(1<<20, 1<<19)} {
		start := time.Now()
		require.ErrorIs(t, VerifyMessage(k, algorithm, nil, nil), ErrUnsupported)
		require.Less(t, time.Since(start), time.Second)
	}
	require.ErrorIs(t, VerifyMessage(key(maxDSABits, maxDSAOrderBits), algorithm, nil, nil), ErrMalformed, "no key, but not for its size")
}
