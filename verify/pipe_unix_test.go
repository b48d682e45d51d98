//go:build unix

package verify_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/verify"
)

// TestPipe: a named pipe that nobody writes to is refused, not waited for.
func TestPipe(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pipe.pdf")
	require.NoError(t, syscall.Mkfifo(name, 0o600))
	_, err := verify.File(t.Context(), name, nil)
	var unreadable *verify.UnreadableError
	require.ErrorAs(t, err, &unreadable)
}
