package filelock_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/filelock"
)

// TestLock: what one holder has, another does not get until it is closed.
func TestLock(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "file")
	require.NoError(t, os.WriteFile(name, nil, 0o600))
	paths := []string{name, folder}
	if runtime.GOOS == "windows" {
		paths = paths[:1] // which has no locks of folders
	}
	for _, path := range paths {
		first, err := os.Open(path)
		require.NoError(t, err)
		second, err := os.Open(path)
		require.NoError(t, err)
		if err := filelock.Lock(first); errors.Is(err, errors.ErrUnsupported) {
			t.Skip("no locks here")
		} else {
			require.NoError(t, err)
		}
		require.ErrorIs(t, filelock.Lock(second), filelock.ErrLocked)
		require.NoError(t, first.Close())
		require.NoError(t, filelock.Lock(second))
		require.NoError(t, second.Close())
	}
}
