package contract

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/verify"
)

var update = flag.Bool("update", false, "write docs/schema again")

// schemas are the published forms.
var schemas = map[string]struct {
	title string
	value any
}{
	"contract.json":   {"The state of a contract (" + Schema + ")", stateForm{}},
	"record.json":     {"The record of a contract (evidence.json)", Record{}},
	"manifest.json":   {"The manifest attached to a document", Manifest{}},
	"disclosure.json": {"The personal values of a record", Disclosure{}},
	"bundle.json":     {"A list of accredited time-stamping services", Bundle{}},
	"audit.json":      {"The report of an audit (" + AuditSchema + ")", AuditReport{}},
}

// TestSchemas: docs/schema says what the types do, with their comments.
func TestSchemas(t *testing.T) {
	comments := fieldComments(t)
	for name, s := range schemas {
		g := schemaWriter{comments: comments, definitions: map[string]any{}}
		out := g.object(reflect.TypeOf(s.value))
		out["$schema"], out["title"] = "https://json-schema.org/draft/2020-12/schema", s.title
		if len(g.definitions) > 0 {
			out["$defs"] = g.definitions
		}
		want, err := json.MarshalIndent(out, "", "  ")
		require.NoError(t, err)
		path := filepath.Join("..", "docs", "schema", name)
		if *update {
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
			require.NoError(t, os.WriteFile(path, append(want, '\n'), 0o644))
		}
		have, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(want), string(bytes.TrimSpace(have)), "go test ./contract -run TestSchemas -update writes %s again", name)
	}
}

// fieldComments are the comments of fields, by "Type.Field", in one line.
func fieldComments(t *testing.T) map[string]string {
	out := make(map[string]string)
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			structure, ok := spec.Type.(*ast.StructType)
			if !ok {
				return false
			}
			for _, f := range structure.Fields.List {
				text := f.Doc.Text()
				if text == "" {
					text = f.Comment.Text()
				}
				for _, id := range f.Names {
					out[spec.Name.Name+"."+id.Name] = strings.Join(strings.Fields(text), " ")
				}
			}
			return false
		})
	}
	require.Greater(t, len(out), 100)
	return out
}

// schemaWriter makes JSON Schemas (2020-12) of types.
type schemaWriter struct {
	comments    map[string]string
	definitions map[string]any
}

func pattern(p string) map[string]any { return map[string]any{"type": "string", "pattern": p} }

func oneOf[T any](values ...T) map[string]any { return map[string]any{"enum": values} }

// known are the types that write themselves, and those of closed lists.
var known = map[reflect.Type]map[string]any{
	reflect.TypeFor[Digest]():     pattern("^([0-9a-f]{64})?$"),
	reflect.TypeFor[Commitment](): pattern("^([0-9a-f]{64})?$"),
	reflect.TypeFor[ID]():         pattern("^[0-9a-f]{32}$"),
	reflect.TypeFor[Salt]():       pattern("^[0-9a-f]{32}$"),
	reflect.TypeFor[Time]():       pattern(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$`),
	reflect.TypeFor[[]byte]():     {"type": "string", "contentEncoding": "base64"},
	reflect.TypeFor[EventType]():  oneOf(eventTypes...),
	reflect.TypeFor[TimeSource](): oneOf(ServerTime, StampTime),
	reflect.TypeFor[Method]():     oneOf(Party, Witness, JPKI),
	reflect.TypeFor[Cause]():      oneOf(CauseUploaded, CausePrepared, CauseSigned, CauseConcluded, CauseRenewed),
	reflect.TypeFor[Grade]():      oneOf(gradeNames[:]...),
	reflect.TypeFor[*verify.Report](): {
		"type": []string{"object", "null"}, "description": "as inkan verify --format json, schema inkan.verify/1",
	},
}

func (g *schemaWriter) of(t reflect.Type) map[string]any {
	if s, ok := known[t]; ok {
		return s
	}
	switch t.Kind() {
	case reflect.Pointer:
		return map[string]any{"anyOf": []any{g.of(t.Elem()), map[string]any{"type": "null"}}}
	case reflect.Struct:
		if g.definitions[t.Name()] == nil {
			g.definitions[t.Name()] = true // being written
			g.definitions[t.Name()] = g.object(t)
		}
		return map[string]any{"$ref": "#/$defs/" + t.Name()}
	case reflect.Slice:
		return map[string]any{"type": []string{"array", "null"}, "items": g.of(t.Elem())}
	case reflect.Array:
		return map[string]any{"type": "array", "items": g.of(t.Elem()), "minItems": t.Len(), "maxItems": t.Len()}
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	}
	panic(fmt.Sprintf("no schema of %s", t))
}

func (g *schemaWriter) object(t reflect.Type) map[string]any {
	properties, required := make(map[string]any), []string{}
	for i := range t.NumField() {
		f := t.Field(i)
		tag, ok := f.Tag.Lookup("json")
		if !ok {
			continue // not in JSON
		}
		name, options, _ := strings.Cut(tag, ",")
		property := make(map[string]any)
		for k, v := range g.of(f.Type) {
			property[k] = v
		}
		if text := g.comments[t.Name()+"."+f.Name]; text != "" {
			property["description"] = text
		}
		properties[name] = property
		if options == "" {
			required = append(required, name)
		}
	}
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}
