package fetch

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func openDirectory(t *testing.T, name string, most int64) *Directory {
	t.Helper()
	d, err := OpenDirectory(name, &DirectoryOptions{MaxBytes: most})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	return d
}

func numberedKey(i int) Key { return newKey(KindCRL, "GET", fmt.Sprint(i), nil) }

func names(t *testing.T, dir string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func TestDirectory(t *testing.T) {
	dir := t.TempDir()
	d := openDirectory(t, dir, 0)
	at := time.Date(2026, 4, 1, 9, 0, 0, 123, time.UTC)
	want := &Entry{Raw: []byte("answer"), Retrieved: at, Expires: at.Add(time.Hour)}
	require.Nil(t, d.Get(numberedKey(1)))
	require.NoError(t, d.Put(numberedKey(1), want))
	require.Equal(t, want, d.Get(numberedKey(1)))
	require.Equal(t, want, openDirectory(t, dir, 0).Get(numberedKey(1)))
	require.NoError(t, d.Put(numberedKey(1), &Entry{Raw: []byte("newer")}))
	require.Equal(t, "newer", string(d.Get(numberedKey(1)).Raw))
	require.Len(t, names(t, dir), 1)
	if runtime.GOOS != "windows" {
		info, err := os.Stat(filepath.Join(dir, entryName(numberedKey(1))))
		require.NoError(t, err)
		require.EqualValues(t, 0o600, info.Mode().Perm())
	}
	_, err := OpenDirectory(filepath.Join(dir, "absent"), nil)
	require.Error(t, err)
}

// A damaged file, one of another key, and one with other times count as absent.
func TestDamagedEntries(t *testing.T) {
	dir := t.TempDir()
	d := openDirectory(t, dir, 0)
	require.NoError(t, d.Put(numberedKey(1), &Entry{Raw: []byte("answer"), Expires: time.Now()}))
	name := filepath.Join(dir, entryName(numberedKey(1)))
	sound, err := os.ReadFile(name)
	require.NoError(t, err)
	for i := range sound {
		bad := bytes.Clone(sound)
		bad[i] ^= 1
		require.NoError(t, os.WriteFile(name, bad, 0o600))
		require.Nil(t, d.Get(numberedKey(1)), i)
		require.NoError(t, os.WriteFile(name, sound[:i], 0o600))
		require.Nil(t, d.Get(numberedKey(1)), i)
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, entryName(numberedKey(2))), sound, 0o600))
	require.Nil(t, d.Get(numberedKey(2)))
	require.NoError(t, os.Remove(name))
	require.NoError(t, os.Mkdir(name, 0o700))
	require.Nil(t, d.Get(numberedKey(1)))
	require.Error(t, d.Put(numberedKey(1), &Entry{}))
	for _, n := range names(t, dir) {
		require.False(t, strings.HasSuffix(n, partEnd))
	}
}

func TestDirectoryDoesNotFollowLinksOutside(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "file")
	dir := t.TempDir()
	d := openDirectory(t, dir, 0)
	require.NoError(t, os.WriteFile(outside, encodeEntry(numberedKey(1), &Entry{Raw: []byte("x")}), 0o600))
	if err := os.Symlink(outside, filepath.Join(dir, entryName(numberedKey(1)))); err != nil {
		t.Skip(err)
	}
	require.Nil(t, d.Get(numberedKey(1)))
	require.NoError(t, d.Put(numberedKey(1), &Entry{Raw: []byte("y")})) // takes the place of the link
	require.Equal(t, "y", string(d.Get(numberedKey(1)).Raw))
	data, err := os.ReadFile(outside)
	require.NoError(t, err)
	require.True(t, bytes.HasSuffix(data, []byte("x")))
}

func TestDirectoryLimit(t *testing.T) {
	dir := t.TempDir()
	size := int64(headBytes + 100)
	d := openDirectory(t, dir, 3*size)
	foreign := filepath.Join(dir, "notes.txt")
	require.NoError(t, os.WriteFile(foreign, make([]byte, 10*size), 0o600))
	put := func(i int, n int64) {
		require.NoError(t, d.Put(numberedKey(i), &Entry{Raw: make([]byte, n)}))
		old := time.Now().Add(time.Duration(i-100) * time.Minute)
		if _, err := os.Stat(filepath.Join(dir, entryName(numberedKey(i)))); err == nil {
			require.NoError(t, os.Chtimes(filepath.Join(dir, entryName(numberedKey(i))), old, old))
		}
	}
	for i := range 3 {
		put(i, 100)
	}
	require.NotNil(t, d.Get(numberedKey(0))) // at the limit
	put(3, 100)
	require.Nil(t, d.Get(numberedKey(0)))
	require.NotNil(t, d.Get(numberedKey(1)))
	put(4, 3*size-int64(headBytes)+1) // over it alone
	require.Nil(t, d.Get(numberedKey(4)))
	require.NotNil(t, d.Get(numberedKey(3)))
	put(5, 3*size-int64(headBytes))
	require.NotNil(t, d.Get(numberedKey(5)))
	require.Nil(t, d.Get(numberedKey(3)))
	require.FileExists(t, foreign)
}

func TestDirectoryEntryLimit(t *testing.T) {
	dir := t.TempDir()
	d := openDirectory(t, dir, 0)
	require.Equal(t, maxDirectoryEntries, d.entries)
	d.entries = 5
	for i := range 5 {
		require.NoError(t, d.Put(numberedKey(i), &Entry{}))
	}
	require.Len(t, names(t, dir), 5)
	require.NoError(t, d.Put(numberedKey(5), &Entry{}))
	require.Len(t, names(t, dir), 5)
}

func TestUnfinishedFiles(t *testing.T) {
	dir := t.TempDir()
	d := openDirectory(t, dir, 0)
	left := filepath.Join(dir, entryName(numberedKey(1))+".ABC"+partEnd)
	require.NoError(t, os.WriteFile(left, nil, 0o600))
	require.NoError(t, d.Put(numberedKey(2), &Entry{}))
	require.FileExists(t, left)
	old := time.Now().Add(-staleTemporary - time.Minute)
	require.NoError(t, os.Chtimes(left, old, old))
	require.NoError(t, openDirectory(t, dir, 0).Put(numberedKey(2), &Entry{}))
	require.NoFileExists(t, left)
}

// Two caches on one directory stand for two processes.
func TestDirectoryConcurrently(t *testing.T) {
	dir := t.TempDir()
	var wait sync.WaitGroup
	for p := range 2 {
		d := openDirectory(t, dir, 8*int64(headBytes+1000))
		for g := range 2 {
			wait.Go(func() {
				for i := range 50 {
					key := numberedKey(i % 10)
					raw := bytes.Repeat([]byte{byte(i % 10)}, 1000)
					if err := d.Put(key, &Entry{Raw: raw}); err != nil && runtime.GOOS != "windows" {
						t.Errorf("%d %d: %v", p, g, err)
					}
					if e := d.Get(key); e != nil && !bytes.Equal(raw, e.Raw) {
						t.Error("torn entry")
					}
				}
			})
		}
	}
	wait.Wait()
	require.NoError(t, openDirectory(t, dir, 8*int64(headBytes+1000)).Put(numberedKey(0), &Entry{}))
	require.LessOrEqual(t, len(names(t, dir)), 8)
}
