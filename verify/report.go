package verify

import (
	"encoding/json"
	"time"
)

// Schema names the form of the JSON report. Fields may be added to it; none
// changes its meaning.
const Schema = "inkan.verify/1"

// Report is the judgement of one file. It is data: nothing in it depends on a
// language except the texts of findings, and every finding has a stable code.
// Its JSON form is one object with the fields in the order below.
type Report struct {
	Schema string `json:"schema"`
	// File is the path as it was given; "" for Reader.
	File string `json:"file"`
	// Error says why the file could not be read; everything below is then empty.
	Error string `json:"error"`

	ValidationTime time.Time `json:"validation_time"`
	Policy         string    `json:"policy"`
	Encrypted      bool      `json:"encrypted"`
	// Repaired tells that the file could be read only in part, or by repair.
	Repaired bool `json:"repaired"`
	// Indication is the worst of the signatures.
	Indication Indication `json:"indication"`
	// Intact tells that there is a signature and that every one is intact.
	Intact     bool        `json:"intact"`
	NextAction *NextAction `json:"next_action,omitempty"`
	// Retention is nil without Options.RetainUntil.
	Retention  *Retention   `json:"retention,omitempty"`
	Findings   []Finding    `json:"findings"`
	Signatures []*Signature `json:"signatures"`
}

// NextAction says until when protection must be renewed, and why.
type NextAction struct {
	Deadline time.Time `json:"deadline"`
	Why      string    `json:"why"`
	// Code is stable and made for programs, for example "renewal.time-stamp";
	// Arguments are what Why holds besides its words, in their order.
	Code      string   `json:"code"`
	Arguments []string `json:"arguments,omitempty"`
}

// Retention says whether a file stays provable for as long as it is kept.
type Retention struct {
	Until time.Time `json:"until"`
	// Kept means that everything passed, and stays provable until then without
	// anything being added.
	Kept bool `json:"kept"`
	// LastSafeDay is the last day to renew, as "2027-03-31" in the time zone of Until:
	// the one before the day of the NextAction, or that of the judgement where it is
	// later. It is "" where the file is kept, and where nothing passed.
	LastSafeDay string `json:"last_safe_day"`
}

// Finding is one fact that bears on the judgement.
type Finding struct {
	// Code is stable and made for programs, for example "byte-range.gap".
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	// Text is made for people. The name of the thing found comes first.
	Text string `json:"text"`
	// Arguments are what Text holds besides the words that are the same in all findings
	// of the code, in their order, for texts in another language.
	Arguments []string `json:"arguments,omitempty"`
	// Details take apart arguments that are texts themselves.
	Details []Detail `json:"details,omitempty"`
	// Clause is the rule that was broken or applied; "" where there is none.
	Clause string `json:"clause"`
	// Object is the number and generation of the object; "" where there is none.
	Object string `json:"object"`
	// Revision counts from 1; 0 where the finding belongs to none.
	Revision int `json:"revision"`
	// Offset counts bytes from the beginning of the file; -1 where it is not known.
	Offset int64 `json:"offset"`
}

// Detail takes apart an argument that is a text itself.
type Detail struct {
	// Argument counts from 1.
	Argument int `json:"argument"`
	// Code stands for the text: a stable code, or the English text itself with the verbs
	// of package fmt in place of the arguments.
	Code      string   `json:"code"`
	Arguments []string `json:"arguments,omitempty"`
	Details   []Detail `json:"details,omitempty"`
}

// Signature is the judgement of one signature or document time stamp.
type Signature struct {
	// Field is the fully qualified name; "" where the dictionary hangs on no field.
	Field     string `json:"field"`
	Kind      Kind   `json:"kind"`
	SubFilter string `json:"sub_filter"`
	// ByteRange holds the numbers as they stand in the file, whatever they are.
	ByteRange []int64 `json:"byte_range"`
	// Revision is the revision that the signature closes, Revisions how many the file has.
	Revision  int `json:"revision"`
	Revisions int `json:"revisions"`
	// Intact means valid crypto, sound structure, and later changes that are known and allowed.
	Intact         bool       `json:"intact"`
	Crypto         Crypto     `json:"crypto"`
	Structure      Structure  `json:"structure"`
	Coverage       Coverage   `json:"coverage"`
	Changes        Changes    `json:"changes"`
	ChangesAllowed bool       `json:"changes_allowed"`
	Additions      []Addition `json:"additions"`
	// DocMDP is the permission level of a certification, 1 to 3; 0 where there is none.
	DocMDP int `json:"docmdp"`
	// LockAction tells which fields the signature locks (FieldMDP, ISO 32000-2, 12.8.2.4):
	// "All", "Include", which are those of Locks, or "Exclude", which are all but those of
	// Locks; "" where it locks none.
	LockAction string `json:"lock_action"`
	// Locks are the fields that the lock names.
	Locks []string `json:"locks"`
	// Level is what the structure holds, trusted or not, for example
	// "PAdES-B-LT"; "" where it is none of the known ones.
	Level string `json:"level"`
	// Digest and Algorithm name what the signature was made with; KeyBits is
	// the size of the signer's key, 0 where it is not known.
	Digest    string `json:"digest"`
	Algorithm string `json:"algorithm"`
	KeyBits   int    `json:"key_bits"`
	// DocumentDigest is the digest of the signed bytes in lower-case hexadecimal, made
	// with Digest; "" where it could not be computed.
	DocumentDigest string        `json:"document_digest"`
	Indication     Indication    `json:"indication"`
	SubIndication  SubIndication `json:"sub_indication"`
	// Signer is nil where the signing certificate was not found.
	Signer *Signer `json:"signer"`
	// Chain runs from the signer's certificate towards an anchor.
	Chain []Certificate `json:"chain"`
	// Name, Reason, Location and Contact stand in the signed revision. They are claims.
	Name     string `json:"name"`
	Reason   string `json:"reason"`
	Location string `json:"location"`
	Contact  string `json:"contact"`
	// ClaimedTime is what the signer wrote; BestTime the earliest time for
	// which there is proof. Both are zero where there is none.
	ClaimedTime Time        `json:"claimed_time"`
	BestTime    Time        `json:"best_time"`
	Timestamps  []Timestamp `json:"timestamps"`
	Findings    []Finding   `json:"findings"`
}

