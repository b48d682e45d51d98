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

func unreachable(n int) testpdf.File {
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
	require.Equal(t, maxUnreachable, count(readFile(t, unreachable(maxUnreachable))))
	require.Equal(t, maxUnreachable, count(readFile(t, unreachable(maxUnreachable+1))))
}

func TestTokenLimit(t *testing.T) {
	file := func(n int) testpdf.File {
		f := testpdf.Contract(1, testpdf.Table)
		f.Objects = append(f.Objects, testpdf.Object{Number: 100, Body: "<<>>", Data: bytes.Repeat([]byte(token), n)})
		return f
	}
	require.Equal(t, NoSignature, readFile(t, file(maxTokens)).Indication)
	over := readFile(t, file(maxTokens+1))
	require.Equal(t, Indeterminate, over.Indication, "who did not look at everything cannot say that there is nothing")
	require.Contains(t, codesOf(over.Findings), "file.too-much")
}

func TestScanDepth(t *testing.T) {
	nested := func(depth int) *pdf.Dict {
		d := &pdf.Dict{}
		for range depth {
			d = &pdf.Dict{Entries: []pdf.Entry{{Key: "A", Value: &pdf.Array{Items: []pdf.Object{d}}}}}
		}
		return d
	}
	require.False(t, looksSigned(nested(maxScanDepth), 0))
	require.True(t, looksSigned(nested(maxScanDepth+1), 0), "what is too deep to be looked at is suspected")
}

// TestScanAcrossBlocks finds a token wherever a block ends.
func TestScanAcrossBlocks(t *testing.T) {
	text := []byte("...." + token + "..." + token)
	for cut := range text {
		for second := cut; second <= len(text); second++ {
			s := &scan{}
			s.block(0, text[:cut])
			s.block(int64(cut), text[cut:second])
			s.block(int64(second), text[second:])
			require.Equal(t, []int64{4, 17}, s.offsets, "cut at %d and %d", cut, second)
		}
	}
}
