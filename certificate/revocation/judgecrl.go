package revocation

import (
	"bytes"
	"errors"
	"slices"

	"github.com/inkan-go/inkan/certificate"
)

// judgeCRLs follows RFC 5280, 6.3.3 over all complete CRLs in the set.
func (j *judge) judgeCRLs() {
	if !slices.ContainsFunc(j.items(), func(i *item) bool { return i.crl != nil }) {
		return
	}
	points, ok := distributionPoints(j.cert)
	if !ok {
		// Without them, CRLs of the issuer that name no distribution point remain.
		j.answer.Notes = append(j.answer.Notes, Note{Text: "malformed cRLDistributionPoints in the certificate"})
	}
	// CRLs that are named in no distribution point are taken as if one named the
	// issuer of the certificate (6.3.3, last paragraph).
	j.own[0] = generalName{tag: tagDirectoryName, name: j.cert.Issuer}
	j.ownPoint.full = j.own[:]
	j.points = append(points, point{name: &j.ownPoint, reasons: allReasons})

	for _, p := range j.points {
		j.pointWork += p.work()
	}
	j.findDeltas()
	var used map[*item]bool
	if len(j.deltas) > 0 {
		used = map[*item]bool{}
	}
	for _, i := range j.items() {
		if i.crl != nil && !i.crl.IsDelta() {
			j.judgeCRL(i, used)
		}
	}
	for _, i := range j.deltas {
		if !used[i] {
			j.judgeStray(i)
		}
	}
}

// judgeStray judges a delta CRL without its base. It calls nothing good, but a
// revocation is one, whatever the list goes with; so is a hold that no list of the
// same series overtakes.
func (j *judge) judgeStray(i *item) {
	signer, f := j.checkDelta(i)
	if f != nil {
		j.reject(i, f)
		return
	}
	refused, notGood := j.checkTimes(i.crl.ThisUpdate, i.crl.NextUpdate, i.crl.ExpiredSince)
	var e *Entry
	if refused == nil {
		e, refused = lookup(i.crl, j.cert)
	}
	if refused != nil {
		j.reject(i, refused)
		return
	}
	held := e != nil && e.Reason == CertificateHold
	if e == nil || e.Reason == RemoveFromCRL || held && (notGood != nil || e.since().After(j.Time) || j.overtaken(i.crl)) {
		j.reject(i, &fault{NoBase, ""})
		return
	}
	if !held && !j.proves(e) {
		j.reject(i, &fault{NoBase, ""}) // and revoked after the time in question
	}
	j.findings = append(j.findings, finding{
		item: i, entry: e, good: held, signer: signer, thisUpdate: i.crl.ThisUpdate, nextUpdate: i.crl.NextUpdate,
	})
}

// overtaken tells whether a younger list of the series of the delta CRL was accepted.
func (j *judge) overtaken(delta *CRL) bool {
	return delta.Number == nil || slices.ContainsFunc(j.findings, func(f finding) bool {
		return f.number != nil && sameSeries(f.item.crl, delta) && f.number.Cmp(delta.Number) >= 0
	})
}

// findDeltas collects the delta CRLs that concern the certificate.
func (j *judge) findDeltas() {
	for _, i := range j.items() {
		if i.crl == nil || !i.crl.IsDelta() {
			continue
		}
		if _, relevant, _ := j.coverage(i.crl); !relevant {
			continue
		}
		if len(j.deltas) == maxDeltas {
			j.reject(i, &fault{LimitExceeded, "too many delta CRLs"})
			return
		}
		j.deltas = append(j.deltas, i)
	}
}

