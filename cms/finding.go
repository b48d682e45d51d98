package cms

// Severity says how much a finding matters.
type Severity int

// The severities. Violation is the zero value.
const (
	Violation Severity = iota // a rule is broken; Verify then returns an error that wraps ErrConstraint
	Warning                   // verifies, but should not be made like this
	Info                      // a fact that some profile of CMS has an opinion about
)

// Codes of findings. They are stable.
const (
	CodeAttributesUnsorted   = "attributes-not-der-ordered"
	CodeAttributesNotDER     = "attributes-not-der"
	CodeNoSignedAttributes   = "no-signed-attributes"
	CodeWeakAlgorithm        = "weak-algorithm"
	CodeAlgorithmsDisagree   = "algorithms-disagree"
	CodeDigestIdentifier     = "digest-algorithm-is-signature-algorithm"
	CodeDigestNotListed      = "digest-algorithm-not-listed"
	CodeEdDSADigest          = "eddsa-digest"
	CodeMLDSADigest          = "mldsa-digest"
	CodeAttributeValues      = "attribute-not-single-valued"
	CodeAttributeRepeated    = "attribute-repeated"
	CodeAttributeMalformed   = "attribute-malformed"
	CodeCertificateID        = "signing-certificate-mismatch"
	CodeCertificateIDMissing = "signing-certificate-missing"
	CodeCertificateIDBoth    = "signing-certificate-v1-and-v2"
	CodeAlgorithmProtection  = "algorithm-protection-mismatch"
	CodeKeyRestriction       = "key-restricted"
	CodeSerialNumber         = "serial-number-not-shortest"
	CodeSignedInUnsigned     = "signed-attribute-unsigned"
)

// Finding is something that a caller may want to report or judge.
type Finding struct {
	Code     string
	Severity Severity
	Text     string // English, without a full stop
	Clause   string // of the standard
}
