package contract

import (
	"context"
	"fmt"
	"slices"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/pades"
)

// waiting are signatures that lack only their values, which somebody else makes and which may
// take days.
type waiting struct {
	Participant string   `json:"participant"`
	Documents   []int    `json:"n"`
	Prepared    [][]byte `json:"prepared"` // pades.Prepared
}

// Begin makes everything of a participant's signatures but their values: for keys that take
// days. What it returns, one for each document that the participant has not signed, stands in
// the state as well: asked again, it returns the same. Nobody else signs until Finish
// was called, or Sign with Repeat. The signer needs a certificate and no key.
func (p *Platform) Begin(ctx context.Context, c *Contract, s Store, q *SignRequest) ([]*pades.Prepared, error) {
	if err := c.settle(ctx, s); err != nil {
		return nil, err
	}
	if c.waiting != nil && c.waiting.Participant == q.Participant {
		return c.waiting.prepared()
	}
	signer, err := p.maySign(c, q)
	if err != nil {
		return nil, err
	}
	next := c.clone()
	next.waiting = &waiting{Participant: q.Participant}
	var out []*pades.Prepared
	for i := range c.Record.Documents {
		if c.Record.signed(i+1, q.Participant) {
			continue
		}
		prepared, err := p.begin(ctx, next, i+1, s, q, signer)
		if err != nil {
			return nil, err
		}
		out = append(out, prepared)
	}
	return out, c.commit(ctx, next, s)
}

func (p *Platform) begin(ctx context.Context, c *Contract, n int, s Store, q *SignRequest, signer *pades.Signer) (*pades.Prepared, error) {
	d, err := p.open(ctx, c, n, s)
	if err != nil {
		return nil, err
	}
	defer d.Close() //nolint:errcheck // it was only read
	o, _, err := p.signOptions(c, d.doc, q)
	if err != nil {
		return nil, err
	}
	prepared, err := d.doc.Prepare(ctx, signer, o)
	if err != nil {
		return nil, err
	}
	data, err := prepared.MarshalBinary()
	if err != nil {
		return nil, err
	}
	c.waiting.Documents = append(c.waiting.Documents, n)
	c.waiting.Prepared = append(c.waiting.Prepared, data)
	return prepared, nil
}

func (w *waiting) prepared() ([]*pades.Prepared, error) {
	out := make([]*pades.Prepared, len(w.Prepared))
	for i, data := range w.Prepared {
		out[i] = &pades.Prepared{}
		if err := out[i].UnmarshalBinary(data); err != nil {
			return nil, fmt.Errorf("contract: the state is damaged: %w", err)
		}
	}
	return out, nil
}

// Finish puts the values into the signatures that Begin prepared, in the same order. The request is
// that of Begin; level and services are taken from it and the platform, not from the state. A value that
// is no signature over its document is refused, and nothing is written for that document.
func (p *Platform) Finish(ctx context.Context, c *Contract, s Store, q *SignRequest, values [][]byte) error {
	if err := c.settle(ctx, s); err != nil {
		return err
	}
	if c.Record.HasSigned(q.Participant) {
		return nil
	}
	if c.waiting == nil || c.waiting.Participant != q.Participant {
		return fail(ErrState, "no signature of %q was begun", q.Participant)
	}
	if len(values) != len(c.waiting.Documents) {
		return fail(ErrOptions, "%d documents wait for a signature value; there are %d", len(c.waiting.Documents), len(values))
	}
	prepared, err := c.waiting.prepared()
	if err != nil {
		return err
	}
	signer, err := p.maySign(c, q)
	if err != nil {
		return err
	}
	documents := c.waiting.Documents
	for i, n := range documents {
		if c.Record.signed(n, q.Participant) { // before a crash
			continue
		}
		next, err := p.finish(ctx, c, n, s, q, signer, prepared[i], values[i])
		if err != nil {
			return err
		}
		if err := c.commit(ctx, next, s); err != nil {
			return err
		}
	}
	return nil
}

// finish returns what the contract is with the signature, as signDocument does.
func (p *Platform) finish(ctx context.Context, c *Contract, n int, s Store, q *SignRequest, signer *pades.Signer, prepared *pades.Prepared, value []byte) (*Contract, error) {
	d, err := p.open(ctx, c, n, s)
	if err != nil {
		return nil, err
	}
	defer d.Close() //nolint:errcheck // it was only read
	o, stamps, err := p.signOptions(c, d.doc, q)
	if err != nil {
		return nil, err
	}
	if err := d.doc.Complete(ctx, prepared, value, o); err != nil {
		return nil, err
	}
	if err := signedWith(d.doc, c.Record.Participant(q.Participant).Field(), signer.Chain[0]); err != nil {
		return nil, err
	}
	next := c.clone()
	if err := next.noteSignature(p, d, q, signer, stamps); err != nil {
		return nil, err
	}
	if next.Record.HasSigned(q.Participant) {
		next.waiting = nil
	}
	return next, nil
}

// signedWith demands that the signature in a field was made with a certificate: Begin may have been
// given another than Finish.
func signedWith(doc *pades.Document, field string, want *certificate.Certificate) error {
	all, err := doc.Signatures()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(s *pades.Signature) bool { return s.Field == field })
	if i < 0 {
		return fail(ErrDocument, "the field %q holds no signature after signing", field)
	}
	sd, _, err := cms.Parse(all[i].Contents)
	if err != nil || len(sd.SignerInfos) == 0 {
		return fail(ErrDocument, "the signature in the field %q cannot be read: %w", field, err)
	}
	if is, err := sd.SignerCertificate(sd.SignerInfos[0]); err != nil || is.Fingerprint() != want.Fingerprint() {
		return fail(ErrOptions, "the signature was begun with another certificate than the one of this request, %s", want.Subject)
	}
	return nil
}
