package contract

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"
)

// EventType says what happened.
type EventType string

// The closed list of events.
const (
	Created       EventType = "created"       // documents uploaded, participants and order set
	Sent          EventType = "sent"          // a participant was asked to act
	Viewed        EventType = "viewed"        // a participant saw the documents
	Consented     EventType = "consented"     // a participant agreed to the electronic form
	Authenticated EventType = "authenticated" // a participant was identified
	Signed        EventType = "signed"        // a participant signed every document
	Declined      EventType = "declined"      // a participant refused to sign
	Reassigned    EventType = "reassigned"    // a participant handed over to another person
	Expired       EventType = "expired"       // the time to sign is over
	Withdrawn     EventType = "withdrawn"     // the creator took the contract back
	Concluded     EventType = "concluded"     // every document has its archive time stamp
	Downloaded    EventType = "downloaded"    // somebody took the documents
	Renewed       EventType = "renewed"       // the protection of every document was renewed
)

var eventTypes = []EventType{
	Created, Sent, Viewed, Consented, Authenticated, Signed, Declined, Reassigned, Expired, Withdrawn,
	Concluded, Downloaded, Renewed,
}

// TimeSource says whose word the time of an event is.
type TimeSource string

// Sources of times.
const (
	ServerTime TimeSource = "server" // the clock of the service
	StampTime  TimeSource = "tst"    // a time stamp over the documents, RFC 3161
)

// DocumentState is what one document was at an event: its number, and the SHA-256 of its bytes.
type DocumentState struct {
	Document int    `json:"n"`
	SHA256   Digest `json:"sha256"`
}

// Event is something that happened to a contract. Its hash is the SHA-256 of "evt1", a
// zero byte and the event without its hash as canonical JSON (RFC 8785); Previous is the
// hash of the event before, which chains them.
type Event struct {
	Sequence   int        `json:"seq"` // from 0
	Time       Time       `json:"at"`
	TimeSource TimeSource `json:"atSource"`
	// Actor is the ID of the participant who acted; "" is the service itself, "creator"
	// who set the contract up.
	Actor     string          `json:"actor"`
	Type      EventType       `json:"type"`
	IP        string          `json:"ip,omitempty"`
	UserAgent string          `json:"ua,omitempty"`
	Detail    string          `json:"detail,omitempty"`    // a short text for people
	Consent   int             `json:"consent,omitempty"`   // number of the consent, from 1
	Auth      *Authentication `json:"auth,omitempty"`      // of an authenticated event
	Documents []DocumentState `json:"documents,omitempty"` // what they were afterwards
	Previous  Digest          `json:"prev"`
	Hash      Digest          `json:"hash,omitzero"`
}

const eventTag = "evt1\x00"

// sum computes the hash of an event.
func (e Event) sum() (Digest, error) {
	e.Hash = Digest{}
	return digestOf(eventTag, e)
}

// origin is what the first event of a record follows: the SHA-256 of the ID of the
// record and of the digests of its documents as they were uploaded, in their order.
func (r *Record) origin() Digest {
	h := sha256.New()
	h.Write([]byte(r.ID.String()))
	for _, d := range r.Documents {
		h.Write(d.Digests.Uploaded[:])
	}
	return Digest(h.Sum(nil))
}

// append chains an event to the record.
func (r *Record) append(e Event) error {
	if len(r.Events) >= maxEvents {
		return fail(ErrLimit, "a contract has at most %d events", maxEvents)
	}
	e.Sequence = len(r.Events)
	e.Previous = r.origin()
	if n := len(r.Events); n > 0 {
		e.Previous = r.Events[n-1].Hash
		if e.Time.Before(r.Events[n-1].Time.Time) {
			return fail(ErrState, "the event is of %s, before the one it follows (%s); set the clock right", e.Time, r.Events[n-1].Time)
		}
	}
	if err := r.checkEvent(e); err != nil {
		return err
	}
	var err error
	if e.Hash, err = e.sum(); err != nil {
		return err
	}
	r.Events = append(r.Events, e)
	r.ChainHead = e.Hash
	return nil
}

