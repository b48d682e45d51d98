package verify_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/verify"
)

// TestUnreachableWritten finds the dictionary however its key is written, also
// deep in another object and in an object that no section lists.
func TestUnreachableWritten(t *testing.T) {
	m := newMaker(t)
	for _, body := range []string{
		"<</ByteRange[0 1 2 3]/Contents<00>>>",
		"<</Byte#52ange[0 1 2 3]/Contents<00>>>",
		"<</#42#79#74#65#52#61#6E#67#65[0 1 2 3]/Contents<00>>>",
		"<</ByteRang#65 [0 1 2 3]/Con#74ents<00>>>",
		"[[<</A[<</ByteRange 1/Contents 2>>]>>]]",
	} {
		file := testpdf.Contract(1, testpdf.Table)
		file.Objects = append(file.Objects, testpdf.Object{Number: 30, Body: body})
		r := m.judge(t, file.Bytes())
		require.Equal(t, verify.Indeterminate, r.Indication, body)
		require.Equal(t, []string{"file.unreachable"}, codes(r.Findings), body)
		require.Equal(t, "30 0", r.Findings[0].Object)

		file = testpdf.Contract(1, testpdf.Table)
		file.Header = "%PDF-1.7\n" + "99 0 obj\n" + body + "\nendobj\n"
		r = m.judge(t, file.Bytes())
		require.Equal(t, verify.Indeterminate, r.Indication, body)
		require.Equal(t, []string{"file.unreachable"}, codes(r.Findings), body)
		require.Empty(t, r.Findings[0].Object)
	}
}
