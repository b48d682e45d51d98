package pades

import (
	"github.com/inkan-go/inkan/cms"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// signatureFilter is the signature handler that this package is.
const signatureFilter = "Adobe.PPKLite"

// terms are what a signature is made under: what the options and the signer say,
// completed by what an existing field wants.
type terms struct {
	algorithm cms.Algorithm
	subFilter string
	certify   Permission
	lock      *Lock
}

// termsFor settles the terms of a signature, and refuses those that the field or earlier
// signatures forbid.
func (u *formUpdate) termsFor(to *target, s *Signer, a cms.Algorithm, o *SignOptions) (*terms, error) {
	t := &terms{algorithm: a, subFilter: sigdict.SubFilterCAdES, certify: o.Certify, lock: o.Lock}
	to.lock = o.Lock
	if to.field != nil {
		adopted, err := t.adopt(u.view, to.field, s, o)
		if err != nil {
			return nil, err
		}
		// The lock stands in the field as well, where P has its place (ISO 32000-2, Table
		// 236), unless the field has it or an earlier signature covers the field.
		if to.lock = t.lock; t.lock == adopted {
			to.lock = nil
		} else if _, signed := firstSigned(u.form); signed {
			to.lock = nil
		}
	}
	if t.certify != 0 && !o.IgnoreSignatures {
		if err := certifiable(u.form); err != nil {
			return nil, err
		}
	}
	if o.Attestation != "" && t.certify == 0 {
		return nil, failf(ErrOptions, "an Attestation goes with a certification: set Certify")
	}
	to.certifies, to.attestation = t.certify != 0, o.Attestation
	return t, nil
}

// adopt takes over the lock and the seed values of an existing field, and returns the
// lock that the field has.
func (t *terms) adopt(v *pdf.View, field *sigdict.Field, s *Signer, o *SignOptions) (*Lock, error) {
	lock := lockOf(field.Lock)
	if lock != nil {
		if t.lock != nil {
			return nil, failf(ErrField, "the field %q has a lock of its own (%v): leave out Lock", field.Name, lock)
		}
		if err := lock.check(); err != nil {
			return nil, failf(ErrField, "the lock of the field %q cannot be understood: %w", field.Name, err)
		}
		t.lock = lock
	}
	return lock, t.obey(v, field, s, o)
}

// references writes what the signature asks of later changes (ISO 32000-2, Table 256).
func (t *terms) references(dst []byte, catalog pdf.Reference) []byte {
	if t.certify == 0 && t.lock == nil {
		return dst
	}
	dst = append(dst, "/Reference["...)
	if t.certify != 0 {
		dst = t.certify.reference(dst)
	}
	if t.lock != nil {
		dst = t.lock.reference(dst, catalog)
	}
	return append(dst, ']')
}

// certify enters a certification in the catalog: as the one in Perms (ISO 32000-2,
// 12.8.6), with the attestation of its author (12.8.7).
func (u *formUpdate) certify(signature pdf.Reference, attestation string) error {
	if err := u.setBelowCatalog("Perms", "DocMDP", pdf.AppendReference(nil, signature)); err != nil || attestation == "" {
		return err
	}
	return u.setBelowCatalog("Legal", "Attestation", pdf.EncodeText(attestation))
}

// setBelowCatalog sets an entry of a dictionary that the catalog names, or of a new one.
// The value is in clear.
func (u *formUpdate) setBelowCatalog(name, key pdf.Name, value []byte) error {
	catalog := u.form.Catalog
	dict, holder, err := followDict(u.view, catalog.Dict().Get(name), catalog)
	if err != nil {
		return failf(ErrNotPDF, "the entry %s of the catalog cannot be read: %w", name, err)
	}
	if dict == nil {
		holder = catalog
	}
	if value, err = u.update.Within(holder, value); err != nil {
		return failf(ErrOptions, "%w", err)
	}
	if dict == nil {
		u.setCatalog(name, append(pdf.AppendEntry([]byte("<<"), key, value), ">>"...))
		return nil
	}
	edited := pdf.EditDict(holder.Raw, dict).Set(key, value).Bytes()
	if holder == catalog {
		u.setCatalog(name, edited)
	} else {
		u.update.Replace(holder, edited)
	}
	return nil
}
