package pades_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades"
)

// FuzzExtend extends files that were damaged anywhere: it neither panics nor changes a
// byte that is there, and after an error the document is as it was.
func FuzzExtend(f *testing.F) {
	h := newHouse(f)
	o := h.options(pades.BLTA)
	o.Evidence = &pades.EvidencePolicy{VRI: true}
	seeds := 0
	for _, form := range testpdf.Forms {
		d := h.document(f, testpdf.Contract(1, form).Bytes())
		require.NoError(f, d.Sign(f.Context(), h.signer, nil))
		f.Add(content(f, d))
		require.NoError(f, d.Sign(f.Context(), h.signer, o))
		f.Add(content(f, d))
		seeds += 2
	}
	require.Equal(f, 6, seeds)
	stamper := h.authorityUntil(f, years(5), true)
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), &pades.OpenOptions{Now: h.PKI.Now})
		if err != nil {
			return
		}
		err = d.Extend(t.Context(), &pades.ExtendOptions{
			Level: pades.BLTA, TSA: stamper, Revocation: offline{}, IgnorePermissions: true,
			Evidence: &pades.EvidencePolicy{VRI: true, OnGap: func(*pades.Gap) pades.GapAction { return pades.GapAllowed }},
		})
		after := content(t, d)
		if err != nil {
			require.True(t, bytes.Equal(data, after))
			return
		}
		require.True(t, bytes.HasPrefix(after, data))
		again, err := pades.NewDocument(bytes.NewReader(after), int64(len(after)), nil)
		require.NoError(t, err)
		require.NoError(t, again.Timestamp(t.Context(), &pades.TimestampOptions{TSA: stamper}))
	})
}
