// Package folder makes sure that what happened to the names in a folder is on the disk.
package folder

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// Sync returns when everything that was created, renamed and removed in a folder is on the disk. It
// does without where a system cannot synchronise folders, or this process may not read that one.
func Sync(name string) error {
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
