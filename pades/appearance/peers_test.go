package appearance_test

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
	"github.com/inkan-go/inkan/verify"
)

// TestEarlierSignaturesStayValid: whatever later signatures show, and on however
// many pages, all of them are valid for us, for poppler and for pyHanko.
func TestEarlierSignaturesStayValid(t *testing.T) {
	fonts := japanese(t)
	s, pki := signer(t, "山田太郎")
	for _, form := range testpdf.Forms {
		t.Run(form.String(), func(t *testing.T) {
			data := testpdf.Contract(3, form).Bytes()
			d, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), &pades.OpenOptions{Now: testpki.Now})
			require.NoError(t, err)
			place := func(n float64) pades.Rect { return pades.Rect{X: 20 + 90*n, Y: 20, Width: 80, Height: 40} }
			for i, o := range []*pades.SignOptions{
				{Appearance: &appearance.Seal{Fonts: fonts}, Rect: place(0)},
				{},
				{Appearance: sealAndText(fonts), Page: pades.AllPages, Rect: place(1), Reason: "契約の承認"},
				{Appearance: appearance.Layers{quadrants(t), &appearance.QRCode{Text: "x"}}, Page: 2, Rect: place(2), Also: []pades.Placement{{Page: 2, Rect: place(3)}}},
			} {
				o.Name = fmt.Sprintf("山田太郎 %d", i+1)
				require.NoError(t, d.Sign(t.Context(), s, o))
			}
			folder := t.TempDir()
			name, root := filepath.Join(folder, "signed.pdf"), filepath.Join(folder, "root.pem")
			require.NoError(t, d.WriteFile(name))
			require.NoError(t, os.WriteFile(root, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pki.Root.Certificate.Raw}), 0o600))

			report, err := verify.File(t.Context(), name, &verify.Options{Trust: pki.Pool(), At: testpki.Now()})
			require.NotNil(t, report, err)
			require.Len(t, report.Signatures, 4)
			for _, sig := range report.Signatures {
				require.True(t, sig.Intact, "%s: %v", sig.Field, sig.Findings)
				require.Equal(t, "valid", fmt.Sprint(sig.Crypto))
			}
			run(t, "qpdf", "--check", name)
			// poppler lists a signature once for every widget: 1, 1, 3 (all pages) and 2.
			poppler := run(t, "pdfsig", "-nocert", name)
			require.Equal(t, 7, strings.Count(poppler, "Signature is Valid"), poppler)
			require.NotContains(t, poppler, "invalid")
			lax := []string{}
			if form == testpdf.Hybrid { // whose reading pyHanko calls ambiguous
				lax = append(lax, "--no-strict-syntax")
			}
			judged := run(t, "pyhanko", append(append([]string{"sign", "validate"}, lax...), "--trust", root, "--trust-replace", "--validation-time", testpki.Now().Format("2006-01-02T15:04:05-07:00"), name)...)
			require.Equal(t, 4, strings.Count(judged, "INTACT:TRUSTED"), judged)
		})
	}
}
