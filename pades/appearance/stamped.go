package appearance

import (
	"context"

	"github.com/inkan-go/inkan/pades"
)

// DrawPages draws one for each page of a stamp, with fonts that all of them share.
func (t *Text) DrawPages(ctx context.Context, requests []pades.AppearanceRequest) ([]*pades.AppearanceStream, error) {
	return renderPages(ctx, requests, t)
}

// DrawPages draws one for each page of a stamp, with fonts that all of them share.
func (i *Image) DrawPages(ctx context.Context, requests []pades.AppearanceRequest) ([]*pades.AppearanceStream, error) {
	return renderPages(ctx, requests, i)
}

// DrawPages draws one for each page of a stamp, with fonts that all of them share.
func (p *Page) DrawPages(ctx context.Context, requests []pades.AppearanceRequest) ([]*pades.AppearanceStream, error) {
	return renderPages(ctx, requests, p)
}

// DrawPages draws one for each page of a stamp, with fonts that all of them share.
func (q *QRCode) DrawPages(ctx context.Context, requests []pades.AppearanceRequest) ([]*pades.AppearanceStream, error) {
	return renderPages(ctx, requests, q)
}

// DrawPages draws one for each page of a stamp, with fonts that all of them share.
func (s *Seal) DrawPages(ctx context.Context, requests []pades.AppearanceRequest) ([]*pades.AppearanceStream, error) {
	return renderPages(ctx, requests, s)
}

// DrawPages draws one for each page of a stamp, with fonts that all of them share.
func (s *DateSeal) DrawPages(ctx context.Context, requests []pades.AppearanceRequest) ([]*pades.AppearanceStream, error) {
	return renderPages(ctx, requests, s)
}

// DrawPages draws one for each page of a stamp, with fonts that all of them share.
func (f *Frame) DrawPages(ctx context.Context, requests []pades.AppearanceRequest) ([]*pades.AppearanceStream, error) {
	return renderPages(ctx, requests, f)
}

// DrawPages draws one for each page of a stamp, with fonts that all of them share.
func (e *Row) DrawPages(ctx context.Context, requests []pades.AppearanceRequest) ([]*pades.AppearanceStream, error) {
	return renderPages(ctx, requests, e)
}

// DrawPages draws one for each page of a stamp, with fonts that all of them share.
func (e *Column) DrawPages(ctx context.Context, requests []pades.AppearanceRequest) ([]*pades.AppearanceStream, error) {
	return renderPages(ctx, requests, e)
}

// DrawPages draws one for each page of a stamp, with fonts that all of them share.
func (e Layers) DrawPages(ctx context.Context, requests []pades.AppearanceRequest) ([]*pades.AppearanceStream, error) {
	return renderPages(ctx, requests, e)
}
