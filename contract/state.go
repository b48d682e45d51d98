package contract

import (
	"context"
	"encoding/json"
	"io"
	"slices"
)

// Schema names the form of the state.
const Schema = "inkan.contract/1"

// Contract is the state of a contract: a value that the caller stores. Its JSON form is
// described by docs/schema/contract.json. The Disclosure, with the personal values, is
// apart from it, to be stored and deleted by itself.
//
// A Contract must not be used by several goroutines at once.
type Contract struct {
	Record Record
	// Disclosure holds the personal values; nil after they were deleted.
	Disclosure *Disclosure

	saves   int
	pending []appendix
	keyUse  *keyUse
	waiting *waiting
	issued  *issued
}

// appendix is what a document is going to be appended.
type appendix struct {
	Document int    `json:"n"`
	At       int64  `json:"at"`
	Tail     []byte `json:"tail"`
}

// keyUse says that a key is about to be used, or was: nobody knows.
type keyUse struct {
	Participant string `json:"participant,omitempty"` // "" is the platform for itself
	Document    int    `json:"n"`                     // 0 is none
	Purpose     string `json:"purpose"`
	At          Time   `json:"at"`
}

// refusal says that the key may have been used already.
func (u *keyUse) refusal() error {
	return fail(ErrKeyUsed, "%s was begun at %s and its outcome is not known; look whether the key made a signature, then sign with Repeat", u.Purpose, u.At)
}

// issued tells of the completion certificate.
type issued struct {
	At     Time   `json:"at"`
	Page   Digest `json:"unsignedSHA256"` // before it was signed
	SHA256 Digest `json:"sha256"`         // of the first Length bytes, as it was issued
	Length int64  `json:"byteLen"`
}

type stateForm struct {
	Schema  string     `json:"schema"`
	Saves   int        `json:"saves,omitempty"` // how often it was saved, this time included
	Record  Record     `json:"record"`
	Pending []appendix `json:"pending,omitempty"`
	KeyUse  *keyUse    `json:"keyUse,omitempty"`
	Waiting *waiting   `json:"waiting,omitempty"`
	Issued  *issued    `json:"issued,omitempty"`
}

// MarshalJSON implements json.Marshaler. The disclosure is not in it.
func (c *Contract) MarshalJSON() ([]byte, error) {
	return json.Marshal(stateForm{Schema, c.saves, c.Record, c.pending, c.keyUse, c.waiting, c.issued})
}

// Read reads a state and, if it is not nil, the disclosure that belongs to it. Both are
// checked.
func Read(state, disclosure io.Reader) (*Contract, error) {
	var form stateForm
	if err := decode(state, &form, "the state"); err != nil {
		return nil, err
	}
	if form.Schema != Schema {
		return nil, fail(ErrRecord, "the state is of the schema %q; this program reads %q", form.Schema, Schema)
	}
	c := &Contract{Record: form.Record, saves: form.Saves, pending: form.Pending, keyUse: form.KeyUse, waiting: form.Waiting, issued: form.Issued}
	if err := c.Record.Check(); err != nil {
		return nil, err
	}
	for _, a := range c.pending {
		if !c.isNext(a) {
			return nil, fail(ErrRecord, "the state is going to append %d bytes to document %d behind %d, which makes no revision of it", len(a.Tail), a.Document, a.At)
		}
	}
	if disclosure == nil {
		return c, nil
	}
	d, err := ReadDisclosure(disclosure)
	if err != nil {
		return nil, err
	}
	if d.Record != c.Record.ID {
		return nil, fail(ErrRecord, "the disclosure is of %s, the state of %s", d.Record, c.Record.ID)
	}
	c.Disclosure = d
	return c, nil
}

// isNext tells whether an appendix makes the newest revision of a document out of the one before, or
// the completion certificate.
func (c *Contract) isNext(a appendix) bool {
	end := a.At + int64(len(a.Tail))
	if a.Document == CompletionCertificate {
		first := c.issued != nil && a.At == 0 && end == c.issued.Length && sum(a.Tail) == c.issued.SHA256
		return first || c.issued != nil && a.At >= c.issued.Length
	}
	if a.Document < 1 || a.Document > len(c.Record.Documents) {
		return false
	}
	v := c.Record.Documents[a.Document-1].Revisions
	return len(v) > 1 && v[len(v)-2].Length == a.At && v[len(v)-1].Length == end
}

// Saves counts how often the state was saved: 1 when a Store saves it for the first time. What more
// than one process may save, a Store keeps only where it holds the state that was saved one time
// less: else somebody else has saved another meanwhile.
func (c *Contract) Saves() int { return c.saves }

// save saves the state.
func (c *Contract) save(ctx context.Context, s Store) error {
	c.saves++
	if err := s.Save(ctx, c); err != nil {
		c.saves--
		return err
	}
	return nil
}

// clone returns a copy that can be changed without changing c: what steps change or append
// to is the copy's own. What is behind pointers in the record is never changed.
func (c *Contract) clone() *Contract {
	out := *c
	out.Record = c.Record.clone()
	out.pending = slices.Clone(c.pending)
	if c.waiting != nil {
		w := *c.waiting
		w.Documents, w.Prepared = slices.Clone(w.Documents), slices.Clone(w.Prepared)
		out.waiting = &w
	}
	if c.Disclosure != nil {
		d := *c.Disclosure
		d.Values = slices.Clone(d.Values)
		out.Disclosure = &d
	}
	return &out
}

func (r *Record) clone() Record {
	out := *r
	out.Documents = slices.Clone(r.Documents)
	for i := range out.Documents {
		out.Documents[i].Revisions = slices.Clone(out.Documents[i].Revisions)
	}
	out.Participants = slices.Clone(r.Participants)
	for i := range out.Participants {
		out.Participants[i].Auth = slices.Clone(out.Participants[i].Auth)
	}
	out.Consents, out.Events, out.Signatures = slices.Clone(r.Consents), slices.Clone(r.Events), slices.Clone(r.Signatures)
	return out
}

// Phase is how far a contract has come.
type Phase string

// The phases.
const (
	Drafted  Phase = "drafted"  // documents are to be prepared
	Signing  Phase = "signing"  // participants sign
	Complete Phase = "complete" // everybody has signed: to be concluded
	Archived Phase = "archived" // concluded: to be renewed in time
	Ended    Phase = "ended"    // declined, expired or withdrawn
)

// Phase tells how far the contract has come.
func (c *Contract) Phase() Phase {
	r := &c.Record
	for _, e := range r.Events {
		switch e.Type {
		case Declined, Expired, Withdrawn:
			return Ended
		case Concluded:
			return Archived
		}
	}
	for _, d := range r.Documents {
		if !d.Foreign && d.Digests.Prepared.IsZero() {
			return Drafted
		}
	}
	if len(r.Next()) == 0 {
		return Complete
	}
	return Signing
}
