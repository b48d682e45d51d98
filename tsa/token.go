package tsa

import (
	"crypto"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/algorithm"
)

// Token is a time-stamp token: a SignedData over a TSTInfo (RFC 3161, 2.4.2). It
// refers to the bytes it was parsed from, is never changed, and may be shared
// between goroutines.
type Token struct {
	Raw        []byte // the whole ContentInfo as received
	SignedData *cms.SignedData
	SignerInfo *cms.SignerInfo // the only signer

	Policy        asn1.ObjectIdentifier
	HashAlgorithm pkix.AlgorithmIdentifier // of the message imprint
	Hash          crypto.Hash              // the same; 0 when it is not supported
	Imprint       []byte                   // digest of the stamped data
	SerialNumber  *big.Int
	Time          time.Time // genTime, UTC
	// Accuracy is how far the true time may lie from Time on either side. HasAccuracy
	// tells whether the token says it.
	Accuracy    time.Duration
	HasAccuracy bool
	Ordering    bool
	Nonce       *big.Int         // nil when absent
	TSA         certificate.Name // nil when absent or not a directory name
	Extensions  []pkix.Extension

	hasTSA bool
}

// ParseToken reads a token in DER or BER from the start of b. rest is what follows
// it: zeros in the /Contents of a PDF. A token has exactly one signer.
func ParseToken(b []byte) (t *Token, rest []byte, err error) { return ParseTokenWith(nil, b) }

// ParseTokenWith is ParseToken that has the certificates read by a parser, which may
// know them from elsewhere.
func ParseTokenWith(certificates *certificate.Parser, b []byte) (t *Token, rest []byte, err error) {
	sd, rest, err := cms.ParseWith(certificates, b)
	if err != nil {
		return nil, nil, fmt.Errorf("tsa: %w", err)
	}
	t, err = NewToken(sd)
	if err != nil {
		return nil, nil, err
	}
	return t, rest, nil
}

// NewToken reads what makes a SignedData a token.
func NewToken(sd *cms.SignedData) (*Token, error) {
	switch {
	case !sd.ContentType.Equal(cms.OIDTSTInfo):
		return nil, fail(cms.ErrMalformed, "not a time-stamp token: its content is of type %v", sd.ContentType)
	case !sd.HasContent:
		return nil, fail(cms.ErrMalformed, "the token has no TSTInfo")
	case len(sd.SignerInfos) != 1:
		return nil, fail(cms.ErrMalformed, "the token has %d signers instead of one", len(sd.SignerInfos))
	}
	t := &Token{Raw: sd.Raw, SignedData: sd, SignerInfo: sd.SignerInfos[0]}
	if err := t.parseInfo(sd.Content); err != nil {
		return nil, err
	}
	if h, ok := algorithm.HashByOID(t.HashAlgorithm.Algorithm); ok {
		t.Hash = h.Crypto()
	}
	return t, nil
}

// Certificate returns the certificate of the time-stamping authority, from the
// token and then from extra. The error wraps cms.ErrNoCertificate.
func (t *Token) Certificate(extra ...*certificate.Certificate) (*certificate.Certificate, error) {
	c, err := t.SignedData.SignerCertificate(t.SignerInfo, extra...)
	if err != nil {
		return nil, fmt.Errorf("tsa: %w", err)
	}
	return c, nil
}

// fail returns "tsa: kind: text".
func fail(kind error, format string, args ...any) error {
	return fmt.Errorf("tsa: %w: %s", kind, fmt.Sprintf(format, args...))
}
