package filelock_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/filelock"
)

// TestLock: what one holder has, another does not get until it is closed.
func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
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
