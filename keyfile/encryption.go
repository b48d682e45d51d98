package keyfile

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des" //nolint:gosec // keys were encrypted with it
	"encoding/asn1"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// encryptedInfo is an EncryptedPrivateKeyInfo (RFC 5958, 3).
type encryptedInfo struct {
	scheme     asn1.ObjectIdentifier
	parameters cryptobyte.String
	data       []byte
}

var errDamaged = errors.New("keyfile: the encrypted private key is damaged")

func parseEncryptedInfo(der []byte) (*encryptedInfo, error) {
	input := cryptobyte.String(der)
	var info, data cryptobyte.String
	e := &encryptedInfo{}
	if !input.ReadASN1(&info, cbasn1.SEQUENCE) || !input.Empty() ||
		!readAlgorithm(&info, &e.scheme, &e.parameters) ||
		!info.ReadASN1(&data, cbasn1.OCTET_STRING) || !info.Empty() {
		return nil, errDamaged
	}
	e.data = data
	return e, nil
}

// readAlgorithm reads an AlgorithmIdentifier; what follows the identifier are its
// parameters.
func readAlgorithm(s *cryptobyte.String, id *asn1.ObjectIdentifier, parameters *cryptobyte.String) bool {
	return s.ReadASN1(parameters, cbasn1.SEQUENCE) && parameters.ReadASN1ObjectIdentifier(id)
}

// blockCipher is a cipher in CBC mode.
type blockCipher struct {
	keySize int
	create  func(key []byte) (cipher.Block, error)
}

var (
	singleDES = blockCipher{8, des.NewCipher}
	tripleDES = blockCipher{24, des.NewTripleDESCipher}
)

// blockCipherFor returns the cipher of a PBES2 encryption scheme (RFC 8018, B.2).
func blockCipherFor(id asn1.ObjectIdentifier) (blockCipher, error) {
	switch id.String() {
	case "2.16.840.1.101.3.4.1.2":
		return blockCipher{16, aes.NewCipher}, nil
	case "2.16.840.1.101.3.4.1.22":
		return blockCipher{24, aes.NewCipher}, nil
	case "2.16.840.1.101.3.4.1.42":
		return blockCipher{32, aes.NewCipher}, nil
	case "1.2.840.113549.3.7":
		return tripleDES, nil
	case "1.3.14.3.2.7":
		return singleDES, nil
	}
	return blockCipher{}, fmt.Errorf("%w: cipher %v; AES-CBC and Triple DES are", ErrUnsupported, id)
}

// decryptPKCS8 decrypts an EncryptedPrivateKeyInfo. It wraps ErrPassword where the
// padding tells that the password is wrong.
func decryptPKCS8(der []byte, password string) ([]byte, error) {
	e, err := parseEncryptedInfo(der)
	if err != nil {
		return nil, err
	}
	return e.decrypt(password, secretOf(password))
}

// decrypt wraps ErrPassword as decryptPKCS8 does. The schemes of PKCS#12 take the secret for the password.
func (e *encryptedInfo) decrypt(password string, secret []byte) ([]byte, error) {
	c, key, vector, err := e.derive(password, secret)
	if err != nil {
		return nil, err
	}
	block, err := c.create(key)
	if err != nil {
		return nil, errDamaged
	}
	size := block.BlockSize()
	if len(vector) != size || len(e.data) == 0 || len(e.data)%size != 0 {
		return nil, errDamaged
	}
	plain := make([]byte, len(e.data))
	cipher.NewCBCDecrypter(block, vector).CryptBlocks(plain, e.data)
	padding := int(plain[len(plain)-1])
	if padding == 0 || padding > size {
		return nil, ErrPassword
	}
	for _, b := range plain[len(plain)-padding:] {
		if int(b) != padding {
			return nil, ErrPassword
		}
	}
	return plain[:len(plain)-padding], nil
}

// derive makes the key and the initialization vector from the password.
func (e *encryptedInfo) derive(password string, secret []byte) (c blockCipher, key, vector []byte, err error) {
	switch e.scheme.String() {
	case "1.2.840.113549.1.5.13":
		return pbes2(e.parameters, password)
	case "1.2.840.113549.1.5.3", "1.2.840.113549.1.5.10":
		return pbes1(e.scheme, e.parameters, password)
	case "1.2.840.113549.1.12.1.3", "1.2.840.113549.1.12.1.4", "1.2.840.113549.1.12.1.5", "1.2.840.113549.1.12.1.6":
		return e.pbePKCS12(secret)
	}
	return c, nil, nil, fmt.Errorf("%w: scheme %v", ErrUnsupported, e.scheme)
}
