// Package jsonschema writes JSON Schemas (2020-12) of Go types, with the comments of their fields, for docs/schema; and
// has a validator of others compare values with them. Only tests use it.
//
// It knows what the types of this module need, and panics at others.
package jsonschema

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"strings"
)

// Schema is an object of a schema.
type Schema = map[string]any

// Pattern is a text of a form.
func Pattern(p string) Schema { return Schema{"type": "string", "pattern": p} }

// OneOf is a closed list.
func OneOf[T any](values ...T) Schema { return Schema{"enum": values} }

// Writer writes schemas.
type Writer struct {
	// Sources are the folders of the packages whose types are written.
	Sources []string
	// Known are the types that write themselves, and those of closed lists.
	Known map[reflect.Type]Schema
	// Open tells that fields may be added: readers pass over what they do not know.
	Open bool
	// NullLists tells that a list of nothing may be null.
	NullLists bool

	comments    map[string]string
	definitions Schema
}

// Of returns the schema of the type of a value. Change, if not nil, says what the types do not.
func (w *Writer) Of(title string, value any, change func(Schema)) ([]byte, error) {
	if w.comments == nil {
		w.comments = make(map[string]string)
		for _, folder := range w.Sources {
			if err := w.readComments(folder); err != nil {
				return nil, err
			}
		}
	}
	w.definitions = Schema{}
	out := w.object(reflect.TypeOf(value))
	out["$schema"], out["title"] = "https://json-schema.org/draft/2020-12/schema", title
	if len(w.definitions) > 0 {
		out["$defs"] = w.definitions
	}
	if change != nil {
		change(out)
	}
	text, err := json.MarshalIndent(out, "", "  ")
	return append(text, '\n'), err
}

// readComments reads the comments of fields, by "Type.Field", in one line.
func (w *Writer) readComments(folder string) error {
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("jsonschema: no source in %s", folder)
	}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if structure, ok := spec.Type.(*ast.StructType); ok {
				w.comment(spec.Name.Name, structure)
			}
			return false
		})
	}
	return err
}

func (w *Writer) comment(name string, structure *ast.StructType) {
	for _, f := range structure.Fields.List {
		text := f.Doc.Text()
		if text == "" {
			text = f.Comment.Text()
		}
		for _, id := range f.Names {
			w.comments[name+"."+id.Name] = strings.Join(strings.Fields(text), " ")
		}
	}
}

func (w *Writer) of(t reflect.Type) Schema {
	if s, ok := w.Known[t]; ok {
		return s
	}
	switch t.Kind() {
	case reflect.Pointer:
		return Schema{"anyOf": []any{w.of(t.Elem()), Schema{"type": "null"}}}
	case reflect.Struct:
		if w.definitions[t.Name()] == nil {
			w.definitions[t.Name()] = true // being written
			w.definitions[t.Name()] = w.object(t)
		}
		return Schema{"$ref": "#/$defs/" + t.Name()}
	case reflect.Slice:
		if w.NullLists {
			return Schema{"type": []string{"array", "null"}, "items": w.of(t.Elem())}
		}
		return Schema{"type": "array", "items": w.of(t.Elem())}
	case reflect.Array:
		return Schema{"type": "array", "items": w.of(t.Elem()), "minItems": t.Len(), "maxItems": t.Len()}
	case reflect.String:
		return Schema{"type": "string"}
	case reflect.Bool:
		return Schema{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return Schema{"type": "integer"}
	case reflect.Float64:
		return Schema{"type": "number"}
	}
	panic(fmt.Sprintf("jsonschema: no schema of %s", t))
}

func (w *Writer) object(t reflect.Type) Schema {
	properties, required := make(Schema), []string{}
	for i := range t.NumField() {
		f := t.Field(i)
		tag, ok := f.Tag.Lookup("json")
		if !ok {
			continue // not in JSON
		}
		name, options, _ := strings.Cut(tag, ",")
		property := maps.Clone(w.of(f.Type))
		if text := w.comments[t.Name()+"."+f.Name]; text != "" {
			property["description"] = text
		}
		properties[name] = property
		if options == "" {
			required = append(required, name)
		}
	}
	out := Schema{"type": "object", "properties": properties, "required": required}
	if !w.Open {
		out["additionalProperties"] = false
	}
	return out
}
