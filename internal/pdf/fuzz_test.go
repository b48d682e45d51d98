package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// seeds returns files of every form that the tests know; it fails when there
// are fewer than it knows of.
func seeds(f *testing.F) [][]byte {
	f.Helper()
	mixed := onePage().object(4, "(one)").table("")
	mixed.object(4, "(two)").crossStream(6, "")
	mixed.free(4).table("")
	two, _ := twoRevisions()
	list := [][]byte{
		onePage().table("").Bytes(),
		oneCompressedPage().crossStream(5, "").Bytes(),
		mixed.Bytes(),
		hybrid("").Bytes(),
		hybrid(freeEntry).Bytes(),
		linearized().Bytes(),
		two.Bytes(),
		append(two.Bytes(), "9 0 obj(x)endobj\n%%EOF\n"...),
		onePage().object(4, "<</Length 5 0 R>>stream\nabc\nendstream").object(5, "3").table("").Bytes(),
		[]byte(strings.ReplaceAll(onePage().table("").String(), " n \n", " n\n")),
		bytes.ReplaceAll(onePage().table("").Bytes(), []byte("\n"), []byte("\r")),
		append([]byte("junk\n"), onePage().table("").Bytes()...),
		// Those that need repair.
		bytes.ReplaceAll(mixed.Bytes(), []byte("startxref\n"), []byte("startxref\n9")),
		bytes.Replace(two.Bytes(), []byte("xref\n0 4"), []byte("xerf\n0 4"), 1),
		append(two.Bytes(), "3 0 obj<</Length 7>>stream\nabc\nendstream endobj trailer<</Root 1 0 R>>startxref 1 %%EOF"...),
		[]byte(strings.Replace(oneCompressedPage().String()+"startxref 0 %%EOF", "<</Type/Catalog", "<</Type/Catalog/A]", 1)),
	}
	opened := 0
	for _, data := range list {
		if _, err := openBytes(data); err == nil {
			opened++
		}
	}
	if opened != len(list) {
		f.Fatalf("%d of %d seeds can be opened", opened, len(list))
	}
	return list
}

func FuzzXref(f *testing.F) {
	for _, data := range seeds(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := openBytes(data)
		if err != nil {
			var e *Error
			require.ErrorAs(t, err, &e)
			return
		}
		checkFile(t, file, data)
	})
}

// checkFile checks what must hold of every file that opens.
func checkFile(t *testing.T, f *File, data []byte) {
	require.NotEmpty(t, f.Revisions)
	end := int64(0)
	sections := 0
	for i, r := range f.Revisions {
		require.Equal(t, i+1, r.Number)
		require.Greater(t, r.End, end)
		require.GreaterOrEqual(t, r.EndEOL, r.End)
		require.LessOrEqual(t, r.EndEOL, f.Size)
		end = r.End
		for _, s := range r.Sections {
			require.Equal(t, sections, s)
			sections++
		}
	}
	require.Len(t, f.Sections, sections)
	for _, s := range f.Sections {
		if s.Repaired && s.TrailerOffset < 0 {
			require.Empty(t, s.TrailerRaw)
			continue
		}
		require.Equal(t, data[s.TrailerOffset:s.TrailerOffset+int64(len(s.TrailerRaw))], s.TrailerRaw)
	}
	for _, revision := range []int{1, len(f.Revisions)} {
		v := f.View(revision)
		n := 0
		for e := range v.Entries() {
			if n++; n > 200 {
				break
			}
			o, err := v.Object(Reference{e.Number, e.Generation})
			if err != nil {
				var x *Error
				require.ErrorAs(t, err, &x)
				continue
			}
			checkObject(t, o, data)
			if s, ok := o.Value.(*Stream); ok && s.Length < 1<<20 {
				_, _ = v.Stream(s)
			}
		}
	}
}

