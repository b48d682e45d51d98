package pades

import (
	"context"
	"time"

	"github.com/inkan-go/inkan/certificate"
)

// Appearance draws what a visible signature looks like. Package pades/appearance
// has appearances of text, images and seals; this package links neither fonts
// nor images.
type Appearance interface {
	// Draw draws the appearance into a box of the size that is asked for. It is
	// called once for every different size that a signature is shown in, before
	// the key is used; an error, for example about a character that the font
	// lacks, ends the signing. It may be called by several goroutines.
	Draw(ctx context.Context, r *AppearanceRequest) (*AppearanceStream, error)
}

// PageAppearance is an Appearance that may differ from page to page where it is
// stamped, such as the number of the page.
type PageAppearance interface {
	Appearance
	// DrawPages is Draw for several requests, which differ in Width, Height and Page
	// alone. It returns a drawing for each of them; what is the same pointer is
	// written once, and fonts are best shared by all.
	DrawPages(ctx context.Context, requests []AppearanceRequest) ([]*AppearanceStream, error)
}

// AppearanceRequest says what is to be drawn.
type AppearanceRequest struct {
	// Width and Height are the size of the box in points (1/72 inch), as the page
	// is displayed: its rotation and its UserUnit are taken care of.
	Width, Height float64

	// Time is the claimed time of signing, in the time zone that it is written in.
	Time time.Time
	// Name, Reason, Location and ContactInfo are those of SignOptions.
	Name, Reason, Location, ContactInfo string
	// Certificate is that of the signer; nil where it is not known yet, and for a
	// document time stamp.
	Certificate *certificate.Certificate
	// Timestamp tells that it is a document time stamp.
	Timestamp bool
	// Page is the page, from 1, that a Stamp is drawn for, and Pages how many the
	// document has; 0 where it makes no difference, and for signatures. Of a stamp
	// across two pages it is the first of them.
	Page, Pages int

	// PDFA is the part of ISO 19005 that the document claims to follow, or 0. In
	// part 1 nothing may be transparent; in all, colours must not depend on the
	// device.
	PDFA int

	// Objects takes the objects that the appearance consists of, besides its
	// content: fonts, images.
	Objects ObjectWriter
}

// ObjectWriter adds indirect objects to the document.
type ObjectWriter interface {
	// Add adds an object, written in PDF syntax, and returns the reference to it
	// in PDF syntax, as "12 0 R".
	Add(body []byte) (reference string)
	// AddStream adds a stream. The dictionary is given from "<<" to ">>" without
	// Length; if it names no Filter, the data is compressed.
	AddStream(dict, data []byte) (reference string)
}

// AppearanceStream is the content of an appearance (ISO 32000-2, 12.5.5): a form
// XObject whose box has its lower left corner at (0, 0) and the size of the
// request, in points. What lies outside is not shown.
type AppearanceStream struct {
	Content   []byte // content stream, not compressed
	Resources []byte // resource dictionary from "<<" to ">>"; nil for none
}

// Rect is a place on a page as it is displayed, after its Rotate was applied:
// X and Y are the distance of its lower left corner from that of the displayed
// page, which is its CropBox. The unit is the point, 1/72 inch on paper, also on
// a page with a UserUnit.
type Rect struct {
	X, Y, Width, Height float64
}

// Placement is one place where a signature is shown.
type Placement struct {
	// Page is the page, from 1; 0 is the first page, AllPages every page.
	Page int
	Rect Rect
}

// AllPages as a page number means every page of the document.
const AllPages = -1