// judgeCRL judges one complete CRL, with the delta CRL that goes with it.
func (j *judge) judgeCRL(i *item, used map[*item]bool) {
	covered, relevant, f := j.coverage(i.crl)
	if !relevant {
		return
	}
	var signer *certificate.Certificate
	if f == nil {
		signer, f = j.findCRLSigner(i)
	}
	if f != nil {
		j.reject(i, f)
		return
	}
	found := finding{item: i, reasons: covered, number: i.crl.Number, signer: signer, thisUpdate: i.crl.ThisUpdate, nextUpdate: i.crl.NextUpdate}
	refused, notGood := j.checkTimes(i.crl.ThisUpdate, i.crl.NextUpdate, i.crl.ExpiredSince)
	if refused == nil {
		found.entry, refused = lookup(i.crl, j.cert)
	}
	if refused != nil {
		j.reject(i, refused)
		return
	}
	if found.entry != nil && found.entry.Reason == RemoveFromCRL {
		j.reject(i, &fault{Malformed, "removeFromCRL in a CRL that is not a delta CRL"}) // 5.3.1
		return
	}
	if delta := j.delta(i, signer); delta != nil {
		used[delta] = true
		notGood = j.applyDelta(&found, delta, notGood)
	}
	if notGood != nil && !j.proves(found.entry) {
		j.reject(i, notGood)
	}
	found.good = notGood == nil
	if i.crl.PEM {
		j.note(i, "CRL in PEM")
	}
	j.findings = append(j.findings, found)
}

func lookup(c *CRL, cert *certificate.Certificate) (*Entry, *fault) {
	e, err := c.Lookup(cert.Issuer, cert.SerialNumber)
	switch {
	case errors.Is(err, errEntryCritical):
		return nil, &fault{UnknownCritical, err.Error()}
	case err != nil:
		return nil, &fault{Malformed, err.Error()}
	}
	return e.listed(c.ThisUpdate), nil
}

// coverage returns the reasons for which the CRL covers the certificate over all
// distribution points (6.3.3 b to e). It is not relevant when it comes from
// somebody who has nothing to do with the certificate.
func (j *judge) coverage(c *CRL) (covered reasons, relevant bool, f *fault) {
	scope := c.Scope
	if scope == nil {
		scope = &Scope{reasons: allReasons}
	}
	if f := j.compare(j.pointWork * max(1, scope.point.work())); f != nil {
		return 0, true, f
	}
	isIssuer := bytes.Equal(c.RawIssuer, j.cert.RawIssuer) || c.Issuer.Equal(j.cert.Issuer)
	for _, p := range j.points {
		ofIssuer := p.issuers == nil && isIssuer
		ofOther := p.issuers.hasName(c.Issuer)
		if !ofIssuer && !ofOther {
			continue
		}
		relevant = true
		switch {
		case ofOther && !scope.Indirect:
			f = &fault{WrongScope, "not an indirect CRL"}
		case !scope.names(c.Issuer, &p):
			f = &fault{WrongScope, "for another distribution point"}
		default:
			covered |= scope.reasons & p.reasons
		}
	}
	switch {
	case !relevant:
		return 0, false, nil
	case scope.OnlyUsers && j.cert.IsCA:
		return 0, true, &fault{WrongScope, "only for end entities"}
	case scope.OnlyCAs && !j.cert.IsCA:
		return 0, true, &fault{WrongScope, "only for authorities"}
	case scope.OnlyAttributes:
		return 0, true, &fault{WrongScope, "only for attribute certificates"}
	case covered != 0:
		return covered, true, nil
	case f == nil:
		f = &fault{WrongScope, "no reason is covered"}
	}
	return 0, true, f
}

// names tells whether the distribution point that the scope names, if any, is the
// one of the certificate (6.3.3 b 2 i).
func (s *Scope) names(issuer certificate.Name, p *point) bool {
	switch {
	case s.point == nil:
		return true
	case p.name == nil:
		return s.point.names(issuer).meets(p.issuers)
	}
	above := issuer
	if names := p.issuers.directory(); len(names) == 1 {
		above = names[0]
	}
	return s.point.names(issuer).meets(p.name.names(above))
}

// checkedCRL is what checkDelta found out about a CRL.
type checkedCRL struct {
	signer *certificate.Certificate
	fault  *fault
}

// checkDelta is findCRLSigner for a delta CRL, which several complete ones may ask for: once.
func (j *judge) checkDelta(i *item) (*certificate.Certificate, *fault) {
	checked, known := j.checked[i]
	if !known {
		checked.signer, checked.fault = j.findCRLSigner(i)
		if j.checked == nil {
			j.checked = map[*item]checkedCRL{}
		}
		j.checked[i] = checked
	}
	return checked.signer, checked.fault
}

