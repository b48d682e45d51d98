package pdf

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTableFile(t *testing.T) {
	f := onePage().table("").open(t)
	require.Equal(t, "1.7", f.HeaderVersion)
	require.Len(t, f.Sections, 1)
	require.Len(t, f.Revisions, 1)
	require.Equal(t, f.Size, f.Revisions[0].EndEOL)
	require.Equal(t, f.Size-1, f.Revisions[0].End)
	require.Nil(t, f.Damage)
	require.Empty(t, f.Anomalies())
	s := f.Sections[0]
	require.False(t, s.Stream)
	require.Equal(t, int64(-1), s.Prev)
	require.Equal(t, 4, s.Len())
	require.True(t, bytes.HasPrefix(s.TrailerRaw, []byte("<</Size 4")))
	o, err := f.Latest().Object(Reference{Number: 3})
	require.NoError(t, err)
	require.Equal(t, "3 0 obj\n"+page+"\nendobj", string(o.Raw))
	require.Equal(t, o.Offset+int64(len(o.Raw)), o.End)
	require.Equal(t, page, string(o.Raw[o.Dict().Span.Start:o.Dict().Span.End]))
}

func TestStreamFile(t *testing.T) {
	f := oneCompressedPage().crossStream(5, "").open(t)
	s := f.Sections[0]
	require.True(t, s.Stream)
	require.Equal(t, Reference{Number: 5}, s.Ref)
	require.Empty(t, f.Anomalies())
	o, err := f.Latest().Object(Reference{Number: 3})
	require.NoError(t, err)
	require.Equal(t, page, string(o.Raw))
	require.Equal(t, Reference{Number: 4}, o.Container)
	require.Equal(t, 2, o.Index)
	require.Equal(t, int64(-1), o.Offset)
	require.Equal(t, page, string(o.Raw[o.Dict().Span.Start:o.Dict().Span.End]))
}

// Sections of both forms in one chain, objects replaced and freed.
func TestMixedChain(t *testing.T) {
	b := onePage().object(4, "(one)").object(5, "(kept)").table("")
	b.object(4, "(two)").crossStream(6, "")
	b.free(5).object(4, "(three)").table("")
	f := b.open(t)
	require.Empty(t, f.Anomalies())
	require.Len(t, f.Revisions, 3)
	for i, want := range []string{"one", "two", "three"} {
		require.Equal(t, want, string(value(t, f.View(i+1), 4).(String).Value))
		require.Equal(t, []int{i}, f.Revisions[i].Sections)
	}
	require.Equal(t, "kept", string(value(t, f.View(2), 5).(String).Value))
	require.Equal(t, Null{}, value(t, f.View(3), 5))
	require.Equal(t, Null{}, value(t, f.View(3), 99))
	require.Nil(t, f.View(0))
	require.Nil(t, f.View(4))
	o, err := f.View(3).Object(Reference{4, 1})
	require.NoError(t, err)
	require.Equal(t, Null{}, o.Value, "another generation")
	one, err := f.View(2).Object(Reference{Number: 1})
	require.NoError(t, err)
	again, err := f.View(3).Object(Reference{Number: 1})
	require.NoError(t, err)
	require.Same(t, one, again, "views share objects")
}

func TestManySections(t *testing.T) {
	b := onePage().table("")
	for i := range 3 * linearLookup {
		b.object(4, fmt.Sprint(i)).object(int64(10+i), fmt.Sprint(i)).table("")
	}
	f := b.open(t)
	require.Len(t, f.Revisions, 3*linearLookup+1)
	for i := range 3 * linearLookup {
		v := f.View(i + 2)
		require.Equal(t, Integer(i), value(t, v, 4))
		require.Equal(t, Integer(i), value(t, v, int64(10+i)))
		require.Equal(t, Null{}, value(t, v, int64(11+i)))
		n := 0
		for e, section := range v.Entries() {
			want, s, ok := v.Lookup(e.Number)
			require.True(t, ok)
			require.Equal(t, want, e)
			require.Equal(t, s, section)
			n++
		}
		require.Equal(t, 4+1+i+1, n)
	}
}

// hybrid returns a file whose table calls 4 free and leaves out 5; both are in
// the stream that the trailer names.
func hybrid(table4 string) *builder {
	b := onePage()
	b.objects(6, "", []int64{4, 5}, []string{"(four)", "(five)"})
	main := b.at
	b.at = map[int64]string{4: main[4], 5: main[5], 6: main[6]}
	at := b.Len()
	b.writeCrossStream(7, "")
	delete(main, 4)
	delete(main, 5)
	b.at = main
	if table4 != "" {
		b.at[4] = table4
	}
	return b.table(fmt.Sprintf("/XRefStm %d", at))
}

