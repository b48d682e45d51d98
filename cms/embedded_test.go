package cms

import (
	"bytes"
	"encoding/asn1"
	"testing"

	"github.com/stretchr/testify/require"
)

// Validation data are found wherever formats put them.
func TestRevocationValues(t *testing.T) {
	crl, response := tlv(t, 0x30, []byte{2, 1, 1}), tlv(t, 0x30, []byte{10, 1, 0})
	archived := tlv(t, 0x30, tlv(t, 0xa0, tlv(t, 0x30, crl)), tlv(t, 0xa1, tlv(t, 0x30, response, response)), tlv(t, 0xa2, tlv(t, 0x30, crl)))
	for name, c := range map[string]struct {
		data *SignedData
		want [][]byte
	}{
		"crls": {&SignedData{Revocations: []RevocationInfoChoice{
			{Kind: CRL, Value: crl}, {Kind: OCSPResponse, Value: response}, {Kind: OtherRevocation, Value: crl},
		}}, [][]byte{crl, response}},
		"adbe": {&SignedData{SignerInfos: []*SignerInfo{{
			SignedAttributes: Attributes{{Type: OIDRevocationArchival, Values: [][]byte{archived}}},
		}}}, [][]byte{crl, response, response}},
		"CAdES": {&SignedData{SignerInfos: []*SignerInfo{{
			UnsignedAttributes: Attributes{{Type: oidRevocationValues, Values: [][]byte{archived, archived}}},
		}}}, [][]byte{crl, response, response, crl, response, response}},
		"garbage": {&SignedData{SignerInfos: []*SignerInfo{{
			SignedAttributes: Attributes{{Type: OIDRevocationArchival, Values: [][]byte{
				nil, {0x30}, tlv(t, 4, crl), tlv(t, 0x30, tlv(t, 0xa0, crl, crl)), tlv(t, 0x30, tlv(t, 0xa0, []byte{0x30, 9})),
			}}},
		}}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := c.data.RevocationValues()
			require.Len(t, got, len(c.want))
			for i := range got {
				require.Equal(t, c.want[i], got[i])
			}
		})
	}
}

func TestCertificateValues(t *testing.T) {
	root, other := newIdentity(t, "P-256").cert.Raw, newIdentity(t, "Ed25519").cert.Raw
	si := &SignerInfo{UnsignedAttributes: Attributes{{Type: oidCertificateValues, Values: [][]byte{tlv(t, 0x30, root, tlv(t, 0x30), other)}}}}
	list := si.CertificateValues()
	require.Len(t, list, 2, "what is no certificate is passed over")
	require.Equal(t, root, list[0].Raw)
	require.Equal(t, other, list[1].Raw)
	require.Empty(t, (&SignerInfo{}).CertificateValues())
}

func TestEmbeddedLimit(t *testing.T) {
	root := newIdentity(t, "P-256").cert.Raw
	for _, n := range []int{maxEmbedded, maxEmbedded + 1} {
		si := &SignerInfo{UnsignedAttributes: Attributes{
			{Type: oidCertificateValues, Values: [][]byte{tlv(t, 0x30, bytes.Repeat(root, n))}},
			{Type: asn1.ObjectIdentifier{1, 2}, Values: nil},
		}}
		require.Len(t, si.CertificateValues(), maxEmbedded)
		sd := &SignedData{Revocations: make([]RevocationInfoChoice, n)}
		for i := range sd.Revocations {
			sd.Revocations[i].Kind = CRL
		}
		require.Len(t, sd.RevocationValues(), maxEmbedded)
	}
}
