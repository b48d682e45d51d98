package layers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// source is what the tests need to know of one file.
type source struct {
	name    string // path below the root
	test    bool
	imports []string
	lines   int
	funcs   []function
}

type function struct {
	name  string
	lines int
	init  bool
}

// read parses every Go file of the module in root, by directory, whatever its
// build constraints. Directories with a go.mod of their own are other modules.
func read(root fs.FS) (map[string][]source, error) {
	packages := map[string][]source{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != "." && skipped(root, name) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		s, err := parse(root, name)
		if err != nil {
			return err
		}
		packages[path.Dir(name)] = append(packages[path.Dir(name)], s)
		return nil
	})
	return packages, err
}

func skipped(root fs.FS, dir string) bool {
	base := path.Base(dir)
	if base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	_, err := fs.Stat(root, path.Join(dir, "go.mod"))
	return err == nil
}

func parse(root fs.FS, name string) (source, error) {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return source{}, err
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, text, parser.SkipObjectResolution)
	if err != nil {
		return source{}, err
	}
	s := source{
		name: name, test: strings.HasSuffix(name, "_test.go"),
		lines: files.File(file.Pos()).LineCount(),
	}
	for _, spec := range file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return source{}, err
		}
		s.imports = append(s.imports, p)
	}
	for _, declaration := range file.Decls {
		f, ok := declaration.(*ast.FuncDecl)
		if !ok {
			continue
		}
		s.funcs = append(s.funcs, function{
			name:  f.Name.Name,
			lines: files.Position(f.End()).Line - files.Position(f.Pos()).Line + 1,
			init:  f.Recv == nil && f.Name.Name == "init",
		})
	}
	return s, nil
}
