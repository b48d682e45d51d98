package certificate

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// RevocationStatus is what is known about the revocation of one certificate.
type RevocationStatus int

// The statuses. Only the last two let a path hold, and RevocationRevoked one that
// is asked for a time before the revocation.
const (
	RevocationUnknown    RevocationStatus = iota // asked, and nothing usable answers
	RevocationNotChecked                         // nobody was asked
	RevocationRevoked
	RevocationNotNeeded // nothing has to be asked: an anchor, noRevAvail, short-term, nocheck
	RevocationGood
)

// String returns "unknown", "not-checked", "revoked", "not-needed" or "good".
func (s RevocationStatus) String() string {
	switch s {
	case RevocationNotChecked:
		return "not-checked"
	case RevocationRevoked:
		return "revoked"
	case RevocationNotNeeded:
		return "not-needed"
	case RevocationGood:
		return "good"
	}
	return "unknown"
}

// Revocation is the answer about one certificate of a path.
type Revocation struct {
	Status RevocationStatus
	// RevokedAt is, for RevocationRevoked, from when on nothing made with the key
	// is to be trusted. The zero value means never at all.
	RevokedAt time.Time
	Detail    string // why, for people; may be empty
	// Evidence is what the answer rests on. This package keeps it beside the
	// certificate and does not look at it.
	Evidence any
}

// RevocationChecker tells whether certificates were revoked. It is given to
// [BuildPath], which asks it about every certificate below the anchor of a path
// that otherwise holds, from the anchor downward. Package certificate/revocation
// has one that judges CRLs and OCSP responses.
type RevocationChecker interface {
	// CheckRevocation answers for q.Certificate at q.Time. It may be called several
	// times for one certificate, with different issuers. q is not valid afterwards.
	CheckRevocation(ctx context.Context, q *RevocationQuery) Revocation
}

// RevocationQuery is the question about one certificate. One that was not made by
// [BuildPath] knows no certificates but those of its Path.
type RevocationQuery struct {
	Certificate *Certificate
	// Path holds the certificates above Certificate: its issuer first, the anchor
	// last. They have been validated, their revocation included. There is always one.
	Path []*Certificate
	// Time is when the path must hold.
	Time time.Time
	// Purpose is Signing or TimeStamping for the certificates of the path that
	// was asked for, CRLSigning or OCSPSigning on the way to a signer of evidence.
	Purpose Purpose
	// Leaf tells whether Certificate is the first of its path and not an issuer in it.
	Leaf bool

	search  *search
	answers []Revocation // about Path
}

// Issuer returns the issuer of the certificate in question.
func (q *RevocationQuery) Issuer() *Certificate { return q.Path[0] }

// Anchor returns the trust anchor of the path.
func (q *RevocationQuery) Anchor() *Certificate { return q.Path[len(q.Path)-1] }

// Named returns all known certificates with that subject, to find a signer of
// evidence among: those of the path first. Nothing about them has been checked.
func (q *RevocationQuery) Named(subject Name) []*Certificate {
	var list []*Certificate
	for _, c := range q.Path {
		if subject.Equal(c.Subject) {
			list = append(list, c)
		}
	}
	if q.search == nil {
		return list
	}
	inPath := len(list)
	for _, c := range q.search.index.named(nil, subject) {
		if !containsCertificate(list[:inPath], c) {
			list = append(list, c)
		}
	}
	return list
}

func containsCertificate(list []*Certificate, c *Certificate) bool {
	for _, d := range list {
		if d.Equal(c) {
			return true
		}
	}
	return false
}

// SignerPath looks for a path from a signer of evidence to the anchor of the path
// in question (RFC 5280, 6.3.3 f), under the same conditions, revocation included; of
// policies nothing is demanded. A signer that has the name of the issuer must have been
// certified through the same authorities, by their names. The purpose is CRLSigning or OCSPSigning. It must hold
// at the given time, which is another than q.Time where the signer was certified
// later or has expired since; zero means q.Time. The extra certificates are considered
// beside the known ones. A certificate of the path in question is answered at once
// with what was found out at q.Time. A question that goes round in a circle is answered
// [RevocationUnknown] without asking the checker.
//
// A path that holds may have certificates that were revoked after that time: see
// [Path.RevokedAt].
func (q *RevocationQuery) SignerPath(ctx context.Context, signer *Certificate, purpose Purpose, at time.Time, extra ...*Certificate) (*Path, error) {
	if signer == nil {
		return nil, errors.New("certificate: no signer of evidence given")
	}
	for i, c := range q.Path {
		if !c.Equal(signer) {
			continue
		}
		trusted := i == len(q.Path)-1 && !c.HasKeyUsage // an anchor is taken as it is
		if failure := checkUse(c, purpose); failure != nil && !trusted {
			return nil, failure
		}
		return &Path{Certificates: q.Path[i:], Revocation: q.answersAbove(i)}, nil
	}
	if q.search == nil {
		return nil, &PathError{Reason: NoPath, Certificate: signer}
	}
	if at.IsZero() {
		at = q.Time
	}
	return q.search.signerPath(ctx, q, signer, purpose, at, extra)
}

