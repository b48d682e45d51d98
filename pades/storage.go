package pades

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// storage is what writing needs of the file system. Tests put one in its place
// that fails, or forgets what was not synchronised.
type storage interface {
	Create(name string, mode fs.FileMode) (storedFile, error) // a new file, or fs.ErrExist
	Open(name string) (storedFile, error)                     // to read and to write
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

func (disk) Create(name string, mode fs.FileMode) (storedFile, error) {
	return openStored(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
}

func (disk) Open(name string) (storedFile, error) { return openStored(name, os.O_RDWR, 0) }

// openStored keeps a nil *os.File from becoming a storedFile that is not nil.
func openStored(name string, flag int, mode fs.FileMode) (storedFile, error) {
	f, err := os.OpenFile(name, flag, mode)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (disk) Rename(from, to string) error { return os.Rename(from, to) }

func (disk) Remove(name string) error { return os.Remove(name) }

// SyncFolder does without where a system cannot synchronise folders, or this
// process may not read that one.
func (disk) SyncFolder(name string) error {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrPermission) {
		return nil
	}
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) {
		err = nil
	}
	return errors.Join(err, f.Close())
}
