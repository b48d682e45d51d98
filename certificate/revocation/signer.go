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
	if p := i.evidence.Proven; !p.IsZero() && p.Before(j.Now) {
		return p
	}
	return j.Now
}

// isIssuer tells whether c is the issuer, or another certificate of its name and key.
func (j *judge) isIssuer(c *certificate.Certificate) bool {
	return c == j.issuer || string(c.RawSubjectPublicKeyInfo) == string(j.issuer.RawSubjectPublicKeyInfo) &&
		c.Subject.Equal(j.issuer.Subject)
}

// spend counts signature checks; a fault when there were too many.
func (j *judge) spend() *fault {
	if j.signatures >= maxSignatures {
		return &fault{LimitExceeded, fmt.Sprintf("more than %d signatures", maxSignatures)}
	}
	j.signatures++
	return nil
}

var manySigners = &fault{LimitExceeded, fmt.Sprintf("more than %d certificates may be the signer's", maxSigners)}

// checkValidity tells whether the signer was valid when it signed and had not
// expired before the evidence is known to exist: later, its key proves nothing. An
// anchor does not expire.
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
	return nil
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
	sum := c.Fingerprint()
	err, known := j.signers[sum]
	if !known {
		err = errNotTrusted
		if j.Trusted != nil {
			err = j.Trusted(c)
		}
		j.signers[sum] = err
	}
	j.need(Need{Certificate: c, Purpose: certificate.CRLSigning, Evidence: i.evidence, Met: err == nil})
	if err != nil {
		return &fault{SignerUntrusted, err.Error()}
	}
	return nil
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
	met := answer.Status == Good || answer.Status == NotNeeded
	j.need(Need{Certificate: c, Purpose: certificate.OCSPSigning, Evidence: i.evidence, Met: met, Answer: answer})
	if !met {
		return &fault{SignerUntrusted, c.String() + ": revocation of the responder: " + answer.Status.String()}
	}
	return nil
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
	case !c.IssuedBy(j.issuer):
		text = "has another issuer than the certificate"
	}
	if text != "" {
		return &fault{SignerNotAllowed, c.String() + " " + text}
	}
	if f := j.spend(); f != nil {
		return f
	}
	switch err := c.CheckSignatureFrom(j.issuer); {
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
	sum := c.Fingerprint()
	switch answer, known := j.delegates[sum]; {
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
	if i.ocsp.ProducedAt.After(nested.Time) {
		nested.Time = i.ocsp.ProducedAt
	}
	j.pending[sum] = true
	answer := nested.judge()
	delete(j.pending, sum)
	// Inside another judgement the circle may be what keeps an answer away.
	if len(j.pending) == 0 || answer.Status == Good || answer.Status == NotNeeded {
		j.delegates[sum] = answer
	}
	return answer
}
