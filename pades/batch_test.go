package pades_test

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/testpdf"
	"github.com/inkan-go/inkan/internal/testpki"
	"github.com/inkan-go/inkan/pades"
)

// drawer keeps what a batch wrote, by name.
type drawer struct {
	mu   sync.Mutex
	made map[string][]byte
}

// job signs data and puts the result into the drawer.
func (d *drawer) job(name string, data []byte) pades.BatchJob {
	return pades.BatchJob{
		Name: name,
		Open: func() (*pades.Document, error) {
			return pades.NewDocument(bytes.NewReader(data), int64(len(data)), fixed)
		},
		Write: func(signed *pades.Document) error {
			var b bytes.Buffer
			if _, err := signed.WriteTo(&b); err != nil {
				return err
			}
			d.mu.Lock()
			defer d.mu.Unlock()
			if d.made == nil {
				d.made = map[string][]byte{}
			}
			d.made[name] = b.Bytes()
			return nil
		},
	}
}

// of returns what was written under a name.
func (d *drawer) of(name string) []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.made[name]
}

// repeated yields n jobs, numbered.
func repeated(n int, job func(i int) pades.BatchJob) iter.Seq[pades.BatchJob] {
	return func(yield func(pades.BatchJob) bool) {
		for i := range n {
			if !yield(job(i)) {
				return
			}
		}
	}
}

// foreignKey is a key of another kind than Go's own, which counts its calls.
type foreignKey struct {
	crypto.Signer
	calls  atomic.Int64
	answer func(call int64, signature []byte) ([]byte, error) // nil: the signature
}

func (k *foreignKey) Sign(random io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	n := k.calls.Add(1)
	signature, err := k.Signer.Sign(random, digest, o)
	if err == nil && k.answer != nil {
		return k.answer(n, signature)
	}
	return signature, err
}

// TestBatch: results in order, each document signed as by Sign, and failures that stop
// nobody else.
func TestBatch(t *testing.T) {
	s := signer(t, nil)
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	alone := document(t, original)
	require.NoError(t, alone.Sign(t.Context(), s, &pades.SignOptions{Reason: "batch"}))
	want := content(t, alone)

	const documents = 60
	for _, workers := range []int{0, 1, 7, pades.MaxWorkers} {
		var d drawer
		errWrite, errOpen := errors.New("disk full"), errors.New("no such document")
		jobs := repeated(documents, func(i int) pades.BatchJob {
			job := d.job(fmt.Sprint(i), original)
			switch i % 10 {
			case 3:
				job = d.job(fmt.Sprint(i), []byte("no PDF"))
			case 4:
				job.Write = func(*pades.Document) error { return errWrite }
			case 5:
				job.Open = func() (*pades.Document, error) { return nil, errOpen }
			case 6:
				job.Open = func() (*pades.Document, error) { return nil, nil }
			case 7:
				job.Write = nil
			case 8:
				job.Open = nil
			case 9:
				job.Options = &pades.SignOptions{Field: "missing"}
			}
			return job
		})
		var told []pades.BatchCounts
		b := &pades.Batch{
			Signer: s, Options: &pades.SignOptions{Reason: "batch"}, Workers: workers,
			Progress: func(c pades.BatchCounts) { told = append(told, c) },
		}
		causes := []error{nil, nil, nil, pades.ErrNotPDF, errWrite, errOpen, pades.ErrOptions, pades.ErrOptions, os.ErrNotExist, pades.ErrField}
		n := 0
		counts, err := b.Sign(t.Context(), jobs, func(r pades.BatchResult) error {
			require.Equal(t, fmt.Sprint(n), r.Name)
			require.ErrorIs(t, r.Err, causes[n%10])
			require.Equal(t, n%10 <= 2 || n%10 == 4, r.Signed)
			require.Equal(t, n%10 <= 2, d.of(r.Name) != nil)
			n++
			return nil
		})
		require.NoError(t, err)
		require.Equal(t, documents, n)
		require.Len(t, d.made, 3*documents/10)
		for _, data := range d.made {
			require.True(t, bytes.Equal(want, data))
		}
		require.Equal(t, pades.BatchCounts{Documents: 60, Signed: 18, Failed: 42, Signatures: 24}, counts)
		require.Len(t, told, documents)
		for i, c := range told {
			require.EqualValues(t, i+1, c.Documents)
		}
		require.Equal(t, counts, told[documents-1])
	}
}

