package verifytest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/inkan-go/inkan/verify"
)

// UpdateVariable names the environment variable that makes Golden write its files.
const UpdateVariable = "VERIFYTEST_UPDATE"

// Golden compares a report with a file that holds the report that is expected, as
// indented JSON. With VERIFYTEST_UPDATE=1 in the environment it writes that file
// instead. The path of the judged file is reduced to its name. A report is the same
// in every run where the file, the anchors, Options.At and Options.Now are.
func Golden(t testing.TB, r *verify.Report, name string) bool {
	t.Helper()
	got, err := golden(r)
	if err != nil {
		t.Fatalf("verifytest: %v", err)
	}
	if os.Getenv(UpdateVariable) != "" {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatalf("verifytest: %v", err)
		}
		return true
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("verifytest: %v (run the test with %s=1 to write it)", err, UpdateVariable)
	}
	want = bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n")) // as some checkouts have it
	if bytes.Equal(got, want) {
		return true
	}
	line, was, is := difference(want, got)
	t.Errorf("the report is not the one in %s, from line %d on:\n\twant %s\n\tgot  %s\n%s", name, line, was, is, describe(r))
	return false
}

// golden returns the report as it stands in a golden file.
func golden(r *verify.Report) ([]byte, error) {
	fixed := *r
	if fixed.File != "" {
		fixed.File = filepath.Base(fixed.File)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "\t")
	err := e.Encode(&fixed)
	return b.Bytes(), err
}

// difference returns the first line that differs, from 1, in either text.
func difference(a, b []byte) (line int, inA, inB []byte) {
	left, right := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for line < len(left) && line < len(right) && bytes.Equal(left[line], right[line]) {
		line++
	}
	at := func(list [][]byte) []byte {
		if line < len(list) {
			return bytes.TrimSpace(list[line])
		}
		return nil
	}
	return line + 1, at(left), at(right)
}
