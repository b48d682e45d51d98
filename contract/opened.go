package contract

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/inkan-go/inkan/pades"
)

// content is a document as the store has it, which was read for its digest. A short one is
// held: what is judged and signed is then what was read, whatever becomes of the source.
type content struct {
	io.ReaderAt
	size    int64
	held    []byte    // all of it; nil where it is long
	source  Source    // to be closed; nil where it is held
	running hash.Hash // SHA-256 of all of it
}

// read reads a document. It takes the source over, also where it fails.
func read(source Source) (*content, error) {
	c := &content{ReaderAt: source, size: source.Size(), source: source, running: sha256.New()}
	if err := c.hold(); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	if c.held == nil {
		return c, nil
	}
	err := c.Close()
	c.ReaderAt, c.source = bytes.NewReader(c.held), nil
	return c, err
}

func (c *content) hold() error {
	if c.size < 0 {
		return fmt.Errorf("the store says that it has %d bytes", c.size)
	}
	if c.size > maxHeld {
		n, err := io.Copy(c.running, io.NewSectionReader(c.source, 0, c.size))
		if err == nil && n < c.size {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	held := make([]byte, c.size)
	if n, err := c.source.ReadAt(held, 0); n < len(held) {
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	c.running.Write(held)
	c.held = held
	return nil
}

// digest is that of what was read, and of what was written to running since.
func (c *content) digest() Digest { return Digest(c.running.Sum(nil)) }

// Close closes the source.
func (c *content) Close() error {
	if c.source == nil {
		return nil
	}
	return c.source.Close()
}

// opened is a document of a contract that a step works on.
type opened struct {
	*content
	number int
	doc    *pades.Document
}

// open opens document n, which must be what the record says.
func (p *Platform) open(ctx context.Context, c *Contract, n int, s Store) (*opened, error) {
	source, err := s.Open(ctx, n)
	if err != nil {
		return nil, err
	}
	last := c.Record.Documents[n-1].last()
	if source.Size() != last.Length {
		err := fail(ErrDocument, "document %d has %d bytes, the record knows it with %d; give the document as the last step left it",
			n, source.Size(), last.Length)
		return nil, errors.Join(err, source.Close())
	}
	content, err := read(source)
	if err != nil {
		return nil, fmt.Errorf("contract: reading document %d: %w", n, err)
	}
	doc, err := p.known(content, n, last.SHA256)
	if err != nil {
		return nil, errors.Join(err, content.Close())
	}
	return &opened{content, n, doc}, nil
}

// known opens what was read, which must have that digest.
func (p *Platform) known(c *content, n int, want Digest) (*pades.Document, error) {
	if digest := c.digest(); digest != want {
		return nil, fail(ErrDocument, "document %d was altered: its digest is %s, not %s", n, digest, want)
	}
	return pades.NewDocument(c.ReaderAt, c.size, p.options())
}

// tail is what was added to the document.
func (o *opened) tail() ([]byte, error) { return tailOf(o.doc, o.size) }

// grow notes a new revision of a document, what is to be appended for it, and the signatures
// in that.
func (c *Contract) grow(o *opened, to Revision, level string, stamps *recorder) error {
	tail, err := o.tail()
	if err != nil {
		return err
	}
	o.running.Write(tail)
	d := &c.Record.Documents[o.number-1]
	to.Number, to.Length, to.SHA256 = len(d.Revisions)+1, o.doc.Size(), o.digest()
	d.Revisions = append(d.Revisions, to)
	c.pending = append(c.pending, appendix{o.number, o.size, tail})
	if to.Cause == CausePrepared {
		d.Digests.Prepared = to.SHA256
		return nil
	}
	all, err := o.doc.Signatures()
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.Offset >= o.size {
			c.noteSigned(o.number, s, to.Participant, level, stamps)
		}
	}
	return nil
}

// tailOf is what was added to a document behind an offset.
func tailOf(doc *pades.Document, at int64) ([]byte, error) {
	tail := make([]byte, doc.Size()-at)
	if _, err := doc.ReadAt(tail, at); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return tail, nil
}
