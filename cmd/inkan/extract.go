package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// revisionEnd returns how many bytes of the file are the document as of a
// revision: up to its end, with the end of line behind it where a signature of
// that revision covers that as well.
func revisionEnd(f *pdf.File, number int) (int64, error) {
	if number < 1 || number > len(f.Revisions) {
		return 0, fmt.Errorf("there is no revision %d: the file has %s", number, count(len(f.Revisions), "revision"))
	}
	r := f.Revisions[number-1]
	form, err := sigdict.Find(f.View(number))
	if err != nil {
		return r.End, nil //nolint:nilerr // then there is no signature to be kept whole
	}
	for _, field := range form.Fields {
		if field.Signature == nil {
			continue
		}
		if b, ok := field.Signature.ByteRange.Four(); ok && b[2] >= 0 && b[3] == r.EndEOL-b[2] {
			return r.EndEOL, nil
		}
	}
	return r.End, nil
}

// extract writes that many bytes of content to the named file, whole or not at
// all, or to standard output where there is no name. The file from is not replaced.
func extract(from *os.File, source io.ReaderAt, length int64, name string, stdout io.Writer) (err error) {
	content := io.NewSectionReader(source, 0, length)
	if name == "" {
		_, err := io.Copy(stdout, content)
		return err
	}
	if err := refuseTarget(from, name); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = temporary.Close() // it may be closed already
			err = errors.Join(err, os.Remove(temporary.Name()))
		}
	}()
	if n, err := io.Copy(temporary, content); err != nil || n != length {
		return errors.Join(err, fmt.Errorf("%d of %d bytes were written", n, length))
	}
	if err := temporary.Chmod(0o644); err != nil {
		return err
	}
	if err := temporary.Sync(); err != nil {
		return err
	}
	if err := temporary.Close(); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), name)
}

// refuseTarget keeps the input, and what is no regular file, from being written.
func refuseTarget(from *os.File, name string) error {
	target, err := os.Stat(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	input, err := from.Stat()
	switch {
	case err != nil:
		return err
	case os.SameFile(input, target):
		return fmt.Errorf("%s is the input: choose another name", name)
	case !target.Mode().IsRegular():
		return fmt.Errorf("%s is not a regular file", name)
	}
	return nil
}
