package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"
)

// TestMain makes this test binary stand in for the inkan command inside scripts.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"inkan": main, "rawsign": rawsign})
}

func TestScripts(t *testing.T) {
	files := fixtures(t)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(e *testscript.Env) error {
			for name, data := range files {
				if err := os.WriteFile(filepath.Join(e.WorkDir, name), data, 0o644); err != nil {
					return err
				}
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":  scriptStatus,
			"prefix":  scriptPrefix,
			"flip":    scriptFlip,
			"shorten": scriptShorten,

			"interruptions": scriptInterruptions,
			"leftovers":     scriptLeftovers,
		},
	})
}

// scriptStatus (status N program args...) runs the program and wants exit status N.
func scriptStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N program args...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
	if lines := strings.Count(ts.ReadFile("stderr"), "\n"); want != statusDone && lines > 1 {
		ts.Fatalf("%d lines on stderr, want at most one", lines)
	}
}

// scriptPrefix (prefix A B) wants B to begin with all of A, and to go on.
func scriptPrefix(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: prefix A B")
	}
	a, b := ts.ReadFile(args[0]), ts.ReadFile(args[1])
	if len(b) <= len(a) || !strings.HasPrefix(b, a) {
		ts.Fatalf("%s does not begin with the bytes of %s", args[1], args[0])
	}
}

// scriptShorten (shorten IN OUT N) leaves out the last N bytes.
func scriptShorten(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: shorten IN OUT N")
	}
	b := ts.ReadFile(args[0])
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(b[:len(b)-n]), 0o644))
}

// scriptFlip (flip IN OUT TEXT) changes the last byte of TEXT in IN.
func scriptFlip(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: flip IN OUT TEXT")
	}
	b := []byte(ts.ReadFile(args[0]))
	i := bytes.Index(b, []byte(args[2]))
	if i < 0 {
		ts.Fatalf("%s does not hold %q", args[0], args[2])
	}
	b[i+len(args[2])-1] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b, 0o644))
}

// scriptLeftovers wants no temporary file in the folder of the script.
func scriptLeftovers(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: leftovers")
	}
	entries, err := os.ReadDir(ts.MkAbs("."))
	ts.Check(err)
	for _, e := range entries {
		switch filepath.Ext(e.Name()) {
		case ".pdf", ".pem", ".p12", ".txt", ".ttf", ".png":
		default:
			if e.Name() != "folder" && e.Name() != ".tmp" {
				ts.Fatalf("%s was left behind", e.Name())
			}
		}
	}
}

// TestInterrupted: a signal ends the work with a reason and without output.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	for name, data := range fixtures(t) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o644))
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var reason bytes.Buffer
	status := run(ctx, []string{"sign", "--key", filepath.Join(dir, "key.pem"), "--cert", filepath.Join(dir, "chain.pem"),
		filepath.Join(dir, "contract.pdf"), filepath.Join(dir, "out.pdf")}, console{io.Discard, &reason})
	require.Equal(t, statusFailed, status)
	require.Contains(t, reason.String(), "interrupted")
	require.NoFileExists(t, filepath.Join(dir, "out.pdf"))
}
