package changes

import "github.com/inkan-go/inkan/internal/pdf"

// Kind is the gravest change of a revision, from not understood to none.
type Kind int

// The kinds. The zero value means that something could not be explained.
const (
	Unknown Kind = iota
	Other
	Annotation
	Form
	LTV
	None
)

// Result is what one revision changed.
type Result struct {
	Kind Kind
	// Reason and Ref tell what could not be explained, where Kind is Unknown.
	Reason string
	Ref    pdf.Reference
	// Signed are the fields that the revision signed.
	Signed []Signed
}

// Signed is one field that a revision signed.
type Signed struct {
	Field     string
	Timestamp bool
	// New tells that the field itself is new; Visible that it has an area.
	New     bool
	Visible bool
	Rect    []float64
}
