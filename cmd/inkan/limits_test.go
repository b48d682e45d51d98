package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/testpdf"
)

// latest opens a file whose form has the given fields.
func latest(t *testing.T, fields string, objects ...testpdf.Object) *pdf.View {
	t.Helper()
	data := testpdf.File{Trailer: "/Root 1 0 R", Objects: append([]testpdf.Object{
		{Number: 1, Body: "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[" + fields + "]>>>>"},
		{Number: 2, Body: "<</Type/Pages/Kids[]/Count 0>>"},
	}, objects...)}.Bytes()
	f, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	return f.Latest()
}

func TestMaxFields(t *testing.T) {
	fields, problems := formFields(latest(t, strings.Repeat("<</T(a)/FT/Tx>>", maxFields)))
	require.Len(t, fields, maxFields)
	require.Empty(t, problems)
	fields, problems = formFields(latest(t, strings.Repeat("<</T(a)/FT/Tx>>", maxFields+1)))
	require.Len(t, fields, maxFields)
	require.Len(t, problems, 1)
}

func TestMaxFieldDepth(t *testing.T) {
	chain := func(depth int) []testpdf.Object {
		var objects []testpdf.Object
		for i := range depth {
			objects = append(objects, testpdf.Object{Number: 3 + i, Body: fmt.Sprintf("<</T(a)/Kids[%d 0 R]>>", 4+i)})
		}
		return append(objects, testpdf.Object{Number: 3 + depth, Body: "<</T(z)/FT/Sig>>"})
	}
	fields, problems := formFields(latest(t, "3 0 R", chain(maxFieldDepth)...))
	require.Empty(t, problems)
	require.Len(t, fields, 1)
	require.Equal(t, strings.Repeat("a.", maxFieldDepth)+"z", fields[0].name)
	fields, problems = formFields(latest(t, "3 0 R", chain(maxFieldDepth+1)...))
	require.Empty(t, fields)
	require.Len(t, problems, 1)
}

func TestFieldLoop(t *testing.T) {
	fields, problems := formFields(latest(t, "3 0 R", testpdf.Object{Number: 3, Body: "<</T(a)/Kids[3 0 R]>>"}))
	require.Empty(t, fields)
	require.Equal(t, []string{"field 3 0 is met twice"}, problems)
}

func TestMaxFormNodes(t *testing.T) {
	data := testpdf.Contract(1, testpdf.Table).Bytes()
	data = testpdf.File{Trailer: "/Root 1 0 R", Objects: []testpdf.Object{{Number: 8, Body: "<</Title(Second edition)>>"}}}.Append(data)
	f, err := pdf.Open(bytes.NewReader(data), int64(len(data)), nil)
	require.NoError(t, err)
	for visited, read := range map[int]bool{maxFormNodes - 1: true, maxFormNodes: false} {
		h := newHistory(f)
		h.visited = visited
		h.compared.Compare(2)
		require.Equal(t, read, len(h.forms) > 0)
	}
}

func TestMaxRemarks(t *testing.T) {
	file := latest(t, "").File()
	var out bytes.Buffer
	writeRemarks(&out, file, make([]string, maxRemarks))
	require.NotContains(t, out.String(), "more")
	out.Reset()
	writeRemarks(&out, file, make([]string, maxRemarks+1))
	require.Contains(t, out.String(), "and 1 more")
}

func TestMaxKeyFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "key.pem")
	require.NoError(t, os.WriteFile(name, nil, 0o600))
	require.NoError(t, os.Truncate(name, maxKeyFile))
	data, err := readFile(name)
	require.NoError(t, err)
	require.Len(t, data, maxKeyFile)
	require.NoError(t, os.Truncate(name, maxKeyFile+1))
	_, err = readFile(name)
	require.ErrorContains(t, err, "key.pem: more than")
}

func TestMaxDemoFolders(t *testing.T) {
	t.Chdir(t.TempDir())
	for range maxDemoFolders {
		_, err := demoFolder("")
		require.NoError(t, err)
	}
	require.DirExists(t, fmt.Sprintf("inkan-demo-%d", maxDemoFolders))
	_, err := demoFolder("")
	require.ErrorIs(t, err, os.ErrExist)
}

// TestInspectHostile: texts of a file cannot command the terminal.
func TestInspectHostile(t *testing.T) {
	view := latest(t, "<</T(\\033[2J\\nfake)/FT/Sig/V<</SubFilter/x#0a#1b/Name(\\033]0;\\007)/ByteRange[0 1]>>>>")
	var out bytes.Buffer
	inspect(&out, "a\x1b[31m.pdf", view.File())
	require.NotContains(t, out.String(), "\x1b")
	require.NotContains(t, out.String(), "\x07")
	require.Contains(t, out.String(), "ByteRange [0 1] is not four numbers")
}

func TestMaxPassword(t *testing.T) {
	name := filepath.Join(t.TempDir(), "password")
	for n, ok := range map[int]bool{maxPassword: true, maxPassword + 1: false} {
		require.NoError(t, os.WriteFile(name, []byte(strings.Repeat("x", n)), 0o600))
		password, err := passwordFlags{PasswordFile: name}.given()
		if !ok {
			require.ErrorContains(t, err, "no password")
			continue
		}
		require.NoError(t, err)
		require.Len(t, password, n)
	}
}

func TestPageNumberLimit(t *testing.T) {
	pages, err := parsePages(fmt.Sprintf("2,1-%d", maxPageNumber))
	require.NoError(t, err)
	require.Len(t, pages, maxPageNumber+1)
	for _, bad := range []string{fmt.Sprintf("1-%d", maxPageNumber+1), "0", "3-1", "a", "1,", "-1", "1-2-3"} {
		_, err := parsePages(bad)
		require.ErrorContains(t, err, "list of pages", bad)
	}
}
