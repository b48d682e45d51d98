package revocation

import (
	"crypto"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
)

// RequestOptions choose the form of an OCSP request.
type RequestOptions struct {
	// Hash names the issuer; 0 means SHA-1, the only one that every responder
	// knows. It protects nothing.
	Hash crypto.Hash
	// Nonce, if not nil, is 1 to 128 random octets that the response shall repeat
	// (RFC 9654). Many responders leave it out.
	Nonce []byte
}

// NewRequest returns an OCSP request in DER (RFC 6960, 4.1.1) for the status of one
// certificate.
func NewRequest(cert, issuer *certificate.Certificate, o RequestOptions) ([]byte, error) {
	if cert == nil || issuer == nil {
		return nil, errors.New("revocation: certificate or issuer is missing")
	}
	if o.Nonce != nil && (len(o.Nonce) == 0 || len(o.Nonce) > maxNonceBytes) {
		return nil, fmt.Errorf("revocation: nonce of %d octets, not 1 to %d", len(o.Nonce), maxNonceBytes)
	}
	if o.Hash == 0 {
		o.Hash = crypto.SHA1
	}
	h := algorithm.Hash(o.Hash)
	oid, ok := algorithm.HashOID(h)
	if !ok || !h.Available() {
		return nil, fmt.Errorf("revocation: hash function %v is not supported in OCSP requests", o.Hash)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // OCSPRequest
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // TBSRequest
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // requestList
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // Request
					b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { // CertID
						b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
							b.AddASN1ObjectIdentifier(oid)
							b.AddASN1NULL()
						})
						b.AddASN1OctetString(h.Sum(cert.RawIssuer))
						b.AddASN1OctetString(h.Sum(issuer.PublicKeyInfo.Key))
						b.AddASN1BigInt(cert.SerialNumber)
					})
				})
			})
			if o.Nonce != nil {
				b.AddASN1(constructed|2, func(b *cryptobyte.Builder) { addNonce(b, o.Nonce) })
			}
		})
	})
	der, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("revocation: OCSP request: %w", err)
	}
	return der, nil
}

// addNonce writes the Extensions that hold the nonce alone.
func addNonce(b *cryptobyte.Builder, nonce []byte) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oidNonce)
			b.AddASN1(cbasn1.OCTET_STRING, func(b *cryptobyte.Builder) { b.AddASN1OctetString(nonce) })
		})
	})
}
