package verify

import (
	"fmt"

	"github.com/inkan-go/inkan/internal/pdf"
)

// reportEncryption says that the file is encrypted, and what is odd about how.
func (f *file) reportEncryption() {
	e := f.pdf.Encryption()
	if e == nil {
		return
	}
	r := f.report
	r.Encrypted = true
	add := func(code string, at place, args ...any) {
		r.Findings = append(r.Findings, newFinding(code, at, args...))
	}
	if e.Mixed() {
		add("encryption.mixed", nowhere, fmt.Sprintf("strings with %v, streams with %v, embedded files with %v", e.Strings, e.Streams, e.EmbeddedFiles))
	}
	for _, a := range f.pdf.Anomalies() {
		if a.Code == pdf.EncryptMixed || a.Code == pdf.EncryptedData {
			add("encryption.mixed", place{a.Ref, a.Revision, a.Offset}, coded{a})
			break
		}
	}
	if e.Altered {
		add("encryption.permissions", nowhere)
	}
	if e.MAC {
		add("encryption.mac", nowhere)
	}
}
