package verify_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/verify"
)

// requireAmbiguous demands the verdict on a sound signature behind which other
// readers may see something else.
func requireAmbiguous(t testing.TB, r *verify.Report) {
	require.Equal(t, verify.Indeterminate, r.Indication)
	require.False(t, r.Intact)
	s := r.Signatures[0]
	require.Equal(t, verify.CryptoValid, s.Crypto)
	require.Equal(t, verify.StructureRepaired, s.Structure)
	require.Contains(t, codes(s.Findings), "file.ambiguous")
}

// TestAmbiguousBehindFlood: so many harmless departures before the signature do
// not hide that a later section lists one object twice.
func TestAmbiguousBehindFlood(t *testing.T) {
	m := newMaker(t)
	for _, flood := range []int{0, 1100} {
		file := contract(testpdf.Table)
		for range flood {
			// An entry of 19 bytes: a formal departure.
			file = append(file, fmt.Sprintf("xref\n0 1\n0000000000 65535 f\ntrailer\n<</Size 12/Root 1 0 R/Info 8 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n",
				testpdf.LastStartXRef(file), len(file))...)
		}
		signed := m.sign(t, file, entry{})
		require.True(t, m.judge(t, signed).Intact)
		first := testpdf.MustIndex(signed, "11 0 obj", 0)
		second := len(signed)
		changed := append(bytes.Clone(signed), "11 0 obj\n<</Length 0>>\nstream\n\nendstream\nendobj\n"...)
		changed = append(changed, fmt.Sprintf("xref\n11 1\n%010d 00000 n \n11 1\n%010d 00000 n \ntrailer\n<</Size %d/Root 1 0 R/Info 8 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n",
			first, second, testpdf.LastSize(signed), testpdf.LastStartXRef(signed), len(changed))...)
		requireAmbiguous(t, m.judge(t, changed))
	}
}

// TestAmbiguityInComparedObjects: what is read for the first time when revisions
// are compared counts as well. This reader takes 180x for null, others for 180.
func TestAmbiguityInComparedObjects(t *testing.T) {
	m := newMaker(t)
	for _, form := range testpdf.Forms {
		const font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/FirstChar %s>>" // no form needs it
		base := testpdf.Contract(1, form)
		for i := range base.Objects {
			if base.Objects[i].Number == 7 {
				base.Objects[i].Body = fmt.Sprintf(font, "null")
			}
		}
		signed := m.sign(t, base.Bytes(), entry{form: form})
		require.True(t, m.judge(t, signed).Intact)
		rewrite := func(first string) []byte {
			return testpdf.File{Form: form, Trailer: "/Root 1 0 R/Info 8 0 R", Objects: []testpdf.Object{
				{Number: 7, Plain: true, Body: fmt.Sprintf(font, first)}}}.Append(signed)
		}
		require.True(t, m.judge(t, rewrite("null")).Intact, "the same again")
		r := m.judge(t, rewrite("2x"))
		require.NotEqual(t, verify.TotalPassed, r.Indication)
		require.False(t, r.Intact)
		require.Equal(t, verify.StructureRepaired, r.Signatures[0].Structure, "%v", form)
		require.Contains(t, codes(r.Signatures[0].Findings), "file.ambiguous")
	}
}
