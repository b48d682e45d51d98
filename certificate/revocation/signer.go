package revocation

import (
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/inkan-go/inkan/certificate"
)

// existed returns the time from which on the evidence is known to exist.
func (j *judge) existed(i *item) time.Time {
	p := i.evidence.Proven
	if p.IsZero() || p.After(j.Now) {
		return j.Now
	}
	if issued := i.issued(); p.Before(issued) {
		return issued // it cannot have existed before
	}
	return p
}

// isIssuer tells whether c is the issuer. Other certificates of its name and key are
// not: nobody has validated them, and they may say what the issuer's does not.
func (j *judge) isIssuer(c *certificate.Certificate) bool { return c.Equal(j.issuer) }

// spend counts signature checks; a fault when there were too many.
func (j *judge) spend() *fault {
	if j.signatures >= maxSignatures {
		return &fault{LimitExceeded, fmt.Sprintf("more than %d signatures", maxSignatures)}
	}
	j.signatures++
	return nil
}

var manySigners = &fault{LimitExceeded, fmt.Sprintf("more than %d certificates may be the signer's", maxSigners)}

// firstSigner returns the first certificate that check takes: the issuer, if it can be
// the signer, or one of the others. The fault is SignerNotFound where there is nobody to try.
func (j *judge) firstSigner(check func(*certificate.Certificate) *fault, issuer bool,
	others func() ([]*certificate.Certificate, *fault),
) (*certificate.Certificate, *fault) {
	var worst *fault
	tried := 0
	if issuer {
		if worst = check(j.issuer); worst == nil || worst.cause == LimitExceeded {
			return j.issuer, worst
		}
		tried++
	}
	list, f := others()
	if f != nil {
		return nil, f
	}
	for _, c := range list {
		if issuer && c.Equal(j.issuer) {
			continue
		}
		if tried++; tried > maxSigners {
			return nil, manySigners
		}
		f := check(c)
		if f == nil || f.cause == LimitExceeded {
			return c, f
		}
		if worst == nil || worst.cause == BadSignature {
			worst = f
		}
	}
	if worst == nil {
		worst = &fault{SignerNotFound, ""}
	}
	return nil, worst
}

// checkValidity tells whether the signer was valid when it signed and had neither
// expired nor, as the issuer, been revoked before the evidence is known to exist:
// later, its key proves nothing. An anchor does not expire.
func (j *judge) checkValidity(i *item, c *certificate.Certificate, signedAt time.Time) *fault {
	issuer := j.isIssuer(c)
	switch {
	case issuer && j.IssuerIsAnchor:
		return nil
	case j.existed(i).After(c.NotAfter):
		return &fault{SignerExpired, c.String() + ", valid until " + c.NotAfter.Format(time.RFC3339)}
	case !issuer && !c.ValidAt(signedAt):
		return &fault{SignerNotAllowed, c.String() + " was not valid when it signed"}
	}
	return j.checkRevoked(i, j.issuer, j.IssuerRevokedAt)
}

// checkRevoked refuses evidence that may be younger than the revocation of who signed
// it or certified the signer (EN 319 102-1, 5.2.6.4). The zero time is none.
func (j *judge) checkRevoked(i *item, c *certificate.Certificate, revoked time.Time) *fault {
	if revoked.IsZero() || j.existed(i).Before(revoked) {
		return nil
	}
	return &fault{SignerRevoked, c.String() + ", or who certified it, was revoked " + revoked.Format(time.RFC3339)}
}

// signerTime returns when the path of a signer must hold: when it signed or, if that
// is later, at the time in question, but not after it had expired.
func (j *judge) signerTime(c *certificate.Certificate, signedAt time.Time) time.Time {
	at := j.Time
	if signedAt.After(at) {
		at = signedAt
	}
	if at.After(c.NotAfter) {
		at = c.NotAfter
	}
	return at
}

// checkCRLSigner tells whether the certificate signed the CRL and may do so.
func (j *judge) checkCRLSigner(i *item, c *certificate.Certificate) *fault {
	if c.HasKeyUsage && c.KeyUsage&x509.KeyUsageCRLSign == 0 {
		return &fault{SignerNotAllowed, c.String() + " may not sign CRLs"}
	}
	if f := j.spend(); f != nil {
		return f
	}
	if f := i.checkSignature(c, &i.crl.signed); f != nil {
		return f
	}
	if f := j.checkValidity(i, c, i.crl.ThisUpdate); f != nil || j.isIssuer(c) {
		return f
	}
	var f *fault
	path, err := j.trusted(c, j.signerTime(c, i.crl.ThisUpdate))
	if err != nil {
		f = &fault{SignerUntrusted, err.Error()}
	} else {
		f = j.checkRevoked(i, c, path.RevokedAt())
	}
	j.need(Need{Certificate: c, Purpose: certificate.CRLSigning, Evidence: i.evidence, Met: f == nil, Path: path})
	return f
}

