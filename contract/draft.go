package contract

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/verify"
)

// Draft is what a contract is made of. Personal values in it go into the disclosure.
type Draft struct {
	Documents    []DocumentDraft    `json:"documents"`
	Participants []ParticipantDraft `json:"participants"`
	Consents     []ConsentDraft     `json:"consents,omitempty"`
	Deal         Deal               `json:"deal,omitzero"`
	Retention    Retention          `json:"retention,omitzero"`
}

// DocumentDraft describes a document of the store.
type DocumentDraft struct {
	Title          string `json:"title"`
	ManagementNo   string `json:"managementNo,omitempty"`
	Creator        string `json:"creator,omitempty"`
	CreatorContact string `json:"creatorContact,omitempty"` // e-mail address
}

// ParticipantDraft describes a participant.
type ParticipantDraft struct {
	ID          string `json:"id,omitempty"` // unique in the contract; "" is p1, p2 and so on
	Order       int    `json:"order"`        // those of a lower order sign first
	Role        string `json:"role,omitempty"`
	Name        string `json:"name"`
	Org         string `json:"org,omitempty"`
	Method      Method `json:"method"`
	Contact     string `json:"contact,omitempty"`     // e-mail address or telephone number
	ContactKind string `json:"contactKind,omitempty"` // "email" or "phone"
}

// ConsentDraft describes a consent.
type ConsentDraft struct {
	Company        string `json:"company"`
	Address        string `json:"address,omitempty"`
	Representative string `json:"representative,omitempty"`
	Delegate       string `json:"delegate,omitempty"`
	Title          string `json:"title,omitempty"`
	Clerk          string `json:"clerk,omitempty"`
	Date           string `json:"date"` // YYYY-MM-DD
	Supersedes     int    `json:"supersedes,omitempty"`
	Contact        string `json:"contractingEmail"`
	// Form is the signed form, whose digest is kept. With FormName it is attached to the
	// first document under that name.
	Form     []byte `json:"form,omitempty"`
	FormName string `json:"formName,omitempty"`
}

// Create makes the contract of the documents that lie in the store as 1, 2 and so on:
// digests, IDs, and the event created. Documents that came with signatures are verified,
// and refused where one is not intact.
func (p *Platform) Create(ctx context.Context, d *Draft, s Store) (*Contract, error) {
	if len(d.Documents) == 0 || len(d.Participants) == 0 {
		return nil, fail(ErrOptions, "a contract wants a document and a participant at least")
	}
	c := &Contract{}
	r := &c.Record
	r.Version, r.Issuer, r.Deal, r.Retention = Version, p.Name, d.Deal, d.Retention
	id, err := NewID(p.Rand)
	if err != nil {
		return nil, err
	}
	r.ID = id
	c.Disclosure = &Disclosure{Version: Version, Record: id}
	for i := range d.Documents {
		if err := p.addDocument(ctx, c, &d.Documents[i], len(d.Documents) == 1, s); err != nil {
			return nil, err
		}
	}
	for i := range d.Participants {
		if err := c.addParticipant(p.Rand, &d.Participants[i]); err != nil {
			return nil, err
		}
	}
	for i := range d.Consents {
		if _, err := c.addConsent(p.Rand, &d.Consents[i]); err != nil {
			return nil, err
		}
	}
	if err := p.checkFields(ctx, c, s); err != nil {
		return nil, err
	}
	if err := r.append(Event{Time: p.now(), TimeSource: ServerTime, Actor: Creator, Type: Created, Documents: r.states()}); err != nil {
		return nil, err
	}
	if err := r.Check(); err != nil {
		return nil, err
	}
	return c, c.save(ctx, s)
}

// checkFields refuses participants whose fields a document has from another contract: their
// signatures would be of that one.
func (p *Platform) checkFields(ctx context.Context, c *Contract, s Store) error {
	for _, d := range c.Record.Documents {
		if !d.Foreign {
			continue
		}
		source, err := s.Open(ctx, d.Number)
		if err != nil {
			return err
		}
		m := p.manifestOf(source)
		if err := source.Close(); err != nil {
			return fmt.Errorf("contract: %w", err)
		}
		for i := range c.Record.Participants {
			if q := &c.Record.Participants[i]; m != nil && m.has(q) {
				return fail(ErrOptions, "document %d was prepared for the participant %q of the contract %s; give the participant another ID", d.Number, q.ID, m.Record)
			}
		}
	}
	return nil
}

// manifestOf is the manifest of a document, nil where it has none.
func (p *Platform) manifestOf(source Source) *Manifest {
	file, err := pdf.Open(source, source.Size(), &pdf.Options{Password: p.Password})
	if err != nil {
		return nil
	}
	m, err := manifestIn(file, newest)
	if err != nil {
		return nil
	}
	return m
}

