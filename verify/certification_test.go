package verify_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/verify"
)

const certifies = "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 2/V/1.2>>>>]"

// TestCertification holds certifications against each other and against Perms.
func TestCertification(t *testing.T) {
	m := newMaker(t)
	plain := contract(testpdf.Table)
	good := m.sign(t, plain, entry{field: "A", dictionary: certifies, catalog: permissions(plain)})
	s := m.judge(t, good).Signatures[0]
	require.Equal(t, verify.TotalPassed, s.Indication)
	require.Empty(t, s.Findings)

	s = m.judge(t, m.sign(t, plain, entry{field: "A", dictionary: certifies})).Signatures[0]
	require.Equal(t, []string{"certification.not-in-permissions"}, codes(s.Findings))
	require.Equal(t, verify.TotalPassed, s.Indication, "what it forbids holds all the same")

	s = m.judge(t, m.sign(t, plain, entry{field: "A", catalog: permissions(plain)})).Signatures[0]
	require.Equal(t, []string{"certification.no-transform"}, codes(s.Findings))

	second := m.judge(t, m.sign(t, good, entry{field: "B", dictionary: certifies})).Signatures[1]
	require.Subset(t, codes(second.Findings), []string{"certification.several"})
	require.Equal(t, verify.Indeterminate, second.Indication)
	require.Equal(t, verify.SigConstraintsFailure, second.SubIndication)

	approved := m.sign(t, plain, entry{field: "A"})
	late := m.judge(t, m.sign(t, approved, entry{field: "B", dictionary: certifies, catalog: permissions(approved)})).Signatures[1]
	require.Equal(t, []string{"certification.not-first"}, codes(late.Findings))
	require.Equal(t, verify.Indeterminate, late.Indication)
}

// TestPermissionOfOthers: a certification binds those who sign after it.
func TestPermissionOfOthers(t *testing.T) {
	m := newMaker(t)
	for p, allowed := range map[string]bool{"P 3": true, "P 2": false} {
		plain := contract(testpdf.Table)
		file := m.sign(t, plain, entry{field: "A", dictionary: certifiesWith(p), catalog: permissions(plain)})
		file = m.sign(t, file, entry{field: "B"})
		n := testpdf.LastSize(file)
		r := m.judge(t, update(file, testpdf.Table, testpdf.Object{Number: n, Body: "<</Type/Annot/Subtype/Text/Rect[1 1 9 9]/P 10 0 R>>"},
			testpdf.Object{Number: 10, Body: annotated(n)}))
		for _, s := range r.Signatures {
			require.Equal(t, verify.ChangesAnnotation, s.Changes, "%+v", s.Findings)
			require.Equal(t, allowed, s.ChangesAllowed, p)
		}
	}
}

func certifiesWith(p string) string {
	return "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/" + p + "/V/1.2>>>>]"
}

// annotated is the page of a contract with two signatures and an annotation.
func annotated(n int) string {
	return fmt.Sprintf("<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 7 0 R>>>>/Contents 11 0 R/Annots[5 0 R %d 0 R %d 0 R %d 0 R]>>", n-4, n-2, n)
}
