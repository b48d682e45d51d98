package pades

import (
	"bytes"
	"errors"
	"fmt"
	"io"
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
	f, err := createTemporary(target)
	if err != nil {
		return fmt.Errorf("pades: %w", err)
	}
	if err := d.fill(f, mode); err != nil {
		return errors.Join(err, remove(f))
	}
	if err := os.Rename(f.Name(), target); err != nil {
		return errors.Join(fmt.Errorf("pades: %w", err), remove(f))
	}
	return syncFolder(filepath.Dir(target))
}

// target resolves what name stands for, and returns the permissions to keep.
func (d *Document) target(name string) (string, fs.FileMode, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
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

// createTemporary makes a new file beside target, with the permissions that a
// new file of this process gets.
func createTemporary(target string) (*os.File, error) {
	dir, base := filepath.Split(target)
	for try := 0; ; try++ {
		name := filepath.Join(dir, "."+base+"."+strconv.FormatUint(rand.Uint64(), 36)+".tmp")
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err == nil || !errors.Is(err, fs.ErrExist) || try == 100 {
			return f, err
		}
	}
}

// fill writes the document to f, sets its permissions if mode is not zero, and
// closes it when all is on the disk.
func (d *Document) fill(f *os.File, mode fs.FileMode) error {
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

// remove closes f, if it still is open, and removes it.
func remove(f *os.File) error {
	_ = f.Close() // closed already, or of no use any more
	return os.Remove(f.Name())
}

// syncFolder makes a rename durable. Systems that cannot synchronise a folder
// do without.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return nil //nolint:nilerr // the file itself is written and renamed
	}
	defer f.Close() //nolint:errcheck // it was only read
	_ = f.Sync()    // not every system can
	return nil
}

// AppendFile appends the signatures to the named file, in place. The file must
// still hold exactly what the Document was made from: the file itself
// unchanged in size and time, or another one of equal content, which is read
// through; else the error wraps ErrChanged. If writing fails, the file is cut
// back to what it was. It returns when the data are on the disk.
//
// After the file that the Document was opened from was appended to, the
// Document goes on from there: it may be signed and appended again.
func (d *Document) AppendFile(name string) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("pades: %w", err)
	}
	same, err := d.unchanged(f)
	if err == nil {
		err = d.appendTo(f)
	}
	if err == nil && same {
		var info os.FileInfo
		if info, err = f.Stat(); err == nil {
			d.size, d.tail, d.info = d.Size(), nil, info
		}
	}
	return errors.Join(err, f.Close())
}

// unchanged checks that f holds the original, and tells whether it is the very
// file that the document was opened from.
func (d *Document) unchanged(f *os.File) (same bool, err error) {
	info, err := f.Stat()
	if err != nil {
		return false, fmt.Errorf("pades: %w", err)
	}
	same = d.info != nil && os.SameFile(info, d.info)
	if info.Size() != d.size || same && !info.ModTime().Equal(d.info.ModTime()) {
		return false, failf(ErrChanged, "%s is not what was signed: it has changed since it was opened", f.Name())
	}
	if same {
		return true, nil
	}
	equal, err := equalContent(f, d.source, d.size)
	if err != nil {
		return false, fmt.Errorf("pades: %w", err)
	}
	if !equal {
		return false, failf(ErrChanged, "%s is not what was signed: its content differs", f.Name())
	}
	return false, nil
}

func equalContent(a, b io.ReaderAt, size int64) (bool, error) {
	const window = 256 << 10
	x, y := make([]byte, min(size, window)), make([]byte, min(size, window))
	for at := int64(0); at < size; at += window {
		n := min(size-at, window)
		if k, err := a.ReadAt(x[:n], at); int64(k) < n {
			return false, err
		}
		if k, err := b.ReadAt(y[:n], at); int64(k) < n {
			return false, err
		}
		if !bytes.Equal(x[:n], y[:n]) {
			return false, nil
		}
	}
	return true, nil
}

func (d *Document) appendTo(f *os.File) error {
	_, err := f.WriteAt(d.tail, d.size)
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		return nil
	}
	if cut := f.Truncate(d.size); cut != nil {
		return fmt.Errorf("pades: %w; cutting the file back to %d bytes failed as well: %w", err, d.size, cut)
	}
	return fmt.Errorf("pades: %w; the file was cut back to what it was", err)
}