func TestHybrid(t *testing.T) {
	f := hybrid("").open(t)
	require.Len(t, f.Sections, 1)
	require.True(t, f.Sections[0].Hybrid)
	require.Empty(t, f.Anomalies())
	require.Equal(t, "four", string(value(t, f.Latest(), 4).(String).Value))
	require.Equal(t, "five", string(value(t, f.Latest(), 5).(String).Value))

	f = hybrid(freeEntry).open(t)
	require.Equal(t, "four", string(value(t, f.Latest(), 4).(String).Value))
	require.Equal(t, []AnomalyCode{HybridOverride}, codes(f))
	require.True(t, f.Anomalies()[0].Ambiguous)

	// Readers disagree about which of two entries in use counts.
	f = hybrid(fmt.Sprintf("%010d 00000 n \n", bytes.Index(hybrid("").Bytes(), []byte("3 0 obj")))).open(t)
	require.Contains(t, codes(f), HybridOverride)
	require.True(t, slices.ContainsFunc(f.Anomalies(), func(a Anomaly) bool { return a.Code == HybridOverride && a.Ambiguous }))

	s := &Section{}
	s.note(EntryForm, false, 1, "formal")
	s.note(EntryForm, true, 2, "ambiguous")
	s.note(EntryForm, false, 3, "formal")
	require.Equal(t, []Anomaly{{Code: EntryForm, Ambiguous: true, Offset: 2, Text: "ambiguous"}}, s.odd)

	data := bytes.Replace(hybrid("").Bytes(), []byte("/XRefStm "), []byte("/XRefStm 9"), 1)
	require.Contains(t, repaired(t, data), "/XRefStm")
}

func TestLinearized(t *testing.T) {
	f := linearized().open(t)
	require.True(t, f.Linearized)
	require.Empty(t, f.Anomalies())
	require.Len(t, f.Sections, 2)
	require.Len(t, f.Revisions, 1)
	require.Equal(t, []int{0, 1}, f.Revisions[0].Sections)
	require.Equal(t, f.Size, f.Revisions[0].EndEOL)
	require.Equal(t, "second", string(value(t, f.Latest(), 5).(String).Value))

	// An update of it is a revision of its own.
	b := linearized()
	b.object(5, "(changed)").table("")
	f = b.open(t)
	require.True(t, f.Linearized)
	require.Len(t, f.Revisions, 2)
	require.Equal(t, "second", string(value(t, f.View(1), 5).(String).Value))
	require.Equal(t, "changed", string(value(t, f.View(2), 5).(String).Value))

	// Without the dictionary it is an odd order.
	f, err := openBytes(bytes.Replace(linearized().Bytes(), []byte("/Linearized"), []byte("/Linearised"), 1))
	require.NoError(t, err)
	require.False(t, f.Linearized)
	require.Equal(t, []AnomalyCode{SectionUnnamed}, codes(f))
}

// linearized returns a file in the order of annex F: the first-page section
// first, the main one last.
func linearized() *builder {
	b := newBuilder()
	b.object(6, "<</Linearized 1/L 0/H[0 0]/O 3/E 0/N 1/T 0>>")
	b.size = 7
	const room = 400
	first := b.Len()
	b.WriteString(strings.Repeat(" ", room))
	b.object(1, catalog).object(2, pages).object(3, page)
	firstPage := b.subsections()
	b.at = map[int64]string{}
	b.object(5, "(second)")
	main := b.Len()
	fmt.Fprintf(b, "xref\n%strailer\n<</Size 6>>\nstartxref\n%d\n%%%%EOF\n", b.subsections(), first)
	section := fmt.Sprintf("xref\n%strailer\n<</Size 7/Root 1 0 R/Prev %d>>\nstartxref\n0\n%%%%EOF\n", firstPage, main)
	copy(b.Bytes()[first:], section)
	b.at, b.prev = map[int64]string{}, first
	return b
}

