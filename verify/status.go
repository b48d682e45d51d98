package verify

import "fmt"

// Indication is the main verdict of EN 319 102-1, clause 5.1.3. The zero value
// is the worst.
type Indication int

// The indications, from worst to best. NoSignature is said only of a whole
// file, and only where nothing in it looks like a signature.
const (
	TotalFailed Indication = iota
	Indeterminate
	NoSignature
	TotalPassed
)

var indications = [...]string{"TOTAL-FAILED", "INDETERMINATE", "NO-SIGNATURE", "TOTAL-PASSED"}

// Crypto is the verdict on the mathematics alone: the digest over the ByteRange
// and the signature in the CMS, or the time-stamp token. The zero value is the worst.
type Crypto int

// The values of Crypto.
const (
	CryptoInvalid Crypto = iota
	CryptoUnsupported
	CryptoValid
)

var cryptos = [...]string{"invalid", "unsupported", "valid"}

// Structure is the verdict on how the signature stands in the file (ISO
// 32000-2, 12.8.1). The zero value is the worst.
type Structure int

// The values of Structure. StructureRepaired means that the bytes after the
// signed revision could be read only by repairing them.
const (
	StructureViolated Structure = iota
	StructureRepaired
	StructureSound
)

var structures = [...]string{"violated", "repaired", "sound"}

// Coverage is how much of the file the ByteRange spans. The zero value is the worst.
type Coverage int

// The values of Coverage.
const (
	CoveragePartial  Coverage = iota // it ends at no revision
	CoverageRevision                 // it ends with a revision that others follow
	CoverageFile                     // it ends with the file
)

var coverages = [...]string{"partial", "revision", "file"}

// Changes is the worst kind of change that later revisions made. The zero value
// means that they could not be judged.
type Changes int

// The values of Changes.
const (
	ChangesUnknown    Changes = iota // not judged: not every changed object could be explained
	ChangesOther                     // content or structure
	ChangesAnnotation                // comments and other annotations
	ChangesForm                      // filled fields, further signatures
	ChangesLTV                       // validation data and document time stamps
	ChangesNone
)

var changeKinds = [...]string{"unknown", "other", "annotation", "form", "ltv", "none"}

// Kind is what a signature is for. The zero value claims least.
type Kind int

// The kinds (ISO 32000-2, 12.8.1).
const (
	KindApproval Kind = iota
	KindCertification
	KindTimestamp
)

var kinds = [...]string{"approval", "certification", "timestamp"}

// Revocation is what is known about the revocation of a certificate. The zero
// value, unknown, is not good.
type Revocation int

// The values of Revocation.
const (
	RevocationUnknown Revocation = iota
	RevocationRevoked
	RevocationNotChecked // nothing was looked at
	RevocationNotNeeded  // an anchor, or a certificate that says so itself (RFC 9608)
	RevocationGood
)

var revocations = [...]string{"unknown", "revoked", "not-checked", "not-needed", "good"}

// Severity is how much a finding weighs. The zero value is the gravest.
type Severity int

// The severities.
const (
	SeverityError Severity = iota
	SeverityWarning
	SeverityInfo
)

var severities = [...]string{"error", "warning", "info"}

// SubIndication is the reason for an indication (EN 319 102-1, Table 6); ""
// where there is none. Of those of the standard SIGNED_DATA_NOT_FOUND alone is never
// given: what is signed is the file itself, and detached content must be given.
type SubIndication string

// The sub-indications that this version gives.
const (
	FormatFailure             SubIndication = "FORMAT_FAILURE"
	HashFailure               SubIndication = "HASH_FAILURE"
	SigCryptoFailure          SubIndication = "SIG_CRYPTO_FAILURE"
	SigConstraintsFailure     SubIndication = "SIG_CONSTRAINTS_FAILURE"
	ChainConstraintsFailure   SubIndication = "CHAIN_CONSTRAINTS_FAILURE"
	ChainGeneralFailure       SubIndication = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
	CryptoConstraintsFailure  SubIndication = "CRYPTO_CONSTRAINTS_FAILURE"
	NoSigningCertificateFound SubIndication = "NO_SIGNING_CERTIFICATE_FOUND"
	NoCertificateChainFound   SubIndication = "NO_CERTIFICATE_CHAIN_FOUND"
	OutOfBoundsNoPOE          SubIndication = "OUT_OF_BOUNDS_NO_POE"
	NotYetValid               SubIndication = "NOT_YET_VALID"
	TryLater                  SubIndication = "TRY_LATER"

	Revoked                       SubIndication = "REVOKED"
	Expired                       SubIndication = "EXPIRED"
	RevokedNoPOE                  SubIndication = "REVOKED_NO_POE"
	RevokedCANoPOE                SubIndication = "REVOKED_CA_NO_POE"
	OutOfBoundsNotRevoked         SubIndication = "OUT_OF_BOUNDS_NOT_REVOKED"
	RevocationOutOfBoundsNoPOE    SubIndication = "REVOCATION_OUT_OF_BOUNDS_NO_POE"
	CryptoConstraintsFailureNoPOE SubIndication = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
	NoCertificateChainFoundNoPOE  SubIndication = "NO_CERTIFICATE_CHAIN_FOUND_NO_POE"
	NoPOE                         SubIndication = "NO_POE"
	TimestampOrderFailure         SubIndication = "TIMESTAMP_ORDER_FAILURE"
	SignaturePolicyNotAvailable   SubIndication = "SIGNATURE_POLICY_NOT_AVAILABLE"
	PolicyProcessingError         SubIndication = "POLICY_PROCESSING_ERROR"
)

