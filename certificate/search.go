package certificate

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"time"
)

// search looks for one path. It goes through the graph of certificates depth
// first, from the leaf up, the likeliest issuer first.
type search struct {
	PathOptions
	index  *index
	effort *effort // shared with the searches for signers of evidence

	only    *Certificate   // the only anchor, when set
	pending []*Certificate // whose revocation is being asked, in searches around this one
	explain bool           // no path will hold: find the one that comes closest
	settled bool           // explaining, and nothing better will be found

	closest *Path // the best path that failed
	rank    int   // how good it is
	failure *PathError
}

// effort counts the work, for certificates that sign each other make the number
// of paths explode.
type effort struct {
	steps   int
	asked   int // questions about revocation
	sources int // questions for issuers
	work    int // comparisons of names and policies
	gaveUp  bool
	checked map[edge]error
	answers []answered // maxQuestions at most
}

// edge is a certificate and its supposed issuer.
type edge struct{ child, issuer *Certificate }

// question is one about revocation; its answer is kept.
type question struct {
	edge
	anchor  *Certificate
	purpose Purpose
	leaf    bool
	at      time.Time
	revoked time.Time // when somebody above was
}

// answered is a question with its answer.
type answered struct {
	question
	answer Revocation
}

var errTooManyChecks = errors.New("certificate: too many signature checks")

func newSearch(o PathOptions) *search {
	all := &struct { // one allocation
		search search
		index  index
		effort effort
	}{search: search{PathOptions: o}, effort: effort{checked: map[edge]error{}}}
	all.index.fill(o.Anchors, o.Candidates)
	all.search.index, all.search.effort = &all.index, &all.effort
	return &all.search
}

// find runs the search: first along issuers that can be part of a path that holds,
// and then, when there is none, for the path that explains best why.
func (s *search) find(ctx context.Context, leaf *Certificate) (*Path, error) {
	start := []*Certificate{leaf}
	s.explain = s.checkLeaf(leaf) != nil
	if path := s.extend(ctx, start); path != nil {
		return path, nil
	}
	if !s.explain && s.rank <= maxPathLength && ctx.Err() == nil {
		s.explain, s.rank = true, 0
		gaveUp, steps := s.effort.gaveUp, s.effort.steps
		s.effort.steps = max(0, steps-maxPathSteps/4)
		s.extend(ctx, start)
		s.effort.steps = max(steps, s.effort.steps)
		s.effort.gaveUp = gaveUp || s.effort.gaveUp && s.reachable(leaf)
	}
	if err := ctx.Err(); err != nil {
		s.failure.Reason, s.failure.Err = LimitExceeded, err
	} else if s.effort.gaveUp && s.rank <= maxPathLength {
		s.failure.Reason = LimitExceeded // that there is no path was not proven
	}
	return s.closest, s.failure
}

// reachable tells whether names lead from c to an anchor.
func (s *search) reachable(c *Certificate) bool {
	distance := s.index.distances(s)
	return len(s.anchorsNamed(c.RawIssuer, c.Issuer)) > 0 ||
		slices.ContainsFunc(s.index.named(c.RawIssuer, c.Issuer), func(d *Certificate) bool { return distance[d] > 0 })
}

// checkLeaf checks what no path can heal.
func (s *search) checkLeaf(leaf *Certificate) *PathError {
	if s.isAnchor(leaf) {
		return nil
	}
	if failure := checkFormat(leaf); failure != nil {
		return failure
	}
	if failure := checkUse(leaf, s.Purpose); failure != nil {
		return failure
	}
	return checkTime(leaf, s.Time)
}

// extend returns a complete path that begins with the given one, or nil.
func (s *search) extend(ctx context.Context, path []*Certificate) *Path {
	last := path[len(path)-1]
	if s.isAnchor(last) {
		return s.complete(ctx, path)
	}
	dead := deadEnd{reason: NoPath}
	if s.effort.steps++; s.effort.steps > maxPathSteps || len(path) == maxPathLength || ctx.Err() != nil {
		s.effort.gaveUp = true
		s.end(path, dead)
		return nil
	}
	if complete := s.through(ctx, path, s.issuers(last), &dead); complete != nil {
		return complete
	}
	if more := s.fetch(ctx, last, &dead); len(more) > 0 {
		if complete := s.through(ctx, path, more, &dead); complete != nil {
			return complete
		}
	}
	s.end(path, dead)
	return nil
}

// deadEnd is why a path does not go on.
type deadEnd struct {
	reason Reason
	err    error
}

