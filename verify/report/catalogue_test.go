package report

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/verify"
)

// texts reads the map of that name from a source file: codes and their texts, of which
// the last string of a composite value is taken.
func texts(t *testing.T, file, name string) map[string]string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	require.NoError(t, err)
	list := map[string]string{}
	key := func(e ast.Expr) string {
		if id, ok := e.(*ast.Ident); ok {
			return id.Name
		}
		return unquote(t, e)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Names[0].Name != name {
			return true
		}
		for _, e := range spec.Values[0].(*ast.CompositeLit).Elts {
			pair := e.(*ast.KeyValueExpr)
			ast.Inspect(pair.Value, func(n ast.Node) bool {
				if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
					list[key(pair.Key)] = unquote(t, literal)
				}
				return true
			})
		}
		return false
	})
	require.NotEmpty(t, list, "%s has no %s", file, name)
	return list
}

func unquote(t *testing.T, e ast.Expr) string {
	t.Helper()
	text, err := strconv.Unquote(e.(*ast.BasicLit).Value)
	require.NoError(t, err)
	return text
}

var (
	verb   = regexp.MustCompile(`%[vdqs]`)
	marker = regexp.MustCompile(`\{(\d)\}`)
)

// TestEveryFindingIsInJapanese: every code that verify gives has a text, which uses
// every argument.
func TestEveryFindingIsInJapanese(t *testing.T) {
	compare := func(codes, in map[string]string) {
		for code, text := range codes {
			translated, ok := in[code]
			require.True(t, ok, "%s has no Japanese text", code)
			used := map[string]bool{}
			for _, m := range marker.FindAllStringSubmatch(translated, -1) {
				used[m[1]] = true
			}
			n := len(verb.FindAllString(text, -1))
			require.Len(t, used, n, "%s: %s", code, translated)
			for i := range n {
				require.True(t, used[strconv.Itoa(i+1)], "%s lacks {%d}", code, i+1)
			}
		}
	}
	compare(texts(t, "../messages.go", "messages"), japaneseFindings)
	compare(texts(t, "../renewal.go", "renewals"), japaneseRenewals)
}

// patterns reads the English patterns of messages from source files: the first text in a
// call that makes one, and in a Message itself.
func patterns(t *testing.T, files ...string) map[string]bool {
	t.Helper()
	makes := map[string]bool{"say": true, "forbid": true, "unread": true}
	list := map[string]bool{}
	first := func(of []ast.Expr) {
		for _, e := range of {
			if pair, ok := e.(*ast.KeyValueExpr); ok {
				e = pair.Value
			}
			if literal, ok := e.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				list[unquote(t, literal)] = true
				return
			}
		}
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			switch x := n.(type) {
			case *ast.CallExpr:
				name := ""
				switch f := x.Fun.(type) {
				case *ast.Ident:
					name = f.Name
				case *ast.SelectorExpr:
					name = f.Sel.Name
				}
				if makes[name] {
					first(x.Args)
				}
			case *ast.CompositeLit:
				if s, ok := x.Type.(*ast.SelectorExpr); ok && s.Sel.Name == "Message" {
					first(x.Elts)
				}
			}
			return true
		})
	}
	delete(list, "")
	return list
}

// constants reads the values of the constants of that type from a source file.
func constants(t *testing.T, file, of string) (values []string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	require.NoError(t, err)
	ast.Inspect(parsed, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == of {
				values = append(values, unquote(t, spec.Values[0]))
			}
		}
		return true
	})
	return values
}

// TestCausesAreInJapanese: what package cms and the algorithms say is wrong has Japanese
// texts.
func TestCausesAreInJapanese(t *testing.T) {
	n := 0
	for _, file := range []string{"../../cms/errors.go", "../../internal/algorithm/algorithm.go"} {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(parsed, func(node ast.Node) bool {
			spec, ok := node.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 || !strings.HasPrefix(spec.Names[0].Name, "Err") {
				return true
			}
			text := unquote(t, spec.Values[0].(*ast.CallExpr).Args[0])
			n++
			if !slices.Contains([]string{"signing key", "no signature was made", "the key is not to be had"}, text) { // these are about making
				require.Contains(t, japanesePhrases, text)
			}
			return true
		})
	}
	require.GreaterOrEqual(t, n, 10)
	require.Equal(t, "署名値を検証できませんでした: 署名値が一致しません", newPrinter(Options{Language: Japanese}).translate("cms: signature value does not verify: signature mismatch", 0))
}

