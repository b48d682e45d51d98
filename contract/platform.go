package contract

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
	"github.com/inkan-go/inkan/verify"
)

// Platform is the service that runs contracts: its name, its key, and the services that
// it uses. Its fields are only read; it may run any number of contracts at once.
type Platform struct {
	// Name is the issuer of records.
	Name string
	// Signer is the platform's key: for participants who sign by Witness,
	// and for completion certificates.
	Signer *pades.Signer
	// TSA makes the time stamps, Revocation finds what archiving needs, and Trust holds
	// the anchors that paths lead to.
	TSA        tsa.Timestamper
	Revocation fetch.Source
	Trust      *certificate.Pool
	// Accredited, if not nil, lists the accredited time-stamping services: a stamp of
	// any other is refused.
	Accredited *Bundle
	// Evidence says which revocation data will do; nil is the default of package pades.
	Evidence *pades.EvidencePolicy
	// Password opens encrypted documents.
	Password string
	// Now is the clock and Rand the randomness; nil are time.Now and crypto/rand.Reader.
	Now  func() time.Time
	Rand io.Reader
}

// verify judges a document as it is, for whether its signatures are intact: that asks for no
// anchors and no revocation data, which Extend gathers and judges.
func (p *Platform) verify(ctx context.Context, s Source) (*verify.Report, error) {
	report, err := verify.Reader(ctx, s, s.Size(), &verify.Options{
		Password: p.Password, Now: p.Now, At: p.now().Time,
	})
	if report == nil || report.Error != "" {
		return nil, err
	}
	return report, nil // what did not pass stands in it
}

// options opens documents.
func (p *Platform) options() *pades.OpenOptions {
	return &pades.OpenOptions{Now: p.Now, Rand: p.Rand, Password: p.Password}
}

// open opens document n, which must be what the record says.
func (p *Platform) open(ctx context.Context, c *Contract, n int, s Store) (Source, *pades.Document, error) {
	source, err := s.Open(ctx, n)
	if err != nil {
		return nil, nil, err
	}
	doc, err := p.check(&c.Record.Documents[n-1], source)
	if err != nil {
		_ = source.Close() // it was only read
		return nil, nil, err
	}
	return source, doc, nil
}

func (p *Platform) check(d *Document, source Source) (*pades.Document, error) {
	last := d.last()
	if source.Size() != last.Length {
		return nil, fail(ErrDocument, "document %d has %d bytes, the record knows it with %d; give the document as the last step left it",
			d.Number, source.Size(), last.Length)
	}
	digest, err := digestPrefix(source, last.Length)
	if err != nil {
		return nil, fmt.Errorf("contract: reading document %d: %w", d.Number, err)
	}
	if digest != last.SHA256 {
		return nil, fail(ErrDocument, "document %d was altered: its digest is %s, not %s", d.Number, digest, last.SHA256)
	}
	return pades.NewDocument(source, source.Size(), p.options())
}

// settle appends what the state says is still to be appended, before anything else is done.
func (c *Contract) settle(ctx context.Context, s Store) error {
	if len(c.pending) == 0 {
		return nil
	}
	for _, a := range c.pending {
		if err := s.Append(ctx, a.Document, a.At, a.Tail); err != nil {
			return err
		}
	}
	c.pending = nil
	return s.Save(ctx, c)
}

// commit makes next the state: saves it with what is to be appended, appends it, and
// saves it again without. c is next when the first saving is done, since what is in the
// state happened from then on.
func (c *Contract) commit(ctx context.Context, next *Contract, s Store) error {
	if err := s.Save(ctx, next); err != nil {
		return err
	}
	*c = *next
	return c.settle(ctx, s)
}

// grow notes a new revision of a document and what is to be appended for it.
func (c *Contract) grow(n int, doc *pades.Document, cause Cause, participant string) error {
	d := &c.Record.Documents[n-1]
	at := d.last().Length
	tail, err := tailOf(doc, at)
	if err != nil {
		return err
	}
	digest, err := digestPrefix(doc, doc.Size())
	if err != nil {
		return err
	}
	d.Revisions = append(d.Revisions, Revision{
		Number: len(d.Revisions) + 1, Length: doc.Size(), SHA256: digest, Cause: cause, Participant: participant,
	})
	c.pending = append(c.pending, appendix{n, at, tail})
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

func sum(data []byte) Digest { return sha256.Sum256(data) }