// end notes that a path does not go on.
func (s *search) end(path []*Certificate, dead deadEnd) {
	if len(path) <= s.rank {
		return // another came closer
	}
	failure := &PathError{Reason: dead.reason, Certificate: path[len(path)-1], Depth: len(path) - 1, Err: dead.err}
	if failure.Reason == NoPath {
		failure.Detail = "issuer " + failure.Certificate.Issuer.String()
		if failure.Certificate.IsSelfIssued() {
			failure.Detail = "self-issued and not trusted for " + s.Purpose.String()
		}
	}
	s.failed(&Path{Certificates: path}, false, failure)
}

// through tries each of the issuers of the last certificate of the path.
func (s *search) through(ctx context.Context, path, issuers []*Certificate, dead *deadEnd) *Path {
	last := path[len(path)-1]
	for _, issuer := range issuers {
		if s.settled || inPath(path, issuer) || !s.explain && !s.mayIssue(path, issuer) {
			continue
		}
		if err := s.checkSignature(last, issuer); err != nil {
			if dead.err == nil {
				dead.reason, dead.err = signatureReason(err), err
			}
			continue
		}
		longer := append(path[:len(path):len(path)], issuer)
		if complete := s.extend(ctx, longer); complete != nil {
			return complete
		}
	}
	return nil
}

// mayIssue tells whether a path through the issuer can hold, as far as the issuer
// alone shows.
func (s *search) mayIssue(path []*Certificate, issuer *Certificate) bool {
	anchor := s.isAnchor(issuer)
	if checkIssuer(issuer, anchor, intermediates(path)) != nil {
		return false
	}
	if anchor {
		return true
	}
	if s.Issuers == nil && len(s.index.all) > fewCandidates && s.index.distances(s)[issuer] == 0 {
		return false
	}
	return checkFormat(issuer) == nil && checkTime(issuer, s.Time) == nil
}

func signatureReason(err error) Reason {
	switch {
	case errors.Is(err, errTooManyChecks):
		return LimitExceeded
	case errors.Is(err, ErrUnsupportedSignature):
		return UnsupportedSignature
	}
	return BadSignature
}

// complete judges a path that ends with an anchor.
func (s *search) complete(ctx context.Context, certificates []*Certificate) *Path {
	path := &Path{Certificates: certificates, Revocation: notChecked(len(certificates))}
	failure := s.validate(path)
	if failure == nil || failure.Depth == 0 && isTime(failure.Reason) {
		// Whether an expired certificate had been revoked matters to those who can
		// prove an earlier time.
		if revoked := s.checkRevocation(ctx, path); failure == nil {
			failure = revoked
		}
	}
	if failure == nil && s.Accept != nil {
		if err := s.Accept(path); err != nil {
			failure = &PathError{Reason: Rejected, Certificate: path.Leaf(), Err: err}
		}
	}
	if failure == nil {
		return path
	}
	s.failed(path, true, failure)
	s.settled = s.explain && failure.Depth == 0
	return nil
}

func isTime(r Reason) bool { return r == Expired || r == NotYetValid }

func notChecked(n int) []Revocation {
	list := make([]Revocation, n)
	for i := range list {
		list[i].Status = RevocationNotChecked
	}
	list[n-1].Status = RevocationNotNeeded // the anchor
	return list
}

// failed remembers the path that came closest: the more of the checks it passes,
// in the order in which they are made, the closer, and before reaching an anchor
// the longer.
func (s *search) failed(path *Path, anchored bool, failure *PathError) {
	rank := len(path.Certificates)
	if anchored {
		rank = maxPathLength + 1 + progress(failure)
	}
	if rank <= s.rank {
		return
	}
	if path.Revocation == nil {
		path.Revocation = make([]Revocation, len(path.Certificates))
		for i := range path.Revocation {
			path.Revocation[i].Status = RevocationNotChecked
		}
	}
	s.closest, s.rank, s.failure = path, rank, failure
}

// progress tells how far a complete path came before it failed.
func progress(failure *PathError) int {
	switch failure.Reason {
	case NameConstraints, NoValidPolicy:
		return 1
	case Expired, NotYetValid:
		return 2
	case Revoked:
		if failure.Depth == 0 {
			return 5
		}
		return 3
	case RevocationUndetermined:
		return 4
	case Rejected:
		return 6
	}
	return 0
}

func (s *search) isAnchor(c *Certificate) bool {
	if s.only != nil {
		return s.only.Equal(c)
	}
	return s.Anchors.Contains(c, s.Purpose)
}

