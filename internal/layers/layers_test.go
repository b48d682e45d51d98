package layers

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// module reads the real sources and fails when they are not there.
func module(t *testing.T) map[string][]source {
	t.Helper()
	packages, err := read(os.DirFS("../.."))
	require.NoError(t, err)
	require.Contains(t, packages, "internal/layers")
	require.Greater(t, len(packages), 5)
	return packages
}

func TestTableRunsDownward(t *testing.T) {
	place := map[string]int{}
	for i, l := range table {
		require.NotContains(t, place, l.path, "listed twice")
		place[l.path] = i
	}
	for i, l := range table {
		for _, p := range l.inside {
			require.Contains(t, place, p, "%s may import a package that is not in the table", l.path)
			require.Greater(t, place[p], i, "%s may import %s, which does not stand below it", l.path, p)
		}
	}
}

func TestImports(t *testing.T) {
	require.Empty(t, importFaults(module(t)))
}

func TestLinkedModules(t *testing.T) {
	require.Empty(t, linkFaults(module(t)))
}

func TestHouseRules(t *testing.T) {
	require.Empty(t, styleFaults(module(t)))
}

// The checks must be able to fail: each of these files breaks one rule.
func TestFaultsAreFound(t *testing.T) {
	file := func(imports ...string) *fstest.MapFile {
		text := "package x\n"
		for _, p := range imports {
			text += fmt.Sprintf("import _ %q\n", p)
		}
		return &fstest.MapFile{Data: []byte(text)}
	}
	for _, test := range []struct {
		name  string
		root  fstest.MapFS
		check func(map[string][]source) []string
		want  string
	}{
		{"upward", fstest.MapFS{"cms/a.go": file(modulePath + "/pades")}, importFaults, "cms/a.go may not import pades"},
		{"sideways", fstest.MapFS{"pades/a.go": file(modulePath + "/verify")}, importFaults, "pades/a.go may not import verify"},
		{"unknown package", fstest.MapFS{"utils/a.go": file()}, importFaults, "utils is not in the table"},
		{"outside module", fstest.MapFS{"verify/a.go": file("github.com/a/b")}, importFaults, "verify/a.go may not import github.com/a/b"},
		{"test module in code", fstest.MapFS{"verify/a.go": file("github.com/stretchr/testify/require")}, importFaults, "may not import"},
		{"unknown module in a test", fstest.MapFS{"verify/a_test.go": file("github.com/a/b")}, importFaults, "may not import"},
		{"test infrastructure in code", fstest.MapFS{"keyfile/a.go": file(modulePath + "/internal/testpki")}, importFaults, "may not import"},
		{"behind a build constraint", fstest.MapFS{"cms/a_windows.go": file(modulePath + "/pades")}, importFaults, "may not import"},
		{"linked from afar", fstest.MapFS{
			"verify/a.go": file(modulePath + "/cms"), "cms/a.go": file("github.com/a/b"),
		}, linkFaults, "verify links github.com/a/b"},
		{"kept apart", fstest.MapFS{
			"pades/a.go": file(modulePath + "/cms"), "cms/a.go": file(modulePath + "/keyfile"),
		}, linkFaults, "pades links keyfile"},
		{"init", fstest.MapFS{"cms/a.go": {Data: []byte("package x\nfunc init() {}\n")}}, styleFaults, "init"},
		{"long file", fstest.MapFS{"cms/a.go": {Data: []byte("package x\n" + strings.Repeat("\n", 700))}}, styleFaults, "lines"},
		{"long function", fstest.MapFS{
			"cms/a.go": {Data: []byte("package x\nfunc f() {" + strings.Repeat("\n", 100) + "}\n")},
		}, styleFaults, "function f has 101 lines"},
		{"name", fstest.MapFS{"cms/utils.go": file()}, styleFaults, "utils"},
	} {
		t.Run(test.name, func(t *testing.T) {
			packages, err := read(test.root)
			require.NoError(t, err)
			require.Contains(t, strings.Join(test.check(packages), "\n"), test.want)
		})
	}
}

