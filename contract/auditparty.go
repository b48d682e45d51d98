package contract

import (
	"slices"
	"strings"

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
		grade := max(a.signing(), Unverifiable)
		if !slices.ContainsFunc(a.report.Claims, func(c Claim) bool { return c.Code == "document.manifest" && c.Grade == Proven }) {
			grade = min(grade, Asserted) // no signature covers which order was set
		}
		a.claim(grade, ofContract(), "participant.in-order")
	}
}

// signing is the worst grade of the signatures of participants, and of the record that says
// whose they are.
func (a *auditor) signing() Grade {
	grade := Proven
	if !a.whole {
		grade = Unverifiable
	}
	for _, c := range a.report.Claims {
		if strings.HasPrefix(c.Code, "document.") && (c.Participant != "" || c.Code == "document.missing") {
			grade = min(grade, c.Grade)
		}
	}
	return grade
}

// identity compares the certificates that signed with the record: of a party it proves the
// name, of a witness it is the platform's word.
func (a *auditor) identity(p *Participant) {
	about := ofParticipant(p.ID)
	grade, subject := Proven, ""
	for _, s := range a.signaturesOf(p) {
		if problem, what := a.problem(p, s); problem != "" {
			worst := Refuted
			if problem == "participant.no-certificate" || problem == "participant.platform-unknown" {
				worst = Unverifiable
			}
			a.claim(worst, about, problem, append([]any{p.Name}, what...)...)
			return
		}
		grade, subject = min(grade, gradeOf(s)), s.Signer.Subject
	}
	grade = max(grade, Unverifiable) // what refutes signatures was told with them
	switch {
	case subject == "": // document.removed and document.missing tell
	case p.Method == Witness:
		a.claim(min(Asserted, grade), about, "participant.witnessed", p.Name, a.record.Issuer)
	case isPerson(subject, p.Name):
		a.claim(grade, about, "participant.certificate", p.Name, subject)
	default:
		a.claim(min(Asserted, grade), about, "participant.certificate-unnamed", p.Name, subject)
	}
}

// problem is what a signature says otherwise than the record, as a code, and the arguments after the
// name of the participant.
func (a *auditor) problem(p *Participant, s *verify.Signature) (code string, arguments []any) {
	digest, ok := fingerprint(s.Signer)
	if !ok {
		return "participant.no-certificate", nil
	}
	subject := s.Signer.Subject
	own := a.ofPlatform(digest)
	switch {
	case digest != p.Certificate || !slices.Equal(p.Subject, relatives(subject)):
		return "participant.other-certificate", []any{subject}
	case s.Name != p.Name:
		return "participant.other-name", []any{s.Name}
	case p.Method == Witness && !own && len(a.Platform) == 0 && names(subject, a.record.Issuer):
		return "participant.platform-unknown", []any{a.record.Issuer}
	case p.Method == Witness && !own:
		return "participant.other-platform", []any{subject}
	case p.Method != Witness && own && !names(subject, p.Name, p.Org):
		return "participant.not-own", []any{subject}
	}
	return "", nil
}

// signaturesOf are the signatures of a participant, of all documents that were given.
func (a *auditor) signaturesOf(p *Participant) []*verify.Signature {
	var out []*verify.Signature
	for i := range a.record.Signatures {
		s := &a.record.Signatures[i]
		if s.Participant != p.ID || s.Document < 1 || s.Document > len(a.files) {
			continue
		}
		if f := a.files[s.Document-1]; f != nil && f.recorded[i] != nil {
			out = append(out, f.recorded[i])
		}
	}
	return out
}

// contact grades how a participant was identified, and compares the address with the consents.
func (a *auditor) contact(p *Participant) {
	about := ofParticipant(p.ID)
	for _, v := range p.Auth {
		if !v.Succeeded() {
			continue
		}
		a.claim(Asserted, about, "participant.identified", p.Name, identification(v.Type), v.Time)
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
