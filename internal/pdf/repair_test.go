package pdf

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Of several objects with one number the last counts, wherever it stands.
func TestRebuildWholeFile(t *testing.T) {
	b := onePage().object(4, "(first)").table("")
	b.object(4, "(second)").stream(5, "", []byte("9 0 obj(in a stream)endobj trailer<</Root 9 0 R>>"))
	b.WriteString("% 7 0 obj(in a comment)endobj\n%%EOF6 0 obj(six)endobj\n-8 0 obj(negative)endobj\n")
	b.objects(10, "", []int64{3, 4}, []string{page + "%", "(third)"}).table("")
	data := strings.ReplaceAll(b.String(), "startxref", "startxerf")
	require.Contains(t, repaired(t, []byte(data)), "startxref")
	f, err := openBytes([]byte(data))
	require.NoError(t, err)
	require.Len(t, f.Sections, 1)
	require.True(t, f.Sections[0].Repaired)
	require.Equal(t, []Revision{{Number: 1, Sections: []int{0}, StartXref: -1, End: f.Size, EndEOL: f.Size, Repaired: true}}, f.Revisions)
	require.Equal(t, int64(0), f.Damage.Offset)
	v := f.Latest()
	require.Equal(t, "third", string(value(t, v, 4).(String).Value))
	require.Equal(t, "six", string(value(t, v, 6).(String).Value))
	for _, n := range []int64{7, 8, 9} {
		require.Equal(t, Null{}, value(t, v, n))
	}
	require.IsType(t, &Stream{}, value(t, v, 5))
	require.Equal(t, Reference{1, 0}, f.Latest().Trailer().Get("Root"))
}

func TestRebuildFromStreams(t *testing.T) {
	for name, c := range map[string]struct {
		file func() *builder
		root int64
	}{
		"trailer of a cross-reference stream": {func() *builder { return oneCompressedPage().crossStream(5, "") }, 1},
		"catalog without trailer": {func() *builder {
			b := oneCompressedPage()
			b.WriteString("startxref\n0\n%%EOF\n")
			return b
		}, 1},
		"trailer with a broken dictionary": {func() *builder {
			b := onePage()
			b.WriteString("trailer <</Root 1 0 R/Size (\nstartxref\n0\n%%EOF\n")
			return b
		}, 1},
		"last trailer of no use": {func() *builder {
			b := onePage().table("")
			b.WriteString("trailer <</Size 4/Root 3 0 R>>")
			return b
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			data := strings.Replace(c.file().String(), "startxref\n", "startxref\n7", 1)
			repaired(t, []byte(data))
			f, err := openBytes([]byte(data))
			require.NoError(t, err)
			catalog, err := f.Latest().Catalog()
			require.NoError(t, err)
			require.Equal(t, c.root, catalog.Ref.Number)
			require.IsType(t, &Dict{}, value(t, f.Latest(), 3))
		})
	}
}

// What is no document is not made one.
func TestNotRepairable(t *testing.T) {
	whole := oneCompressedPage().crossStream(5, "").String()
	for name, data := range map[string]string{
		"cut off before the section": whole[:strings.Index(whole, "5 0 obj")],
		"no pages":                   "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj trailer<</Root 1 0 R/Size 3>> startxref 1 %%EOF",
		"no catalog":                 "%PDF-1.7\n2 0 obj<</Type/Pages/Kids[]>>endobj trailer<</Root 1 0 R/Size 3>> startxref 1 %%EOF",
		"no objects":                 "%PDF-1.7\ntrailer<</Root 1 0 R/Size 3>> startxref 1 %%EOF",
		"object numbers too high":    "%PDF-1.7\n2147483648 0 obj<</Type/Catalog/Pages<<>>>>endobj trailer<</Root 2147483648 0 R>> startxref 1 %%EOF",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := openBytes([]byte(data))
			require.ErrorIs(t, err, ErrMalformed)
		})
	}
}

