package contract

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Names of the files in a Folder.
const (
	StateName      = "state.json"
	DisclosureName = "disclosure.json"
	// CertificateName is that of the completion certificate.
	CertificateName = "certificate.pdf"
)

// Folder is a Store in a folder of the file system: the documents as document-1.pdf and so
// on, the state and the disclosure beside them. Every file appears whole or not at all.
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
	if at == 0 {
		return writeWhole(f.DocumentName(n), func(w io.Writer) error {
			_, err := w.Write(tail)
			return err
		})
	}
	source, err := f.Open(ctx, n)
	if err != nil {
		return err
	}
	defer source.Close() //nolint:errcheck // it is only read
	if source.Size() < at {
		return fail(ErrDocument, "document %d has %d bytes, and is to go on after %d", n, source.Size(), at)
	}
	return writeWhole(f.DocumentName(n), func(w io.Writer) error {
		if _, err := io.Copy(w, io.NewSectionReader(source, 0, at)); err != nil {
			return err
		}
		_, err := w.Write(tail)
		return err
	})
}

// Save implements Store. A disclosure that was deleted is removed.
func (f Folder) Save(_ context.Context, c *Contract) error {
	disclosure := filepath.Join(string(f), DisclosureName)
	if c.Disclosure == nil {
		if err := os.Remove(disclosure); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("contract: %w", err)
		}
	} else if err := writeJSON(disclosure, c.Disclosure); err != nil {
		return err
	}
	return writeJSON(filepath.Join(string(f), StateName), c)
}

func writeJSON(name string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("contract: %w", err)
	}
	return writeWhole(name, func(w io.Writer) error {
		_, err := w.Write(append(data, '\n'))
		return err
	})
}

// writeWhole writes a file that appears whole or not at all.
func writeWhole(name string, write func(io.Writer) error) (err error) {
	out, err := os.CreateTemp(filepath.Dir(name), ".inkan-*")
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
	return os.Rename(out.Name(), name)
}