// Addition is one thing that a later revision added or changed.
type Addition struct {
	Revision int `json:"revision"`
	// Kind is signature, timestamp, value, field (one that nobody signed),
	// annotation, annotation-change or annotation-removal.
	Kind string `json:"kind"`
	// Page counts from 1; 0 where there is none. Rect is in its user space.
	Page int       `json:"page"`
	Rect []float64 `json:"rect"`
	// Overlaps is "content" or "signature" where it covers either, else "".
	Overlaps string `json:"overlaps"`
	// SignedBy is the field of the first signature that covers it; "" where none does.
	SignedBy string `json:"signed_by"`
	// Field is the fully qualified name of a field, Subtype that of an annotation.
	Field   string `json:"field"`
	Subtype string `json:"subtype"`
}

// Signer identifies the signing certificate. Serial and SHA256 are lower-case hexadecimal.
type Signer struct {
	Subject string `json:"subject"`
	Issuer  string `json:"issuer"`
	Serial  string `json:"serial"`
	SHA256  string `json:"sha256"`
}

// Certificate is one certificate of a chain.
type Certificate struct {
	Subject    string     `json:"subject"`
	SHA256     string     `json:"sha256"` // lower-case hexadecimal
	Anchor     bool       `json:"anchor"`
	Revocation Revocation `json:"revocation"`
	// Source is where the evidence of revocation was found: "dss" and "cms" in the file,
	// "given" by the caller, "cache" and "url" by Options.Source. ThisUpdate is as of when it
	// is. "" and zero where there is none.
	Source     string `json:"source"`
	ThisUpdate Time   `json:"this_update"`
}

// Timestamp is one time-stamp token of a signature.
type Timestamp struct {
	Kind       string     `json:"kind"`  // signature, content or document
	Time       Time       `json:"time"`  // zero where no token could be read
	Valid      bool       `json:"valid"` // imprint and signature hold, whoever made them
	Indication Indication `json:"indication"`
	// SubIndication is the reason for the indication; "" where there is none.
	SubIndication SubIndication `json:"sub_indication"`
	// Policy is an object identifier, Serial the number of the stamp in lower-case
	// hexadecimal. TSA is the subject of the authority's certificate, TSASHA256 its
	// fingerprint.
	Policy    string `json:"policy"`
	Serial    string `json:"serial"`
	TSA       string `json:"tsa"`
	TSASHA256 string `json:"tsa_sha256"`
	// TSANotAfter is when the certificate of the authority expires; zero where it was not
	// found.
	TSANotAfter Time `json:"tsa_not_after"`
	// Imprint is what was stamped, a digest in lower-case hexadecimal made with
	// ImprintHash; SHA256 is the digest of the token itself.
	Imprint     string `json:"imprint"`
	ImprintHash string `json:"imprint_hash"`
	SHA256      string `json:"sha256"`
	// Accredited is what Options.Accreditation says of the authority at Time.
	Accredited string `json:"accredited"`
}

// Passed tells whether there is a signature and all passed.
func (r *Report) Passed() bool {
	for _, s := range r.Signatures {
		if s.Indication != TotalPassed {
			return false
		}
	}
	return len(r.Signatures) > 0
}

// MarshalJSON writes the object; of a file that could not be read only schema,
// file and error. Lists are never null.
func (r *Report) MarshalJSON() ([]byte, error) {
	if r.Error != "" {
		return json.Marshal(struct {
			Schema string `json:"schema"`
			File   string `json:"file"`
			Error  string `json:"error"`
		}{Schema, r.File, r.Error})
	}
	type plain Report
	p := plain(*r)
	p.Schema = Schema
	p.Findings = list(p.Findings)
	p.Signatures = list(p.Signatures)
	return json.Marshal(&p)
}

// MarshalJSON writes the object; lists are never null.
func (s *Signature) MarshalJSON() ([]byte, error) {
	type plain Signature
	p := plain(*s)
	p.ByteRange = list(p.ByteRange)
	p.Additions = list(p.Additions)
	p.Locks = list(p.Locks)
	p.Chain = list(p.Chain)
	p.Timestamps = list(p.Timestamps)
	p.Findings = list(p.Findings)
	return json.Marshal(&p)
}

// list returns an empty list for nil.
func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}
