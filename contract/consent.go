package contract

import "time"

// Consent is an 電子契約同意書兼メールアドレス確認書: a company agrees to contracts in electronic form and
// names the address from which it signs. An audit compares it with the addresses that
// participants were identified by.
type Consent struct {
	Number         int    `json:"n"` // from 1
	Company        string `json:"company"`
	Address        string `json:"address,omitempty"`
	Representative string `json:"representative,omitempty"` // 代表者
	Delegate       string `json:"delegate,omitempty"`       // 受任者, who signs for the representative
	Title          string `json:"title,omitempty"`          // 役職
	// Contact is the commitment to the e-mail address that the company signs from.
	Contact Commitment `json:"contractingEmail"`
	Clerk   string     `json:"clerk,omitempty"` // 担当者
	Date    string     `json:"date"`            // YYYY-MM-DD, from which it is in force
	// Supersedes is the number of an earlier consent that this one takes the place of; 0 is none.
	Supersedes int `json:"supersedes,omitempty"`
	// Form is the SHA-256 of the signed form, Attached the name under which it is
	// attached to the first document, if it is.
	Form     Digest `json:"formSHA256,omitzero"`
	Attached string `json:"attached,omitempty"`
}

func (r *Record) checkConsents() error {
	for i, c := range r.Consents {
		switch {
		case c.Number != i+1:
			return fail(ErrRecord, "consent %d is numbered %d", i+1, c.Number)
		case c.Supersedes < 0 || c.Supersedes > i:
			return fail(ErrRecord, "consent %d takes the place of consent %d, which is not an earlier one", c.Number, c.Supersedes)
		case !isDate(c.Date):
			return fail(ErrRecord, "consent %d is of %q, which is not a date of the form YYYY-MM-DD", c.Number, c.Date)
		case c.Contact.IsZero():
			return fail(ErrRecord, "consent %d names no address", c.Number)
		}
	}
	return nil
}

// ConsentFor returns the consent in force at a time for a contact: the newest that
// names it, dated no later, that no other one in force has taken the place of. It returns nil where there is none.
func (r *Record) ConsentFor(contact Commitment, at Time) *Consent {
	day := at.In(japan).Format(time.DateOnly)
	superseded := make([]bool, len(r.Consents)+1) // by number
	for _, c := range r.Consents {
		if c.Date <= day && c.Supersedes > 0 && c.Supersedes < len(superseded) {
			superseded[c.Supersedes] = true
		}
	}
	for i := len(r.Consents) - 1; i >= 0; i-- {
		c := &r.Consents[i]
		if c.Contact == contact && !contact.IsZero() && c.Date <= day && !superseded[i+1] {
			return c
		}
	}
	return nil
}
