package verify_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/verify"
)

// encryptedSignature is an encrypted contract with a signature dictionary that
// signs nothing, which is enough to see how it is read.
func encryptedSignature(e testpdf.Encryption, form testpdf.Form) []byte {
	f := testpdf.Contract(1, form)
	f.Objects[2].Body = "<</Fields[4 0 R 20 0 R]/SigFlags 3>>"
	f.Objects = append(f.Objects,
		testpdf.Object{Number: 20, Body: "<</Type/Annot/Subtype/Widget/FT/Sig/T(Seal)/Rect[0 0 0 0]/P 10 0 R/V 21 0 R>>"},
		testpdf.Object{Number: 21, Plain: true, Body: "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Reason(agreed)/ByteRange[0 1 2 3]/Contents<3000>>>"})
	return f.Encrypted(e).Bytes()
}

func judgeEncrypted(t *testing.T, data []byte, password string) (*verify.Report, error) {
	t.Helper()
	return verify.Reader(t.Context(), bytes.NewReader(data), int64(len(data)), &verify.Options{Password: password})
}

func TestEncrypted(t *testing.T) {
	for revision := 2; revision <= 6; revision++ {
		for _, form := range testpdf.Forms {
			data := encryptedSignature(testpdf.Encryption{Revision: revision, User: "user", Owner: "owner", Permissions: -4}, form)
			for _, password := range []string{"user", "owner"} {
				r, err := judgeEncrypted(t, data, password)
				require.Error(t, err, "the signature signs nothing")
				require.True(t, r.Encrypted)
				require.Empty(t, r.Findings)
				require.Len(t, r.Signatures, 1)
				require.Equal(t, []string{"Seal", "agreed"}, []string{r.Signatures[0].Field, r.Signatures[0].Reason})
			}
			texts := make(map[string]bool)
			for _, password := range []string{"", "wrong"} {
				r, err := judgeEncrypted(t, data, password)
				require.Nil(t, r)
				var unreadable *verify.UnreadableError
				require.ErrorAs(t, err, &unreadable)
				require.ErrorIs(t, err, verify.ErrPassword)
				texts[err.Error()] = true
			}
			require.Len(t, texts, 2)
		}
	}
}

func TestEncryptionFindings(t *testing.T) {
	e := testpdf.Encryption{Revision: 6, Permissions: -44}
	for name, c := range map[string]struct {
		data []byte
		want []string
	}{
		"plain":       {testpdf.Contract(1, testpdf.Table).Bytes(), nil},
		"sound":       {encryptedSignature(e, testpdf.Table), nil},
		"mixed":       {encryptedSignature(testpdf.Encryption{Revision: 6, Permissions: -44, Mixed: true}, testpdf.Table), []string{"encryption.mixed"}},
		"permissions": {bytes.Replace(encryptedSignature(e, testpdf.Table), []byte("/P -44/"), []byte("/P -4 /"), 1), []string{"encryption.permissions"}},
		"mac":         {encryptedSignature(testpdf.Encryption{Revision: 6, Permissions: -44, Extra: "/KDFSalt<00>"}, testpdf.Table), []string{"encryption.mac"}},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := judgeEncrypted(t, c.data, "")
			require.Error(t, err)
			require.Equal(t, c.want, codes(r.Findings))
			require.Equal(t, name != "plain", r.Encrypted)
		})
	}
	// An object in clear among encrypted ones.
	clear := encryptedSignature(testpdf.Encryption{Revision: 6, Permissions: -44, Number: 40}, testpdf.Table)
	clear = testpdf.File{Trailer: "/Root 1 0 R/Encrypt 40 0 R/ID[<00112233445566778899AABBCCDDEEFF><01>]",
		Objects: []testpdf.Object{{Number: 4, Body: "<</T(party of the first part)/Kids[5 0 R]>>"}}}.Append(clear)
	r, err := judgeEncrypted(t, clear, "")
	require.Error(t, err)
	require.Contains(t, codes(r.Findings), "encryption.mixed")
}

func TestUnsupportedEncryption(t *testing.T) {
	f := testpdf.Contract(1, testpdf.Table)
	f.Trailer += "/Encrypt<</Filter/Adobe.PubSec/SubFilter/adbe.pkcs7.s5/V 4/R 4>>"
	r, err := judgeEncrypted(t, f.Bytes(), "")
	require.Nil(t, r)
	require.ErrorIs(t, err, verify.ErrEncrypted)
	require.True(t, strings.Contains(err.Error(), "public-key"), err)
}
