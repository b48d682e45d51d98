package pades

import (
	"context"

	"github.com/inkan-go/inkan/internal/pdf"
)

// Sign adds a signature to the document. The key is used once, after everything
// else was checked; what it returns is verified unless it is one of Go's own
// private keys. On an error the document is as it was.
func (d *Document) Sign(ctx context.Context, s *Signer, o *SignOptions) error {
	if o == nil {
		o = &SignOptions{}
	}
	leaf, algorithm, err := s.certificateOf()
	if err != nil {
		return err
	}
	if err := s.ready(leaf); err != nil {
		return err
	}
	p, err := d.prepare(ctx, s.Chain, algorithm, o)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	object, err := p.template().Sign(ctx, d.rand, s.Key)
	if err != nil {
		return failf(ErrSigner, "%w", err)
	}
	return d.embed(p, object)
}

// embed writes the CMS object into the gap and takes the update into the
// document. It uses up p, whose update becomes part of the document.
func (d *Document) embed(p *Prepared, object []byte) error {
	if len(object) > p.Room() {
		return &RoomError{Need: len(object), Room: p.Room()}
	}
	value := p.update[p.gap.start+len("<"):]
	pdf.AppendHexDigits(value[:0], object)
	d.grow(p.update)
	return nil
}
