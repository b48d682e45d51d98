package interop_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/peertest"
)

// adesTask is what EU DSS and pyHanko are asked: see Task.java, which says what
// each field means.
type adesTask struct {
	Command  string   `json:"command"`
	File     string   `json:"file"`
	Out      string   `json:"out,omitempty"`
	Password string   `json:"password,omitempty"`
	Anchors  []string `json:"anchors"`
	At       string   `json:"at,omitempty"`
	Proxy    string   `json:"proxy,omitempty"`
	Level    string   `json:"level,omitempty"`
	TSA      string   `json:"tsa,omitempty"`
	Key      string   `json:"key,omitempty"`
	Chain    string   `json:"chain,omitempty"`
	PSS      bool     `json:"pss,omitempty"`
	Unlisted bool     `json:"unlisted,omitempty"`
}

// adesSignature is what one of them says of a signature: see Answer.java.
// Format and Crypto are told by DSS alone, Modification by pyHanko.
type adesSignature struct {
	Fields                           []string
	Level, Indication, SubIndication string
	Format, Crypto                   string
	Intact                           bool
	Coverage, Modification           string
	BestTime                         string
	Errors, Warnings                 []string
	Protection                       *adesProtection // told by DSS alone
}

// adesProtection is what DSS reads of certification and locks, and how many changes of
// each class it sees in later revisions: see Protection.java.
type adesProtection struct {
	DocMDP                                    int
	FieldMDP, FieldLock                       *adesLock
	Extensions, Forms, Annotations, Undefined int
	ModifiedFields                            []string
}

type adesLock struct {
	Action     string
	Fields     []string
	Permission int
}

type adesTimestamp struct {
	Kind, Time, Indication, SubIndication, Coverage string
	Errors, Warnings                                []string
}

type adesAnswer struct {
	File, Error string
	Signatures  []adesSignature
	Timestamps  []adesTimestamp
}

// adesPeer is one of the two, running.
type adesPeer struct {
	name    string
	cmd     *exec.Cmd
	in      io.WriteCloser
	answers *bufio.Scanner
	stderr  *bytes.Buffer
}

func startPeer(t *testing.T, name string, cmd *exec.Cmd) *adesPeer {
	t.Helper()
	p := &adesPeer{name: name, cmd: cmd, stderr: &bytes.Buffer{}}
	cmd.Stderr = p.stderr
	var err error
	p.in, err = cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	p.answers = bufio.NewScanner(out)
	p.answers.Buffer(nil, 1<<20)
	require.NoError(t, cmd.Start())
	return p
}

func (p *adesPeer) stop() {
	_ = p.in.Close() // it ends with its input
	_ = p.cmd.Wait()
}

// running are EU DSS and pyHanko. They serve all tests of a run: starting takes
// longer than many judgements.
var running struct {
	once  sync.Once
	peers []*adesPeer
}

// adesPeers returns EU DSS and pyHanko, in this order.
func adesPeers(t *testing.T) []*adesPeer {
	t.Helper()
	running.once.Do(func() { running.peers = []*adesPeer{dss(t), hankoAdES(t)} })
	if running.peers == nil {
		peertest.Missing(t, "EU DSS or pyHanko")
	}
	return running.peers
}

func TestMain(m *testing.M) {
	status := m.Run()
	for _, p := range append(running.peers, vera.peer) {
		if p != nil {
			p.stop()
		}
	}
	os.Exit(status)
}

// hankoAdES starts pyHanko.
func hankoAdES(t *testing.T) *adesPeer {
	t.Helper()
	return startPeer(t, "pyHanko", exec.Command(python(t), "judges/pyhanko_ades.py"))
}

// dss builds EU DSS, where that was not done since its sources changed, and starts it.
func dss(t *testing.T) *adesPeer {
	t.Helper()
	return startPeer(t, "EU DSS", exec.Command(peertest.Program(t, "java"), "-Xmx1g", "-Djava.awt.headless=true",
		"-cp", classpath(t, "dss", "EU DSS"), "inkan.interop.dss.Runner"))
}

// classpath builds the Java program of a folder, where that was not done since its
// sources changed, and returns where its classes are.
func classpath(t *testing.T, folder, of string) string {
	t.Helper()
	list, project := filepath.Join(folder, "target", "classpath"), filepath.Join(folder, "pom.xml")
	if stale(t, list, project, filepath.Join(folder, "src")) {
		out, err := exec.Command(peertest.Program(t, "mvn"), "-B", "-q", "-o", "-f", project, "compile").CombinedOutput()
		if err != nil {
			t.Logf("%s", out)
			peertest.Missing(t, "the library of "+of+" (mvn -f interop/"+folder+"/pom.xml compile gets it)")
		}
	}
	libraries, err := os.ReadFile(list)
	require.NoError(t, err)
	return filepath.Join(folder, "target", "classes") + string(os.PathListSeparator) + strings.TrimSpace(string(libraries))
}

// stale tells whether a file is missing, or older than one of its sources.
func stale(t *testing.T, file string, sources ...string) bool {
	t.Helper()
	made, err := os.Stat(file)
	if err != nil {
		return true
	}
	old := false
	for _, source := range sources {
		require.NoError(t, filepath.WalkDir(source, func(_ string, entry os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := entry.Info()
			old = old || err == nil && info.ModTime().After(made.ModTime())
			return err
		}))
	}
	return old
}

// do gives a task and waits for the answer.
func (p *adesPeer) do(t *testing.T, task adesTask) adesAnswer {
	t.Helper()
	var answer adesAnswer
	line := p.ask(t, task)
	require.NoError(t, json.Unmarshal(line, &answer), "%s", line)
	return answer
}

// ask writes a task on a line and waits for the line with the answer.
func (p *adesPeer) ask(t *testing.T, task any) []byte {
	t.Helper()
	line, err := json.Marshal(task)
	require.NoError(t, err)
	_, err = p.in.Write(append(line, '\n'))
	require.NoError(t, err, "%s has ended: %s", p.name, p.stderr)
	require.True(t, p.answers.Scan(), "%s has ended: %v %s", p.name, p.answers.Err(), p.stderr)
	return p.answers.Bytes()
}

// make gives a task that writes a file, and returns the file.
func (p *adesPeer) make(t *testing.T, task adesTask) []byte {
	t.Helper()
	task.Out = filepath.Join(t.TempDir(), "out.pdf")
	answer := p.do(t, task)
	require.Empty(t, answer.Error, "%s: %s %s", p.name, task.Command, task.Level)
	data, err := os.ReadFile(task.Out)
	require.NoError(t, err)
	return data
}
