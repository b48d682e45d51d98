package cms

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/cryptobyte"
)

// TestEncoderInteger: integers are as cryptobyte writes them, at all lengths and around the sign bit.
func TestEncoderInteger(t *testing.T) {
	one := big.NewInt(1)
	for bits := range uint(200) {
		power := new(big.Int).Lsh(one, bits)
		for _, n := range []*big.Int{power, new(big.Int).Sub(power, one), new(big.Int).Add(power, one), new(big.Int).Neg(power)} {
			var b cryptobyte.Builder
			b.AddASN1BigInt(n)
			e := newEncoder(0)
			e.integer(n)
			out, err := e.bytes()
			require.NoError(t, err)
			require.Equal(t, b.BytesOrPanic(), out, n)
		}
	}
}
