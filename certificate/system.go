package certificate

import (
	"encoding/pem"
	"errors"
)

// SystemPool returns a pool that trusts, for the purposes named, the authorities
// whom the operating system trusts. They were chosen for web servers: few of them
// certify signers or time stamps, so no caller gets them without asking.
//
// On Unix the store is the file or the folder where the system's TLS libraries
// look, or what the variables SSL_CERT_FILE and SSL_CERT_DIR name; on macOS that is /etc/ssl/cert.pem, without what users added to their keychains. No
// purpose, or no store, is an error.
func SystemPool(purposes ...Purpose) (*Pool, error) {
	if len(purposes) == 0 {
		return nil, errors.New("certificate: say for what the system's authorities are to be trusted")
	}
	list, err := systemCertificates()
	if err != nil {
		return nil, err
	}
	pool := NewPool()
	for _, c := range list {
		pool.Add(c, purposes...)
	}
	if pool.Len() == 0 {
		return nil, errors.New("certificate: the system has no store of trusted certificates")
	}
	return pool, nil
}

// readStore returns the certificates of a PEM file of the system. What cannot be
// read is passed over, for it is nothing that the caller could mend.
func readStore(data []byte) []*Certificate {
	var list []*Certificate
	for range maxPEMBlocks {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			break
		}
		if found, err := parseBlock(block); err == nil {
			list = append(list, found...)
		}
	}
	return list
}
