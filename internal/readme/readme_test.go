// Package readme holds the project's pages against the code: what README.md
// shows must occur in tests, and the pages must not point into the void.
package readme

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const root = "../.."

// block is a fenced block of code in a page.
type block struct{ language, text string }

// blocks returns the fenced blocks of a page.
func blocks(page string) []block {
	var found []block
	for i, part := range strings.Split(page, "\n```") {
		if i%2 == 0 {
			continue // between blocks
		}
		language, text, _ := strings.Cut(part, "\n")
		found = append(found, block{language, text})
	}
	return found
}

// flush removes the indentation of every line and the empty lines around.
func flush(code string) string {
	lines := strings.Split(code, "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// occurs tells whether the lines of code stand in source, in one piece.
func occurs(code, source string) bool {
	return strings.Contains("\n"+flush(source)+"\n", "\n"+flush(code)+"\n")
}

// commandTested tells whether a line of a shell block is run by a script of the
// command, by .ci/run, or installs a program that this module holds.
func commandTested(line, module string, scripts []string, ci string) bool {
	line = strings.TrimSpace(strings.Split(line, "  #")[0])
	if program, ok := strings.CutPrefix(line, "go install "+module+"/"); ok {
		directory, _, pinned := strings.Cut(program, "@")
		main, err := filepath.Glob(filepath.Join(root, directory, "main.go"))
		return pinned && err == nil && len(main) == 1
	}
	for _, s := range scripts {
		if occurs("exec "+strings.Replace(line, "go run ./cmd/inkan", "inkan", 1), s) {
			return true
		}
	}
	return occurs(line, ci)
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, name))
	require.NoError(t, err)
	return string(b)
}

// readAll reads the files that match; it fails when there are none.
func readAll(t *testing.T, patterns ...string) []string {
	t.Helper()
	var texts []string
	for _, pattern := range patterns {
		names, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		require.NotEmpty(t, names, "nothing matches %s", pattern)
		for _, name := range names {
			b, err := os.ReadFile(name)
			require.NoError(t, err)
			texts = append(texts, string(b))
		}
	}
	return texts
}

func TestGoBlocksOccurInExamples(t *testing.T) {
	sources := readAll(t, "pades/example_test.go", "verify/example_test.go", "examples/*/main.go")
	n := 0
	for _, b := range blocks(read(t, "README.md")) {
		if b.language != "go" {
			continue
		}
		n++
		tested := false
		for _, s := range sources {
			tested = tested || occurs(b.text, s)
		}
		require.True(t, tested, "no example holds this block of README.md:\n%s", b.text)
	}
	require.GreaterOrEqual(t, n, 2, "README.md shows too few examples in Go")
}

func TestShellBlocksAreRun(t *testing.T) {
	module := strings.TrimPrefix(strings.Split(read(t, "go.mod"), "\n")[0], "module ")
	scripts, ci, n := readAll(t, "cmd/inkan/testdata/script/*.txtar"), read(t, ".ci/run"), 0
	for _, b := range blocks(read(t, "README.md")) {
		if b.language != "sh" {
			continue
		}
		for _, line := range strings.Split(strings.TrimSpace(b.text), "\n") {
			n++
			require.True(t, commandTested(line, module, scripts, ci), "README.md shows a command that nothing runs: %s", line)
		}
	}
	require.GreaterOrEqual(t, n, 4, "README.md shows too few commands")
}

func TestReadmeIsShort(t *testing.T) {
	require.Less(t, len(strings.Fields(read(t, "README.md"))), 900, "words in README.md")
}

var link = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)

// pages returns the names of the project's pages, relative to its root.
func pages(t *testing.T) []string {
	t.Helper()
	names := []string{"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"}
	require.NoError(t, fs.WalkDir(os.DirFS(root), "docs", func(name string, _ fs.DirEntry, err error) error {
		if err == nil && path.Ext(name) == ".md" {
			names = append(names, name)
		}
		return err
	}))
	return names
}

func TestLinksLeadSomewhere(t *testing.T) {
	n := 0
	for _, name := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(read(t, name), -1) {
			n++
			_, err := os.Stat(filepath.Join(root, path.Dir(name), m[1]))
			require.NoError(t, err, "a link of %s", name)
		}
	}
	require.NotZero(t, n)
}

