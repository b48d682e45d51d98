package certificate

import (
	"bytes"
	"errors"
	"time"
)

// PathOptions are the conditions of a path.
type PathOptions struct {
	// Anchors are trusted; nil trusts nobody.
	Anchors *Pool
	// Purpose chooses among the anchors and is what the leaf must be fit for.
	Purpose Purpose
	// Time is when the path must hold. The zero value is refused.
	Time time.Time
	// Candidates are untrusted certificates to find issuers among, in any order;
	// the leaf and duplicates may be among them. At most 8192 are looked at.
	Candidates []*Certificate
}

// BuildPath looks for a path from the leaf to an anchor that holds at a time
// (RFC 5280, 6.1): names and signatures chain, every certificate below the anchor
// is valid at the time and has no critical extension that is not processed, every
// issuer is a CA that may sign certificates within its path length, and the leaf
// is fit for the purpose. The anchor itself is asked neither for its validity
// period nor for its signature, but it must not say that it is no CA.
//
// The path begins with the leaf and ends with the anchor; it is the leaf alone
// when the leaf is an anchor. When no path holds the error is a [*PathError] about
// the path that came closest, and that path, complete or not, is returned with it.
func BuildPath(leaf *Certificate, o PathOptions) ([]*Certificate, error) {
	if leaf == nil {
		return nil, errors.New("certificate: no leaf given")
	}
	if o.Time.IsZero() {
		return nil, errors.New("certificate: no time given to build a path at")
	}
	if len(o.Candidates) > maxPathCandidates {
		o.Candidates = o.Candidates[:maxPathCandidates]
	}
	s := &search{PathOptions: o, checked: map[edge]error{}}
	if path := s.extend([]*Certificate{leaf}); path != nil {
		return path, nil
	}
	if s.gaveUp && s.rank <= maxPathLength {
		s.failure.Reason = LimitExceeded // that there is no path was not proven
	}
	return s.closest, s.failure
}

// edge is a certificate and its supposed issuer.
type edge struct{ child, issuer *Certificate }

// search is one depth-first search. Steps and signature checks are counted, for
// certificates that sign each other make the number of paths explode.
type search struct {
	PathOptions
	steps   int
	gaveUp  bool
	checked map[edge]error

	closest []*Certificate // the best path that failed
	rank    int            // how good it is
	failure *PathError
}

var errTooManyChecks = errors.New("certificate: too many signature checks")

// extend returns a complete path that begins with the given one, or nil.
func (s *search) extend(path []*Certificate) []*Certificate {
	last := path[len(path)-1]
	if s.Anchors.Contains(last, s.Purpose) {
		if failure := checkPath(path, s.Purpose, s.Time); failure != nil {
			s.failed(path, true, failure)
			return nil
		}
		return path
	}
	dead := &PathError{Reason: NoPath, Certificate: last, Depth: len(path) - 1, Detail: "issuer " + last.Issuer.String()}
	if last.IsSelfIssued() {
		dead.Detail = "self-issued and not trusted for " + s.Purpose.String()
	}
	if s.steps++; s.steps > maxPathSteps || len(path) == maxPathLength {
		s.gaveUp = true
		s.failed(path, false, dead)
		return nil
	}
	for _, issuer := range s.issuers(last) {
		if inPath(path, issuer) {
			continue
		}
		if err := s.checkSignature(last, issuer); err != nil {
			if dead.Err == nil {
				dead.Reason, dead.Detail, dead.Err = signatureReason(err), "", err
			}
			continue
		}
		longer := append(path[:len(path):len(path)], issuer)
		if complete := s.extend(longer); complete != nil {
			return complete
		}
	}
	s.failed(path, false, dead)
	return nil
}

func signatureReason(err error) Reason {
	if errors.Is(err, ErrUnsupportedSignature) {
		return UnsupportedSignature
	}
	return BadSignature
}

// failed remembers the path that came closest: one that reaches an anchor and is
// wrong only about time, then one that reaches an anchor, then the longest.
func (s *search) failed(path []*Certificate, anchored bool, failure *PathError) {
	rank := len(path)
	switch {
	case anchored && (failure.Reason == Expired || failure.Reason == NotYetValid):
		rank = maxPathLength + 2
	case anchored:
		rank = maxPathLength + 1
	}
	if rank > s.rank {
		s.closest, s.rank, s.failure = path, rank, failure
	}
}

// issuers returns the certificates whose subject is the issuer of c: anchors
// first, and among equals those first whose key identifier fits.
func (s *search) issuers(c *Certificate) []*Certificate {
	list := byKeyID(c, s.Anchors.named(c.Issuer, s.Purpose))
	var others []*Certificate
	for _, d := range s.Candidates {
		if d != nil && c.IssuedBy(d) {
			others = append(others, d)
		}
	}
	return append(list, byKeyID(c, others)...)
}

// byKeyID puts those first whose subjectKeyIdentifier is the authorityKeyIdentifier
// of c, and those last whose identifier differs. The identifier is only a hint.
func byKeyID(c *Certificate, list []*Certificate) []*Certificate {
	if len(list) < 2 || c.AuthorityKeyID == nil {
		return list
	}
	sorted := make([]*Certificate, 0, len(list))
	var silent, differing []*Certificate
	for _, d := range list {
		switch {
		case d.SubjectKeyID == nil:
			silent = append(silent, d)
		case bytes.Equal(d.SubjectKeyID, c.AuthorityKeyID):
			sorted = append(sorted, d)
		default:
			differing = append(differing, d)
		}
	}
	return append(append(sorted, silent...), differing...)
}

// inPath tells whether the path has a certificate of the same subject and key:
// going through it again leads nowhere new.
func inPath(path []*Certificate, c *Certificate) bool {
	for _, d := range path {
		if bytes.Equal(c.RawSubjectPublicKeyInfo, d.RawSubjectPublicKeyInfo) &&
			sameName(c.RawSubject, c.Subject, d.RawSubject, d.Subject) {
			return true
		}
	}
	return false
}

func (s *search) checkSignature(child, issuer *Certificate) error {
	e := edge{child, issuer}
	err, known := s.checked[e]
	if !known {
		if len(s.checked) == maxSignatureChecks {
			s.gaveUp = true
			return errTooManyChecks
		}
		err = child.CheckSignatureFrom(issuer)
		s.checked[e] = err
	}
	return err
}
