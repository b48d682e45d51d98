package pades

import (
	"context"
	"errors"

	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/pdf"
)

// Sign adds a signature to the document. The key is used once, after everything
// else was checked, and never called again, whatever it answers: errors that wrap
// cms.ErrNotSigned say that certainly no signature was made, others leave it open. What it
// returns is verified unless it is one of Go's own private keys. The call ends within 100 ms
// when ctx does, also while the key is at work. Evidence about the signer is gathered before
// the key is used; time stamps, and evidence about authorities that were not met before, come
// after it. To keep a signature whose evidence cannot be had at the moment, sign at B-T and
// call [Document.Extend] later. On an error the document is as it was.
func (d *Document) Sign(ctx context.Context, s *Signer, o *SignOptions) error {
	k, err := s.signingKey()
	if err != nil {
		return err
	}
	return d.sign(ctx, k, o, func(call func() ([]byte, error)) ([]byte, error) { return call() })
}

// sign is Sign. The key is called by useKey, which gets the one call.
func (d *Document) sign(ctx context.Context, k *signingKey, o *SignOptions, useKey func(call func() ([]byte, error)) ([]byte, error)) error {
	if o == nil {
		o = &SignOptions{}
	}
	services := o.services()
	p, err := d.prepare(ctx, k.Signer, k.algorithm, o, func(p *Prepared) error {
		return d.foresee(ctx, k.leaf, k.Chain, p.field, services)
	})
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	object, err := useKey(func() ([]byte, error) { return p.template().Sign(ctx, d.rand, k.Key) })
	switch {
	case errors.Is(err, cms.ErrSignature):
		return failf(ErrSignature, "%w", err)
	case err != nil:
		return failf(ErrSigner, "%w", err)
	}
	return d.finish(ctx, p, object, services)
}

// finish raises a signature that was just made to its level, and takes it into
// the document: wholly or not at all.
func (d *Document) finish(ctx context.Context, p *Prepared, object []byte, s *services) error {
	var stamps []*stamp
	if s.level >= BT {
		if p.Room()-len(object) < leastToken { // nothing is bought that has no place
			return &RoomError{Need: len(object) + d.roomForToken(), Room: p.Room()}
		}
		stamped, made, err := d.stampSignature(ctx, object, s.stampHash(p.hash), s)
		if err != nil {
			return err
		}
		object, stamps = stamped, append(stamps, made)
	}
	if s.level < BLT {
		return d.embed(p, object)
	}
	before := d.mark()
	err := d.embed(p, object)
	if err == nil {
		err = d.protect(ctx, p, stamps, s)
	}
	if err != nil {
		d.restore(before)
	}
	return err
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
