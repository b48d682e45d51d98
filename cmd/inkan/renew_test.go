package main

import (
	"bufio"
	"bytes"
	"encoding/asn1"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/renew"
	"github.com/inkan-go/inkan/tsa"
	"github.com/inkan-go/inkan/verify"
)

// archive is a town with a folder of files whose archive time stamps expire in eleven
// months, and an authority whose stamps last longer.
type archive struct {
	*town
	signer *pades.Signer
	old    *tsa.Responder
	source *fetch.Client
	made   atomic.Int64 // stamps
	stamps *httptest.Server
}

func newArchive(t *testing.T) *archive {
	t.Helper()
	a := &archive{town: newTown(t), source: &fetch.Client{AllowPrivate: true}}
	signer := a.issue(testpki.SignerProfile)
	a.signer = &pades.Signer{Key: signer.Key, Chain: signer.Chain}
	id, err := a.server.Issue(&testpki.Request{
		Profile: testpki.TimeStamperProfile, Issuer: a.server.PKI.Root, Change: reachable(a.server), NotAfter: time.Now().AddDate(0, 11, 0),
	})
	require.NoError(t, err)
	responder := func(id *testpki.Identity) *tsa.Responder {
		return &tsa.Responder{Key: id.Key, Certificate: id.Certificate, Chain: id.Chain, Policies: []asn1.ObjectIdentifier{{1, 2, 3, 4, 1}}}
	}
	a.old = responder(id)
	long := responder(a.issue(testpki.TimeStamperProfile))
	a.stamps = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.made.Add(1)
		long.ServeHTTP(w, r)
	}))
	t.Cleanup(a.stamps.Close)
	require.NoError(t, os.Mkdir(a.path("archive"), 0o700))
	return a
}

// add writes so many archived files, and returns what they hold by their names.
func (a *archive) add(n int) map[string][]byte {
	a.t.Helper()
	files := make(map[string][]byte)
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	for i := range n {
		doc, err := pades.NewDocument(bytes.NewReader(original), int64(len(original)), nil)
		require.NoError(a.t, err)
		require.NoError(a.t, doc.Sign(a.t.Context(), a.signer, &pades.SignOptions{
			Level: pades.BLTA, TSA: a.old, Revocation: a.source, Trust: a.server.PKI.Pool(), Reason: fmt.Sprint("contract ", i),
		}))
		name := filepath.Join(a.path("archive"), fmt.Sprintf("%05d.pdf", i))
		require.NoError(a.t, doc.WriteFile(name))
		data, err := os.ReadFile(name)
		require.NoError(a.t, err)
		files[name] = data
	}
	return files
}

// renewals is how many document time stamps a file has, all of which must pass.
func (a *archive) renewals(name string) int {
	a.t.Helper()
	r, err := verify.File(a.t.Context(), name, &verify.Options{Trust: a.server.PKI.Pool(), Source: a.source})
	require.NoError(a.t, err, name)
	n := 0
	for _, s := range r.Signatures {
		if s.Kind == verify.KindTimestamp {
			n++
		}
	}
	return n
}

func (a *archive) flags(more ...string) []string {
	return append([]string{"renew", "--trust", a.path("roots.pem"), "--tsa", a.stamps.URL, "--allow-private"}, more...)
}

