package pades

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
)

// WriteFile writes the document to the named file, which is replaced if it
// exists: through a temporary file in the same folder that is synchronised and
// then renamed, so that the name holds the old content or the new, never a
// part. Nothing is left behind on an error. A file that is replaced keeps its
// permissions. The file that the document was opened from is refused; use
// AppendFile for it.
func (d *Document) WriteFile(name string) error {
	target, mode, err := d.target(name)
	if err != nil {
		return err
	}
	f, err := d.createTemporary(target, mode)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("pades: the folder of the output %s is missing: %w", target, fs.ErrNotExist)
	}
	if err != nil {
		return fmt.Errorf("pades: %w", err)
	}
	if err := d.fill(f, mode); err != nil {
		return errors.Join(err, d.discard(f))
	}
	if err := d.storage.Rename(f.Name(), target); err != nil {
		return errors.Join(fmt.Errorf("pades: %w", err), d.discard(f))
	}
	if err := d.storage.SyncFolder(filepath.Dir(target)); err != nil {
		return fmt.Errorf("pades: %s is written, but may not last: %w", target, err)
	}
	return nil
}

// target resolves what name stands for, and returns the permissions to keep.
func (d *Document) target(name string) (string, fs.FileMode, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Lstat(name); err == nil {
			return "", 0, failf(ErrOptions, "the output %s is a link to a file that does not exist", name)
		}
		return name, 0, nil
	case err != nil:
		return "", 0, fmt.Errorf("pades: %w", err)
	case info.IsDir():
		return "", 0, failf(ErrOptions, "the output %s is a directory", name)
	case !info.Mode().IsRegular():
		return "", 0, failf(ErrOptions, "the output %s is not a regular file", name)
	case d.info != nil && os.SameFile(d.info, info):
		return "", 0, failf(ErrOptions, "the output %s is the input: choose another name, or sign in place", name)
	}
	real, err := filepath.EvalSymlinks(name) // a rename would replace the link
	if err != nil {
		return "", 0, fmt.Errorf("pades: %w", err)
	}
	return real, info.Mode().Perm(), nil
}

// createTemporary makes a new file beside target. Until its permissions are set
// it has no more than the file that it will replace; where there is none, it has
// those that a new file of this process gets.
func (d *Document) createTemporary(target string, mode fs.FileMode) (storedFile, error) {
	if mode == 0 {
		mode = 0o666
	}
	dir, base := filepath.Split(target)
	for try := 0; ; try++ {
		name := filepath.Join(dir, "."+base+"."+strconv.FormatUint(rand.Uint64(), 36)+".tmp")
		f, err := d.storage.Create(name, mode&0o666)
		if err == nil || !errors.Is(err, fs.ErrExist) || try == 100 {
			return f, err
		}
	}
}

// fill writes the document to f, sets its permissions if mode is not zero, and
// closes it when all is on the disk.
func (d *Document) fill(f storedFile, mode fs.FileMode) error {
	if _, err := d.WriteTo(f); err != nil {
		return err
	}
	if mode != 0 {
		if err := f.Chmod(mode); err != nil {
			return fmt.Errorf("pades: %w", err)
		}
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("pades: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("pades: %w", err)
	}
	return nil
}

// discard closes f, if it still is open, and removes it.
func (d *Document) discard(f storedFile) error {
	_ = f.Close() // closed already, or of no use any more
	return d.storage.Remove(f.Name())
}
