package cms

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
)

func TestParsePKCS1(t *testing.T) {
	id := newIdentity(t, "RSA")
	for _, h := range []crypto.Hash{crypto.SHA1, crypto.SHA256, crypto.SHA512, crypto.SHA3_256} {
		signature, err := rsa.SignPKCS1v15(nil, id.key.(*rsa.PrivateKey), h, digestOf(h, content))
		require.NoError(t, err)
		half := len(signature) / 2
		for _, der := range [][]byte{
			tlv(t, 4, signature),
			append(append([]byte{0x24, 0x80}, tlv(t, 4, signature[:half])...), append(tlv(t, 4, signature[half:]), 0, 0)...), // BER, in two segments
		} {
			sd, rest, err := ParsePKCS1(append(der, 0, 0, 0), id.cert, id.root)
			require.NoError(t, err)
			require.Equal(t, []byte{0, 0, 0}, rest)
			require.False(t, sd.HasContent)
			require.Equal(t, []*certificate.Certificate{id.cert, id.root}, sd.X509Certificates())
			si := sd.SignerInfos[0]
			got, err := si.DigestHash()
			require.NoError(t, err)
			require.Equal(t, h, got.Crypto())
			cert, err := sd.SignerCertificate(si)
			require.NoError(t, err)
			require.True(t, cert.Equal(id.cert))
			v, err := si.Verify(cert, digestOf(h, content))
			require.NoError(t, err)
			require.True(t, v.NoSignedAttributes && v.SignatureValid)
			require.Equal(t, Algorithm{RSA, h}, v.Algorithm)
			_, err = si.Verify(cert, digestOf(h, []byte("other")))
			require.ErrorIs(t, err, ErrSignature)
		}
	}
}

func TestParsePKCS1Refuses(t *testing.T) {
	id, other := newIdentity(t, "RSA"), newIdentity(t, "P-256")
	signature, err := rsa.SignPKCS1v15(nil, id.key.(*rsa.PrivateKey), crypto.SHA256, digestOf(crypto.SHA256, content))
	require.NoError(t, err)
	_, _, err = ParsePKCS1(tlv(t, 4, signature))
	require.ErrorIs(t, err, ErrNoCertificate)
	for name, b := range map[string][]byte{
		"empty":        nil,
		"bit string":   tlv(t, 3, []byte{0}, signature),
		"cut off":      tlv(t, 4, signature)[:200],
		"signed data":  id.sign(t, id.template(Algorithm{RSA, crypto.SHA256})),
		"odd segments": tlv(t, 0x24, tlv(t, 3, signature)),
	} {
		_, _, err := ParsePKCS1(b, id.cert)
		require.ErrorIs(t, err, ErrMalformed, name)
	}
	_, _, err = ParsePKCS1(make([]byte, maxSize+1), id.cert)
	require.ErrorIs(t, err, ErrLimit)
	_, _, err = ParsePKCS1(make([]byte, maxSize), id.cert)
	require.ErrorIs(t, err, ErrMalformed)

	// A signature of another key, a wrong value, a signature that names no hash function: nothing can be told before Verify.
	raw, err := rsa.SignPKCS1v15(nil, id.key.(*rsa.PrivateKey), 0, digestOf(crypto.SHA1, content))
	require.NoError(t, err)
	for name, try := range map[string]struct {
		cert  *certificate.Certificate
		value []byte
	}{
		"other key":   {other.cert, signature},
		"changed":     {id.cert, append(bytes.Clone(signature[:len(signature)-1]), signature[len(signature)-1]^1)},
		"no hash":     {id.cert, raw},
		"empty value": {id.cert, nil},
	} {
		sd, _, err := ParsePKCS1(tlv(t, 4, try.value), try.cert)
		require.NoError(t, err, name)
		h, err := sd.SignerInfos[0].DigestHash()
		require.NoError(t, err)
		require.Equal(t, algorithm.SHA1, h)
		v, err := sd.SignerInfos[0].Verify(try.cert, digestOf(h, content))
		require.ErrorIs(t, err, ErrSignature, name)
		require.False(t, v.SignatureValid)
	}
}
