package pdf

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpdf"
)

// read lists the references of an object that was read the long way.
func read(o Object, key Name, out *[]keyedReference) {
	switch o := o.(type) {
	case Reference:
		*out = append(*out, keyedReference{key, o})
	case *Array:
		for _, item := range o.Items {
			read(item, key, out)
		}
	case *Dict:
		for _, e := range o.Entries {
			if ChoosesNames(key) {
				read(e.Value, key, out)
			} else {
				read(e.Value, e.Key, out)
			}
		}
	case *Stream:
		read(o.Dict, key, out)
	}
}

type keyedReference struct {
	Key Name
	Ref Reference
}

// requireSkims holds what skimming tells of every object of a file against what
// reading it tells, and returns how many could be skimmed.
func requireSkims(t *testing.T, data []byte) (skimmed int) {
	f, err := openBytes(data)
	if err != nil {
		return 0
	}
	for r := range f.Revisions {
		v := f.View(r + 1)
		for e := range v.Entries() {
			found, s, ok := v.Skim(e, nil)
			if !ok {
				continue
			}
			skimmed++
			o, err := v.Object(Reference{e.Number, e.Generation})
			require.NoError(t, err, "skimmed over, but not readable")
			var want []keyedReference
			read(o.Value, "", &want)
			var got []keyedReference
			for _, k := range found {
				got = append(got, keyedReference{Name(k.Key), k.Ref})
			}
			require.Equal(t, want, got, "%s", o.Raw)
			require.Equal(t, o.End, s.End)
			if kind, ok := o.Dict().Get("Type").(Name); ok && bytes.IndexByte(o.Raw, '#') < 0 && len(o.Dict().Duplicates()) == 0 {
				require.Equal(t, kind, s.Type)
			}
		}
	}
	return skimmed
}

// odd are objects that are written as they need not be.
var odd = []string{
	"<</A 1 0 R/B[2 0 R 3 0 R<</C 4 0 R>>]/D(5 0 R)/E<36203020 52>/F 7 0 obj>>", "[1 0 R[2 0 R]]", "1 0 R", "<</A#42 1 0 R>>", "<</A>>",
	"<</A 1 0 R/A 2 0 R>>", "<</A%comment\n1 0 R>>", "<</A 1\n0\nR>>", "<</A 1 0 RG>>", "<</A[1 0 R>>", "<<1 0 R>>", "<</A (\\)1 0 R)>>", "<</A (()) /B 1 0 R>>",
	"<</A true/B false/C null/D nil>>", "<</A 1 0 R/B -1 0 R/C +1/D .5/E 1.5 0 R>>", "<</A<</B<</C 1 0 R>>>>>>", "", "<</Type/#58Ref/A 1 0 R>>",
	"<</A 99999999999999999999 0 R>>", "<</A<4>/B 1 0 R>>", "<</A 1 0 R/B--1>>", "(text)", "/Name", "12", "<</Length 5/A 1 0 R>>",
}

func oddFile(form testpdf.Form) []byte {
	f := testpdf.Contract(2, form)
	for i, body := range odd {
		f.Objects = append(f.Objects, testpdf.Object{Number: 20 + i, Body: body})
	}
	return f.Bytes()
}

func TestSkim(t *testing.T) {
	for _, form := range testpdf.Forms {
		require.Positive(t, requireSkims(t, oddFile(form)), form)
	}
}

// TestSkimGivesUp names what is left to the parser.
func TestSkimGivesUp(t *testing.T) {
	file := func(o testpdf.Object) (*View, XrefEntry) {
		f := testpdf.Contract(1, testpdf.Table)
		f.Objects = append(f.Objects, o)
		opened, err := openBytes(f.Bytes())
		require.NoError(t, err)
		v := opened.Latest()
		e, _, ok := v.Lookup(int64(o.Number))
		require.True(t, ok)
		return v, e
	}
	for _, body := range []string{"<</A#42 1 0 R>>", "<</A>>", "<</A nil>>", "<<1/A 2>>", "", "<</A[1 0 R>>"} {
		v, e := file(testpdf.Object{Number: 20, Body: body})
		_, _, ok := v.Skim(e, nil)
		require.False(t, ok, body)
	}
	deep := func(n int) string {
		return string(bytes.Repeat([]byte("["), n)) + "1 0 R" + string(bytes.Repeat([]byte("]"), n))
	}
	v, e := file(testpdf.Object{Number: 20, Body: deep(maxSkimDepth)})
	_, _, ok := v.Skim(e, nil)
	require.True(t, ok, "at the limit")
	v, e = file(testpdf.Object{Number: 20, Body: deep(maxSkimDepth + 1)})
	_, _, ok = v.Skim(e, nil)
	require.False(t, ok, "one over")
	v, e = file(testpdf.Object{Number: 20, Free: true})
	_, _, ok = v.Skim(e, nil)
	require.False(t, ok, "free")
	v, e = file(testpdf.Object{Number: 20, Body: "<<>>", Data: []byte("data")})
	_, _, ok = v.Skim(e, nil)
	require.True(t, ok, "a stream")
	_, err := v.Object(Reference{Number: 20})
	require.NoError(t, err)
	_, _, ok = v.Skim(e, nil)
	require.False(t, ok, "read before")
}

func FuzzSkim(f *testing.F) {
	for _, form := range testpdf.Forms {
		f.Add(oddFile(form))
	}
	for _, data := range seeds(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { requireSkims(t, data) })
}

// TestSkimWindow: an object that a window holds is skimmed, a longer one is left
// to the parser.
func TestSkimWindow(t *testing.T) {
	for over := range 2 {
		f := testpdf.Contract(1, testpdf.Table)
		const frame = len("20 0 obj\n()\nendobj\nendstream") // and what is looked ahead
		f.Objects = append(f.Objects, testpdf.Object{Number: 20, Body: "(" + string(bytes.Repeat([]byte("x"), maxSkimWindow-frame+over*frame)) + ")"},
			testpdf.Object{Number: 21, Body: "(" + string(bytes.Repeat([]byte("y"), maxSkimWindow)) + ")"})
		opened, err := openBytes(f.Bytes())
		require.NoError(t, err)
		v := opened.Latest()
		e, _, ok := v.Lookup(20)
		require.True(t, ok)
		_, _, ok = v.Skim(e, nil)
		require.Equal(t, over == 0, ok)
	}
}