func TestHeaderNotAtStart(t *testing.T) {
	junk := []byte("From: someone\r\n\r\n")
	data := onePage().table("").Bytes()
	f, err := openBytes(append(bytes.Clone(junk), data...))
	require.NoError(t, err)
	require.Equal(t, int64(len(junk)), f.Base)
	require.Equal(t, []AnomalyCode{HeaderOffset}, codes(f))
	o, err := f.Latest().Object(Reference{Number: 3})
	require.NoError(t, err)
	require.Equal(t, int64(len(junk)+bytes.Index(data, []byte("3 0 obj"))), o.Offset)

	// The same, with offsets that count from the beginning of the file.
	b := newBuilder()
	b.Reset()
	b.Write(junk)
	b.WriteString("%PDF-1.4\n")
	f = b.object(1, catalog).object(2, pages).object(3, page).table("").object(3, page).table("").open(t)
	require.Equal(t, int64(0), f.Base)
	require.Equal(t, int64(len(junk)), f.HeaderOffset)
	require.Len(t, f.Revisions, 2)

	far := append(bytes.Repeat([]byte(" "), headerBytes), data...)
	_, err = openBytes(far)
	require.ErrorIs(t, err, ErrNotPDF)
	near := append(bytes.Repeat([]byte(" "), headerBytes-len("%PDF-")), data...)
	_, err = openBytes(near)
	require.NoError(t, err)
}

func TestHeaderForms(t *testing.T) {
	file := func(header string) (*File, error) {
		b := newBuilder()
		b.Reset()
		b.WriteString(header)
		return openBytes(b.object(1, catalog).object(2, pages).object(3, page).table("").Bytes())
	}
	for header, version := range map[string]string{
		"%PDF-1.0\n": "1.0", "%PDF-2.0\r": "2.0", "%PDF-1.7 extra\n": "1.7", "%PDF-\n": "", "%PDF-9999999.9\n": "9999999.",
		"%!PS-Adobe-3.0 PDF-1.4\n": "1.4", "%!PS-Adobe-N.n PDF-M.m\n": "",
	} {
		f, err := file(header)
		require.NoError(t, err, header)
		require.Equal(t, version, f.HeaderVersion, header)
		require.Equal(t, strings.HasPrefix(header, "%!"), len(f.Anomalies()) == 1, header)
	}
	for _, header := range []string{"%!PS-Adobe-3.0\n", "%!PS-Adobe-3.0\n PDF-1.4\n", "PDF-1.4\n", ""} {
		_, err := file(header)
		require.ErrorIs(t, err, ErrNotPDF, header)
	}
}

func TestLineEnds(t *testing.T) {
	data := onePage().table("").Bytes()
	cr := bytes.ReplaceAll(data, []byte("\n"), []byte("\r"))
	f, err := openBytes(cr)
	require.NoError(t, err)
	require.Empty(t, f.Anomalies())
	require.Equal(t, f.Size, f.Revisions[0].EndEOL)

	crlf := append(bytes.TrimSuffix(data, []byte("\n")), "\r\n"...)
	f, err = openBytes(crlf)
	require.NoError(t, err)
	require.Equal(t, f.Size, f.Revisions[0].EndEOL)
	require.Equal(t, f.Size-2, f.Revisions[0].End)
}