// anchorsNamed returns the anchors whose subject is the name; raw is the same name in DER.
func (s *search) anchorsNamed(raw []byte, name Name) []*Certificate {
	if s.only == nil {
		return s.Anchors.named(&s.index.names, raw, name, s.Purpose)
	}
	if s.only.Subject.Equal(name) {
		return []*Certificate{s.only}
	}
	return nil
}

// issuers returns the certificates whose subject is the issuer of c, the likeliest
// first: anchors, then those whose key identifier fits, those that can be part of a
// path at the time, and those from which an anchor is near.
func (s *search) issuers(c *Certificate) []*Certificate {
	anchors := s.anchorsNamed(c.RawIssuer, c.Issuer)
	var others []*Certificate
	for _, d := range s.index.named(c.RawIssuer, c.Issuer) {
		if !containsCertificate(anchors, d) {
			others = append(others, d)
		}
	}
	s.sort(c, anchors)
	s.sort(c, others)
	if len(anchors) == 0 {
		return others
	}
	return append(anchors, others...)
}

func (s *search) sort(c *Certificate, list []*Certificate) {
	if len(list) < 2 {
		return
	}
	distance := s.index.distances(s)
	score := func(d *Certificate) int {
		n := min(distance[d], maxPathLength) + keyIDScore(c, d)<<5
		if distance[d] == 0 && !s.isAnchor(d) {
			n += 1 << 8 // no anchor can be reached
		}
		if !d.IsCA || !d.ValidAt(s.Time) {
			n += 1 << 7
		}
		return n
	}
	type scored struct {
		certificate *Certificate
		score       int
	}
	sorted := make([]scored, len(list))
	for i, d := range list {
		sorted[i] = scored{d, score(d)}
	}
	slices.SortStableFunc(sorted, func(a, b scored) int { return a.score - b.score })
	for i := range sorted {
		list[i] = sorted[i].certificate
	}
}

// keyIDScore is 0 when the subjectKeyIdentifier of the issuer is the
// authorityKeyIdentifier of c, 1 when one is absent, and 2 when they differ. The
// identifier is only a hint: many are wrong.
func keyIDScore(c, issuer *Certificate) int {
	switch {
	case c.AuthorityKeyID == nil || issuer.SubjectKeyID == nil:
		return 1
	case bytes.Equal(c.AuthorityKeyID, issuer.SubjectKeyID):
		return 0
	}
	return 2
}

// fetch asks the source for issuers of c that are not known yet.
func (s *search) fetch(ctx context.Context, c *Certificate, dead *deadEnd) []*Certificate {
	if s.Issuers == nil || s.settled || c.IsSelfIssued() && s.checkSignature(c, c) == nil {
		return nil
	}
	if err, asked := s.index.asked[c]; asked {
		dead.err = cmp.Or(dead.err, err)
		return nil
	}
	if s.effort.sources++; s.effort.sources > maxSourceQuestions {
		s.effort.gaveUp = true
		return nil
	}
	found, err := s.Issuers.Issuers(ctx, c)
	if s.index.asked == nil {
		s.index.asked = map[*Certificate]error{}
	}
	s.index.asked[c] = err
	dead.err = cmp.Or(dead.err, err)
	var fresh []*Certificate
	for _, d := range found {
		if d != nil && s.index.add(d) && c.IssuedBy(d) && !s.isAnchor(d) {
			fresh = append(fresh, d)
		}
	}
	return fresh
}

// inPath tells whether the path has a certificate of the same subject and key:
// going through it again leads nowhere new.
func inPath(path []*Certificate, c *Certificate) bool {
	return slices.ContainsFunc(path, func(d *Certificate) bool {
		return bytes.Equal(c.RawSubjectPublicKeyInfo, d.RawSubjectPublicKeyInfo) &&
			sameName(c.RawSubject, c.Subject, d.RawSubject, d.Subject)
	})
}

// checkSignature verifies that issuer signed child, at most once. A key without
// its parameters is not used before the path is complete.
func (s *search) checkSignature(child, issuer *Certificate) error {
	if issuer.inheritsParameters() {
		return nil
	}
	e := edge{child, issuer}
	err, known := s.effort.checked[e]
	if !known {
		if len(s.effort.checked) == maxSignatureChecks {
			s.effort.gaveUp = true
			return errTooManyChecks
		}
		err = s.Checks.Check(child, issuer)
		s.effort.checked[e] = err
	}
	return err
}
