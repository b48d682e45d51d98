package verify

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
)

func readFile(t *testing.T, f testpdf.File) *Report {
	data := f.Bytes()
	r, err := Reader(context.Background(), bytes.NewReader(data), int64(len(data)), nil)
	require.NotNil(t, r, "%v", err)
	return r
}

// TestMessages holds the codes in the sources against the table of texts.
func TestMessages(t *testing.T) {
	sources, err := filepath.Glob("*.go")
	require.NoError(t, err)
	used := make(map[string]bool)
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") || name == "messages.go" {
			continue
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`"([a-z0-9-]+\.[a-z0-9-]+)"`).FindAllStringSubmatch(string(text), -1) {
			if _, ok := renewals[m[1]]; ok {
				continue
			}
			used[m[1]] = true
			require.Contains(t, messages, m[1], "%s uses a code without a text", name)
		}
	}
	for code, m := range messages {
		require.True(t, used[code], "%s is not used", code)
		require.NotEmpty(t, m.text)
		require.NotEmpty(t, m.clause, code)
	}
}

// signatures is a form with so many damaged signatures.
func signatures(n int) testpdf.File {
	f := testpdf.File{Trailer: "/Root 1 0 R"}
	f.Objects = []testpdf.Object{{Number: 1, Body: "<</Type/Catalog/AcroForm<</Fields[" + strings.Repeat("<</FT/Sig/T(a)/V<<>>>>", n) + "]>>>>"}}
	return f
}

func TestTooManySignatures(t *testing.T) {
	at := readFile(t, signatures(maxSignatures))
	require.Len(t, at.Signatures, maxSignatures)
	require.NotContains(t, codesOf(at.Findings), "file.too-much")
	over := readFile(t, signatures(maxSignatures+1))
	require.Len(t, over.Signatures, maxSignatures)
	require.Contains(t, codesOf(over.Findings), "file.too-much")
	require.False(t, over.Intact)
}

func codesOf(list []Finding) []string {
	var out []string
	for _, f := range list {
		out = append(out, f.Code)
	}
	return out
}

func TestFormWork(t *testing.T) {
	file := testpdf.Contract(1, testpdf.Table).Bytes()
	for i := range 10 {
		file = testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{{Number: 3, Body: fmt.Sprintf("<</Fields[4 0 R]/Turn %d>>", i)}}}.Append(file)
	}
	f, err := pdf.Open(bytes.NewReader(file), int64(len(file)), nil)
	require.NoError(t, err)
	all := readForms(f, maxFormWork)
	require.False(t, all.cut)
	require.NotNil(t, all.at(1))
	cost := 0
	for r := 2; r <= len(f.Revisions); r++ {
		cost += len(all.at(r).Touched)
	}
	require.False(t, readForms(f, cost).cut, "at the limit")
	cut := readForms(f, cost-1)
	require.True(t, cut.cut, "one over")
	require.Nil(t, cut.at(1))
	require.NotNil(t, cut.newest())
	require.Nil(t, all.at(0))
	require.Nil(t, all.at(99))
}

func TestFormsAreShared(t *testing.T) {
	file := testpdf.Contract(1, testpdf.Table).Bytes()
	for range 3 {
		file = testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{{Number: 7, Body: "<<>>"}}}.Append(file)
	}
	f, err := pdf.Open(bytes.NewReader(file), int64(len(file)), nil)
	require.NoError(t, err)
	all := readForms(f, maxFormWork)
	require.Same(t, all.at(1), all.at(4))
}

func unreached(n int) testpdf.File {
	f := testpdf.Contract(1, testpdf.Table)
	for i := range n {
		f.Objects = append(f.Objects, testpdf.Object{Number: 100 + i, Body: "<</ByteRange[]/Contents<>>>"})
	}
	return f
}

func TestUnreachableLimit(t *testing.T) {
	count := func(r *Report) (n int) {
		for _, f := range r.Findings {
			if f.Code == "file.unreachable" {
				n++
			}
		}
		return n
	}
	require.Equal(t, maxUnreachable, count(readFile(t, unreached(maxUnreachable))))
	require.Equal(t, maxUnreachable, count(readFile(t, unreached(maxUnreachable+1))))
}

// TestManyTokens: no number of names in the data of a stream, or in one large
// dictionary, hides a dictionary behind them or costs more than looking once.
func TestManyTokens(t *testing.T) {
	const many = 300_000
	file := testpdf.Contract(1, testpdf.Table)
	file.Objects = append(file.Objects, testpdf.Object{Number: 100, Body: "<<>>", Data: bytes.Repeat([]byte(token), many)},
		testpdf.Object{Number: 101, Body: "<<" + strings.Repeat("/a/ByteRange", many) + ">>"})
	require.Equal(t, NoSignature, readFile(t, file).Indication)
	file.Objects = append(file.Objects, testpdf.Object{Number: 102, Body: "<</ByteRange[]/Contents<>>>"})
	r := readFile(t, file)
	require.Equal(t, Indeterminate, r.Indication)
	require.Equal(t, []string{"file.unreachable"}, codesOf(r.Findings))
	require.Equal(t, "102 0", r.Findings[0].Object)
	file.Tail = strings.Repeat("%"+token+"\n", many)
	require.Equal(t, []string{"file.unreachable", "file.unreachable"}, codesOf(readFile(t, file).Findings), "what is in no object is one place")
}

func TestLooksSigned(t *testing.T) {
	both := &pdf.Dict{Entries: []pdf.Entry{{Key: "ByteRange", Value: pdf.Null{}}, {Key: "Contents", Value: pdf.Null{}}}}
	require.True(t, looksSigned(both))
	require.False(t, looksSigned(&pdf.Dict{Entries: both.Entries[:1]}))
	require.True(t, looksSigned(&pdf.Array{Items: []pdf.Object{pdf.Null{}, &pdf.Dict{Entries: []pdf.Entry{{Key: "A", Value: both}}}}}))
	require.False(t, looksSigned(pdf.Integer(1)))
}

// TestScanAcrossBlocks finds a token, however it is written, wherever a block ends.
func TestScanAcrossBlocks(t *testing.T) {
	text := []byte("..#." + token + "#41..//#42#79#74#65#52#61#6e#67#65./Byte#52ang#65/Byte#53ange/#/Byte#5/ByteRang#")
	for cut := range text {
		for second := cut; second <= len(text); second++ {
			var found []int64
			s := &scan{escapes: true, found: func(offset int64) { found = append(found, offset) }}
			s.block(0, text[:cut])
			s.block(int64(cut), text[cut:second])
			s.block(int64(second), text[second:])
			require.Equal(t, []int64{4, 20, 49}, found, "cut at %d and %d", cut, second)
		}
	}
}