func (p *Platform) addDocument(ctx context.Context, c *Contract, draft *DocumentDraft, alone bool, s Store) error {
	r := &c.Record
	d := Document{
		Number: len(r.Documents) + 1, ID: r.ID,
		Title: draft.Title, ManagementNo: draft.ManagementNo, Creator: draft.Creator,
	}
	var err error
	if !alone {
		if d.ID, err = NewID(p.Rand); err != nil {
			return err
		}
	}
	if d.Contact, err = c.Disclosure.commit(p.Rand, draft.CreatorContact); err != nil {
		return err
	}
	source, err := s.Open(ctx, d.Number)
	if err != nil {
		return err
	}
	content, err := read(source)
	if err != nil {
		return fmt.Errorf("contract: reading document %d: %w", d.Number, err)
	}
	defer content.Close() //nolint:errcheck // it was only read
	d.Digests.Uploaded = content.digest()
	d.Revisions = []Revision{{Number: 1, Length: content.size, SHA256: d.Digests.Uploaded, Cause: CauseUploaded}}
	found, err := signaturesIn(content.ReaderAt, content.size, p.Password)
	if err != nil {
		return fail(ErrDocument, "document %d: %w", d.Number, err)
	}
	d.Foreign = len(found) > 0
	r.Documents = append(r.Documents, d)
	if !d.Foreign {
		return nil
	}
	return p.adopt(ctx, c, d.Number, content, found)
}

// adopt verifies the signatures that a document came with, and notes them.
func (p *Platform) adopt(ctx context.Context, c *Contract, n int, d *content, came []found) error {
	report, err := p.intact(ctx, n, d)
	if err != nil {
		return err
	}
	for _, f := range came {
		entry := Signature{Document: n, Field: f.field, Revision: 1, ByteRange: f.byteRange, Value: f.value}
		for _, v := range report.Signatures {
			if v.Field == f.field {
				entry.Level = v.Level
			}
		}
		if f.token != nil {
			entry.Stamp = stampOf(f.token, p.Accredited)
		}
		c.Record.Signatures = append(c.Record.Signatures, entry)
	}
	return nil
}

// intact demands that every signature of a document is.
func (p *Platform) intact(ctx context.Context, n int, d *content) (*verify.Report, error) {
	report, err := p.verify(ctx, d)
	if err != nil {
		return nil, fail(ErrDocument, "document %d: %w", n, err)
	}
	for _, v := range report.Signatures {
		if !v.Intact {
			return nil, fail(ErrDocument, "the signature %q of document %d is not intact; inkan verify tells why", v.Field, n)
		}
	}
	return report, nil
}

func (c *Contract) addParticipant(random io.Reader, d *ParticipantDraft) error {
	q := Participant{
		ID: d.ID, Order: d.Order, Role: d.Role, Name: d.Name, Org: d.Org, Method: d.Method, ContactKind: d.ContactKind,
	}
	if q.ID == "" {
		q.ID = fmt.Sprintf("p%d", len(c.Record.Participants)+1)
	}
	var err error
	if q.Contact, err = c.Disclosure.commit(random, d.Contact); err != nil {
		return err
	}
	c.Record.Participants = append(c.Record.Participants, q)
	return nil
}

// addConsent adds a consent and returns its number.
func (c *Contract) addConsent(random io.Reader, d *ConsentDraft) (int, error) {
	v := Consent{
		Number: len(c.Record.Consents) + 1, Company: d.Company, Address: d.Address, Representative: d.Representative,
		Delegate: d.Delegate, Title: d.Title, Clerk: d.Clerk, Date: d.Date, Supersedes: d.Supersedes,
	}
	var err error
	if v.Contact, err = c.Disclosure.commit(random, d.Contact); err != nil {
		return 0, err
	}
	if d.Form != nil {
		v.Form = sum(d.Form)
	}
	v.Attached = d.FormName
	c.Record.Consents = append(c.Record.Consents, v)
	return v.Number, nil
}

// states are the documents as the record knows them.
func (r *Record) states() []DocumentState {
	out := make([]DocumentState, len(r.Documents))
	for i, d := range r.Documents {
		out[i] = DocumentState{d.Number, d.last().SHA256}
	}
	return out
}

// last is the newest revision.
func (d *Document) last() Revision {
	if len(d.Revisions) == 0 {
		return Revision{}
	}
	return d.Revisions[len(d.Revisions)-1]
}

// now is the clock of the platform.
func (p *Platform) now() Time {
	if p.Now == nil {
		return At(time.Now())
	}
	return At(p.Now())
}
