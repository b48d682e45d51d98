//go:build !windows

package certificate

import (
	"fmt"
	"os"
	"path/filepath"
)

// systemFiles and systemFolders are where systems keep the authorities that they
// trust.
var (
	systemFiles = []string{
		"/etc/ssl/certs/ca-certificates.crt",                // Debian, Arch, Gentoo
		"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Red Hat
		"/etc/pki/tls/certs/ca-bundle.crt",                  // older Red Hat
		"/etc/ssl/ca-bundle.pem",                            // SUSE
		"/etc/ssl/cert.pem",                                 // Alpine, macOS, BSD
		"/usr/local/etc/ssl/cert.pem",                       // FreeBSD
	}
	systemFolders = []string{"/etc/ssl/certs", "/etc/pki/tls/certs", "/system/etc/security/cacerts"}
)

func systemCertificates() ([]*Certificate, error) {
	file, folders := os.Getenv("SSL_CERT_FILE"), os.Getenv("SSL_CERT_DIR")
	if file != "" || folders != "" {
		return namedCertificates(file, filepath.SplitList(folders))
	}
	for _, name := range systemFiles {
		if data, err := os.ReadFile(name); err == nil {
			return readStore(data), nil
		}
	}
	for _, name := range systemFolders {
		if list, err := readFolder(name); err == nil && len(list) > 0 {
			return list, nil
		}
	}
	return nil, nil
}

// namedCertificates reads what the environment names, and nothing else. Whoever names
// a store wants to know when it is not there.
func namedCertificates(file string, folders []string) (list []*Certificate, err error) {
	if file != "" {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("certificate: SSL_CERT_FILE: %w", err)
		}
		list = readStore(data)
	}
	for _, name := range folders {
		found, err := readFolder(name)
		if err != nil {
			return nil, fmt.Errorf("certificate: SSL_CERT_DIR: %w", err)
		}
		list = append(list, found...)
	}
	return list, nil
}

// readFolder returns the certificates in the files of a folder.
func readFolder(name string) (list []*Certificate, err error) {
	entries, err := os.ReadDir(name)
	if err != nil {
		return nil, err
	}
	for i := range min(len(entries), maxPEMBlocks) {
		if data, err := os.ReadFile(filepath.Join(name, entries[i].Name())); err == nil {
			list = append(list, readStore(data)...)
		}
	}
	return list, nil
}
