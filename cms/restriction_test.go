package cms_test

import (
	"crypto"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/testpki"
)

// TestAlgorithmForCertificate: a certificate may restrict its RSA key to RSA-PSS, and to a hash function.
func TestAlgorithmForCertificate(t *testing.T) {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	for _, kind := range testpki.KeyTypes() {
		id, err := pki.Issue(&testpki.Request{KeyType: kind})
		require.NoError(t, err)
		want, err := cms.AlgorithmFor(id.Key.Public())
		require.NoError(t, err)
		a, err := cms.AlgorithmForCertificate(id.Certificate)
		require.NoError(t, err)
		require.Equal(t, want, a)
	}
	id, err := pki.Issue(&testpki.Request{RestrictToPSS: true})
	require.NoError(t, err)
	a, err := cms.AlgorithmForCertificate(id.Certificate)
	require.NoError(t, err)
	require.Equal(t, cms.Algorithm{Scheme: cms.RSAPSS, Hash: crypto.SHA256}, a)

	c := *id.Certificate
	for h, want := range map[crypto.Hash]error{crypto.SHA384: nil, crypto.SHA512: nil, crypto.SHA1: cms.ErrUnsupported} {
		demand, err := algorithm.NewPSS(algorithm.Hash(h)).Identifier()
		require.NoError(t, err)
		c.PublicKeyInfo.Algorithm = demand
		a, err := cms.AlgorithmForCertificate(&c)
		require.ErrorIs(t, err, want)
		if want == nil {
			require.Equal(t, cms.Algorithm{Scheme: cms.RSAPSS, Hash: h}, a)
		}
	}
	c.PublicKey = nil
	_, err = cms.AlgorithmForCertificate(&c)
	require.ErrorIs(t, err, cms.ErrUnsupported)
}
