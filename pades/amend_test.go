package pades_test

import (
	"os"
	"path/filepath"
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

// TestAppendAmendment: an amendment alone can be appended in place, and what is signed
// afterwards, too.
func TestAppendAmendment(t *testing.T) {
	data := testpdf.Contract(2, testpdf.Table).Bytes()
	name := filepath.Join(t.TempDir(), "contract.pdf")
	write(t, name, data)
	d, err := pades.Open(name, fixed)
	require.NoError(t, err)
	defer d.Close()
	require.NoError(t, d.Amend(t.Context(), everything()))
	require.NoError(t, d.AppendFile(name))
	require.NoError(t, d.Amend(t.Context(), &pades.Amendment{Metadata: &pades.Metadata{Title: "Again"}}))
	require.NoError(t, d.Sign(t.Context(), signer(t, nil), nil))
	require.NoError(t, d.AppendFile(name))
	i, err := pades.FindInterruption(name)
	require.NoError(t, err)
	require.Nil(t, i)
	got, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, data, got[:len(data)])
	checkSignature(t, got, signatures(t, got)[0], len(got))

	other := filepath.Join(t.TempDir(), "changed.pdf")
	write(t, other, append(data[:len(data)-1:len(data)-1], ' '))
	d = document(t, data)
	require.NoError(t, d.Amend(t.Context(), everything()))
	require.ErrorIs(t, d.AppendFile(other), pades.ErrChanged)
}