// TestReasonsAreInJapanese: why a path does not hold, why evidence is not taken and which rule
// a signature value breaks have Japanese texts.
func TestReasonsAreInJapanese(t *testing.T) {
	p := newPrinter(Options{Language: Japanese})
	var said []string
	take := func(e ast.Expr) {
		if literal, ok := e.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			said = append(said, unquote(t, literal))
		}
	}
	files, err := filepath.Glob("../../certificate/*.go")
	require.NoError(t, err)
	more, err := filepath.Glob("../../certificate/revocation/judge*.go")
	require.NoError(t, err)
	for _, file := range append(append(files, more...), "../../cms/constraints.go", "../../cms/verify.go", "../../tsa/verify.go") {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(parsed, func(node ast.Node) bool {
			switch x := node.(type) {
			case *ast.KeyValueExpr:
				if key, ok := x.Key.(*ast.Ident); ok && key.Name == "Detail" {
					take(x.Value)
				}
			case *ast.AssignStmt:
				if to, ok := x.Lhs[len(x.Lhs)-1].(*ast.Ident); ok && to.Name == "text" && len(x.Lhs) == len(x.Rhs) {
					take(x.Rhs[len(x.Rhs)-1])
				}
			case *ast.CompositeLit:
				if of, ok := x.Type.(*ast.Ident); ok && of.Name == "fault" && len(x.Elts) == 2 {
					take(x.Elts[1])
				}
			case *ast.CallExpr:
				switch f := x.Fun.(type) {
				case *ast.Ident:
					if f.Name == "fail" && len(x.Args) == 2 {
						take(x.Args[1])
					}
				case *ast.SelectorExpr:
					severity := ""
					if len(x.Args) > 3 {
						severity = fmt.Sprint(x.Args[0])
					}
					if f.Sel.Name == "find" && strings.Contains(severity, "Violation") { // it stands in an error
						take(x.Args[3])
					}
				}
			}
			return true
		})
	}
	said = slices.DeleteFunc(said, func(s string) bool {
		return s == "" || s == "%s" || s == "%w" || s == "the SignerInfo does not come from Parse" // an error of the program
	})
	require.Greater(t, len(said), 45)
	for _, text := range said {
		filled := verb.ReplaceAllString(strings.ReplaceAll(text, "%d", "2"), "X")
		require.NotEqual(t, filled, p.translate(filled, 0), "%q has no Japanese text", text)
	}
	for english, want := range map[string]string{
		`certificate: certificate was revoked: "CN=A": at 2026-04-05T09:00:00Z`: `証明書は失効しています: "CN=A": 失効日時 2026/04/05 09:00:00 (UTC)`,
		"SHA-1 in the attribute signing-certificate is weak.":                   "SHA-1(属性signing-certificate)",
		"RSA with 1024 bits is weak.":                                           "RSA(1024ビット)",
		"pdf: malformed PDF: trailer without /Size (at byte 9)":                 "PDFの形式が不正です: トレーラーにSizeがありません(9バイト目)",
		"no evidence is proven to have existed at 2026-04-05T09:00:00Z":         "2026/04/05 09:00:00 (UTC)に存在していたと証明できる失効情報がありません",
		"CN={2} was not valid when it signed":                                   "CN={2}は署名時に有効期間外でした",
	} {
		require.Equal(t, want, p.translate(english, 0))
	}
}

// TestEveryDetailIsInJapanese: whatever is said of later revisions has a Japanese text,
// which uses every argument, and nothing is translated that is not said.
func TestEveryDetailIsInJapanese(t *testing.T) {
	files, err := filepath.Glob("../../internal/changes/*.go")
	require.NoError(t, err)
	files = slices.DeleteFunc(files, func(f string) bool { return strings.HasSuffix(f, "_test.go") })
	said := patterns(t, append(files, "../revisions.go", "../permissions.go")...)
	for _, text := range texts(t, "../revisions.go", "covers") {
		said[text] = true
	}
	require.Greater(t, len(said), 140)
	anomalies := constants(t, "../../internal/pdf/anomaly.go", "AnomalyCode")
	require.Greater(t, len(anomalies), 40)
	for _, code := range anomalies {
		said[code] = true
	}
	for pattern := range said {
		translated, ok := japaneseDetails[pattern]
		require.True(t, ok, "%q has no Japanese text", pattern)
		n := len(verb.FindAllString(pattern, -1))
		require.Len(t, marker.FindAllString(translated, -1), n, "%s: %s", pattern, translated)
		for i := range n {
			require.Contains(t, translated, fmt.Sprintf("{%d}", i+1), pattern)
		}
	}
	for pattern := range japaneseDetails {
		require.True(t, said[pattern], "nothing says %q", pattern)
	}
}