func TestTableTolerances(t *testing.T) {
	for name, c := range map[string]struct {
		change func(string) string
		want   AnomalyCode
	}{
		"entries of 19 bytes": {func(s string) string { return strings.ReplaceAll(s, " n \n", " n\n") }, EntryForm},
		"entries of 21 bytes": {func(s string) string { return strings.ReplaceAll(s, " n \n", " n \r\n") }, EntryForm},
		"starts at 1":         {func(s string) string { return strings.Replace(s, "xref\n0 4", "xref\n1 4", 1) }, SubsectionStart},
		"count too high":      {func(s string) string { return strings.Replace(s, "xref\n0 4", "xref\n0 40", 1) }, SubsectionCount},
		"Size too small":      {func(s string) string { return strings.Replace(s, "/Size 4", "/Size 3", 1) }, EntryOutsideSize},
		"space before xref":   {func(s string) string { return strings.Replace(s, "\nxref\n", "\n\nxref\n", 1) }, SectionOffset},
		"no %%EOF":            {func(s string) string { return strings.TrimSuffix(s, "%%EOF\n") }, StartxrefForm},
		"junk at the end":     {func(s string) string { return s + "\n<!-- page served in 3 ms -->" }, TrailingBytes},
		"far junk at the end": {func(s string) string { return s + strings.Repeat("-", 3*tailWindow) }, TrailingBytes},
		"Prev 0":              {func(s string) string { return strings.Replace(s, "/Root", "/Prev 0/Root", 1) }, PrevZero},
		"gap":                 {func(s string) string { return strings.Replace(s, "startxref", "junk startxref", 1) }, StartxrefForm},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := openBytes([]byte(c.change(onePage().table("").String())))
			require.NoError(t, err)
			require.Equal(t, []AnomalyCode{c.want}, codes(f))
			require.Len(t, f.Revisions, 1)
			require.Nil(t, f.Damage)
			require.IsType(t, &Dict{}, value(t, f.Latest(), 3))
		})
	}
	f, err := openBytes([]byte(strings.Replace(onePage().table("").String(), " n \n", " n life is too short\n", 1)))
	require.NoError(t, err)
	require.Equal(t, []AnomalyCode{EntryForm, EntryText}, codes(f))
	require.IsType(t, &Dict{}, value(t, f.Latest(), 3))
	for _, gap := range []string{"\n 00000 n", "\r00000 n", " 00000\nn", " 00000 \r\n n", "\x00 00000 n"} {
		f, err = openBytes([]byte(strings.Replace(onePage().table("").String(), " 00000 n \n", gap+"\n", 1)))
		require.NoError(t, err)
		require.Len(t, f.Anomalies(), 1, "%q", gap)
		require.True(t, f.Anomalies()[0].Ambiguous, "%q: others repair the file", gap)
	}
	for gap, want := range map[string]bool{"\n\x00": true, "\x00\n": true, "\x00": true, " \t\f\r\n": false} {
		f, err = openBytes([]byte(strings.Replace(onePage().table("").String(), "startxref\n", "startxref"+gap, 1)))
		require.NoError(t, err)
		require.Equal(t, want, len(f.Anomalies()) == 1 && f.Anomalies()[0].Ambiguous, "%q: others repair the file", gap)
	}
	for size, want := range map[int64]bool{maxObjectNumber: false, maxObjectNumber + 1: true} {
		f, err = openBytes([]byte(strings.Replace(onePage().table("").String(), "/Size 4", fmt.Sprintf("/Size %d", size), 1)))
		require.NoError(t, err)
		require.Equal(t, want, len(f.Anomalies()) == 1 && f.Anomalies()[0].Ambiguous, "others give up on %d", size)
	}
	f, err = openBytes([]byte(onePage().table("").String() + "\x00\r\n  \n"))
	require.NoError(t, err)
	require.Empty(t, f.Anomalies(), "white space at the end is nothing")
	for n, far := range map[int]bool{nearEnd: false, nearEnd + 1: true} {
		f, err = openBytes([]byte(onePage().table("").String() + strings.Repeat("\x00", n)))
		require.NoError(t, err)
		require.Equal(t, far, len(f.Anomalies()) == 1 && f.Anomalies()[0].Ambiguous, "%d bytes: others do not find the end", n)
	}
	f, err = openBytes([]byte(strings.Replace(onePage().table("").String(), "startxref", "%a comment\nstartxref", 1)))
	require.NoError(t, err)
	require.Empty(t, f.Anomalies(), "so are comments")
}

// The kind is nil where the file can be repaired.
func TestBadFiles(t *testing.T) {
	good := onePage().table("").String()
	for name, c := range map[string]struct {
		data string
		kind error
		text string
	}{
		"empty":              {"", ErrNotPDF, "empty"},
		"text":               {strings.Repeat("hello ", 500), ErrNotPDF, "%PDF-"},
		"cut off":            {good[:strings.Index(good, "xref")], ErrMalformed, "startxref"},
		"header alone":       {"%PDF-1.7\n", ErrMalformed, "startxref"},
		"no startxref":       {good[:strings.Index(good, "startxref")], nil, "startxref"},
		"startxref alone":    {good[:strings.Index(good, "startxref")+9], nil, "number"},
		"startxref too high": {strings.Replace(good, "startxref\n", "startxref\n9999", 1), nil, "startxref"},
		"startxref wrong":    {strings.Replace(good, "startxref\n", "startxref\n1 ", 1), nil, "no cross-reference section"},
		"no trailer":         {strings.Replace(good, "trailer", "tailer!", 1), nil, "trailer"},
		"no Size":            {strings.Replace(good, "/Size", "/Sise", 1), nil, "/Size"},
		"no Root":            {strings.Replace(good, "/Root", "/Boot", 1), nil, "/Root"},
		"Root is a page":     {strings.Replace(good, "/Root 1", "/Root 9", 1), nil, "catalog"},
		"bad Prev":           {strings.Replace(good, "/Root", "/Prev 1 0 R/Root", 1), nil, "/Prev"},
		"negative Prev":      {strings.Replace(good, "/Root", "/Prev -1/Root", 1), nil, "/Prev"},
		"far Prev":           {strings.Replace(good, "/Root", "/Prev 99999/Root", 1), nil, "/Prev"},
		"bad entries":        {strings.Replace(good, "00000 n", "00000 x", 1), nil, "entry"},
		"many objects":       {strings.Replace(good, "0 4\n", "0 99999999999\n", 1), nil, "subsection"},
		"encrypted":          {strings.Replace(good, "/Root", "/Encrypt<</Filter/Mine>>/Root", 1), ErrEncrypted, "/Mine"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.kind == nil {
				require.Contains(t, repaired(t, []byte(c.data)), c.text)
				return
			}
			_, err := openBytes([]byte(c.data))
			require.ErrorIs(t, err, c.kind)
			require.ErrorContains(t, err, c.text)
			var e *Error
			require.ErrorAs(t, err, &e)
		})
	}
}

