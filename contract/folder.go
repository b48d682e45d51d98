package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/inkan-go/inkan/internal/filelock"
	"github.com/inkan-go/inkan/internal/folder"
)

// Names of the files in a Folder.
const (
	StateName      = "state.json"
	DisclosureName = "disclosure.json"
	// CertificateName is that of the completion certificate.
	CertificateName = "certificate.pdf"
	// LockName is that of an empty file by whose lock processes take turns.
	LockName = ".inkan-lock"
)

// Folder is a Store in a folder of the file system: the documents as document-1.pdf and so
// on, the state and the disclosure beside them. Every file appears whole or not at all, and is on the
// disk when a call returns. Several processes may use it, also of machines that share it, as far as
// locks of files reach there: one that read an older state than the folder holds by now is refused.
type Folder string

// DocumentName returns the path of document n: of the completion certificate, it is
// certificate.pdf.
func (f Folder) DocumentName(n int) string {
	if n == CompletionCertificate {
		return filepath.Join(string(f), CertificateName)
	}
	return filepath.Join(string(f), fmt.Sprintf("document-%d.pdf", n))
}

// Load reads the state, and the disclosure if it is there.
func (f Folder) Load() (*Contract, error) {
	state, err := os.Open(filepath.Join(string(f), StateName))
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	defer state.Close() //nolint:errcheck // it is only read
	disclosure, err := os.Open(filepath.Join(string(f), DisclosureName))
	if errors.Is(err, fs.ErrNotExist) {
		return Read(state, nil)
	}
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	defer disclosure.Close() //nolint:errcheck // it is only read
	return Read(state, disclosure)
}

// file is a Source.
type file struct {
	*os.File
	size int64
}

func (f file) Size() int64 { return f.size }

// Open implements Store.
func (f Folder) Open(_ context.Context, n int) (Source, error) {
	in, err := os.Open(f.DocumentName(n))
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	info, err := in.Stat()
	if err != nil {
		_ = in.Close() // it was only read
		return nil, fmt.Errorf("contract: %w", err)
	}
	return file{in, info.Size()}, nil
}

// Append implements Store.
func (f Folder) Append(ctx context.Context, n int, at int64, tail []byte) error {
	unlock, err := f.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	source, err := f.Open(ctx, n)
	if at == 0 && errors.Is(err, fs.ErrNotExist) {
		return writeBytes(f.DocumentName(n), tail)
	}
	if err != nil {
		return err
	}
	defer source.Close() //nolint:errcheck // it is only read, and maybe closed by then
	if source.Size() < at {
		return fail(ErrDocument, "document %d has %d bytes, and is to go on after %d", n, source.Size(), at)
	}
	there := make([]byte, min(source.Size()-at, int64(len(tail))))
	if _, err := source.ReadAt(there, at); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("contract: %w", err)
	}
	switch {
	case !bytes.HasPrefix(tail, there):
		return fail(ErrDocument, "document %d goes on after %d bytes with others than those that are to be appended; nothing was written", n, at)
	case len(there) == len(tail):
		return nil // before a crash
	}
	return writeWhole(f.DocumentName(n), func(w io.Writer) error {
		if _, err := io.Copy(w, io.NewSectionReader(source, 0, at)); err != nil {
			return err
		}
		if err := source.Close(); err != nil { // Windows puts no file in the place of an open one
			return err
		}
		_, err := w.Write(tail)
		return err
	})
}

// Save implements Store. A disclosure that was deleted is removed.
func (f Folder) Save(ctx context.Context, c *Contract) error {
	unlock, err := f.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	state, err := indented(c)
	if err != nil {
		return err
	}
	if err := f.follows(c, state); err != nil {
		return err
	}
	disclosure := filepath.Join(string(f), DisclosureName)
	if c.Disclosure == nil {
		for _, name := range []string{disclosure, unfinished(disclosure)} {
			if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("contract: %w", err)
			}
		}
	} else {
		values, err := indented(c.Disclosure)
		if err != nil {
			return err
		}
		if err := writeBytes(disclosure, values); err != nil {
			return err
		}
	}
	return writeBytes(filepath.Join(string(f), StateName), state)
}

// follows refuses a state that does not follow the one in the folder, and is not that one.
func (f Folder) follows(c *Contract, state []byte) error {
	data, err := os.ReadFile(filepath.Join(string(f), StateName))
	if errors.Is(err, fs.ErrNotExist) && c.Saves() == 1 || err == nil && bytes.Equal(data, state) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("contract: %w", err)
	}
	var held struct {
		Saves  int `json:"saves"`
		Record struct {
			ID ID `json:"recordId"`
		} `json:"record"`
	}
	if err := json.Unmarshal(data, &held); err != nil {
		return fmt.Errorf("contract: %s in %s cannot be read: %w", StateName, string(f), err)
	}
	switch {
	case held.Record.ID != c.Record.ID:
		return fail(ErrState, "%s holds the contract %s; another one goes into a folder of its own", string(f), held.Record.ID)
	case held.Saves != c.Saves()-1:
		return fail(ErrState, "the state in %s was saved by somebody else since it was read; read it again", string(f))
	}
	return nil
}

// lockWait is how long a process waits for another that has the folder, which is for as long as one
// file is written.
const lockWait = 30 * time.Second

// lock takes the folder for this process. Where there are no locks, it is taken for nobody.
func (f Folder) lock(ctx context.Context) (unlock func(), err error) {
	file, err := os.OpenFile(filepath.Join(string(f), LockName), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	unlock = func() { _ = file.Close() } // nothing was written
	if err := f.wait(ctx, file); err != nil {
		unlock()
		return nil, err
	}
	return unlock, nil
}

// wait locks the file once nobody else has it.
func (f Folder) wait(ctx context.Context, file *os.File) error {
	for until := time.Now().Add(lockWait); ; {
		err := filelock.Lock(file)
		switch {
		case err == nil, errors.Is(err, errors.ErrUnsupported):
			return nil
		case !errors.Is(err, filelock.ErrLocked):
			return fmt.Errorf("contract: %w", err)
		case time.Now().After(until):
			return fail(ErrState, "%s is in use by another process", string(f))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("contract: waiting for %s: %w", string(f), ctx.Err())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func indented(v any) ([]byte, error) {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	return append(data, '\n'), nil
}

func writeBytes(name string, data []byte) error {
	return writeWhole(name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// unfinished is what a file is called until it is whole. After a crash the next one takes its place, so
// that nothing is left of what was deleted.
func unfinished(name string) string {
	return filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+".new")
}

// writeWhole writes a file that appears whole or not at all, while the folder is locked.
func writeWhole(name string, write func(io.Writer) error) (err error) {
	out, err := os.OpenFile(unfinished(name), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("contract: %w", err)
	}
	defer func() {
		if err != nil {
			_, _ = out.Close(), os.Remove(out.Name()) // the first error is the one to tell
			err = fmt.Errorf("contract: writing %s: %w", name, err)
		}
	}()
	if err = write(out); err != nil {
		return err
	}
	if err = out.Sync(); err != nil {
		return err
	}
	if err = out.Close(); err != nil {
		return err
	}
	if err = os.Rename(out.Name(), name); err != nil {
		return err
	}
	return folder.Sync(filepath.Dir(name))
}
