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

// allocatedBy returns how many bytes do allocates in all.
func allocatedBy(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestChainsShareEntries: many chains that all end in one long section, and none
// of which leads to a catalog, do not cost what the section costs each.
func TestChainsShareEntries(t *testing.T) {
	const entries, chains = 300_000, 200
	b := newBuilder()
	at := b.Len()
	fmt.Fprintf(b, "9 0 obj\n%s\nendobj\n", streamBody(fmt.Sprintf("/Type/XRef/W[1 1 1]/Index[1000 %d]/Size %d/Root 1 0 R/Filter/FlateDecode",
		entries, entries+1000), deflated(bytes.Repeat([]byte{0, 0, 1}, entries))))
	b.end(at)
	for range linearLookup {
		b.table("")
	}
	trunk := b.prev
	for range chains {
		b.prev = trunk
		b.object(1, "(no catalog)").table("")
	}
	require.Less(t, allocatedBy(func() {
		_, err := openBytes(b.Bytes())
		require.ErrorIs(t, err, ErrMalformed)
	}), uint64(100*entries+(chains<<18)))
}

// TestTableIsCounted: one table that many startxref name by different offsets
// counts each time.
func TestTableIsCounted(t *testing.T) {
	b := newBuilder().object(1, "(no catalog)")
	b.WriteString(strings.Repeat(" ", 100))
	at := b.Len()
	b.table("/A[" + strings.Repeat("1 ", 1<<17) + "]")
	for i := range 100 {
		fmt.Fprintf(b, "startxref\n%d\n%%%%EOF\n", at-i)
	}
	_, err := openBytes(b.Bytes())
	require.ErrorIs(t, err, ErrLimit)
}

// TestDecodingIsCounted: a stream that turns out to be damaged behind a hundred
// megabytes counts like any other, and so does one that is decoded again.
func TestDecodingIsCounted(t *testing.T) {
	c := newCache(10)
	require.NoError(t, c.countFiltered(0, decodingBytes+10*decodingFactor))
	require.ErrorIs(t, c.countFiltered(0, 1), ErrLimit)

	const size = 64 << 20
	var bomb bytes.Buffer
	w, err := zlib.NewWriterLevel(&bomb, zlib.BestSpeed)
	require.NoError(t, err)
	for range size >> 20 {
		_, _ = w.Write(make([]byte, 1<<20))
	}
	require.NoError(t, w.Flush())
	bomb.WriteString("\xff\xff\xff")
	b := onePage().stream(4, "/Filter/FlateDecode", bomb.Bytes()).table("")
	f := b.open(t)
	s, err := f.Latest().StreamObject(Reference{Number: 4})
	require.NoError(t, err)
	decoded := 0
	for ; decoded < 100; decoded++ {
		_, err = f.Latest().Stream(s)
		require.Error(t, err)
		if _, limit := err.(*Error); limit && err.(*Error).Kind == ErrLimit { //nolint:errorlint // as it is
			break
		}
		require.ErrorContains(t, err, "damaged")
	}
	require.InDelta(t, decodingBytes/size, decoded, 2)
}

// TestObjectsInStreamLimit: an object stream of that many objects is read, one of more is not.
func TestObjectsInStreamLimit(t *testing.T) {
	for over := range 2 {
		n := maxItems + over
		head := strings.Repeat("0 0 ", n-1) + "7 0 "
		b := onePage().stream(4, fmt.Sprintf("/Type/ObjStm/N %d/First %d/Filter/FlateDecode", n, len(head)), deflated([]byte(head+"(seven)")))
		b.entry(7, "c 4 0") // at another index
		f := b.crossStream(5, "").open(t)
		o, err := f.Latest().Object(Reference{Number: 7})
		if over == 1 {
			require.ErrorIs(t, err, ErrLimit)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, []byte("seven"), o.Value.(String).Value)
		require.Contains(t, codes(f), ObjectStreamIndex)
	}
}

// TestWordSearch: what was searched for one word is not searched again because
// another word stands before it.
func TestWordSearch(t *testing.T) {
	window := []byte(strings.Repeat("trailer ", 100) + "obj trailer")
	var w wordSearch
	for at := range int64(801) {
		require.EqualValues(t, 1000+800, w.next("obj", window, 1000, 1000+at))
		require.EqualValues(t, 1000, w.from, "one search")
	}
	require.EqualValues(t, 1000+len(window), w.next("obj", window, 1000, 1801), "none follows")
	require.EqualValues(t, 1800, w.next("obj", window[700:], 1700, 1750), "another window")
}

// TestManyTrailers: a scan for objects gets past as many trailers as there are.
func TestManyTrailers(t *testing.T) {
	const n = 50_000
	data := []byte("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages<<>>>>endobj\n" + strings.Repeat("trailer<</Root 1 0 R>>", n) + "2 0 obj<<>>endobj")
	f, err := openBytes(data)
	require.NoError(t, err)
	require.True(t, f.Repaired)
	require.Equal(t, 2, f.Sections[0].Len())
}

// TestRevisionOf holds the search against counting.
func TestRevisionOf(t *testing.T) {
	f := &File{Revisions: []Revision{{Number: 1, Sections: []int{0, 1}}, {Number: 2, Sections: []int{2}}, {Number: 3, Sections: []int{3, 4, 5}}}}
	for section, want := range []int{1, 1, 2, 3, 3, 3, 3} {
		require.Equal(t, want, f.revisionOf(section))
	}
	require.Zero(t, (&File{}).revisionOf(0))
}

// TestInflateLengths: output of every length comes out whole: what fits into the
// room, into pieces, and what is decompressed twice.
func TestInflateLengths(t *testing.T) {
	long := keptOutput // is kept, and no more
	for i, size := 0, 2*keptOutput; i < maxPieces; i, size = i+1, min(2*size, maxPiece) {
		long += size
	}
	for _, n := range []int{0, 1, keptOutput - 1, keptOutput, keptOutput + 1, 3 * keptOutput, 3*keptOutput + 1, 1 << 20, long - 1, long, long + 1, 2 * long} {
		data := make([]byte, n)
		for i := 0; i < n; i += 1000 {
			data[i] = byte(i / 1000)
		}
		packed := deflated(data)
		var noted []AnomalyCode
		note := func(code AnomalyCode, _ string) { noted = append(noted, code) }
		out, k, err := inflate(packed, 0, note)
		require.NoError(t, err)
		require.Equal(t, n, k)
		require.True(t, bytes.Equal(data, out), n)
		require.Empty(t, noted)
		if n > 0 {
			out, k, err = inflate(packed[:len(packed)-4], 0, note)
			require.NoError(t, err)
			require.Equal(t, n, k)
			require.True(t, bytes.Equal(data, out), n)
			require.Equal(t, []AnomalyCode{FlateChecksum}, noted)
		}
	}
}
