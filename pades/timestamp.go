package pades

import (
	"cmp"
	"context"
	"crypto"

	"github.com/inkan-go/inkan/internal/changes"
	"github.com/inkan-go/inkan/tsa"
)

// TimestampOptions say how to stamp a document.
type TimestampOptions struct {
	// TSA makes the time stamp.
	TSA tsa.Timestamper
	// StampHash is the hash function; 0 means SHA-256.
	StampHash crypto.Hash
	// NewField is the name of the field to be made; if it is empty, the first free of
	// Timestamp1, Timestamp2 and so on is chosen.
	NewField string
	// Page is the page, from 1, that carries the new field; 0 is the first page,
	// AllPages, with an Appearance, every page.
	Page int
	// Appearance draws what people see of the time stamp, as that of SignOptions; nil
	// makes it invisible.
	Appearance Appearance
	Rect       Rect
	Also       []Placement
	// ContentsSize is the room, in bytes, for the time-stamp token. 0 means 16 KiB, or
	// more where a larger token was seen with this Document.
	ContentsSize int
	// IgnorePermissions stamps a document that is encrypted with access permissions
	// that forbid it (ISO 32000-2, table 22).
	IgnorePermissions bool
	// IgnoreSignatures stamps visibly although an earlier signature permits no changes, or
	// locks the field.
	IgnoreSignatures bool
	// Warn, if not nil, is called with each doubt that does not stop the work, such as
	// a server that did not answer where another one did.
	Warn func(warning string)

	history *changes.History // see keepsIntact
}

// Timestamp adds a document time stamp (ISO 32000-2, 12.8.5): a proof, by the
// authority alone, that the document existed as it is. No signature forbids it, be it
// a certification (12.8.2.2), unless it shows something. On an error the document is as it was.
func (d *Document) Timestamp(ctx context.Context, o *TimestampOptions) error {
	if o == nil || o.TSA == nil {
		return failf(ErrOptions, "a document time stamp needs a time-stamping authority: set TSA")
	}
	if o.StampHash != 0 && !stampable(o.StampHash) {
		return failf(ErrOptions, "StampHash %v is not one of SHA-256, SHA-384 and SHA-512", o.StampHash)
	}
	if err := o.visibility().check(); err != nil {
		return err
	}
	if o.ContentsSize < 0 || o.ContentsSize > maxContentsSize {
		return failf(ErrOptions, "ContentsSize %d is not between 0 and %d", o.ContentsSize, maxContentsSize)
	}
	_, err := d.addTimestamp(ctx, o)
	return err
}

// addTimestamp stamps the document as it is.
func (d *Document) addTimestamp(ctx context.Context, o *TimestampOptions) (*stamp, error) {
	u, err := d.begin()
	if err != nil {
		return nil, err
	}
	if err := accessible(u.view.File(), false, o.IgnorePermissions); err != nil {
		return nil, err
	}
	var to target
	if err := u.claim(&to, o.NewField, "Timestamp"); err != nil {
		return nil, err
	}
	if o.Appearance != nil && !o.IgnoreSignatures {
		if err := cmp.Or(permitted(u.form), unlocked(u.form, to.name)); err != nil {
			return nil, err
		}
	}
	if to.widgets, err = u.placeNew(o.visibility()); err != nil {
		return nil, err
	}
	p := &Prepared{start: d.Size(), hash: o.StampHash}
	if p.hash == 0 {
		p.hash = crypto.SHA256
	}
	size := o.ContentsSize
	if size == 0 {
		size = d.roomForToken()
	}
	body, room := timestampDictionary(size)
	u.start(d)
	if o.Appearance != nil {
		r := AppearanceRequest{Time: d.now(), Timestamp: true}
		if err := u.draw(ctx, o.Appearance, r, to.widgets); err != nil {
			return nil, err
		}
	}
	if err := u.declare(); err != nil {
		return nil, err
	}
	if err := d.build(p, u, to, body, room); err != nil {
		return nil, err
	}
	if err := d.keepsIntact(o.history, p.update); err != nil {
		return nil, err
	}
	if p.digest, err = d.documentDigest(ctx, p, p.hash); err != nil {
		return nil, err
	}
	made, err := d.stamp(ctx, o.TSA, p.hash, p.digest, o.Warn)
	if err != nil {
		return nil, err
	}
	return made, d.embed(p, made.token.Raw)
}
