package attached

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
)

// document has a catalog whose Names hold that tree, and further objects from 3 on.
func document(tree string, more ...string) []byte {
	f := testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{
		{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles " + tree + ">>>>"}, {Number: 2, Body: "<</Type/Pages/Kids[]/Count 0>>"},
	}}
	for i, body := range more {
		f.Objects = append(f.Objects, testpdf.Object{Number: 3 + i, Body: body})
	}
	return f.Bytes()
}

func latest(t testing.TB, data []byte) *pdf.View {
	t.Helper()
	f, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	require.Nil(t, f.Damage)
	return f.Latest()
}

func tree(t testing.TB, v *pdf.View) (*Tree, error) {
	t.Helper()
	catalog, err := v.Catalog()
	require.NoError(t, err)
	names, err := v.Dict(catalog.Dict().Get("Names"))
	require.NoError(t, err)
	return ReadTree(v, names.Get("EmbeddedFiles"))
}

func TestLimits(t *testing.T) {
	read := func(root string, more ...string) error {
		_, err := tree(t, latest(t, document(root, more...)))
		return err
	}
	require.NoError(t, read("<</Names["+strings.Repeat("()null ", maxNames)+"]>>"))
	require.ErrorContains(t, read("<</Names["+strings.Repeat("()null ", maxNames+1)+"]>>"), fmt.Sprint(maxNames))
	require.NoError(t, read("<</Kids["+strings.Repeat("<<>>", maxNames-1)+"]>>"))
	require.ErrorContains(t, read("<</Kids["+strings.Repeat("<<>>", maxNames)+"]>>"), fmt.Sprint(maxNames))
	for levels, ok := range map[int]bool{maxTreeDepth: true, maxTreeDepth + 1: false} {
		err := read(strings.Repeat("<</Kids[", levels-1) + "<<>>" + strings.Repeat("]>>", levels-1))
		require.Equal(t, ok, err == nil, "%d levels: %v", levels, err)
	}
	for hops, ok := range map[int]bool{maxHops - 1: true, maxHops: false} {
		var chain []string
		for n := range hops - 1 {
			chain = append(chain, fmt.Sprintf("%d 0 R", 4+n))
		}
		err := read("3 0 R", append(chain, "<</Names[]>>")...)
		require.Equal(t, ok, err == nil, "%d references: %v", hops, err)
	}
	require.ErrorContains(t, read("3 0 R", "<</Kids[3 0 R]>>"), "occurs twice")
	require.ErrorContains(t, read("3 0 R", "[]"), "dictionary")
	require.ErrorContains(t, read("<</Names[1 2]>>"), "string")
}

