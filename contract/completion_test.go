package contract_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/pades/appearance"
	"github.com/inkan-go/inkan/verify/report"
	"github.com/inkan-go/inkan/verifytest"
)

// japaneseFonts are installed fonts that hold the characters of the tests.
func japaneseFonts(t testing.TB) []report.Font {
	fonts, err := appearance.FindFonts(t.Context(), "契約締結証明書髙﨑𠮷", nil)
	if err != nil || len(fonts) == 0 {
		peertest.Missing(t, "a Japanese font")
	}
	var out []report.Font
	for _, f := range fonts {
		data, index := f.Data()
		out = append(out, report.Font{Data: data, Index: index})
	}
	return out
}

// Scenario 25: a participant's address changes after signing: the certificate that is issued
// again is the same, byte for byte, and without it none is made.
func TestScenario25Reissued(t *testing.T) {
	d := newDesk(t)
	c := d.run(t)
	o := &contract.CertificateOptions{Fonts: japaneseFonts(t)}
	first, err := d.Issue(t.Context(), c, d.store, o)
	require.NoError(t, err)
	verifytest.Passed(t, d.pki.Verify(t, first))
	c = d.store.load(t)
	for i := range c.Disclosure.Values {
		c.Disclosure.Values[i].Value = "changed@abc.example"
	}
	again, err := d.Issue(t.Context(), c, d.store, &contract.CertificateOptions{Language: contract.English})
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.NoError(t, d.Renew(t.Context(), d.store.load(t), d.store))
	renewed, err := d.Issue(t.Context(), d.store.load(t), d.store, o)
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(renewed, first))
	verifytest.Passed(t, d.pki.Verify(t, renewed))

	d.store.certificate = bytes.Clone(first)
	d.store.certificate[100] ^= 1
	_, err = d.Issue(t.Context(), d.store.load(t), d.store, o)
	require.ErrorIs(t, err, contract.ErrIssued)
	d.store.certificate = nil
	_, err = d.Issue(t.Context(), d.store.load(t), d.store, o)
	require.ErrorIs(t, err, contract.ErrIssued)
	if out := os.Getenv("INKAN_LOOK"); out != "" {
		require.NoError(t, os.WriteFile(filepath.Join(out, "certificate.pdf"), first, 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(out, "contract.pdf"), d.store.documents[0], 0o600))
	}
}