func TestOtherModulesAreLeftOut(t *testing.T) {
	packages, err := read(fstest.MapFS{
		"a/a.go": {Data: []byte("package a\n")}, "b/b.go": {Data: []byte("package b\n")},
		"b/go.mod": {}, "c/testdata/c.go": {Data: []byte("package c\n")},
	})
	require.NoError(t, err)
	require.Len(t, packages, 1)
	_, err = read(fstest.MapFS{"a/a.go": {Data: []byte("not Go")}})
	require.Error(t, err)
	_, err = read(os.DirFS("../../does not exist"))
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// importFaults compares the imports of every file with the table.
func importFaults(packages map[string][]source) []string {
	var faults []string
	for _, dir := range sortedKeys(packages) {
		l, ok := find(dir)
		if !ok {
			faults = append(faults, dir+" is not in the table")
			continue
		}
		for _, s := range packages[dir] {
			for _, p := range s.imports {
				if !allowed(l, s.test, p) {
					faults = append(faults, s.name+" may not import "+strings.TrimPrefix(p, modulePath+"/"))
				}
			}
		}
	}
	return faults
}

func find(dir string) (layer, bool) {
	for _, l := range table {
		if l.path == dir || l.path == "examples" && strings.HasPrefix(dir, "examples/") {
			return l, true
		}
	}
	return layer{}, false
}

func allowed(l layer, test bool, p string) bool {
	if inside, ok := strings.CutPrefix(p, modulePath+"/"); ok {
		// Tests may look at the house from above.
		return test || slices.Contains(l.inside, inside)
	}
	if isStandard(p) {
		return true
	}
	has := func(prefix string) bool { return strings.HasPrefix(p, prefix) }
	return slices.ContainsFunc(l.outside, has) || test && slices.ContainsFunc(testOnly, has)
}

func isStandard(p string) bool {
	first, _, _ := strings.Cut(p, "/")
	return !strings.Contains(first, ".")
}

// linkFaults follows the imports of non-test files as far as they lead.
func linkFaults(packages map[string][]source) []string {
	var faults []string
	for _, dir := range lean {
		for p := range linked(packages, dir) {
			if !isStandard(p) && !strings.HasPrefix(p, goX) && !strings.HasPrefix(p, modulePath+"/") {
				faults = append(faults, dir+" links "+p)
			}
		}
	}
	for _, pair := range apart {
		all := linked(packages, pair[0])
		if all[pair[1]] || all[modulePath+"/"+pair[1]] {
			faults = append(faults, pair[0]+" links "+pair[1])
		}
	}
	slices.Sort(faults)
	return faults
}

// linked returns the import paths that the package reaches through the module.
func linked(packages map[string][]source, dir string) map[string]bool {
	seen := map[string]bool{}
	for todo := []string{dir}; len(todo) > 0; {
		next := todo[0]
		todo = todo[1:]
		for _, s := range packages[next] {
			if s.test {
				continue
			}
			for _, p := range s.imports {
				if seen[p] {
					continue
				}
				seen[p] = true
				if inside, ok := strings.CutPrefix(p, modulePath+"/"); ok {
					todo = append(todo, inside)
				}
			}
		}
	}
	return seen
}

// styleFaults checks what holds for every file: no init, no file above 700 lines, no
// function of more than 100 lines outside tests, no file or package for odds and ends.
func styleFaults(packages map[string][]source) []string {
	var faults []string
	for _, dir := range sortedKeys(packages) {
		for _, s := range packages[dir] {
			if s.lines > 700 {
				faults = append(faults, fmt.Sprintf("%s has %d lines", s.name, s.lines))
			}
			for _, part := range strings.Split(strings.TrimSuffix(s.name, ".go"), "/") {
				if slices.Contains([]string{"util", "utils", "helper", "helpers", "common", "misc"}, part) {
					faults = append(faults, s.name+" is named "+part)
				}
			}
			for _, f := range s.funcs {
				if f.init {
					faults = append(faults, s.name+" has an init function")
				}
				if f.lines > 100 && !s.test {
					faults = append(faults, fmt.Sprintf("%s: function %s has %d lines", s.name, f.name, f.lines))
				}
			}
		}
	}
	return faults
}

func sortedKeys(packages map[string][]source) []string {
	keys := make([]string, 0, len(packages))
	for dir := range packages {
		keys = append(keys, dir)
	}
	slices.Sort(keys)
	return keys
}
