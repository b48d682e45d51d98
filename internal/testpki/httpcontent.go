package testpki

import (
	"crypto"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/certificate"
)

// content returns what a service has to say, with the fault in it.
func (s *Server) content(authority string, service Service, request []byte, f Fault) (body []byte, mediaType string, err error) {
	signer, block := s.Issuing, ""
	if authority == "root" {
		signer = s.PKI.Root
	}
	switch service {
	case IssuerService:
		mediaType, block = "application/pkix-cert", "CERTIFICATE"
		body, err = s.issuerCertificates(signer, f)
	case CRLService:
		mediaType, block = "application/pkix-crl", "X509 CRL"
		body, err = s.crl(signer, f)
	case OCSPService:
		mediaType = "application/ocsp-response"
		body, err = s.ocsp(signer, request, f)
	case TSAService:
		mediaType = "application/timestamp-reply"
		body, err = s.timeStamp(request, f)
	default:
		err = fmt.Errorf("testpki: no service %q", service)
	}
	if err != nil {
		return nil, "", err
	}
	switch f {
	case Malformed:
		body = body[:len(body)/2]
	case ErrorPage:
		body = []byte("<!DOCTYPE html><title>Maintenance</title>")
	case Empty:
		body = nil
	case PEM:
		body = pem.EncodeToMemory(&pem.Block{Type: block, Bytes: body})
	}
	return body, mediaType, nil
}

// tampering is a key whose signatures do not hold.
type tampering struct{ crypto.Signer }

// Sign returns a signature with a bit changed.
func (k tampering) Sign(random io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	signature, err := k.Signer.Sign(random, digest, o)
	if err == nil {
		signature[len(signature)-1] ^= 1
	}
	return signature, err
}

func (s *Server) issuerCertificates(signer *Identity, f Fault) ([]byte, error) {
	switch f {
	case WrongIssuer:
		return s.SecondRoot.Certificate.Raw, nil
	case Bundle:
		return certificateBundle(signer.Certificate, s.Cross.Certificate)
	case Stale, Future, WrongKey:
	default:
		return signer.Certificate.Raw, nil
	}
	r := &Request{Profile: AuthorityProfile, Subject: signer.Certificate.RawSubject, Issuer: s.PKI.Root, Key: signer.Key}
	now := s.PKI.Now()
	switch f {
	case Stale:
		r.NotBefore, r.NotAfter = now.AddDate(-2, 0, 0), now.AddDate(-1, 0, 0)
	case Future:
		r.NotBefore, r.NotAfter = now.AddDate(1, 0, 0), now.AddDate(2, 0, 0)
	case WrongKey:
		r.Key, r.Role, r.KeyType = nil, OtherRole, P256
	}
	id, err := s.PKI.Issue(r)
	if err != nil {
		return nil, err
	}
	return id.Certificate.Raw, nil
}

// certificateBundle writes certificates as SignedData without signers (RFC 5652, 5.1).
func certificateBundle(list ...*certificate.Certificate) ([]byte, error) {
	explicit := cbasn1.Tag(0).ContextSpecific().Constructed()
	oid := func(last int) []int { return []int{1, 2, 840, 113549, 1, 7, last} }
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid(2))
		b.AddASN1(explicit, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(1)
				b.AddASN1(cbasn1.SET, func(*cryptobyte.Builder) {})
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oid(1)) })
				b.AddASN1(explicit, func(b *cryptobyte.Builder) {
					for _, c := range list {
						b.AddBytes(c.Raw)
					}
				})
				b.AddASN1(cbasn1.SET, func(*cryptobyte.Builder) {})
			})
		})
	})
	return b.Bytes()
}

// period returns thisUpdate and nextUpdate.
func (s *Server) period(f Fault) (this, next time.Time) {
	now := s.PKI.Now()
	switch f {
	case Stale:
		return now.AddDate(0, 0, -14), now.AddDate(0, 0, -7)
	case Future:
		return now.AddDate(0, 0, 7), now.AddDate(0, 0, 14)
	}
	return now.Add(-time.Hour), now.AddDate(0, 0, 7)
}

func (s *Server) crl(signer *Identity, f Fault) ([]byte, error) {
	list := &CRL{Number: big.NewInt(1), NoNextUpdate: f == NoNextUpdate, Entries: s.revoked}
	list.ThisUpdate, list.NextUpdate = s.period(f)
	switch f {
	case WrongIssuer:
		signer = s.SecondRoot
	case WrongKey:
		list.Issuer = signer.Certificate.RawSubject
		signer = s.SecondRoot
	case Tampered:
		signer = &Identity{Key: tampering{signer.Key}, Certificate: signer.Certificate}
	}
	return signer.SignCRL(list)
}