var (
	goFile   = regexp.MustCompile("`([a-z][a-z0-9/_]*\\.go)`")
	testName = regexp.MustCompile("`((?:Test|Fuzz|Example|Benchmark)[A-Z][A-Za-z0-9_]*)`")
)

// TestNamedCodeExists keeps the tables of clauses, attacks and limits honest:
// every file and every test that a page names is there.
func TestNamedCodeExists(t *testing.T) {
	declared := map[string]bool{}
	function := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Example|Benchmark)\w+)\(`)
	require.NoError(t, filepath.WalkDir(root, func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		b, err := os.ReadFile(name)
		for _, m := range function.FindAllStringSubmatch(string(b), -1) {
			declared[m[1]] = true
		}
		return err
	}))
	require.NotEmpty(t, declared)
	for _, name := range pages(t) {
		text := read(t, name)
		for _, m := range testName.FindAllStringSubmatch(text, -1) {
			require.True(t, declared[m[1]], "%s names %s, which is not there", name, m[1])
		}
		for _, m := range goFile.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(m[1], "/") {
				continue // a kind of file, as limits.go
			}
			_, err := os.Stat(filepath.Join(root, m[1]))
			require.NoError(t, err, "%s names a file that is not there", name)
		}
	}
}

func TestOccurs(t *testing.T) {
	source := "func ExampleX() {\n\ta := 1\n\tif a == 1 {\n\t\tb()\n\t}\n}\n"
	require.True(t, occurs("a := 1\nif a == 1 {\n\tb()\n}", source))
	require.False(t, occurs("a := 2", source))
	require.False(t, occurs("a := 1\nb()", source), "not in one piece")
	require.False(t, occurs("= 1", source), "part of a line")
}

func TestCommandTested(t *testing.T) {
	scripts, ci := []string{"exec inkan demo\nexec inkan sign a b\n"}, "go test ./...\n"
	require.True(t, commandTested("go run ./cmd/inkan demo   # see it", "m", scripts, ci))
	require.True(t, commandTested("inkan sign a b", "m", scripts, ci))
	require.True(t, commandTested("go test ./...", "m", scripts, ci))
	require.True(t, commandTested("go install m/cmd/inkan@latest", "m", scripts, ci))
	require.False(t, commandTested("go install m/cmd/other@latest", "m", scripts, ci))
	require.False(t, commandTested("inkan sign a", "m", scripts, ci))
	require.False(t, commandTested("inkan verify a", "m", scripts, ci))
}

func TestBlocks(t *testing.T) {
	page := "text\n\n```sh\nrun a\nrun b\n```\n\nmore\n\n```go\nx()\n```\n"
	require.Equal(t, []block{{"sh", "run a\nrun b"}, {"go", "x()"}}, blocks(page))
}

var limitRow = regexp.MustCompile("(?m)^\\| `([a-z/]+)` \\| `(\\w+)` \\| ([^|]+) \\|")

// TestLimitsAreThoseOfTheCode: docs/limits.md gives the values of the code and
// leaves no package with limits out.
func TestLimitsAreThoseOfTheCode(t *testing.T) {
	named := map[string]bool{}
	for _, m := range limitRow.FindAllStringSubmatch(read(t, "docs/limits.md"), -1) {
		named[m[1]] = true
		value := regexp.MustCompile(`(?m)\b` + m[2] + `\s*=\s*` + regexp.QuoteMeta(strings.TrimSpace(m[3])) + `\s*(//.*)?$`)
		require.Regexp(t, value, read(t, m[1]+"/limits.go"), "docs/limits.md on %s in %s", m[2], m[1])
	}
	require.NotEmpty(t, named)
	require.NoError(t, filepath.WalkDir(root, func(name string, _ fs.DirEntry, err error) error {
		if err == nil && filepath.Base(name) == "limits.go" {
			directory, err := filepath.Rel(root, filepath.Dir(name))
			require.NoError(t, err)
			require.True(t, named[filepath.ToSlash(directory)], "docs/limits.md leaves out %s", name)
		}
		return err
	}))
}
