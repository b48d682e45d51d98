package cms

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/ber"
)

func TestSignAndVerify(t *testing.T) {
	for kind, list := range algorithms() {
		id := newIdentity(t, kind)
		for _, a := range list {
			t.Run(kind+" "+a.String(), func(t *testing.T) {
				template := id.template(a)
				der := id.sign(t, template)
				ok, err := ber.IsDER(der)
				require.NoError(t, err)
				require.True(t, ok, "is DER")
				sd, rest, err := Parse(append(der, 0, 0, 0))
				require.NoError(t, err)
				require.Equal(t, []byte{0, 0, 0}, rest)
				require.Equal(t, 1, sd.Version)
				require.False(t, sd.HasContent)
				require.Len(t, sd.Certificates, 2)
				si := sd.SignerInfos[0]
				h, err := si.DigestHash()
				require.NoError(t, err)
				require.Equal(t, a.Hash, h.Crypto())
				got, err := si.Algorithm()
				require.NoError(t, err)
				require.Equal(t, a, got)
				cert, err := sd.SignerCertificate(si)
				require.NoError(t, err)
				require.True(t, cert.Equal(id.cert))
				v, err := si.Verify(cert, template.ContentDigest)
				require.NoError(t, err)
				require.True(t, v.DigestValid && v.SignatureValid && v.SigningCertificateV2)
				require.False(t, v.SigningCertificateV1 || v.NoSignedAttributes)
				require.Empty(t, v.Findings)
				require.Equal(t, a, v.Algorithm)

				other := digestOf(a.Hash, []byte("another"))
				v, err = si.Verify(cert, other)
				require.ErrorIs(t, err, ErrDigest)
				require.False(t, v.DigestValid)
				require.True(t, v.SignatureValid)

				_, err = si.Verify(id.root, template.ContentDigest)
				require.ErrorIs(t, err, ErrSignature)
				v, err = si.Verify(nil, template.ContentDigest)
				require.ErrorIs(t, err, ErrNoCertificate)
				require.True(t, v.DigestValid)
			})
		}
	}
}
