//go:build unix

package pades_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/pades"
)

// TestPipe: a named pipe that nobody writes to is refused, not waited for.
func TestPipe(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pipe.pdf")
	require.NoError(t, syscall.Mkfifo(name, 0o600))
	_, err := pades.Open(name, nil)
	require.ErrorIs(t, err, pades.ErrNotPDF)
}
