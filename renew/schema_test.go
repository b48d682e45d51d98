package renew_test

import (
	"encoding/json"
	"flag"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/jsonschema"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/renew"
	"github.com/inkan-go/inkan/verify"
)

var update = flag.Bool("update", false, "write docs/schema again")

// TestSchema: docs/schema says what the types do, with their comments, and an independent validator finds that results
// follow it.
func TestSchema(t *testing.T) {
	var outcomes []renew.Outcome
	for o := range renew.Renewed + 1 {
		outcomes = append(outcomes, o)
	}
	w := &jsonschema.Writer{Sources: []string{"../verify", "."}, Open: true, Known: map[reflect.Type]jsonschema.Schema{
		reflect.TypeFor[time.Time]():     {"type": "string", "format": "date-time"},
		reflect.TypeFor[renew.Outcome](): jsonschema.OneOf(outcomes...),
		reflect.TypeFor[verify.Indication](): jsonschema.OneOf(
			verify.TotalFailed, verify.Indeterminate, verify.NoSignature, verify.TotalPassed),
	}}
	text, err := w.Of("What became of a file (inkan renew --format json, "+renew.Schema+")", renew.Result{}, nil)
	require.NoError(t, err)
	const file = "../docs/schema/renewal.json"
	jsonschema.Published(t, file, text, *update)

	o := newOffice(t)
	name, _ := o.file("due.pdf", pades.BLTA, o.stamper(in(6)))
	renewer := o.renewer(o.stamper(in(120)))
	var values []json.RawMessage
	for _, name := range []string{name, name, "none.pdf"} {
		result, _ := renewer.File(t.Context(), name)
		value, err := json.Marshal(result)
		require.NoError(t, err)
		values = append(values, value)
	}
	jsonschema.Validate(t, file, values...)
}
