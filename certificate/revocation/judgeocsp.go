package revocation

import (
	"bytes"
	"encoding/asn1"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
)

var oidOCSPSigning = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 9}

// judgeResponses judges the OCSP responses of the set (RFC 6960, 3.2).
func (j *judge) judgeResponses() {
	for _, i := range j.items() {
		if i.ocsp == nil {
			continue
		}
		var about []*SingleResponse
		otherIssuer := false
		for n := range i.ocsp.Responses {
			one := &i.ocsp.Responses[n]
			same, exact := j.concerns(one)
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
		revoked := &Entry{
			SerialNumber: one.SerialNumber, RevokedAt: one.RevokedAt, Reason: one.Reason,
			InvalidityDate: one.InvalidityDate, Issuer: j.issuer.Subject,
		}
		f.entry = revoked.listed(one.ThisUpdate)
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
	return j.firstSigner(func(c *certificate.Certificate) *fault { return j.checkResponder(i, c) },
		r.isBy(j.issuer), func() ([]*certificate.Certificate, *fault) { return j.responders(r) })
}

// responders returns the certificates beside the issuer that fit the responderID: those
// in the response, and the others at hand.
func (j *judge) responders(r *Response) ([]*certificate.Certificate, *fault) {
	var list []*certificate.Certificate
	add := func(candidates ...*certificate.Certificate) {
		for _, c := range candidates {
			if len(list) <= maxSigners && c != nil && r.isBy(c) && !isIn(list, c) {
				list = append(list, c)
			}
		}
	}
	add(r.Certificates...)
	if r.ResponderName == nil {
		add(j.atHand().withKey(r.ResponderKeyHash)...)
		return list, nil
	}
	named := j.withSubject(r.rawName, r.ResponderName)
	if f := j.compare(len(named)); f != nil {
		return nil, f
	}
	add(named...)
	return list, nil
}

// identified is what an OCSP request says about the certificate in question, under one
// hash function.
type identified struct{ issuer, subject, key []byte } // names in the certificate and in the issuer's

// concerns tells whether the response is about a certificate with that serial
// number (same) and whether the issuer fits too (exact). A hash function that is
// not known fits nothing.
func (j *judge) concerns(one *SingleResponse) (same, exact bool) {
	if one.SerialNumber.Cmp(j.cert.SerialNumber) != 0 {
		return false, false
	}
	h, err := algorithm.ParseHash(one.HashAlgorithm)
	if err != nil || !h.Available() {
		return true, false
	}
	id := j.hashed[h]
	if id == nil {
		id = &identified{issuer: h.Sum(j.cert.RawIssuer), key: h.Sum(j.issuer.PublicKeyInfo.Key)}
		if id.subject = id.issuer; !bytes.Equal(j.cert.RawIssuer, j.issuer.RawSubject) {
			id.subject = h.Sum(j.issuer.RawSubject)
		}
		if j.hashed == nil {
			j.hashed = map[algorithm.Hash]*identified{}
		}
		j.hashed[h] = id
	}
	name := bytes.Equal(one.IssuerNameHash, id.issuer) || bytes.Equal(one.IssuerNameHash, id.subject)
	return true, name && bytes.Equal(one.IssuerKeyHash, id.key)
}
