package pades

import (
	"context"
	"crypto"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/digest"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// Document is a PDF and the signatures that were added to it: the original,
// which is only read, and a tail in memory. It is not safe for concurrent use.
type Document struct {
	source io.ReaderAt
	memory []byte // the source, where it lies in memory
	size   int64  // of the source
	tail   []byte // behind the source
	room   []byte // for the next update of a signature; its bytes do not matter

	file *os.File    // the source, where Open opened it
	info os.FileInfo // of file, as it was then

	now      func() time.Time
	rand     io.Reader
	password string

	parsed   *pdf.File         // source and tail as they are now; nil: to be parsed again
	fields   *sigdict.Form     // of parsed; nil: to be read. It is not written to
	previous *pdf.File         // the document as it was parsed before; it may be nil
	states   []*digest.Running // hashes of the document's beginning, one for each algorithm used
	original fingerprint       // of the source, once it was hashed

	certificates certificate.Parser // those of its signatures, each read once
	largestToken int                // bytes of the largest time-stamp token that was seen

	storage storage
}

// Open opens the named file. Close it when the Document is no longer needed.
func Open(name string, o *OpenOptions) (*Document, error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, notRegular(name, info) // opening a named pipe waits for somebody who writes
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("pades: %w", err)
	}
	d, err := openFile(f, o)
	if err != nil {
		_ = f.Close() // it was only read
		return nil, err
	}
	return d, nil
}

func notRegular(name string, info fs.FileInfo) error {
	kind := "not a regular file"
	if info.IsDir() {
		kind = "a directory, not a file"
	}
	return failf(ErrNotPDF, "%s is %s", name, kind)
}

func openFile(f *os.File, o *OpenOptions) (*Document, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("pades: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, notRegular(f.Name(), info)
	}
	d, err := NewDocument(f, info.Size(), o)
	if err != nil {
		return nil, err
	}
	d.file, d.info = f, info
	return d, nil
}

// NewDocument opens a PDF of the given size. The source must not change while
// the Document is in use, and stays the caller's to close.
func NewDocument(source io.ReaderAt, size int64, o *OpenOptions) (*Document, error) {
	d := &Document{source: source, memory: pdf.InMemory(source, size), size: size, now: time.Now, rand: rand.Reader, storage: disk{}}
	if o != nil && o.Now != nil {
		d.now = o.Now
	}
	if o != nil && o.Rand != nil {
		d.rand = o.Rand
	}
	if o != nil {
		d.password = o.Password
	}
	if _, err := d.current(); err != nil {
		return nil, err
	}
	return d, nil
}

// Close closes the file that Open opened. It does not write anything.
func (d *Document) Close() error {
	if d.file == nil {
		return nil
	}
	if err := d.file.Close(); err != nil {
		return fmt.Errorf("pades: %w", err)
	}
	return nil
}

// Size returns the length in bytes of the document as it is now.
func (d *Document) Size() int64 { return d.size + int64(len(d.tail)) }

