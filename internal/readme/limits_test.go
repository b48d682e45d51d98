package readme

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// byNumber are packages whose tests stand outside of them and give the numbers
// of limits, not their names.
var byNumber = map[string]bool{"tsa": true, "csc": true, "internal/font": true, "pades/appearance": true}

// TestLimitsAreTested: every limit is named in a test of its package, and so is
// every error that callers may look for. That the test stands at the limit and
// one over, and that it makes the error happen, is for the reader to see.
func TestLimitsAreTested(t *testing.T) {
	limits, errors := 0, 0
	packages := map[string]bool{}
	require.NoError(t, filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == "examples" || d.Name() == "interop" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if err == nil && filepath.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go") {
			packages[filepath.Dir(name)] = true
		}
		return err
	}))
	for directory := range packages {
		relative, err := filepath.Rel(root, directory)
		require.NoError(t, err)
		relative = filepath.ToSlash(relative)
		tests := testsOf(t, directory)
		sources, err := filepath.Glob(filepath.Join(directory, "*.go"))
		require.NoError(t, err)
		for _, source := range sources {
			if strings.HasSuffix(source, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), source, nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			for _, name := range declared(file, filepath.Base(source) == "limits.go") {
				if ast.IsExported(name) {
					errors++
				} else if limits++; byNumber[relative] {
					continue
				}
				require.Regexp(t, `\b`+name+`\b`, tests, "no test of %s names %s", relative, name)
			}
		}
	}
	require.Greater(t, limits, 100)
	require.Greater(t, errors, 30)
}

// testsOf returns the tests of a package as one text.
func testsOf(t *testing.T, directory string) string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(directory, "*_test.go"))
	require.NoError(t, err)
	var all strings.Builder
	for _, name := range names {
		b, err := os.ReadFile(name)
		require.NoError(t, err)
		all.Write(b)
	}
	return all.String()
}

var limitOrError = regexp.MustCompile(`^(max[A-Z]\w*|Err[A-Z]\w*|[A-Z]\w*Error)$`)

// declared returns the limits, if wanted, and the exported errors that a file declares.
func declared(file *ast.File, withLimits bool) []string {
	var names []string
	add := func(id *ast.Ident) {
		if limitOrError.MatchString(id.Name) && (withLimits || id.IsExported()) {
			names = append(names, id.Name)
		}
	}
	for _, d := range file.Decls {
		general, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range general.Specs {
			switch s := spec.(type) {
			case *ast.ValueSpec:
				for _, id := range s.Names {
					add(id)
				}
			case *ast.TypeSpec:
				add(s.Name)
			}
		}
	}
	return names
}
