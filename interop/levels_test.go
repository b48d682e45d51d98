package interop_test

import (
	"bytes"
	"context"
	"crypto"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/peertest"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/verify"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const interopPage = "../docs/interop.md"

// levelKey is a column of the matrix: how is signed.
type levelKey struct {
	name      string
	key       testpki.KeyType
	algorithm cms.Algorithm
}

func levelKeys() []levelKey {
	return []levelKey{
		{"RSA-2048", testpki.RSA2048, cms.Algorithm{}},
		{"RSA-4096", testpki.RSA4096, cms.Algorithm{}},
		{"RSA-PSS", testpki.RSA2048, cms.Algorithm{Scheme: cms.RSAPSS, Hash: crypto.SHA256}},
		{"P-256", testpki.P256, cms.Algorithm{}},
		{"P-384", testpki.P384, cms.Algorithm{}},
		{"Ed25519", testpki.Ed25519, cms.Algorithm{}},
	}
}

// levelForm is a row of the matrix: what is signed.
type levelForm struct {
	name, password string
	data           []byte
}

func levelForms(t *testing.T) []levelForm {
	t.Helper()
	contract := func(form testpdf.Form) []byte { return testpdf.Contract(1, form).Bytes() }
	second := testpdf.Contract(1, testpdf.Stream)
	second.Header = "%PDF-2.0\n%\xe2\xe3\xcf\xd3\n"
	linear := filepath.Join(t.TempDir(), "linear.pdf")
	out, err := exec.Command(peertest.Program(t, "qpdf"), "--linearize", write(t, "in.pdf", contract(testpdf.Table)), linear).CombinedOutput()
	require.NoError(t, err, "%s", out)
	linearized, err := os.ReadFile(linear)
	require.NoError(t, err)
	encrypted := testpdf.Contract(1, testpdf.Stream).Encrypted(testpdf.Encryption{
		Revision: 6, User: "user", Owner: "owner", Permissions: -4, Metadata: true, ID: bytes.Repeat([]byte{0x5a}, 16),
	})
	return []levelForm{
		{"table", "", contract(testpdf.Table)},
		{"stream", "", contract(testpdf.Stream)},
		{"hybrid", "", contract(testpdf.Hybrid)},
		{"PDF 2.0", "", second.Bytes()},
		{"linearized", "", linearized},
		{"encrypted", "user", encrypted.Bytes()},
	}
}

// levels are those that are made and judged.
func levels() []pades.Level { return []pades.Level{pades.BB, pades.BT, pades.BLT, pades.BLTA} }

// baseline returns the name of a level in EN 319 142-1, as DSS writes it.
func baseline(l pades.Level) string {
	return "PAdES-BASELINE-" + strings.TrimPrefix(l.String(), "PAdES-B-")
}

// judgeTask asks about a file of a level: what B-LT and B-LTA hold must do without a
// network.
func (s *services) judgeTask(file, password string, level pades.Level) adesTask {
	task := s.task("judge", file)
	task.Password = password
	if level >= pades.BLT {
		task.Proxy = ""
	}
	return task
}

// levelFile is one cell of the matrix.
type levelFile struct {
	form, key      string
	level          pades.Level
	file, password string
}

func levelFiles(t *testing.T, s *services) []levelFile {
	t.Helper()
	var all []levelFile
	for _, form := range levelForms(t) {
		for _, key := range levelKeys() {
			id := s.signer(t, key.key)
			for _, level := range levels() {
				signed := s.sign(t, form.data, form.password, &pades.Signer{Key: id.Key, Chain: id.Chain, Algorithm: key.algorithm}, level)
				all = append(all, levelFile{form.name, key.name, level, write(t, "signed.pdf", signed), form.password})
			}
		}
	}
	return all
}

// TestLevels signs at each level with each kind of key in each form of file, lets
// EU DSS and pyHanko judge all of them, and tables what they say in
// docs/interop.md. qpdf must find nothing to complain about.
func TestLevels(t *testing.T) {
	judges := adesPeers(t)
	s := newServices(t)
	files := levelFiles(t, s)
	said := make([][]string, len(judges)) // by judge and file
	t.Run("judges", func(t *testing.T) {
		for i, judge := range judges {
			said[i] = make([]string, len(files))
			t.Run(judge.name, func(t *testing.T) {
				t.Parallel()
				for n, f := range files {
					answer := judge.do(t, s.judgeTask(f.file, f.password, f.level))
					said[i][n] = verdict(answer)
					assertLevel(t, answer, f.level, f.key == "Ed25519" && judge.name == "EU DSS", f.form+", "+f.key)
				}
			})
		}
		t.Run("inkan", func(t *testing.T) {
			t.Parallel()
			for _, f := range files {
				s.assertPassed(t, f.file, f.password, f.level)
			}
		})
		t.Run("qpdf", func(t *testing.T) {
			t.Parallel()
			for _, f := range files {
				out, err := exec.Command(peertest.Program(t, "qpdf"), "--check", "--password="+f.password, f.file).CombinedOutput()
				assert.NoError(t, err, "%s, %s, %s: %s", f.form, f.key, f.level, out)
			}
		})
	})
	var text strings.Builder
	for i, judge := range judges {
		text.WriteString("\n" + judge.name + ":\n\n" + levelTable(files, said[i]))
	}
	section(t, interopPage, "levels", text.String())
}

// levelTable has a row for each kind of file and key, and a column for each level.
func levelTable(files []levelFile, said []string) string {
	var text strings.Builder
	text.WriteString("| file | key |")
	for _, level := range levels() {
		fmt.Fprintf(&text, " %s |", level)
	}
	text.WriteString("\n|---|---|" + strings.Repeat("---|", len(levels())))
	for n, f := range files {
		if n%len(levels()) == 0 {
			fmt.Fprintf(&text, "\n| %s | %s |", f.form, f.key)
		}
		fmt.Fprintf(&text, " %s |", said[n])
	}
	return text.String() + "\n"
}

// TestJudgesRefuse shows that the judges are awake.
func TestJudgesRefuse(t *testing.T) {
	s := newServices(t)
	judges := adesPeers(t)
	id := s.signer(t, testpki.RSA2048)
	whole := s.sign(t, testpdf.Contract(1, testpdf.Table).Bytes(), "", &pades.Signer{Key: id.Key, Chain: id.Chain}, pades.BLT)
	report, _ := verify.Reader(context.Background(), bytes.NewReader(whole), int64(len(whole)), nil)
	byteRange := report.Signatures[0].ByteRange
	end := byteRange[2] + byteRange[3]
	ask := func(t *testing.T, judge *adesPeer, data []byte, root string) adesSignature {
		t.Helper()
		task := s.judgeTask(write(t, "signed.pdf", data), "", pades.BLT)
		task.Anchors = []string{root}
		answer := judge.do(t, task)
		require.Empty(t, answer.Error)
		require.Len(t, answer.Signatures, 1)
		return answer.Signatures[0]
	}
	for _, judge := range judges {
		t.Run(judge.name, func(t *testing.T) {
			require.Contains(t, ask(t, judge, whole, s.root).Indication, "PASSED")

			changed := bytes.Replace(whole, []byte("100 yen"), []byte("900 yen"), 1)
			require.NotEqual(t, whole, changed)
			signature := ask(t, judge, changed, s.root)
			require.False(t, signature.Intact)
			require.Contains(t, signature.Indication, "FAILED")
			require.Equal(t, "HASH_FAILURE", signature.SubIndication)

			signature = ask(t, judge, whole, write(t, "other.pem", s.pki.SecondRoot.PEM()))
			require.Equal(t, "INDETERMINATE", signature.Indication, "another root")

			signature = ask(t, judge, whole[:end], s.root)
			require.NotEqual(t, baseline(pades.BLT), signature.Level, "without the security store")
			require.Equal(t, "INDETERMINATE", signature.Indication)
		})
	}
}

// assertLevel demands that a judge recognises the level of every signature, finds all
// of them and the time stamps valid and has nothing against their form. What DSS says of
// Ed25519, which its policy does not list, is asked for form, mathematics and level alone.
func assertLevel(t *testing.T, a adesAnswer, level pades.Level, formOnly bool, cell string) {
	t.Helper()
	if !assert.Empty(t, a.Error, cell) || !assert.NotEmpty(t, a.Signatures, cell) {
		return
	}
	for _, s := range a.Signatures {
		assert.Equal(t, baseline(level), s.Level, "%s: %+v", cell, a)
		assert.True(t, s.Intact, "%s: %+v", cell, s)
		if s.Format != "" {
			assert.Equal(t, []string{"PASSED", "PASSED"}, []string{s.Format, s.Crypto}, "%s: %+v", cell, s)
		}
		if formOnly {
			assert.Contains(t, s.SubIndication, "CRYPTO_CONSTRAINTS_FAILURE", "%s: %+v", cell, s)
			return
		}
		assert.Contains(t, s.Indication, "PASSED", "%s: %+v", cell, s)
		assert.Empty(t, s.Errors, cell)
	}
	for _, stamp := range a.Timestamps {
		assert.Equal(t, "PASSED", stamp.Indication, "%s: %+v", cell, stamp)
	}
}

// assertPassed demands the same of package verify.
func (s *services) assertPassed(t *testing.T, file, password string, level pades.Level) {
	t.Helper()
	options := &verify.Options{Trust: s.pki.PKI.Pool(), Password: password}
	if level < pades.BLT {
		options.Source = s.source()
	}
	report, err := verify.File(context.Background(), file, options)
	if assert.NoError(t, err, "%s, %s", file, level) {
		for _, signature := range report.Signatures {
			if signature.Kind != verify.KindTimestamp {
				assert.Equal(t, level.String(), signature.Level, file)
			}
		}
	}
}

// verdict is what the table says of a file.
func verdict(a adesAnswer) string {
	if a.Error != "" || len(a.Signatures) != 1 {
		return "error"
	}
	s := a.Signatures[0]
	text := strings.TrimPrefix(s.Level, "PAdES-BASELINE-") + " " + s.Indication
	if s.SubIndication != "" {
		text += " / " + s.SubIndication
	}
	return text
}

// section compares the named section of a page with what it should be, or, with
// -update, writes it. A section stands between two comments.
func section(t *testing.T, page, name, text string) {
	t.Helper()
	begin, end := "<!-- "+name+": written by go test -update -->\n", "<!-- end of "+name+" -->\n"
	data, err := os.ReadFile(page)
	require.NoError(t, err)
	head, rest, found := strings.Cut(string(data), begin)
	require.True(t, found, "%s has lost its section %s", page, name)
	_, tail, found := strings.Cut(rest, end)
	require.True(t, found, "%s has lost the end of its section %s", page, name)
	whole := head + begin + text + "\n" + end + tail
	if *update {
		if !t.Failed() {
			require.NoError(t, os.WriteFile(page, []byte(whole), 0o644))
		}
		return
	}
	require.Equal(t, string(data), whole, "%s is not what the judges say now; run the test with -update", page)
}
