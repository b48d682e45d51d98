package pades

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/inkan-go/inkan/internal/digest"
)

// recordSuffix makes the name of the record of an append out of that of the file.
const recordSuffix = ".inkan-append"

// fingerprint is a digest and its algorithm.
type fingerprint struct {
	hash crypto.Hash
	sum  []byte
}

// The record is text, and before that empty or zeros. Its last line shows that it was
// written whole: before that, nothing is appended to the file.
const recordFormat = "inkan-append 1\nlength %d\ndigest %s %x\nadded %d\nadded-digest %s %x\n" + recordEnd

const recordEnd = "end\n"

// Interruption tells of an AppendFile that has not ended: it is going on, or the
// process or the machine stopped. It is what the record says that AppendFile
// leaves beside the file.
type Interruption struct {
	// File is the file appended to, Record the record beside it. When the file
	// is in order, the record is to be removed.
	File, Record string
	// Length is the length in bytes that the file had before. Cut to it, the
	// file is what it was. It is -1 where the record itself was not finished:
	// then the file was not touched.
	Length int64
	// Added is the number of bytes that were to be appended.
	Added int64

	original, added fingerprint
}

// FindInterruption looks for the record of an append to the named file that has
// not ended. Without one it returns nil and no error. Nothing is changed.
func FindInterruption(name string) (*Interruption, error) {
	target, err := filepath.EvalSymlinks(name)
	if err != nil {
		return nil, fmt.Errorf("pades: %w", err)
	}
	f, err := os.Open(target + recordSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("pades: %w", err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	text, err := io.ReadAll(io.LimitReader(f, maxRecord+1))
	if err != nil {
		return nil, fmt.Errorf("pades: %w", err)
	}
	i := &Interruption{File: target, Record: f.Name(), Length: -1}
	if err := i.read(string(text)); err != nil {
		return nil, err
	}
	return i, nil
}

// read takes the values from the text of a record, and leaves i as it is where
// the text is not whole.
func (i *Interruption) read(text string) error {
	if strings.Contains(text, "\x00") || len(text) <= maxRecord && !strings.HasSuffix(text, recordEnd) {
		return nil
	}
	var names [2]string
	next := Interruption{File: i.File, Record: i.Record}
	_, err := fmt.Sscanf(text, recordFormat, &next.Length, &names[0], &next.original.sum, &next.Added, &names[1], &next.added.sum)
	next.original.hash, next.added.hash = hashNamed(names[0]), hashNamed(names[1])
	if err != nil || next.text() != text || next.Length <= 0 || next.Added <= 0 {
		return fmt.Errorf("pades: %s is no record of an append, or one of another version", i.Record)
	}
	*i = next
	return nil
}

func hashNamed(name string) crypto.Hash {
	for h := crypto.MD4; h <= crypto.BLAKE2b_512; h++ {
		if h.String() == name {
			return h
		}
	}
	return 0
}

func (i *Interruption) text() string {
	return fmt.Sprintf(recordFormat, i.Length, i.original.hash, i.original.sum, i.Added, i.added.hash, i.added.sum)
}

// String says what is known without looking at the file, and what to do.
func (i *Interruption) String() string {
	if i.Length < 0 {
		return fmt.Sprintf("an append to %s is beginning, or stopped before it wrote anything: if no process is appending, remove %s", i.File, i.Record)
	}
	return fmt.Sprintf("an append to %s is going on, or was interrupted: before it the file had %d bytes; if no process is appending, cut it to that length and remove %s",
		i.File, i.Length, i.Record)
}

// AppendState is what an interrupted append left behind.
type AppendState int

// The states of a file. The zero value is the worst.
const (
	// AppendUnknown: the file does not begin with what the record describes.
	AppendUnknown AppendState = iota
	// AppendPartial: the file begins with what it was before, and something else
	// than the whole signature follows.
	AppendPartial
	// AppendNothing: the file is what it was before.
	AppendNothing
	// AppendComplete: the signature is there, whole.
	AppendComplete
)

// Examine reads the file through and tells what the append left behind.
func (i *Interruption) Examine(ctx context.Context) (AppendState, error) {
	if i.Length < 0 {
		return AppendNothing, nil
	}
	f, err := os.Open(i.File)
	if err != nil {
		return AppendUnknown, fmt.Errorf("pades: %w", err)
	}
	defer f.Close() //nolint:errcheck // it is only read
	info, err := f.Stat()
	if err != nil {
		return AppendUnknown, fmt.Errorf("pades: %w", err)
	}
	size := info.Size()
	if size < i.Length {
		return AppendUnknown, nil
	}
	if ok, err := i.original.matches(ctx, f, i.Length); !ok {
		return AppendUnknown, err
	}
	switch size - i.Length {
	case 0:
		return AppendNothing, nil
	case i.Added:
		if ok, err := i.added.matches(ctx, io.NewSectionReader(f, i.Length, i.Added), i.Added); err != nil || ok {
			return AppendComplete, err
		}
	}
	return AppendPartial, nil
}

func (p fingerprint) matches(ctx context.Context, r io.ReaderAt, size int64) (bool, error) {
	h, err := digest.NewRunning(p.hash)
	if err != nil {
		return false, fmt.Errorf("pades: %w", err)
	}
	if err := h.ReadTo(ctx, r, size); err != nil {
		return false, fmt.Errorf("pades: %w", err)
	}
	return string(h.Sum()) == string(p.sum), nil
}

// interruption is what the record of an append of the tail says, when the original
// was hashed.
func (d *Document) interruption(target string) *Interruption {
	h := d.original.hash.New()
	h.Write(d.tail)
	return &Interruption{
		File: target, Length: d.size, Added: int64(len(d.tail)),
		original: d.original, added: fingerprint{d.original.hash, h.Sum(nil)},
	}
}

// record is the record of the append that this process makes.
type record struct {
	storage storage
	file    storedFile
	name    string
	filled  int64 // bytes of zeros in it
}

// createRecord makes the record, still empty. It is there already where another
// append is going on or was interrupted.
func (d *Document) createRecord(target string) (*record, error) {
	name := target + recordSuffix
	f, err := d.storage.Create(name, 0o666)
	if errors.Is(err, fs.ErrExist) {
		i, err := FindInterruption(target)
		if err == nil && i == nil {
			err = errors.New("it ended just now: try again")
		}
		if err != nil {
			return nil, failf(ErrInterrupted, "another append to %s: %w", target, err)
		}
		return nil, failf(ErrInterrupted, "%v", i)
	}
	if err != nil {
		return nil, fmt.Errorf("pades: the record of the append cannot be made: %w", err)
	}
	return &record{storage: d.storage, file: f, name: name}, nil
}

// fill makes the record so long with zeros, which say no more than an empty one does.
func (r *record) fill(size int64) error {
	zeros := make([]byte, min(size, 64<<10))
	for r.filled < size {
		n := min(size-r.filled, int64(len(zeros)))
		if _, err := r.file.WriteAt(zeros[:n], r.filled); err != nil {
			return errors.Join(err, r.empty())
		}
		r.filled += n
	}
	return nil
}

// empty gives back what fill took.
func (r *record) empty() error {
	r.filled = 0
	return r.file.Truncate(0)
}

// write writes the record and waits until it, and its name, are on the disk.
func (r *record) write(i *Interruption) error {
	var err error
	if r.filled > 0 {
		err = r.empty()
	}
	if err == nil {
		_, err = io.WriteString(r.file, i.text())
	}
	if err == nil {
		err = r.file.Sync()
	}
	if err == nil {
		err = r.storage.SyncFolder(filepath.Dir(r.name))
	}
	if err != nil {
		return fmt.Errorf("pades: the record of the append cannot be written: %w", err)
	}
	return nil
}

// drop removes the record, and waits until it is gone from the disk. It is removed before
// it is unlocked, so that nobody takes it over meanwhile.
func (r *record) drop() error {
	err := r.storage.Remove(r.name)
	_ = r.file.Close()                           // what mattered was synchronised
	if err != nil && runtime.GOOS == "windows" { // which removes no open file
		if err = r.storage.Remove(r.name); errors.Is(err, fs.ErrNotExist) {
			err = nil // somebody recovered the file meanwhile
		}
	}
	if err != nil {
		return err
	}
	return r.storage.SyncFolder(filepath.Dir(r.name))
}

// leave lets the record stand for others to find.
func (r *record) leave() error { return r.file.Close() }
