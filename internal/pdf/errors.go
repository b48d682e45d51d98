package pdf

import (
	"errors"
	"fmt"
)

// The kinds of failure that a caller may act on. Every error of this package
// that concerns the bytes of the file is an *Error that wraps one of them;
// errors of the io.ReaderAt are passed on with %w.
var (
	ErrNotPDF            = errors.New("not a PDF file")
	ErrEncrypted         = errors.New("encryption not supported")
	ErrPassword          = errors.New("password missing or wrong")
	ErrMalformed         = errors.New("malformed PDF")
	ErrLimit             = errors.New("limit exceeded")
	ErrUnsupportedFilter = errors.New("unsupported stream filter")
)

// Error tells what is wrong with the bytes of a file and where.
type Error struct {
	Kind   error     // one of the Err values of this package
	Offset int64     // in the file; -1 where no place can be named
	Ref    Reference // the object concerned; zero where there is none
	Text   string
}

// Error returns the text with the kind, the object and the offset.
func (e *Error) Error() string {
	s := "pdf: " + e.Kind.Error() + ": " + e.Text
	if !e.Ref.IsZero() {
		s += fmt.Sprintf(" (object %v)", e.Ref)
	}
	if e.Offset >= 0 {
		s += fmt.Sprintf(" (at byte %d)", e.Offset)
	}
	return s
}

// Unwrap returns the kind.
func (e *Error) Unwrap() error { return e.Kind }

func malformed(offset int64, format string, args ...any) *Error {
	return &Error{Kind: ErrMalformed, Offset: offset, Text: fmt.Sprintf(format, args...)}
}

func overLimit(offset int64, format string, args ...any) *Error {
	return &Error{Kind: ErrLimit, Offset: offset, Text: fmt.Sprintf(format, args...)}
}

// withRef names the object in an *Error that does not name one yet.
func withRef(err error, ref Reference) error {
	var e *Error
	if errors.As(err, &e) && e.Ref.IsZero() {
		named := *e
		named.Ref = ref
		return &named
	}
	return err
}
