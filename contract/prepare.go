package contract

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
)

// PrepareOptions say how documents are prepared. Nil means the defaults.
type PrepareOptions struct {
	// Places are where participants' signatures are shown, by their IDs: any number in any of the
	// documents. Who has none in a document signs it invisibly.
	Places map[string][]Place
	// Forms are the consent forms to be attached to the first document, by the name that
	// the consent gives (ConsentDraft.FormName).
	Forms map[string][]byte
}

// Place is a place in a document.
type Place struct {
	Document int // from 1
	Page     int // from 1, or pades.AllPages
	Rect     pades.Rect
}

// Size and place of the ID on the page, in points: lower left, inside the margin that
// printers leave.
const (
	idX, idY, idWidth, idHeight = 24, 12, 240, 9
	idSize                      = 7
)

// Prepare gets the documents ready for the first signature: the ID lower left on every
// page, the manifest and consent forms attached, and the signature fields in the order
// of signing, in one incremental update for each document. A document that came with
// signatures stays as it is. A document that is prepared already is left alone.
func (p *Platform) Prepare(ctx context.Context, c *Contract, s Store, o *PrepareOptions) error {
	if err := c.settle(ctx, s); err != nil {
		return err
	}
	if o == nil {
		o = &PrepareOptions{}
	}
	if err := c.Record.checkPlaces(o.Places); err != nil {
		return err
	}
	if c.Phase() != Drafted {
		return nil
	}
	next := c.clone()
	for i := range next.Record.Documents {
		d := &next.Record.Documents[i]
		if d.Foreign || !d.Digests.Prepared.IsZero() {
			continue
		}
		if err := p.prepare(ctx, next, d, s, o); err != nil {
			return err
		}
	}
	return c.commit(ctx, next, s)
}

// checkPlaces refuses places that nobody would ever be shown in.
func (r *Record) checkPlaces(places map[string][]Place) error {
	for _, id := range slices.Sorted(maps.Keys(places)) {
		for _, place := range places[id] {
			n := place.Document
			switch {
			case r.Participant(id) == nil:
				return fail(ErrOptions, "a place is for %q, who is no participant of the contract", id)
			case n < 1 || n > len(r.Documents):
				return fail(ErrOptions, "a place for %q is in document %d; the contract has %d", id, n, len(r.Documents))
			case place.Rect == pades.Rect{}:
				return fail(ErrOptions, "a place for %q in document %d has no size", id, n)
			case r.Documents[n-1].Foreign:
				return fail(ErrOptions, "a place for %q is in document %d, which came with signatures and stays as it is", id, n)
			}
		}
	}
	return nil
}

func (p *Platform) prepare(ctx context.Context, c *Contract, d *Document, s Store, o *PrepareOptions) error {
	from, err := p.open(ctx, c, d.Number, s)
	if err != nil {
		return err
	}
	defer from.Close() //nolint:errcheck // it was only read
	amendment, err := c.amendment(d, o)
	if err != nil {
		return err
	}
	if err := from.doc.Amend(ctx, amendment); err != nil {
		return err
	}
	fields, err := c.fields(from.doc, d.Number, o)
	if err != nil {
		return err
	}
	if len(fields) > 0 {
		if err := from.doc.AddFields(fields, nil); err != nil {
			return err
		}
	}
	return c.grow(from, Revision{Cause: CausePrepared}, "", nil)
}

// amendment is the ID on every page, the manifest, and the consent forms.
func (c *Contract) amendment(d *Document, o *PrepareOptions) (*pades.Amendment, error) {
	manifest, err := canonical(c.Record.Manifest(d.Number))
	if err != nil {
		return nil, err
	}
	latin, err := appearance.Latin()
	if err != nil {
		return nil, err
	}
	a := &pades.Amendment{
		Stamps: []pades.Stamp{{
			Appearance: &appearance.Text{Text: d.ID.String(), Fonts: []*appearance.Font{latin}, Size: idSize},
			Rect:       pades.Rect{X: idX, Y: idY, Width: idWidth, Height: idHeight},
		}},
		Attachments: []pades.Attachment{{
			Name: ManifestName, Data: manifest, MIMEType: "application/json",
			Description: "Contract " + c.Record.ID.String(), Relationship: pades.RelationData,
		}},
	}
	if d.Number > 1 {
		return a, nil
	}
	for _, v := range c.Record.Consents {
		if v.Attached == "" {
			continue
		}
		form, ok := o.Forms[v.Attached]
		if !ok || sum(form) != v.Form {
			return nil, fail(ErrOptions, "the form %q of consent %d is not among PrepareOptions.Forms, or is another", v.Attached, v.Number)
		}
		a.Attachments = append(a.Attachments, pades.Attachment{
			Name: v.Attached, Data: form, MIMEType: "application/pdf", Relationship: pades.RelationSupplement,
		})
	}
	return a, nil
}

// fields are those of the participants, in the order of signing, but the ones that the
// document has: what they demand is heeded.
func (c *Contract) fields(doc *pades.Document, n int, o *PrepareOptions) ([]*pades.NewField, error) {
	there, err := doc.Fields()
	if err != nil {
		return nil, err
	}
	var out []*pades.NewField
	for _, q := range c.Record.ordered() {
		f := &pades.NewField{Name: q.Field(), Tooltip: q.Name}
		for _, place := range o.Places[q.ID] {
			switch {
			case place.Document != n:
			case f.Rect == pades.Rect{}:
				f.Page, f.Rect = place.Page, place.Rect
			default:
				f.Also = append(f.Also, pades.Placement{Page: place.Page, Rect: place.Rect})
			}
		}
		if !slices.ContainsFunc(there, func(t *pades.Field) bool { return t.Name == f.Name }) {
			out = append(out, f)
			continue
		}
		if f.Rect != (pades.Rect{}) {
			return nil, fail(ErrOptions, "document %d has the field %q already, in a place of its own; leave out the one for %q", n, f.Name, q.ID)
		}
	}
	return out, nil
}

// Places returns where the signature of a participant is shown: in the fields that Prepare made, or that
// the documents came with. None means that they sign invisibly, and that SignRequest.Appearance is
// not drawn.
func (p *Platform) Places(ctx context.Context, c *Contract, s Store, participant string) ([]Place, error) {
	if err := c.settle(ctx, s); err != nil {
		return nil, err
	}
	who := c.Record.Participant(participant)
	if who == nil {
		return nil, fail(ErrOptions, "the contract has no participant %q", participant)
	}
	var out []Place
	for n := 1; n <= len(c.Record.Documents); n++ {
		d, err := p.open(ctx, c, n, s)
		if err != nil {
			return nil, err
		}
		fields, err := d.doc.Fields()
		if err := errors.Join(err, d.Close()); err != nil {
			return nil, err
		}
		for _, f := range fields {
			if f.Name != who.Field() {
				continue
			}
			for _, w := range f.Widgets {
				if w.Page > 0 && w.Rect != (pades.Rect{}) {
					out = append(out, Place{Document: n, Page: w.Page, Rect: w.Rect})
				}
			}
		}
	}
	return out, nil
}
