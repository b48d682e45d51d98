package pdf_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
)

// Encrypted files are repaired with the encryption that a trailer names.
func TestRepairEncrypted(t *testing.T) {
	for name, h := range handlers {
		for _, form := range testpdf.Forms {
			t.Run(name+" "+form.String(), func(t *testing.T) {
				h.e.User, h.e.Owner = "user", "owner"
				sound := testpdf.Contract(2, form).Encrypted(h.e).Bytes()
				lost := bytes.ReplaceAll(sound, []byte("startxref\n"), []byte("startxref\n9"))
				f, err := openWith(lost, "user")
				require.NoError(t, err)
				require.True(t, f.Repaired)
				require.True(t, f.Revisions[0].Repaired)
				requireClear(t, f)
				_, err = openWith(lost, "wrong")
				require.ErrorIs(t, err, pdf.ErrPassword)

				f, err = openWith(append(bytes.Clone(sound), "99 0 obj null endobj trailer<</Root 1 0 R>>startxref 1 %%EOF"...), "user")
				require.NoError(t, err)
				require.Len(t, f.Revisions, 2)
				require.True(t, f.Revisions[1].Repaired)
				requireClear(t, f)
			})
		}
	}
}