// String returns the name of EN 319 102-1, for example "TOTAL-PASSED".
func (i Indication) String() string { return name(indications[:], int(i)) }

// MarshalText writes the name that the JSON report uses.
func (i Indication) MarshalText() ([]byte, error) { return marshal(indications[:], int(i)) }

// UnmarshalText reads the name that the JSON report uses.
func (i *Indication) UnmarshalText(b []byte) error { return unmarshal(indications[:], b, i) }

// String returns the word that the JSON report uses.
func (c Crypto) String() string { return name(cryptos[:], int(c)) }

// MarshalText writes the word that the JSON report uses.
func (c Crypto) MarshalText() ([]byte, error) { return marshal(cryptos[:], int(c)) }

// UnmarshalText reads the word that the JSON report uses.
func (c *Crypto) UnmarshalText(b []byte) error { return unmarshal(cryptos[:], b, c) }

// String returns the word that the JSON report uses.
func (s Structure) String() string { return name(structures[:], int(s)) }

// MarshalText writes the word that the JSON report uses.
func (s Structure) MarshalText() ([]byte, error) { return marshal(structures[:], int(s)) }

// UnmarshalText reads the word that the JSON report uses.
func (s *Structure) UnmarshalText(b []byte) error { return unmarshal(structures[:], b, s) }

// String returns the word that the JSON report uses.
func (c Coverage) String() string { return name(coverages[:], int(c)) }

// MarshalText writes the word that the JSON report uses.
func (c Coverage) MarshalText() ([]byte, error) { return marshal(coverages[:], int(c)) }

// UnmarshalText reads the word that the JSON report uses.
func (c *Coverage) UnmarshalText(b []byte) error { return unmarshal(coverages[:], b, c) }

// String returns the word that the JSON report uses.
func (c Changes) String() string { return name(changeKinds[:], int(c)) }

// MarshalText writes the word that the JSON report uses.
func (c Changes) MarshalText() ([]byte, error) { return marshal(changeKinds[:], int(c)) }

// UnmarshalText reads the word that the JSON report uses.
func (c *Changes) UnmarshalText(b []byte) error { return unmarshal(changeKinds[:], b, c) }

// String returns the word that the JSON report uses.
func (k Kind) String() string { return name(kinds[:], int(k)) }

// MarshalText writes the word that the JSON report uses.
func (k Kind) MarshalText() ([]byte, error) { return marshal(kinds[:], int(k)) }

// UnmarshalText reads the word that the JSON report uses.
func (k *Kind) UnmarshalText(b []byte) error { return unmarshal(kinds[:], b, k) }

// String returns the word that the JSON report uses.
func (r Revocation) String() string { return name(revocations[:], int(r)) }

// MarshalText writes the word that the JSON report uses.
func (r Revocation) MarshalText() ([]byte, error) { return marshal(revocations[:], int(r)) }

// UnmarshalText reads the word that the JSON report uses.
func (r *Revocation) UnmarshalText(b []byte) error { return unmarshal(revocations[:], b, r) }

// String returns the word that the JSON report uses.
func (s Severity) String() string { return name(severities[:], int(s)) }

// MarshalText writes the word that the JSON report uses.
func (s Severity) MarshalText() ([]byte, error) { return marshal(severities[:], int(s)) }

// UnmarshalText reads the word that the JSON report uses.
func (s *Severity) UnmarshalText(b []byte) error { return unmarshal(severities[:], b, s) }

// name returns the word for a value, and one that cannot be mistaken for a
// verdict where there is none.
func name(names []string, i int) string {
	if i < 0 || i >= len(names) {
		return fmt.Sprintf("undefined(%d)", i)
	}
	return names[i]
}

func marshal(names []string, i int) ([]byte, error) {
	if i < 0 || i >= len(names) {
		return nil, fmt.Errorf("verify: status %d is not defined", i)
	}
	return []byte(names[i]), nil
}

func unmarshal[T ~int](names []string, b []byte, to *T) error {
	for i, n := range names {
		if n == string(b) {
			*to = T(i)
			return nil
		}
	}
	return fmt.Errorf("verify: %q is not one of %v", b, names)
}
