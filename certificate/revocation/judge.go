package revocation

import (
	"errors"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
)

// Options are the conditions of a judgement.
type Options struct {
	// Time is when the status is asked for. The zero value gets no answer.
	Time time.Time
	// Now is the present: evidence issued later is refused. Zero means Time, so
	// that nothing younger than Time is used.
	Now time.Time
	// MaxAge, if not zero, refuses to call a certificate good by evidence that was
	// issued longer than that before Time (EN 319 102-1, 5.2.5). Evidence that does
	// not say when the next one comes serves a day without it.
	MaxAge time.Duration
	// ProvenBy, if not zero, leaves aside evidence that is not proven to have existed
	// then (EN 319 102-1, 5.6.2.2).
	ProvenBy time.Time
	// Certificates are untrusted ones to find signers of evidence among.
	Certificates []*certificate.Certificate
	// Trusted returns the path of a CRL signer that is not the issuer of the certificate
	// (RFC 5280, 6.3.3 f), or an error where none holds at the given time, revocation
	// included. That time is Time or, if the signer signed later or has expired since,
	// the nearest at which it was certified. nil trusts none. OCSP responders need no
	// path: the issuer itself certified them.
	Trusted func(signer *certificate.Certificate, at time.Time) (*certificate.Path, error)
	// IssuerIsAnchor tells that the issuer is a trust anchor, whose validity period
	// does not count.
	IssuerIsAnchor bool
	// IssuerRevokedAt is when the issuer, or somebody above it, was revoked after Time;
	// zero means never. Its key proves nothing by evidence that is not known to have
	// existed before.
	IssuerRevokedAt time.Time

	// query knows more certificates; nil knows none.
	query *certificate.RevocationQuery
}

// Evidence that has no nextUpdate speaks of the present for defaultAge after
// thisUpdate. The clocks of issuers may go wrong by skew.
const (
	defaultAge = 24 * time.Hour
	skew       = 5 * time.Minute
)

// judge is one judgement.
type judge struct {
	Options
	set          *Set
	cert, issuer *certificate.Certificate
	*effort
	depth int // judgements of responders around this one

	points    []point        // of the certificate
	own       [1]generalName // its issuer, of ownPoint
	ownPoint  pointName      // that of a CRL which is named in no other
	pointWork int            // what it costs to compare with them
	compared  int            // comparisons of names and of keys
	deltas    []*item
	checked   map[*item]checkedCRL
	hashed    map[algorithm.Hash]*identified
	answer    *Answer
	limited   bool // evidence was passed over at a limit
	rejected  map[Rejection]bool
	findings  []finding
}

// effort is what a judgement and those of the responders in it share. Most need none of
// the maps.
type effort struct {
	signatures int // verified
	untrusted  *candidates
	delegates  map[signerAt]*Answer
	signers    map[signerAt]signerPath // what Trusted said
	pending    map[[32]byte]bool       // responders that are being judged
}

// signerAt is a question about a signer, signerPath the answer of Options.Trusted.
type (
	signerAt struct {
		fingerprint [32]byte
		at          int64 // seconds
	}
	signerPath struct {
		path *certificate.Path
		err  error
	}
)

// finding is what one piece of accepted evidence says.
type finding struct {
	item    *item
	more    []*Evidence
	entry   *Entry   // nil: not revoked
	reasons reasons  // which reasons it covers
	number  *big.Int // of the youngest CRL in it; nil when not known
	good    bool     // whether it speaks of the time, so that it may call the certificate good or on hold

	thisUpdate, nextUpdate, producedAt time.Time
	signer                             *certificate.Certificate
}

// Judge answers whether the certificate was revoked at a time. The issuer is the
// certificate above it in a path that was validated. All evidence in the set is
// looked at: a revocation that any acceptable piece proves counts, except that
// a hold may be lifted by a younger one; otherwise the youngest piece is the answer.
//
// The answer is never nil. It is Unknown when Time, cert or issuer is missing.
func (s *Set) Judge(cert, issuer *certificate.Certificate, o Options) *Answer {
	all := &struct { // one allocation
		judge  judge
		effort effort
	}{judge: judge{Options: o, set: s, cert: cert, issuer: issuer}}
	all.judge.effort = &all.effort
	return all.judge.judge()
}

