package pdf

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// twoRevisions returns a file whose update replaces the page, and the end of
// its first revision.
func twoRevisions() (b *builder, firstEnd int64) {
	b = onePage().table("")
	firstEnd = int64(b.Len())
	return b.object(3, "<</Type/Page/Parent 2 0 R/Rotate 90>>").table(""), firstEnd
}

func TestRevisionBounds(t *testing.T) {
	b, first := twoRevisions()
	f := b.open(t)
	require.Len(t, f.Revisions, 2)
	require.Equal(t, Revision{Number: 1, Sections: []int{0}, StartXref: int64(bytes.Index(b.Bytes(), []byte("startxref"))), End: first - 1, EndEOL: first}, f.Revisions[0])
	require.Equal(t, f.Size, f.Revisions[1].EndEOL)
	require.Equal(t, 1, f.RevisionAt(0))
	require.Equal(t, 1, f.RevisionAt(first-1))
	require.Equal(t, 2, f.RevisionAt(first))
	require.Equal(t, 0, f.RevisionAt(f.Size))

	// What a reader sees of the first revision is what it sees of the file cut there.
	cut, err := openBytes(b.Bytes()[:first])
	require.NoError(t, err)
	require.Equal(t, value(t, cut.Latest(), 3), value(t, f.View(1), 3))
	require.NotEqual(t, value(t, f.View(1), 3), value(t, f.View(2), 3))
}

// Damaged updates: the earlier revision opens, the rest is damage.
func TestDamage(t *testing.T) {
	update := "3 0 obj\n<</Type/Page/Evil true>>\nendobj\n"
	at := func(s string) int { return strings.Index(s, "xref\n0 4") }
	for name, tail := range map[string]func(original string) string{
		"objects alone":     func(string) string { return update },
		"objects and %%EOF": func(string) string { return update + "%%EOF\n" },
		"no table, old startxref": func(s string) string {
			return update + fmt.Sprintf("trailer\n<</Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", at(s))
		},
		"no table, wrong startxref": func(s string) string {
			return update + fmt.Sprintf("trailer\n<</Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", at(s)+1)
		},
		"table without entries and Size": func(s string) string {
			return update + fmt.Sprintf("xref\ntrailer\n<</Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", at(s), len(s)+len(update))
		},
		"startxref at the trailer": func(s string) string {
			return update + fmt.Sprintf("trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(s)+len(update))
		},
		"broken Prev": func(s string) string {
			return update + fmt.Sprintf("xref\n3 1\n%010d 00000 n \ntrailer\n<</Size 4/Root 1 0 R/Prev 7>>\nstartxref\n%d\n%%%%EOF\n", len(s), len(s)+len(update))
		},
		"catalog missing": func(s string) string {
			return update + fmt.Sprintf("xref\n3 1\n%010d 00000 n \ntrailer\n<</Size 4/Root 9 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", len(s), at(s), len(s)+len(update))
		},
		"far away": func(string) string { return strings.Repeat("\n", 3*scanWindow) + update },
	} {
		t.Run(name, func(t *testing.T) {
			original := onePage().table("").String()
			f, err := openBytes([]byte(original + tail(original)))
			require.NoError(t, err)
			require.NotNil(t, f.Damage)
			require.Equal(t, int64(len(original)), f.Damage.Offset)
			require.NotEmpty(t, f.Damage.Text)
			require.Equal(t, int64(len(original)), f.Revisions[0].EndEOL)
			require.False(t, value(t, f.View(1), 3).(*Dict).Has("Evil"))
			if !f.Repaired { // the last startxref is sound: nobody sees what follows
				require.Len(t, f.Revisions, 1)
				return
			}
			require.Equal(t, Revision{Number: 2, Sections: []int{1}, StartXref: -1, End: f.Size, EndEOL: f.Size, Repaired: true}, f.Revisions[1])
			require.True(t, value(t, f.Latest(), 3).(*Dict).Has("Evil"))
		})
	}
}

// "%%EOF" and "startxref" in a stream are no end of a revision.
func TestMarksInStreams(t *testing.T) {
	inner := onePage().table("").String()
	b := onePage().stream(4, "", []byte(inner)).table("")
	f := b.stream(5, "", []byte(inner)).table("").open(t)
	require.Len(t, f.Revisions, 2)
	require.Empty(t, f.Anomalies())
}

func TestSectionsOutOfOrder(t *testing.T) {
	// The newest section stands within the bytes of the first revision.
	b := onePage()
	at := b.Len()
	const room = 200
	b.WriteString(strings.Repeat(" ", room))
	b.table("")
	copy(b.Bytes()[at:], fmt.Sprintf("xref\n3 1\n%010d 00000 n \ntrailer\n<</Size 4/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", 20, b.prev, at))
	data := strings.Replace(b.String(), fmt.Sprintf("startxref\n%d\n", b.prev), fmt.Sprintf("startxref\n%d\n", at), 2)
	f, err := openBytes([]byte(data))
	require.NoError(t, err)
	require.Len(t, f.Sections, 2)
	require.Len(t, f.Revisions, 1)
	require.NotEmpty(t, codes(f))
}

func TestStartxrefNamesSpaceBeforeSection(t *testing.T) {
	b, _ := twoRevisions()
	first := strings.Index(b.String(), "xref\n0 4")
	data := strings.Replace(b.String(), fmt.Sprintf("startxref\n%d\n", first), fmt.Sprintf("startxref\n%d\n", first-1), 1)
	f, err := openBytes([]byte(data))
	require.NoError(t, err)
	require.Len(t, f.Revisions, 2)
	require.Equal(t, []AnomalyCode{SectionOffset}, codes(f))
}

func TestCandidateLimit(t *testing.T) {
	file := func(n int) []byte {
		return []byte(onePage().table("").String() + strings.Repeat("startxref\n1\n%%EOF\n", n))
	}
	f, err := openBytes(file(maxCandidates - 1))
	require.NoError(t, err)
	require.False(t, f.Revisions[0].Repaired)
	f, err = openBytes(file(maxCandidates))
	require.NoError(t, err)
	require.True(t, f.Revisions[0].Repaired)
}

// Every startxref leads to a section whose catalog is large and broken; each
// attempt counts, so that the file is given up soon.
func TestManyBrokenChains(t *testing.T) {
	b := newBuilder().object(1, "["+strings.Repeat("1 ", 1<<19)+"endobj")
	for range maxCandidates - 1 {
		b.table("")
	}
	_, err := openBytes(b.Bytes())
	require.ErrorIs(t, err, ErrLimit)
}
