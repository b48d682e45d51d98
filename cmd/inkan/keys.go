package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/keyfile"
	"github.com/inkan-go/inkan/pades"
)

// loadSigner reads a private key and the certificates that go with it.
func loadSigner(keyFile, certFile string) (*pades.Signer, error) {
	data, err := readFile(keyFile)
	if err != nil {
		return nil, err
	}
	key, err := keyfile.ParseKey(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", keyFile, err)
	}
	list, err := readCertificates(certFile)
	if err != nil {
		return nil, err
	}
	chain, err := keyfile.Chain(key.Public(), list)
	if err != nil {
		return nil, fmt.Errorf("%s and %s: %w", keyFile, certFile, err)
	}
	return &pades.Signer{Key: key, Chain: chain}, nil
}

// readCertificates reads the certificates of a PEM or DER file.
func readCertificates(file string) ([]*certificate.Certificate, error) {
	data, err := readFile(file)
	if err != nil {
		return nil, err
	}
	list, err := certificate.ParsePEM(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return list, nil
}

// readFile reads a small file whole; errors name the file once.
func readFile(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fileError(file, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	if err != nil {
		return nil, fileError(file, err)
	}
	if len(data) > maxKeyFile {
		return nil, fmt.Errorf("%s: more than %d bytes, which no file of keys or certificates has", file, maxKeyFile)
	}
	return data, nil
}

// fileError names the file once, and what the system says about it.
func fileError(file string, err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("%s: %w", file, err)
}
