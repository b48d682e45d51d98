package pades

import "context"

func (d *Document) protect(context.Context, *Prepared, []*stamp, *services) error {
	return failf(ErrOptions, "not yet")
}
