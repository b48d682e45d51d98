package verify

import (
	"crypto/sha256"
	"time"

	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/cms"
)

// proofID names something that may be proven to have existed, by the SHA-256 of its
// bytes: a signature value, a certificate, a CRL or OCSP response.
type proofID [sha256.Size]byte

// proofs are the proofs of existence (POE) of EN 319 102-1: the earliest time for
// which a validated time stamp covers something. Without one, a thing exists at the
// time of the judgement.
type proofs struct {
	now   time.Time
	times map[proofID]time.Time
}

// of returns the earliest time for which something is proven to have existed.
func (p *proofs) of(id proofID) time.Time {
	if t, ok := p.times[id]; ok {
		return t
	}
	return p.now
}

// add notes a proof, and tells whether it is better than the one there was.
func (p *proofs) add(id proofID, t time.Time) bool {
	if !t.Before(p.of(id)) {
		return false
	}
	if p.times == nil {
		p.times = make(map[proofID]time.Time)
	}
	p.times[id] = t
	return true
}

// exhibit is something in the file that a document time stamp may cover.
type exhibit struct {
	id       proofID
	at       span
	evidence *revocation.Evidence // nil for anything else
}

// extractProofs is the building block "POE extraction" (EN 319 102-1, 5.6.2.3) for a
// time stamp that passed. A document time stamp proves everything whose bytes lie in
// its ByteRange, and a content time stamp what lies in that of its signature.
func (f *file) extractProofs(t *timestamp) {
	if t.kind == signatureTimestamp {
		f.proveSignature(t)
		return
	}
	for i := range f.exhibits {
		if e := &f.exhibits[i]; t.owner.covers(e.at) {
			f.prove(e, t.token.Time)
		}
	}
}

// proveSignature takes what a time stamp over a signature value proves: the value
// and, where that is sound, what is signed with it. The certificate of the signer is
// among that only where a signed attribute names it by its digest; otherwise another
// one for the same key may have taken its place.
func (f *file) proveSignature(t *timestamp) {
	at := t.token.Time
	f.proofs.add(t.of.value, at)
	attributes := t.of.signer.SignedAttributes
	if t.of.cert == nil || t.owner.result.Crypto != CryptoValid {
		return
	}
	if attributes.Find(cms.OIDSigningCertificateV2) != nil || attributes.Find(cms.OIDSigningCertificate) != nil {
		f.proofs.add(t.of.cert.Fingerprint(), at)
	}
	signed := make(map[proofID]bool)
	for _, raw := range attributes.RevocationValues() {
		signed[sha256.Sum256(raw)] = true
	}
	for i := range f.exhibits {
		if len(signed) == 0 {
			break
		}
		if e := &f.exhibits[i]; signed[e.id] {
			f.prove(e, at)
		}
	}
}

// prove notes that something existed at a time, and says so of evidence.
func (f *file) prove(e *exhibit, at time.Time) {
	if !f.proofs.add(e.id, at) || e.evidence == nil || f.proven > maxProven {
		return
	}
	f.proven += len(e.evidence.Raw)
	better := *e.evidence
	better.Proven = at
	f.evidence.Add(&better)
	e.evidence = &better
}

// covers tells whether bytes lie in the ByteRange of a signature.
func (c *candidate) covers(s span) bool {
	r := c.ranges
	return s.start >= r[0] && s.end <= r[0]+r[1] || s.start >= r[2] && s.end <= r[2]+r[3]
}
