package main

import (
	"crypto"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/keyfile"
)

// parseKey reads a private key, which may be encrypted.
func parseKey(data []byte, password string) (crypto.Signer, error) {
	if password == "" {
		return keyfile.ParseKey(data)
	}
	return keyfile.ParseEncryptedKey(data, password)
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
	data, err := readSmall(file)
	if err != nil {
		return nil, fileError(file, err)
	}
	return data, nil
}

// readSmall reads a file whole. Its errors do not name it.
func readSmall(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxKeyFile {
		return nil, fmt.Errorf("more than %d bytes, which no file of keys or certificates has", maxKeyFile)
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
