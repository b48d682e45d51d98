package algorithm

import (
	"crypto"
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzVerify changes key, message and signature of each scheme of this package: nothing panics, and what is signed is
// signed by its own key and message only.
func FuzzVerify(f *testing.F) {
	type seed struct{ key, message, sig []byte }
	var seeds []seed
	for _, v := range curveVectors {
		seeds = append(seeds, seed{unhex(f, v.point), []byte(vectorMessage), unhex(f, v.signature)})
	}
	for _, v := range ed448Vectors {
		seeds = append(seeds, seed{unhex(f, v.key), unhex(f, v.message), unhex(f, v.signature)})
	}
	require.Len(f, seeds, 9)
	known := make(map[string]bool)
	for _, s := range seeds {
		f.Add(s.key, s.message, s.sig)
		known[string(s.key)+string(s.message)] = true
	}
	list := curves(f)
	f.Fuzz(func(t *testing.T, key, message, sig []byte) {
		if err := VerifyMessage(Ed448Key(key), Signature{Scheme: Ed448}, message, sig); err == nil {
			require.True(t, known[string(key)+string(message)])
		}
		for _, c := range list {
			k, err := c.ParsePoint(key)
			if err != nil {
				require.ErrorIs(t, err, ErrMalformed)
				continue
			}
			for _, s := range []Signature{{Scheme: ECDSA, Hash: SHA256}, {Scheme: ECDSA, Hash: SHA512}, {Scheme: PlainECDSA, Hash: SHA256}} {
				if VerifyMessage(k, s, message, sig) == nil {
					require.True(t, known[string(key)+string(message)] || len(key) < 1+2*c.Bits()/8, "a point may be compressed")
				}
			}
		}
	})
}

// FuzzParseSignature: what is understood is written back as the same algorithm, unless it is an alias.
func FuzzParseSignature(f *testing.F) {
	seeds := 0
	for i := range signatureTable {
		der, err := asn1.Marshal(pkix.AlgorithmIdentifier{Algorithm: signatureTable[i].oid, Parameters: null()})
		require.NoError(f, err)
		f.Add(der)
		seeds++
	}
	for _, h := range []Hash{SHA1, SHA256, SHAKE256} {
		id, err := NewPSS(h).Identifier()
		require.NoError(f, err)
		der, err := asn1.Marshal(id)
		require.NoError(f, err)
		f.Add(der)
		seeds++
	}
	require.Greater(f, seeds, 40)
	f.Fuzz(func(t *testing.T, der []byte) {
		var id pkix.AlgorithmIdentifier
		if _, err := asn1.Unmarshal(der, &id); err != nil {
			return
		}
		s, err := ParseSignature(id)
		if err != nil {
			return
		}
		require.True(t, s.Hash == 0 || s.Hash.Available())
		require.Error(t, VerifyMessage(crypto.PublicKey(nil), s, nil, nil))
		written, err := s.Identifier()
		if err != nil { // an alias without a hash function: id-dsa, id-ecSigType
			require.Zero(t, s.Hash)
			return
		}
		back, err := ParseSignature(written)
		require.NoError(t, err)
		require.Equal(t, s, back)
	})
}
