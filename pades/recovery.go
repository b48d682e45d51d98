package pades

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/inkan-go/inkan/internal/filelock"
)

// Recover brings a file in order to which something was being appended when the process
// or the machine stopped, and removes the record. It returns what was left behind:
//
//   - AppendNothing: the file was what it had been.
//   - AppendPartial: it was cut back to what it had been.
//   - AppendComplete: all that was to be appended is there, and is on the disk now.
//
// It fails with ErrInterrupted, and changes nothing, where a process is still appending
// (ErrAppending),
// where the file is not the one that the record describes, and where something stands
// behind its former end that the append did not write. Which process has the record is
// known by a lock of the operating system: Recover also fails where a file system has
// none. Between machines that share files it is as good as their locks.
//
// told, if not nil, is called when the file is in order and the record still stands:
// what it does with the news is not lost where this process stops as well.
func (i *Interruption) Recover(ctx context.Context, told func(AppendState)) (AppendState, error) {
	target := i.File
	r, err := takeRecord(disk{}, target)
	if err != nil {
		return AppendUnknown, err
	}
	state, err := r.recover(ctx, target)
	if err != nil {
		return AppendUnknown, errors.Join(err, r.leave())
	}
	if told != nil {
		told(state)
	}
	if err := r.drop(); err != nil {
		return AppendUnknown, fmt.Errorf("pades: %s is in order, but its record %s stands, remove it: %w", target, r.name, err)
	}
	return state, nil
}

// takeRecord takes over the record of a process that is no more.
func takeRecord(s storage, target string) (*record, error) {
	name := target + recordSuffix
	f, err := s.Take(name)
	switch {
	case errors.Is(err, filelock.ErrLocked):
		return nil, failf(ErrInterrupted, "%s: %w: it has locked %s", target, ErrAppending, name)
	case errors.Is(err, errors.ErrUnsupported):
		return nil, failf(ErrInterrupted, "whether an append to %s is going on cannot be told, for the file system has no locks; see to it by hand: %s", target, name)
	case errors.Is(err, fs.ErrNotExist):
		return nil, failf(ErrInterrupted, "%s: %w: it ended just now, try again", target, ErrAppending)
	case err != nil:
		return nil, fmt.Errorf("pades: %w", err)
	}
	return &record{storage: s, file: f, name: name}, nil
}

// recover brings the file in order that the record tells of.
func (r *record) recover(ctx context.Context, target string) (AppendState, error) {
	i, err := FindInterruption(target) // as the record is now that it is ours
	if err != nil {
		return AppendUnknown, err
	}
	if i == nil {
		return AppendUnknown, failf(ErrInterrupted, "%s: %w: it ended just now, try again", target, ErrAppending)
	}
	state, err := i.Examine(ctx)
	if err != nil || state == AppendNothing {
		return state, err
	}
	if state == AppendUnknown {
		return state, failf(ErrInterrupted, "%s tells of an append to another file than %s is now", i.Record, i.File)
	}
	f, err := r.storage.Open(target)
	if err != nil {
		return AppendUnknown, fmt.Errorf("pades: %w", err)
	}
	if state == AppendPartial {
		err = cutBack(f, i)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return AppendUnknown, fmt.Errorf("pades: putting %s in order: %w", target, err)
	}
	return state, nil
}

// cutBack cuts off what an append wrote. What somebody else wrote stays: it is longer, or
// it is a revision that has its end.
func cutBack(f storedFile, i *Interruption) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	size := info.Size()
	end := make([]byte, min(size-i.Length, 64))
	if _, err := f.ReadAt(end, size-int64(len(end))); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	ended := bytes.HasSuffix(bytes.TrimRight(end, "\r\n\t \x00"), []byte("%%EOF"))
	if more := size - i.Length; more > i.Added || more < i.Added && ended {
		return failf(ErrInterrupted, "behind the first %d bytes of %s stands something else than %s tells of", i.Length, i.File, i.Record)
	}
	return f.Truncate(i.Length)
}

// Take opens a file that is there already, and locks it until it is closed.
func (disk) Take(name string) (storedFile, error) {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	if err := lockNamed(f); err != nil {
		_ = f.Close() // nothing was written
		return nil, err
	}
	return f, nil
}

// lockNamed locks a file, and makes sure that it still has its name: who had the lock
// before may have removed it.
func lockNamed(f *os.File) error {
	if err := filelock.Lock(f); err != nil {
		return err
	}
	named, err := os.Stat(f.Name())
	if err != nil {
		return err
	}
	if opened, err := f.Stat(); err != nil || !os.SameFile(named, opened) {
		return errors.Join(fs.ErrNotExist, err)
	}
	return nil
}

// A Reservation keeps everybody else from appending to a file while something to be
// appended to it is made, and leaves a trace where the process stops meanwhile: the
// record of an append that wrote nothing, which FindInterruption finds. So does a
// program that buys time stamps for many files learn for which of them it may have
// bought one in vain. A Reservation is not safe for concurrent use.
type Reservation struct {
	document *Document
	target   string
	record   *record // nil once it has ended
}

// Reserve makes the record of an append to the named file, which is on the disk when
// Reserve returns. It fails with ErrInterrupted where there is one already, and where the file
// cannot be written.
func (d *Document) Reserve(name string) (*Reservation, error) {
	target, err := filepath.EvalSymlinks(name) // one file, one record
	if err != nil {
		return nil, fmt.Errorf("pades: %w", err)
	}
	f, err := d.storage.Open(target) // what cannot be written is told before anything is bought for it
	if err != nil {
		return nil, fmt.Errorf("pades: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("pades: %w", err)
	}
	r, err := d.createRecord(target)
	if err != nil {
		return nil, err
	}
	if err := d.storage.SyncFolder(filepath.Dir(r.name)); err != nil {
		return nil, errors.Join(fmt.Errorf("pades: the record of the append cannot be written: %w", err), r.drop())
	}
	return &Reservation{document: d, target: target, record: r}, nil
}

// Room takes so many bytes on the disk and keeps them until the reservation ends, so that
// nothing is bought for a file that could not be written: it fails where the disk is full. It
// is as good as the file system's word, which one that compresses may not keep.
func (r *Reservation) Room(size int64) error {
	if r.record == nil {
		return failf(ErrOptions, "the reservation of %s has ended", r.target)
	}
	if err := r.record.fill(size); err != nil {
		return fmt.Errorf("pades: no room for %d bytes more: %w", size, err)
	}
	return nil
}

// Append appends what the Document has, as AppendFile does, and ends the reservation.
func (r *Reservation) Append() error {
	record := r.record
	if record == nil {
		return failf(ErrOptions, "the reservation of %s has ended", r.target)
	}
	r.record = nil
	f, err := r.document.storage.Open(r.target)
	if err != nil {
		return errors.Join(fmt.Errorf("pades: %w", err), record.drop())
	}
	return errors.Join(r.document.appendUnder(record, f, r.target), f.Close())
}

// Release gives the reservation up. The file is as it was. After Append it does nothing.
func (r *Reservation) Release() error {
	record := r.record
	if record == nil {
		return nil
	}
	r.record = nil
	if err := record.drop(); err != nil {
		return fmt.Errorf("pades: the record %s stands, remove it: %w", record.name, err)
	}
	return nil
}
