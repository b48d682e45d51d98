package jsonschema

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"github.com/inkan-go/inkan/internal/peertest"
)

// Published holds what Of wrote against a file of docs/schema; with update it writes the file.
func Published(t testing.TB, file string, schema []byte, update bool) {
	t.Helper()
	if update {
		if err := os.WriteFile(file, schema, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, schema) {
		t.Errorf("%s is not what the types say; the test writes it again with -update", file)
	}
}

// Validate has the validator of the Python module jsonschema compare values with the schema in a file, and demands that
// the schema tells them from something else. Without the module the test is skipped.
func Validate(t testing.TB, file string, values ...json.RawMessage) {
	t.Helper()
	python := peertest.Program(t, "python3")
	if exec.Command(python, "-c", "import jsonschema").Run() != nil {
		peertest.Missing(t, "the Python module jsonschema")
	}
	all, err := json.Marshal(values)
	if err != nil || len(values) == 0 {
		t.Fatalf("%d values: %v", len(values), err)
	}
	judge := exec.Command(python, "-c", validator, file)
	judge.Stdin = bytes.NewReader(all)
	if out, err := judge.CombinedOutput(); err != nil || string(out) != "holds\n" {
		t.Errorf("%s: %v\n%s", file, err, out)
	}
}

// validator checks the schema, that the values follow it, and that one without a member that is required, or with an
// unknown one where none may be added, does not.
const validator = `import json, jsonschema, sys
values, schema = json.load(sys.stdin), json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
judge = jsonschema.Draft202012Validator(schema)
for value in values:
    judge.validate(value)
    for name in schema["required"]:
        assert not judge.is_valid({k: v for k, v in value.items() if k != name}), name
    assert judge.is_valid(dict(value, unknown=1)) == schema.get("additionalProperties", True)
print("holds")
`
