package verify_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/verify"
)

// lost returns the file with its last startxref changed so that it names nothing.
func lost(file []byte) []byte {
	i := bytes.LastIndex(file, []byte("startxref\n")) + len("startxref\n")
	out := bytes.Clone(file)
	copy(out[i:], "0")
	return out
}

// shifted returns the file with its last startxref pointing one byte too far.
func shifted(file []byte) []byte {
	at := testpdf.LastStartXRef(file)
	i := bytes.LastIndex(file, []byte("startxref\n"))
	return append(bytes.Clone(file[:i]), fmt.Sprintf("startxref\n%d\n%%%%EOF\n", at+1)...)
}

// What only a repair finds never passes, but signatures that it finds are
// counted, and what is sound before it is judged as ever.
func TestRepairIsNeverSound(t *testing.T) {
	m := newMaker(t)
	once := m.sign(t, contract(testpdf.Table), entry{})
	twice := m.sign(t, once, entry{})
	without := fmt.Appendf(bytes.Clone(once), "3 0 obj<</Fields[]>>endobj\ntrailer<</Root 1 0 R/Size 20>>\nstartxref\n1\n%%%%EOF\n")
	type want struct {
		structure verify.Structure
		coverage  verify.Coverage
		changes   verify.Changes
		code      string
	}
	for _, tt := range []struct {
		name string
		file []byte
		want []want
	}{
		{"nothing is sound", lost(shifted(m.sign(t, lost(contract(testpdf.Table)), entry{}))), []want{
			{verify.StructureRepaired, verify.CoverageFile, verify.ChangesNone, "file.repaired"}}},
		{"the newest revision", lost(twice), []want{
			{verify.StructureRepaired, verify.CoverageRevision, verify.ChangesUnknown, "file.damage"},
			{verify.StructureRepaired, verify.CoverageFile, verify.ChangesNone, "file.repaired"}}},
		{"a repair that shows no signature", without, []want{
			{verify.StructureRepaired, verify.CoverageRevision, verify.ChangesUnknown, "file.damage"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			report := m.judge(t, tt.file)
			require.True(t, report.Repaired)
			require.False(t, report.Intact)
			require.NotEqual(t, verify.TotalPassed, report.Indication)
			require.Len(t, report.Signatures, len(tt.want))
			for i, w := range tt.want {
				s := report.Signatures[i]
				require.Equal(t, w, want{s.Structure, s.Coverage, s.Changes, w.code})
				require.Contains(t, codes(s.Findings), w.code)
				require.False(t, s.Intact)
				require.NotEqual(t, verify.TotalPassed, s.Indication)
			}
		})
	}
}

// Damage that was signed does not make the signature worse, unless readers that
// repair the file see what was added afterwards in another way.
func TestRepairOfSignedBytes(t *testing.T) {
	m := newMaker(t)
	signed := m.sign(t, shifted(contract(testpdf.Table)), entry{})
	report := m.judge(t, signed)
	require.True(t, report.Repaired)
	require.Contains(t, codes(report.Findings), "file.rebuilt")
	require.True(t, report.Intact)
	require.Equal(t, verify.TotalPassed, report.Indication)

	stamped := m.sign(t, signed, m.timestamp(t))
	report = m.judge(t, stamped)
	require.Len(t, report.Signatures, 2)
	require.True(t, report.Intact)
	require.Equal(t, verify.ChangesLTV, report.Signatures[0].Changes)

	hidden := m.sign(t, append(bytes.Clone(signed), "10 0 obj<</Type/Page/Evil true>>endobj\n"...), m.timestamp(t))
	report = m.judge(t, hidden)
	require.False(t, report.Intact)
	require.Equal(t, verify.StructureRepaired, report.Signatures[0].Structure)
	require.Contains(t, codes(report.Signatures[0].Findings), "file.ambiguous")
}

// A ByteRange that ends within what was rebuilt is neither violated nor passed:
// older revisions may have ended there.
func TestRangeEndsWithinRebuilt(t *testing.T) {
	m := newMaker(t)
	file := lost(m.sign(t, shifted(contract(testpdf.Table)), entry{}))
	update := testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{{Number: 30, Body: "(new)"}}}
	report := m.judge(t, lost(update.Append(file)))
	require.Len(t, report.Signatures, 1)
	s := report.Signatures[0]
	require.Equal(t, verify.StructureRepaired, s.Structure)
	require.Equal(t, verify.ChangesUnknown, s.Changes)
	require.Equal(t, verify.CoveragePartial, s.Coverage)
	require.NotContains(t, codes(s.Findings), "byte-range.revision")
	require.NotEqual(t, verify.TotalPassed, s.Indication)
}