// findCRLSigner checks what does not depend on the certificate: critical extensions,
// signer and signature (6.3.3 f, g). It returns the signer.
func (j *judge) findCRLSigner(i *item) (*certificate.Certificate, *fault) {
	c := i.crl
	if len(c.UnhandledCritical) > 0 {
		return nil, &fault{UnknownCritical, c.UnhandledCritical[0].String()}
	}
	isIssuer := bytes.Equal(j.issuer.RawSubject, c.RawIssuer) || j.issuer.Subject.Equal(c.Issuer)
	signer, f := j.firstSigner(func(c *certificate.Certificate) *fault { return j.checkCRLSigner(i, c) },
		isIssuer, func() ([]*certificate.Certificate, *fault) { return j.crlSigners(c) })
	if f != nil && f.cause == SignerNotFound {
		f.detail = c.Issuer.String()
	}
	return signer, f
}

// crlSigners returns the certificates beside the issuer that may have signed the CRL:
// those whose key identifier fits first.
func (j *judge) crlSigners(c *CRL) ([]*certificate.Certificate, *fault) {
	named := j.withSubject(c.RawIssuer, c.Issuer)
	if f := j.compare(len(named)); f != nil {
		return nil, f
	}
	var fitting, others []*certificate.Certificate
	for _, d := range named {
		if c.AuthorityKeyID != nil && bytes.Equal(c.AuthorityKeyID, d.SubjectKeyID) {
			fitting = append(fitting, d)
		} else {
			others = append(others, d)
		}
	}
	return append(fitting, others...), nil
}

// delta returns the youngest delta CRL that can be combined with the complete CRL
// (5.2.4, 6.3.3 c and h) and was signed with the same key, nil when there is none.
func (j *judge) delta(base *item, signer *certificate.Certificate) *item {
	var best *item
	for _, i := range j.deltas {
		if !combine(base.crl, i.crl) {
			continue
		}
		if best != nil && i.crl.Number.Cmp(best.crl.Number) <= 0 {
			continue
		}
		if by, f := j.checkDelta(i); f != nil {
			j.reject(i, f)
			continue
		} else if !bytes.Equal(by.RawSubjectPublicKeyInfo, signer.RawSubjectPublicKeyInfo) {
			continue
		}
		if refused, notGood := j.checkTimes(i.crl.ThisUpdate, i.crl.NextUpdate, i.crl.ExpiredSince); refused != nil {
			j.reject(i, refused)
			continue
		} else if notGood != nil && notGood.cause != AfterExpiry {
			j.reject(i, notGood)
			continue
		}
		best = i
	}
	return best
}

// combine tells whether a delta CRL goes with a complete one.
func combine(base, delta *CRL) bool {
	return base.Number != nil && delta.Number != nil && sameSeries(base, delta) &&
		base.Number.Cmp(delta.BaseNumber) >= 0 && base.Number.Cmp(delta.Number) < 0
}

// sameSeries tells whether the lists are numbered together: issuer, scope and key are
// the same (5.2.3, 5.2.4).
func sameSeries(a, b *CRL) bool {
	if (a.Scope == nil) != (b.Scope == nil) || a.Scope != nil && !bytes.Equal(a.Scope.raw, b.Scope.raw) {
		return false
	}
	return a.Issuer.Equal(b.Issuer) && bytes.Equal(a.AuthorityKeyID, b.AuthorityKeyID)
}

// applyDelta puts what the delta CRL says over the finding (6.3.3 i to k). It
// returns why the result may not call the certificate good.
func (j *judge) applyDelta(f *finding, delta *item, notGood *fault) *fault {
	e, refused := lookup(delta.crl, j.cert)
	if refused != nil {
		j.reject(delta, refused)
		return refused
	}
	switch {
	case e != nil && e.Reason == RemoveFromCRL:
		// Also a certificate that has expired is removed so (5.3.1): only a hold ends.
		if f.entry != nil && f.entry.Reason == CertificateHold {
			f.entry = nil
		}
	case e != nil:
		f.entry = e
	}
	f.more, f.number = append(f.more, delta.evidence), delta.crl.Number
	f.thisUpdate, f.nextUpdate = delta.crl.ThisUpdate, delta.crl.NextUpdate
	if notGood != nil && notGood.cause != AfterExpiry {
		return nil // the delta CRL is in time, the complete one need not be
	}
	return notGood
}
