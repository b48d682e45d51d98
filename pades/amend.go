package pades

import (
	"context"

	"github.com/inkan-go/inkan/internal/pdf"
)

// Amendment is what a document gets before its first signature: marks on its
// pages, attached files, and what it says about itself. It is neither kept nor
// written to.
type Amendment struct {
	Stamps      []Stamp
	Attachments []Attachment
	Metadata    *Metadata // nil: left as it is

	// IgnoreSignatures amends a document that is signed, although every signature,
	// certification and document time stamp in it is broken by that.
	IgnoreSignatures bool
	// IgnorePermissions amends a document that is encrypted with access permissions
	// that forbid it (ISO 32000-2, table 22).
	IgnorePermissions bool
}

// Amend stamps pages, attaches files and changes metadata, all in one incremental
// update. On an error the document is as it was.
//
// Once a document is signed, only its description may change, not its pages,
// attachments or language: no certification permits that (ISO 32000-2, table 257).
// Such an amendment is refused with ErrNotPermitted, as is every amendment where a
// certification or a lock permits no changes at all.
func (d *Document) Amend(ctx context.Context, a *Amendment) error {
	if a == nil || len(a.Stamps) == 0 && len(a.Attachments) == 0 && a.Metadata == nil {
		return failf(ErrOptions, "nothing to amend")
	}
	form, err := d.begin()
	if err != nil {
		return err
	}
	if err := amendable(form, a); err != nil {
		return err
	}
	u := &amendment{formUpdate: form, now: d.now()}
	u.pdfa = claimedPDFA(u.view, u.form.Catalog)
	if err := u.read(a); err != nil {
		return err
	}
	if len(u.marks) == 0 && u.files == nil && u.about == nil {
		return nil // a mark across pages, and there is but one page
	}
	u.start(d)
	if err := u.put(ctx, a); err != nil {
		return err
	}
	tail, err := u.update.Build()
	if err != nil {
		return failf(ErrOptions, "%w", err)
	}
	d.grow(tail.Bytes)
	return nil
}

// amendable refuses what signatures or the encryption forbid.
func amendable(u *formUpdate, a *Amendment) error {
	if err := modifiable(u.view.File(), a.IgnorePermissions); err != nil || a.IgnoreSignatures {
		return err
	}
	if err := permitted(u.form); err != nil {
		return err
	}
	what := ""
	switch {
	case len(a.Stamps) > 0:
		what = "stamps on its pages"
	case len(a.Attachments) > 0:
		what = "attached files"
	case a.Metadata.Language != "":
		what = "another language"
	default:
		return nil
	}
	if name, signed := firstSigned(u.form); signed {
		return failf(ErrNotPermitted, "the document is signed (field %q), and %s would break the signature: amend it before the first one", name, what)
	}
	return nil
}

// modifiable refuses what the encryption of the document forbids: without the
// owner's password its access permissions hold (ISO 32000-2, table 22).
func modifiable(f *pdf.File, ignore bool) error {
	e := f.Encryption()
	switch {
	case e == nil:
		return nil
	case e.MAC:
		return failf(ErrEncrypted, "the document carries an integrity code (ISO/TS 32004), which an amendment would break")
	case ignore || e.Owner || e.Permissions&pdf.PermitModify != 0:
		return nil
	}
	return failf(ErrNotPermitted, "the access permissions of the encrypted document forbid changing it (bit 4 of P); its owner's password lifts them")
}
