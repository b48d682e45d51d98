package pades

import (
	"fmt"
	"strings"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// firstSigned returns the name of a field that holds a signature or a document
// time stamp.
func firstSigned(form *sigdict.Form) (name string, ok bool) {
	for _, f := range form.Fields {
		if f.Signature != nil {
			return f.Name, true
		}
	}
	if form.Permissions.DocMDP != nil {
		return "", true
	}
	return "", false
}

// restriction is what the signatures of a document leave open to its changes (ISO
// 32000-2, 12.8.2.2): the strictest of what they say, and which of them says so.
type restriction struct {
	level Permission
	text  string
}

// restrictionOf reads it. Where nothing is signed, nothing is restricted; a signature that
// says nothing permits what forms are for.
func restrictionOf(form *sigdict.Form) restriction {
	r := restriction{level: Annotate}
	if name, signed := firstSigned(form); signed {
		r = restriction{FillForms, fmt.Sprintf("the document is signed (field %q), which permits %v", name, FillForms)}
	}
	certified := false
	certify := func(s *sigdict.Signature, who string) {
		for _, ref := range s.References {
			if level := Permission(max(ref.Permission, 1)); ref.Method == sigdict.MethodDocMDP && (!certified || level < r.level) {
				certified = true
				r = restriction{level, fmt.Sprintf("%s, which permits %v (DocMDP, P = %d)", who, level, level)}
			}
		}
	}
	if s := form.Permissions.DocMDP; s != nil {
		certify(s, "the document is certified")
	}
	for _, f := range form.Fields {
		if f.Signature != nil {
			certify(f.Signature, fmt.Sprintf("the signature in field %q certifies the document", f.Name))
		}
	}
	for _, f := range form.Fields {
		for _, l := range locksOf(f) {
			if level := Permission(l.Permission); level > 0 && level < r.level {
				r = restriction{level, fmt.Sprintf("the lock of the signed field %q permits %v (P = %d)", f.Name, level, level)}
			}
		}
	}
	return r
}

// locksOf returns what a signed field locks: the transforms of its signature, and the
// field's own lock.
func locksOf(f *sigdict.Field) []*sigdict.Lock {
	if f.Signature == nil {
		return nil
	}
	var list []*sigdict.Lock
	for _, r := range f.Signature.References {
		if r.Method == sigdict.MethodFieldMDP && r.Lock != nil {
			list = append(list, r.Lock)
		}
	}
	if f.Lock != nil {
		list = append(list, f.Lock)
	}
	return list
}

// permitted refuses what the file itself forbids to everybody: a certification, or a
// lock of a signed field, that permits no changes at all.
func permitted(form *sigdict.Form) error {
	if r := restrictionOf(form); r.level < FillForms {
		return failf(ErrNotPermitted, "%s", r.text)
	}
	return nil
}

// unlocked refuses a signature in a field that an earlier signature locks (ISO
// 32000-2, 12.8.2.4), be the field there already or not.
func unlocked(form *sigdict.Form, name string) error {
	for _, f := range form.Fields {
		for _, l := range locksOf(f) {
			if l.Covers(name) {
				return failf(ErrNotPermitted, "the signature in field %q locks the field %q (FieldMDP, %s)", f.Name, name, l.Action)
			}
		}
	}
	return nil
}

// certifiable refuses a certification that is not the first signature of the document
// (ISO 32000-2, 12.8.2.2.1).
func certifiable(form *sigdict.Form) error {
	if name, signed := firstSigned(form); signed {
		return failf(ErrNotPermitted, "the document is signed (field %q), and a certification must come first", name)
	}
	return nil
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