// ocsp answers a request.
func (s *Server) ocsp(issuer *Identity, request []byte, f Fault) ([]byte, error) {
	const malformedRequest, tryLater = 1, 3
	if f == TryLater {
		return OCSPError(tryLater), nil
	}
	serial, nonce, err := parseOCSPRequest(request)
	if err != nil {
		return OCSPError(malformedRequest), nil
	}
	single := OCSPSingle{Certificate: s.issued[serial.String()], Issuer: issuer.Certificate, Serial: serial, NoNextUpdate: f == NoNextUpdate}
	if single.Certificate == nil { // unknown, but the name of the issuer is right
		single.Status = OCSPUnknown
		for _, c := range s.issued {
			if c.IssuedBy(issuer.Certificate) {
				single.Certificate = c
			}
		}
	}
	if entry := s.entry(serial); entry != nil {
		single.Status, single.RevokedAt, single.Reason = OCSPRevoked, entry.Date, entry.Reason
	}
	single.ThisUpdate, single.NextUpdate = s.period(f)
	switch f {
	case Unknown:
		single.Status = OCSPUnknown
	case WrongSerial:
		single.Serial = new(big.Int).Add(serial, big.NewInt(1))
	case WrongIssuer:
		single.Issuer = s.SecondRoot.Certificate
	case WrongNonce:
		nonce = []byte("nonce of another")
	}
	response := &OCSP{Responses: []OCSPSingle{single}, ProducedAt: single.ThisUpdate, Nonce: nonce}
	signer, err := s.ocspSigner(issuer, f)
	if err != nil {
		return nil, err
	}
	response.Certificates = []*certificate.Certificate{signer.Certificate}
	switch f {
	case WrongKey:
		signer = &Identity{Key: s.SecondRoot.Key, Certificate: signer.Certificate}
	case Tampered:
		signer = &Identity{Key: tampering{signer.Key}, Certificate: signer.Certificate}
	}
	return signer.SignOCSP(response)
}

// ocspSigner returns who signs OCSP responses about certificates of an issuer.
func (s *Server) ocspSigner(issuer *Identity, f Fault) (*Identity, error) {
	now := s.PKI.Now()
	switch f {
	case SelfIssuedResponder:
		return s.responder(&Request{Role: "impostor", selfSigned: true}, true)
	case WrongIssuer:
		return s.responder(&Request{Role: "responder", Issuer: s.SecondRoot}, true)
	case ExpiredResponder:
		return s.responder(&Request{Role: "responder", Issuer: issuer, NotBefore: now.AddDate(-2, 0, 0), NotAfter: now.AddDate(-1, 0, 0)}, true)
	case ResponderWithoutPurpose:
		return s.responder(&Request{Role: "responder", Issuer: issuer}, false)
	}
	if issuer == s.Issuing {
		return s.Responder, nil
	}
	return issuer, nil
}

// parseOCSPRequest reads the serial number and the nonce of a request for one
// certificate (RFC 6960, 4.1.1).
func parseOCSPRequest(der []byte) (serial *big.Int, nonce []byte, err error) {
	malformed := errors.New("testpki: malformed OCSP request")
	input := cryptobyte.String(der)
	var whole, tbs, list, request, id, extensions cryptobyte.String
	var hasExtensions bool
	serial = new(big.Int)
	explicit := func(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }
	if !input.ReadASN1(&whole, cbasn1.SEQUENCE) || !whole.ReadASN1(&tbs, cbasn1.SEQUENCE) ||
		!tbs.SkipOptionalASN1(explicit(0)) || !tbs.SkipOptionalASN1(explicit(1)) ||
		!tbs.ReadASN1(&list, cbasn1.SEQUENCE) || !list.ReadASN1(&request, cbasn1.SEQUENCE) ||
		!request.ReadASN1(&id, cbasn1.SEQUENCE) || !id.SkipASN1(cbasn1.SEQUENCE) ||
		!id.SkipASN1(cbasn1.OCTET_STRING) || !id.SkipASN1(cbasn1.OCTET_STRING) || !id.ReadASN1Integer(serial) ||
		!tbs.ReadOptionalASN1(&extensions, &hasExtensions, explicit(2)) {
		return nil, nil, malformed
	}
	if !hasExtensions {
		return serial, nil, nil
	}
	var extensionList, e, value cryptobyte.String
	if !extensions.ReadASN1(&extensionList, cbasn1.SEQUENCE) || !extensionList.ReadASN1(&e, cbasn1.SEQUENCE) ||
		!e.SkipASN1(cbasn1.OBJECT_IDENTIFIER) || !e.ReadASN1(&value, cbasn1.OCTET_STRING) ||
		!value.ReadASN1((*cryptobyte.String)(&nonce), cbasn1.OCTET_STRING) {
		return nil, nil, malformed
	}
	return serial, nonce, nil
}
