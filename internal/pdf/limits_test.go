package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSectionLimit(t *testing.T) {
	file := func(n int) *builder {
		b := onePage().table("")
		for range n - 1 {
			b.at = map[int64]string{0: freeEntry}
			b.table("")
		}
		return b
	}
	f := file(maxSections).open(t)
	require.Len(t, f.Sections, maxSections)
	require.Len(t, f.Revisions, maxSections)
	require.IsType(t, &Dict{}, value(t, f.View(1), 3))
	_, err := openBytes(file(maxSections + 1).Bytes())
	require.ErrorIs(t, err, ErrLimit)
}

func TestEntryLimit(t *testing.T) {
	f := &File{Size: 10 * entryBytes}
	for range maxEntries + 10 {
		require.NoError(t, f.countEntry(0))
	}
	require.ErrorIs(t, f.countEntry(0), ErrLimit)
}

func TestDecodedLimits(t *testing.T) {
	c := newCache(0)
	require.NoError(t, c.countDecoded(1, maxDecodedBytes))
	require.NoError(t, c.countDecoded(1, maxDecodedBytes), "counted once")
	require.ErrorIs(t, c.countDecoded(2, 1), ErrLimit)

	if testing.Short() {
		t.Skip("decodes 128 MB")
	}
	zeros := func(n int) []byte {
		var b bytes.Buffer
		w, err := zlib.NewWriterLevel(&b, zlib.BestSpeed)
		require.NoError(t, err)
		for range n / (1 << 20) {
			_, _ = w.Write(make([]byte, 1<<20))
		}
		_, _ = w.Write(make([]byte, n%(1<<20)))
		require.NoError(t, w.Close())
		return b.Bytes()
	}
	out, _, err := decode(t, "/Filter/FlateDecode", zeros(maxStreamBytes))
	require.NoError(t, err)
	require.Len(t, out, maxStreamBytes)
	_, _, err = decode(t, "/Filter/FlateDecode", zeros(maxStreamBytes+1))
	require.ErrorIs(t, err, ErrLimit)
}

func TestObjectBytesLimit(t *testing.T) {
	file := func(length int64) error {
		b := onePage()
		b.entry(4, fmt.Sprintf("%010d 00000 n \n", b.Len()))
		b.WriteString("4 0 obj(")
		r := &countingReader{hole: int64(b.Len()), length: length - int64(len("4 0 obj()endobj"))}
		b.WriteString(")endobj\n")
		at := int64(b.Len()) + r.length
		fmt.Fprintf(b, "xref\n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", b.subsections(), at)
		r.data = b.Bytes()
		f, err := Open(r, int64(len(r.data))+r.length, nil)
		require.NoError(t, err)
		_, err = f.Latest().Object(Reference{Number: 4})
		return err
	}
	require.NoError(t, file(maxObjectBytes))
	require.ErrorIs(t, file(maxObjectBytes+1), ErrLimit)
}

func TestAnomalyLimit(t *testing.T) {
	for _, ambiguous := range []bool{false, true} {
		var l anomalyLog
		for i := range maxAnomalies {
			for range 2 {
				l.add(Anomaly{Code: EntryForm, Ambiguous: ambiguous, Revision: 1, Offset: int64(i)})
			}
		}
		require.Len(t, l.list, maxAnomalies, "at the limit")
		require.Zero(t, l.dropped)
		l.add(Anomaly{Code: EntryForm, Ambiguous: !ambiguous, Revision: 1, Offset: 0})
		require.Len(t, l.list, maxAnomalies+1, "neither kind takes the room of the other")
		l.add(Anomaly{Code: EntryForm, Ambiguous: ambiguous, Revision: 1, Offset: maxAnomalies})
		l.add(Anomaly{Code: EntryForm, Ambiguous: ambiguous, Revision: 1, Offset: maxAnomalies + 1})
		if !ambiguous {
			require.Len(t, l.list, maxAnomalies+1)
			require.Equal(t, 2, l.dropped)
			continue
		}
		require.Len(t, l.list, maxAnomalies+2)
		require.EqualValues(t, maxAnomalies+1, l.list[len(l.list)-1].Offset)
		require.Equal(t, 1, l.dropped)
	}
}