// TestInsert: names stay in order and limits become what they must be, in trees of
// every shape; what is not on the way stays as it is.
func TestInsert(t *testing.T) {
	const leaf = "<</Limits[(%s)(%s)]/Names[(%[1]s) 9 0 R(%[2]s) 9 0 R]>>"
	for name, c := range map[string]struct {
		root    string
		more    []string
		changed []int64 // objects that are written
		direct  bool    // the root is written by whoever holds it
	}{
		"none":          {"null", nil, nil, true},
		"direct":        {"<</Names[(b) 9 0 R(m) 9 0 R]>>", nil, nil, true},
		"one object":    {"3 0 R", []string{"<</Names[(b) 9 0 R(m) 9 0 R]>>"}, []int64{3}, false},
		"names apart":   {"3 0 R", []string{"<</Names 4 0 R>>", "[(b) 9 0 R(m) 9 0 R]"}, []int64{3}, false},
		"two levels":    {"3 0 R", []string{"<</Kids[4 0 R 5 0 R]>>", fmt.Sprintf(leaf, "a", "b"), fmt.Sprintf(leaf, "c", "m")}, []int64{3, 4, 5}, false},
		"kids apart":    {"3 0 R", []string{"<</Kids 6 0 R>>", fmt.Sprintf(leaf, "a", "b"), fmt.Sprintf(leaf, "c", "m"), "[4 0 R 5 0 R]"}, []int64{3, 4, 5}, false},
		"three levels":  {"3 0 R", []string{"<</Kids[4 0 R 6 0 R]>>", "<</Limits[(a)(b)]/Kids[5 0 R]>>", fmt.Sprintf(leaf, "a", "b"), fmt.Sprintf(leaf, "c", "m")}, []int64{3, 4, 5, 6}, false},
		"empty kids":    {"3 0 R", []string{"<</Kids[4 0 R]>>", "<</Names[]>>"}, []int64{3, 4}, false},
		"direct kid":    {"3 0 R", []string{"<</Kids[<</Limits[(a)(b)]/Names[(a) 9 0 R(b) 9 0 R]>>]>>"}, []int64{3}, false},
		"no kid at all": {"3 0 R", []string{"<</Kids[]>>"}, []int64{3}, false},
	} {
		t.Run(name, func(t *testing.T) {
			data := document(c.root, c.more...)
			v := latest(t, data)
			read, err := tree(t, v)
			require.NoError(t, err)
			var want []string
			for text := range read.All() {
				want = append(want, text)
			}
			u := pdf.NewUpdate(v)
			file := u.New()
			u.Put(file, []byte("<<>>"))
			for _, text := range []string{"zebra", "aa", "契約.pdf", "ba"} {
				read.Insert(text, file)
				want = append(want, text)
			}
			value := read.Put(u)
			require.Equal(t, c.direct, value != nil)
			if c.direct {
				catalog, err := v.Catalog()
				require.NoError(t, err)
				u.Replace(catalog, pdf.Edit(catalog).Set("Names", append(append([]byte("<</EmbeddedFiles "), value...), ">>"...)).Bytes())
			}
			tail, err := u.Build()
			require.NoError(t, err)
			now := latest(t, append(slices.Clone(data), tail.Bytes...))
			for n := range file.Number {
				_, section, ok := now.Lookup(n)
				require.Equal(t, slices.Contains(c.changed, n) || n == 1 && c.direct, ok && section == 1, "object %d", n)
			}
			again, err := tree(t, now)
			require.NoError(t, err)
			var got []string
			for text := range again.All() {
				got = append(got, text)
			}
			require.ElementsMatch(t, want, got)
			requireOrder(t, now, again)
		})
	}
}

// requireOrder wants ascending keys, and the limits that they ask for.
func requireOrder(t *testing.T, v *pdf.View, n *Tree) {
	t.Helper()
	if n.dict == nil {
		return
	}
	if least, greatest := n.limits(); n.root {
		require.False(t, n.dict.Has("Limits"))
	} else if least != nil {
		limits, err := v.Array(n.dict.Get("Limits"))
		require.NoError(t, err)
		require.Equal(t, 2, limits.Len())
		for i, want := range [][]byte{least, greatest} {
			got, err := v.String(limits.Items[i])
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
	}
	for i := 1; i < len(n.names); i++ {
		require.Less(t, string(n.names[i-1].key), string(n.names[i].key))
	}
	for i, kid := range n.kids {
		requireOrder(t, v, kid)
		if i > 0 {
			_, before := n.kids[i-1].limits()
			least, _ := kid.limits()
			require.Less(t, string(before), string(least))
		}
	}
}

// TestListDamaged: what is said of a file that cannot be read, is an error only for it.
func TestListDamaged(t *testing.T) {
	files, err := List(latest(t, document("<</Names[(a) 3 0 R(b)<</F(b.txt)>>(c) 1(d)<</EF<</F 4 0 R>>>>]>>", "<</EF 5>>", "(no stream)")))
	require.NoError(t, err)
	require.Len(t, files, 4)
	for i, want := range []string{"a", "b.txt", "c", "d"} {
		require.Equal(t, want, files[i].Name)
		_, err := files[i].Data()
		require.ErrorContains(t, err, "cannot be read")
	}
	_, err = List(latest(t, document("[]")))
	require.Error(t, err)
}

// TestListAssociated: what is associated and not named is listed behind, once.
func TestListAssociated(t *testing.T) {
	files, err := List(latest(t, document("<</Names[(a) 3 0 R]>>>>/AF[3 0 R 4 0 R 4 0 R 1]/Other<<", "<</F(a.txt)>>", "<</F(b.txt)>>")))
	require.NoError(t, err)
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	require.Equal(t, []string{"a.txt", "b.txt"}, names)
}
