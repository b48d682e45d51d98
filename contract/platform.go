package contract

import (
	"context"
	"crypto/sha256"
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
func (p *Platform) verify(ctx context.Context, d *content) (*verify.Report, error) {
	report, err := verify.Reader(ctx, d.ReaderAt, d.size, &verify.Options{
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
	return c.save(ctx, s)
}

// commit makes next the state: saves it with what is to be appended, appends it, and
// saves it again without. c is next when the first saving is done, since what is in the
// state happened from then on.
func (c *Contract) commit(ctx context.Context, next *Contract, s Store) error {
	if err := next.save(ctx, s); err != nil {
		return err
	}
	*c = *next
	return c.settle(ctx, s)
}

func sum(data []byte) Digest { return sha256.Sum256(data) }
