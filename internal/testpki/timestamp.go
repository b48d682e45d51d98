package testpki

import (
	"bytes"
	"crypto"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/internal/algorithm"
)

// TSAService makes time stamps (RFC 3161). It is not among [Services], for no
// certificate points to it: its address is Server.URL(TSAService).
const TSAService Service = "tsa"

// tsaFaults are the faults that make a difference to TSAService and say something in
// what is served; those in how it is served and in names concern it as well.
func tsaFaults() []Fault {
	return []Fault{
		Stale, Future, WrongIssuer, WrongKey, Tampered, ExpiredResponder, ResponderWithoutPurpose, WrongNonce, TryLater,
		Malformed, ErrorPage, Empty, NoNonce, WrongImprint, WrongHash, WrongPolicy, NoToken, NoCertificate, TokenAndRefusal,
	}
}

// onlyTSA tells whether a fault is one that no other service has.
func (f Fault) onlyTSA() bool { return f >= NoNonce && f <= TokenAndRefusal }

// timeStampRequest is a TimeStampReq (RFC 3161, 2.4.1).
type timeStampRequest struct {
	Version        int
	MessageImprint struct {
		Algorithm pkix.AlgorithmIdentifier
		Digest    []byte
	}
	Policy  asn1.ObjectIdentifier `asn1:"optional"`
	Nonce   *big.Int              `asn1:"optional"`
	CertReq bool                  `asn1:"optional"`
}

// TimeStamper returns who signs the time stamps of the server.
func (s *Server) TimeStamper() (*Identity, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.timeStamper(nil)
}

// timeStamper issues the certificate when it is asked for the first time, or one of its
// own for a changed request.
func (s *Server) timeStamper(change func(*Request)) (*Identity, error) {
	r := &Request{
		Profile: TimeStamperProfile, Issuer: s.Issuing,
		Subject: Name(Country("JP"), Organization("Inkan Test"), CommonName("Inkan Test Online TSA")),
	}
	if change != nil {
		change(r)
		return s.issue(r)
	}
	if s.stamper == nil {
		id, err := s.issue(r)
		if err != nil {
			return nil, err
		}
		s.stamper = id
	}
	return s.stamper, nil
}

// Stamps returns how many time-stamp tokens were made: what a provider would bill.
func (s *Server) Stamps() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stamps
}

// SetNow moves the server and its infrastructure to another time.
func (s *Server) SetNow(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.PKI.options.Now = at
}

// timeStamp answers a TimeStampReq.
func (s *Server) timeStamp(request []byte, f Fault) ([]byte, error) {
	const granted, rejection = 0, 2
	var q timeStampRequest
	if rest, err := asn1.Unmarshal(request, &q); err != nil || len(rest) > 0 {
		return timeStampResponse(rejection, 5, nil)
	}
	switch f {
	case TryLater:
		return timeStampResponse(rejection, 14, nil)
	case NoToken:
		return timeStampResponse(granted, -1, nil)
	}
	hash, ok := algorithm.HashByOID(q.MessageImprint.Algorithm.Algorithm)
	if !ok {
		return timeStampResponse(rejection, 0, nil)
	}
	s.serials++
	t := &Token{
		Digest: q.MessageImprint.Digest, Hash: hash.Crypto(), Policy: q.Policy, Nonce: q.Nonce,
		Serial: big.NewInt(s.serials), Time: s.PKI.Now(), OmitCertificates: !q.CertReq,
	}
	signer, err := s.misstamp(t, f)
	if err != nil {
		return nil, err
	}
	der, err := signer.Stamp(t)
	if err != nil {
		return nil, err
	}
	s.stamps++
	if f == Tampered {
		der[len(der)-1] ^= 1 // the signature value stands last
	}
	if f == TokenAndRefusal {
		return timeStampResponse(rejection, 25, der)
	}
	return timeStampResponse(granted, -1, der)
}

// misstamp puts a fault into a token that is to be made and returns who signs it.
func (s *Server) misstamp(t *Token, f Fault) (*Identity, error) {
	now := s.PKI.Now()
	switch f {
	case Stale:
		t.Time = now.Add(-time.Hour)
	case Future:
		t.Time = now.Add(time.Hour)
	case WrongNonce:
		t.Nonce = big.NewInt(4711)
	case NoNonce:
		t.Nonce = nil
	case WrongImprint:
		t.Digest = bytes.Clone(t.Digest)
		t.Digest[0] ^= 1
	case WrongHash:
		t.Hash = crypto.SHA3_256
	case WrongPolicy:
		t.Policy = asn1.ObjectIdentifier{1, 2, 3, 4, 2}
	case NoCertificate:
		t.OmitCertificates = true
	case WrongIssuer:
		return s.timeStamper(func(r *Request) { r.Issuer = s.SecondRoot })
	case ExpiredResponder:
		return s.timeStamper(func(r *Request) { r.NotBefore, r.NotAfter = now.AddDate(-2, 0, 0), now.AddDate(-1, 0, 0) })
	case ResponderWithoutPurpose:
		return s.timeStamper(func(r *Request) { r.Profile = SignerProfile })
	}
	id, err := s.timeStamper(nil)
	if err != nil {
		return nil, err
	}
	if f == WrongKey {
		return &Identity{Key: s.SecondRoot.Key, Certificate: id.Certificate, Chain: id.Chain}, nil
	}
	return id, nil
}

// timeStampResponse makes a TimeStampResp (RFC 3161, 2.4.2) with one bit of failInfo; a
// negative one leaves it out.
func timeStampResponse(status, failure int, token []byte) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1Int64(int64(status))
			if failure >= 0 {
				octets := make([]byte, 2+failure/8)
				octets[0], octets[1+failure/8] = byte(7-failure%8), 0x80>>(failure%8)
				b.AddASN1(cbasn1.BIT_STRING, func(b *cryptobyte.Builder) { b.AddBytes(octets) })
			}
		})
		b.AddBytes(token)
	})
	return b.Bytes()
}
