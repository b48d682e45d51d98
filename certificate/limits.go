package certificate

// Limits on hostile input. Real certificates stay far below all of them.
const (
	maxCertificateBytes = 1 << 20 // one certificate
	maxSerialBytes      = 256     // RFC 5280 allows 20; longer ones exist
	maxNameAttributes   = 256     // attributes of one name, over all its RDNs
	maxNameBytes        = 8192    // of one name, which reports repeat; the longest in use have some hundreds
	maxExtensions       = 128     // extensions of one certificate
	maxPolicies         = 256     // policies, and mappings of policies, of one certificate
	maxListItems        = 1024    // key purposes, general names, URLs in one extension
	maxRSAModulusBits   = 16384   // beyond it the key is read as not supported
	maxDSABytes         = 4096    // parameters of a DSA key, and the key itself
	maxPEMBlocks        = 16384   // certificates in one PEM file

	maxPathLength       = 16      // certificates in one path, leaf and anchor included
	maxPathCandidates   = 8192    // untrusted certificates considered for one leaf
	maxPathSteps        = 256     // certificates visited while one path is sought
	maxSignatureChecks  = 128     // certificate signatures verified while one path is sought
	maxRememberedChecks = 4096    // signatures that one SignatureChecks remembers
	maxQuestions        = 64      // questions about revocation while one path is sought
	maxSourceQuestions  = 16      // questions for further issuers while one path is sought
	maxSignerDepth      = 4       // paths to signers of evidence about the path to a signer of evidence about ...
	maxPathWork         = 1 << 20 // comparisons of names and of policies while one path is sought
)