// TestAnomalyFlood: however many there are, the last ambiguous one of every
// revision, and the one with the highest offset, are told.
func TestAnomalyFlood(t *testing.T) {
	var l anomalyLog
	for r := 7; r >= 0; r-- {
		for i := range 3 * maxAnomalies {
			l.add(Anomaly{Code: EntryForm, Revision: r, Offset: int64(i)})
			l.add(Anomaly{Code: EntryDuplicate, Ambiguous: true, Revision: r, Offset: int64(10_000*r + i%2000)})
		}
	}
	require.Len(t, l.list, 2*maxAnomalies+8)
	highest := make(map[int]int64)
	for _, a := range l.list {
		if a.Ambiguous {
			highest[a.Revision] = max(highest[a.Revision], a.Offset)
		}
	}
	for r := range 8 {
		require.EqualValues(t, 10_000*r+1999, highest[r])
	}
}

func TestCacheIsBounded(t *testing.T) {
	c := newCache(1 << 30)
	for i := range int64(100) {
		o := &Indirect{}
		require.NoError(t, c.put(place{offset: i}, o, nil, maxCacheBytes/10))
		got, _, ok := c.object(place{offset: i})
		require.Equal(t, i%11 != 10, ok)
		require.True(t, !ok || got == o)
		require.LessOrEqual(t, c.cost, int64(16*maxCacheBytes))
	}
}

func TestTrailerGapLimit(t *testing.T) {
	file := func(gap int) *File {
		b := onePage()
		b.WriteString("%")
		data := strings.Replace(b.table("").String(), ">>\nstartxref", ">>"+strings.Repeat("-", gap)+"startxref", 1)
		data += strings.Repeat(" ", 10)
		f, err := openBytes([]byte(data))
		require.NoError(t, err)
		return f
	}
	require.Contains(t, file(maxTrailerGap - len("startxref")).Anomalies()[0].Text, "other bytes")
	require.Contains(t, file(maxTrailerGap - len("startxref") + 1).Anomalies()[0].Text, "does not follow")
}

// What other readers have failed on: little input must not become much memory
// or time.
func TestHostileFilesAreCheap(t *testing.T) {
	six := 6 << 20
	for name, file := range map[string]func() *builder{
		"6 MB of [": func() *builder { return onePage().object(4, strings.Repeat("[", six)).table("") },
		"6 MB of <<": func() *builder {
			return onePage().object(4, strings.Repeat("<<", six/2)).table("")
		},
		"6 MB of << /A":  func() *builder { return onePage().object(4, strings.Repeat("<</A", six/4)).table("") },
		"6 MB of (":      func() *builder { return onePage().object(4, strings.Repeat("(", six)).table("") },
		"6 MB of digits": func() *builder { return onePage().object(4, strings.Repeat("1", six)).table("") },
		"6 MB of 1 1 1":  func() *builder { return onePage().object(4, "["+strings.Repeat("1 ", six/2)+"]").table("") },
		"6 MB of %":      func() *builder { return onePage().object(4, strings.Repeat("%\n", six/2)).table("") },
		"6 MB of startxref": func() *builder {
			b := onePage().table("")
			b.WriteString(strings.Repeat("startxref ", six/10))
			return b
		},
		"object stream of [": func() *builder {
			b := oneCompressedPage()
			return b.objects(6, "", []int64{10}, []string{strings.Repeat("[", 40<<20)}).crossStream(5, "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			data := file().Bytes()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			f, err := openBytes(data)
			if err == nil {
				_, err = f.Latest().Object(Reference{Number: 4})
				_, err2 := f.Latest().Object(Reference{Number: 10})
				if err == nil && err2 == nil && !f.Repaired {
					require.NotEmpty(t, f.Anomalies())
				}
			}
			runtime.ReadMemStats(&after)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(512<<20)+4*uint64(len(data)))
		})
	}
}

func TestObjectNumberLimit(t *testing.T) {
	// A table can name numbers below the highest, a scan finds that one too.
	for number, readable := range map[int64]bool{maxObjectNumber - 1: true, maxObjectNumber: false} {
		b := onePage()
		data := strings.Replace(b.table("").String(), "trailer", fmt.Sprintf("%d 1\n%010d 00000 n \ntrailer", number, 15), 1)
		f, err := openBytes([]byte(data))
		require.NoError(t, err)
		require.Equal(t, readable, !f.Repaired)
	}
	for number, readable := range map[int64]bool{maxObjectNumber: true, maxObjectNumber + 1: false} {
		_, err := openBytes(fmt.Appendf(nil, "%%PDF-1.7\n%d 0 obj<</Type/Catalog/Pages<<>>>>endobj trailer<</Root %d 0 R>>", number, number))
		require.Equal(t, readable, err == nil)
	}
}

