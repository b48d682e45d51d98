package contract

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/pades"
	"github.com/inkan-go/inkan/tsa"
)

// SignRequest says who signs, and how.
type SignRequest struct {
	Participant string // ID
	// Signer is the participant's own key and certificate. It is nil for Witness: then
	// the platform's is used.
	Signer *pades.Signer
	// Level is B-B or B-T; archiving comes with the conclusion.
	Level pades.Level
	// Appearance draws the signature where Prepare made a place for it; nil shows nothing.
	Appearance pades.Appearance
	// Reason and Location are shown by readers. The name that they show is the
	// participant's, whoever's certificate signs.
	Reason, Location string
	// Disclose is the participant's word that a certificate may be embedded which tells
	// more of a person than the name of its subject; see PersonOf.
	Disclose bool
	// Repeat is the caller's word that a key may be used again that may have been used
	// already: see ErrKeyUsed.
	Repeat bool
	// IP and UserAgent go into the event.
	IP, UserAgent string
}

// Sign has a participant sign every document of the contract, in the order of the
// documents. Documents that the participant signed already are left alone, as is a
// contract that the participant signed wholly. Before each use of a key the state that is saved says
// so.
//
// Errors are an *OrderError where others must sign first, and wrap ErrState, ErrConsent, ErrKeyUsed or
// what package pades returns.
func (p *Platform) Sign(ctx context.Context, c *Contract, s Store, q *SignRequest) error {
	if err := c.settle(ctx, s); err != nil {
		return err
	}
	if c.Record.HasSigned(q.Participant) {
		return nil
	}
	signer, err := p.maySign(c, q)
	if err != nil {
		return err
	}
	if c.keyUse != nil && !q.Repeat {
		return c.keyUse.refusal()
	}
	if c.waiting != nil && !q.Repeat {
		return fail(ErrState, "a signature of %q was begun and waits for its value; finish it, or sign with Repeat to give it up", c.waiting.Participant)
	}
	c.waiting = nil
	for i := range c.Record.Documents {
		n := i + 1
		if c.Record.signed(n, q.Participant) {
			continue
		}
		next, err := p.signDocument(ctx, c, n, s, q, signer)
		if err != nil {
			return err
		}
		if err := c.commit(ctx, next, s); err != nil {
			return err
		}
	}
	return nil
}

// maySign checks everything that does not need the document, and returns whose key it is.
func (p *Platform) maySign(c *Contract, q *SignRequest) (*pades.Signer, error) {
	r := &c.Record
	who := r.Participant(q.Participant)
	if who == nil {
		return nil, fail(ErrOptions, "the contract has no participant %q", q.Participant)
	}
	if phase := c.Phase(); phase != Signing {
		return nil, fail(ErrState, "the contract is %s; participants sign after the documents were prepared and before it is concluded", phase)
	}
	if before := r.before(who); len(before) > 0 {
		return nil, &OrderError{Participant: who.Name, Before: before}
	}
	if q.Level > pades.BT {
		return nil, fail(ErrOptions, "participants sign at B-B or B-T; %s comes with the conclusion", q.Level)
	}
	if who.Method == Witness {
		if q.Signer != nil {
			return nil, fail(ErrOptions, "%q signs with the platform's key, not with one of their own", who.Name)
		}
		if !slices.ContainsFunc(who.Auth, Authentication.Succeeded) {
			return nil, fail(ErrState, "%q was not identified, which must come before the platform signs for them (note an authenticated event)", who.Name)
		}
		if p.Signer == nil {
			return nil, fail(ErrOptions, "the platform has no key (Platform.Signer)")
		}
		return p.Signer, nil
	}
	if q.Signer == nil || len(q.Signer.Chain) == 0 {
		return nil, fail(ErrOptions, "%q signs with a key and certificate of their own (SignRequest.Signer)", who.Name)
	}
	if tells := PersonOf(q.Signer.Chain[0]).Discloses(); len(tells) > 0 && !q.Disclose {
		return nil, fail(ErrConsent, "the certificate of %q tells everybody who gets the document their %s; sign with Disclose once they agreed to that",
			who.Name, list(tells))
	}
	return q.Signer, nil
}