// The way to the oldest section is lost: what lies before the others is found
// by scanning, and their revisions stay.
func TestRebuildBelow(t *testing.T) {
	file := func(between string) *File {
		b := onePage().object(4, "(old)").table("")
		first := b.prev
		b.object(4, "(new)").object(5, "(five)").table("")
		b.WriteString(between)
		b.object(5, "(new five)").table("")
		data := strings.Replace(b.String(), fmt.Sprintf("/Prev %d", first), fmt.Sprintf("/Prev %d", first+1), 1)
		data = strings.Replace(data, fmt.Sprintf("startxref\n%d\n", first), fmt.Sprintf("startxref\n%d\n", first+1), 1)
		f, err := openBytes([]byte(data))
		require.NoError(t, err)
		return f
	}
	f := file("")
	require.True(t, f.Repaired)
	require.Nil(t, f.Damage)
	require.Len(t, f.Sections, 3)
	require.Len(t, f.Revisions, 2)
	require.Equal(t, []int{0, 1}, f.Revisions[0].Sections)
	require.False(t, f.Revisions[0].Repaired || f.Revisions[1].Repaired)
	require.Equal(t, []AnomalyCode{SectionRebuilt}, codes(f))
	require.Equal(t, "new", string(value(t, f.View(1), 4).(String).Value))
	require.Equal(t, "five", string(value(t, f.View(1), 5).(String).Value))
	require.Equal(t, "new five", string(value(t, f.Latest(), 5).(String).Value))
	require.IsType(t, &Dict{}, value(t, f.Latest(), 3))

	for name, between := range map[string]string{
		"object":        "3 0 obj<</Evil true>>endobj\n",
		"object stream": (&builder{at: map[int64]string{}}).objects(9, "", []int64{3}, []string{"<</Evil true>>"}).String(),
	} {
		f = file(between)
		require.Equal(t, []AnomalyCode{ObjectUnlisted, SectionRebuilt}, codes(f), name)
		for _, a := range f.Anomalies() {
			require.Equal(t, a.Code == ObjectUnlisted, a.Ambiguous)
		}
	}
}

// An object stream that a section lists, with an object that none lists.
func TestUnlistedInObjectStream(t *testing.T) {
	b := onePage().table("")
	first := b.prev
	b.object(4, "(four)").table("")
	b.objects(6, "", []int64{5, 3}, []string{"(five)", "<</Evil true>>"})
	delete(b.at, 3)
	b.crossStream(7, "")
	data := strings.Replace(b.String(), fmt.Sprintf("/Prev %d", first), fmt.Sprintf("/Prev %d", first+1), 1)
	data = strings.Replace(data, fmt.Sprintf("startxref\n%d\n", first), fmt.Sprintf("startxref\n%d\n", first+1), 1)
	f, err := openBytes([]byte(data))
	require.NoError(t, err)
	require.Contains(t, codes(f), ObjectUnlisted)
	require.False(t, value(t, f.Latest(), 3).(*Dict).Has("Evil"))
}

// /Prev 0 in an update that needs what it leaves out.
func TestPrevZeroWithoutPages(t *testing.T) {
	b := onePage().table("")
	size := b.Len()
	b.object(1, "<</Type/Catalog/Pages 2 0 R/Lang(en)>>")
	data := strings.Replace(b.table("").String(), fmt.Sprintf("/Prev %d", strings.Index(b.String(), "xref\n0 4")), "/Prev 0", 1)
	f, err := openBytes([]byte(data))
	require.NoError(t, err)
	require.Equal(t, int64(size), f.Damage.Offset)
	require.Len(t, f.Revisions, 2)
	require.True(t, f.Revisions[1].Repaired)
	root, err := f.Latest().Catalog()
	require.NoError(t, err)
	require.True(t, root.Dict().Has("Lang"))

	// Where there is nothing better, the file opens as it says.
	alone := newBuilder().object(1, catalog).table("/Prev 0").Bytes()
	f, err = openBytes(alone)
	require.NoError(t, err)
	require.False(t, f.Repaired)
	require.Len(t, f.Revisions, 1)
}

