package contract

import (
	"context"
	"crypto/sha256"
	"io"
)

// Source is a document as it is: its bytes, which must not change while it is open.
type Source interface {
	io.ReaderAt
	io.Closer
	Size() int64
}

// Store is where the caller keeps a contract. A Platform opens documents, saves the
// state, and appends: it never changes a byte that is there. What a step is going to
// append stands in the state first, so that a crash loses nothing: the next step
// appends it again.
type Store interface {
	// Open opens document n, from 1.
	Open(ctx context.Context, n int) (Source, error)
	// Append makes document n its first at bytes followed by tail. It is called again
	// with the same after a crash: where part or all of tail is there already, the
	// outcome is the same. Where anything else follows those bytes it is an error, and
	// where more follows behind tail, nothing is done: no byte that is there is lost.
	Append(ctx context.Context, n int, at int64, tail []byte) error
	// Save keeps the state (Contract.MarshalJSON) and the disclosure, each wholly or not at all.
	// Where several processes may have read the same state it refuses, with an error that wraps
	// ErrState, one that does not follow the one it holds: see Contract.Saves.
	Save(ctx context.Context, c *Contract) error
}

// digestPrefix is the digest of the first bytes of a document.
func digestPrefix(r io.ReaderAt, length int64) (Digest, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(r, 0, length)); err != nil {
		return Digest{}, err
	}
	return Digest(h.Sum(nil)), nil
}
