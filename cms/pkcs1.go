package cms

import (
	"crypto/x509/pkix"
	"encoding/asn1"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/algorithm"
	"github.com/inkan-go/inkan/internal/ber"
)

// ParsePKCS1 reads a bare RSA signature from the start of b: an OCTET STRING, as the subfilter adbe.x509.rsa_sha1 has it
// in /Contents (ISO 32000-1, 12.8.3.2). The certificates stand in the signature dictionary, that of the signer first.
//
// What comes back looks like detached SignedData with one signer, without signed attributes, and Raw nil. The
// hash function is the one that the signature value itself names, SHA-1 where it cannot be told: then Verify fails.
// rest is what follows the OCTET STRING. Errors wrap ErrMalformed, ErrLimit or ErrNoCertificate.
func ParsePKCS1(b []byte, certificates ...*certificate.Certificate) (sd *SignedData, rest []byte, err error) {
	if len(b) > maxSize {
		return nil, nil, fail(ErrLimit, "%d bytes are more than %d", len(b), maxSize)
	}
	value, rest, err := ber.Read(b)
	if err != nil {
		return nil, nil, malformed("PKCS #1 signature", err)
	}
	if !value.Is(ber.Universal, ber.TagOctetString) {
		return nil, nil, malformed("PKCS #1 signature is no OCTET STRING", nil)
	}
	signature, err := value.OctetString()
	if err != nil {
		return nil, nil, malformed("PKCS #1 signature", err)
	}
	if len(certificates) == 0 {
		return nil, nil, fail(ErrNoCertificate, "a bare PKCS #1 signature needs it beside")
	}
	signer := certificates[0]
	hash, err := algorithm.HashOfPKCS1(signer.PublicKey, signature)
	if err != nil {
		hash = algorithm.SHA1
	}
	oid, _ := algorithm.HashOID(hash)
	encryption, err := algorithm.Signature{Scheme: RSA}.Identifier()
	if err != nil {
		return nil, nil, fail(ErrUnsupported, "%w", err)
	}
	digest := pkix.AlgorithmIdentifier{Algorithm: oid, Parameters: asn1.NullRawValue}
	sd = &SignedData{Version: 1, ContentType: OIDData, DigestAlgorithms: []pkix.AlgorithmIdentifier{digest}}
	for _, c := range certificates {
		sd.Certificates = append(sd.Certificates, CertificateChoice{Raw: c.Raw, Kind: X509Certificate, Certificate: c})
	}
	sd.SignerInfos = []*SignerInfo{{
		Version: 1, RawIssuer: signer.RawIssuer, SerialNumber: signer.SerialNumber,
		DigestAlgorithm: digest, SignatureAlgorithm: encryption, Signature: signature, data: sd,
	}}
	return sd, rest, nil
}