func (j *judge) judge() *Answer {
	j.answer = &Answer{}
	if j.cert == nil || j.issuer == nil || j.Time.IsZero() {
		j.answer.Detail = "certificate, issuer or time is missing"
		return j.answer
	}
	if j.Now.IsZero() {
		j.Now = j.Time
	}
	for _, i := range j.items() {
		if errors.Is(i.err, errTooMuch) {
			j.reject(i, &fault{LimitExceeded, i.err.Error()})
		}
	}
	j.judgeCRLs()
	j.judgeResponses()
	j.conclude()
	return j.answer
}

// compare counts comparisons; a fault when there were too many.
func (j *judge) compare(n int) *fault {
	if j.compared += n; j.compared > maxComparisons {
		return &fault{LimitExceeded, "too many names and keys to compare"}
	}
	return nil
}

// items returns the evidence that may be used.
func (j *judge) items() []*item {
	list := j.set.list()
	if j.ProvenBy.IsZero() {
		return list
	}
	var proven []*item
	for _, i := range list {
		if p := i.evidence.Proven; !p.IsZero() && !p.After(j.ProvenBy) {
			proven = append(proven, i)
		}
	}
	return proven
}

func (j *judge) reject(i *item, f *fault) {
	j.limited = j.limited || f.cause == LimitExceeded
	r := Rejection{Evidence: i.evidence, Cause: f.cause, Detail: f.detail}
	if !j.rejected[r] {
		if j.rejected == nil {
			j.rejected = map[Rejection]bool{}
		}
		j.rejected[r] = true
		j.answer.Rejected = append(j.answer.Rejected, r)
	}
}

func (j *judge) note(i *item, text string) {
	j.answer.Notes = append(j.answer.Notes, Note{Evidence: i.evidence, Text: text})
}

// conclude takes the answer from the findings.
func (j *judge) conclude() {
	a := j.answer
	worst, youngest, covered := j.weigh()
	switch {
	case worst != nil:
		a.Status = Revoked
		j.take(worst)
		if youngest != nil {
			j.note(youngest.item, "calls good a certificate that other evidence says is revoked")
		}
	case youngest != nil && covered == allReasons && j.limited:
		// What was passed over might tell of a revocation.
	case youngest != nil && covered == allReasons:
		a.Status = Good
		j.take(youngest)
		j.takeLater()
	case youngest != nil:
		for _, f := range j.findings {
			if f.good {
				j.reject(f.item, &fault{SomeReasons, ""})
			}
		}
	}
	if a.Status == Unknown {
		j.explain()
	}
	if a.Status == Unknown && len(a.Rejected) == 0 {
		a.Status = NotChecked
	}
	if why := notNeeded(j.cert); why != "" && (a.Status == NotChecked || a.Status == Unknown) {
		a.Status, a.Detail = NotNeeded, why
	}
}

// weigh returns the finding that proves a revocation at the time, if there is one,
// the youngest that calls the certificate good, and the reasons that all those
// which call it good cover.
func (j *judge) weigh() (worst, youngest *finding, covered reasons) {
	var held *finding
	for i := range j.findings {
		f := &j.findings[i]
		switch {
		case f.entry == nil || f.entry.since().After(j.Time):
			if !f.good {
				continue
			}
			covered |= f.reasons
			if youngest == nil || f.thisUpdate.After(youngest.thisUpdate) {
				youngest = f
			}
		case f.entry.Reason == CertificateHold:
			if f.good && (held == nil || f.thisUpdate.After(held.thisUpdate)) {
				held = f
			}
		case worst == nil || f.entry.since().Before(worst.entry.since()):
			worst = f
		}
	}
	if worst == nil && held != nil && !j.lifted(held) {
		worst = held
	}
	return worst, youngest, covered
}

