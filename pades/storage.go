package pades

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/inkan-go/inkan/internal/filelock"
	"github.com/inkan-go/inkan/internal/folder"
)

// storage is what writing needs of the file system. Tests put one in its place
// that fails, or forgets what was not synchronised.
type storage interface {
	Create(name string, mode fs.FileMode) (storedFile, error) // a new file, locked where that can be done, or fs.ErrExist
	Open(name string) (storedFile, error)                     // to read and to write
	Take(name string) (storedFile, error)                     // to read and to write, locked
	Rename(from, to string) error
	Remove(name string) error
	SyncFolder(name string) error // makes what was created, renamed and removed there last
}

// storedFile is what writing needs of a file. It is an *os.File but in tests.
type storedFile interface {
	io.ReaderAt
	io.Writer
	io.WriterAt
	io.Closer
	Name() string
	Stat() (fs.FileInfo, error)
	Chmod(mode fs.FileMode) error
	Truncate(size int64) error
	Sync() error
}

// disk is the file system of the operating system.
type disk struct{}

// Create locks the new file until it is closed: by that others know that this process
// has not come to its end.
func (disk) Create(name string, mode fs.FileMode) (storedFile, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return nil, err
	}
	err = lockNamed(f)
	switch {
	case err == nil || errors.Is(err, errors.ErrUnsupported):
		return f, nil
	case errors.Is(err, filelock.ErrLocked), errors.Is(err, fs.ErrNotExist): // somebody took it for a leftover
		_ = f.Close() // nothing was written
		return nil, fs.ErrExist
	}
	return nil, errors.Join(err, f.Close(), os.Remove(name))
}

func (disk) Open(name string) (storedFile, error) {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return nil, err // not a nil *os.File in an interface
	}
	return f, nil
}

func (disk) Rename(from, to string) error { return os.Rename(from, to) }

func (disk) Remove(name string) error { return os.Remove(name) }

func (disk) SyncFolder(name string) error { return folder.Sync(name) }