func TestPrevLoops(t *testing.T) {
	b := onePage()
	b.prev = b.Len() // itself
	require.Contains(t, repaired(t, b.table("").Bytes()), "leads back")
}

func TestCrossStreamFaults(t *testing.T) {
	good := newBuilder().object(1, catalog).object(2, pages).object(3, page)
	rows := func(n int) []byte { return make([]byte, 4*n) }
	for name, c := range map[string]struct {
		dict string
		data []byte
		text string
	}{
		"Size 2000000000": {"/W[1 2 1]/Size 2000000000/Root 1 0 R", rows(4), "too few"},
		"huge Index":      {"/W[1 2 1]/Index[0 2000000000]/Size 4/Root 1 0 R", rows(4), "too few"},
		"Index overflow":  {"/W[1 2 1]/Index[2147483647 2]/Size 4/Root 1 0 R", rows(4), "/Index"},
		"no W":            {"/Size 4/Root 1 0 R", rows(4), "/W"},
		"W too wide":      {"/W[1 9 1]/Size 4/Root 1 0 R", rows(4), "/W"},
		"W negative":      {"/W[1 -2 1]/Size 4/Root 1 0 R", rows(4), "/W"},
		"W zero":          {"/W[0 0 0]/Size 4/Root 1 0 R", rows(4), "/W"},
		"odd Index":       {"/W[1 2 1]/Index[0]/Size 4/Root 1 0 R", rows(4), "/Index"},
		"W indirect":      {"/W 1 0 R/Size 4/Root 1 0 R", rows(4), "/W"},
		"not an XRef":     {"/W[1 2 1]/Size 4/Root 1 0 R/Type/Other", rows(4), "/Type"},
		"filter indirect": {"/Filter 1 0 R/W[1 2 1]/Size 4/Root 1 0 R", rows(4), "direct"},
	} {
		t.Run(name, func(t *testing.T) {
			b := &builder{}
			b.Write(good.Bytes())
			at := b.Len()
			fmt.Fprintf(b, "9 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n", streamBody("/Type/XRef"+c.dict, c.data), at)
			require.Contains(t, repaired(t, b.Bytes()), c.text)
		})
	}
}

func TestCrossStreamFields(t *testing.T) {
	b := newBuilder().object(1, catalog).object(2, pages).object(3, page)
	var rows []byte
	offset := func(n int64) []byte {
		var at int
		_, _ = fmt.Sscanf(b.at[n], "%d", &at)
		return []byte{byte(at >> 8), byte(at)}
	}
	for n := int64(1); n < 4; n++ {
		rows = append(rows, offset(n)...)
	}
	rows = append(rows, 0, 0, 7) // type 1, no offset; and one byte too many
	at := b.Len()
	fmt.Fprintf(b, "9 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n", streamBody("/Type/XRef/W[0 2 0]/Index[1 4]/Size 10/Root 1 0 R", rows), at)
	f := b.open(t)
	require.Equal(t, []AnomalyCode{XRefStreamLength}, codes(f))
	e, _, ok := f.Latest().Lookup(3)
	require.True(t, ok)
	require.Equal(t, InUse, e.Kind)
	require.IsType(t, &Dict{}, value(t, f.Latest(), 3))
	require.Equal(t, Null{}, value(t, f.Latest(), 4))

	s := &Section{}
	s.addStreamEntry(5, [3]int{1, 8, 8}, []byte{3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0})
	s.addStreamEntry(6, [3]int{1, 8, 8}, []byte{1, 255, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0})
	require.Equal(t, []entry{{number: 5, offset: 1}}, s.entries)
	require.Len(t, s.odd, 2)
}

func TestDuplicateEntries(t *testing.T) {
	b := onePage().object(4, "(first)")
	first := b.at[4]
	b.object(4, "(second)")
	b.at[4] = first
	data := strings.Replace(b.table("").String(), "trailer", "4 1\n"+fmt.Sprintf("%010d 00000 n \n", strings.Index(b.String(), "4 0 obj\n(second)"))+"trailer", 1)
	f, err := openBytes([]byte(data))
	require.NoError(t, err)
	require.Equal(t, []AnomalyCode{EntryDuplicate}, codes(f))
	require.Equal(t, "first", string(value(t, f.Latest(), 4).(String).Value))
}
