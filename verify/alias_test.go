package verify_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/verify"
)

// TestSharedValue: two fields with one dictionary are one signature, and that is
// said. By itself it breaks no structure.
func TestSharedValue(t *testing.T) {
	m := newMaker(t)
	n := testpdf.LastSize(contract(testpdf.Table))
	twin := testpdf.Object{Number: n + 2, Body: fmt.Sprintf("<</Type/Annot/Subtype/Widget/FT/Sig/T(twin)/F 132/Rect[0 0 0 0]/P 10 0 R/V %d 0 R>>", n+1)}
	fields := func(order ...int) testpdf.Object {
		text := ""
		for _, k := range order {
			text += fmt.Sprintf(" %d 0 R", k)
		}
		return testpdf.Object{Number: 3, Body: "<</Fields[4 0 R" + text + "]/DR<</Font<</Helv 7 0 R>>>>/DA(/Helv 0 Tf 0 g)/SigFlags 3>>"}
	}
	t.Run("from the beginning", func(t *testing.T) {
		base := testpdf.Contract(1, testpdf.Table)
		base.Objects = append(base.Objects, testpdf.Object{Number: n, Body: "<</FT/Sig/T(twin)/V 14 0 R>>"})
		for i := range base.Objects {
			if base.Objects[i].Number == 4 { // the field tree's only other node gets a signature field as its kid
				base.Objects[i].Body = string(bytes.Replace([]byte(base.Objects[i].Body), []byte("/Kids["), fmt.Appendf(nil, "/Kids[%d 0 R ", n), 1))
			}
		}
		r := m.judge(t, m.sign(t, base.Bytes(), entry{field: "A"}))
		require.Len(t, r.Signatures, 1)
		s := r.Signatures[0]
		require.Equal(t, verify.StructureSound, s.Structure, "%+v", s.Findings)
		require.Equal(t, verify.CryptoValid, s.Crypto)
		require.Contains(t, codes(s.Findings), "dictionary.shared")
	})
	signed := m.sign(t, contract(testpdf.Table), entry{field: "A"})
	require.NotContains(t, codes(m.judge(t, signed).Signatures[0].Findings), "dictionary.shared")
	for name, order := range map[string][]int{"added behind": {n, n + 2}, "added before": {n + 2, n}} {
		t.Run(name, func(t *testing.T) {
			r := m.judge(t, testpdf.File{Trailer: "/Root 1 0 R/Info 8 0 R/ID[<00112233445566778899AABBCCDDEEFF><01>]",
				Objects: []testpdf.Object{fields(order...), twin}}.Append(signed))
			require.Len(t, r.Signatures, 1)
			s := r.Signatures[0]
			require.Equal(t, "A", s.Field, "the field that was signed")
			require.Equal(t, verify.StructureSound, s.Structure, "%+v", s.Findings)
			require.Contains(t, codes(s.Findings), "dictionary.shared")
		})
	}
}
