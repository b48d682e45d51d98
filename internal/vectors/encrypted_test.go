package vectors

import (
	"bytes"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/verify"
)

// TestEncryptedForgeries damages signed files in every revision of the security
// handler and every form of cross-reference, in every way that files in clear
// are damaged; each must fail for either password.
func TestEncryptedForgeries(t *testing.T) {
	m, err := NewMaker()
	require.NoError(t, err)
	n := 0
	for _, h := range slices.Concat(handlers(), variants()) {
		for _, form := range testpdf.Forms {
			data, err := h.signed(m, form, h.encryption.Owner)
			require.NoError(t, err)
			for _, d := range slices.Concat(forgeries(), wrappings()) {
				if form != testpdf.Table && slices.ContainsFunc(wrappings(), func(w damage) bool { return w.name == d.name }) {
					continue // they write a table
				}
				forged := d.apply(place(data))
				n++
				for _, password := range h.passwords() {
					r, err := verify.Reader(t.Context(), bytes.NewReader(forged), int64(len(forged)),
						&verify.Options{Trust: m.PKI.Pool(), At: m.Time(), Password: password})
					require.Error(t, err, "%s %s %s", h.name, form, d.name)
					if r == nil {
						continue // the table of an attacker left out /Encrypt
					}
					require.False(t, r.Intact, "%s %s %s", h.name, form, d.name)
					require.NotEqual(t, verify.NoSignature, r.Indication, "%s %s %s", h.name, form, d.name)
				}
			}
		}
	}
	require.Greater(t, n, 900)
}

// TestSignEncryptedAgain: either password signs what the other signed.
func TestSignEncryptedAgain(t *testing.T) {
	m, err := NewMaker()
	require.NoError(t, err)
	for _, h := range slices.Concat(handlers(), variants()) {
		for _, form := range testpdf.Forms {
			user, err := h.signed(m, form, h.encryption.User, h.encryption.Owner)
			require.NoError(t, err)
			owner, err := h.signed(m, form, h.encryption.Owner, h.encryption.User)
			require.NoError(t, err)
			require.Equal(t, user, owner, "%s %s: who opened a file does not show in it", h.name, form)
			r, err := verify.Reader(t.Context(), bytes.NewReader(user), int64(len(user)),
				&verify.Options{Trust: m.PKI.Pool(), At: m.Time(), Password: h.encryption.User})
			require.NoError(t, err)
			require.Len(t, r.Signatures, 2)
		}
	}
}
