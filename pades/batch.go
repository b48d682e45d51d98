package pades

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"runtime"
	"sync/atomic"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/parallel"
)

// Batch signs many documents with one key, several at a time.
//
// A document that fails does not stop the others. A failure of the key that lasts
// (cms.ErrKeyLost: a wrong PIN, a token that is gone) keeps the key from being called
// again: the documents that are left fail with that error, and with cms.ErrNotSigned.
// Nothing is tried twice.
//
// The services of Options are shared by all documents: a fetch.Client asks once for what
// many signatures need. Memory does not grow with the number of documents, but with
// Workers and the size of what they write.
//
// The fields are only read, so a Batch may sign from several goroutines at once. The key,
// the services, Warn, and the functions of jobs are called from several goroutines as soon
// as Workers is not 1.
type Batch struct {
	// Signer signs all documents.
	Signer *Signer
	// Options say how; nil means the defaults. BatchJob.Options come before them.
	Options *SignOptions
	// OpenOptions say how the documents work that are opened by name; nil means the
	// defaults.
	OpenOptions *OpenOptions
	// Workers is how many documents are worked on at a time; 0 means as many as there
	// are processors for the program. Where the key is far away, or a token with several
	// sessions, more may be better.
	Workers int
	// Progress, if not nil, is called after each document, with what was done so far: in
	// the order in which documents are done, from one goroutine at a time.
	Progress func(done BatchCounts)
}

// BatchJob is one document of a Batch.
type BatchJob struct {
	// Name is the file to open where Open is nil, and what the document is called in
	// results.
	Name string
	// Open opens the document in another way than by its name. The Batch closes it.
	Open func() (*Document, error)
	// Options replace those of the Batch where they are not nil.
	Options *SignOptions
	// Write takes the signed document, such as to a file with Document.WriteFile or
	// Document.AppendFile. It is not called where signing failed. The document is closed
	// when it returns, and cannot be read any more.
	Write func(signed *Document) error
}

// BatchResult is what became of one document.
type BatchResult struct {
	Name string // of the job
	// Err is nil where the document was signed and written. Errors of signing are those of
	// Document.Sign.
	Err error
	// Signed tells that the document was signed at the level asked for; with an error,
	// writing it failed.
	Signed bool
}

