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
// with AES and PBKDF2, as programs write it today, or with Triple DES or RC2, as they
// did; in DER, or in BER as Firefox writes it. The file holds one key; the chain is put in order as [Load] does.
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
	if err := checkWork(data); err != nil {
		return nil, nil, err
	}
	der, err := pkcs12InDER(data, password)
	if err != nil {
		return nil, nil, err
	}
	private, list, err := decodePKCS12(der, password)
	if err != nil {
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
	case errors.Is(err, pkcs12.ErrIncorrectPassword), errors.Is(err, pkcs12.ErrDecryption), text == "no MAC in data":
		return ErrPassword
	case errors.As(err, &missing):
		return fmt.Errorf("%w: PKCS #12: %s", ErrUnsupported, text)
	case text == "expected exactly one key bag":
		return ErrSeveralKeys
	case text == "private key missing":
		return ErrNoKey
	}
	return fmt.Errorf("keyfile: the PKCS #12 file cannot be read: %s; openssl pkcs12 -in FILE -nodes shows what is in it", text)
}

// checkWork refuses a file that asks for too much work before the password is known to
// be right. Every derivation is named by a salt that a number of iterations follows; those
// inside encrypted parts are reached only with the right password.
func checkWork(data []byte) error {
	type part struct {
		content []byte
		depth   int
	}
	for parts := []part{{data, 0}}; len(parts) > 0; {
		p := parts[len(parts)-1]
		parts = parts[:len(parts)-1]
		if p.depth > maxPKCS12Depth {
			return fmt.Errorf("keyfile: the PKCS #12 file nests deeper than %d", maxPKCS12Depth)
		}
		elements, whole := split(p.content)
		if !whole {
			continue // an OCTET STRING that holds something else
		}
		for i, e := range elements {
			salted := i > 0 && elements[i-1].Is(ber.Universal, ber.TagOctetString)
			if salted && e.Is(ber.Universal, ber.TagInteger) && tooMany(e.Content) {
				return fmt.Errorf("keyfile: the password is to be hashed more than %d times", maxIterations)
			}
			if e.Constructed || e.Is(ber.Universal, ber.TagOctetString) {
				parts = append(parts, part{e.Content, p.depth + 1})
			}
		}
	}
	return nil
}

// split returns the elements of which content consists, or false where it does not.
func split(content []byte) ([]ber.Element, bool) {
	var list []ber.Element
	for r := ber.NewReader(content); !r.Empty(); {
		e, err := r.Next()
		if err != nil {
			return nil, false
		}
		list = append(list, e)
	}
	return list, true
}

// tooMany tells whether the content of an INTEGER is more than maxIterations.
func tooMany(content []byte) bool {
	n := int64(0)
	for _, b := range content {
		if n = n<<8 | int64(b); n > maxIterations {
			return true
		}
	}
	return false
}
