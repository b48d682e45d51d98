package keyfile

import (
	"crypto"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	pkcs12 "software.sslmate.com/src/go-pkcs12"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/ber"
)

// isPKCS12 tells whether data begin as a PKCS#12 file does.
func isPKCS12(data []byte) bool {
	outer, _, err := ber.Read(data)
	if err != nil || !outer.IsSequence() {
		return false
	}
	r := outer.Elements()
	version, err := r.Expect(ber.Universal, ber.TagInteger)
	if err != nil {
		return false
	}
	n, err := version.Int()
	safe, expected := r.Next()
	return err == nil && n == 3 && expected == nil && safe.IsSequence()
}

// ParsePKCS12 reads the key and the certificates of a PKCS#12 file (RFC 7292): encrypted
// with AES and PBKDF2, as programs write it today, or with Triple DES or RC2, as Windows and
// OpenSSL 1 did; in DER, or in BER as Firefox writes it. The file holds one key; the chain is
// put in order as [Load] does. Of other encryption the error says how openssl converts the file.
//
// The error may be [ErrPassword], [ErrUnsupported], [ErrNoKey], [ErrSeveralKeys] or
// [ErrMismatch].
func ParsePKCS12(data []byte, password string) (crypto.Signer, []*certificate.Certificate, error) {
	if len(data) > maxPKCS12Bytes {
		return nil, nil, fmt.Errorf("keyfile: a PKCS #12 file of %d bytes is longer than %d", len(data), maxPKCS12Bytes)
	}
	if block, _ := pem.Decode(data); block != nil && block.Type == "PKCS12" {
		data = block.Bytes
	}
	if !isPKCS12(data) {
		return nil, nil, errors.New("keyfile: this is no PKCS #12 file")
	}
	private, list, err := readKeyAndCertificates(data, password)
	switch {
	case errors.Is(err, ErrUnsupported):
		return nil, nil, fmt.Errorf("%w; convert the file: openssl pkcs12 -legacy -in FILE -nodes -out ALL.pem; openssl pkcs12 -export -in ALL.pem -out NEW; then delete ALL.pem, which has the key in the clear", err)
	case err != nil:
		return nil, nil, err
	}
	key, err := signer(private)
	if err != nil {
		return nil, nil, err
	}
	chain, err := Chain(key.Public(), list)
	if err != nil {
		return nil, nil, err
	}
	return key, chain, nil
}

// readKeyAndCertificates bounds the work that a file asks for, and reads it.
func readKeyAndCertificates(data []byte, password string) (private any, list []*certificate.Certificate, err error) {
	if err := checkWork(data); err != nil {
		return nil, nil, err
	}
	der, err := pkcs12InDER(data, password)
	if err != nil {
		return nil, nil, err
	}
	parts, err := decryptedParts(der, password)
	if err != nil {
		return nil, nil, err
	}
	// what was in pieces is whole now, and the password is there
	if err := checkWork(append(parts, der)...); err != nil {
		return nil, nil, err
	}
	return decodePKCS12(der, password)
}

// decodePKCS12 decrypts a file and reads its certificates with package certificate.
func decodePKCS12(der []byte, password string) (private any, list []*certificate.Certificate, err error) {
	private, leaf, others, err := pkcs12.DecodeChain(der, password)
	if err != nil && strings.HasPrefix(err.Error(), "x509: ") {
		return decodeOddPKCS12(der, password)
	}
	if err != nil {
		return nil, nil, pkcs12Error(err)
	}
	for _, c := range append(others, leaf) {
		if list, err = appendCertificate(list, c.Raw); err != nil {
			return nil, nil, err
		}
	}
	return private, list, nil
}

// decodeOddPKCS12 reads a file with a certificate that crypto/x509 does not read. The
// library hands out raw certificates this way alone.
func decodeOddPKCS12(der []byte, password string) (private any, list []*certificate.Certificate, err error) {
	blocks, err := pkcs12.ToPEM(der, password) //nolint:staticcheck // deprecated for what it calls keys, which parseDER reads
	if err != nil {
		return nil, nil, pkcs12Error(err)
	}
	for _, b := range blocks {
		if b.Type == "CERTIFICATE" {
			if list, err = appendCertificate(list, b.Bytes); err != nil {
				return nil, nil, err
			}
			continue
		}
		if private != nil {
			return nil, nil, ErrSeveralKeys
		}
		if private, err = parseDER(b.Bytes, nil); err != nil {
			return nil, nil, err
		}
	}
	if private == nil {
		return nil, nil, ErrNoKey
	}
	return private, list, nil
}

func appendCertificate(list []*certificate.Certificate, der []byte) ([]*certificate.Certificate, error) {
	c, err := certificate.Parse(der)
	if err != nil {
		return nil, fmt.Errorf("keyfile: a certificate in the PKCS #12 file: %w", err)
	}
	return append(list, c), nil
}

// pkcs12Error says what the library found in words of this package.
func pkcs12Error(err error) error {
	var missing pkcs12.NotImplementedError
	text := strings.TrimPrefix(err.Error(), "pkcs12: ")
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword), errors.Is(err, pkcs12.ErrDecryption):
		return ErrPassword
	case text == "no MAC in data":
		return fmt.Errorf("%w: the file has no integrity code; such a file is read only where it has no password either", ErrPassword)
	case errors.As(err, &missing), strings.HasSuffix(text, "is not supported"): // of a key, in another error
		return fmt.Errorf("%w: PKCS #12: %s", ErrUnsupported, text)
	case text == "expected exactly one key bag":
		return ErrSeveralKeys
	case text == "private key missing":
		return ErrNoKey
	}
	return fmt.Errorf("keyfile: the PKCS #12 file cannot be read: %s; openssl pkcs12 -in FILE -nodes shows what is in it", text)
}
