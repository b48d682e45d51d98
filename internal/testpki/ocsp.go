package testpki

import (
	"crypto"
	"crypto/sha1" // key hashes of responders
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
)

// OCSPStatus is what an [OCSPSingle] says about a certificate.
type OCSPStatus int

// The statuses, as numbered in RFC 6960, 4.2.1.
const (
	OCSPGood OCSPStatus = iota
	OCSPRevoked
	OCSPUnknown
)

// OCSP is an OCSP response before it is signed (RFC 6960, 4.2.1). Nothing in it is
// checked.
type OCSP struct {
	Responses  []OCSPSingle
	ProducedAt time.Time // zero means Now
	// ByKey names the responder by the hash of its key and not by its name.
	ByKey bool
	// Responder is a DER Name in place of the signer's.
	Responder    []byte
	Nonce        []byte           // nil leaves it out
	Extensions   []pkix.Extension // after the nonce
	Certificates []*certificate.Certificate
	Signature    algorithm.Signature // the zero value means the one that suits the key
	// Basic leaves out the OCSPResponse around the BasicOCSPResponse.
	Basic bool
	// Change, if not nil, alters the ResponseData before it is signed.
	Change func(data []byte) []byte
}

// OCSPSingle is what a response says about one certificate.
type OCSPSingle struct {
	Certificate *certificate.Certificate // its serial number and issuer name
	Issuer      *certificate.Certificate // whose key counts
	Serial      *big.Int                 // in place of the certificate's
	Hash        crypto.Hash              // 0 means SHA-1
	Status      OCSPStatus
	RevokedAt   time.Time // zero means ThisUpdate
	Reason      int       // CRLReason; 0 leaves it out
	ThisUpdate  time.Time // zero means Now
	NextUpdate  time.Time // zero means a day after ThisUpdate
	// NoNextUpdate leaves nextUpdate out.
	NoNextUpdate bool
	Extensions   []pkix.Extension
}

// OCSPError returns an OCSPResponse that says why there is no answer.
func OCSPError(status int) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1Enum(int64(status)) })
	return b.BytesOrPanic()
}

// SignOCSP returns the response in DER, signed by the identity.
func (id *Identity) SignOCSP(r *OCSP) ([]byte, error) {
	s := r.Signature
	if s.Scheme == algorithm.SchemeUnknown {
		s = DefaultSignature(id.Key.Public())
	}
	identifier, err := s.Identifier()
	if err != nil {
		return nil, fmt.Errorf("testpki: %w", err)
	}
	data, err := r.data(id)
	if err != nil {
		return nil, err
	}
	if r.Change != nil {
		data = r.Change(data)
	}
	var certificates cryptobyte.Builder
	if len(r.Certificates) > 0 {
		certificates.AddASN1(cbasn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				for _, c := range r.Certificates {
					b.AddBytes(c.Raw)
				}
			})
		})
	}
	basic, err := signTBS(id.Key, s, identifier, data, certificates.BytesOrPanic())
	if err != nil || r.Basic {
		return basic, err
	}
	return wrapBasicOCSP(basic)
}

// wrapBasicOCSP returns the OCSPResponse around a BasicOCSPResponse.
func wrapBasicOCSP(basic []byte) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Enum(0)
		b.AddASN1(cbasn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 1})
				b.AddASN1OctetString(basic)
			})
		})
	})
	return b.Bytes()
}

// data returns the ResponseData.
func (r *OCSP) data(id *Identity) ([]byte, error) {
	produced := r.ProducedAt
	if produced.IsZero() {
		produced = Now()
	}
	extensions := r.Extensions
	if r.Nonce != nil {
		extensions = append([]pkix.Extension{OCSPNonce(r.Nonce)}, extensions...)
	}
	for i := range r.Responses {
		if err := r.Responses[i].check(); err != nil {
			return nil, err
		}
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		r.addResponder(b, id)
		b.AddASN1GeneralizedTime(produced.UTC())
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			for i := range r.Responses {
				r.Responses[i].add(b)
			}
		})
		addExplicitExtensions(b, 1, extensions)
	})
	return b.Bytes()
}

