package contract

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReasonsInJapanese: what an audit can find wrong with a record has a Japanese text with the same
// arguments, and no text is left over.
func TestReasonsInJapanese(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	verbs := regexp.MustCompile(`%(\.\d+)?[a-z]`)
	seen := make(map[string]bool)
	for _, name := range files {
		switch name { // of states and disclosures, which no audit reads, and of calls
		case "state.go", "commitment.go", "reason.go":
			continue
		}
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			function, _ := call.Fun.(*ast.Ident)
			text := call.Args[0]
			switch {
			case function != nil && function.Name == "because":
			case function != nil && function.Name == "fail" && len(call.Args) > 1:
				if kind, _ := call.Args[0].(*ast.Ident); kind == nil || kind.Name != "ErrRecord" && kind.Name != "ErrLimit" {
					return true
				}
				text = call.Args[1]
			default:
				return true
			}
			literal, ok := text.(*ast.BasicLit)
			if !ok {
				return true
			}
			format, err := strconv.Unquote(literal.Value)
			require.NoError(t, err)
			if strings.HasPrefix(format, "a contract has at most") { // of a step
				return true
			}
			seen[format] = true
			japanese, there := reasonTexts[format]
			require.True(t, there, "%s: %q has no Japanese text", name, format)
			require.Len(t, verbs.FindAllString(japanese, -1), len(verbs.FindAllString(format, -1)), "%q", format)
			return true
		})
	}
	require.Greater(t, len(seen), 50)
	for format := range reasonTexts {
		require.True(t, seen[format], "nothing says %q", format)
	}
	for _, e := range eventTypes {
		require.NotEqual(t, string(e), e.word(Japanese))
		require.Equal(t, string(e), e.word(English))
	}
	for c := range causes {
		require.NotEqual(t, string(c), c.word(Japanese))
	}
}
