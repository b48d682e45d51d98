package revocation

import (
	"bytes"
	"encoding/asn1"

	"github.com/inkan-go/inkan/certificate"
)

var oidOCSPSigning = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 9}

// judgeResponses judges the OCSP responses of the set (RFC 6960, 3.2).
func (j *judge) judgeResponses() {
	for _, i := range j.set.list() {
		if i.ocsp == nil {
			continue
		}
		var about []*SingleResponse
		otherIssuer := false
		for n := range i.ocsp.Responses {
			one := &i.ocsp.Responses[n]
			same, exact := one.concerns(j.cert, j.issuer)
			if exact {
				about = append(about, one)
			}
			otherIssuer = otherIssuer || same && !exact
		}
		switch {
		case len(about) > 0:
			j.judgeResponse(i, about)
		case otherIssuer:
			j.reject(i, &fault{WrongIssuer, ""})
		}
	}
}

// judgeResponse judges what one response says about the certificate.
func (j *judge) judgeResponse(i *item, about []*SingleResponse) {
	for _, text := range i.ocsp.Notes {
		j.note(i, text)
	}
	signer, f := j.checkResponse(i)
	if f != nil {
		j.reject(i, f)
		return
	}
	for _, one := range about {
		if f := j.judgeSingle(i, one, signer); f != nil {
			j.reject(i, f)
		}
	}
}

// judgeSingle makes a finding, and returns why it does not call the certificate good.
func (j *judge) judgeSingle(i *item, one *SingleResponse, signer *certificate.Certificate) *fault {
	refused, notGood := j.checkTimes(one.ThisUpdate, one.NextUpdate, one.ArchiveCutoff)
	switch {
	case len(one.UnhandledCritical) > 0:
		return &fault{UnknownCritical, one.UnhandledCritical[0].String()}
	case refused != nil:
		return refused
	case one.Status == StatusNotKnown:
		return &fault{StatusUnknown, ""}
	case i.ocsp.ProducedAt.After(j.Now.Add(skew)):
		return &fault{Future, "produced in the future"}
	}
	f := finding{
		item: i, reasons: allReasons, signer: signer, good: notGood == nil,
		thisUpdate: one.ThisUpdate, nextUpdate: one.NextUpdate, producedAt: i.ocsp.ProducedAt,
	}
	if one.Status == StatusRevoked {
		f.entry = &Entry{
			SerialNumber: one.SerialNumber, RevokedAt: one.RevokedAt, Reason: one.Reason,
			InvalidityDate: one.InvalidityDate, Issuer: j.issuer.Subject,
		}
	}
	j.findings = append(j.findings, f)
	if notGood != nil && !j.proves(f.entry) {
		return notGood
	}
	return nil
}

// checkResponse checks what does not depend on the certificate: extensions, nonce,
// responder and signature. It returns the responder.
func (j *judge) checkResponse(i *item) (*certificate.Certificate, *fault) {
	r := i.ocsp
	for _, e := range r.Extensions {
		if e.Critical && !e.Id.Equal(oidNonce) && !e.Id.Equal(oidExtendedRevoc) {
			return nil, &fault{UnknownCritical, e.Id.String()}
		}
	}
	if want := i.evidence.Nonce; want != nil {
		switch {
		case r.Nonce == nil:
			j.note(i, "the responder left out the nonce")
		case !bytes.Equal(r.Nonce, want):
			return nil, &fault{WrongNonce, ""}
		}
	}
	worst := &fault{SignerNotFound, ""}
	for n, signer := range j.responders(r) {
		if n == maxSigners {
			return nil, manySigners
		}
		f := j.checkResponder(i, signer)
		if f == nil {
			return signer, nil
		}
		if f.cause == LimitExceeded {
			return nil, f
		}
		if worst.cause == SignerNotFound || worst.cause == BadSignature {
			worst = f
		}
	}
	return nil, worst
}

// responders returns the certificates that fit the responderID: the issuer, those
// in the response, and those with the name among the others.
func (j *judge) responders(r *Response) []*certificate.Certificate {
	var list []*certificate.Certificate
	add := func(candidates ...*certificate.Certificate) {
		for _, c := range candidates {
			if len(list) <= maxSigners && c != nil && r.isBy(c) && !isIn(list, c) {
				list = append(list, c)
			}
		}
	}
	add(j.issuer)
	add(r.Certificates...)
	if r.ResponderName != nil {
		add(j.withSubject(r.rawName, r.ResponderName)...)
	} else {
		add(j.Certificates...)
	}
	return list
}

func isIn(list []*certificate.Certificate, c *certificate.Certificate) bool {
	for _, d := range list {
		if d.Equal(c) {
			return true
		}
	}
	return false
}
