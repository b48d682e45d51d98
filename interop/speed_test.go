package interop_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/testpki"
)

// speedRounds is how often everything is measured, in turn; medians count. One
// more round before touches the memory. SPEED_ROUNDS says another number, since a
// busy machine takes its time.
const speedRounds = 7

// peerRounds is how often peers are measured, which take their time.
const peerRounds = 3

func roundsOf(t *testing.T) int {
	text := os.Getenv("SPEED_ROUNDS")
	if text == "" {
		return speedRounds
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	require.Positive(t, n)
	return n
}

// TestSpeed measures the command on a large file beside what cannot be done
// without (reading, hashing, copying) and beside its peers. SPEED_MIB says how
// large the file is; without it nothing is measured. "make bench" calls it. With
// -update the figures go to docs/performance.md, else they are printed.
func TestSpeed(t *testing.T) {
	mib, err := strconv.Atoi(os.Getenv("SPEED_MIB"))
	if err != nil {
		t.Skip("SPEED_MIB is not set")
	}
	dir := memory(t)
	inkan := filepath.Join(dir, "inkan")
	build := exec.Command("go", "build", "-o", inkan, "./cmd/inkan")
	build.Dir = ".." // another module
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	rounds, load := roundsOf(t), loadAverage()
	rows := speedOf(t, dir, inkan, mib, rounds)
	figures(t, "commands", fmt.Sprintf("A file of %d MiB in memory, medians of %d rounds (peers: %d). %s\n\n%s",
		mib, rounds, min(rounds, peerRounds), machine(load), speedTable(rows)))
}

// TestBenchmarks runs the named benchmarks of the library in the same way.
func TestBenchmarks(t *testing.T) {
	if os.Getenv("SPEED_MIB") == "" {
		t.Skip("SPEED_MIB is not set")
	}
	rounds, load := roundsOf(t), loadAverage()
	table := benchmarkTable(benchmarks(t, rounds))
	figures(t, "benchmarks", fmt.Sprintf("Medians of %d runs. %s\n\n%s", rounds, machine(load), table))
}

// figures prints a part of docs/performance.md, and writes it with -update.
func figures(t *testing.T, name, text string) {
	t.Logf("\n%s", text)
	if *update {
		section(t, filepath.Join("..", "docs", "performance.md"), name, text)
	}
}

// machine says where and under which load something was measured.
func machine(before string) string {
	return fmt.Sprintf("Measured on %s/%s with %d processors and %s; load average %s before and %s after.",
		runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), before, loadAverage())
}

// memory returns a folder in memory where there is one, so that no disk is measured.
func memory(t *testing.T) string {
	if dir, err := os.MkdirTemp("/dev/shm", "inkan-speed-"); err == nil {
		t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
		return dir
	}
	return t.TempDir()
}

func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Fields(string(text))[0]
}

// writeSpeedFile writes a PDF of one page with so much that does not compress.
func writeSpeedFile(t *testing.T, name string, mib int) {
	f, err := os.Create(name)
	require.NoError(t, err)
	defer f.Close()
	var b bytes.Buffer
	var offsets []int
	object := func(body string) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s", len(offsets), body)
	}
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	object("<</Type/Catalog/Pages 2 0 R>>\nendobj\n")
	object("<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n")
	object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>\nendobj\n")
	object(fmt.Sprintf("<</Length %d>>stream\n", mib<<20))
	_, err = f.Write(b.Bytes())
	require.NoError(t, err)
	_, err = io.CopyN(f, rand.Reader, int64(mib)<<20)
	require.NoError(t, err)
	head := b.Len()
	b.Reset()
	b.WriteString("\nendstream\nendobj\n")
	section := head + mib<<20 + b.Len()
	b.WriteString("xref\n0 5\n0000000000 65535 f \n")
	for _, offset := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", section)
	_, err = f.Write(b.Bytes())
	require.NoError(t, err)
}

// speedRow is one command measured.
type speedRow struct {
	name      string
	arguments []string
	before    func() // not measured
	optional  bool   // a peer, left out where it is missing
	runs      []speedRun
}

