package contract

import (
	"flag"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/jsonschema"
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
	w := &jsonschema.Writer{Sources: []string{"."}, Known: knownSchemas, NullLists: true}
	for name, s := range schemas {
		text, err := w.Of(s.title, s.value, nil)
		require.NoError(t, err)
		jsonschema.Published(t, filepath.Join("..", "docs", "schema", name), text, *update)
	}
}

// knownSchemas are the types that write themselves, and those of closed lists.
var knownSchemas = map[reflect.Type]jsonschema.Schema{
	reflect.TypeFor[Digest]():     jsonschema.Pattern("^([0-9a-f]{64})?$"),
	reflect.TypeFor[Commitment](): jsonschema.Pattern("^([0-9a-f]{64})?$"),
	reflect.TypeFor[ID]():         jsonschema.Pattern("^[0-9a-f]{32}$"),
	reflect.TypeFor[Salt]():       jsonschema.Pattern("^[0-9a-f]{32}$"),
	reflect.TypeFor[Time]():       jsonschema.Pattern(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$`),
	reflect.TypeFor[[]byte]():     {"type": "string", "contentEncoding": "base64"},
	reflect.TypeFor[EventType]():  jsonschema.OneOf(eventTypes...),
	reflect.TypeFor[TimeSource](): jsonschema.OneOf(ServerTime, StampTime),
	reflect.TypeFor[Method]():     jsonschema.OneOf(Party, Witness, JPKI),
	reflect.TypeFor[Cause]():      jsonschema.OneOf(CauseUploaded, CausePrepared, CauseSigned, CauseConcluded, CauseRenewed),
	reflect.TypeFor[Grade]():      jsonschema.OneOf(gradeNames[:]...),
	reflect.TypeFor[*verify.Report](): {
		"type": []string{"object", "null"}, "description": "as inkan verify --format json, schema inkan.verify/1",
	},
}