func TestWorkLimits(t *testing.T) {
	c := newCache(1000)
	require.NoError(t, c.put(place{offset: 1}, &Indirect{}, nil, workBytes+workFactor*1000))
	require.NoError(t, c.put(place{offset: 1}, &Indirect{}, nil, 1), "counted once")
	for n, at := range []place{inStream(2, 7, 0), inFile(entry{offset: 2})} {
		var e *Error
		require.ErrorAs(t, c.put(at, &Indirect{}, nil, int64(1-n)), &e)
		require.Equal(t, ErrLimit, e.Kind)
		require.EqualValues(t, 2, e.Offset, "of the object, or of the stream that it stands in")
	}
	// Decoded object streams may be parsed as well.
	require.NoError(t, c.countDecoded(1, 1))
	require.NoError(t, c.put(place{offset: 3}, &Indirect{}, nil, workFactor-1))
	require.ErrorIs(t, c.put(place{offset: 4}, &Indirect{}, nil, 1), ErrLimit)

	// Objects that were never closed are read to the end of the file each time.
	const size = 1 << 20
	for n, limit := range map[int]bool{workFactor: false, workFactor + workBytes/size + 2: true} {
		data := []byte("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages<<>>>>endobj trailer<</Root 1 0 R>>\n" + strings.Repeat("2 0 obj(\n", n))
		data = append(data, bytes.Repeat([]byte(" "), size)...)
		_, err := openBytes(data)
		if limit {
			require.ErrorIs(t, err, ErrLimit)
		} else {
			require.NoError(t, err)
		}
	}
}

func TestFilterLimit(t *testing.T) {
	data := []byte("text")
	for range maxFilters {
		data = deflated(data)
	}
	filters := func(n int) string { return "/Filter[" + strings.Repeat("/FlateDecode", n) + "]" }
	out, _, err := decode(t, filters(maxFilters), data)
	require.NoError(t, err)
	require.Equal(t, "text", string(out))
	_, _, err = decode(t, filters(maxFilters+1), deflated(data))
	require.ErrorIs(t, err, ErrLimit)
}

// Sections whose /Prev leads nowhere: below the oldest there is a usable file,
// below the others there is none, since no such object is their catalog.
func TestRebuildLimit(t *testing.T) {
	file := func(n int) *File {
		b := onePage()
		at := b.Len()
		fmt.Fprintf(b, "xref\n1 1\n%strailer\n<</Size 4/Root 1 0 R/Prev 7>>\nstartxref\n%d\n%%%%EOF\n", b.at[1], at)
		for range n {
			at := b.Len()
			fmt.Fprintf(b, "xref\n0 0\ntrailer\n<</Size 4/Root 9 0 R/Prev 7>>\nstartxref\n%d\n%%%%EOF\n", at)
		}
		f := b.open(t)
		require.True(t, f.Repaired)
		require.IsType(t, &Dict{}, value(t, f.Latest(), 3))
		return f
	}
	require.False(t, file(maxRebuilds - 1).Revisions[0].Repaired)
	require.True(t, file(maxRebuilds).Revisions[0].Repaired)
}

// Entries of a real file: a stream that is short when packed.
func TestEntryLimitOfFile(t *testing.T) {
	file := func(extra int) error {
		b := onePage()
		rows := make([]byte, 0, 8)
		for n := int64(1); n < 4; n++ {
			var at int
			_, _ = fmt.Sscanf(b.at[n], "%d", &at)
			rows = append(rows, byte(at>>8), byte(at))
		}
		at := b.Len()
		n := maxEntries + extra
		rows = append(rows, make([]byte, 2*(n-3))...)
		fmt.Fprintf(b, "9 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n",
			streamBody(fmt.Sprintf("/Type/XRef/W[0 2 0]/Index[1 %d]/Size %d/Root 1 0 R/Filter/FlateDecode", n, n+1), deflated(rows)), at)
		size := b.Len()
		_, err := openBytes(b.Bytes())
		if err == nil {
			require.LessOrEqual(t, n, maxEntries+size/entryBytes)
		}
		return err
	}
	require.NoError(t, file(0))
	require.ErrorIs(t, file(2000), ErrLimit)
}
