package changes

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
)

// The same page has the same number whether it is asked for first, again or after others.
func TestPageNumber(t *testing.T) {
	f := testpdf.Contract(1, testpdf.Table)
	f.Objects[0].Body = "<</Type/Catalog/Pages 100 0 R/AcroForm 3 0 R>>"
	add := func(n int, format string, a ...any) {
		f.Objects = append(f.Objects, testpdf.Object{Number: n, Body: fmt.Sprintf(format, a...)})
	}
	want := map[int64]int{}
	leaves := func(node, n, first int) string {
		var kids strings.Builder
		for i := range n {
			page := node*100 + i
			add(page, "<</Type/Page/Parent %d 0 R>>", node)
			want[int64(page)] = first + i
			fmt.Fprintf(&kids, "%d 0 R ", page)
		}
		return kids.String()
	}
	add(100, "<</Type/Pages/Kids[101 0 R 104 0 R 102 0 R 103 0 R 105 0 R]/Count 25>>")
	add(101, "<</Type/Pages/Parent 100 0 R/Kids[%s]/Count 3>>", leaves(101, 3, 1))
	add(102, "<</Type/Pages/Parent 100 0 R/Kids[%s]/Count 20>>", leaves(102, 20, 5))
	add(103, "<</Type/Pages/Parent 100 0 R/Kids[%s]/Count -1>>", leaves(103, 1, 25))
	add(104, "<</Type/Page/Parent 100 0 R>>")
	add(105, "<</Type/Page/Parent 100 0 R>>")
	add(106, "<</Type/Page/Parent 100 0 R>>")
	add(107, "<</Type/Page/Parent 104 0 R>>")
	want[104] = 4
	want[105] = 0 // nobody knows how many pages stand before it
	want[106] = 0 // its parent does not know it
	want[107] = 0 // its parent has no kids
	h := historyOf(t, testpdf.File{Trailer: "/Root 1 0 R/Info 8 0 R", Objects: []testpdf.Object{{Number: 8, Body: "<<>>"}}}.Append(f.Bytes()))
	h.Compare(2)
	for range 3 {
		s := newSide(h.graph, h.file.View(2), &h.scratch)
		for range 3 {
			for page, number := range want {
				require.Equal(t, number, s.pageNumber(page), "object %d", page)
			}
		}
	}
	require.NotEmpty(t, h.scratch.positions)
	s := newSide(h.graph, h.file.View(2), &h.scratch)
	h.scratch.positions, h.scratch.positioned = map[*pdf.Array]positions{new(pdf.Array): nil}, maxTreeEntries
	for page, number := range want {
		require.Equal(t, number, s.pageNumber(page), "object %d, when others were forgotten", page)
	}
	require.Less(t, h.scratch.positioned, 100)
}
