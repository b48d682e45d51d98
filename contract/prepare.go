package contract

import (
	"context"
	"slices"

	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/pades/appearance"
)

// PrepareOptions say how documents are prepared. Nil means the defaults.
type PrepareOptions struct {
	// Places are where participants' signatures are shown, by their IDs; who has none
	// signs invisibly.
	Places map[string]Place
	// Forms are the consent forms to be attached to the first document, by the name that
	// the consent gives (ConsentDraft.FormName).
	Forms map[string][]byte
}

// Place is a place in a document.
type Place struct {
	Document int // from 1
	Page     int // from 1
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
	if c.Phase() != Drafted {
		return nil
	}
	if o == nil {
		o = &PrepareOptions{}
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
		if slices.ContainsFunc(there, func(f *pades.Field) bool { return f.Name == q.Field() }) {
			continue
		}
		f := &pades.NewField{Name: q.Field(), Tooltip: q.Name}
		if place, ok := o.Places[q.ID]; ok && place.Document == n {
			f.Page, f.Rect = place.Page, place.Rect
		}
		out = append(out, f)
	}
	return out, nil
}
