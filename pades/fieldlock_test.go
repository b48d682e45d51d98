package pades

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
)

func TestLockedFieldsLimit(t *testing.T) {
	for n, ok := range map[int]bool{maxLocked: true, maxLocked + 1: false} {
		l := &Lock{Action: LockInclude, Fields: strings.Split(strings.Repeat("a,", n-1)+"a", ",")}
		require.Len(t, l.Fields, n)
		require.Equal(t, ok, l.check() == nil)
	}
}

func TestSeedsLimit(t *testing.T) {
	for n, ok := range map[int]bool{maxSeeds: true, maxSeeds + 1: false} {
		v, catalog := viewOf(t, fmt.Sprintf("<</Type/Catalog/SV<</Reasons[%s]>>>>", strings.Repeat("(a)", n)))
		s, err := readSeedValues(v, catalog.Dict().Get("SV"))
		require.Equal(t, ok, err == nil, "%v", err)
		if ok {
			require.Len(t, s.Reasons, n)
		}
	}
}

// TestStructureLevelsLimit: a parent tree is followed as deep as references in a row.
func TestStructureLevelsLimit(t *testing.T) {
	for levels, ok := range map[int]bool{maxHops: true, maxHops + 1: false} {
		tree := strings.Repeat("<</Kids[", levels-1) + "<</Nums[7 2 0 R]>>" + strings.Repeat("]>>", levels-1)
		v, _ := viewOf(t, "<</Type/Catalog>>", "<</ParentTree "+tree+">>")
		root, err := v.Object(pdf.Reference{Number: 2})
		require.NoError(t, err)
		s := &structure{root: root}
		err = s.readTree(v)
		require.Equal(t, ok, err == nil, "%v", err)
		if ok {
			require.EqualValues(t, 8, s.next)
		}
	}
}
