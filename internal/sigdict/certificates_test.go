package sigdict_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/internal/testpdf"
)

// TestCertificates: the Cert entry is one string or an array of them; what is no string is passed over.
func TestCertificates(t *testing.T) {
	bytesOf := func(list ...string) (out [][]byte) {
		for _, s := range list {
			out = append(out, []byte(s))
		}
		return out
	}
	for _, tt := range []struct {
		entry string
		want  [][]byte
	}{
		{"", nil},
		{"/Cert(a)", bytesOf("a")},
		{"/Cert[(a)<62>]", bytesOf("a", "b")},
		{"/Cert 4 0 R", bytesOf("x", "y")},
		{"/Cert[5 0 R/Name 7(b)]", bytesOf("z", "b")},
		{"/Cert/Name", nil},
		{"/Cert[]", nil},
		{"/Cert<30023003>", bytesOf("0\x020\x03")},
		{"/Cert<3000300130020000>", bytesOf("0\x00", "0\x010")},
		{"/Cert<30003002050030>", bytesOf("0\x00", "0\x02\x05\x00")},
		{"/Cert[<30003000>(a)<3000>]", bytesOf("0\x00", "0\x00", "a", "0\x00")},
		{"/Cert[" + strings.Repeat("(a)", sigdict.MaxCertificates) + "]", bytesOf(strings.Split(strings.Repeat("a", sigdict.MaxCertificates), "")...)},
		{"/Cert[" + strings.Repeat("(a)", sigdict.MaxCertificates+1) + "]", bytesOf(strings.Split(strings.Repeat("a", sigdict.MaxCertificates), "")...)},
		{"/Cert<" + strings.Repeat("3000", sigdict.MaxCertificates+1) + ">", bytesOf(slices.Repeat([]string{"0\x00"}, sigdict.MaxCertificates)...)},
	} {
		v := view(t, testpdf.Table, "<</AcroForm<</Fields[2 0 R]>>>>", "<</FT/Sig/T(a)/V 3 0 R>>", "<<"+tt.entry+">>", "[(x)(y)]", "(z)")
		form, err := sigdict.Find(v)
		require.NoError(t, err)
		require.Equal(t, tt.want, form.Fields[0].Signature.Certificates, tt.entry)
		require.Equal(t, tt.entry != "", form.Fields[0].Signature.HasCert)
	}
}