func TestRenewCommand(t *testing.T) {
	a := newArchive(t)
	files := a.add(3)
	folder := a.path("archive")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "unsigned.pdf"), testpdf.Contract(1, testpdf.Table).Bytes(), 0o600))
	first := filepath.Join(folder, "00000.pdf")
	require.NoError(t, os.WriteFile(first+".inkan-append", nil, 0o600))

	// What is due is told, in both languages, and nothing is changed or bought.
	retain := time.Now().AddDate(7, 0, 0).Format(time.DateOnly)
	safe := time.Now().AddDate(0, 11, -1).Format(time.DateOnly)
	text := a.run(statusFailed, a.flags("--dry-run", "--retain-until", retain, folder)...)
	require.Contains(t, text, "00001.pdf: due, provable until ")
	require.Contains(t, text, "unsigned.pdf: NOT SIGNED: it holds neither a signature")
	require.Contains(t, text, "4 files: 0 renewed, 0 raised, 3 due, 0 not due, 0 not prolonged, 0 not provable, 1 not signed, 0 failed\n")
	require.Contains(t, text, "Files whose proof ends before "+retain+" is over: 3\n")
	require.Contains(t, text, "00001.pdf: renew by "+safe+" at the latest\n")
	require.Contains(t, a.run(statusFailed, a.flags("--dry-run", "--lang", "ja", folder)...), "4件のファイル: 延長0件、引き上げ0件、要延長3件")
	require.Zero(t, a.made.Load())
	text = a.run(statusFailed, "verify", "--trust", a.path("roots.pem"), "--online", "--allow-private", "--lang", "ja", "--retain-until", retain, folder)
	require.Contains(t, text, "00001.pdf: 遅くとも"+safe+"までに延長してください\n")
	require.Contains(t, text, "保存期限は")
	require.Contains(t, text, "unsigned.pdf: 現在証明できません")

	// Each file is renewed once, and the one that was in work when a call stopped is named.
	text = a.run(statusFailed, a.flags("--in-place", folder)...)
	require.Contains(t, text, "00000.pdf: an earlier call was cut off before it wrote to the file; a time stamp may have been bought in vain")
	require.Contains(t, text, "4 files: 3 renewed,")
	require.Contains(t, text, "Time stamps: 3 bought, 0 of them in vain, 0 unclear; files in work when an earlier call was cut off: 1\n")
	require.EqualValues(t, 3, a.made.Load())
	for name, before := range files {
		after, err := os.ReadFile(name)
		require.NoError(t, err)
		require.True(t, bytes.HasPrefix(after, before))
		require.Equal(t, 2, a.renewals(name))
	}
	require.NoError(t, os.Remove(filepath.Join(folder, "unsigned.pdf")))
	text = a.run(statusDone, a.flags("--in-place", "--format", "json", folder)...)
	require.Equal(t, 3, strings.Count(text, `{"schema":"inkan.renew/1"`))
	require.Equal(t, 3, strings.Count(text, `"outcome":"kept"`))
	require.EqualValues(t, 3, a.made.Load())
	text = a.run(statusDone, a.flags("--dry-run", "--retain-until", retain, folder)...)
	require.Contains(t, text, "All files stay provable until "+retain)
	require.Contains(t, a.run(statusUnreadable, a.flags("--in-place", a.path("missing.pdf"), folder)...), "missing.pdf: FAILED: no such file")

	for says, flags := range map[string][]string{
		"say either --in-place": {}, "--tsa URL": {"--in-place"}, "nobody is trusted": {"--dry-run"}, "not a day": {"--dry-run", "--retain-until", "2033"},
		"number of days": {"--dry-run", "--within=-1"}, "positive": {"--dry-run", "--jobs=-1"},
	} {
		call := []string{"renew", folder}
		if says != "nobody is trusted" {
			call = append(call, "--trust", a.path("roots.pem"))
		}
		require.Contains(t, a.run(statusUsage, append(call, flags...)...), says)
	}
}

// TestNoStamps: where the authority makes no stamps, not every file of an archive asks it.
func TestNoStamps(t *testing.T) {
	a := newArchive(t)
	a.add(maxRefused + 3)
	var asked atomic.Int64
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		http.Error(w, "out of order", http.StatusInternalServerError)
	}))
	defer broken.Close()
	call := []string{"renew", "--trust", a.path("roots.pem"), "--tsa", broken.URL, "--allow-private", "--in-place", "--jobs", "1"}
	text := a.run(statusFailed, append(call, a.path("archive"))...)
	require.Contains(t, text, "no time stamp was had for 10 files in a row: the others were left alone")
	require.GreaterOrEqual(t, asked.Load(), int64(maxRefused))
	require.Less(t, asked.Load(), int64(maxRefused+3))

	// One file fewer is no reason, and a stamp between begins anew.
	asked.Store(0)
	names, err := filepath.Glob(filepath.Join(a.path("archive"), "*.pdf"))
	require.NoError(t, err)
	require.NotContains(t, a.run(statusFailed, append(call, names[:maxRefused-1]...)...), "in a row")
	require.EqualValues(t, maxRefused-1, asked.Load())
	b := &renewal{giveUp: func(error) { t.Error("it gave up") }}
	for i := range 3 * maxRefused {
		b.countRefused(renewed{&renew.Result{}, fmt.Errorf("no stamp: %w", &tsa.Error{})})
		if i%(maxRefused-1) == 0 {
			b.countRefused(renewed{&renew.Result{Stamps: 1}, nil})
		}
	}
}

