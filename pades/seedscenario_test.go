package pades_test

import (
	"crypto"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/pades"
)

// Scenario 22: an unsigned signature field that others made, with seed values and a lock,
// is signed; what it asks for is obeyed, and what it locks is locked.
func TestScenario22SeededField(t *testing.T) {
	field := "<</Type/Annot/Subtype/Widget/FT/Sig/T(Approval)/F 4/Rect[300 100 400 150]/P 10 0 R/Lock 21 0 R/SV 22 0 R>>"
	for _, form := range testpdf.Forms {
		t.Run(form.String(), func(t *testing.T) {
			f := testpdf.Contract(1, form)
			for i := range f.Objects {
				if f.Objects[i].Number == 3 {
					f.Objects[i].Body = "<</Fields[4 0 R 20 0 R]/DR<</Font<</Helv 7 0 R>>>>/DA(/Helv 0 Tf 0 g)>>"
				}
			}
			f.Objects = append(f.Objects, plain(20, field),
				plain(21, "<</Type/SigFieldLock/Action/Include/Fields[(party.name)]/P 2>>"),
				plain(22, "<</Type/SV/Ff 75/SubFilter[/adbe.pkcs7.sha1/ETSI.CAdES.detached]/DigestMethod[/SHA512]/Filter/Adobe.PPKLite/Reasons[<FEFF627F8A8D>(I agree)]/MDP<</P 0>>>>"))
			original := f.Bytes()

			s := signer(t, nil)
			key := &onceKey{Signer: s.Key}
			s.Key = key
			d := document(t, original)
			for _, o := range []*pades.SignOptions{{Field: "Approval"}, {Field: "Approval", Reason: "no"}, {Field: "Approval", Reason: "承認", Certify: pades.FillForms}} {
				require.ErrorIs(t, d.Sign(t.Context(), s, o), pades.ErrNotPermitted)
			}
			require.Zero(t, key.used)
			require.Equal(t, original, content(t, d))

			require.NoError(t, d.Sign(t.Context(), s, &pades.SignOptions{Field: "Approval", Reason: "承認", Appearance: &drawing{}}))
			require.Equal(t, 1, key.used)
			data := content(t, d)
			signed := signatures(t, data)
			require.Len(t, signed, 1)
			sd := checkSignature(t, data, signed[0], len(data))
			hash, err := sd.SignerInfos[0].DigestHash()
			require.NoError(t, err)
			require.Equal(t, crypto.SHA512, hash.Crypto())
			require.Equal(t, "承認", signed[0].Signature.Reason)
			lock, ok := signed[0].Signature.Reference(sigdict.MethodFieldMDP)
			require.True(t, ok)
			require.Equal(t, signed[0].Lock, lock.Lock)

			j := judged(t, data)
			require.True(t, j.Intact)
			require.Equal(t, []string{"party.name"}, j.Locks)
			require.NoError(t, d.Sign(t.Context(), signer(t, nil), nil), "others may sign")
			require.True(t, judged(t, content(t, d)).Intact)
			// Another value in the locked field breaks the signature.
			filled := testpdf.File{Form: form, Trailer: f.Trailer, Objects: []testpdf.Object{plain(5, "<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/Parent 4 0 R/V(someone else)/Rect[100 600 300 620]/F 4/P 10 0 R>>")}}.Append(data)
			require.False(t, judged(t, filled).ChangesAllowed)
		})
	}
}
