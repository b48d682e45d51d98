package verify

import (
	"crypto/x509"
	"encoding/asn1"
	"time"

	"github.com/inkan-go/inkan/certificate"
)

// Policy is what a verifier demands: the validation constraints of EN 319 102-1,
// 5.1.4. The zero value demands least and is not what [Default] returns. A Policy is
// not changed while files are judged by it.
type Policy struct {
	// Name stands in the report.
	Name string

	// Algorithms says until when which algorithm was strong enough; nil is ETSI TS
	// 119 312.
	Algorithms *certificate.AlgorithmPolicy

	// MaxRevocationAge is how old evidence about the certificate of a signer or of a
	// time-stamping authority may be at the time that counts (revocation freshness,
	// EN 319 102-1, 5.2.5). Zero asks what the evidence itself says, as is always done
	// for authorities above: it is fresh until its nextUpdate.
	MaxRevocationAge time.Duration
	// RevocationAfterProof asks for evidence about the signer that was issued after
	// the time for which the signature is proven to exist, and by GracePeriod later.
	RevocationAfterProof bool
	GracePeriod          time.Duration
	// SlideToIssuance moves the control time of past validation (EN 319 102-1, 5.6.2.2)
	// to the issuance of evidence that is not fresh, as the standard writes it.
	// Otherwise it is moved to the end of the time for which the evidence was fresh: at
	// that time the same evidence was good enough for a signature just made.
	SlideToIssuance bool

	// TimestampsAtTheirTime takes a time stamp for valid where evidence tells that its
	// authority was good at the time that it says, and its certificate has not expired.
	// Otherwise, as in the standard, fresh evidence or a later time stamp is needed:
	// whoever gets hold of the key of an authority can make time stamps of the past.
	TimestampsAtTheirTime bool

	// KeyUsage, if not zero, names bits of keyUsage of which the certificate of a
	// signer must have one. A certificate without the extension has none.
	KeyUsage x509.KeyUsage
	// CertificatePolicies, if any, are those of which the path of a signer must
	// assert one (RFC 5280, 6.1.1 c).
	CertificatePolicies []asn1.ObjectIdentifier
	// AnchorEnds names the day from which on an anchor is not trusted any more, by the
	// SHA-256 fingerprint of its certificate. What is proven to be older stays valid.
	AnchorEnds map[[32]byte]time.Time

	// Level, if not "", is the least level of a signature: "B", "T", "LT" or "LTA".
	// Only time stamps that pass count for it.
	Level string
	// RequireTimestamp asks for a time stamp over the signature that passes.
	RequireTimestamp bool
	// LongTermTimestamp asks for one where the document holds validation data for the
	// signature (levels LT and LTA): what is there to prove it later must do so now.
	LongTermTimestamp bool
	// MaxTimestampDelay, if not zero, is how long after the time that the signer
	// claims a signature must be proven to exist.
	MaxTimestampDelay time.Duration

	// SignaturePolicies are those that are known. A signature that names one of them
	// with another digest does not pass.
	SignaturePolicies []SignaturePolicy
	// RequireKnownSignaturePolicy refuses signatures that name another policy than
	// those, RequireSignaturePolicy also those that name none.
	RequireKnownSignaturePolicy, RequireSignaturePolicy bool
}

// SignaturePolicy is a signature policy that signatures may name (EN 319 122-1,
// 5.2.9).
type SignaturePolicy struct {
	ID asn1.ObjectIdentifier
	// Document is the policy document, whose digest the signature repeats; nil
	// compares nothing.
	Document []byte
}

// Default returns the policy that is used where none is named: evidence of
// revocation for every certificate below the anchor that does not say itself that
// there is none, fresh by its own words at the time that counts; algorithms of ETSI
// TS 119 312 at the time of proof. Neither a level nor a time stamp is demanded, but for
// a time stamp that passes where the document holds validation data for a signature.
func Default() *Policy { return &Policy{Name: "Default", LongTermTimestamp: true} }

// Strict returns a policy for those who accept a signature today: the signer's
// certificate must be for signatures that bind, evidence must have been issued after
// the signature is proven to exist, a time stamp must prove that, and signature
// policies must be known.
func Strict() *Policy {
	return &Policy{
		Name: "Strict", RevocationAfterProof: true, SlideToIssuance: true, RequireTimestamp: true, Level: "T",
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment, RequireKnownSignaturePolicy: true,
	}
}

// Archive returns a policy for files that are to be kept: everything that proves a
// signature must be in the file and be protected by a document time stamp.
func Archive() *Policy {
	return &Policy{Name: "Archive", RequireTimestamp: true, Level: "LTA"}
}

// policyOptions are the inputs of policy processing for a path.
func (p *Policy) policyOptions(purpose certificate.Purpose) certificate.PolicyOptions {
	if purpose != certificate.Signing || len(p.CertificatePolicies) == 0 {
		return certificate.PolicyOptions{}
	}
	return certificate.PolicyOptions{Acceptable: p.CertificatePolicies, RequireExplicit: true}
}
