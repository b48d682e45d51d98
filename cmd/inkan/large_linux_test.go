package main

import (
	"bytes"
	"fmt"
	"math/bits"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// writeLarge writes a one-page PDF with a stream of that many bytes, which is a
// hole in the file where the file system can do that.
func writeLarge(t *testing.T, name string, length int64) {
	t.Helper()
	f, err := os.Create(name)
	require.NoError(t, err)
	defer f.Close()
	var offsets []int64
	at := int64(0)
	put := func(text string) {
		n, err := f.WriteAt([]byte(text), at)
		require.NoError(t, err)
		at += int64(n)
	}
	object := func(body string) {
		offsets = append(offsets, at)
		put(fmt.Sprintf("%d 0 obj\n%s", len(offsets), body))
	}
	put("%PDF-1.7\n")
	object("<</Type/Catalog/Pages 2 0 R>>\nendobj\n")
	object("<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n")
	object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>\nendobj\n")
	object(fmt.Sprintf("<</Length %d>>\nstream\n", length))
	at += length
	put("\nendstream\nendobj\n")
	object("(behind the hole)\nendobj\n")
	section := at
	put("xref\n0 6\n0000000000 65535 f \n")
	for _, offset := range offsets {
		put(fmt.Sprintf("%010d 00000 n \n", offset))
	}
	put(fmt.Sprintf("trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", section))
	info, err := f.Stat()
	require.NoError(t, err)
	if s, ok := info.Sys().(*syscall.Stat_t); !ok || s.Blocks*512 > length/2 {
		t.Skip("the file system keeps no holes")
	}
}

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// resident runs the command, and returns what it wrote and how many bytes it
// took at most. What the system counts when a process has ended would include
// the memory of the test that started it.
func resident(t *testing.T, args ...string) (output string, most int64) {
	t.Helper()
	c := exec.Command("inkan", args...)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	require.NoError(t, c.Start())
	done := make(chan error, 1)
	go func() { done <- c.Wait() }()
	for {
		select {
		case err := <-done:
			require.NoError(t, err, "%s", &out)
			require.NotZero(t, most, "the command ended before its memory was read")
			return out.String(), most
		case <-time.After(2 * time.Millisecond):
		}
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.Process.Pid)) // gone where it has just ended
		if m := highWater.FindSubmatch(status); m != nil {
			kib, err := strconv.ParseInt(string(m[1]), 10, 64)
			require.NoError(t, err)
			most = max(most, kib<<10)
		}
	}
}

// TestLarge signs a file of 3 GiB in place and judges it; where that takes long,
// one just beyond 2 GiB.
func TestLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 6 GiB")
	}
	t.Parallel()
	length := int64(3 << 30)
	if bits.UintSize == 32 {
		length = 2<<30 + 1<<20
	}
	dir := t.TempDir()
	for name, data := range fixtures(t) {
		if strings.HasSuffix(name, ".pem") {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
		}
	}
	name := filepath.Join(dir, "large.pdf")
	writeLarge(t, name, length)
	_, signing := resident(t, "sign", "--key", filepath.Join(dir, "key.pem"), "--cert", filepath.Join(dir, "chain.pem"), "--in-place", name)
	info, err := os.Stat(name)
	require.NoError(t, err)
	require.Greater(t, info.Size(), length)
	require.Less(t, info.Sys().(*syscall.Stat_t).Blocks*512, int64(1<<20), "nothing but the signature was written")
	output, judging := resident(t, "verify", "--trust", filepath.Join(dir, "roots.pem"), "--format", "json", name)
	require.Contains(t, output, `"indication":"TOTAL-PASSED"`)
	t.Logf("resident: %d MiB to sign, %d MiB to judge", signing>>20, judging>>20)
	if b, ok := debug.ReadBuildInfo(); ok {
		for _, s := range b.Settings {
			if s.Key == "-race" && s.Value == "true" {
				return // which takes memory of its own
			}
		}
	}
	require.Less(t, signing, int64(32<<20))
	require.Less(t, judging, int64(32<<20))
}
