package folder_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/internal/folder"
)

// TestSync: a folder that is there, one that may not be read, and one that is not there.
func TestSync(t *testing.T) {
	name := t.TempDir()
	require.NoError(t, folder.Sync(name))
	require.ErrorIs(t, folder.Sync(filepath.Join(name, "none")), fs.ErrNotExist)
	closed := filepath.Join(name, "closed")
	require.NoError(t, os.Mkdir(closed, 0o300))
	require.NoError(t, folder.Sync(closed))
}