// proves tells whether the entry shows that the certificate was revoked at the
// time, however old the evidence is: a revocation but a hold is never undone.
func (j *judge) proves(e *Entry) bool {
	return e != nil && e.Reason != CertificateHold && !e.since().After(j.Time)
}

// lifted tells whether evidence younger than the hold calls the certificate good.
func (j *judge) lifted(held *finding) bool {
	for i := range j.findings {
		f := &j.findings[i]
		if f.good && f.entry == nil && f.reasons&holdReason != 0 && f.thisUpdate.After(held.thisUpdate) {
			return true
		}
	}
	return false
}

func (j *judge) take(f *finding) {
	a := j.answer
	a.ThisUpdate, a.NextUpdate, a.ProducedAt = f.thisUpdate, f.nextUpdate, f.producedAt
	a.Evidence, a.Signer, a.More = f.item.evidence, f.signer, f.more
	a.SignatureAlgorithm = f.item.signatureAlgorithm()
	if f.entry != nil {
		a.RevokedAt, a.Reason, a.InvalidityDate = f.entry.RevokedAt, f.entry.Reason, f.entry.InvalidityDate
	}
	if f.reasons == allReasons {
		return
	}
	for i := range j.findings {
		if other := &j.findings[i]; other.item != f.item && other.good {
			a.More = append(a.More, other.item.evidence)
		}
	}
}

// takeLater takes over a revocation after the time that was asked for, from
// whatever evidence has it.
func (j *judge) takeLater() {
	a := j.answer
	for i := range j.findings {
		e := j.findings[i].entry
		if e != nil && e.Reason != CertificateHold && (a.RevokedAt.IsZero() || e.since().Before(a.Since())) {
			a.RevokedAt, a.Reason, a.InvalidityDate = e.RevokedAt, e.Reason, e.InvalidityDate
		}
	}
	if !a.RevokedAt.IsZero() {
		a.Detail = "revoked after the time in question"
	}
}

// explain says why evidence gives no answer.
func (j *judge) explain() {
	var texts []string
	for _, r := range j.answer.Rejected {
		if text := r.String(); !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
		if len(texts) == maxDetails {
			break
		}
	}
	j.answer.Detail = strings.Join(texts, "; ")
}

// notNeeded says why a certificate needs no revocation evidence; "" when it does.
func notNeeded(c *certificate.Certificate) string {
	switch {
	case c.NoRevocationAvailable:
		return "the certificate says that no revocation information exists (RFC 9608)"
	case c.ShortTerm && !c.IsCA: // what an authority signs outlives its certificate
		return "the certificate is short-term (EN 319 412-1, 5.2)"
	}
	return ""
}

// checkTimes tells whether evidence may speak of the certificate at all, and
// whether it may call it good at the time.
func (j *judge) checkTimes(this, next, expiredSince time.Time) (refused, notGood *fault) {
	rfc3339 := func(t time.Time) string { return t.Format(time.RFC3339) }
	switch {
	case this.After(j.Now.Add(skew)):
		return &fault{Future, "issued " + rfc3339(this)}, nil
	case this.Before(j.cert.NotBefore):
		return &fault{BeforeIssuance, "issued " + rfc3339(this) + ", certificate valid from " + rfc3339(j.cert.NotBefore)}, nil
	case !next.IsZero() && next.Before(this):
		return &fault{Malformed, "nextUpdate lies before thisUpdate"}, nil
	}
	switch age := j.Time.Sub(this); {
	case !next.IsZero() && next.Before(j.Time):
		notGood = &fault{Stale, "next update was due " + rfc3339(next)}
	case j.MaxAge > 0 && age > j.MaxAge, j.MaxAge <= 0 && next.IsZero() && age > defaultAge:
		notGood = &fault{TooOld, "issued " + rfc3339(this)}
	case this.After(j.cert.NotAfter) && (expiredSince.IsZero() || expiredSince.After(j.cert.NotAfter)):
		notGood = &fault{AfterExpiry, "issued " + rfc3339(this) + ", certificate valid until " + rfc3339(j.cert.NotAfter)}
	}
	return nil, notGood
}
