package pdf

import (
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func parseAll(s string) (Object, []oddity, error) {
	p := parser{lexer: lexer{buf: []byte(s), eof: true}}
	v, err := p.value(0)
	return v, p.odd, err
}

func TestValues(t *testing.T) {
	str := func(s string) String { return String{Value: []byte(s)} }
	hex := func(s string) String { return String{Value: []byte(s), Hex: true, Exact: true} }
	spaced := func(s string) String { return String{Value: []byte(s), Hex: true} }
	for in, want := range map[string]Object{
		"true":                 Boolean(true),
		" % comment\r\nfalse":  Boolean(false),
		"null":                 Null{},
		"17":                   Integer(17),
		"+17":                  Integer(17),
		"-98":                  Integer(-98),
		"00012":                Integer(12),
		"9223372036854775807":  Integer(9223372036854775807),
		"9223372036854775808":  Real(9223372036854775808),
		"34.5":                 Real(34.5),
		"-.002":                Real(-.002),
		"4.":                   Real(4),
		".5":                   Real(.5),
		"+.5":                  Real(.5),
		"+5":                   Integer(5),
		"-0":                   Integer(0),
		"/\xff\x80":            Name("\xff\x80"),
		"/A#00#ff":             Name("A\x00\xff"),
		"(\xff\x00\x80)":       str("\xff\x00\x80"),
		"12 0 R":               Reference{12, 0},
		"12\n%c\n3 R ":         Reference{12, 3},
		"12 0 Rx":              Integer(12),
		"12 0 obj":             Integer(12),
		"/Name":                Name("Name"),
		"/":                    Name(""),
		"/A#42#20":             Name("AB "),
		"/A;_-*.$()":           Name("A;_-*.$"),
		"(simple)":             str("simple"),
		"(a(b)c)":              str("a(b)c"),
		`(\n\r\t\b\f\(\)\\\x)`: str("\n\r\t\b\f()\\x"),
		"(a\\\r\nb\\\nc)":      str("abc"),
		"(a\r\nb\rc\nd)":       str("a\nb\nc\nd"),
		`(\0053\053\53\5)`:     str("\x053++\x05"),
		"()":                   str(""),
		"<48 65\n6C6c6F>":      spaced("Hello"),
		"<901FA>":              hex("\x90\x1f\xa0"),
		"<>":                   hex(""),
		"<4 8>":                spaced("H"),
	} {
		v, odd, err := parseAll(in)
		require.NoError(t, err, in)
		require.Equal(t, want, v, in)
		require.Empty(t, odd, in)
	}
}

// decodeHex against the plain rule, with zeros, also by the block, spaces and odd ends.
func TestDecodeHex(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		alphabet := []string{"0", "00000000001", "0123456789abcdefABCDEF", "0 1\nF", "0az"}[random.IntN(5)]
		b := make([]byte, random.IntN(60))
		for i := range b {
			b[i] = alphabet[random.IntN(len(alphabet))]
		}
		b = append(b, strings.Repeat("0", random.IntN(2)*random.IntN(300))...)
		form := hexExact
		digits := ""
		for _, c := range b {
			switch {
			case strings.IndexByte("0123456789abcdefABCDEF", c) >= 0:
				digits += string(c)
			case c != ' ' && c != '\n':
				form = hexImpure
			default:
				form = max(form, hexSpaced)
			}
		}
		if len(digits)%2 == 1 {
			digits += "0"
		}
		want, err := hex.DecodeString(digits)
		require.NoError(t, err)
		got, gotForm := decodeHex(b)
		require.Equal(t, want, got, "%q", b)
		require.Equal(t, form, gotForm, "%q", b)
	}
}

// TestDecodeDigits: every byte at every place, among digits.
func TestDecodeDigits(t *testing.T) {
	for c := range 256 {
		for at := range 8 {
			b := []byte("1f0A9c7B")
			b[at] = byte(c)
			want, err := hex.DecodeString(string(b))
			got := make([]byte, 4)
			n := decodeDigits(got, b)
			if err != nil {
				require.Zero(t, n, "%q", b)
				continue
			}
			require.Equal(t, 4, n, "%q", b)
			require.Equal(t, want, got, "%q", b)
		}
	}
}

func TestDictKeepsSpansAndDuplicates(t *testing.T) {
	const src = " <</A 1 /B[2 0 R(x)]/A<</C/D>>>> "
	v, odd, err := parseAll(src)
	require.NoError(t, err)
	require.Empty(t, odd)
	d := v.(*Dict)
	text := func(s Span) string { return src[s.Start:s.End] }
	require.Equal(t, strings.TrimSpace(src), text(d.Span))
	require.Len(t, d.Entries, 3)
	require.Equal(t, []Name{"A"}, d.Duplicates())
	require.Equal(t, "<</C/D>>", text(d.Entries[2].ValueSpan))
	require.Equal(t, "/B", text(d.Entries[1].KeySpan))
	require.Equal(t, "[2 0 R(x)]", text(d.Entries[1].ValueSpan))
	require.Equal(t, "[2 0 R(x)]", text(d.Get("B").(*Array).Span))
	require.Same(t, d.Entries[2].Value, d.Get("A"))
}

