package certificate

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
)

// ParsePEM reads all certificates of a PEM file in their order, those in PKCS#7
// blocks included. Other blocks and text between the blocks are passed over. Data
// without any PEM block is read as one certificate in DER, or as PKCS#7 with any
// number of them (RFC 5652, 5.1, with or without a signature). No certificate at all
// is an error.
func ParsePEM(data []byte) ([]*Certificate, error) {
	var list []*Certificate
	blocks := 0
	for rest := data; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if blocks++; blocks > maxPEMBlocks {
			return nil, fmt.Errorf("certificate: more than %d PEM blocks", maxPEMBlocks)
		}
		found, err := parseBlock(block)
		if err != nil {
			return nil, fmt.Errorf("certificate: PEM block %d: %w", blocks, err)
		}
		if list = append(list, found...); len(list) > maxPEMBlocks {
			return nil, fmt.Errorf("certificate: more than %d certificates", maxPEMBlocks)
		}
	}
	if blocks == 0 {
		if len(bytes.TrimSpace(data)) == 0 {
			return nil, errors.New("certificate: the file is empty")
		}
		if looksLikePKCS7(data) {
			return parsePKCS7(data)
		}
		c, err := Parse(data)
		if err != nil {
			return nil, errors.New("certificate: neither PEM nor a certificate in DER nor PKCS#7")
		}
		return []*Certificate{c}, nil
	}
	if len(list) == 0 {
		return nil, errors.New("certificate: PEM without a CERTIFICATE block")
	}
	return list, nil
}

// parseBlock returns the certificates of one PEM block, none where it is of another
// kind.
func parseBlock(block *pem.Block) ([]*Certificate, error) {
	switch block.Type {
	case "CERTIFICATE", "X509 CERTIFICATE":
		c, err := Parse(block.Bytes)
		if err != nil {
			return nil, err
		}
		return []*Certificate{c}, nil
	case "PKCS7", "CMS", "PKCS #7 SIGNED DATA":
		return parsePKCS7(block.Bytes)
	}
	return nil, nil
}