// TestBatchRoom: memory that documents of other sizes and forms left behind does not show
// in those that get it, and a document cannot be read any more when it was written.
func TestBatchRoom(t *testing.T) {
	s := signer(t, nil)
	type document struct {
		data    []byte
		options *pades.SignOptions
		want    []byte
	}
	var documents []document
	for i := range 40 {
		data := testpdf.Contract(1+i%3, testpdf.Forms[i%len(testpdf.Forms)]).Bytes()
		o := &pades.SignOptions{ContentsSize: []int{0, 3000, 40_000, 600_000}[i%4], Reason: strings.Repeat("x", i*i)}
		d := document{data: data, options: o}
		alone, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), fixed)
		require.NoError(t, err)
		require.NoError(t, alone.Sign(t.Context(), s, o))
		d.want = content(t, alone)
		documents = append(documents, d)
	}
	for _, workers := range []int{1, 4} {
		var d drawer
		var kept []*pades.Document
		var mu sync.Mutex
		jobs := repeated(len(documents), func(i int) pades.BatchJob {
			job := d.job(fmt.Sprint(i), documents[i].data)
			job.Options = documents[i].options
			write := job.Write
			job.Write = func(signed *pades.Document) error {
				mu.Lock()
				kept = append(kept, signed)
				mu.Unlock()
				return write(signed)
			}
			return job
		})
		counts, err := (&pades.Batch{Signer: s, Workers: workers}).Sign(t.Context(), jobs, func(r pades.BatchResult) error { return r.Err })
		require.NoError(t, err)
		require.EqualValues(t, len(documents), counts.Signed)
		for i := range documents {
			require.True(t, bytes.Equal(documents[i].want, d.of(fmt.Sprint(i))), "document %d", i)
		}
		for _, k := range kept {
			_, err := k.WriteTo(io.Discard)
			require.ErrorIs(t, err, fs.ErrClosed)
			_, err = k.ReadAt(make([]byte, 1), 0)
			require.ErrorIs(t, err, fs.ErrClosed)
			require.ErrorIs(t, k.Sign(t.Context(), s, nil), fs.ErrClosed)
			require.NoError(t, k.Close())
		}
	}
}

