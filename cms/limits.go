package cms

// Limits on what strangers send; each is far above anything seen in signed documents.
const (
	maxSize            = 64 << 20 // bytes of one ContentInfo
	maxChoices         = 4096     // certificates, and as many revocation values, of one SignedData
	maxSignerInfos     = 64
	maxDigests         = 64   // digestAlgorithms of one SignedData
	maxAttributes      = 256  // of one SignerInfo, signed and unsigned each
	maxAttributeValues = 1024 // of one attribute
	maxCertificateIDs  = 256  // in one signing-certificate attribute
	maxEmbedded        = 256  // certificates, and as many revocation values, in attributes of one SignedData
)
