package verify

import (
	"crypto/sha256"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
)

// signed is one thing that the processes of EN 319 102-1 validate: the signature in
// a dictionary, or a time-stamp token.
type signed struct {
	owner   *candidate // whose report takes the findings
	purpose certificate.Purpose
	data    *cms.SignedData
	signer  *cms.SignerInfo
	cert    *certificate.Certificate // nil where it was not found
	// hashes are further hash functions that it rests on: of the ByteRange, of an imprint.
	hashes []cms.Hash
	// blocks are the conclusions of the building blocks that no time changes.
	blocks []conclusion
	// others are the certificates that came with it.
	others []*certificate.Certificate
	// value names the signature value among the proofs of existence.
	value proofID
}

// newSigned describes the SignedData of a signature or a token.
func newSigned(c *candidate, purpose certificate.Purpose, data *cms.SignedData, signer *cms.SignerInfo, cert *certificate.Certificate) *signed {
	return &signed{
		owner: c, purpose: purpose, data: data, signer: signer, cert: cert,
		others: append(data.X509Certificates(), signer.CertificateValues()...),
		value:  sha256.Sum256(signer.Signature),
	}
}

// conclusion is what one building block of EN 319 102-1 comes to.
type conclusion struct {
	indication Indication
	reason     SubIndication
}

// passed is the conclusion of a block that objects to nothing.
var passed = conclusion{indication: TotalPassed}

// first returns the conclusion of several blocks: of the worst ones the first.
func first(blocks []conclusion) conclusion {
	worst := passed
	for _, block := range blocks {
		if block.indication < worst.indication {
			worst = block
		}
	}
	return worst
}

// outcome is a conclusion that depends on a time, with what later processes need.
type outcome struct {
	conclusion
	findings []Finding         // the reasons; reported where the outcome stands
	path     *certificate.Path // the path that was judged; nil where there is none
	at       time.Time         // the time for which it was judged
	// revoked is when the certificate of REVOKED_NO_POE or REVOKED_CA_NO_POE was.
	revoked time.Time
	// weak is what CRYPTO_CONSTRAINTS_FAILURE_NO_POE is about.
	weak []weakness
	// sunset is when the anchor of NO_CERTIFICATE_CHAIN_FOUND_NO_POE ended.
	sunset time.Time
	// open are the blocks that did not pass and that a proof of existence may settle.
	open []*outcome
}

// weakness is an algorithm that was too weak at a time.
type weakness struct {
	until    time.Time
	material proofID // what rests on it
}

// fail makes the outcome that of a failed check, with a finding about the owner.
func (o *outcome) fail(s *signed, verdict conclusion, code string, args ...any) {
	if verdict.indication < o.indication {
		o.conclusion = verdict
	}
	o.findings = append(o.findings, newFinding(code, s.owner.at(), args...))
}

// isPassed tells whether nothing was objected to.
func (o *outcome) isPassed() bool { return o.conclusion == passed }

// settleable tells whether a proof that something existed earlier may change the
// conclusion (EN 319 102-1, 5.5.4 and 5.6.3.4).
func (c conclusion) settleable() bool {
	switch c.reason {
	case RevokedNoPOE, RevokedCANoPOE, OutOfBoundsNoPOE, OutOfBoundsNotRevoked, CryptoConstraintsFailureNoPOE,
		TryLater, RevocationOutOfBoundsNoPOE, NoCertificateChainFoundNoPOE:
		return c.indication == Indeterminate
	}
	return false
}