func addExplicitExtensions(b *cryptobyte.Builder, tag uint8, list []pkix.Extension) {
	if len(list) > 0 {
		b.AddASN1(cbasn1.Tag(tag).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { addExtensions(b, list) })
		})
	}
}

func (r *OCSP) addResponder(b *cryptobyte.Builder, id *Identity) {
	if r.ByKey {
		hash := sha1.Sum(id.Certificate.PublicKeyInfo.Key)
		b.AddASN1(cbasn1.Tag(2).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { b.AddASN1OctetString(hash[:]) })
		return
	}
	name := id.Certificate.RawSubject
	if r.Responder != nil {
		name = r.Responder
	}
	b.AddASN1(cbasn1.Tag(1).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { b.AddBytes(name) })
}

func (s *OCSPSingle) hash() algorithm.Hash {
	if s.Hash == 0 {
		return algorithm.SHA1
	}
	return algorithm.Hash(s.Hash)
}

func (s *OCSPSingle) check() error {
	if s.Certificate == nil || s.Issuer == nil {
		return errors.New("testpki: OCSP response without certificate or issuer")
	}
	if _, ok := algorithm.HashOID(s.hash()); !ok {
		return fmt.Errorf("testpki: hash function %v has no identifier", s.Hash)
	}
	return nil
}

func (s *OCSPSingle) add(b *cryptobyte.Builder) {
	this, next, serial := s.ThisUpdate, s.NextUpdate, s.Serial
	if this.IsZero() {
		this = Now()
	}
	if next.IsZero() {
		next = this.AddDate(0, 0, 1)
	}
	if serial == nil {
		serial = s.Certificate.SerialNumber
	}
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			oid, _ := algorithm.HashOID(s.hash())
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(oid)
				b.AddASN1NULL()
			})
			b.AddASN1OctetString(s.hash().Sum(s.Certificate.RawIssuer))
			b.AddASN1OctetString(s.hash().Sum(s.Issuer.PublicKeyInfo.Key))
			b.AddASN1BigInt(serial)
		})
		s.addStatus(b, this)
		b.AddASN1GeneralizedTime(this.UTC())
		if !s.NoNextUpdate {
			b.AddASN1(cbasn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { b.AddASN1GeneralizedTime(next.UTC()) })
		}
		addExplicitExtensions(b, 1, s.Extensions)
	})
}

func (s *OCSPSingle) addStatus(b *cryptobyte.Builder, this time.Time) {
	if s.Status != OCSPRevoked {
		b.AddASN1(cbasn1.Tag(s.Status).ContextSpecific(), func(*cryptobyte.Builder) {})
		return
	}
	at := s.RevokedAt
	if at.IsZero() {
		at = this
	}
	b.AddASN1(cbasn1.Tag(1).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
		b.AddASN1GeneralizedTime(at.UTC())
		if s.Reason != 0 {
			b.AddASN1(cbasn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { b.AddASN1Enum(int64(s.Reason)) })
		}
	})
}

// OCSPNonce makes the extension of RFC 9654.
func OCSPNonce(nonce []byte) pkix.Extension {
	return extension(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2}, false, func(b *cryptobyte.Builder) { b.AddASN1OctetString(nonce) })
}

// ArchiveCutoff makes the extension of RFC 6960, 4.4.4.
func ArchiveCutoff(since time.Time) pkix.Extension {
	return extension(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 6}, false, func(b *cryptobyte.Builder) { b.AddASN1GeneralizedTime(since.UTC()) })
}

// OCSPNoCheck makes the extension of RFC 6960, 4.2.2.2.1.
func OCSPNoCheck() pkix.Extension {
	return Null(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}, false)
}
