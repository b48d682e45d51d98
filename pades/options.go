package pades

import (
	"crypto"
	"encoding/asn1"
	"io"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/tsa"
)

// Signer is who signs: a key and its certificate. It is only read, and safe for concurrent
// use where its key is.
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
	// Level is the level to reach. One that cannot be reached is an error: nothing is
	// signed at a lower one.
	Level Level
	// TSA makes the time stamps of the levels above B-B: one over the signature, and at
	// B-LTA one over the document.
	TSA tsa.Timestamper
	// StampHash is the hash function for time stamps. 0 means that of the signature,
	// or SHA-256 where few authorities take that.
	StampHash crypto.Hash
	// Revocation finds the issuers and the revocation data that B-LT and B-LTA hold.
	Revocation fetch.Source
	// Trust holds the anchors that paths lead to. With nil a path leads to whatever
	// self-signed certificate is found, or ends where the certificates end.
	Trust *certificate.Pool
	// Evidence says which revocation data will do, and what becomes of gaps; nil means
	// the defaults: a gap is an error.
	Evidence *EvidencePolicy

	// Field is the fully qualified name of an existing, empty signature field to
	// sign. Its seed values are obeyed, and its lock becomes that of the signature. If
	// Field is empty, a new field is made.
	Field string
	// NewField is the fully qualified name of the field to be made, which must not be
	// taken: "seller.approval" is the field "approval" in the group "seller", which is
	// made as well where it is missing. If it is empty, the first free of Signature1,
	// Signature2 and so on is chosen.
	NewField string
	// Tooltip says what the new field is for, to those who cannot see it. In a tagged
	// document it is the field's name where it is empty.
	Tooltip string
	// Page is the page, from 1, that carries the new field; 0 is the first page,
	// AllPages, with an Appearance, every page.
	Page int

	// Appearance draws what people see of the signature; nil makes it invisible.
	// A new field is shown at Rect on Page, and at the places of Also; all of them
	// show one signature. An existing field is shown where it is.
	//
	// One place is best: what a signature covers may depend on where it stands, and
	// Adobe's products make no others. poppler (22.12) lists a signature once for each
	// of its places.
	Appearance Appearance
	Rect       Rect
	Also       []Placement

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

	// Certify makes the signature a certification, which must be the first signature of
	// the document (ISO 32000-2, 12.8.2.2), and says which changes may follow. 0 makes it
	// an approval, unless the seed values of the field demand a certification.
	Certify Permission
	// Attestation says, with a certification, why its author uses content that could be
	// shown in other ways than was meant (ISO 32000-2, 12.8.7).
	Attestation string
	// Lock names the fields that may not change any more. An existing field with a lock of
	// its own takes no other.
	Lock *Lock
	// AppearanceName is what the Appearance is called, where the seed values of a field
	// ask for one by name.
	AppearanceName string

	// ContentTimestamp puts a time stamp over the document into the signed attributes
	// (EN 319 122-1, 5.2.8): it proves that the signature was made after it. It needs
	// TSA at every level.
	ContentTimestamp bool

	// ContentsSize is the room, in bytes, for the signature in /Contents. 0 lets
	// the package estimate it from the certificates, with 16 KiB for each time stamp,
	// or more where a larger one was seen with this Document.
	ContentsSize int

	// IgnorePermissions signs a document that is encrypted with access permissions
	// that forbid it (ISO 32000-2, table 22). It does not override a
	// certification or a lock, which other signatures demand.
	IgnorePermissions bool
	// IgnoreSignatures signs although an earlier signature forbids it: a certification, a
	// lock, or any signature where this one is to certify. What is broken by that is
	// judged as broken.
	IgnoreSignatures bool
	// IgnoreSeedValues signs an existing field whatever its seed values ask for: it is as
	// if it had none.
	IgnoreSeedValues bool

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
