//go:build !go1.27

package algorithm

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMLDSAUnsupported: programs built with an older Go say so.
func TestMLDSAUnsupported(t *testing.T) {
	for _, s := range mldsaSchemes {
		_, err := ParseMLDSAKey(s, make([]byte, mldsaSizes(s).key))
		require.ErrorIs(t, err, ErrUnsupported)
		require.ErrorIs(t, VerifyMessage(nil, Signature{Scheme: s}, []byte("message"), make([]byte, 10)), ErrUnsupported)
	}
}
