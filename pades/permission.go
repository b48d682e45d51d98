package pades

import (
	"strings"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// permitted refuses what the file itself forbids (ISO 32000-2, 12.8.2.2): a
// certification, or a lock of a signed field, that permits no changes at all.
func permitted(form *sigdict.Form) error {
	if s := form.Permissions.DocMDP; s != nil && certifiedWithoutChanges(s) {
		return failf(ErrNotPermitted, "the document is certified so that nothing may be changed (DocMDP, P = 1)")
	}
	for _, f := range form.Fields {
		if f.Signature == nil {
			continue
		}
		if certifiedWithoutChanges(f.Signature) {
			return failf(ErrNotPermitted, "the signature in field %q certifies the document so that nothing may be changed (DocMDP, P = 1)", f.Name)
		}
		if f.Lock != nil && f.Lock.Permission == 1 || forbidsChanges(f.Signature) {
			return failf(ErrNotPermitted, "the lock of the signed field %q permits no changes (P = 1)", f.Name)
		}
	}
	return nil
}

// forbidsChanges tells whether a lock, as the signature repeats it, does.
func forbidsChanges(s *sigdict.Signature) bool {
	for _, r := range s.References {
		if r.Method == sigdict.MethodFieldMDP && r.Lock != nil && r.Lock.Permission == 1 {
			return true
		}
	}
	return false
}

// unlocked refuses a signature in a field that an earlier signature locks (ISO
// 32000-2, 12.8.2.4), be the field there already or not.
func unlocked(form *sigdict.Form, name string) error {
	for _, f := range form.Fields {
		if f.Signature == nil {
			continue
		}
		for _, r := range f.Signature.References {
			if r.Method == sigdict.MethodFieldMDP && r.Lock.Covers(name) {
				return failf(ErrNotPermitted, "the signature in field %q locks the field %q (FieldMDP, %s)", f.Name, name, r.Lock.Action)
			}
		}
	}
	return nil
}

func certifiedWithoutChanges(s *sigdict.Signature) bool {
	for _, r := range s.References {
		if r.Method == sigdict.MethodDocMDP && r.Permission <= 1 {
			return true
		}
	}
	return false
}

// accessible refuses what the encryption of the document forbids: without the
// owner's password its access permissions hold (ISO 32000-2, table 22), for the use
// of an existing field or the addition of one, unless they are to be ignored.
func accessible(f *pdf.File, existing, ignore bool) error {
	e := f.Encryption()
	switch {
	case e == nil:
		return nil
	case e.MAC:
		return failf(ErrEncrypted, "the document carries an integrity code (ISO/TS 32004), which a signature would break")
	case ignore:
		return nil
	case existing && !e.CanFill():
		return failf(ErrNotPermitted, "the access permissions of the encrypted document forbid signing (bits 6 and 9 of P); its owner's password lifts them")
	case !existing && !e.CanAddField():
		return failf(ErrNotPermitted, "the access permissions of the encrypted document forbid adding a signature field (bits 4 and 6 of P); its owner's password lifts them")
	}
	return nil
}

// sound refuses a document of which a signature would cover bytes that no
// reader can explain, and one where an update would come to lie within the
// ByteRange of an earlier signature, because that reaches beyond the file.
func sound(f *pdf.File, form *sigdict.Form) error {
	for _, field := range form.Fields {
		if field.Signature == nil {
			continue
		}
		if r, ok := field.Signature.ByteRange.Four(); ok && r[2] <= f.Size+maxReach && r[3] > f.Size-r[2] {
			return failf(ErrDamaged, "the signature in field %q claims bytes beyond the end of the file (ByteRange %d)", field.Name, r)
		}
	}
	switch {
	case f.Damage != nil:
		return failf(ErrDamaged, "the PDF is damaged at byte %d: %s", f.Damage.Offset, strings.TrimPrefix(f.Damage.Text, "pdf: "))
	case f.Repaired:
		return failf(ErrDamaged, "the PDF is damaged: its oldest cross-reference sections cannot be read")
	case form.Catalog.Ref.IsZero():
		return failf(ErrDamaged, "the PDF is damaged: its catalog stands in the trailer, where no update can change it")
	}
	return nil
}
