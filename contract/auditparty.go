package contract

import (
	"slices"
	"strings"
	"time"

	"github.com/inkan-go/inkan/verify"
)

// participants grades who signed, in which order, and how they were identified.
func (a *auditor) participants() {
	a.order()
	for i := range a.record.Participants {
		p := &a.record.Participants[i]
		if !a.record.HasSigned(p.ID) {
			a.claim(Refuted, ofParticipant(p.ID), "participant.unsigned", p.Name)
			continue
		}
		a.identity(p)
		a.contact(p)
	}
}

// order compares the revisions that participants closed with the order that was set.
func (a *auditor) order() {
	inOrder := true
	for _, d := range a.record.Documents {
		var last *Participant
		for _, v := range d.Revisions {
			p := a.record.Participant(v.Participant)
			if v.Cause != CauseSigned || p == nil {
				continue
			}
			if last != nil && p.Order < last.Order {
				about := ofDocument(d.Number)
				about.Participant = p.ID
				a.claim(Refuted, about, "participant.order", last.Name, p.Name)
				inOrder = false
			}
			last = p
		}
	}
	if inOrder {
		a.claim(a.signing(), whole(), "participant.in-order")
	}
}

// signing is the worst grade of the signatures of participants.
func (a *auditor) signing() Grade {
	grade := Proven
	for _, c := range a.report.Claims {
		if strings.HasPrefix(c.Code, "document.") && (c.Participant != "" || c.Code == "document.missing") {
			grade = min(grade, c.Grade)
		}
	}
	return grade
}

// identity compares the certificate that signed with the record: of a party it proves the
// name, of a witness it is the platform's word.
func (a *auditor) identity(p *Participant) {
	about := ofParticipant(p.ID)
	for _, f := range a.files {
		if f == nil {
			continue
		}
		s := a.signatureOf(f, p)
		if s == nil {
			continue // document.removed tells
		}
		digest, ok := fingerprint(s.Signer)
		if !ok {
			a.claim(Unverifiable, about, "participant.no-certificate", p.Name)
			return
		}
		if digest != p.Certificate {
			a.claim(Refuted, about, "participant.other-certificate", p.Name, s.Signer.Subject)
			return
		}
		if p.Method != Witness {
			a.claim(gradeOf(s), about, "participant.certificate", p.Name, s.Signer.Subject)
			return
		}
		if own, ok := fingerprint(a.certifier()); len(a.Platform) == 0 && (!ok || own != digest) {
			a.claim(Refuted, about, "participant.other-platform", p.Name, s.Signer.Subject)
			return
		}
		if s.Name != p.Name {
			a.claim(Refuted, about, "participant.other-name", p.Name, s.Name)
			return
		}
		a.claim(min(Asserted, gradeOf(s)), about, "participant.witnessed", p.Name, a.record.Issuer)
		return
	}
}

func (a *auditor) signatureOf(f *auditedFile, p *Participant) *verify.Signature {
	for _, s := range a.record.Signatures {
		if s.Document == f.document.Number && s.Participant == p.ID {
			return f.signatures[s.Field]
		}
	}
	return nil
}

// contact grades how a participant was identified, and compares the address with the consents.
func (a *auditor) contact(p *Participant) {
	about := ofParticipant(p.ID)
	for _, v := range p.Auth {
		if !v.Succeeded() {
			continue
		}
		a.claim(Asserted, about, "participant.identified", p.Name, v.Type, v.Time)
		if len(a.record.Consents) == 0 || v.Contact.IsZero() {
			continue
		}
		switch c := a.record.ConsentFor(v.Contact, v.Time); {
		case c != nil:
			a.claim(Asserted, about, "participant.consent", p.Name, c.Company, c.Date)
		case a.companyConsented(p):
			a.claim(Refuted, about, "participant.other-address", p.Name, p.Org)
		}
	}
}

// companyConsented tells whether a consent names the company of a participant.
func (a *auditor) companyConsented(p *Participant) bool {
	return p.Org != "" && slices.ContainsFunc(a.record.Consents, func(c Consent) bool { return c.Company == p.Org })
}

// events compares events with the documents and with the time stamps.
func (a *auditor) events() {
	sound := true
	for i := range a.record.Events {
		e := &a.record.Events[i]
		for _, s := range e.Documents {
			if !a.known(s) {
				a.claim(Refuted, ofEvent(e), "event.document", e.Sequence, e.Type, s.Document)
				sound = false
			}
		}
		if e.Type == Signed && !a.signedAs(e) {
			a.claim(Refuted, ofEvent(e), "event.signature", e.Sequence, e.Actor)
			sound = false
		}
		if at, late := a.late(e); late {
			a.claim(Refuted, ofEvent(e), "event.late", e.Sequence, e.Type, e.Time, At(at))
			sound = false
		}
	}
	if sound {
		a.claim(Asserted, whole(), "event.told", len(a.record.Events))
	}
}

// known tells whether a document had that digest in one of its revisions.
func (a *auditor) known(s DocumentState) bool {
	if s.Document < 1 || s.Document > len(a.record.Documents) {
		return false
	}
	return slices.ContainsFunc(a.record.Documents[s.Document-1].Revisions, func(v Revision) bool { return v.SHA256 == s.SHA256 })
}

// signedAs tells whether the participant of an event closed a revision in every document.
func (a *auditor) signedAs(e *Event) bool {
	for _, d := range a.record.Documents {
		if !slices.ContainsFunc(d.Revisions, func(v Revision) bool { return v.Cause == CauseSigned && v.Participant == e.Actor }) {
			return false
		}
	}
	return true
}

// late tells whether an event is said to have been after a time stamp over what it led to.
func (a *auditor) late(e *Event) (time.Time, bool) {
	if e.Type != Signed && e.Type != Created {
		return time.Time{}, false
	}
	for _, f := range a.files {
		if f == nil {
			continue
		}
		for _, s := range f.report.Signatures {
			if s.Kind != verify.KindTimestamp || gradeOf(s) != Proven || len(s.Timestamps) == 0 {
				continue
			}
			at, err := time.Parse(time.RFC3339Nano, s.Timestamps[0].Time)
			if err == nil && e.Time.After(at.Add(a.tolerance())) {
				return at, true
			}
		}
	}
	return time.Time{}, false
}

// disclosure compares the personal values with the record.
func (a *auditor) disclosure() {
	d := a.Disclosure
	if d == nil {
		a.claim(Unverifiable, whole(), "disclosure.missing")
		return
	}
	if err := d.Check(); err != nil || d.Record != a.record.ID {
		a.claim(Refuted, whole(), "disclosure.other", a.record.ID)
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
