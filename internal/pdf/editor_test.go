package pdf

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// parseValue parses one direct object.
func parseValue(t *testing.T, raw string) Object {
	t.Helper()
	p := parser{lexer: lexer{buf: []byte(raw), eof: true}}
	v, err := p.value(0)
	require.NoError(t, err, "%s", raw)
	return v
}

func TestEditorCopiesTheRest(t *testing.T) {
	for name, c := range map[string]struct {
		raw, want string
		edit      func(*Editor)
	}{
		"nothing":                       {"<</A 1 /B(x\\)y)>>", "<</A 1 /B(x\\)y)>>", func(*Editor) {}},
		"new key":                       {"<</A 1>>", "<</A 1/B 5 0 R>>", func(e *Editor) { e.Set("B", []byte("5 0 R")) }},
		"empty dictionary":              {"<< >>", "<< /B[1]>>", func(e *Editor) { e.Set("B", []byte("[1]")) }},
		"replace":                       {"<</A 1/B 2/C 3>>", "<</A 1/B 9/C 3>>", func(e *Editor) { e.Set("B", []byte("9")) }},
		"replace delimited":             {"<</A[1 2]/C 3>>", "<</A 7 0 R/C 3>>", func(e *Editor) { e.Set("A", []byte("7 0 R")) }},
		"replace before what is no key": {"<</A[1]0B/C 3>>", "<</A 7 0B/C 3>>", func(e *Editor) { e.Set("A", []byte("7")) }},
		"replace name":                  {"<</A/Old/C 3>>", "<</A/New/C 3>>", func(e *Editor) { e.Set("A", []byte("/New")) }},
		"last wins": {"<</A 1>>", "<</A 3>>", func(e *Editor) {
			e.Set("A", []byte("2"))
			e.Set("A", []byte("3"))
		}},
		"delete":             {"<</A 1 /B(x) /C 3>>", "<</A 1  /C 3>>", func(e *Editor) { e.Delete("B") }},
		"delete what is not": {"<</A 1>>", "<</A 1>>", func(e *Editor) { e.Delete("B") }},
		"duplicate":          {"<</V 1/A 0/V 2>>", "<</A 0/V 9 0 R>>", func(e *Editor) { e.Set("V", []byte("9 0 R")) }},
		"delete duplicate":   {"<</V 1/A 0/V 2>>", "<</A 0>>", func(e *Editor) { e.Delete("V") }},
		"comment": {"<</A 1 % />> (\n/B 2 % end\n>>", "<</A 1 % />> (\n/B 3 % end\n/C 4>>", func(e *Editor) {
			e.Set("B", []byte("3"))
			e.Set("C", []byte("4"))
		}},
		"escaped key":   {"<</A#42 1>>", "<</A#42 2>>", func(e *Editor) { e.Set("AB", []byte("2")) }},
		"odd new key":   {"<<>>", "<</A#20#23B 1>>", func(e *Editor) { e.Set("A #B", []byte("1")) }},
		"nested is not": {"<</D<</A 1>>/A 2>>", "<</D<</A 1>>/A 3>>", func(e *Editor) { e.Set("A", []byte("3")) }},
		"dates and hex": {"<</M(D:20260101000000+09'00')/X<00 fF>/A null>>", "<</M(D:20260101000000+09'00')/X<00 fF>/A 1>>",
			func(e *Editor) { e.Set("A", []byte("1")) }},
	} {
		t.Run(name, func(t *testing.T) {
			d := parseValue(t, c.raw).(*Dict)
			e := EditDict([]byte(c.raw), d)
			c.edit(e)
			require.Equal(t, c.want, string(e.Bytes()))
			require.IsType(t, &Dict{}, parseValue(t, c.want))
		})
	}
}

func TestEditIndirect(t *testing.T) {
	raw := []byte("12 0 obj\n<</A 1>>\nendobj")
	o := &Indirect{Raw: raw, Value: &Dict{Entries: []Entry{{Key: "A", Value: Integer(1), KeySpan: Span{11, 13}, ValueSpan: Span{14, 15}}}, Span: Span{9, 17}}}
	require.Equal(t, "<</A 2>>", string(Edit(o).Set("A", []byte("2")).Bytes()))
	require.Nil(t, Edit(&Indirect{Value: Integer(1)}))
}

func TestAppendItems(t *testing.T) {
	for raw, want := range map[string]string{
		"[]":             "[5 0 R]",
		"[ ]":            "[  5 0 R]",
		"[1 0 R]":        "[1 0 R 5 0 R]",
		"[1 0 R % c\n]":  "[1 0 R % c\n 5 0 R]",
		"[(a]b)[2 0 R]]": "[(a]b)[2 0 R] 5 0 R]",
	} {
		got := AppendItems([]byte(raw), parseValue(t, raw).(*Array), []byte("5 0 R"))
		require.Equal(t, want, string(got))
		require.Equal(t, parseValue(t, raw).(*Array).Len()+1, parseValue(t, string(got)).(*Array).Len())
	}
}

func TestAppendTokens(t *testing.T) {
	require.Equal(t, "/A#2FB#E3", string(AppendName(nil, "A/B\xe3")))
	require.Equal(t, "x7 2 R", string(AppendReference([]byte("x"), Reference{7, 2})))
	require.Equal(t, "<00FFA5>", string(AppendHex(nil, []byte{0, 255, 0xa5})))
}

// TestAppendValue: a value that is written anew is read as the same value.
func TestAppendValue(t *testing.T) {
	for raw, want := range map[string]string{
		"null": "null", "true": "true", "-7": "-7", "0.5": "0.5", "-.25": "-0.25", "(a\\)b)": "<612962>", "<41 4>": "<4140>",
		"/A#20b": "/A#20b", "12 0 R": "12 0 R", "[ 1 /A(x) [] ]": "[1 /A <78> []]",
		"<< /A 1 /B true /C/D /E(x) /F 1 0 R /G null>>": "<</A 1/B true/C/D/E<78>/F 1 0 R/G null>>",
		"<</A<</B[<</C 1>>]>>>>":                        "<</A<</B[<</C 1>>]>>>>",
	} {
		written := AppendValue(nil, parseValue(t, raw))
		require.Equal(t, want, string(written))
		require.Equal(t, want, string(AppendValue(nil, parseValue(t, string(written)))))
	}
	require.Equal(t, "null", string(AppendValue(nil, &Stream{})))
}
