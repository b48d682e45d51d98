package contract

import (
	"slices"

	"github.com/inkan-go/inkan/verify"
)

// events compares events with the documents and with the time stamps.
func (a *auditor) events() {
	t := &timeline{a, a.lengths(), a.closed(), a.proofs()}
	sound := true
	for i := range a.record.Events {
		e := &a.record.Events[i]
		if e.Type == Signed && len(t.closed[e.Actor]) != len(a.record.Documents) {
			a.claim(Refuted, ofEvent(e), "event.signature", e.Sequence, e.Actor)
			sound = false
		}
		sound = t.event(e) && sound
	}
	if phase := (&Contract{Record: *a.record}).Phase(); phase != Archived {
		a.claim(Refuted, ofContract(), "event.unconcluded", phase)
	}
	if sound {
		a.claim(Asserted, ofContract(), "event.told", len(a.record.Events))
	}
}

// timeline is what events are compared with.
type timeline struct {
	*auditor
	lengths map[DocumentState]int64    // of the revisions, by what they were
	closed  map[string][]DocumentState // the newest revisions that participants closed
	proofs  map[int][]proof            // the times that time stamps prove, by the numbers of the documents
}

// event claims the first thing that contradicts an event, and tells whether there was none.
func (t *timeline) event(e *Event) bool {
	states := e.Documents
	if e.Type == Signed { // whatever the event says of documents, or does not
		states = append(slices.Clip(states), t.closed[e.Actor]...)
	}
	for _, s := range states {
		length, known := t.lengths[s]
		if !known {
			t.claim(Refuted, ofEvent(e), "event.document", e.Sequence, e.Type, s.Document)
			return false
		}
		if code, at := t.contradicts(e, length, t.proofs[s.Document]); code != "" {
			t.claim(Refuted, ofEvent(e), code, e.Sequence, e.Type, e.Time, at)
			return false
		}
	}
	// the certificate holds every event
	if code, at := t.contradicts(e, 0, t.proofs[CompletionCertificate]); code != "" {
		t.claim(Refuted, ofEvent(e), code, e.Sequence, e.Type, e.Time, at)
		return false
	}
	if e.TimeSource == StampTime && !t.isProven(e.Time) {
		t.claim(Refuted, ofEvent(e), "event.stamp", e.Sequence, e.Type, e.Time)
		return false
	}
	return true
}

// isProven tells whether a time stamp in a document is of a time.
func (t *timeline) isProven(at Time) bool {
	for n, list := range t.proofs {
		if n != CompletionCertificate && slices.ContainsFunc(list, func(p proof) bool { return p.at.Equal(at.Time) }) {
			return true
		}
	}
	return false
}

// lengths are those of the revisions of the record by what they were.
func (a *auditor) lengths() map[DocumentState]int64 {
	out := make(map[DocumentState]int64)
	for _, d := range a.record.Documents {
		for _, v := range d.Revisions {
			out[DocumentState{d.Number, v.SHA256}] = v.Length
		}
	}
	return out
}

// closed are the newest revisions that participants closed, one for each document.
func (a *auditor) closed() map[string][]DocumentState {
	out := make(map[string][]DocumentState)
	for _, d := range a.record.Documents {
		newest := make(map[string]Digest)
		for _, v := range d.Revisions {
			if v.Cause == CauseSigned {
				newest[v.Participant] = v.SHA256
			}
		}
		for who, digest := range newest {
			out[who] = append(out[who], DocumentState{d.Number, digest})
		}
	}
	return out
}

// proof is a time that a time stamp proves for the first bytes of a document.
type proof struct {
	end int64
	at  Time
	// follows tells that the stamp is of a document, which it covers up to end; that of a
	// signature is made after the bytes were signed, and stands in them.
	follows bool
}

// proofs are the times that time stamps prove, by the numbers of the documents; number 0 is the
// certificate.
func (a *auditor) proofs() map[int][]proof {
	issued := proofsIn(a.report.Certificate)
	for i := range issued {
		issued[i].follows = true // also that of its signature: the evidence was there before
	}
	out := map[int][]proof{CompletionCertificate: issued}
	for _, f := range a.files {
		if f != nil {
			out[f.document.Number] = proofsIn(f.report)
		}
	}
	return out
}

func proofsIn(judged *verify.Report) []proof {
	var out []proof
	for _, s := range judged.Signatures {
		for _, t := range s.Timestamps {
			if !t.Time.IsZero() && t.Valid && s.Intact && t.Indication == verify.TotalPassed {
				out = append(out, proof{end(s), At(t.Time.Time), s.Kind == verify.KindTimestamp})
			}
		}
	}
	return out
}

// contradicts tells whether an event, which left a document with a length, is said to have
// been after a time stamp over those bytes, or before one that stands in them.
func (a *auditor) contradicts(e *Event, length int64, proofs []proof) (code string, at Time) {
	for _, p := range proofs {
		switch {
		case p.follows && p.end > length && e.Time.After(p.at.Add(a.tolerance())):
			return "event.late", p.at
		case p.end <= length && e.Time.Before(p.at.Add(-a.tolerance())):
			return "event.early", p.at
		}
	}
	return "", Time{}
}

// told names what only the platform says and nothing else bears out.
func (a *auditor) told() {
	a.claim(min(Asserted, max(a.certifying(), Unverifiable)), ofContract(), "record.told")
}

// disclosure compares the personal values with the record.
func (a *auditor) disclosure() {
	d := a.Disclosure
	if d == nil {
		a.claim(Unverifiable, ofContract(), "disclosure.missing")
		return
	}
	if err := d.Check(); err != nil || d.Record != a.record.ID {
		a.claim(Refuted, ofContract(), "disclosure.other", a.record.ID)
		return
	}
	for i := range a.record.Participants {
		p := &a.record.Participants[i]
		if value, ok := d.Value(p.Contact); ok {
			a.claim(Asserted, ofParticipant(p.ID), "participant.contact", p.Name, value)
		} else if !p.Contact.IsZero() {
			a.claim(Unverifiable, ofParticipant(p.ID), "participant.contact-withheld", p.Name)
		}
	}
}
