package verify

import (
	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// parseContents reads the signature value: CMS, or with adbe.x509.rsa_sha1 a bare
// PKCS #1 signature, whose certificates stand beside it (ISO 32000-1, 12.8.3.2).
func (f *file) parseContents(s *sigdict.Signature) (*cms.SignedData, []byte, error) {
	if s.SubFilter != sigdict.SubFilterX509RSASHA1 {
		return cms.ParseWith(&f.certificates, s.Contents.Value)
	}
	var certificates []*certificate.Certificate
	for i, der := range s.Certificates {
		c, err := f.certificates.Parse(der)
		switch {
		case err == nil:
			certificates = append(certificates, c)
		case i == 0: // that of the signer
			return nil, nil, err
		}
	}
	return cms.ParsePKCS1(s.Contents.Value, certificates...)
}
