package pades

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// AppendFile appends the signatures to the named file, in place. The file must
// still hold exactly what the Document was made from: the file itself
// unchanged in size and time, or another one of equal content, which is read
// through; else the error wraps ErrChanged. It returns when the data are on the
// disk. If writing fails, the file is cut back to what it was.
//
// Where the process or the machine stops in between, the file may hold a part of
// the signature. A record beside it, named as the file with ".inkan-append"
// behind, was on the disk before the first byte was written, and is removed
// when the last one is on the disk: see FindInterruption. While it stands, every
// further AppendFile to that name is refused with ErrInterrupted, so that of two
// processes only one appends; Interruption.Recover puts in order what a process left that
// is no more. (Two names of one file, made by hard links, have a
// record each.)
//
// After the file that the Document was opened from was appended to, the
// Document goes on from there: it may be signed and appended again.
func (d *Document) AppendFile(name string) error {
	target, err := filepath.EvalSymlinks(name) // one file, one record
	if err != nil {
		return fmt.Errorf("pades: %w", err)
	}
	f, err := d.storage.Open(target)
	if err != nil {
		return fmt.Errorf("pades: %w", err)
	}
	return errors.Join(d.appendTo(f, target), f.Close())
}

func (d *Document) appendTo(f storedFile, target string) error {
	if len(d.tail) == 0 {
		_, err := d.unchanged(f)
		return err
	}
	if d.original.hash == 0 { // an amendment alone: no signature asked for the hash
		if _, err := d.prefix(context.Background(), crypto.SHA256); err != nil {
			return err
		}
	}
	record, err := d.createRecord(target)
	if err != nil {
		return err
	}
	return d.appendUnder(record, f, target)
}

// appendUnder appends the tail, if there is one, and drops the record.
func (d *Document) appendUnder(record *record, f storedFile, target string) error {
	same, err := d.unchanged(f)
	if err == nil && len(d.tail) == 0 {
		return record.drop()
	}
	if err == nil {
		err = record.write(d.interruption(target))
	}
	if err != nil {
		return errors.Join(err, record.drop())
	}
	if err := writeBehind(f, d.tail, d.size); err != nil {
		return d.takeBack(f, record, same, err)
	}
	if same {
		info, err := f.Stat()
		if err != nil {
			return errors.Join(fmt.Errorf("pades: %w", err), record.drop())
		}
		d.size, d.tail, d.info, d.original = d.Size(), nil, info, fingerprint{}
	}
	if err := record.drop(); err != nil {
		return fmt.Errorf("pades: %s is signed, but its record %s stands, remove it: %w", target, record.name, err)
	}
	return nil
}

// writeBehind writes the tail behind size bytes, and waits for the disk.
func writeBehind(f storedFile, tail []byte, size int64) error {
	if _, err := f.WriteAt(tail, size); err != nil {
		return err
	}
	return f.Sync()
}

// takeBack undoes an append that failed. Where that fails as well, the record
// stays and tells the length.
func (d *Document) takeBack(f storedFile, record *record, same bool, cause error) error {
	info, err := f.Stat()
	if err == nil && info.Size() > d.Size() {
		err = errors.New("it is longer than expected")
	}
	if err == nil {
		err = f.Truncate(d.size)
	}
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		err = fmt.Errorf("pades: %w; cutting the file back to the %d bytes that it had failed as well: %w", cause, d.size, err)
		return errors.Join(err, record.leave())
	}
	if info, err := f.Stat(); same && err == nil {
		d.info = info // its time is another one, its content is not
	}
	return errors.Join(fmt.Errorf("pades: %w; the file was cut back to what it was", cause), record.drop())
}

// unchanged checks that f holds the original, and tells whether it is the very
// file that the document was opened from.
func (d *Document) unchanged(f storedFile) (same bool, err error) {
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
