package vectors_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/internal/vectors"
	"github.com/inkan-go/inkan/verify"
)

// TestSharedAnnotations: a second signature on a page that shared its array of
// annotations with another page leaves the first one valid.
func TestSharedAnnotations(t *testing.T) {
	maker, err := vectors.NewMaker()
	require.NoError(t, err)
	for _, form := range testpdf.Forms {
		f := testpdf.Contract(2, form)
		for i := range f.Objects {
			if o := &f.Objects[i]; o.Number == 10 || o.Number == 12 {
				o.Body = "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 7 0 R>>>>/Contents 11 0 R/Annots 20 0 R>>"
			}
		}
		f.Objects = append(f.Objects, testpdf.Object{Number: 20, Body: "[5 0 R]"})
		data := f.Bytes()
		for range 3 {
			data, err = maker.Sign(data, testpki.P256, cms.Algorithm{}, nil)
			require.NoError(t, err)
		}
		r, err := verify.Reader(t.Context(), bytes.NewReader(data), int64(len(data)), &verify.Options{Trust: maker.PKI.Pool(), At: maker.Time()})
		require.NoError(t, err)
		require.Len(t, r.Signatures, 3)
	}
}
