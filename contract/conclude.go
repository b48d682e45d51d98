package contract

import (
	"bytes"
	"context"
	"fmt"

	"github.com/inkan-go/inkan/pades"
)

// Conclude ends a contract that everybody signed: every document gets the evidence that
// its signatures need and an archive time stamp (B-LTA), after every signature was found
// intact. A contract that is concluded already is left alone.
func (p *Platform) Conclude(ctx context.Context, c *Contract, s Store) error {
	if err := c.settle(ctx, s); err != nil {
		return err
	}
	switch phase := c.Phase(); phase {
	case Archived:
		return nil
	case Complete:
		return p.archive(ctx, c, s, CauseConcluded, Concluded)
	default:
		return fail(ErrState, "the contract is %s; it is concluded when every participant has signed", phase)
	}
}

// Renew gives every document a new archive time stamp, so that it stays provable when
// the newest one would not be any more. What was recorded of earlier revisions still holds.
func (p *Platform) Renew(ctx context.Context, c *Contract, s Store) error {
	if err := c.settle(ctx, s); err != nil {
		return err
	}
	if phase := c.Phase(); phase != Archived {
		return fail(ErrState, "the contract is %s; it is renewed after it was concluded", phase)
	}
	return p.archive(ctx, c, s, CauseRenewed, Renewed)
}

// archive adds archive time stamps to all documents and the event to the record.
func (p *Platform) archive(ctx context.Context, c *Contract, s Store, cause Cause, event EventType) error {
	next := c.clone()
	for i := range next.Record.Documents {
		if err := p.archiveDocument(ctx, next, i+1, s, cause); err != nil {
			return err
		}
	}
	if err := p.archiveCertificate(ctx, next, s); err != nil {
		return err
	}
	if err := next.Record.append(Event{Time: p.now(), TimeSource: ServerTime, Type: event, Documents: next.Record.states()}); err != nil {
		return err
	}
	return c.commit(ctx, next, s)
}

func (p *Platform) archiveDocument(ctx context.Context, c *Contract, n int, s Store, cause Cause) error {
	d, err := p.open(ctx, c, n, s)
	if err != nil {
		return err
	}
	defer d.Close() //nolint:errcheck // it was only read
	report, err := p.intact(ctx, n, d.content)
	if err != nil {
		return err
	}
	stamps, err := p.stamper()
	if err != nil {
		return err
	}
	o := p.extension(stamps)
	o.Intact = report.Intact // all of them
	if err := d.doc.Extend(ctx, o); err != nil {
		return fmt.Errorf("document %d: %w", n, err)
	}
	return c.grow(d, Revision{Cause: cause}, "", stamps)
}

// archiveCertificate renews the completion certificate, if one was issued. The record does
// not change by that: the certificate holds what it was when it was issued.
func (p *Platform) archiveCertificate(ctx context.Context, c *Contract, s Store) error {
	if c.issued == nil {
		return nil
	}
	data, err := c.reissue(ctx, s)
	if err != nil {
		return err
	}
	doc, err := pades.NewDocument(bytes.NewReader(data), int64(len(data)), p.options())
	if err != nil {
		return err
	}
	stamps, err := p.stamper()
	if err != nil {
		return err
	}
	if err := doc.Extend(ctx, p.extension(stamps)); err != nil {
		return fmt.Errorf("the completion certificate: %w", err)
	}
	tail, err := tailOf(doc, int64(len(data)))
	if err != nil {
		return err
	}
	c.pending = append(c.pending, appendix{CompletionCertificate, int64(len(data)), tail})
	return nil
}

// extension raises everything in a document to B-LTA, or renews it.
func (p *Platform) extension(stamps *recorder) *pades.ExtendOptions {
	return &pades.ExtendOptions{Level: pades.BLTA, TSA: stamps, Revocation: p.Revocation, Trust: p.Trust, Evidence: p.Evidence}
}
