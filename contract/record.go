package contract

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Version is that of the records this package writes and reads.
const Version = 1

// Creator is the Actor of events of whoever set the contract up.
const Creator = "creator"

// Record is the evidence of a contract (evidence.json): what was signed, by whom, how
// they were identified, and what happened when. As canonical JSON (RFC 8785) it is the
// same bytes wherever it is written. It only grows; who reads it checks it with
// [Record.Check].
type Record struct {
	Version      int           `json:"v"`
	ID           ID            `json:"recordId"`
	Issuer       string        `json:"issuer"` // the platform's name
	Documents    []Document    `json:"documents"`
	Consents     []Consent     `json:"consents"`
	Deal         Deal          `json:"deal"`
	Participants []Participant `json:"participants"`
	Events       []Event       `json:"events"`
	Signatures   []Signature   `json:"signatures"`
	Retention    Retention     `json:"retention"`
	ChainHead    Digest        `json:"chainHead"` // the hash of the last event
}

// Document is one PDF of a contract.
type Document struct {
	Number       int        `json:"n"` // from 1
	ID           ID         `json:"id"`
	Title        string     `json:"title"`                  // 文書名
	ManagementNo string     `json:"managementNo,omitempty"` // 管理番号
	Creator      string     `json:"creator,omitempty"`      // 文書作成者
	Contact      Commitment `json:"contact,omitzero"`       // 文書作成者メールアドレス
	Digests      Digests    `json:"digests"`
	// Foreign tells that it came with signatures: it was neither stamped with its ID nor
	// given a manifest, since that would have broken them.
	Foreign   bool       `json:"foreign,omitempty"`
	Revisions []Revision `json:"revisions"`
}

// Digests are those of a whole document at two times.
type Digests struct {
	Uploaded Digest `json:"uploaded"`         // as it came
	Prepared Digest `json:"stamped,omitzero"` // with ID, manifest and fields, before the first signature
}

// Cause says why a revision was written.
type Cause string

// Causes of revisions.
const (
	CauseUploaded  Cause = "uploaded"
	CausePrepared  Cause = "stamped"
	CauseSigned    Cause = "signed"
	CauseConcluded Cause = "concluded"
	CauseRenewed   Cause = "renewed"
)

// Revision is a state of a document: its first Length bytes. They are never changed by
// what is appended later, so the digest still matches after the archive time stamp was
// renewed.
type Revision struct {
	Number      int    `json:"n"` // from 1
	Length      int64  `json:"byteLen"`
	SHA256      Digest `json:"sha256Prefix"`
	Cause       Cause  `json:"cause"`
	Participant string `json:"participant,omitempty"` // who signed
}

// Deal holds what a tax office wants to search by (電子帳簿保存法).
type Deal struct {
	Date           string   `json:"date,omitempty"`           // 取引年月日, YYYY-MM-DD
	Counterparties []string `json:"counterparties,omitempty"` // 取引先
	Amount         *Amount  `json:"amount,omitempty"`         // 取引金額
}

// Amount is a sum of money. The value is a decimal number as text, so that no digit is lost.
type Amount struct {
	Value    string `json:"value"`
	Currency string `json:"currency"` // ISO 4217, such as JPY
}

// Retention says how long the documents are kept.
type Retention struct {
	Profile string `json:"profile,omitempty"`
	Until   string `json:"until,omitempty"` // YYYY-MM-DD; "" is without end
}

// Signature is one signature or time stamp in a document, as it was when it was made or found.
type Signature struct {
	Document    int      `json:"document"`
	Field       string   `json:"field"`
	Participant string   `json:"participant,omitempty"` // "" is somebody outside, or the service's time stamp
	Revision    int      `json:"revision"`
	ByteRange   [4]int64 `json:"byteRange"`
	// Value is the SHA-256 of the signature value, or of the time-stamp token.
	Value Digest `json:"sigValueSHA256"`
	Level string `json:"level"`
	Stamp *Stamp `json:"tst,omitempty"`
}

// Stamp is the time stamp of a signature or a document.
type Stamp struct {
	Time       Time           `json:"genTime"`
	Policy     string         `json:"policy"` // OID
	Serial     string         `json:"serial"` // hexadecimal
	TSA        Digest         `json:"tsaCertSHA256"`
	Accredited *Accreditation `json:"accredited,omitempty"`
}

// Participant returns the participant of that ID, or nil.
func (r *Record) Participant(id string) *Participant {
	for i := range r.Participants {
		if r.Participants[i].ID == id {
			return &r.Participants[i]
		}
	}
	return nil
}

// ReadRecord reads a record and checks it. A record that says anything that this version does not know
// is refused, as is one that is not written as this package writes it.
func ReadRecord(in io.Reader) (*Record, error) {
	r := &Record{}
	if err := decode(in, r, "the record"); err != nil {
		return nil, err
	}
	return r, r.Check()
}

// Canonical returns the record as canonical JSON (RFC 8785).
func (r *Record) Canonical() ([]byte, error) { return canonical(r) }

// list joins names for a text.
func list(names []string) string {
	quoted := slices.Clone(names)
	for i, n := range quoted {
		quoted[i] = fmt.Sprintf("%q", n)
	}
	return strings.Join(quoted, ", ")
}