// RevokedAt returns when the first certificate of Path was revoked, and zero when none
// was, as far as the checker said so: only revocations after q.Time can stand there.
func (q *RevocationQuery) RevokedAt() time.Time { return firstRevocation(q.answers) }

// answersAbove returns the answers about the path from its i-th certificate on.
func (q *RevocationQuery) answersAbove(i int) []Revocation {
	if len(q.answers) != len(q.Path) {
		return notChecked(len(q.Path) - i)
	}
	return q.answers[i:]
}

// firstRevocation returns the earliest time of a revocation among the answers, zero
// without one.
func firstRevocation(answers []Revocation) (first time.Time) {
	for _, a := range answers {
		if a.Status == RevocationRevoked && (first.IsZero() || a.RevokedAt.Before(first)) {
			first = a.RevokedAt
		}
	}
	return first
}

// checkRevocation asks about every certificate below the anchor, from the anchor
// downward, and keeps the answers in the path. It stops at the first that makes the
// path fail.
func (s *search) checkRevocation(ctx context.Context, path *Path) *PathError {
	if s.Revocation == nil {
		return nil
	}
	for i := len(path.Certificates) - 2; i >= 0; i-- {
		answer := s.ask(ctx, path, i)
		path.Revocation[i] = answer
		switch answer.Status {
		case RevocationGood, RevocationNotNeeded:
			continue
		case RevocationRevoked:
			if answer.RevokedAt.After(s.Time) {
				continue
			}
			failure := &PathError{Reason: Revoked, Certificate: path.Certificates[i], Depth: i, Detail: answer.Detail}
			if !answer.RevokedAt.IsZero() {
				failure.Detail = strings.TrimPrefix(answer.Detail+", at "+answer.RevokedAt.UTC().Format(time.RFC3339), ", ")
			}
			return failure
		}
		return &PathError{Reason: RevocationUndetermined, Certificate: path.Certificates[i], Depth: i, Detail: answer.Detail}
	}
	return nil
}

// ask returns the answer about one certificate of a path, a kept one where it
// cannot be another.
func (s *search) ask(ctx context.Context, path *Path, i int) Revocation {
	c, above := path.Certificates[i], path.Certificates[i+1:]
	if containsCertificate(s.pending, c) {
		return Revocation{Detail: "the answer depends on itself"}
	}
	q := question{edge{c, above[0]}, above[len(above)-1], s.Purpose, i == 0, s.Time.UTC().Round(0), firstRevocation(path.Revocation[i+1:]).UTC().Round(0)}
	for i := range s.effort.answers {
		if known := &s.effort.answers[i]; known.question == q {
			return known.answer
		}
	}
	if s.effort.asked++; s.effort.asked > maxQuestions {
		s.effort.gaveUp = true
		return Revocation{Detail: "too many questions about revocation"}
	}
	answer := s.Revocation.CheckRevocation(ctx, &RevocationQuery{
		Certificate: c, Path: above, Time: s.Time, Purpose: s.Purpose, Leaf: i == 0,
		search: s, answers: path.Revocation[i+1:],
	})
	// Inside another question the circle may be what keeps an answer away.
	if len(s.pending) == 0 || answer.Status != RevocationUnknown {
		s.effort.answers = append(s.effort.answers, answered{q, answer})
	}
	return answer
}

// signerPath is the search for a signer of evidence.
func (s *search) signerPath(ctx context.Context, q *RevocationQuery, signer *Certificate, purpose Purpose, at time.Time, extra []*Certificate) (*Path, error) {
	if len(s.pending) == maxSignerDepth {
		s.effort.gaveUp = true
		return nil, &PathError{Reason: LimitExceeded, Certificate: signer, Detail: "evidence about evidence about evidence"}
	}
	nested := &search{
		PathOptions: s.PathOptions, index: s.index.with(extra), effort: s.effort, only: q.Anchor(),
		pending: append(s.pending[:len(s.pending):len(s.pending)], q.Certificate),
	}
	nested.Purpose, nested.Time, nested.Policies, nested.Accept = purpose, at, PolicyOptions{}, nil
	if issuer := q.Issuer(); sameName(signer.RawSubject, signer.Subject, issuer.RawSubject, issuer.Subject) {
		nested.Accept = q.acceptNamesake
	}
	return nested.find(ctx, signer)
}

var errNamesake = errors.New("certificate: another authority of the issuer's name, certified by others than the issuer")

// acceptNamesake refuses the path of a signer that has the name of the issuer unless it
// runs through the same authorities, by their names: below one anchor others may have
// been given that name, too (RFC 5280, 8).
func (q *RevocationQuery) acceptNamesake(path *Path) error {
	same := func(a, b *Certificate) bool { return sameName(a.RawIssuer, a.Issuer, b.RawIssuer, b.Issuer) }
	if !slices.EqualFunc(issued(path.Certificates), issued(q.Path), same) {
		return errNamesake
	}
	return nil
}

// issued returns the certificates below the anchor that are not self-issued.
func issued(path []*Certificate) []*Certificate {
	var list []*Certificate
	for _, c := range path[:len(path)-1] {
		if !c.IsSelfIssued() {
			list = append(list, c)
		}
	}
	return list
}
