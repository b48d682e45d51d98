//go:build unix

package fetch

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// A pipe under the name of an entry, which blocks who opens it, counts as absent.
func TestDirectoryWithAPipe(t *testing.T) {
	dir := t.TempDir()
	d := openDirectory(t, dir, 0)
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, entryName(numberedKey(1))), 0o600))
	require.Nil(t, d.Get(numberedKey(1)))
	require.NoError(t, d.Put(numberedKey(1), &Entry{Raw: []byte("y")})) // takes its place
	require.Equal(t, "y", string(d.Get(numberedKey(1)).Raw))
}
