package interop_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/peertest"
)

// python finds the interpreter that has pyHanko: the one beside its command.
func python(t *testing.T) string {
	t.Helper()
	hanko, err := filepath.EvalSymlinks(peertest.Program(t, "pyhanko"))
	require.NoError(t, err)
	return filepath.Join(filepath.Dir(hanko), "python")
}

func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

// qpdfCheck demands that qpdf finds neither error nor warning.
func qpdfCheck(t *testing.T, file string) {
	t.Helper()
	out, err := exec.Command(peertest.Program(t, "qpdf"), "--check", file).CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// popplerSignature is one signature as pdfsig prints it.
type popplerSignature struct {
	field, validation string
	end               int
	total             bool
	text              map[string]string
}

var numbers = regexp.MustCompile(`\d+`)

func pdfsig(t *testing.T, file string) []popplerSignature {
	t.Helper()
	out, _ := exec.Command(peertest.Program(t, "pdfsig"), "-nocert", "-no-ocsp", file).CombinedOutput() // its status tells of trust, which is not asked for
	var all []popplerSignature
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if strings.HasPrefix(line, "Signature #") {
			all = append(all, popplerSignature{text: map[string]string{}})
			continue
		}
		if len(all) == 0 {
			continue
		}
		s := &all[len(all)-1]
		key, value, _ := strings.Cut(strings.TrimPrefix(line, "- "), ": ")
		s.text[key] = value
		switch {
		case key == "Signature Field Name":
			s.field = value
		case key == "Signature Validation":
			s.validation = value
		case key == "Signed Ranges":
			all := numbers.FindAllString(value, -1)
			s.end, _ = strconv.Atoi(all[len(all)-1])
		case strings.HasSuffix(line, "otal document signed"):
			s.total = strings.HasPrefix(line, "- Total")
		}
	}
	return all
}

// hankoSignature is one signature as pyhanko_judge.py prints it.
type hankoSignature struct {
	Field, Coverage, Modification, Mechanism, Digest string
	Intact, Valid, Trusted                           bool
	BottomLine                                       bool `json:"bottom_line"`
	Reason, Location, Name, Subject                  string
}

type hankoReport struct {
	File, Error string
	Signatures  []hankoSignature
}

// pyhanko judges files against one root; it is called once for many files,
// since most of its time goes into starting.
func pyhanko(t *testing.T, root string, files ...string) []hankoReport {
	t.Helper()
	return pyhankoWith(t, "", root, files...)
}

// pyhankoWith is pyhanko for encrypted files.
func pyhankoWith(t *testing.T, password, root string, files ...string) []hankoReport {
	t.Helper()
	cmd := exec.Command(python(t), append([]string{"judges/pyhanko_judge.py", root}, files...)...)
	cmd.Env = append(os.Environ(), "JUDGE_PASSWORD="+password)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s", stderr.String())
	all := make([]hankoReport, 0, len(files))
	decoder := json.NewDecoder(bytes.NewReader(out))
	for decoder.More() {
		var r hankoReport
		require.NoError(t, decoder.Decode(&r))
		all = append(all, r)
	}
	require.Len(t, all, len(files))
	return all
}

// popplerNames returns /Name, /Reason and /Location of every signature as
// poppler reads them. No command of poppler prints them all, so a small program
// is built on its library.
func popplerNames(t *testing.T, file string) [][3]string {
	t.Helper()
	flags, err := exec.Command(peertest.Program(t, "pkg-config"), "--cflags", "--libs", "poppler").Output()
	if err != nil {
		peertest.Missing(t, "the headers of poppler")
	}
	program := filepath.Join(t.TempDir(), "poppler_names")
	args := append([]string{"-std=c++17", "-o", program, "judges/poppler_names.cc"}, strings.Fields(string(flags))...)
	out, err := exec.Command(peertest.Program(t, "g++"), args...).CombinedOutput()
	require.NoError(t, err, "%s", out)
	out, err = exec.Command(program, file).Output()
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	require.Zero(t, len(lines)%3)
	var all [][3]string
	for ; len(lines) > 0; lines = lines[3:] {
		all = append(all, [3]string(lines))
	}
	return all
}