type speedRun struct {
	wall, cpu time.Duration
	resident  int64 // bytes at most
}

// speedOf measures every command in turn, and returns them in their order.
func speedOf(t *testing.T, dir, inkan string, mib, rounds int) []*speedRow {
	pki, err := testpki.New(nil)
	require.NoError(t, err)
	id, err := pki.Issue(&testpki.Request{Issuer: pki.Root, NotAfter: time.Now().AddDate(1, 0, 0)})
	require.NoError(t, err)
	key, err := id.KeyPEM()
	require.NoError(t, err)
	in := func(name string) string { return filepath.Join(dir, name) }
	for name, data := range map[string][]byte{"key.pem": key, "chain.pem": id.PEM(), "root.pem": pki.Root.PEM()} {
		require.NoError(t, os.WriteFile(in(name), data, 0o600))
	}
	writeSpeedFile(t, in("big.pdf"), mib)
	sign := []string{inkan, "sign", "--key", in("key.pem"), "--cert", in("chain.pem")}
	out, err := exec.Command(sign[0], append(sign[1:], in("big.pdf"), in("signed.pdf"))...).CombinedOutput()
	require.NoError(t, err, "%s", out)
	remove := func() { _ = os.Remove(in("out.pdf")) } // it may not be there
	again := func() {
		out, err := exec.Command("cp", in("big.pdf"), in("out.pdf")).CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	at := testpki.Now().Format(time.RFC3339)
	rows := []*speedRow{
		{name: "openssl dgst -sha256", arguments: []string{"openssl", "dgst", "-sha256", in("signed.pdf")}},
		{name: "cp", arguments: []string{"cp", in("big.pdf"), in("out.pdf")}, before: remove},
		{name: "inkan verify", arguments: []string{inkan, "verify", "--trust", in("root.pem"), "--at", at, in("signed.pdf")}},
		{name: "inkan sign", arguments: append(slices.Clone(sign), in("big.pdf"), in("out.pdf")), before: remove},
		{name: "inkan sign --in-place", arguments: append(slices.Clone(sign), "--in-place", in("out.pdf")), before: again},
		{name: "pdfcpu validate", arguments: []string{"pdfcpu", "validate", in("big.pdf")}, optional: true},
		{name: "pyHanko validate", optional: true, arguments: []string{"pyhanko", "sign", "validate", "--trust", in("root.pem"), "--trust-replace",
			"--no-revocation-check", "--validation-time", at, "--executive-summary", in("signed.pdf")}},
		{name: "pdfsig", optional: true, arguments: []string{"pdfsig", "-nocert", "-no-ocsp", in("signed.pdf")}},
	}
	rows = slices.DeleteFunc(rows, func(r *speedRow) bool {
		_, err := exec.LookPath(r.arguments[0])
		return err != nil && r.optional
	})
	for round := range rounds + 1 {
		for _, r := range rows {
			if r.optional && round > peerRounds {
				continue
			}
			if r.before != nil {
				r.before()
			}
			run := measured(t, r)
			if round > 0 {
				r.runs = append(r.runs, run)
			}
		}
	}
	return rows
}

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// measured runs a command once. What the system counts as its memory when it has
// ended would include that of the test that started it.
func measured(t *testing.T, r *speedRow) speedRun {
	c := exec.Command(r.arguments[0], r.arguments[1:]...)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	start := time.Now()
	require.NoError(t, c.Start())
	ended := make(chan error, 1)
	var run speedRun
	go func() {
		err := c.Wait()
		run.wall = time.Since(start)
		ended <- err
	}()
	for {
		select {
		case err := <-ended:
			require.NoError(t, err, "%s: %s", r.name, &out)
			run.cpu = c.ProcessState.UserTime() + c.ProcessState.SystemTime()
			return run
		case <-time.After(5 * time.Millisecond):
		}
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.Process.Pid)) // gone where it has just ended
		if m := highWater.FindSubmatch(status); m != nil {
			kib, err := strconv.ParseInt(string(m[1]), 10, 64)
			require.NoError(t, err)
			run.resident = max(run.resident, kib<<10)
		}
	}
}

