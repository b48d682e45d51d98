package contract

import (
	"cmp"
	"slices"
)

// Method says with whose key a participant signs.
type Method string

// Methods of signing.
const (
	// Party is the participant's own key and certificate (実印タイプ, 当事者型).
	Party Method = "party"
	// Witness is the key of the platform, after the participant was identified
	// (契約印タイプ, 立会人型).
	Witness Method = "witness"
	// JPKI is the key of an Individual Number Card (マイナンバーカード, 公的個人認証).
	JPKI Method = "jpki"
)

// Participant is a party to the contract.
type Participant struct {
	ID     string `json:"id"`    // unique in the contract
	Order  int    `json:"order"` // those of a lower order sign first; equal ones in any order
	Role   string `json:"role,omitempty"`
	Name   string `json:"name"`
	Org    string `json:"org,omitempty"`
	Method Method `json:"method"`
	// Contact is the commitment to the e-mail address or telephone number.
	Contact     Commitment       `json:"contact,omitzero"`
	ContactKind string           `json:"contactKind,omitempty"` // "email" or "phone"
	Auth        []Authentication `json:"auth,omitempty"`
	// Certificate is the SHA-256 of the certificate that signed, Subject the parts of
	// its name, such as "CN=山田太郎", the most significant first.
	Certificate Digest   `json:"certSHA256,omitzero"`
	Subject     []string `json:"subjectRDNs,omitempty"`
	// Discloses names what the certificate tells of the person besides the name of its
	// subject, which the participant agreed to.
	Discloses []string `json:"discloses,omitempty"`
}

// Authentication is how a participant was identified, by the word of the service.
type Authentication struct {
	Type     string     `json:"type"` // such as "email", "sms", "totp", "certificate"
	Time     Time       `json:"at"`
	Provider string     `json:"provider,omitempty"`
	Result   string     `json:"result"` // "success", or why not
	Contact  Commitment `json:"contact,omitzero"`
}

// Succeeded tells whether the participant was identified.
func (a Authentication) Succeeded() bool { return a.Result == "success" }

func (r *Record) checkParticipants() error {
	seen := make(map[string]bool)
	for i, p := range r.Participants {
		switch {
		case p.ID == "" || p.ID == Creator:
			return fail(ErrRecord, "participant %d has the ID %q", i+1, p.ID)
		case seen[p.ID]:
			return fail(ErrRecord, "two participants have the ID %q", p.ID)
		case p.Name == "":
			return fail(ErrRecord, "participant %q has no name", p.ID)
		case p.Order < 0:
			return fail(ErrRecord, "participant %q has the order %d", p.ID, p.Order)
		case p.Method != Party && p.Method != Witness && p.Method != JPKI:
			return fail(ErrRecord, "participant %q signs by the unknown method %q", p.ID, p.Method)
		case p.ContactKind != "" && p.ContactKind != "email" && p.ContactKind != "phone":
			return fail(ErrRecord, "participant %q is reached by %q, neither email nor phone", p.ID, p.ContactKind)
		}
		seen[p.ID] = true
	}
	return nil
}

// checkIdentified compares how participants were identified with the events, which are chained: since
// somebody took the place of another, they are those of the new one.
func (r *Record) checkIdentified() error {
	told := make(map[string][]Authentication)
	for _, e := range r.Events {
		switch {
		case e.Type == Reassigned:
			delete(told, e.Actor)
		case e.Type == Authenticated && e.Auth != nil:
			told[e.Actor] = append(told[e.Actor], *e.Auth)
		}
	}
	for _, p := range r.Participants {
		if !slices.EqualFunc(p.Auth, told[p.ID], Authentication.equal) {
			return fail(ErrRecord, "participant %q was identified otherwise than the events tell", p.ID)
		}
	}
	return nil
}

func (a Authentication) equal(b Authentication) bool {
	same := a.Time.Equal(b.Time.Time)
	a.Time, b.Time = Time{}, Time{}
	return same && a == b
}

// ordered returns the participants as they are to sign.
func (r *Record) ordered() []*Participant {
	out := make([]*Participant, len(r.Participants))
	for i := range r.Participants {
		out[i] = &r.Participants[i]
	}
	slices.SortStableFunc(out, func(a, b *Participant) int { return cmp.Compare(a.Order, b.Order) })
	return out
}

// HasSigned tells whether a participant signed every document.
func (r *Record) HasSigned(id string) bool {
	return slices.ContainsFunc(r.Events, func(e Event) bool { return e.Type == Signed && e.Actor == id })
}

// before returns those who must sign before a participant and have not.
func (r *Record) before(p *Participant) []string {
	var names []string
	for _, q := range r.ordered() {
		if q.Order < p.Order && !r.HasSigned(q.ID) {
			names = append(names, q.Name)
		}
	}
	return names
}

// Next returns the participants whose turn it is: all of the lowest order of whom somebody has
// not signed, but those who have.
func (r *Record) Next() []*Participant {
	var out []*Participant
	for _, p := range r.ordered() {
		if !r.HasSigned(p.ID) && (len(out) == 0 || p.Order == out[0].Order) {
			out = append(out, p)
		}
	}
	return out
}
