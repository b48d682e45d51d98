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
)

// ParseKey reads the one private key of PEM or DER data: an RSA, ECDSA or Ed25519
// key in PKCS#8, PKCS#1 or SEC 1. Certificates and other PEM blocks are passed
// over. The error may be [ErrNoKey], [ErrSeveralKeys] or [ErrEncrypted].
func ParseKey(data []byte) (crypto.Signer, error) {
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
		found, err := parseBlock(block)
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
		return parseDER(data)
	}
	if key == nil {
		return nil, ErrNoKey
	}
	return key, nil
}

// parseBlock returns nil for a block that is no private key.
func parseBlock(block *pem.Block) (crypto.Signer, error) {
	var key any
	var err error
	switch block.Type {
	case "ENCRYPTED PRIVATE KEY":
		return nil, ErrEncrypted
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		if block.Headers["DEK-Info"] != "" {
			return nil, ErrEncrypted
		}
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		if block.Headers["DEK-Info"] != "" {
			return nil, ErrEncrypted
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

// parseDER tries the three forms; none of them can be taken for another.
func parseDER(data []byte) (crypto.Signer, error) {
	if key, err := x509.ParsePKCS8PrivateKey(data); err == nil {
		return signer(key)
	}
	if key, err := x509.ParsePKCS1PrivateKey(data); err == nil {
		return signer(key)
	}
	if key, err := x509.ParseECPrivateKey(data); err == nil {
		return signer(key)
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
	}
	return nil, fmt.Errorf("keyfile: a private key of type %T cannot sign", key)
}