// The sound part says how the file is encrypted, not what is damaged.
func TestRepairTailKeepsTrailer(t *testing.T) {
	b := onePage().table("")
	b.WriteString("3 0 obj<</Evil true>>endobj trailer<</Size 4/Root 1 0 R/Encrypt 3 0 R>>startxref 1 %%EOF")
	f := b.open(t)
	require.Len(t, f.Revisions, 2)
	require.Nil(t, f.Encryption())
	require.False(t, f.Latest().Trailer().Has("Encrypt"))
	require.True(t, value(t, f.Latest(), 3).(*Dict).Has("Evil"))
}

// Objects that are never closed must not be read again and again.
func TestScanBudget(t *testing.T) {
	for _, unit := range []string{"1 0 obj(", "trailer<<(", "1 0 obj<</A[", "obj", "trailer", "1 0 obj<<>>stream "} {
		data := "%PDF-1.7\n" + strings.Repeat(unit, (4<<20)/len(unit))
		_, err := openBytes([]byte(data))
		require.Error(t, err)
	}
}

func TestScanLimits(t *testing.T) {
	file := func(n int) *File {
		b := onePage()
		b.WriteString("trailer<</Root 1 0 R/Kept true>>\n")
		b.WriteString(strings.Repeat("trailer<</Root 9 0 R>>\n", n))
		b.WriteString("startxref 1 %%EOF")
		return b.open(t)
	}
	require.True(t, file(maxTrailers-1).Latest().Trailer().Has("Kept"))
	require.False(t, file(maxTrailers).Latest().Trailer().Has("Kept"))

	tail := func(n int) *File {
		b := onePage().table("")
		b.WriteString(strings.Repeat(" ", n))
		b.WriteString("4 0 obj(four)endobj ")
		return b.open(t)
	}
	gap := startxrefTail - len("startxref\n200\n%%EOF\n") - len("4 0 obj(four)endobj ")
	require.False(t, tail(gap).Repaired)
	require.True(t, tail(gap+1).Repaired)
}

// A window ends within "trailer", within the numbers, and within "obj".
func TestScanAcrossWindows(t *testing.T) {
	for shift := range 40 {
		var b bytes.Buffer
		b.WriteString("%PDF-1.7\n")
		b.WriteString(strings.Repeat("\n", scanWindow-b.Len()-shift))
		b.WriteString("1 0 obj<</Type/Catalog/Pages<<>>>>endobj")
		b.WriteString(strings.Repeat("\n", 2*scanWindow-scanBefore-b.Len()-shift))
		b.WriteString("trailer<</Root 1 0 R>>")
		f, err := openBytes(b.Bytes())
		require.NoError(t, err, shift)
		require.Equal(t, Reference{1, 0}, f.Latest().Trailer().Get("Root"))
	}
}

// A catalog in the trailer itself, with and without sections.
func TestRootDirect(t *testing.T) {
	sound := strings.Replace(onePage().table("").String(), "/Root 1 0 R", "/Root<</Pages 2 0 R/Lang(en)>>", 1)
	lost := strings.Replace(sound, "startxref\n", "startxref\n9", 1)
	for _, data := range []string{sound, lost} {
		f, err := openBytes([]byte(data))
		require.NoError(t, err)
		require.Equal(t, data == lost, f.Repaired)
		require.Contains(t, codes(f), RootDirect)
		catalog, err := f.Latest().Catalog()
		require.NoError(t, err)
		require.True(t, catalog.Ref.IsZero())
		checkSpans(t, catalog.Value, catalog.Raw)
		require.Equal(t, string(catalog.Raw), data[catalog.Offset:catalog.Offset+int64(len(catalog.Raw))])
	}
}

// White space before a stream that an entry points at.
func TestStreamSpansBehindSpace(t *testing.T) {
	b := onePage()
	b.entry(4, fmt.Sprintf("%010d 00000 n \n", b.Len()))
	b.WriteString("\n\n  4 0 obj<</A(x)/Length 3>>stream\nabc\nendstream\nendobj\n")
	o, err := b.table("").open(t).Latest().Object(Reference{Number: 4})
	require.NoError(t, err)
	checkObject(t, o, b.Bytes())
}
