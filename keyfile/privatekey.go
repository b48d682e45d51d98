package keyfile

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/inkan-go/inkan/internal/algorithm"
)

// ParseKey reads the one private key of PEM or DER data: an RSA, ECDSA or Ed25519
// key in PKCS#8, PKCS#1 or SEC 1. Certificates and other PEM blocks are passed
// over. The error may be [ErrNoKey], [ErrSeveralKeys] or [ErrEncrypted].
func ParseKey(data []byte) (crypto.Signer, error) { return parseKey(data, nil) }

// ParseEncryptedKey reads what ParseKey reads, and decrypts it with a password, in
// UTF-8: PKCS#8 with PBES2 (RFC 8018: PBKDF2 or scrypt with AES or Triple DES), with
// PBES1 with DES or the schemes of PKCS#12 with Triple DES or RC2, and PEM blocks
// encrypted as OpenSSL once did ("DEK-Info"). A key that is not encrypted is read
// without it. The error may also be [ErrPassword] or [ErrUnsupported].
func ParseEncryptedKey(data []byte, password string) (crypto.Signer, error) {
	return parseKey(data, &password)
}

// parseKey reads the one key; a nil password refuses an encrypted one.
func parseKey(data []byte, password *string) (crypto.Signer, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, errors.New("keyfile: the key file is empty")
	}
	var key crypto.Signer
	blocks := 0
	for rest := data; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if blocks++; blocks > maxPEMBlocks {
			return nil, fmt.Errorf("keyfile: more than %d PEM blocks", maxPEMBlocks)
		}
		found, err := parseBlock(block, password)
		switch {
		case err != nil:
			return nil, err
		case found == nil:
		case key != nil:
			return nil, ErrSeveralKeys
		default:
			key = found
		}
	}
	if key == nil && blocks == 0 {
		return parseDER(data, password)
	}
	if key == nil {
		return nil, ErrNoKey
	}
	return key, nil
}

// parseBlock returns nil for a block that is no private key.
func parseBlock(block *pem.Block, password *string) (crypto.Signer, error) {
	var key any
	var err error
	switch block.Type {
	case "ENCRYPTED PRIVATE KEY":
		return parseEncrypted(block.Bytes, password)
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		if block.Headers["DEK-Info"] != "" {
			return parseEncryptedBlock(block, password)
		}
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		if block.Headers["DEK-Info"] != "" {
			return parseEncryptedBlock(block, password)
		}
		key, err = x509.ParseECPrivateKey(block.Bytes)
	case "OPENSSH PRIVATE KEY":
		return nil, errors.New("keyfile: an OpenSSH private key cannot be used; convert it with ssh-keygen -p -m PKCS8 -f FILE")
	case "DSA PRIVATE KEY":
		return nil, errors.New("keyfile: DSA keys are not supported")
	default:
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("keyfile: the %s block cannot be read: it is damaged or of a type that is not supported", block.Type)
	}
	return signer(key)
}

// parseEncryptedBlock reads a block that is encrypted as a whole, below PEM (RFC 1421).
func parseEncryptedBlock(block *pem.Block, password *string) (crypto.Signer, error) {
	if password == nil {
		return nil, ErrEncrypted
	}
	der, err := x509.DecryptPEMBlock(block, []byte(*password)) //nolint:staticcheck // deprecated since it is weak; there are such keys
	switch {
	case errors.Is(err, x509.IncorrectPasswordError):
		return nil, ErrPassword
	case err != nil:
		return nil, fmt.Errorf("%w: DEK-Info %q", ErrUnsupported, block.Headers["DEK-Info"])
	}
	plain := &pem.Block{Type: block.Type, Bytes: der}
	key, err := parseBlock(plain, nil)
	if err != nil && !wellFormed(der) {
		return nil, ErrPassword // whose padding looked right
	}
	return key, err
}

// parseEncrypted reads an EncryptedPrivateKeyInfo.
func parseEncrypted(der []byte, password *string) (crypto.Signer, error) {
	if password == nil {
		return nil, ErrEncrypted
	}
	plain, err := decryptPKCS8(der, *password)
	switch {
	case errors.Is(err, ErrUnsupported):
		return nil, fmt.Errorf("%w; convert the key with openssl pkcs8 -topk8 -provider legacy -provider default", err)
	case err != nil:
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(plain)
	switch {
	case err != nil && !wellFormed(plain):
		return nil, ErrPassword // whose padding looked right
	case err != nil:
		return nil, errors.New("keyfile: what was decrypted cannot be read: it is damaged or of a type that is not supported")
	}
	return signer(key)
}

// wellFormed tells whether b is one SEQUENCE, as every private key is.
func wellFormed(b []byte) bool {
	s := cryptobyte.String(b)
	var sequence cryptobyte.String
	return s.ReadASN1(&sequence, cbasn1.SEQUENCE) && s.Empty()
}

// parseDER tries the forms; none of them can be taken for another.
func parseDER(data []byte, password *string) (crypto.Signer, error) {
	if key, err := x509.ParsePKCS8PrivateKey(data); err == nil {
		return signer(key)
	}
	if key, err := x509.ParsePKCS1PrivateKey(data); err == nil {
		return signer(key)
	}
	if key, err := x509.ParseECPrivateKey(data); err == nil {
		return signer(key)
	}
	if _, err := parseEncryptedInfo(data); err == nil {
		return parseEncrypted(data, password)
	}
	if isPKCS12(data) {
		return nil, fmt.Errorf("%w; this is a PKCS #12 file, which is read as such", ErrNoKey)
	}
	return nil, ErrNoKey
}

func signer(key any) (crypto.Signer, error) {
	switch k := key.(type) {
	case *rsa.PrivateKey:
		return k, nil
	case *ecdsa.PrivateKey:
		return k, nil
	case ed25519.PrivateKey:
		return k, nil
	case crypto.Signer:
		if algorithm.MLDSAScheme(k.Public()).MLDSA() { // experimental, from Go 1.27 on
			return k, nil
		}
	}
	return nil, fmt.Errorf("keyfile: a private key of type %T cannot sign", key)
}
