package certificate

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"time"
)

// Certificate is an X.509 certificate (RFC 5280, 4.1). It is read by [Parse],
// [ParsePEM] or [FromX509], is never changed afterwards, and may be shared
// between goroutines. The byte slices are parts of Raw.
type Certificate struct {
	Raw                     []byte // the whole certificate
	RawTBSCertificate       []byte // what the issuer signed
	RawIssuer               []byte // Name, with tag and length
	RawSubject              []byte // Name, with tag and length
	RawSubjectPublicKeyInfo []byte // SubjectPublicKeyInfo, with tag and length

	Version      int      // 1, 2 or 3
	SerialNumber *big.Int // may be negative, zero or longer than 20 octets
	Issuer       Name
	Subject      Name
	NotBefore    time.Time // UTC
	NotAfter     time.Time // UTC

	// PublicKeyInfo is the key as written. PublicKey is the key ready for use:
	// *rsa.PublicKey, *ecdsa.PublicKey, ed25519.PublicKey, *mldsa.PublicKey (only
	// where the program was built with Go 1.27 or newer), or a type of this module
	// that only verifies, for an RSA exponent that crypto/rsa refuses, the curves that
	// crypto/elliptic lacks, DSA and Ed448. It is nil when the key is of a kind that is not
	// supported or is malformed, and PublicKeyError then says why;
	// errors.Is(PublicKeyError, ErrUnsupportedKey) tells the two apart.
	PublicKeyInfo  PublicKeyInfo
	PublicKey      crypto.PublicKey
	PublicKeyError error

	SignatureAlgorithm pkix.AlgorithmIdentifier // the outer one
	Signature          []byte

	Extensions []pkix.Extension // all of them, in order

	// KeyUsage holds the bits of the keyUsage extension; HasKeyUsage tells
	// whether there is one (RFC 5280, 4.2.1.3).
	KeyUsage    x509.KeyUsage
	HasKeyUsage bool
	// ExtendedKeyUsage lists the key purposes in order;
	// ExtendedKeyUsageCritical tells whether the extension is critical (4.2.1.12).
	ExtendedKeyUsage         []asn1.ObjectIdentifier
	ExtendedKeyUsageCritical bool
	// HasBasicConstraints, IsCA and MaxPathLength are the basicConstraints
	// extension; MaxPathLength is -1 when there is no limit (4.2.1.9).
	HasBasicConstraints bool
	IsCA                bool
	MaxPathLength       int
	// Policies lists the certificatePolicies in order (4.2.1.4).
	Policies       []asn1.ObjectIdentifier
	SubjectKeyID   []byte // nil when absent
	AuthorityKeyID []byte // keyIdentifier only; nil when absent

	// NoRevocationAvailable is noRevAvail (RFC 9608), OCSPNoCheck is
	// id-pkix-ocsp-nocheck (RFC 6960, 4.2.2.2.1), ShortTerm is the
	// validity-assured short-term extension (EN 319 412-1, 5.2). Whether they
	// make revocation evidence unnecessary is for the verifier to decide.
	NoRevocationAvailable bool
	OCSPNoCheck           bool
	ShortTerm             bool

	// UnhandledCritical lists the critical extensions that this package does not
	// process. A path through such a certificate is refused (RFC 5280, 4.2).
	UnhandledCritical []asn1.ObjectIdentifier
	// Defects lists what is wrong with the certificate although it could be
	// read. A path through such a certificate is refused.
	Defects []Defect

	selfIssued  bool
	constraints *nameConstraints // nil when absent
	policyRules *policyRules     // nil when there are none
	fingerprint [sha256.Size]byte
}

// PublicKeyInfo is a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7).
type PublicKeyInfo struct {
	Algorithm pkix.AlgorithmIdentifier
	Key       []byte // content of the bit string
}

// Defect is a fault of a certificate that does not keep it from being read.
type Defect struct {
	Extension asn1.ObjectIdentifier // nil when the fault is not in an extension
	Text      string
}

// Fingerprint returns the SHA-256 digest of the whole certificate.
func (c *Certificate) Fingerprint() [32]byte {
	if c.fingerprint == [sha256.Size]byte{} { // it was not made by Parse
		return sha256.Sum256(c.Raw)
	}
	return c.fingerprint
}

// Equal tells whether both are the same certificate, byte for byte.
func (c *Certificate) Equal(d *Certificate) bool {
	if c == nil || d == nil {
		return c == d
	}
	return c == d || bytes.Equal(c.Raw, d.Raw)
}

// IsSelfIssued tells whether issuer and subject are the same name (RFC 5280, 3.2).
func (c *Certificate) IsSelfIssued() bool { return c.selfIssued }

// IssuedBy tells whether the issuer named in c is the subject of parent. It
// compares names only; [Certificate.CheckSignatureFrom] proves it.
func (c *Certificate) IssuedBy(parent *Certificate) bool {
	return sameName(c.RawIssuer, c.Issuer, parent.RawSubject, parent.Subject)
}

// ValidAt tells whether t lies in the validity period, both ends included
// (RFC 5280, 4.1.2.5).
func (c *Certificate) ValidAt(t time.Time) bool {
	return !t.Before(c.NotBefore) && !t.After(c.NotAfter)
}

// HasPurpose tells whether id stands in the extendedKeyUsage extension. A
// certificate without that extension has no purpose in this sense.
func (c *Certificate) HasPurpose(id asn1.ObjectIdentifier) bool {
	for _, p := range c.ExtendedKeyUsage {
		if p.Equal(id) {
			return true
		}
	}
	return false
}

// Extension returns the first extension with that identifier, or nil.
func (c *Certificate) Extension(id asn1.ObjectIdentifier) *pkix.Extension {
	for i := range c.Extensions {
		if c.Extensions[i].Id.Equal(id) {
			return &c.Extensions[i]
		}
	}
	return nil
}

// String returns the subject, for messages.
func (c *Certificate) String() string { return c.Subject.String() }
