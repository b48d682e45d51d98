package changes

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
	"github.com/inkan-go/inkan/internal/testpdf"
)

// TestClaims accounts for references again and again: each counts once, and takes room once.
func TestClaims(t *testing.T) {
	var l claims
	random := rand.New(rand.NewPCG(1, 2))
	want := make(map[claim]bool)
	const places = 3 * manyClaims
	for range 50 * places {
		n := random.IntN(places)
		s := slot{holder: int64(n % 7), place: place{int32(n), int32(n % 3)}}
		l.add(s, pdf.Reference{Number: int64(n % 5)}, n%2)
		want[claim{uint32(n % 5), uint32(n % 7), s.place, int32(n % 2)}] = true
		require.Less(t, cap(l), 8*places)
	}
	l.add(slot{}, pdf.Reference{Number: 1 << 32}, 0)
	l.add(slot{}, pdf.Reference{Number: -1}, 0)
	l.settle()
	require.Len(t, l, len(want))
	counted := 0
	for from := range int64(8) {
		for to := range int64(6) {
			n := 0
			for c := range want {
				if int64(c.from) == from && int64(c.to) == to {
					n++
				}
			}
			require.Equal(t, n, l.count(from, to))
			counted += n
		}
	}
	require.Equal(t, len(want), counted)
}

// TestPlaces holds the places of the values of a file apart.
func TestPlaces(t *testing.T) {
	f := testpdf.Contract(1, testpdf.Table)
	f.Objects = append(f.Objects, testpdf.Object{Number: 99, Body: "<</A 1 0 R/B[1 0 R 1 0 R<</A 1 0 R>>[1 0 R]]/C<</A 1 0 R/B<</A 1 0 R>>>>/A#2FB 1 0 R>>"})
	view := historyOf(t, f.Bytes()).file.Latest()
	s := newSide(nil, view, new(scratch))
	var claimAll func(in slot)
	claimAll = func(in slot) {
		in.claim()
		for _, e := range in.entries() {
			claimAll(in.get(e.Key))
		}
		for i := range in.items() {
			claimAll(in.item(i))
		}
	}
	o, err := s.object(pdf.Reference{Number: 99})
	require.NoError(t, err)
	for range 2 {
		claimAll(slot{side: s, holder: 99, value: o.Value})
		s.claims.settle()
		require.Equal(t, 8, s.claims.count(99, 1))
	}
}

// TestFewAndMany finds the same among few as among many.
func TestFewAndMany(t *testing.T) {
	for _, n := range []int{fewFields, fewFields + 1} {
		var x fieldIndex
		for i := range n {
			x.fields = append(x.fields, &sigdict.Field{Name: fmt.Sprint(i / 2), Ref: pdf.Reference{Number: int64(i + 1)}})
		}
		require.Equal(t, n-1, x.find(pdf.Reference{Number: int64(n)}))
		require.Equal(t, -1, x.find(pdf.Reference{Number: int64(n + 1)}))
		require.Equal(t, 2, x.named("3"))
		require.Zero(t, x.named("a"))
		require.Equal(t, n > fewFields, x.places != nil && x.names != nil)
	}
	g := &graph{keys: []pdf.Name{""}}
	for i := range 3 * fewKeys {
		key := pdf.Name(fmt.Sprint("K", i))
		id := g.id(key)
		require.Equal(t, key, g.key(id))
		require.Equal(t, id, g.idOf([]byte(key)))
	}
	require.Len(t, g.keys, 3*fewKeys+1)
	require.Zero(t, g.id(""))
	for _, n := range []int{smallDict, smallDict + 1} {
		d := &pdf.Dict{}
		for i := range n {
			d.Entries = append(d.Entries, pdf.Entry{Key: pdf.Name(fmt.Sprint(i)), Value: pdf.Integer(i)})
		}
		d.Entries[0].Key = "1" // the last one counts
		x := newIndex(d)
		require.Equal(t, 1, x.find("1", -1))
		require.Equal(t, n-1, x.find(pdf.Name(fmt.Sprint(n-1)), 0))
		require.Equal(t, -1, x.find("0", n))
		other := &pdf.Dict{Entries: slices.Clone(d.Entries[1:])}
		keys, twice := differing(other, d)
		require.Equal(t, []pdf.Name{"1"}, keys)
		require.Equal(t, []pdf.Name{"1"}, twice)
		slices.Reverse(other.Entries)
		keys, twice = differing(other, &pdf.Dict{Entries: d.Entries[1:]})
		require.Empty(t, keys)
		require.Empty(t, twice)
	}
}

// TestWholeUpdates reads the objects of a small update in whole, and skims over those of a
// large one, which makes no difference.
func TestWholeUpdates(t *testing.T) {
	var more []testpdf.Object
	for i := range fewObjects {
		more = append(more, testpdf.Object{Number: 100 + i, Body: fmt.Sprintf("<</A %d 0 R/B[%d 0 R]/S/URI>>", 101+i, 200+i)})
	}
	graphOf := func(objects []testpdf.Object) *graph {
		first := testpdf.Contract(1, testpdf.Table).Bytes()
		return newGraph(historyOf(t, testpdf.File{Trailer: "/Root 1 0 R", Objects: objects}.Append(first)).file, maxObjects, maxReferences)
	}
	small, large := graphOf(more), graphOf(append(slices.Clone(more), testpdf.Object{Number: 300, Body: "0"}))
	require.Len(t, large.versions, len(small.versions)+1)
	require.Len(t, large.edges, len(small.edges))
	for i, e := range small.edges {
		other := large.edges[i]
		require.Equal(t, e.to, other.to)
		require.Equal(t, small.key(e.key), large.key(other.key))
		require.Equal(t, small.versions[e.version].number, large.versions[other.version].number)
	}
	require.Equal(t, small.actions, large.actions)
	require.Len(t, small.actions, fewObjects)
}
