package verify_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/jsonschema"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verifytest"
)

var updateSchema = flag.Bool("update", false, "write docs/schema again")

const schemaFile = "../docs/schema/verify.json"

// words are the texts of all values of a status, which count from 0.
func words[T ~int](last T, text func(T) string) jsonschema.Schema {
	var all []string
	for v := range last + 1 {
		all = append(all, text(v))
	}
	return jsonschema.OneOf(all...)
}

// knownSchemas are the types that write themselves.
var knownSchemas = map[reflect.Type]jsonschema.Schema{
	reflect.TypeFor[time.Time]():         {"type": "string", "format": "date-time"},
	reflect.TypeFor[verify.Time]():       jsonschema.Pattern(`^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2}))?$`),
	reflect.TypeFor[verify.Indication](): words(verify.TotalPassed, verify.Indication.String),
	reflect.TypeFor[verify.Kind]():       words(verify.KindTimestamp, verify.Kind.String),
	reflect.TypeFor[verify.Crypto]():     words(verify.CryptoValid, verify.Crypto.String),
	reflect.TypeFor[verify.Structure]():  words(verify.StructureSound, verify.Structure.String),
	reflect.TypeFor[verify.Coverage]():   words(verify.CoverageFile, verify.Coverage.String),
	reflect.TypeFor[verify.Changes]():    words(verify.ChangesNone, verify.Changes.String),
	reflect.TypeFor[verify.Revocation](): words(verify.RevocationGood, verify.Revocation.String),
	reflect.TypeFor[verify.Severity]():   words(verify.SeverityInfo, verify.Severity.String),
}

// TestSchema: docs/schema says what the types do, with their comments.
func TestSchema(t *testing.T) {
	w := &jsonschema.Writer{Sources: []string{"."}, Known: knownSchemas, Open: true}
	text, err := w.Of("The report on a file (inkan verify --format json, "+verify.Schema+")", verify.Report{}, func(s jsonschema.Schema) {
		all := s["required"]
		s["required"] = []string{"schema", "file"}
		s["if"] = jsonschema.Schema{"required": []string{"error"}, "properties": jsonschema.Schema{"error": jsonschema.Schema{"const": ""}}}
		s["then"] = jsonschema.Schema{"required": all}
		s["else"] = jsonschema.Schema{"required": []string{"error"}}
	})
	require.NoError(t, err)
	jsonschema.Published(t, schemaFile, text, *updateSchema)
}

// TestSchemaHolds has an independent validator compare reports with docs/schema: of an archived signature, of attacks and
// odd files, of one without a signature, and of one that cannot be read.
func TestSchemaHolds(t *testing.T) {
	pki := verifytest.NewPKI(t)
	reports := []*verify.Report{
		pki.Verify(t, pki.Sign(t, verifytest.Document(), &pades.SignOptions{Level: pades.BLTA})),
		pki.Verify(t, verifytest.Document()),
	}
	names, err := filepath.Glob("../testdata/*.pdf")
	require.NoError(t, err)
	require.Greater(t, len(names), 300)
	for i := 0; i < len(names); i += 40 {
		report, err := verify.File(context.Background(), names[i], &verify.Options{RetainUntil: time.Now().AddDate(10, 0, 0)})
		if report == nil {
			var unreadable *verify.UnreadableError
			require.True(t, errors.As(err, &unreadable))
			report = &verify.Report{File: names[i], Error: err.Error()}
		}
		reports = append(reports, report)
	}
	var values []json.RawMessage
	for _, report := range append(reports, &verify.Report{File: "none.pdf", Error: "no such file"}) {
		value, err := json.Marshal(report)
		require.NoError(t, err)
		values = append(values, value)
	}
	jsonschema.Validate(t, schemaFile, values...)
}
