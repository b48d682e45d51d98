package pades

import (
	"crypto"
	"encoding/asn1"
	"io"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
)

// Level is a PAdES baseline level (ETSI EN 319 142-1, clause 6).
type Level int

// The levels that can be made. The zero value is B-B.
const (
	// BB is a signature alone, without any proof of its time.
	BB Level = iota
)

// String returns "PAdES-B-B".
func (l Level) String() string {
	if l == BB {
		return "PAdES-B-B"
	}
	return "unknown level"
}

// Signer is who signs: a key and its certificate.
type Signer struct {
	// Key makes the signature. Any crypto.Signer will do, in memory, in a token
	// or behind a service; one that is a crypto.MessageSigner or a
	// cms.ContextSigner is used as such. It is called exactly once a signature.
	// Prepare needs no key.
	Key crypto.Signer
	// Chain is the signing certificate, followed by those that lead to an
	// anchor. They go into the signature; the anchor itself may be left out.
	Chain []*certificate.Certificate
	// Algorithm names the signature algorithm; the zero value takes the default
	// for the certificate's key.
	Algorithm cms.Algorithm
}

// OpenOptions says how a Document works. Nil means the defaults.
type OpenOptions struct {
	// Now is the clock, time.Now by default: for /M and for warnings about the
	// validity of certificates.
	Now func() time.Time
	// Rand is the randomness handed to keys that ask for it (ECDSA, RSA-PSS),
	// crypto/rand.Reader by default. What is added to a file encrypted with AES
	// takes its initialization vectors from it as well.
	Rand io.Reader
	// Password opens an encrypted document, as its user or as its owner, whom
	// its access permissions do not bind. Where it is empty, the empty user
	// password is tried, which many files have.
	Password string
}

// SignOptions says how to sign. Nil means the defaults: level B-B, invisible, in
// a new field on the first page. It is neither kept nor written to.
type SignOptions struct {
	// Level is the level to reach.
	Level Level

	// Field is the fully qualified name of an existing, empty signature field to
	// sign. If it is empty, a new field is made.
	Field string
	// NewField is the name of the field to be made; it must not be taken, and
	// holds no full stop. If it is empty, the first free of Signature1,
	// Signature2 and so on is chosen.
	NewField string
	// Page is the page, from 1, that carries the new field; 0 is the first page.
	Page int

	// Name, Reason, Location and ContactInfo are shown by readers. They are
	// claims of the signer (ISO 32000-2, table 255). Reason goes neither with
	// Commitments nor with Policy (EN 319 142-1, clause 6.3).
	Name, Reason, Location, ContactInfo string
	// Time is the claimed time of signing, written to /M in its own time zone;
	// the zero value means now, in UTC.
	Time time.Time

	// Commitments are the commitments that the signer makes (RFC 5126, 5.11.1),
	// for example 1.2.840.113549.1.9.16.6.1, proof of origin.
	Commitments []asn1.ObjectIdentifier
	// Policy is the signature policy that the signer follows.
	Policy *Policy

	// ContentsSize is the room, in bytes, for the signature in /Contents. 0 lets
	// the package estimate it from the certificates.
	ContentsSize int

	// IgnorePermissions signs a document that is encrypted with access permissions
	// that forbid it (ISO 32000-2, table 22). It does not override a
	// certification or a lock, which other signatures demand.
	IgnorePermissions bool

	// Warn, if not nil, is called with each doubt that does not stop the
	// signature, such as an expired certificate, before the key is used.
	Warn func(warning string)
}

// Policy names a signature policy and the digest of its text (RFC 5126, 5.8.1).
type Policy struct {
	ID     asn1.ObjectIdentifier
	Hash   crypto.Hash
	Digest []byte
}