// TestRenewalWords: both languages name every outcome and interruption.
func TestRenewalWords(t *testing.T) {
	for _, w := range []*renewalWords{&renewalInEnglish, &renewalInJapanese} {
		for o := renew.Failed; o <= renew.Renewed; o++ {
			require.NotEmpty(t, w.outcomes[o], o)
		}
		for _, i := range []string{"nothing", "partial", "complete"} {
			require.NotEmpty(t, w.interruption[i])
		}
	}
}

// TestTwoRenewals: two processes on one folder renew each file once between them, and both
// end well.
func TestTwoRenewals(t *testing.T) {
	const count = 20
	a := newArchive(t)
	files := a.add(count)
	call := a.flags("--in-place", "--jobs", "2", a.path("archive"))
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			out, err := exec.Command("inkan", call...).CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	both.Wait()
	require.EqualValues(t, count, a.made.Load())
	for name, before := range files {
		after, err := os.ReadFile(name)
		require.NoError(t, err)
		require.True(t, bytes.HasPrefix(after, before))
		require.Equal(t, 2, a.renewals(name))
	}
}

// TestScenario17BulkRenewal: time stamps expire in 11 months; the renewal of all files is
// killed three times. The fourth call ends it: every file holds exactly one renewal, all
// earlier bytes are unchanged, and a stamp was bought twice only for files in work when the
// process was killed, at most one a worker, all of which are told.
//
// INKAN_RENEWALS is how many files there are.
func TestScenario17BulkRenewal(t *testing.T) {
	count := 60
	if n, err := strconv.Atoi(os.Getenv("INKAN_RENEWALS")); err == nil {
		count = n
	}
	const workers, kills = 4, 3
	a := newArchive(t)
	files := a.add(count)
	began := time.Now()
	call := a.flags("--in-place", "--format", "json", "--jobs", strconv.Itoa(workers), a.path("archive"))
	var told []string // lines about files that were in work
	start := func() (*exec.Cmd, *bytes.Buffer, *bytes.Buffer) {
		var out, problems bytes.Buffer
		c := exec.Command("inkan", call...)
		c.Stdout, c.Stderr = &out, &problems
		require.NoError(t, c.Start())
		return c, &out, &problems
	}
	ended := func(problems *bytes.Buffer) int {
		lines := bufio.NewScanner(problems)
		n := 0
		for lines.Scan() {
			require.Contains(t, lines.Text(), "an earlier call was cut off")
			if !strings.Contains(lines.Text(), "when it had renewed the file") {
				told, n = append(told, lines.Text()), n+1
			}
		}
		return n
	}
	for i := range kills {
		c, _, problems := start()
		for a.made.Load() < int64((i+1)*count/(kills+1)) {
			require.Nil(t, c.ProcessState)
			time.Sleep(200 * time.Microsecond)
		}
		require.NoError(t, c.Process.Kill())
		require.Error(t, c.Wait(), "it was killed")
		require.LessOrEqual(t, ended(problems), workers)
	}
	c, out, problems := start()
	require.NoError(t, c.Wait(), "%s", problems)
	require.LessOrEqual(t, ended(problems), workers)
	took := time.Since(began)

	lines := bufio.NewScanner(out)
	reported := 0
	for lines.Scan() {
		var r renew.Result
		require.NoError(t, json.Unmarshal(lines.Bytes(), &r))
		require.Contains(t, []renew.Outcome{renew.Kept, renew.Renewed}, r.Outcome)
		reported++
	}
	require.Equal(t, count, reported)
	for name, before := range files {
		after, err := os.ReadFile(name)
		require.NoError(t, err)
		require.True(t, bytes.HasPrefix(after, before), "%s: earlier bytes changed", name)
		require.Equal(t, 2, a.renewals(name), "%s: its own time stamp and one renewal", name)
		require.NoFileExists(t, name+".inkan-append")
	}
	vain := int(a.made.Load()) - count
	t.Logf("%d files, killed %d times, %v: %d stamps bought, %d of them in vain, %d files told", count, kills, took.Round(time.Millisecond), a.made.Load(), vain, len(told))
	require.GreaterOrEqual(t, vain, 0)
	require.LessOrEqual(t, vain, kills*workers)
	require.LessOrEqual(t, vain, len(told), "every stamp bought in vain is told")
}