// TestCodesOfCMS: the codes that packages cms and tsa give have Japanese texts too.
func TestCodesOfCMS(t *testing.T) {
	n := 0
	for _, file := range []string{"../../cms/finding.go", "../../tsa/verify.go"} {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(parsed, func(node ast.Node) bool {
			if spec, ok := node.(*ast.ValueSpec); ok && strings.HasPrefix(spec.Names[0].Name, "Code") && len(spec.Values) == 1 {
				n++
				require.Contains(t, japaneseFindings, "cms."+unquote(t, spec.Values[0]), spec.Names[0].Name)
			}
			return true
		})
	}
	require.GreaterOrEqual(t, n, 20)
}

// TestWordsOfBothLanguages: neither lacks a word that the other has.
func TestWordsOfBothLanguages(t *testing.T) {
	en, ja := &inEnglish, &inJapanese
	require.Len(t, ja.columns, len(en.columns))
	require.Equal(t, fmt.Sprint(keys(en.kinds), keys(en.indications), keys(en.reasons), keys(en.cryptos), keys(en.structures), keys(en.changes), keys(en.revocations),
		keys(en.severities), keys(en.permissions), keys(en.stamps), keys(en.additions), keys(en.sources)),
		fmt.Sprint(keys(ja.kinds), keys(ja.indications), keys(ja.reasons), keys(ja.cryptos), keys(ja.structures), keys(ja.changes), keys(ja.revocations),
			keys(ja.severities), keys(ja.permissions), keys(ja.stamps), keys(ja.additions), keys(ja.sources)))
	for _, l := range []labels{en.labels, ja.labels} {
		require.NotContains(t, fmt.Sprintf("%#v", l), `:""`)
	}
}

func keys[K comparable, V any](m map[K]V) map[K]bool {
	set := make(map[K]bool)
	for k := range m {
		set[k] = true
	}
	return set
}

// TestDetails: arguments that are texts themselves are told in Japanese, however deep.
func TestDetails(t *testing.T) {
	f := verify.Finding{Code: "changes.forbidden", Text: "in English", Arguments: []string{"3", "in English"}, Details: []verify.Detail{{
		Argument: 2, Code: "%v, which the signature locks", Arguments: []string{"in English"}, Details: []verify.Detail{{
			Argument: 1, Code: "another value of the field %q%v", Arguments: []string{"金額 {1}", "in English"}, Details: []verify.Detail{{
				Argument: 2, Code: " on page %d", Arguments: []string{"2"},
			}},
		}},
	}}}
	require.Equal(t, "第3版に、署名が許可していない変更があります: フィールド「金額 {1}」の値の変更(2ページ)。このフィールドは署名によってロックされています",
		newPrinter(Options{Language: Japanese}).finding(f))
	require.Equal(t, "in English", newPrinter(Options{}).finding(f))
	f.Details[0].Argument = 9
	require.Contains(t, newPrinter(Options{Language: Japanese}).finding(f), "in English")
}

// TestNestedFinding: why a time stamp proves nothing is told in Japanese too, and times
// and reasons in arguments are.
func TestNestedFinding(t *testing.T) {
	p := newPrinter(Options{Language: Japanese})
	got := p.finding(verify.Finding{Code: "time-stamp.unproven", Text: "in English", Arguments: []string{
		"signature", "2026-04-01T09:00:00Z", "INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND", "in English",
		"path.none", `certificate: certificate has expired: "CN=no valid policy": valid until 2026-01-01T00:00:00Z`,
	}})
	require.Equal(t, "2026/04/01 09:00:00 (UTC)の署名タイムスタンプは時刻の証明になりません(INDETERMINATE / NO_CERTIFICATE_CHAIN_FOUND)。"+
		`署名者の証明書からトラストアンカーに至る認証パスがありません: 証明書の有効期限が切れています: "CN=no valid policy": 有効期限 2026/01/01 00:00:00 (UTC)`, got)
	require.Equal(t, "as it is", p.finding(verify.Finding{Code: "not.known", Text: "as it is"}))
	require.Equal(t, "in English", newPrinter(Options{}).finding(verify.Finding{Code: "path.none", Text: "in English"}))
}
