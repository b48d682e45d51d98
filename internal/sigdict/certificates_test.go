package sigdict_test

import (
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
		{"/Cert[" + strings.Repeat("(a)", sigdict.MaxCertificates) + "]", bytesOf(strings.Split(strings.Repeat("a", sigdict.MaxCertificates), "")...)},
		{"/Cert[" + strings.Repeat("(a)", sigdict.MaxCertificates+1) + "]", bytesOf(strings.Split(strings.Repeat("a", sigdict.MaxCertificates), "")...)},
	} {
		v := view(t, testpdf.Table, "<</AcroForm<</Fields[2 0 R]>>>>", "<</FT/Sig/T(a)/V 3 0 R>>", "<<"+tt.entry+">>", "[(x)(y)]", "(z)")
		form, err := sigdict.Find(v)
		require.NoError(t, err)
		require.Equal(t, tt.want, form.Fields[0].Signature.Certificates, tt.entry)
		require.Equal(t, tt.entry != "", form.Fields[0].Signature.HasCert)
	}
}
