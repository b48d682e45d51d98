package algorithm

import (
	"testing"

	"github.com/stretchr/testify/require"
)

var mldsaSchemes = []Scheme{MLDSA44, MLDSA65, MLDSA87}

// TestMLDSAIdentifiers: the identifiers of RFC 9882, 3.1 are known to every Go, so that a signature can be named.
func TestMLDSAIdentifiers(t *testing.T) {
	for i, s := range mldsaSchemes {
		require.True(t, s.MLDSA())
		require.True(t, s.SignsMessage())
		id, err := Signature{Scheme: s}.Identifier()
		require.NoError(t, err)
		require.Equal(t, "2.16.840.1.101.3.4.3."+[]string{"17", "18", "19"}[i], id.Algorithm.String())
		require.Empty(t, id.Parameters.FullBytes)
		read, err := ParseSignature(id)
		require.NoError(t, err)
		require.Equal(t, Signature{Scheme: s}, read)
		require.Equal(t, []string{"ML-DSA-44", "ML-DSA-65", "ML-DSA-87"}[i], read.String())
		id.Parameters = null()
		_, err = ParseSignature(id)
		require.NoError(t, err, "NULL is forgiven, as elsewhere")
		require.ErrorIs(t, VerifyDigest(nil, read, make([]byte, 64), nil), ErrUnsupported)
	}
	for _, s := range []Scheme{SchemeUnknown, RSA, Ed448, MLDSA87 + 1} {
		require.False(t, s.MLDSA(), s)
	}
}

func TestMLDSAKeySizes(t *testing.T) {
	for _, s := range mldsaSchemes {
		for _, n := range []int{0, mldsaSizes(s).key - 1, mldsaSizes(s).key + 1} {
			_, err := ParseMLDSAKey(s, make([]byte, n))
			require.ErrorIs(t, err, ErrMalformed, "%s: %d bytes", s, n)
		}
	}
	_, err := ParseMLDSAKey(RSA, nil)
	require.ErrorIs(t, err, ErrMalformed)
	require.Zero(t, MLDSASignatureSize(Ed448Key{}))
}
