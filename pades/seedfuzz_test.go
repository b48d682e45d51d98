package pades

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
)

// FuzzSeedValues reads any dictionary as seed values: it does not panic, and what it
// understands is written so that it is understood in the same way.
func FuzzSeedValues(f *testing.F) {
	seeds := []*SeedValues{
		{},
		{Required: knownSeeds, Filter: "Adobe.PPKLite", SubFilter: []string{"a b", "c"}, DigestMethod: []string{"SHA256"}, V: 3},
		{Reasons: []string{"承認", "(.)"}, MDP: new(FillForms), TimeStamp: &TimestampSeed{URL: "https://tsa.example/", Required: true}},
		{LegalAttestation: []string{"x"}, AddRevInfo: true, LockDocument: "auto", AppearanceFilter: "社印"},
		{Cert: &CertificateSeeds{Required: knownCertificateSeeds, SubjectDN: []map[string]string{{"CN": "山田"}}, KeyUsage: []string{"1X0"}, OID: []string{"1.2"}, URL: "u", URLType: "ASSP"}},
		{Cert: &CertificateSeeds{PolicyOID: "1.2.3", PolicyHashAlgorithm: "SHA256", PolicyHash: []byte{1}, Commitments: []string{"1.2"}}},
	}
	for _, s := range seeds {
		f.Add(s.dictionary())
	}
	f.Add([]byte("<</DigestMethod[(sha256)]/LockDocument true/V 1.5/Cert<</Subject[<30>]>>>>"))
	require.Greater(f, len(seeds), 5)
	read := func(t *testing.T, sv []byte) (*SeedValues, error) {
		data := testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R>>"}, {Number: 2, Body: string(sv)}}}.Bytes()
		file, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
		if err != nil {
			return nil, err
		}
		return readSeedValues(file.Latest(), pdf.Reference{Number: 2})
	}
	f.Fuzz(func(t *testing.T, sv []byte) {
		s, err := read(t, sv)
		if err != nil || s == nil || s.check() != nil {
			return
		}
		again, err := read(t, s.dictionary())
		require.NoError(t, err)
		require.Equal(t, s.dictionary(), again.dictionary())
		require.Equal(t, s.Required, again.Required)
		require.Equal(t, s.MDP, again.MDP)
		require.Equal(t, len(s.Reasons), len(again.Reasons))
	})
}
