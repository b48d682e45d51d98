package pades

import (
	"bytes"
	"context"
	"crypto"
	"slices"
)

// archive adds a document time stamp over everything, and behind it what judging that one
// takes and the document does not hold: another authority than before may have made it.
// Data about it that cannot be had are no reason to give it up, for the next renewal
// brings them; a time stamp that leads to no anchor is.
func (d *Document) archive(ctx context.Context, s *services, h crypto.Hash) error {
	made, err := d.addTimestamp(ctx, s.stamping(h))
	if err != nil || s.stored[made.signer.Fingerprint()] {
		return err
	}
	v, err := d.newValidation(s, []*stamp{made})
	if err != nil {
		return err
	}
	own := slices.IndexFunc(v.list, func(e *existing) bool { return e.token != nil && bytes.Equal(e.token.Raw, made.token.Raw) })
	if own < 0 {
		return failf(ErrTimestamp, "the time stamp that was made is not found in the document")
	}
	e := v.list[own]
	if e.fault != nil {
		return failf(ErrTimestamp, "the time stamp that was made: %w", e.fault)
	}
	if _, err := v.documentTimestamp(ctx, e, proof{at: v.now}); err != nil {
		return err
	}
	for i := range v.gaps {
		if g := &v.gaps[i]; g.transient() && !s.decidedOn(g) {
			v.warn(g.String())
		}
	}
	v.gaps = slices.DeleteFunc(v.gaps, func(g Gap) bool { return g.transient() })
	if err := v.settle(func(*Gap) GapAction { return GapFails }); err != nil {
		return err
	}
	return d.addStoreFor(e, v)
}
