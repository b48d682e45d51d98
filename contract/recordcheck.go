package contract

import (
	"math"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/inkan-go/inkan/internal/redact"
)

// Check checks that the record agrees with itself: its numbers, its references, the chain
// of its events, and that every revision that somebody signed ends where that signature does. It cannot
// tell whether somebody wrote a whole record anew: the platform's
// signature over it does. Errors wrap ErrRecord, ErrLimit; a broken chain is a *ChainError.
func (r *Record) Check() error {
	switch {
	case r.Version != Version:
		return fail(ErrRecord, "it is of version %d; this program reads version %d", r.Version, Version)
	case r.ID.IsZero():
		return fail(ErrRecord, "it has no ID")
	case len(r.Documents) == 0:
		return fail(ErrRecord, "it has no documents")
	}
	for _, check := range []func() error{
		r.checkCounts, r.checkTexts, r.checkDocuments, r.checkParticipants, r.checkConsents, r.checkSignatures, r.checkDeal, r.CheckChain, r.checkIdentified,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (r *Record) checkCounts() error {
	identified := 0
	for _, p := range r.Participants {
		identified += len(p.Auth)
	}
	for _, n := range []struct {
		what      string
		have, max int
	}{
		{"documents", len(r.Documents), maxDocuments}, {"participants", len(r.Participants), maxParticipants},
		{"events", len(r.Events), maxEvents}, {"consents", len(r.Consents), maxConsents},
		{"signatures", len(r.Signatures), maxSignatures}, {"identifications", identified, maxIdentified},
	} {
		if n.have > n.max {
			return fail(ErrLimit, "it has %d %s; at most %d are read", n.have, term(n.what), n.max)
		}
	}
	for _, d := range r.Documents {
		if len(d.Revisions) > maxRevisions {
			return fail(ErrLimit, "document %d has %d revisions; at most %d are read", d.Number, len(d.Revisions), maxRevisions)
		}
	}
	return nil
}

// checkTexts limits the texts that people read, and refuses in them what is no text; checkEvent limits
// those of events, which may hold what a stranger's browser sent.
func (r *Record) checkTexts() error {
	texts := append([]string{r.Issuer, r.Retention.Profile}, r.Deal.Counterparties...)
	for _, d := range r.Documents {
		texts = append(texts, d.Title, d.ManagementNo, d.Creator)
	}
	for _, p := range r.Participants {
		texts = append(texts, p.ID, p.Role, p.Name, p.Org)
		texts = append(texts, p.Subject...)
		for _, a := range p.Auth {
			texts = append(texts, a.Type, a.Provider, a.Result)
		}
	}
	for _, c := range r.Consents {
		texts = append(texts, c.Company, c.Address, c.Representative, c.Delegate, c.Title, c.Clerk, c.Attached)
	}
	for _, t := range texts {
		if len(t) > maxTextBytes {
			return fail(ErrLimit, "the text %.20q… is longer than %d bytes", t, maxTextBytes)
		}
		if !isText(t) {
			return fail(ErrRecord, "the text %.60q holds a line end, another control character, one that turns the direction of writing, or bytes that are no UTF-8", t)
		}
	}
	return nil
}

// isText tells whether a text says to people what it says to programs.
func isText(t string) bool { return utf8.ValidString(t) && !strings.ContainsFunc(t, redact.Commands) }

func (r *Record) checkDocuments() error {
	seen := map[ID]bool{r.ID: len(r.Documents) > 1} // one document has the ID of its contract
	for i, d := range r.Documents {
		if d.Number != i+1 {
			return fail(ErrRecord, "document %d is numbered %d", i+1, d.Number)
		}
		if seen[d.ID] {
			return fail(ErrRecord, "document %d has the ID %s of another", d.Number, d.ID)
		}
		seen[d.ID] = true
		if err := d.checkRevisions(); err != nil {
			return fail(ErrRecord, "document %d: %w", d.Number, err)
		}
	}
	return nil
}

// causes are the ranks of causes: a cause is not followed by one of a lower rank.
var causes = map[Cause]int{CauseUploaded: 1, CausePrepared: 2, CauseSigned: 3, CauseConcluded: 4, CauseRenewed: 5}

func (d *Document) checkRevisions() error {
	if len(d.Revisions) == 0 {
		return because("it has no revision")
	}
	var length int64
	rank := 0
	for i, v := range d.Revisions {
		switch {
		case v.Number != i+1:
			return because("revision %d is numbered %d", i+1, v.Number)
		case v.Length <= length:
			return because("revision %d is not longer than the one before", v.Number)
		case causes[v.Cause] == 0 || (i == 0) != (v.Cause == CauseUploaded) || causes[v.Cause] < rank:
			return because("revision %d was %q, which cannot be there", v.Number, v.Cause)
		case v.Cause == CausePrepared && (i != 1 || d.Foreign):
			return because("revision %d was %q, which cannot be there", v.Number, v.Cause)
		case (v.Cause == CauseSigned) != (v.Participant != ""):
			return because("revision %d was %q by the participant %q", v.Number, v.Cause, v.Participant)
		case i == 0 && v.SHA256 != d.Digests.Uploaded:
			return because("its first revision is not what was uploaded")
		case v.Cause == CausePrepared && v.SHA256 != d.Digests.Prepared:
			return because("revision %d is not what was prepared", v.Number)
		case v.Cause == CauseSigned && !d.Foreign && d.Digests.Prepared.IsZero():
			return because("revision %d was signed, and none was prepared", v.Number)
		}
		length, rank = v.Length, causes[v.Cause]
	}
	return nil
}

// checkSignatures binds signatures to revisions: the order of the participants is that in
// which the bytes are covered, not what the record says.
func (r *Record) checkSignatures() error {
	fields := make(map[string]string, len(r.Participants))
	for _, p := range r.Participants {
		fields[p.ID] = p.Field()
	}
	signed := make([]map[int]bool, len(r.Documents)) // revisions that participants signed
	came := make([]bool, len(r.Documents))           // with signatures
	for i := range signed {
		signed[i] = make(map[int]bool)
	}
	for i, s := range r.Signatures {
		if s.Document < 1 || s.Document > len(r.Documents) {
			return fail(ErrRecord, "signature %d is in document %d, of %d", i+1, s.Document, len(r.Documents))
		}
		d := &r.Documents[s.Document-1]
		if s.Revision < 1 || s.Revision > len(d.Revisions) {
			return fail(ErrRecord, "signature %d closes revision %d, which document %d has not", i+1, s.Revision, s.Document)
		}
		v := &d.Revisions[s.Revision-1]
		field, known := fields[s.Participant]
		switch {
		case s.Participant != v.Participant:
			return fail(ErrRecord, "signature %d is of %q, its revision %d of %q", i+1, s.Participant, s.Revision, v.Participant)
		case s.Participant != "" && !known:
			return fail(ErrRecord, "signature %d is of the unknown participant %q", i+1, s.Participant)
		case known && s.Field != field:
			return fail(ErrRecord, "signature %d of %q is in the field %q, not %q", i+1, s.Participant, s.Field, field)
		case known && signed[s.Document-1][s.Revision]:
			return fail(ErrRecord, "revision %d of document %d has two signatures of %q", s.Revision, s.Document, s.Participant)
		case !s.within(d, known):
			return fail(ErrRecord, "signature %d covers %v, which does not end with revision %d of document %d", i+1, s.ByteRange, s.Revision, s.Document)
		}
		if known {
			signed[s.Document-1][s.Revision] = true
		}
		came[s.Document-1] = came[s.Document-1] || s.Revision == 1
	}
	for i, d := range r.Documents {
		if d.Foreign != came[i] {
			return fail(ErrRecord, "document %d came with signatures: %t; of those it came with there are some: %t", d.Number, d.Foreign, came[i])
		}
		for _, v := range d.Revisions {
			if v.Cause == CauseSigned && !signed[i][v.Number] {
				return fail(ErrRecord, "revision %d of document %d was signed by %q, and has no such signature", v.Number, d.Number, v.Participant)
			}
		}
	}
	return nil
}

// within tells whether the range of a signature ends in its revision: where it is the whole
// revision, exactly with it.
func (s *Signature) within(d *Document, whole bool) bool {
	from, length := s.ByteRange[2], s.ByteRange[3]
	if from < 0 || length < 0 || from > math.MaxInt64-length {
		return false
	}
	end := from + length
	v := d.Revisions[s.Revision-1]
	var before int64
	if s.Revision > 1 {
		before = d.Revisions[s.Revision-2].Length
	}
	if whole {
		return end == v.Length
	}
	return before < end && end <= v.Length
}

var (
	decimal  = regexp.MustCompile(`^-?[0-9]{1,40}(\.[0-9]{1,20})?$`)
	currency = regexp.MustCompile(`^[A-Z]{3}$`)
)

func (r *Record) checkDeal() error {
	if d := r.Deal.Date; d != "" && !isDate(d) {
		return fail(ErrRecord, "the deal is of %q, which is not a date of the form YYYY-MM-DD", d)
	}
	if a := r.Deal.Amount; a != nil && (!decimal.MatchString(a.Value) || !currency.MatchString(a.Currency)) {
		return fail(ErrRecord, "the amount %q %q is not a decimal number and a currency of three letters", a.Value, a.Currency)
	}
	if d := r.Retention.Until; d != "" && !isDate(d) {
		return fail(ErrRecord, "it is kept until %q, which is not a date of the form YYYY-MM-DD", d)
	}
	return nil
}
