package report

import (
	"fmt"
	"time"
)

// Format is a form of the report.
type Format string

// The formats.
const (
	Text Format = "text" // for a terminal
	JSON Format = "json" // one object a file, a line each; schema "inkan.verify/1"
	HTML Format = "html" // one page
	CSV  Format = "csv"  // a line for every time stamp, or signature without one
	XML  Format = "xml"  // ETSI TS 119 102-2, one ValidationReport
	PDF  Format = "pdf"  // one document, PDF/A-3 and PDF/UA-1
)

// Formats returns all formats.
func Formats() []Format { return []Format{Text, JSON, HTML, CSV, XML, PDF} }

// Language is the language of texts. The zero value is English.
type Language int

// The languages.
const (
	English Language = iota
	Japanese
)

// ParseLanguage reads "en" or "ja".
func ParseLanguage(tag string) (Language, error) {
	for _, l := range []Language{English, Japanese} {
		if l.String() == tag {
			return l, nil
		}
	}
	return English, fmt.Errorf("report: the language %q is neither en nor ja", tag)
}

// String returns the language tag (BCP 47).
func (l Language) String() string { return l.words().tag }

func (l Language) words() *words {
	if l == Japanese {
		return &inJapanese
	}
	return &inEnglish
}

// Encoding is how the characters of CSV are written. The zero value is UTF-8.
type Encoding int

// The encodings.
const (
	UTF8     Encoding = iota
	UTF8BOM           // with a byte order mark, by which spreadsheets tell UTF-8
	ShiftJIS          // as on Windows; what it lacks is written as [U+20BB7]
)

// Options say how reports are written. Nil means English, times in UTC, UTF-8.
type Options struct {
	Language Language
	// Location is where the times of text, HTML, PDF and CSV are shown; nil means UTC.
	// JSON and XML write them as they stand in the report.
	Location *time.Location
	// Width is the number of columns that the lines of text take at most; 0 breaks none.
	Width int
	// Encoding is that of CSV. The other formats are always UTF-8.
	Encoding Encoding
	// Time is when a PDF was made; zero means now.
	Time time.Time
	// Fonts are asked for each character of a PDF in this order, and at last Go
	// Regular, which comes with this package and holds Latin, Greek and Cyrillic
	// letters. A character that none holds is shown as [U+20BB7].
	Fonts []Font
	// FindFonts is asked once for fonts that hold characters which the others lack,
	// if there are any. Nil finds none.
	FindFonts func(characters string) ([]Font, error)
}

// Font is a TrueType or OpenType font whose licence allows embedding.
type Font struct {
	Data  []byte // of the file, which must not change any more
	Index int    // of a collection, which of its fonts, from 0
}

func (o *Options) orDefault() Options {
	if o == nil {
		return Options{}
	}
	return *o
}
