package fetch

import (
	"fmt"

	"github.com/inkan-go/inkan/certificate"
)

// readCertificates reads what is served as the certificates of an issuer: one
// certificate, or a PKCS #7 bundle (RFC 5280, 4.2.2.1), in DER or PEM, whatever its
// media type says.
func readCertificates(raw []byte) ([]*certificate.Certificate, error) {
	if len(raw) > maxCertificateBytes {
		return nil, fmt.Errorf("%w of %d bytes", ErrTooLarge, maxCertificateBytes)
	}
	list, err := certificate.ParsePEM(raw)
	if err != nil {
		return nil, err
	}
	if len(list) > maxBundle {
		return nil, fmt.Errorf("%w of %d certificates", ErrTooLarge, maxBundle)
	}
	return list, nil
}
