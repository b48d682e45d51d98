package revocation

// Limits on hostile input. Real evidence stays far below all of them.
const (
	maxCRLBytes     = 256 << 20 // one CRL; the largest in use have some 100 MB
	maxOCSPBytes    = 4 << 20   // one OCSP response
	maxExtensions   = 64        // of one CRL, entry, response or single response
	maxSerialBytes  = 256       // RFC 5280 allows 20; longer ones exist
	maxNumberBytes  = 256       // CRL numbers; RFC 5280 allows 20
	maxGeneralNames = 64        // names in one list
	maxPoints       = 64        // distribution points of one certificate
	maxResponses    = 4096      // single responses in one OCSP response
	maxCertificates = 64        // certificates in one OCSP response
	maxNonceBytes   = 128       // RFC 9654 allows 128
	maxTimeBytes    = 64        // characters of a time
	maxEvidence     = 1 << 14   // pieces in one set
)

// Limits on the work for one answer. Evidence beyond them is refused, and the
// answer says so.
const (
	maxSigners     = 32      // certificates tried as signer of one piece of evidence
	maxSignatures  = 256     // signatures verified
	maxRemembered  = 64      // signers of one piece of evidence whose check is remembered
	maxDeltas      = 64      // delta CRLs
	maxComparisons = 1 << 20 // comparisons of names, of distribution points and of signers, and of keys
	maxDelegation  = 4       // responders whose status another responder tells, in a row
	maxDetails     = 3       // rejections that Answer.Detail repeats
)
