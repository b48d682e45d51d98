package revocation

import (
	"encoding/asn1"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestIntegerBytes: the content octets are those that encoding/asn1 writes.
func TestIntegerBytes(t *testing.T) {
	for _, text := range []string{"0", "1", "7f", "80", "ff", "100", "7fff", "8000", "ffffffffffffffffffff", "-1", "-80", "-81", "-8000", "-8001"} {
		n, ok := new(big.Int).SetString(text, 16)
		require.True(t, ok)
		der, err := asn1.Marshal(n)
		require.NoError(t, err)
		require.Equal(t, der[2:], integerBytes(n), text)
	}
}
