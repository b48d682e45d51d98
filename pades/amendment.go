package pades

import (
	"context"
	"time"

	"github.com/inkan-go/inkan/internal/pdf"
)

// amendment puts an Amendment into an update: everything is read before the
// update begins, so that numbers of new objects are chosen beside all that is
// mentioned.
type amendment struct {
	*formUpdate
	now       time.Time
	pageCount int              // of the document, where there are stamps
	pages     []*stampedPage   // those that get stamps, in their order
	marks     []*pageMark      // all stamps on all pages, in the order of Amendment.Stamps
	files     *embeddedFiles   // nil without Attachments
	about     *descriptionEdit // nil without Metadata
}

// read reads what is to be changed.
func (u *amendment) read(a *Amendment) (err error) {
	if len(a.Stamps) > 0 {
		if err := u.readPages(a.Stamps); err != nil {
			return err
		}
	}
	if len(a.Attachments) > 0 {
		if u.files, err = u.readFiles(a); err != nil {
			return err
		}
	}
	if a.Metadata != nil {
		u.about, err = u.readDescription(a.Metadata)
	}
	return err
}

// put writes what changes.
func (u *amendment) put(ctx context.Context, a *Amendment) error {
	if len(u.marks) > 0 {
		if err := u.drawMarks(ctx, a.Stamps); err != nil {
			return err
		}
		u.putPages(a.Stamps)
	}
	if u.files != nil {
		if err := u.putFiles(a.Attachments); err != nil {
			return err
		}
	}
	if u.about != nil {
		return u.putDescription(a.Metadata)
	}
	return nil
}

// setInCatalog changes an entry of the catalog to a value that is written in clear.
func (u *amendment) setInCatalog(key pdf.Name, value []byte) error {
	sealed, err := u.update.Within(u.form.Catalog, value)
	if err != nil {
		return failf(ErrOptions, "%w", err)
	}
	u.setCatalog(key, sealed)
	return nil
}