// checkEvent checks what an event says of itself and of the record.
func (r *Record) checkEvent(e Event) error {
	switch {
	case !slices.Contains(eventTypes, e.Type):
		return fail(ErrRecord, "event %d is of the unknown type %q", e.Sequence, e.Type)
	case e.TimeSource != ServerTime && e.TimeSource != StampTime:
		return fail(ErrRecord, "event %d has the unknown source of time %q", e.Sequence, e.TimeSource)
	case e.Actor != "" && e.Actor != Creator && r.Participant(e.Actor) == nil:
		return fail(ErrRecord, "event %d names the unknown participant %q", e.Sequence, e.Actor)
	case (e.Type == Signed || e.Type == Authenticated || e.Type == Reassigned) && (e.Actor == "" || e.Actor == Creator):
		return fail(ErrRecord, "event %d is %q by nobody who takes part", e.Sequence, e.Type)
	case e.Consent < 0 || e.Consent > len(r.Consents):
		return fail(ErrRecord, "event %d names consent %d, of %d", e.Sequence, e.Consent, len(r.Consents))
	case e.Type == Authenticated && e.Auth == nil:
		return fail(ErrRecord, "event %d tells of an identification without saying of which", e.Sequence)
	case len(e.Detail)+len(e.IP)+len(e.UserAgent) > maxTextBytes:
		return fail(ErrLimit, "the texts of event %d are longer than %d bytes", e.Sequence, maxTextBytes)
	}
	for _, s := range e.Documents {
		if s.Document < 1 || s.Document > len(r.Documents) {
			return fail(ErrRecord, "event %d names document %d, of %d", e.Sequence, s.Document, len(r.Documents))
		}
	}
	return nil
}

// ChainError tells where the chain of events is broken.
type ChainError struct {
	Sequence int // of the event; the number of events where the head of the chain is wrong
	Text     string

	reason *reason
}

func chainError(sequence int, err error) *ChainError {
	e := &ChainError{Sequence: sequence, Text: err.Error()}
	if errors.As(err, &e.reason) {
		e.Text = e.reason.Error()
	}
	return e
}

func (e *ChainError) Error() string { return fmt.Sprintf("contract: event %d: %s", e.Sequence, e.Text) }

// Is tells that the record contradicts itself.
func (e *ChainError) Is(target error) bool { return target == ErrRecord }

// CheckChain checks the events one by one. The error is a *ChainError, which names the first that was
// altered, left out, or put elsewhere.
func (r *Record) CheckChain() error {
	previous := r.origin()
	var last Time
	for i, e := range r.Events {
		sum, err := e.sum()
		switch {
		case err != nil:
			return err
		case e.Sequence != i:
			return chainError(i, because("it is numbered %d", e.Sequence))
		case e.Previous != previous && i == 0:
			return chainError(i, because("it does not follow the contract: its ID, or the digest of a document as it was uploaded, was altered"))
		case e.Previous != previous:
			return chainError(i, because("it does not follow event %d: one was altered, left out or put elsewhere", i-1))
		case e.Hash != sum:
			return chainError(i, because("%q at %s was altered: its hash is another", e.Type, e.Time))
		case e.Time.Before(last.Time):
			return chainError(i, because("it is of %s, before the one it follows (%s)", e.Time, last))
		}
		if err := r.checkEvent(e); err != nil {
			return chainError(i, err)
		}
		previous, last = e.Hash, e.Time
	}
	if r.ChainHead != previous {
		return chainError(len(r.Events), because("the head of the chain is another: events are missing at the end"))
	}
	return nil
}

// Time is a time in a record: RFC 3339 in UTC, to the millisecond.
type Time struct{ time.Time }

const timeLayout = "2006-01-02T15:04:05.000Z"

// At returns t for a record.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Millisecond)} }

// String returns the time as the record has it.
func (t Time) String() string { return t.UTC().Format(timeLayout) }

// MarshalText implements encoding.TextMarshaler.
func (t Time) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// MarshalJSON implements json.Marshaler.
func (t Time) MarshalJSON() ([]byte, error) { return []byte(`"` + t.String() + `"`), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (t *Time) UnmarshalText(text []byte) error {
	at, err := time.Parse(timeLayout, string(text))
	if err != nil {
		return fmt.Errorf("contract: %q is not a time of the form %s", text, timeLayout)
	}
	*t = Time{at}
	return nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *Time) UnmarshalJSON(data []byte) error {
	if len(data) < 2 || data[0] != '"' || data[len(data)-1] != '"' {
		return fmt.Errorf("contract: %.40s is not a time", data)
	}
	return t.UnmarshalText(data[1 : len(data)-1])
}