// Sign signs the documents of all jobs and calls each with the results, in the order of the
// jobs, on the goroutine of the caller. Jobs are asked for from another goroutine, a few
// ahead of the slowest document, so there may be any number of them; whoever yields them and
// waits for some ends with ctx.
//
// It returns what was done, in all cases. The error is nil where every job was done, also
// those that failed. When ctx ends, no further document is begun; each still gets the results
// of those that were, and the error is that of ctx. When each returns an error, Sign ends in
// the same way, but without further results, and returns that error.
func (b *Batch) Sign(ctx context.Context, jobs iter.Seq[BatchJob], each func(BatchResult) error) (BatchCounts, error) {
	workers := b.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	if jobs == nil || workers < 0 || workers > maxWorkers {
		return BatchCounts{}, failf(ErrOptions, "a batch needs jobs and between 0 and %d Workers", maxWorkers)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	w := &batchWork{Batch: b, rooms: make(chan []byte, workers)}
	w.key, w.unfit = b.Signer.signingKey()
	w.options = cmp.Or(b.Options, &SignOptions{})
	do := func(j BatchJob) BatchResult { return w.do(ctx, j) }
	err := parallel.InOrder(untilDone(ctx, jobs), workers, do, func(r BatchResult) error {
		if each == nil {
			return nil
		}
		err := each(r)
		if err != nil {
			cancel(err)
		}
		return err
	})
	if err == nil {
		err = ctx.Err()
	}
	return w.counts(), err
}

// untilDone yields jobs until ctx ends.
func untilDone(ctx context.Context, jobs iter.Seq[BatchJob]) iter.Seq[BatchJob] {
	return func(yield func(BatchJob) bool) {
		for j := range jobs {
			if ctx.Err() != nil || !yield(j) {
				return
			}
		}
	}
}

// batchWork is one call of Batch.Sign.
type batchWork struct {
	*Batch
	tally
	key     *signingKey
	unfit   error                 // why there is no key
	options *SignOptions          // for jobs without any
	lost    atomic.Pointer[error] // why the key is of no use any more
	largest atomic.Int64          // bytes of the largest time-stamp token that was seen
	rooms   chan []byte           // memory of updates of documents that are closed
}

// do signs one document. It runs on several goroutines at a time.
func (w *batchWork) do(ctx context.Context, j BatchJob) BatchResult {
	signed, err := w.sign(ctx, &j)
	w.finished(err == nil, w.Progress)
	return BatchResult{Name: j.Name, Err: err, Signed: signed}
}

// sign opens, signs, writes and closes one document, and tells whether it was signed.
func (w *batchWork) sign(ctx context.Context, j *BatchJob) (signed bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, failf(ErrSigner, "%s was not begun: %w", j.Name, notSigned(err))
	}
	if j.Write == nil {
		return false, failf(ErrOptions, "the job does not say where %s is written: set Write", j.Name)
	}
	d, err := w.open(j)
	if err != nil {
		return false, err
	}
	var own []byte // what signing alone appended
	defer func() { err = errors.Join(err, w.close(d, own)) }()
	if w.unfit != nil {
		return false, w.unfit
	}
	d.largestToken = max(d.largestToken, int(w.largest.Load()))
	before := len(d.tail)
	if err := d.sign(ctx, w.key, w.counted(cmp.Or(j.Options, w.options)), w.useKey); err != nil {
		return false, err
	}
	if before == 0 {
		own = d.tail
	}
	w.largest.Store(max(w.largest.Load(), int64(d.largestToken))) // one that is lost is seen again
	return true, j.Write(d)
}

// open opens the document of a job, and gives it memory for its update.
func (w *batchWork) open(j *BatchJob) (d *Document, err error) {
	if j.Open == nil {
		d, err = Open(j.Name, w.OpenOptions)
	} else {
		d, err = j.Open()
	}
	switch {
	case err != nil:
		return nil, err
	case d == nil:
		return nil, failf(ErrOptions, "Open of the job %s returned no document", j.Name)
	}
	select {
	case d.room = <-w.rooms:
	default:
	}
	return d, nil
}

// keptRoom is the most memory, in bytes, that is kept of one document for another.
const keptRoom = 1 << 20

// close closes a document for good, and keeps memory for another one: what it was given and
// did not need, or that of what signing appended. Nobody else has a part of that, unless
// something was appended since.
func (w *batchWork) close(d *Document, own []byte) error {
	err := d.Close()
	room := d.room
	if room == nil && len(own) == len(d.tail) {
		room = own
	}
	*d = Document{source: closed{}, size: d.size, now: d.now, rand: d.rand, storage: d.storage}
	if 0 < cap(room) && cap(room) <= keptRoom {
		select {
		case w.rooms <- room[:0]:
		default:
		}
	}
	return err
}

// closed is the source of a document that was closed for good.
type closed struct{}

// ReadAt implements io.ReaderAt.
func (closed) ReadAt([]byte, int64) (int, error) { return 0, fs.ErrClosed }

// useKey calls the key once, unless it is known to be of no use.
func (w *batchWork) useKey(call func() ([]byte, error)) ([]byte, error) {
	if why := w.lost.Load(); why != nil {
		return nil, fmt.Errorf("the key was not called again after %w", notSigned(*why))
	}
	object, err := call()
	w.keyCalled(err)
	if errors.Is(err, cms.ErrKeyLost) {
		w.lost.CompareAndSwap(nil, &err)
	}
	return object, err
}

// notSigned returns err with the certainty that the key made no signature.
func notSigned(err error) error {
	if errors.Is(err, cms.ErrNotSigned) {
		return err
	}
	return fmt.Errorf("%w: %w", cms.ErrNotSigned, err)
}
