package revocation_test

import (
	"crypto"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ocsp"

	"github.com/inkan-go/inkan/certificate/revocation"
)

func TestNewRequest(t *testing.T) {
	w := newWorld(t)
	leaf, issuer := w.leaf.Certificate, w.ca.Certificate
	for _, hash := range []crypto.Hash{0, crypto.SHA1, crypto.SHA256, crypto.SHA384, crypto.SHA512} {
		der, err := revocation.NewRequest(leaf, issuer, revocation.RequestOptions{Hash: hash, Nonce: []byte("0123456789")})
		require.NoError(t, err)
		request, err := ocsp.ParseRequest(der)
		require.NoError(t, err)
		require.Equal(t, max(hash, crypto.SHA1), request.HashAlgorithm)
		require.Equal(t, leaf.SerialNumber, request.SerialNumber)

		own, err := (&ocsp.Request{
			HashAlgorithm: request.HashAlgorithm, IssuerNameHash: request.IssuerNameHash,
			IssuerKeyHash: request.IssuerKeyHash, SerialNumber: request.SerialNumber,
		}).Marshal()
		require.NoError(t, err)
		plain, err := revocation.NewRequest(leaf, issuer, revocation.RequestOptions{Hash: hash})
		require.NoError(t, err)
		require.Equal(t, own, plain)
	}
	for name, o := range map[string]revocation.RequestOptions{
		"hash":        {Hash: crypto.BLAKE2b_256},
		"empty nonce": {Nonce: []byte{}},
		"long nonce":  {Nonce: make([]byte, 129)},
	} {
		_, err := revocation.NewRequest(leaf, issuer, o)
		require.Error(t, err, name)
	}
	_, err := revocation.NewRequest(leaf, issuer, revocation.RequestOptions{Nonce: make([]byte, 128)})
	require.NoError(t, err)
	_, err = revocation.NewRequest(leaf, nil, revocation.RequestOptions{})
	require.Error(t, err)
}