// checkObject checks that the raw bytes of an object stand where it says, and
// that every value reads the same again from its span.
func checkObject(t *testing.T, o *Indirect, data []byte) {
	if o.Offset >= 0 {
		require.Equal(t, data[o.Offset:o.Offset+int64(len(o.Raw))], o.Raw)
		require.GreaterOrEqual(t, o.End, o.Offset+int64(len(o.Raw)))
		require.LessOrEqual(t, o.End, int64(len(data)))
	}
	if s, ok := o.Value.(*Stream); ok {
		require.LessOrEqual(t, s.Offset+s.Length, int64(len(data)))
		checkSpans(t, s.Dict, o.Raw)
		return
	}
	checkSpans(t, o.Value, o.Raw)
}

// checkSpans reads every value with a span again, by itself.
func checkSpans(t *testing.T, v Object, raw []byte) {
	again := func(s Span, want Object) {
		p := parser{lexer: lexer{buf: raw[s.Start:s.End], eof: true}}
		got, err := p.value(0)
		if err != nil && (s.Len() == 0 || s.Len() == 1 && class[raw[s.Start]] == delimiter) {
			require.Equal(t, Null{}, want) // a key without value, or a bracket that closes nothing
			return
		}
		require.NoError(t, err)
		require.Equal(t, s.Len(), p.pos)
		require.Equal(t, printed(want), printed(got))
	}
	switch v := v.(type) {
	case *Dict:
		again(v.Span, v)
		for _, e := range v.Entries {
			p := parser{lexer: lexer{buf: raw[e.KeySpan.Start:e.KeySpan.End], eof: true}}
			key, err := p.name()
			require.NoError(t, err)
			require.Equal(t, e.Key, key)
			again(e.ValueSpan, e.Value)
			checkSpans(t, e.Value, raw)
		}
	case *Array:
		again(v.Span, v)
		for _, item := range v.Items {
			checkSpans(t, item, raw)
		}
	}
}

// printed returns a value without its spans.
func printed(o Object) string {
	switch v := o.(type) {
	case *Dict:
		var s strings.Builder
		for _, e := range v.Entries {
			fmt.Fprintf(&s, "%q=%s,", e.Key, printed(e.Value))
		}
		return "<" + s.String() + ">"
	case *Array:
		var s strings.Builder
		for _, item := range v.Items {
			s.WriteString(printed(item) + ",")
		}
		return "[" + s.String() + "]"
	}
	return fmt.Sprintf("%T %v", o, o)
}

func FuzzLexer(f *testing.F) {
	for _, s := range []string{
		"<</A 1/B[2 0 R(x)<41>]/C<</D/E#20F>>>>", "[1 -2 +3.5 .5 true false null]", "(a\\(b\\)\\101\\\r\n)", "% c\n12 0 R", "<4 1>", "((()))", "nul", "--1", "/#",
	} {
		if _, _, err := parseAll(s); err != nil {
			f.Fatal(s, err)
		}
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		whole := parser{lexer: lexer{buf: data, eof: true}}
		want, err := whole.value(0)
		if err == nil {
			checkSpans(t, want, data)
		}
		// A shorter window gives the same value or asks for more.
		for n := range min(len(data), 64) {
			p := parser{lexer: lexer{buf: data[:n]}}
			got, short := p.value(0)
			if errors.Is(short, errMore) {
				continue
			}
			if short != nil {
				require.Error(t, err)
				continue
			}
			require.NoError(t, err)
			require.Equal(t, printed(want), printed(got))
		}
	})
}

func FuzzObjectStream(f *testing.F) {
	for _, s := range []string{"10 0 (ten)", "9 0 10 4 (x) (ten)", "10 0 <</A[1 2]>>", "10 0 <41", "10 99 x"} {
		f.Add([]byte(s), 5, 2)
	}
	f.Fuzz(func(t *testing.T, data []byte, first, n int) {
		b := oneCompressedPage()
		b.stream(6, fmt.Sprintf("/Type/ObjStm/N %d/First %d/Extends 6 0 R", n, first), data)
		file, err := openBytes(b.entry(10, "c 6 0").crossStream(5, "").Bytes())
		require.NoError(t, err)
		o, err := file.Latest().Object(Reference{Number: 10})
		if err != nil {
			var e *Error
			require.ErrorAs(t, err, &e)
			return
		}
		checkObject(t, o, nil)
	})
}