// median returns the middle of what get says of the runs.
func (r *speedRow) median(get func(speedRun) time.Duration) time.Duration {
	all := make([]time.Duration, len(r.runs))
	for i, run := range r.runs {
		all[i] = get(run)
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func (r *speedRow) wall() time.Duration {
	return r.median(func(s speedRun) time.Duration { return s.wall })
}
func (r *speedRow) cpu() time.Duration {
	return r.median(func(s speedRun) time.Duration { return s.cpu })
}

func (r *speedRow) resident() int64 {
	return slices.MaxFunc(r.runs, func(a, b speedRun) int { return int(a.resident - b.resident) }).resident
}

// benchmark is one line of "go test -bench".
type benchmark struct {
	name   string
	median float64 // ns
}

var benchmarkLine = regexp.MustCompile(`(?m)^(Benchmark\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op`)

// benchmarks runs the named benchmarks of the library and returns their medians.
func benchmarks(t *testing.T, rounds int) []benchmark {
	samples, order := map[string][]float64{}, []string{}
	for _, command := range [][2]string{
		{"./pades", "^(BenchmarkRawKey|BenchmarkSign100KB|BenchmarkSign100MB|BenchmarkSignLTA)$"},
		{"./verify", "^(BenchmarkVerify100KB|BenchmarkVerifyManySignatures|BenchmarkVerifyLTA)$"},
	} {
		c := exec.CommandContext(t.Context(), "go", "test", "-timeout", "0", "-run", "^$", "-bench", command[1], "-count", strconv.Itoa(rounds), command[0])
		c.Dir = ".."
		out, err := c.CombinedOutput()
		require.NoError(t, err, "%s", out)
		t.Logf("%s", out)
		for _, m := range benchmarkLine.FindAllSubmatch(out, -1) {
			name := string(m[1])
			ns, err := strconv.ParseFloat(string(m[2]), 64)
			require.NoError(t, err)
			if samples[name] == nil {
				order = append(order, name)
			}
			samples[name] = append(samples[name], ns)
		}
	}
	require.NotEmpty(t, order)
	all := make([]benchmark, len(order))
	for i, name := range order {
		slices.Sort(samples[name])
		all[i] = benchmark{name, samples[name][len(samples[name])/2]}
	}
	return all
}

func speedTable(rows []*speedRow) string {
	var b strings.Builder
	b.WriteString("| command | seconds | processor seconds | times the bar's base | of processor time | resident MiB |\n|---|---|---|---|---|---|\n")
	digest, copied := rows[0], rows[1]
	for _, r := range rows {
		wall, cpu := digest.wall(), digest.cpu()
		if r.name == "inkan sign" {
			wall, cpu = wall+copied.wall(), cpu+copied.cpu()
		}
		fmt.Fprintf(&b, "| `%s` | %.2f | %.2f | %.2f | %.2f | %d |\n", r.name, r.wall().Seconds(), r.cpu().Seconds(),
			r.wall().Seconds()/wall.Seconds(), r.cpu().Seconds()/cpu.Seconds(), r.resident()>>20)
	}
	return b.String()
}

func benchmarkTable(all []benchmark) string {
	var b strings.Builder
	b.WriteString("| benchmark | median | times the bar's base |\n|---|---|---|\n")
	median := map[string]float64{}
	for _, m := range all {
		median[m.name] = m.median
	}
	for _, m := range all {
		base := 0.0
		switch {
		case strings.Contains(m.name, "100KB"):
			base = median["BenchmarkRawKey/key"]
		case strings.HasPrefix(m.name, "BenchmarkVerifyManySignatures/"):
			base = median["BenchmarkVerifyManySignatures/1"]
		case m.name == "BenchmarkVerifyLTA/present":
			base = median["BenchmarkVerifyLTA/raw"]
		}
		ratio := ""
		if base > 0 {
			ratio = fmt.Sprintf("%.2f", m.median/base)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", m.name, time.Duration(m.median).Round(time.Microsecond), ratio)
	}
	return b.String()
}
