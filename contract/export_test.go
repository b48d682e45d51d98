package contract

import (
	"bytes"
	"github.com/inkan-go/inkan/certificate"
)

// Rechain makes the chain of events whole again, as who alters a record can.
func Rechain(r *Record) {
	events := r.Events
	r.Events, r.ChainHead = nil, r.origin()
	for _, e := range events {
		e.Sequence, e.Previous = len(r.Events), r.ChainHead
		e.Hash, _ = e.sum() // of a value that was read
		r.Events, r.ChainHead = append(r.Events, e), e.Hash
	}
}

// Attributes splits a name.
func Attributes(subject string) []string { return attributes(subject) }

// Grown notes a signature that was made behind the platform's back.
func Grown(c *Contract, participant string, data []byte, leaf *certificate.Certificate) {
	r := &c.Record
	d := &r.Documents[0]
	d.Revisions = append(d.Revisions, Revision{Number: len(d.Revisions) + 1, Length: int64(len(data)), SHA256: sum(data), Cause: CauseSigned, Participant: participant})
	all, _ := signaturesIn(bytes.NewReader(data), int64(len(data)), "")
	for _, f := range all {
		if f.field == "Signature-"+participant {
			r.Signatures = append(r.Signatures, Signature{Document: 1, Field: f.field, Participant: participant, Revision: len(d.Revisions), ByteRange: f.byteRange, Value: f.value, Level: "B-B"})
		}
	}
	who := r.Participant(participant)
	who.Certificate, who.Subject = leaf.Fingerprint(), relativeNames(leaf.Subject)
	_ = r.append(Event{Time: r.Events[len(r.Events)-1].Time, TimeSource: ServerTime, Actor: participant, Type: Signed, Documents: r.states()})
}

// IsPerson tells whether a name is that of somebody.
func IsPerson(subject, name string) bool { return isPerson(subject, name) }

// Relatives splits a name as the record has it.
func Relatives(subject string) []string { return relatives(subject) }
