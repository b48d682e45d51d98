package pades_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades"
)

// TestAmendSigned: what is refused on a signed document is what breaks its signatures,
// and what is not refused leaves them as they are.
func TestAmendSigned(t *testing.T) {
	h := newHouse(t)
	certify := func(p pades.Permission) func(*pades.Document) error {
		return func(d *pades.Document) error {
			o := h.options(pades.BT)
			o.Certify = p
			return d.Sign(t.Context(), h.signer, o)
		}
	}
	stamp := pades.Amendment{Stamps: []pades.Stamp{{Appearance: &drawing{}, Rect: small}}}
	attachment := pades.Amendment{Attachments: attachments()}
	language := pades.Amendment{Metadata: &pades.Metadata{Language: "ja"}}
	title := pades.Amendment{Metadata: &pades.Metadata{Title: "Title", Author: "Author"}}
	for name, c := range map[string]struct {
		sign    func(d *pades.Document) error
		refused bool // the title, too
	}{
		"approval": {func(d *pades.Document) error { return d.Sign(t.Context(), h.signer, h.options(pades.BT)) }, false},
		"time stamp": {func(d *pades.Document) error {
			return d.Timestamp(t.Context(), &pades.TimestampOptions{TSA: h.tsa()})
		}, false},
		"P 1": {certify(1), true},
		"P 2": {certify(2), false},
		"P 3": {certify(3), false},
	} {
		d := h.document(t, testpdf.Contract(2, testpdf.Table).Bytes())
		require.NoError(t, c.sign(d), name)
		signed := content(t, d)
		require.True(t, h.judge(t, signed, h.PKI.Now()).Signatures[0].Intact, name)
		for what, a := range map[string]pades.Amendment{"stamp": stamp, "attachment": attachment, "language": language, "title": title} {
			t.Run(name+"/"+what, func(t *testing.T) {
				refused := what != "title" || c.refused
				d := h.document(t, signed)
				err := d.Amend(t.Context(), &a)
				if refused {
					require.ErrorIs(t, err, pades.ErrNotPermitted)
					require.ErrorContains(t, err, "not permitted: ")
					require.Equal(t, signed, content(t, d))
					a.IgnoreSignatures = true
					err = d.Amend(t.Context(), &a)
				}
				require.NoError(t, err)
				intact := h.judge(t, content(t, d), h.PKI.Now()).Signatures[0].Intact
				if what == "title" {
					require.True(t, intact, "a description that no page shows is allowed by whoever judges")
				} else {
					require.False(t, intact)
				}
			})
		}
	}
}

// TestSignAmended: after an amendment of every kind, every level can be reached.
func TestSignAmended(t *testing.T) {
	h := newHouse(t)
	for _, form := range testpdf.Forms {
		for _, level := range []pades.Level{pades.BB, pades.BT, pades.BLT, pades.BLTA} {
			d := h.document(t, testpdf.Contract(3, form).Bytes())
			require.NoError(t, d.Amend(t.Context(), everything()))
			require.NoError(t, d.Sign(t.Context(), h.signer, h.options(level)))
			signature := h.judge(t, content(t, d), h.PKI.Now()).Signatures[0]
			require.True(t, signature.Intact)
			require.Equal(t, level.String(), signature.Level)
			if level >= pades.BLT { // below, the revocation data are not there
				h.passes(t, content(t, d), h.PKI.Now(), level)
			}
		}
	}
}

// TestAmendEncrypted: access permissions bind the user and not the owner, and can be
// overridden; an integrity code is never broken.
func TestAmendEncrypted(t *testing.T) {
	const modify = 8
	contract := testpdf.Contract(1, testpdf.Table)
	for _, permissions := range []int32{-4, -4 &^ modify} {
		data := contract.Encrypted(encryptions("", permissions)["R4"]).Bytes()
		a := everything()
		err := openEncrypted(t, data, "").Amend(t.Context(), a)
		if permissions == -4 {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, pades.ErrNotPermitted)
			require.ErrorContains(t, err, "bit 4 of P")
		}
		require.NoError(t, openEncrypted(t, data, ownerPassword).Amend(t.Context(), a))
		a.IgnorePermissions = true
		require.NoError(t, openEncrypted(t, data, "").Amend(t.Context(), a))
	}
	f := contract.Encrypted(encryptions("", -4)["R6"])
	f.Trailer += "/AuthCode<</MACLocation/Standalone/MAC<00>>>"
	a := everything()
	a.IgnorePermissions = true
	require.ErrorIs(t, openEncrypted(t, f.Bytes(), ownerPassword).Amend(t.Context(), a), pades.ErrEncrypted)
}
