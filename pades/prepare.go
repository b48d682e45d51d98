package pades

import (
	"context"
	"crypto"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// Prepared is a signature that lacks only the signature value: what Prepare
// returns and Complete takes. It can be serialised, and completed by another
// process that has the same document.
//
// Its methods return copies. It is safe for concurrent use.
type Prepared struct {
	start      int64  // size of the document that it continues
	update     []byte // the incremental update, with zeros in the gap
	gap        gap
	field      string // its name; "" where that was not serialised
	hash       crypto.Hash
	digest     []byte // of the document under ByteRange
	algorithm  cms.Algorithm
	chain      []*certificate.Certificate
	attributes []cms.Attribute // besides those that every signature has
	signed     []byte          // DER of the signed attributes; nil without a certificate
}

// DocumentDigest returns the digest of the bytes under /ByteRange, and its algorithm.
func (p *Prepared) DocumentDigest() ([]byte, crypto.Hash) { return clone(p.digest), p.hash }

// ToBeSigned returns the message to be signed: the DER of the signed attributes
// as a SET OF (RFC 5652, 5.4). It is nil where Prepare was given no certificate:
// then only CompleteCMS can complete the signature.
func (p *Prepared) ToBeSigned() []byte { return clone(p.signed) }

// SignatureDigest returns what a key that cannot hash has to sign: the digest
// of ToBeSigned, or, since Ed25519 takes no digest, ToBeSigned itself. It is nil
// where ToBeSigned is.
func (p *Prepared) SignatureDigest() []byte {
	if p.signed == nil {
		return nil
	}
	digest, err := p.algorithm.SigningDigest(p.signed)
	if err != nil {
		return nil
	}
	return clone(digest)
}

// Algorithm returns the algorithm that the signature must be made with.
func (p *Prepared) Algorithm() cms.Algorithm { return p.algorithm }

// Room returns how many bytes the CMS object may have.
func (p *Prepared) Room() int { return (p.gap.end - p.gap.start - len("<>")) / 2 }

func clone(b []byte) []byte {
	if b == nil {
		return nil
	}
	return append([]byte{}, b...)
}

// Prepare makes everything of a signature but its value, and leaves the
// document as it is. The signer needs no key. Without a chain, too, only
// DocumentDigest is of use, for an outside signer that returns a whole CMS
// object; the Hash of Signer.Algorithm, SHA-256 by default, is used for it.
func (d *Document) Prepare(ctx context.Context, s *Signer, o *SignOptions) (*Prepared, error) {
	if o == nil {
		o = &SignOptions{}
	}
	leaf, algorithm, err := s.certificateOf()
	if err != nil {
		return nil, err
	}
	if s.Key != nil && leaf != nil {
		if err := s.ready(leaf); err != nil {
			return nil, err
		}
	}
	p, err := d.prepare(ctx, s, algorithm, o, func(p *Prepared) error {
		if !o.ContentTimestamp || leaf == nil {
			return nil // nothing is bought yet
		}
		return d.foresee(ctx, leaf, s.Chain, p.field, o.services())
	})
	if err != nil || leaf == nil {
		return p, err
	}
	if p.signed, err = p.template().SignedAttributes(); err != nil {
		return nil, failf(ErrSigner, "%w", err)
	}
	return p, nil
}

// prepare makes the update and the digest of the document. The algorithm is the default
// for the signer's key where the signer names none. Before, which knows the field, is
// asked before anything is bought.
func (d *Document) prepare(ctx context.Context, s *Signer, a cms.Algorithm, o *SignOptions, before func(*Prepared) error) (*Prepared, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	attributes, err := o.attributes()
	if err != nil {
		return nil, err
	}
	if a.Hash == 0 {
		a.Hash = crypto.SHA256
	}
	p := &Prepared{start: d.Size(), chain: s.Chain, attributes: attributes}
	now := d.now()
	if err := d.layout(ctx, p, now, s, a, o); err != nil {
		return nil, err
	}
	if len(p.chain) > 0 {
		doubts(p.chain[0], now, o.Warn)
	}
	if err := before(p); err != nil {
		return nil, err
	}
	if p.digest, err = d.documentDigest(ctx, p, p.hash); err != nil {
		return nil, err
	}
	if o.ContentTimestamp {
		if err := d.stampContent(ctx, p, o.services()); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// layout writes the update: signature dictionary, field, widget, form.
func (d *Document) layout(ctx context.Context, p *Prepared, now time.Time, s *Signer, a cms.Algorithm, o *SignOptions) error {
	u, err := d.begin()
	if err != nil {
		return err
	}
	if err := accessible(u.view.File(), o.Field != "", o.IgnorePermissions); err != nil {
		return err
	}
	at := o.Time
	if at.IsZero() {
		at = now.UTC()
	}
	to, err := u.choose(o)
	if err != nil {
		return err
	}
	t, err := u.termsFor(&to, s, a, o)
	if err != nil {
		return err
	}
	p.algorithm, p.hash = t.algorithm, t.algorithm.Hash
	u.start(d)
	if o.Appearance != nil {
		if err := u.draw(ctx, o.Appearance, o.request(at, p.chain), to.widgets); err != nil {
			return err
		}
	}
	body, room := signatureDictionary(o, t, u.form.Catalog.Ref, at, d.contentsSize(o, p.chain))
	return d.build(p, u, to, body, room)
}

// begin reads what an update of the form builds on.
func (d *Document) begin() (*formUpdate, error) {
	form, err := d.form()
	if err != nil {
		return nil, err
	}
	if err := sound(d.parsed, form); err != nil {
		return nil, err
	}
	return &formUpdate{view: d.parsed.Latest(), form: form, flags: signaturesExist | appendOnly}, nil
}

// build writes the update that puts a signature dictionary into its field.
func (d *Document) build(p *Prepared, u *formUpdate, to target, body []byte, room room) error {
	if p.field = to.name; to.field != nil {
		p.field = to.field.Name
	}
	signature := u.update.New()
	u.update.PutRoom(signature, body, len(contentsEnd), 2*room.size)
	if err := u.place(to, signature); err != nil {
		return err
	}
	u.update.Room, d.room = d.room, nil
	tail, err := u.update.Build()
	if err != nil {
		return failf(ErrOptions, "%w", err)
	}
	p.update = tail.Bytes
	_, end := tail.Body(signature)
	p.gap = room.place(tail.Bytes, tail.Start, end)
	return nil
}

// request says what the appearance of a signature is to show.
func (o *SignOptions) request(at time.Time, chain []*certificate.Certificate) AppearanceRequest {
	r := AppearanceRequest{Time: at, Name: o.Name, Reason: o.Reason, Location: o.Location, ContactInfo: o.ContactInfo}
	if len(chain) > 0 {
		r.Certificate = chain[0]
	}
	return r
}

// target is where a signature goes: into an empty field, or into a new one of
// that name. A new one has at least one widget; those of an existing one are here
// where they get an appearance.
type target struct {
	field   *sigdict.Field
	widgets []widget

	name, tooltip string // of a new field
	lock          *Lock
	seeds         *SeedValues
	tree          *fieldTree
	structure     *structure // nil where widgets get no elements

	certifies   bool
	attestation string
}

// choose finds the field that the options name, or the place for a new one, unless an
// earlier signature forbids it.
func (u *formUpdate) choose(o *SignOptions) (to target, err error) {
	if o.Field != "" {
		if to.field, err = emptyField(u.view, u.form, o.Field); err != nil {
			return to, err
		}
		to.name = to.field.Name
	} else {
		if err := u.claim(&to, o.NewField, "Signature"); err != nil {
			return to, err
		}
		to.tooltip = o.Tooltip
		if _, signed := firstSigned(u.form); signed && to.tree.grows && o.Warn != nil {
			o.Warn("the field is in a new group, which other validators take for a change that earlier signatures forbid: make groups before the first signature")
		}
	}
	if !o.IgnoreSignatures {
		if err := permitted(u.form); err != nil {
			return to, err
		}
		if err := unlocked(u.form, to.name); err != nil {
			return to, err
		}
	}
	switch {
	case to.field == nil:
		to.widgets, err = u.placeNew(o.visibility())
	case o.Appearance != nil:
		err = u.placeExisting(&to)
	}
	return to, err
}

// place puts the signature into its field.
func (u *formUpdate) place(to target, signature pdf.Reference) error {
	if to.certifies {
		if err := u.certify(signature, to.attestation); err != nil {
			return err
		}
	}
	if to.field != nil {
		return u.fill(to, signature)
	}
	a := u.additions(to.tree, to.structure)
	a.add(&to, signature)
	return a.finish()
}

// documentDigest hashes what ByteRange covers: the document as it is, and the
// update around the gap. The document itself is hashed once, however many
// signatures are added.
func (d *Document) documentDigest(ctx context.Context, p *Prepared, h crypto.Hash) ([]byte, error) {
	prefix, err := d.prefix(ctx, h)
	if err != nil {
		return nil, err
	}
	state, err := prefix.Clone()
	if err != nil {
		return nil, err
	}
	if _, err := state.Write(p.update[:p.gap.start]); err != nil {
		return nil, err
	}
	if _, err := state.Write(p.update[p.gap.end:]); err != nil {
		return nil, err
	}
	return state.Sum(), nil
}

// template is the CMS object of the signature.
func (p *Prepared) template() *cms.Template {
	return &cms.Template{
		Algorithm:     p.algorithm,
		ContentType:   cms.OIDData,
		ContentDigest: p.digest,
		Certificate:   p.chain[0],
		Chain:         p.chain[1:],
		Attributes:    p.attributes,
	}
}
