package digest

import (
	"bytes"
	"context"
	"encoding"
	"errors"
	"fmt"
	"hash"
	"io"
)

// The most that one read asks for: large enough that the calls cost nothing,
// small enough to stay in the cache of one core. What is small is read in small
// pieces, since a large buffer would cost more than it saves.
const (
	bufferSize      = 256 << 10
	smallBufferSize = 16 << 10
	smallSize       = 1 << 20
)

// Running is the hash of the first Size bytes of something that only grows,
// such as a document that is signed again and again: every signature continues
// from the state that the one before left, so no byte is hashed twice.
//
// A Running is not safe for concurrent use.
type Running struct {
	kind Function
	h    hash.Hash
	n    int64
}

// NewRunning starts with nothing hashed. The hash must be linked into the program.
func NewRunning(kind Function) (*Running, error) {
	if kind == nil || !kind.Available() {
		return nil, fmt.Errorf("digest: hash %v is not available", kind)
	}
	return &Running{kind: kind, h: kind.New()}, nil
}

// Hash returns the hash function.
func (r *Running) Hash() Function { return r.kind }

// Size returns how many bytes have been hashed.
func (r *Running) Size() int64 { return r.n }

// Write hashes p; it never fails.
func (r *Running) Write(p []byte) (int, error) {
	n, err := r.h.Write(p)
	r.n += int64(n)
	return n, err
}

// Sum returns the digest of the bytes so far and leaves the state as it is.
func (r *Running) Sum() []byte { return r.h.Sum(nil) }

// ReadTo hashes the bytes of src from Size up to the offset end, once and in
// order. On an error the state stands at the last byte that was read.
func (r *Running) ReadTo(ctx context.Context, src io.ReaderAt, end int64) error {
	if end <= r.n {
		return nil
	}
	if b, ok := src.(*bytes.Reader); ok && b.Size() == end {
		return r.readMemory(ctx, b)
	}
	size := int64(bufferSize)
	if end-r.n <= smallSize {
		size = smallBufferSize
	}
	buf := make([]byte, min(end-r.n, size))
	for r.n < end {
		if err := ctx.Err(); err != nil {
			return err
		}
		b := buf[:min(end-r.n, int64(len(buf)))]
		n, err := src.ReadAt(b, r.n)
		if _, werr := r.Write(b[:n]); werr != nil {
			return werr
		}
		if n == len(b) {
			continue
		}
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return fmt.Errorf("digest: reading at offset %d: %w", r.n, err)
	}
	return nil
}

// readMemory hashes the rest of b where it lies, without copying it.
func (r *Running) readMemory(ctx context.Context, b *bytes.Reader) error {
	own := *b // the position of b belongs to others
	if _, err := own.Seek(r.n, io.SeekStart); err != nil {
		return fmt.Errorf("digest: %w", err)
	}
	_, err := own.WriteTo(interruptible{ctx, r})
	return err
}

// interruptible hashes what it is given in pieces, and looks at ctx between them.
type interruptible struct {
	ctx context.Context
	r   *Running
}

func (w interruptible) Write(p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		if err = w.ctx.Err(); err == nil {
			var k int
			k, err = w.r.Write(p[n:min(len(p), n+bufferSize)])
			n += k
		}
	}
	return n, err
}

// Clone returns an independent copy of the state. It fails with
// errors.ErrUnsupported where the hash can neither be cloned nor marshalled.
func (r *Running) Clone() (*Running, error) {
	if c, ok := r.h.(hash.Cloner); ok {
		h, err := c.Clone()
		if err == nil {
			return &Running{kind: r.kind, h: h, n: r.n}, nil
		}
		if !errors.Is(err, errors.ErrUnsupported) {
			return nil, fmt.Errorf("digest: %w", err)
		}
	}
	return r.cloneMarshalled()
}

func (r *Running) cloneMarshalled() (*Running, error) {
	m, ok := r.h.(encoding.BinaryMarshaler)
	if !ok {
		return nil, fmt.Errorf("digest: the state of %v cannot be kept: %w", r.kind, errors.ErrUnsupported)
	}
	state, err := m.MarshalBinary()
	if err != nil {
		return nil, fmt.Errorf("digest: %w", err)
	}
	h := r.kind.New()
	u, ok := h.(encoding.BinaryUnmarshaler)
	if !ok {
		return nil, fmt.Errorf("digest: the state of %v cannot be kept: %w", r.kind, errors.ErrUnsupported)
	}
	if err := u.UnmarshalBinary(state); err != nil {
		return nil, fmt.Errorf("digest: %w", err)
	}
	return &Running{kind: r.kind, h: h, n: r.n}, nil
}
