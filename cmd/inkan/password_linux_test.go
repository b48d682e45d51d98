package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// terminal is the far end of a pseudo-terminal (pty(7)): what is written to it is typed.
type terminal struct {
	*os.File
	device *os.File // what the command has in the place of a terminal
}

func newTerminal(t *testing.T) *terminal {
	t.Helper()
	far, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	t.Cleanup(func() { far.Close() })
	raw, err := far.SyscallConn()
	require.NoError(t, err)
	number, failure := 0, error(nil)
	require.NoError(t, raw.Control(func(fd uintptr) {
		if failure = unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0); failure == nil {
			number, failure = unix.IoctlGetInt(int(fd), unix.TIOCGPTN)
		}
	}))
	require.NoError(t, failure)
	device, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { device.Close() })
	return &terminal{far, device}
}

// echoes tells whether the terminal shows what is typed.
func (c *terminal) echoes(t *testing.T) bool {
	t.Helper()
	state, err := unix.IoctlGetTermios(int(c.device.Fd()), unix.TCGETS)
	require.NoError(t, err)
	return state.Lflag&unix.ECHO != 0
}

// typed is how a command at a terminal ended.
type typed struct {
	status         int
	shown          string // on the terminal
	stdout, stderr string
}

// typeTo runs the command at a terminal and types once it does not show what is typed.
func typeTo(t *testing.T, keys string, args ...string) typed {
	t.Helper()
	c := newTerminal(t)
	command := exec.Command("inkan", args...)
	command.Env = append(os.Environ(), passwordVariable+"=")
	var stdout, stderr bytes.Buffer
	command.Stdin, command.Stdout, command.Stderr = c.device, &stdout, &stderr
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	require.True(t, c.echoes(t))
	require.NoError(t, command.Start())
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	asked := false
	var err error
	for waiting := true; waiting; {
		select {
		case err = <-ended:
			waiting = false
		case <-time.After(time.Millisecond):
			if !asked && !c.echoes(t) {
				asked = true
				_, err := io.WriteString(c, keys)
				require.NoError(t, err)
			}
		}
	}
	require.True(t, asked, "nobody was asked: %s", &stderr)
	require.True(t, c.echoes(t), "what is typed is to be seen again")
	var exit *exec.ExitError
	require.True(t, err == nil || errors.As(err, &exit), "%v", err)
	_, err = io.WriteString(c.device, "\n")
	require.NoError(t, err)
	shown := make([]byte, 4096)
	n, err := c.Read(shown)
	require.NoError(t, err)
	return typed{command.ProcessState.ExitCode(), string(shown[:n]), stdout.String(), stderr.String()}
}

// TestPasswordPrompt: where a file demands a password and none was given, a
// terminal is asked, once, and does not show what is typed.
func TestPasswordPrompt(t *testing.T) {
	dir := t.TempDir()
	for name, data := range fixtures(t) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	sign := []string{"sign", "--key", in("key.pem"), "--cert", in("chain.pem"), in("encrypted.pdf"), in("out.pdf")}
	verify := []string{"verify", "--trust", in("roots.pem"), in("out.pdf")}
	inspect := []string{"inspect", in("out.pdf")}
	for _, tt := range []struct {
		name, password, end string
		args                []string
		status              int
		says                string
	}{
		{"wrong", "not this", "\n", sign, statusUnreadable, "what was given is neither"},
		{"none", "", "\n", sign, statusUnreadable, "the file is encrypted"},
		{"interrupted", "read", "\x03", sign, statusFailed, "interrupted"},
		{"reader", "reader", "\n", sign, statusDone, "Password of " + in("encrypted.pdf") + ": \n"},
		{"owner", "owner", "\n", verify, statusDone, "Password of " + in("out.pdf") + ": \n"},
		{"inspect", "reader", "\n", inspect, statusDone, "Password of " + in("out.pdf") + ": \n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ended := typeTo(t, tt.password+tt.end, tt.args...)
			require.Equal(t, tt.status, ended.status, "%+v", ended)
			require.Equal(t, 1, strings.Count(ended.stderr, "Password of"))
			require.Contains(t, ended.stderr, tt.says)
			if tt.password != "" {
				require.NotContains(t, ended.shown, tt.password)
			}
			_, err := os.Stat(in("out.pdf"))
			require.Equal(t, tt.status == statusDone, err == nil)
		})
	}
}
