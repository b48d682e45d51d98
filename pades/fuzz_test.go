package pades_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

// FuzzExtend extends files into which other bytes were written anywhere: it neither
// panics nor changes a byte that is there, and after an error the document is as it was.
func FuzzExtend(f *testing.F) {
	h := newHouse(f)
	key, err := testpki.FixedKeys(testpki.SignerRole, testpki.RSA2048) // the same files in every worker
	require.NoError(f, err)
	h.signer = h.issue(f, &testpki.Request{Key: key})
	o := h.options(pades.BLTA)
	o.Evidence = &pades.EvidencePolicy{VRI: true}
	var files [][]byte
	for _, form := range testpdf.Forms {
		d := h.document(f, testpdf.Contract(1, form).Bytes())
		require.NoError(f, d.Sign(f.Context(), h.signer, nil))
		files = append(files, content(f, d))
		require.NoError(f, d.Sign(f.Context(), h.signer, o))
		files = append(files, content(f, d))
	}
	seeds := 0
	for i, data := range files {
		for _, name := range []string{"/ByteRange", "/DSS", "/Certs", "/VRI", "/Fields", "/Prev", "/Contents"} {
			if at := bytes.LastIndex(data, []byte(name)); at >= 0 {
				f.Add(uint8(i), uint32(at), []byte(name))
				seeds++
			}
		}
	}
	require.Greater(f, seeds, 20)
	stamper := h.authorityUntil(f, years(5), true)
	f.Fuzz(func(t *testing.T, file uint8, at uint32, patch []byte) {
		data := bytes.Clone(files[int(file)%len(files)])
		copy(data[int64(at)%int64(len(data)):], patch)
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
