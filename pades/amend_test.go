package pades_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades"
)

// amended amends a document and returns it.
func amended(t testing.TB, data []byte, a *pades.Amendment) []byte {
	t.Helper()
	d := document(t, data)
	require.NoError(t, d.Amend(t.Context(), a))
	require.Equal(t, data, content(t, d)[:len(data)])
	return content(t, d)
}

// everything is an amendment of every kind.
func everything() *pades.Amendment {
	return &pades.Amendment{
		Stamps: []pades.Stamp{
			{Appearance: &drawing{}, Rect: pades.Rect{X: 20, Y: 15, Width: 200, Height: 10}},
			{Appearance: &drawing{}, Across: true, Anchor: pades.MiddleRight, Rect: pades.Rect{Width: 50, Height: 50}},
		},
		Attachments: []pades.Attachment{{Name: "manifest.json", Data: []byte("{}"), MIMEType: "application/json", Relationship: pades.RelationData}},
		Metadata:    &pades.Metadata{Title: "業務委託契約書", Language: "ja"},
	}
}

// TestAmendIsOneUpdate: whatever is asked for together becomes one revision, and a
// signature that follows holds.
func TestAmendIsOneUpdate(t *testing.T) {
	for _, form := range testpdf.Forms {
		data := amended(t, testpdf.Contract(3, form).Bytes(), everything())
		require.Equal(t, 2, open(t, data).Latest().Revision())
		d := document(t, data)
		require.NoError(t, d.Sign(t.Context(), signer(t, nil), nil))
		signed := content(t, d)
		checkSignature(t, signed, signatures(t, signed)[0], len(signed))
	}
}
