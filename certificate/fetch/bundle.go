package fetch

import (
	"bytes"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/ber"
)

var oidSignedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}

// ReadCertificates reads what is served as the certificates of an issuer: one
// certificate, or a PKCS #7 bundle (RFC 5280, 4.2.2.1), in DER, BER or PEM, whatever
// its media type says. Certificates of a bundle that cannot be read are passed over;
// none at all is an error.
func ReadCertificates(raw []byte) ([]*certificate.Certificate, error) {
	if len(raw) > maxCertificateBytes {
		return nil, fmt.Errorf("%w of %d bytes", ErrTooLarge, maxCertificateBytes)
	}
	text := bytes.TrimLeft(raw, " \t\r\n\uFEFF")
	if !bytes.HasPrefix(text, []byte("-----BEGIN")) {
		return readBlock(raw)
	}
	var list []*certificate.Certificate
	var first error
	for blocks := 0; ; blocks++ {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			break
		}
		if blocks == maxBundle {
			return nil, errBundle
		}
		found, err := readBlock(block.Bytes)
		if err != nil && first == nil {
			first = err
		}
		if list = append(list, found...); len(list) > maxBundle {
			return nil, errBundle
		}
	}
	switch {
	case len(list) > 0:
		return list, nil
	case first != nil:
		return nil, first
	}
	return nil, errors.New("fetch: PEM without a block")
}

var errBundle = fmt.Errorf("fetch: more than %d certificates in one answer", maxBundle)

// readBlock reads a certificate or a bundle.
func readBlock(raw []byte) ([]*certificate.Certificate, error) {
	c, err := certificate.Parse(raw)
	if err == nil {
		return []*certificate.Certificate{c}, nil
	}
	e, _, berErr := ber.Read(raw)
	if berErr != nil || !e.IsSequence() {
		return nil, errors.New("fetch: neither a certificate nor a bundle")
	}
	inside := e.Elements()
	first, berErr := inside.Next()
	if id, idErr := first.ObjectIdentifier(); berErr != nil || idErr != nil || !id.Equal(oidSignedData) {
		return nil, err
	}
	wrapped, berErr := inside.Next()
	if berErr != nil || !wrapped.Is(ber.ContextSpecific, 0) {
		return nil, errors.New("fetch: malformed PKCS #7 bundle")
	}
	return readBundle(wrapped)
}

// readBundle reads the certificates of a SignedData (RFC 5652, 5.1), whose other
// parts are of no interest.
func readBundle(wrapped ber.Element) ([]*certificate.Certificate, error) {
	malformed := errors.New("fetch: malformed PKCS #7 bundle")
	explicit := wrapped.Elements()
	data, err := explicit.Next()
	if err != nil || !data.IsSequence() {
		return nil, malformed
	}
	var list []*certificate.Certificate
	for parts := data.Elements(); !parts.Empty(); {
		part, err := parts.Next()
		if err != nil {
			return nil, malformed
		}
		if !part.Is(ber.ContextSpecific, 0) {
			continue
		}
		for choices := part.Elements(); !choices.Empty(); {
			choice, err := choices.Next()
			if err != nil {
				return nil, malformed
			}
			c, err := certificate.Parse(choice.Raw)
			if err != nil {
				continue
			}
			if len(list) == maxBundle {
				return nil, errBundle
			}
			list = append(list, c)
		}
	}
	if len(list) == 0 {
		return nil, errors.New("fetch: PKCS #7 bundle without a certificate")
	}
	return list, nil
}
