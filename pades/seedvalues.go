package pades

import "github.com/inkan-go/inkan/certificate"

// SeedValues is what the author of a form wants of the signature in a field: its seed
// value dictionary (ISO 32000-2, Table 237). What Required names is demanded, the rest
// proposed, except for MDP and TimeStamp, which say so themselves. A zero entry is
// absent.
type SeedValues struct {
	Required SeedFlags

	// Filter is the signature handler. This package is Adobe.PPKLite.
	Filter string
	// SubFilter lists encodings. Of those demanded, the first that this package can
	// make is used: ETSI.CAdES.detached or adbe.pkcs7.detached.
	SubFilter []string
	// DigestMethod lists hash functions by their names in PDF: SHA256, SHA384, SHA512,
	// SHA3-256 and so on.
	DigestMethod []string
	// V is the version of seed values that a signer must understand: 1 for PDF 1.5, 2 for
	// PDF 1.7, 3 for PDF 2.0.
	V int
	// Cert says which certificates will do.
	Cert *CertificateSeeds
	// Reasons lists the reasons to choose from. Where they are demanded, a single "." or
	// none at all means that no reason may be given.
	Reasons []string
	// MDP points to 0 for a signature that does not certify, or to the permission that it
	// certifies with. Nil leaves that open. What it says is demanded.
	MDP *Permission
	// TimeStamp asks for a time stamp.
	TimeStamp *TimestampSeed
	// LegalAttestation lists the attestations to choose from (12.8.7).
	LegalAttestation []string
	// AddRevInfo asks for revocation data to be kept with the signature.
	AddRevInfo bool
	// LockDocument is "true" where the document is to be locked by the signature, "false"
	// where it is not, "auto" or "" where that is left open.
	LockDocument string
	// AppearanceFilter names the appearance to be used.
	AppearanceFilter string
}

// SeedFlags are the entries of SeedValues that are demanded.
type SeedFlags int64

// The flags (ISO 32000-2, Table 237, Ff).
const (
	SeedFilter SeedFlags = 1 << iota
	SeedSubFilter
	SeedV
	SeedReasons
	SeedLegalAttestation
	SeedAddRevInfo
	SeedDigestMethod
	SeedLockDocument
	SeedAppearanceFilter

	knownSeeds = 1<<iota - 1
)

// TimestampSeed asks for a time stamp.
type TimestampSeed struct {
	// URL is the address of a time-stamping authority (RFC 3161).
	URL string
	// Required demands the time stamp.
	Required bool
}

// CertificateSeeds say which certificates will do (ISO 32000-2, Table 238).
type CertificateSeeds struct {
	Required CertificateSeedFlags

	// Subject lists the certificates themselves.
	Subject []*certificate.Certificate
	// SubjectDN lists attributes of the subject by their short names, such as CN or O, or
	// their OIDs. All of one of the maps must be there.
	SubjectDN []map[string]string
	// KeyUsage lists patterns, one of which must fit: a character for each bit of the
	// extension from digitalSignature on, 1 where it must be set, 0 where it must not,
	// X where it does not matter, as must those that are missing.
	KeyUsage []string
	// Issuer lists certificates of which one must have issued the signer's, directly or
	// through others.
	Issuer []*certificate.Certificate
	// OID lists the certificate policies that the certificate must have.
	OID []string
	// URL is where to get a certificate that will do, in the way that URLType names:
	// Browser or "" for a page to be visited, ASSP for a signing server.
	URL, URLType string

	// PolicyOID names the signature policy to sign under; PolicyHash is the digest of its
	// text, made with PolicyHashAlgorithm, named as in DigestMethod. No flag demands it.
	PolicyOID, PolicyHashAlgorithm string
	PolicyHash                     []byte
	// Commitments lists the OIDs of the commitments to make.
	Commitments []string
}

// CertificateSeedFlags are the entries of CertificateSeeds that are demanded.
type CertificateSeedFlags int64

// The flags (ISO 32000-2, Table 238, Ff). Nothing checks a URL, whatever its flag says.
const (
	SeedSubject   CertificateSeedFlags = 1 << 0
	SeedIssuer    CertificateSeedFlags = 1 << 1
	SeedOID       CertificateSeedFlags = 1 << 2
	SeedSubjectDN CertificateSeedFlags = 1 << 3
	SeedKeyUsage  CertificateSeedFlags = 1 << 5
	SeedURL       CertificateSeedFlags = 1 << 6

	knownCertificateSeeds = SeedSubject | SeedIssuer | SeedOID | SeedSubjectDN | SeedKeyUsage | SeedURL
)
