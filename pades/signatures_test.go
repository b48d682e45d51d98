package pades_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
)

func TestSignatures(t *testing.T) {
	for _, form := range testpdf.Forms {
		d := document(t, testpdf.Contract(1, form).Bytes())
		require.NoError(t, d.AddFields([]*pades.NewField{{Name: "empty"}}, nil))
		list, err := d.Signatures()
		require.NoError(t, err)
		require.Empty(t, list)
		require.NoError(t, d.Sign(t.Context(), signer(t, nil), &pades.SignOptions{NewField: "second"}))
		require.NoError(t, d.Sign(t.Context(), signer(t, nil), &pades.SignOptions{Field: "empty"}))
		list, err = d.Signatures()
		require.NoError(t, err)
		data := content(t, d)
		require.Len(t, list, 2)
		for i, f := range signatures(t, data) {
			s := list[i]
			require.Equal(t, f.Name, s.Field)
			require.False(t, s.Timestamp)
			require.Equal(t, f.Signature.Contents.Value, s.Contents)
			require.Equal(t, s.ByteRange[1], s.Offset)
			require.Equal(t, byte('<'), data[s.Offset])
		}
	}
}

func TestSignaturesTellTimestamps(t *testing.T) {
	h := newHouse(t)
	d := document(t, testpdf.Contract(1, testpdf.Table).Bytes())
	require.NoError(t, d.Timestamp(t.Context(), &pades.TimestampOptions{TSA: h.authorityUntil(t, testpki.Now().AddDate(1, 0, 0), false)}))
	list, err := d.Signatures()
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.True(t, list[0].Timestamp)
	token, _, err := tsa.ParseToken(list[0].Contents)
	require.NoError(t, err)
	require.NotZero(t, token.Time)
}
