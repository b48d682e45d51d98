package changes

import "github.com/inkan-go/inkan/internal/pdf"

// Kind is the gravest change of a revision, from not understood to none.
type Kind int

// The kinds. The zero value means that something could not be read or judged.
const (
	Unknown    Kind = iota
	Other           // something that no rule explains: content, structure, actions
	Annotation      // annotations, and fields that nobody signed
	Form            // values of fields, and signatures
	LTV             // validation data, document time stamps, descriptions of the file
	None
)

// String returns the name of the kind as reports write it.
func (k Kind) String() string {
	if k < Unknown || k > None {
		k = Unknown
	}
	return [...]string{"unknown", "other", "annotation", "form", "ltv", "none"}[k]
}

// What is one sort of explained change.
type What int

// What a revision can have done.
const (
	Signed             What = iota // a signature field got its signature
	Stamped                        // a signature field got a document time stamp
	Filled                         // a field got another value
	FieldAdded                     // a signature field without a signature
	AnnotationAdded                //
	AnnotationChanged              //
	AnnotationRemoved              //
	ValidationData                 // the document security store grew or was renewed
	ValidationDataLost             // the document security store lost something
	Description                    // document information or XMP metadata
	Declaration                    // version and developer extensions
	Rewritten                      // parts that only serve another change
	Unused                         // objects that nothing refers to
)

// Change is one explained change.
type Change struct {
	What What
	// Field is the fully qualified name of a field.
	Field string
	// Subtype is that of an annotation, "Widget" for one of a field.
	Subtype string
	Ref     pdf.Reference
	// Page counts from 1; 0 where it is not known or there is none. PageRef is
	// the page object.
	Page    int
	PageRef pdf.Reference
	// Rect is the place on the page, in the order of the file; nil where there is none.
	Rect []float64
	// Visible tells that the area is not empty.
	Visible bool
	// New tells of a signature that its field is new as well.
	New bool
	// Hidden says what keeps a reader from noticing an annotation; nothing where
	// nothing does.
	Hidden Message
}

// OfField tells whether the change is one of a field, which may have no name, and so one
// that a lock can forbid.
func (c Change) OfField() bool {
	switch c.What {
	case Signed, Stamped, Filled, FieldAdded:
		return true
	}
	return false
}

// String says in English what the change did.
func (c Change) String() string { return c.Message().String() }

// Message says in words what the change did.
func (c Change) Message() Message {
	where := say("")
	if c.Page > 0 {
		where = say(" on page %d", c.Page)
	}
	switch c.What {
	case Signed:
		return say("a signature in the field %q%v", c.Field, where)
	case Stamped:
		return say("a document time stamp in the field %q%v", c.Field, where)
	case Filled:
		return say("another value of the field %q%v", c.Field, where)
	case FieldAdded:
		return say("the field %q%v, which nobody signed", c.Field, where)
	case AnnotationAdded:
		return say("a new annotation (%s)%v", c.Subtype, where)
	case AnnotationChanged:
		return say("another content of an annotation (%s)%v", c.Subtype, where)
	case AnnotationRemoved:
		return say("an annotation (%s) less%v", c.Subtype, where)
	}
	return [...]Message{
		ValidationData: say("validation data"), ValidationDataLost: say("other validation data in place of earlier ones"),
		Description: say("the description of the file"), Declaration: say("a version or an extension declared"),
		Rewritten: say("structure for what was added"), Unused: say("objects that nothing refers to"),
	}[c.What]
}

// Kind tells how grave the change is.
func (c Change) Kind() Kind {
	switch c.What {
	case Signed, Filled:
		return Form
	case Stamped:
		if c.Visible {
			return Form // it shows something
		}
		return LTV
	case FieldAdded, AnnotationAdded, AnnotationChanged, AnnotationRemoved:
		return Annotation
	}
	return LTV
}

// Finding is one change that nothing explains, or that could not be judged.
type Finding struct {
	Ref pdf.Reference // zero where it concerns no single object
	Message
}

// Result is what one revision changed.
type Result struct {
	Kind    Kind
	Changes []Change
	// Forbidden are changes that are none of the harmless ones.
	Forbidden []Finding
	// Unread is what could not be read or judged.
	Unread []Finding
}

// Grave returns the finding that stands for all: a forbidden change before one
// that could not be judged. More tells how many others there are.
func (r *Result) Grave() (f Finding, more int) {
	all := len(r.Forbidden) + len(r.Unread)
	switch {
	case len(r.Forbidden) > 0:
		return r.Forbidden[0], all - 1
	case len(r.Unread) > 0:
		return r.Unread[0], all - 1
	}
	return Finding{}, 0
}

// judge names the kind of the whole.
func (r *Result) judge() {
	switch {
	case len(r.Forbidden) > 0:
		r.Kind = Other
		return
	case len(r.Unread) > 0:
		r.Kind = Unknown
		return
	}
	r.Kind = None
	for _, c := range r.Changes {
		r.Kind = min(r.Kind, c.Kind())
	}
}
