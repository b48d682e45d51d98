package keyfile_test

import (
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/keyfile"
)

// TestRC2: the vectors of RFC 2268, 5, in which all bits of the key are effective.
func TestRC2(t *testing.T) {
	for _, v := range []struct{ key, plain, encrypted string }{
		{"ffffffffffffffff", "ffffffffffffffff", "278b27e42e2f0d49"},
		{"3000000000000000", "1000000000000001", "30649edf9be7d2c2"},
		{"88bca90e90875a7f0f79c384627bafb2", "0000000000000000", "2269552ab0f85ca6"},
	} {
		key, err := hex.DecodeString(v.key)
		require.NoError(t, err)
		block, err := hex.DecodeString(v.plain)
		require.NoError(t, err)
		c, err := keyfile.NewRC2(key)
		require.NoError(t, err)
		c.Encrypt(block, block)
		require.Equal(t, v.encrypted, hex.EncodeToString(block))
		c.Decrypt(block, block)
		require.Equal(t, v.plain, hex.EncodeToString(block))
	}
}
