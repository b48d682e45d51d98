package certificate

import (
	"fmt"
	"slices"
	"syscall"
	"unsafe"
)

func systemCertificates() ([]*Certificate, error) {
	name, err := syscall.UTF16PtrFromString("ROOT")
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	store, err := syscall.CertOpenSystemStore(0, name)
	if err != nil {
		return nil, fmt.Errorf("certificate: the store of the system: %w", err)
	}
	defer func() { _ = syscall.CertCloseStore(store, 0) }()
	var list []*Certificate
	var current *syscall.CertContext
	for range maxPEMBlocks {
		if current, err = syscall.CertEnumCertificatesInStore(store, current); err != nil || current == nil {
			break
		}
		der := slices.Clone(unsafe.Slice(current.EncodedCert, current.Length))
		if c, err := Parse(der); err == nil {
			list = append(list, c)
		}
	}
	return list, nil
}