// signed tells whether a participant signed a document.
func (r *Record) signed(n int, participant string) bool {
	return slices.ContainsFunc(r.Signatures, func(s Signature) bool { return s.Document == n && s.Participant == participant })
}

// signedAny tells whether a participant signed a document at least.
func (r *Record) signedAny(participant string) bool {
	return participant != "" && slices.ContainsFunc(r.Signatures, func(s Signature) bool { return s.Participant == participant })
}

// signDocument returns what the contract is with the signature. The document is closed by then, for it
// is written anew when that is committed.
func (p *Platform) signDocument(ctx context.Context, c *Contract, n int, s Store, q *SignRequest, signer *pades.Signer) (*Contract, error) {
	d, err := p.open(ctx, c, n, s)
	if err != nil {
		return nil, err
	}
	defer d.Close() //nolint:errcheck // it was only read
	o, stamps, err := p.signOptions(c, d.doc, q)
	if err != nil {
		return nil, err
	}
	use := &keyUse{Participant: q.Participant, Document: n, Purpose: fmt.Sprintf("the signature of %q in document %d", q.Participant, n)}
	if err := d.doc.Sign(ctx, guarded(signer, p.useKey(c, s, use)), o); err != nil {
		return nil, errors.Join(err, p.keyUnused(ctx, c, s, err))
	}
	next := c.clone()
	return next, next.noteSignature(p, d, q, signer, stamps)
}

func (p *Platform) signOptions(c *Contract, doc *pades.Document, q *SignRequest) (*pades.SignOptions, *recorder, error) {
	who := c.Record.Participant(q.Participant)
	o := &pades.SignOptions{
		Level: q.Level, Name: who.Name, Reason: q.Reason, Location: q.Location, Appearance: q.Appearance, Time: p.now().In(japan),
	}
	var stamps *recorder
	if q.Level >= pades.BT {
		var err error
		if stamps, err = p.stamper(); err != nil {
			return nil, nil, err
		}
		o.TSA = stamps
	}
	fields, err := doc.Fields()
	if err != nil {
		return nil, nil, err
	}
	o.NewField = who.Field() // in a document that came with signatures
	for _, f := range fields {
		if f.Name != who.Field() {
			continue
		}
		if v := f.SeedValues; who.Method == Witness && v != nil && v.MDP != nil && *v.MDP != 0 {
			return nil, nil, fail(ErrDocument, "the field %q demands that the signature certify the document (/SV /MDP), which the platform does for nobody", f.Name)
		}
		o.Field, o.NewField = f.Name, ""
		if len(f.Widgets) == 0 || f.Widgets[0].Rect == (pades.Rect{}) {
			o.Appearance = nil // it has no place
		}
	}
	if o.NewField != "" {
		o.Appearance = nil
	}
	return o, stamps, nil
}

// useKey returns what writes into the saved state that a key is about to be used.
func (p *Platform) useKey(c *Contract, s Store, use *keyUse) func(context.Context) error {
	return func(ctx context.Context) error {
		use.At = p.now()
		before := c.keyUse
		c.keyUse = use
		if err := c.save(ctx, s); err != nil {
			c.keyUse = before
			return err
		}
		return nil
	}
}

// keyUnused takes back what useKey wrote where the error says that the key made nothing.
func (p *Platform) keyUnused(ctx context.Context, c *Contract, s Store, err error) error {
	if !errors.Is(err, cms.ErrNotSigned) {
		return nil
	}
	c.keyUse = nil
	return c.save(ctx, s)
}

