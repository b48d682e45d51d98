//go:build !windows

package certificate

import (
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
	files, folders := systemFiles, systemFolders
	if name := os.Getenv("SSL_CERT_FILE"); name != "" {
		files = []string{name}
	}
	if name := os.Getenv("SSL_CERT_DIR"); name != "" {
		folders = filepath.SplitList(name)
	}
	for _, name := range files {
		if data, err := os.ReadFile(name); err == nil {
			return readStore(data), nil
		}
	}
	for _, folder := range folders {
		entries, err := os.ReadDir(folder)
		if err != nil || len(entries) == 0 {
			continue
		}
		var list []*Certificate
		for i := range min(len(entries), maxPEMBlocks) {
			if data, err := os.ReadFile(filepath.Join(folder, entries[i].Name())); err == nil {
				list = append(list, readStore(data)...)
			}
		}
		return list, nil
	}
	return nil, nil
}