// trusted asks Trusted, once for a signer and a time.
func (j *judge) trusted(c *certificate.Certificate, at time.Time) (*certificate.Path, error) {
	if j.Trusted == nil {
		return nil, errNotTrusted
	}
	question := signerAt{c.Fingerprint(), at.Unix()}
	answer, known := j.signers[question]
	if !known {
		if answer.path, answer.err = j.Trusted(c, at); answer.path == nil && answer.err == nil {
			answer.err = errNotTrusted
		}
		if j.signers == nil {
			j.signers = map[signerAt]signerPath{}
		}
		j.signers[question] = answer
	}
	return answer.path, answer.err
}

var errNotTrusted = errors.New("the path of the signer was not validated")

func (j *judge) need(n Need) {
	for _, known := range j.answer.Needs {
		if known.Certificate.Equal(n.Certificate) && known.Evidence == n.Evidence {
			return
		}
	}
	j.answer.Needs = append(j.answer.Needs, n)
}

// checkResponder tells whether the certificate signed the OCSP response and may do
// so: it is the issuer, or the issuer's key certified it for OCSP signing (RFC 6960,
// 4.2.2.2).
func (j *judge) checkResponder(i *item, c *certificate.Certificate) *fault {
	if f := j.spend(); f != nil {
		return f
	}
	if f := i.checkSignature(c, &i.ocsp.signed); f != nil {
		return f
	}
	if !j.isIssuer(c) {
		if f := j.checkDelegate(c); f != nil {
			return f
		}
	}
	if f := j.checkValidity(i, c, i.ocsp.ProducedAt); f != nil || j.isIssuer(c) {
		return f
	}
	answer := j.judgeDelegate(i, c)
	f := j.checkRevoked(i, c, answer.Since())
	if answer.Status != Good && answer.Status != NotNeeded {
		f = &fault{SignerUntrusted, c.String() + ": revocation of the responder: " + answer.Status.String()}
	}
	j.need(Need{Certificate: c, Purpose: certificate.OCSPSigning, Evidence: i.evidence, Met: f == nil, Issuer: j.issuer, Answer: answer})
	return f
}

// checkDelegate checks what makes a certificate one of a delegated responder.
func (j *judge) checkDelegate(c *certificate.Certificate) *fault {
	text := ""
	switch {
	case !c.HasPurpose(oidOCSPSigning):
		text = "may not sign OCSP responses"
	case c.HasKeyUsage && c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0:
		text = "may not sign"
	case len(c.Defects) > 0:
		text = "is defective: " + c.Defects[0].Text
	case len(c.UnhandledCritical) > 0:
		text = "has a critical extension that is not processed"
	case c.OCSPNoCheck && c.Equal(j.cert): // of others without nocheck judgeDelegate says so
		text = "vouches for itself"
	case !c.IssuedBy(j.issuer):
		text = "has another issuer than the certificate"
	}
	if text != "" {
		return &fault{SignerNotAllowed, c.String() + " " + text}
	}
	if f := j.spend(); f != nil {
		return f
	}
	switch err := j.set.checks.Check(c, j.issuer); {
	case errors.Is(err, certificate.ErrUnsupportedSignature):
		return &fault{UnsupportedSignature, err.Error()}
	case err != nil:
		return &fault{SignerNotAllowed, c.String() + " was not signed with the key that signed the certificate"}
	}
	return nil
}

// judgeDelegate answers whether a responder was revoked when it signed, from the
// same evidence. A responder that vouches for itself, alone or with others in a
// circle, is Unknown.
func (j *judge) judgeDelegate(i *item, c *certificate.Certificate) *Answer {
	sum, at := c.Fingerprint(), j.signerTime(c, i.ocsp.ProducedAt)
	question := signerAt{sum, at.Unix()}
	switch answer, known := j.delegates[question]; {
	case known:
		return answer
	case c.OCSPNoCheck:
		return &Answer{Status: NotNeeded, Detail: "the responder need not be checked (RFC 6960, 4.2.2.2.1)"}
	case j.pending[sum]:
		return &Answer{Detail: "responders vouch for each other"}
	case j.depth == maxDelegation:
		return &Answer{Detail: "responders that vouch for responders, too deep"}
	}
	nested := &judge{Options: j.Options, set: j.set, cert: c, issuer: j.issuer, effort: j.effort, depth: j.depth + 1}
	nested.Time = at
	if j.pending == nil {
		j.pending, j.delegates = map[[32]byte]bool{}, map[signerAt]*Answer{}
	}
	j.pending[sum] = true
	answer := nested.judge()
	delete(j.pending, sum)
	// Inside another judgement the circle may be what keeps an answer away.
	if len(j.pending) == 0 || answer.Status == Good || answer.Status == NotNeeded {
		j.delegates[question] = answer
	}
	return answer
}
