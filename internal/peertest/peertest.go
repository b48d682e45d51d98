// Package peertest finds what tests need of others: programs that judge, fonts, data. Where it is
// missing a test is skipped; with REQUIRE_PEERS=1 in the environment, as in CI, it fails.
package peertest

import (
	"os"
	"os/exec"
	"testing"
)

// Japanese fonts of other makers: TrueType outlines, and a collection with CFF outlines.
const (
	Mincho = "/usr/share/fonts/opentype/ipaexfont-mincho/ipaexm.ttf"
	Gothic = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
)

// Required tells whether everything must be there.
func Required() bool { return os.Getenv("REQUIRE_PEERS") == "1" }

// Missing ends a test that cannot do without something.
func Missing(t testing.TB, what string) {
	t.Helper()
	if Required() {
		t.Fatalf("%s is missing", what)
	}
	t.Skipf("%s is missing", what)
}

// Program returns the path of a program.
func Program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Missing(t, name)
	}
	return path
}

// File returns the content of a file.
func File(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		Missing(t, name)
	}
	return data
}