func TestBatchRefusals(t *testing.T) {
	s := signer(t, nil)
	none := repeated(0, nil)
	for _, workers := range []int{-1, pades.MaxWorkers + 1} {
		_, err := (&pades.Batch{Signer: s, Workers: workers}).Sign(t.Context(), none, nil)
		require.ErrorIs(t, err, pades.ErrOptions)
	}
	_, err := (&pades.Batch{Signer: s}).Sign(t.Context(), nil, nil)
	require.ErrorIs(t, err, pades.ErrOptions)
	counts, err := (&pades.Batch{Signer: s}).Sign(t.Context(), none, nil)
	require.NoError(t, err)
	require.Zero(t, counts)
	var d drawer
	one := repeated(1, func(int) pades.BatchJob { return d.job("", testpdf.Contract(1, testpdf.Table).Bytes()) })
	counts, err = (&pades.Batch{}).Sign(t.Context(), one, func(r pades.BatchResult) error {
		require.ErrorIs(t, r.Err, pades.ErrSigner)
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, pades.BatchCounts{Documents: 1, Failed: 1}, counts)
}

// TestBatchEnds: with its context, and with the first error of each; what was begun is told.
func TestBatchEnds(t *testing.T) {
	s := signer(t, &testpki.Request{KeyType: testpki.P256})
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	enough := errors.New("enough")
	for _, cancelled := range []bool{true, false} {
		var d drawer
		var begun, after atomic.Int64
		ctx, cancel := context.WithCancel(t.Context())
		jobs := repeated(1000, func(i int) pades.BatchJob {
			job := d.job(fmt.Sprint(i), original)
			open := job.Open
			job.Open = func() (*pades.Document, error) {
				if ctx.Err() != nil {
					after.Add(1)
				}
				begun.Add(1)
				return open()
			}
			return job
		})
		n := 0
		b := &pades.Batch{Signer: s, Workers: 4}
		counts, err := b.Sign(ctx, jobs, func(r pades.BatchResult) error {
			require.Equal(t, fmt.Sprint(n), r.Name)
			if n++; n == 20 && cancelled {
				cancel()
			}
			if r.Err != nil {
				require.ErrorIs(t, r.Err, context.Canceled)
			}
			if n == 20 && !cancelled {
				return enough
			}
			return nil
		})
		cancel()
		if cancelled {
			require.ErrorIs(t, err, context.Canceled)
			require.EqualValues(t, n, counts.Documents, "each result was told")
		} else {
			require.ErrorIs(t, err, enough)
			require.Equal(t, 20, n)
		}
		require.EqualValues(t, len(d.made), counts.Signed)
		require.Less(t, begun.Load(), int64(20+3*4+4))
		require.LessOrEqual(t, after.Load(), int64(4), "one that was just begun by each worker")
	}
}

// TestBatchStopsForALostKey: a wrong PIN is not tried for every document.
func TestBatchStopsForALostKey(t *testing.T) {
	s := signer(t, nil)
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	const workers, good = 4, 10
	broken := errors.New("broken pipe")
	for name, c := range map[string]struct {
		err   error
		calls func(int64) bool
		want  pades.BatchCounts
	}{
		"lost":      {errors.Join(errors.New("wrong PIN"), cms.ErrKeyLost, cms.ErrNotSigned), func(n int64) bool { return n <= good+workers }, pades.BatchCounts{Signatures: good}},
		"uncertain": {broken, func(n int64) bool { return n == 100 }, pades.BatchCounts{Signatures: good, Uncertain: 100 - good}},
	} {
		t.Run(name, func(t *testing.T) {
			key := &foreignKey{Signer: s.Key, answer: func(call int64, signature []byte) ([]byte, error) {
				if call > good {
					return nil, c.err
				}
				return signature, nil
			}}
			var d drawer
			jobs := repeated(100, func(i int) pades.BatchJob { return d.job(fmt.Sprint(i), original) })
			b := &pades.Batch{Signer: &pades.Signer{Key: key, Chain: s.Chain}, Workers: workers}
			failed := 0
			counts, err := b.Sign(t.Context(), jobs, func(r pades.BatchResult) error {
				if r.Err != nil {
					failed++
					require.ErrorIs(t, r.Err, pades.ErrSigner)
					require.ErrorIs(t, r.Err, c.err)
					require.Equal(t, c.err != broken, errors.Is(r.Err, cms.ErrNotSigned))
				}
				return nil
			})
			require.NoError(t, err)
			require.Equal(t, 100-good, failed)
			require.Len(t, d.made, good)
			require.True(t, c.calls(key.calls.Load()), "%d calls", key.calls.Load())
			c.want.Documents, c.want.Signed, c.want.Failed = 100, good, 100-good
			require.Equal(t, c.want, counts)
		})
	}
}

// TestBatchSharesValidationData: many documents ask for what one asks for, and for their stamps.
func TestBatchSharesValidationData(t *testing.T) {
	h := newHouse(t)
	original := testpdf.Contract(1, testpdf.Table).Bytes()
	sign := func(documents int) pades.BatchCounts {
		var d drawer
		jobs := repeated(documents, func(i int) pades.BatchJob {
			job := d.job(fmt.Sprint(i), original)
			job.Open = func() (*pades.Document, error) {
				return pades.NewDocument(bytes.NewReader(original), int64(len(original)), &pades.OpenOptions{Now: h.PKI.Now})
			}
			return job
		})
		b := &pades.Batch{Signer: h.signer, Options: h.options(pades.BLTA), Workers: 4}
		counts, err := b.Sign(t.Context(), jobs, func(r pades.BatchResult) error { return r.Err })
		require.NoError(t, err)
		for _, data := range d.made {
			h.passes(t, data, h.PKI.Now(), pades.BLTA)
		}
		return counts
	}
	one, many := sign(1), sign(12)
	require.EqualValues(t, 2, one.Stamps)
	require.EqualValues(t, 24, many.Stamps)
	require.Greater(t, one.Requests, one.Stamps, "evidence was asked for")
	require.Equal(t, one.Requests-one.Stamps, many.Requests-many.Stamps, "and not again")
	require.Zero(t, many.UncertainStamps)

	var d drawer
	h.Break(testpki.TSAService, testpki.CutOff)
	b := &pades.Batch{Signer: h.signer, Options: h.options(pades.BT), Workers: 2}
	counts, err := b.Sign(t.Context(), repeated(3, func(i int) pades.BatchJob { return d.job(fmt.Sprint(i), original) }), nil)
	require.NoError(t, err)
	require.Equal(t, pades.BatchCounts{Documents: 3, Failed: 3, Signatures: 3, UncertainStamps: 3, Requests: 3}, counts)
	require.Empty(t, d.made)
}

// TestBatchOfFiles: by name, and in place.
func TestBatchOfFiles(t *testing.T) {
	dir := t.TempDir()
	s := signer(t, nil)
	original := testpdf.Contract(1, testpdf.Stream).Bytes()
	in := func(i int) string { return filepath.Join(dir, fmt.Sprintf("in-%d.pdf", i)) }
	out := func(i int) string { return filepath.Join(dir, fmt.Sprintf("out-%d.pdf", i)) }
	for i := range 20 {
		write(t, in(i), original)
	}
	jobs := repeated(20, func(i int) pades.BatchJob {
		return pades.BatchJob{Name: in(i), Write: func(d *pades.Document) error {
			if i%2 == 0 {
				return d.AppendFile(in(i))
			}
			return d.WriteFile(out(i))
		}}
	})
	b := &pades.Batch{Signer: s, OpenOptions: fixed, Workers: 3}
	counts, err := b.Sign(t.Context(), jobs, func(r pades.BatchResult) error { return r.Err })
	require.NoError(t, err)
	require.EqualValues(t, 20, counts.Signed)
	alone := document(t, original)
	require.NoError(t, alone.Sign(t.Context(), s, nil))
	for i := range 20 {
		name := in(i)
		if i%2 == 1 {
			name = out(i)
		}
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		require.True(t, bytes.Equal(content(t, alone), data))
	}
}

// TestBatchMemory: what stays in memory does not grow from 10 to 10,000 documents.
func TestBatchMemory(t *testing.T) {
	documents := 10_000
	if testing.Short() {
		documents = 2000
	}
	s := signer(t, &testpki.Request{KeyType: testpki.Ed25519})
	name := filepath.Join(t.TempDir(), "in.pdf")
	write(t, name, testpdf.Contract(1, testpdf.Table).Bytes())
	live := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	var early, late uint64
	jobs := repeated(documents, func(int) pades.BatchJob {
		return pades.BatchJob{Name: name, Write: func(d *pades.Document) error {
			_, err := d.WriteTo(io.Discard)
			return err
		}}
	})
	b := &pades.Batch{Signer: s, Workers: 4, Progress: func(c pades.BatchCounts) {
		switch c.Documents {
		case 10:
			early = live()
		case int64(documents):
			late = live()
		}
	}}
	start := time.Now()
	counts, err := b.Sign(t.Context(), jobs, func(r pades.BatchResult) error { return r.Err })
	require.NoError(t, err)
	require.EqualValues(t, documents, counts.Signed)
	t.Logf("%d documents in %v; %d bytes live after 10, %d at the end", documents, time.Since(start), early, late)
	require.Less(t, late, early+512<<10)
}
