package pdf

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/stretchr/testify/require"
)

// prepared returns a file with updates that begins with a linearization
// dictionary which names a length, and the ends of its revisions.
func prepared(length string, before string) (data []byte, ends []int) {
	file := testpdf.Contract(1, testpdf.Table)
	file.Header = "%PDF-1.7\n" + before
	file.Objects = append([]testpdf.Object{{Number: 30, Body: fmt.Sprintf("<</Linearized 1/L %-10s/O 31/N 1>>", length)}}, file.Objects...)
	data = file.Bytes()
	ends = []int{len(data)}
	for range 2 {
		data = testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{{Number: 8, Body: "<</Title(x)>>"}}}.Append(data)
		ends = append(ends, len(data))
	}
	return data, ends
}

// TestLinearizedLength finds linearization dictionaries with which readers would
// pass over the last cross-reference section (F.3.3).
func TestLinearizedLength(t *testing.T) {
	_, ends := prepared("0", "")
	for _, tt := range []struct {
		length   string
		revision int // the one that has it; 0: none that matters
	}{
		{fmt.Sprint(ends[0]), 0}, {fmt.Sprint(ends[1]), 2}, {fmt.Sprint(ends[2]), 3}, {fmt.Sprint(ends[2] - 1), 3},
		{fmt.Sprint(ends[2], ".0"), 3}, {fmt.Sprint(ends[2] + 1), 0}, {"(x)", 0}, {"-1", 0},
	} {
		data, _ := prepared(strings.ReplaceAll(tt.length, " ", ""), "")
		f, err := openBytes(data)
		require.NoError(t, err)
		found := 0
		for _, a := range f.Anomalies() {
			if a.Code == LinearizedLength {
				require.True(t, a.Ambiguous)
				found = a.Revision
			}
		}
		require.Equal(t, tt.revision, found, "/L %s, of %v", tt.length, ends)
	}
}

func TestMaxLinearization(t *testing.T) {
	comment := func(n int) *File {
		data, _ := prepared("1", "%"+strings.Repeat("x", n)+"\n")
		f, err := openBytes(data)
		require.NoError(t, err)
		return f
	}
	f := comment(0)
	end := int(f.linearization().Span.End) - int(f.HeaderOffset)
	require.True(t, comment(maxLinearization-end).hasLinearizedDict(), "at the limit")
	require.False(t, comment(maxLinearization-end+1).hasLinearizedDict(), "one over")
}

// TestShrunkenSize hides objects from readers that believe the newest /Size.
func TestShrunkenSize(t *testing.T) {
	whole := testpdf.Contract(1, testpdf.Table).Bytes()
	update := testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{{Number: 8, Body: "<</Title(x)>>"}}}.Append(whole)
	for size, ambiguous := range map[string]bool{"12": false, "11": true, "99": false} {
		at := bytes.LastIndex(update, []byte("/Size 12"))
		data := append(append(bytes.Clone(update[:at]), "/Size "+size...), update[at+len("/Size 12"):]...)
		f, err := openBytes(data)
		require.NoError(t, err)
		found := false
		for _, a := range f.Anomalies() {
			found = found || a.Code == EntryOutsideSize && a.Ambiguous && a.Revision == 2
		}
		require.Equal(t, ambiguous, found, size)
	}
}
