package algorithm

import (
	"crypto"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"hash"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
)

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	require.NoError(t, err)
	return b
}

// TestHashValues: FIPS 202 for SHAKE256 and the paper on RIPEMD-160, whose values everyone prints.
func TestHashValues(t *testing.T) {
	tests := []struct {
		h              Hash
		message, value string
	}{
		{SHAKE256, "", "46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762fd75dc4ddd8c0f200cb05019d67b592f6fc821c49479ab48640292eacb3b7c4be"},
		{RIPEMD160, "abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"},
		{SHA256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	}
	for _, tt := range tests {
		require.Equal(t, unhex(t, tt.value), tt.h.Sum([]byte(tt.message)), tt.h.String())
	}
}

func TestHash(t *testing.T) {
	for _, h := range []Hash{MD5, SHA1, SHA224, SHA256, SHA384, SHA512, SHA512_224, SHA512_256, SHA3_224, SHA3_256, SHA3_384, SHA3_512, RIPEMD160, SHAKE256} {
		require.True(t, h.Available())
		require.Len(t, h.Sum(nil), h.Size())
		require.Equal(t, h.Size(), h.New().Size())
		require.Positive(t, h.New().BlockSize())
		require.NotEqual(t, "unknown", h.String())
		oid, ok := HashOID(h)
		require.True(t, ok)
		back, ok := HashByOID(oid)
		require.True(t, ok)
		require.Equal(t, h, back)
		if h == SHAKE256 {
			require.Zero(t, h.Crypto())
		} else {
			require.Equal(t, h.String(), h.Crypto().String())
		}
	}
	for _, h := range []Hash{0, Hash(crypto.BLAKE2b_256), 1000, SHAKE256 + 1} {
		require.False(t, h.Available())
		require.Zero(t, h.Size())
		require.Equal(t, "unknown", h.String())
		_, ok := HashOID(h)
		require.False(t, ok)
	}
}

// TestSHAKE256Continues: reading a digest leaves the state alone, a clone goes its own way, Reset begins anew.
func TestSHAKE256Continues(t *testing.T) {
	h := SHAKE256.New()
	h.Write([]byte("ab"))
	require.Equal(t, SHAKE256.Sum([]byte("ab")), h.Sum(nil))
	require.Equal(t, append([]byte{9}, SHAKE256.Sum([]byte("ab"))...), h.Sum([]byte{9}))
	c, err := h.(hash.Cloner).Clone()
	require.NoError(t, err)
	h.Write([]byte("c"))
	c.Write([]byte("d"))
	require.Equal(t, SHAKE256.Sum([]byte("abc")), h.Sum(nil))
	require.Equal(t, SHAKE256.Sum([]byte("abd")), c.Sum(nil))
	h.Reset()
	require.Equal(t, SHAKE256.Sum(nil), h.Sum(nil))
}

func TestParseHash(t *testing.T) {
	number := func(n int64) asn1.RawValue {
		der, err := asn1.Marshal(big.NewInt(n))
		require.NoError(t, err)
		return asn1.RawValue{Tag: asn1.TagInteger, FullBytes: der}
	}
	sha256, _ := HashOID(SHA256)
	shake, _ := HashOID(SHAKE256)
	tests := []struct {
		name string
		id   pkix.AlgorithmIdentifier
		want Hash
		err  error
	}{
		{"absent parameters", pkix.AlgorithmIdentifier{Algorithm: sha256}, SHA256, nil},
		{"NULL", pkix.AlgorithmIdentifier{Algorithm: sha256, Parameters: null()}, SHA256, nil},
		{"id-shake256", pkix.AlgorithmIdentifier{Algorithm: shake}, SHAKE256, nil},
		{"id-shake256-len 512", pkix.AlgorithmIdentifier{Algorithm: oidSHAKE256Len, Parameters: number(512)}, SHAKE256, nil},
		{"id-shake256-len 256", pkix.AlgorithmIdentifier{Algorithm: oidSHAKE256Len, Parameters: number(256)}, 0, ErrUnsupported},
		{"id-shake256-len -512", pkix.AlgorithmIdentifier{Algorithm: oidSHAKE256Len, Parameters: number(-512)}, 0, ErrUnsupported},
		{"id-shake256-len beyond 64 bits", pkix.AlgorithmIdentifier{Algorithm: oidSHAKE256Len, Parameters: asn1.RawValue{FullBytes: append([]byte{2, 9, 1}, make([]byte, 8)...)}}, 0, ErrMalformed},
		{"id-shake256-len without", pkix.AlgorithmIdentifier{Algorithm: oidSHAKE256Len}, 0, ErrMalformed},
		{"id-shake256-len NULL", pkix.AlgorithmIdentifier{Algorithm: oidSHAKE256Len, Parameters: null()}, 0, ErrMalformed},
		{"unknown", pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 3}}, 0, ErrUnsupported},
		{"none", pkix.AlgorithmIdentifier{}, 0, ErrUnsupported},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h, err := ParseHash(tt.id)
			require.ErrorIs(t, err, tt.err)
			require.Equal(t, tt.want, h)
		})
	}
}
