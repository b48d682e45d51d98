package algorithm

import (
	"math/big"
	"testing"
)

// BenchmarkVerify measures what a stranger can make us do once per certificate signature.
func BenchmarkVerify(b *testing.B) {
	for _, v := range curveVectors {
		key, err := curveNamed(b, v.curve).ParsePoint(unhex(b, v.point))
		if err != nil {
			b.Fatal(err)
		}
		sig := unhex(b, v.signature)
		b.Run(v.curve+" "+v.hash.String(), func(b *testing.B) {
			for b.Loop() {
				_ = VerifyMessage(key, Signature{Scheme: ECDSA, Hash: v.hash}, []byte(vectorMessage), sig)
			}
		})
	}
	b.Run("Ed448", func(b *testing.B) {
		v := ed448Vectors[0]
		key, sig := Ed448Key(unhex(b, v.key)), unhex(b, v.signature)
		for b.Loop() {
			_ = VerifyMessage(key, Signature{Scheme: Ed448}, nil, sig)
		}
	})
	b.Run("DSA at the limit", func(b *testing.B) {
		one := big.NewInt(1)
		q := new(big.Int).Sub(new(big.Int).Lsh(one, maxDSAOrderBits), big.NewInt(189)) // prime
		p := new(big.Int).Lsh(q, maxDSABits-maxDSAOrderBits)
		key := &DSAKey{P: p.Add(p, one), Q: q, G: new(big.Int).Rsh(p, 1), Y: new(big.Int).Rsh(p, 2)}
		sig := pair(b, new(big.Int).Rsh(q, 1), new(big.Int).Rsh(q, 2))
		for b.Loop() {
			_ = key.verify(make([]byte, 32), sig)
			_ = key.check()
		}
	})
}