// ReadAt reads the document as it is now, as io.ReaderAt demands.
func (d *Document) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("pades: negative offset")
	}
	n := 0
	if off < d.size {
		part := p[:min(int64(len(p)), d.size-off)]
		m, err := d.source.ReadAt(part, off)
		if n = m; n < len(part) {
			return n, err
		}
	}
	if n < len(p) {
		if at := off + int64(n) - d.size; at < int64(len(d.tail)) {
			n += copy(p[n:], d.tail[at:])
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// WriteTo writes the document as it is now.
func (d *Document) WriteTo(w io.Writer) (int64, error) {
	n, err := d.copySource(w)
	if err != nil {
		return n, fmt.Errorf("pades: writing the original: %w", err)
	}
	m, err := w.Write(d.tail)
	if err != nil {
		err = fmt.Errorf("pades: writing the signatures: %w", err)
	}
	return n + int64(m), err
}

// copySource copies the original. A file is handed over as such: many systems
// then copy it without passing it through this process. Memory is handed over
// as such, too.
func (d *Document) copySource(w io.Writer) (int64, error) {
	if d.memory != nil {
		n, err := w.Write(d.memory)
		if err == nil && n < len(d.memory) {
			err = io.ErrShortWrite
		}
		return int64(n), err
	}
	var r io.Reader = io.NewSectionReader(d.source, 0, d.size)
	if d.file != nil {
		if _, err := d.file.Seek(0, io.SeekStart); err != nil {
			return 0, err
		}
		r = io.LimitReader(d.file, d.size)
	}
	n, err := io.Copy(w, r)
	if err == nil && n < d.size {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// current returns the parsed form of the document as it is now.
func (d *Document) current() (*pdf.File, error) {
	if d.parsed != nil {
		return d.parsed, nil
	}
	var whole io.ReaderAt = d
	o := &pdf.Options{Password: d.password, InMemory: d.inMemory, Before: d.previous}
	if len(d.tail) == 0 {
		whole, o.Memory = d.source, d.memory
	}
	f, err := pdf.Open(whole, d.Size(), o)
	switch {
	case errors.Is(err, pdf.ErrPassword):
		return nil, failf(ErrPassword, "%w", err)
	case errors.Is(err, pdf.ErrEncrypted):
		return nil, failf(ErrEncrypted, "%w; remove the encryption first", err)
	case errors.Is(err, pdf.ErrNotPDF), errors.Is(err, pdf.ErrMalformed), errors.Is(err, pdf.ErrLimit):
		return nil, failf(ErrNotPDF, "%w", err)
	case err != nil:
		return nil, fmt.Errorf("pades: %w", err)
	}
	d.parsed = f
	return f, nil
}

// form returns the signature fields of the document as it is now.
func (d *Document) form() (*sigdict.Form, error) {
	f, err := d.current()
	if err != nil {
		return nil, err
	}
	if d.fields == nil {
		if d.fields, err = sigdict.Find(f.Latest()); err != nil {
			return nil, failf(ErrNotPDF, "%w", err)
		}
	}
	return d.fields, nil
}

// inMemory returns a part of the document that lies in memory, nil for another one.
func (d *Document) inMemory(offset int64, n int) []byte {
	whole, at := d.memory, offset
	if source, ok := d.source.(*Document); ok && offset < d.size {
		return source.inMemory(offset, n)
	}
	if offset >= d.size {
		whole, at = d.tail, offset-d.size
	}
	end := at + int64(n)
	if end > int64(len(whole)) {
		return nil
	}
	return whole[at:end:end]
}

// state returns the kept state of that hash, however far it has come.
func (d *Document) state(h crypto.Hash) (*digest.Running, error) {
	for _, s := range d.states {
		if s.Hash() == h {
			return s, nil
		}
	}
	s, err := digest.NewRunning(h)
	if err != nil {
		return nil, fmt.Errorf("pades: %w", err)
	}
	d.states = append(d.states, s)
	return s, nil
}

// prefix returns the state of the hash over the whole document as it is now.
// What an earlier call hashed is not read again. The state is not to be
// written to: clone it.
func (d *Document) prefix(ctx context.Context, h crypto.Hash) (*digest.Running, error) {
	state, err := d.state(h)
	if err != nil {
		return nil, err
	}
	if err := state.ReadTo(ctx, d.source, d.size); err != nil {
		return nil, fmt.Errorf("pades: %w", err)
	}
	if state.Size() == d.size {
		d.original = fingerprint{h, state.Sum()}
	}
	if _, err := state.Write(d.tail[state.Size()-d.size:]); err != nil {
		return nil, fmt.Errorf("pades: %w", err)
	}
	return state, nil
}

// grow takes a finished update into the document, which owns it from then on.
// It is the only place where a signature changes a document.
func (d *Document) grow(update []byte) {
	if len(d.tail) == 0 {
		d.tail = update
	} else {
		d.tail = append(d.tail, update...)
	}
	if d.parsed != nil {
		d.previous = d.parsed
	}
	d.parsed, d.fields = nil, nil
}

// followed is the document with an update that is not part of it yet.
func (d *Document) followed(update []byte) *Document {
	return &Document{source: d, size: d.Size(), tail: update, password: d.password, previous: d.parsed}
}
