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

// IsPerson tells whether a name is that of somebody.
func IsPerson(subject, name string) bool { return isPerson(subject, name) }

// Relatives splits a name as the record has it.
func Relatives(subject string) []string { return relatives(subject) }

// Grow notes a signature that was made without the library, as who holds the platform's key can.
func Grow(c *Contract, participant string, data []byte, leaf *certificate.Certificate) error {
	r := &c.Record
	d, who := &r.Documents[0], r.Participant(participant)
	d.Revisions = append(d.Revisions, Revision{
		Number: len(d.Revisions) + 1, Length: int64(len(data)), SHA256: sum(data), Cause: CauseSigned, Participant: participant,
	})
	all, err := signaturesIn(bytes.NewReader(data), int64(len(data)), "")
	if err != nil {
		return err
	}
	for _, f := range all {
		if f.field == who.Field() {
			r.Signatures = append(r.Signatures, Signature{
				Document: 1, Field: f.field, Participant: participant, Revision: len(d.Revisions), ByteRange: f.byteRange, Value: f.value, Level: "B-B",
			})
		}
	}
	who.Certificate, who.Subject = leaf.Fingerprint(), relativeNames(leaf.Subject)
	return r.append(Event{Time: r.Events[len(r.Events)-1].Time, TimeSource: ServerTime, Actor: participant, Type: Signed, Documents: r.states()})
}

// Page writes a completion certificate, not signed, that shows one record and holds other evidence,
// as who holds the platform's key can.
func Page(shown *Record, d *Disclosure, evidence []byte, o *CertificateOptions) ([]byte, error) {
	options := o.withDefaults()
	return (&Contract{Record: *shown, Disclosure: d}).pageOver(evidence, &options)
}
