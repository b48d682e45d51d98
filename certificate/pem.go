package certificate

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
)

// ParsePEM reads all certificates of a PEM file in their order. Other blocks and
// text between the blocks are passed over. Data without any PEM block is read as
// one certificate in DER. No certificate at all is an error.
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
		if block.Type != "CERTIFICATE" && block.Type != "X509 CERTIFICATE" {
			continue
		}
		c, err := Parse(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("certificate: PEM block %d: %w", blocks, err)
		}
		list = append(list, c)
	}
	if blocks == 0 {
		if len(bytes.TrimSpace(data)) == 0 {
			return nil, errors.New("certificate: the file is empty")
		}
		c, err := Parse(data)
		if err != nil {
			return nil, errors.New("certificate: neither PEM nor a certificate in DER")
		}
		return []*Certificate{c}, nil
	}
	if len(list) == 0 {
		return nil, errors.New("certificate: PEM without a CERTIFICATE block")
	}
	return list, nil
}