// noteSignature writes a signature that was made into the record.
func (c *Contract) noteSignature(p *Platform, d *opened, q *SignRequest, signer *pades.Signer, stamps *recorder) error {
	r := &c.Record
	c.keyUse = nil
	if err := c.grow(d, Revision{Cause: CauseSigned, Participant: q.Participant}, q.Level.String(), stamps); err != nil {
		return err
	}
	who := r.Participant(q.Participant)
	if !r.signed(d.number, q.Participant) {
		return fail(ErrDocument, "document %d has no signature of %q after signing", d.number, q.Participant)
	}
	leaf := signer.Chain[0]
	who.Certificate = leaf.Fingerprint()
	who.Subject = relativeNames(leaf.Subject)
	who.Discloses = PersonOf(leaf).Discloses()
	for i := range r.Documents {
		if !r.signed(i+1, q.Participant) {
			return nil
		}
	}
	return r.append(Event{
		Time: p.now(), TimeSource: ServerTime, Actor: q.Participant, Type: Signed,
		IP: q.IP, UserAgent: q.UserAgent, Documents: r.states(),
	})
}

// timestampLevel stands for the level of a time stamp of a document, which is of none.
const timestampLevel = "TIMESTAMP"

// noteSigned notes a signature that was added to a document.
func (c *Contract) noteSigned(n int, s *pades.Signature, participant, level string, stamps *recorder) {
	r := &c.Record
	value, token := valueOf(s.Contents)
	entry := Signature{
		Document: n, Field: s.Field, Participant: participant, Revision: len(r.Documents[n-1].Revisions),
		ByteRange: s.ByteRange, Value: value, Level: level, Stamp: stamps.newest(),
	}
	if token != nil {
		entry.Participant, entry.Level, entry.Stamp = "", timestampLevel, stampOf(token, stamps.list())
	}
	r.Signatures = append(r.Signatures, entry)
}

// relativeNames are the parts of a name as a certificate's holder reads them, such as
// "CN=山田太郎", the last one in the certificate first.
func relativeNames(n certificate.Name) []string {
	var out []string
	for i := len(n) - 1; i >= 0; i-- {
		out = append(out, certificate.Name{n[i]}.String())
	}
	return out
}

// recorder is the platform's time-stamping authority: it refuses what is not accredited,
// and remembers the stamps that were made.
type recorder struct {
	tsa.Timestamper
	bundle *Bundle
	stamps []*Stamp
}

// stamper is the time-stamping authority as the platform wants it.
func (p *Platform) stamper() (*recorder, error) {
	if p.TSA == nil {
		return nil, fail(ErrOptions, "no time-stamping authority is given (Platform.TSA)")
	}
	t := p.TSA
	if p.Accredited != nil {
		t = Accredited(t, p.Accredited)
	}
	return &recorder{Timestamper: t, bundle: p.Accredited}, nil
}

// Timestamp implements tsa.Timestamper.
func (r *recorder) Timestamp(ctx context.Context, q *tsa.Request) (*tsa.Response, error) {
	response, err := r.Timestamper.Timestamp(ctx, q)
	if err == nil {
		r.stamps = append(r.stamps, stampOf(response.Token, r.bundle))
	}
	return response, err
}

// list is the list of accredited services.
func (r *recorder) list() *Bundle {
	if r == nil {
		return nil
	}
	return r.bundle
}

// newest is the last stamp that was made, nil where there is none.
func (r *recorder) newest() *Stamp {
	if r == nil || len(r.stamps) == 0 {
		return nil
	}
	return r.stamps[len(r.stamps)-1]
}

// stampOf is what the record says of a token.
func stampOf(t *tsa.Token, b *Bundle) *Stamp {
	s := &Stamp{Time: At(t.Time), Policy: t.Policy.String(), Serial: t.SerialNumber.Text(16)}
	if cert, err := t.Certificate(); err == nil {
		s.TSA = cert.Fingerprint()
		s.Accredited = b.At(cert, t.Time)
	}
	return s
}