func TestTolerated(t *testing.T) {
	for in, want := range map[string]struct {
		code  AnomalyCode
		value Object
	}{
		"--5":      {NumberForm, Null{}},
		"1-2":      {NumberForm, Null{}},
		"1.2.3":    {NumberForm, Null{}},
		"+":        {NumberForm, Null{}},
		".":        {NumberForm, Null{}},
		"-":        {NumberForm, Null{}},
		"5-3":      {NumberForm, Null{}},
		"1e5":      {NumberForm, Null{}},
		"0x1F":     {NumberForm, Null{}},
		"0x":       {NumberForm, Null{}},
		"x":        {UnknownKeyword, Null{}},
		"/#zz":     {NameForm, Name("#zz")},
		"[)]":      {UnknownKeyword, &Array{Items: []Object{Null{}}, Span: Span{0, 3}}},
		"nul":      {UnknownKeyword, Null{}},
		"/A#4":     {NameForm, Name("A#4")},
		"/A#GG":    {NameForm, Name("A#GG")},
		"<48zz65>": {StringForm, String{Value: []byte("He"), Hex: true}},
	} {
		v, odd, err := parseAll(in)
		require.NoError(t, err, in)
		require.Equal(t, want.value, v, in)
		require.Len(t, odd, 1, in)
		require.Equal(t, want.code, odd[0].code, in)
	}
	for in, keys := range map[string][]Name{
		"<</A>>":             {"A"},
		"<</A/B 1/C>>":       {"A", "C"}, // 1 stands where a key should
		"<<(x)/A 1>>":        {"A"},
		"<</A]/B 1>>":        {"A", "B"},
		"<</A 1>/B 2>>":      {"A", "B"},
		"<<}/A 1{>>":         {"A"},
		"<</Contents/B[1]>>": {"Contents"},
	} {
		v, odd, err := parseAll(in)
		require.NoError(t, err, in)
		require.NotEmpty(t, odd, in)
		var got []Name
		for _, e := range v.(*Dict).Entries {
			got = append(got, e.Key)
		}
		require.Equal(t, keys, got, in)
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, in := range []string{
		"", "   ", ")", ">", "]", "}", "{", "(abc", "<48", "<</A 1", "<</A", "[1 2", "[1 endobj ]", "<</A endstream>>", "(\\",
	} {
		_, _, err := parseAll(in)
		var s *syntaxError
		require.ErrorAs(t, err, &s, in)
		require.ErrorIs(t, s.kind, ErrMalformed, in)
	}
}

// A token that ends where the window ends may go on behind it.
func TestWindowEnds(t *testing.T) {
	for _, in := range []string{
		"12", "12 ", "12 0", "12 0 ", "12 0 R", "/Name", "tru", "true", "(abc", "<48", "<", "<<", "<</A 1", "<</A 1>", "[1", "-", "% x",
	} {
		p := parser{lexer: lexer{buf: []byte(in)}}
		_, err := p.value(0)
		require.ErrorIs(t, err, errMore, in)
	}
	// However the window is cut, the same object comes out.
	const src = "7 0 obj << /A [1 2 0 R -3.5 (s\\)t) <4142>] /B true /C null /D <</E/F>> >> endobj\n"
	whole := parser{lexer: lexer{buf: []byte(src), eof: true}}
	want, _, err := whole.indirect(0)
	require.NoError(t, err)
	for n := range len(src) {
		p := parser{lexer: lexer{buf: []byte(src[:n])}}
		got, _, err := p.indirect(0)
		if errors.Is(err, errMore) {
			continue
		}
		require.NoError(t, err, src[:n])
		require.Equal(t, want.Value, got.Value, src[:n])
		require.Greater(t, n, strings.Index(src, "endobj")+5)
	}
}

func TestParserLimits(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	_, _, err := parseAll(nested(maxDepth))
	require.NoError(t, err)
	_, _, err = parseAll(nested(maxDepth + 1))
	requireSyntaxKind(t, err, ErrLimit)
	_, _, err = parseAll(strings.Repeat("<</A", maxDepth+1))
	requireSyntaxKind(t, err, ErrLimit)

	_, _, err = parseAll("[" + strings.Repeat("1 ", maxItems-1) + "]")
	require.NoError(t, err)
	_, _, err = parseAll("[" + strings.Repeat("1 ", maxItems) + "]")
	requireSyntaxKind(t, err, ErrLimit)
}

func requireSyntaxKind(t *testing.T, err, kind error) {
	t.Helper()
	var s *syntaxError
	require.ErrorAs(t, err, &s)
	require.ErrorIs(t, s.kind, kind)
}
