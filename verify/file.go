package verify

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/internal/changes"
	"github.com/inkan-go/inkan/internal/content"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// Options say whom to trust and when. The zero value, and nil, trust nobody.
// They are neither kept nor changed.
type Options struct {
	// Trust holds the anchors by purpose; nil trusts nobody.
	Trust *certificate.Pool
	// Certificates are further certificates for building paths. They are not trusted.
	Certificates []*certificate.Certificate
	// At is the time to judge at; zero means now.
	At time.Time
	// Password opens an encrypted file, as its user or its owner. Where it is
	// empty, the empty user password is tried, which many files have.
	Password string
	// Hygiene also tells what the revision that was signed first holds besides
	// what it shows, from which a later change could draw: unused and hidden
	// objects, actions, fields that show another text than their value or stand
	// over other text. These findings never change a verdict.
	Hygiene bool
}

// File judges the PDF file of that name; see Reader.
func File(ctx context.Context, name string, o *Options) (*Report, error) {
	handle, err := os.Open(name)
	if err != nil {
		return nil, &UnreadableError{Cause: err}
	}
	defer handle.Close()
	info, err := handle.Stat()
	if err != nil {
		return nil, &UnreadableError{Cause: err}
	}
	if !info.Mode().IsRegular() {
		return nil, &UnreadableError{File: name, Cause: errNotRegular}
	}
	report, err := Reader(ctx, handle, info.Size(), o)
	if report != nil {
		report.File = name
	}
	var unreadable *UnreadableError
	if errors.As(err, &unreadable) {
		unreadable.File = name
	}
	return report, err
}

var errNotRegular = errors.New("not a regular file")

// Reader judges a PDF of size bytes. It returns a report whenever the file was
// readable, and an error unless it holds a signature and all passed: the error
// is then ErrNoSignature or a *NotPassedError. Of an unreadable file there is
// only an *UnreadableError. The file is read once from end to end, and memory
// does not grow with it.
func Reader(ctx context.Context, r io.ReaderAt, size int64, o *Options) (*Report, error) {
	if o == nil {
		o = &Options{}
	}
	opened, err := pdf.Open(r, size, &pdf.Options{Password: o.Password})
	if err != nil {
		return nil, &UnreadableError{Cause: err}
	}
	f := &file{ctx: ctx, reader: r, size: size, pdf: opened, options: o, stores: make(map[int]*sigdict.Store), seen: make(map[evidence]bool), painted: make(map[pdf.Reference]*content.Painted)}
	f.at = o.At
	if f.at.IsZero() {
		f.at = time.Now()
	}
	if err := f.judge(); err != nil {
		return nil, &UnreadableError{Cause: err}
	}
	return f.report, f.report.result()
}

// file is one PDF under judgement.
type file struct {
	ctx     context.Context
	reader  io.ReaderAt
	size    int64
	pdf     *pdf.File
	options *Options
	at      time.Time

	forms      *forms
	candidates []*candidate
	tooMany    bool
	trailing   int64 // where bytes stand that belong to no revision; -1 if there are none
	stores     map[int]*sigdict.Store
	seen       map[evidence]bool // what concerns has looked at
	searched   int
	painted    map[pdf.Reference]*content.Painted // what pages paint
	listed     int                                // additions in the report
	report     *Report
	history    *changes.History

	unreachable *unreachable
}

// judge runs everything in order. Its error is one of reading.
func (f *file) judge() error {
	f.report = &Report{Schema: Schema, ValidationTime: f.at, Policy: "Default"}
	f.forms = readForms(f.pdf, maxFormWork)
	f.discover()
	for _, c := range f.candidates {
		f.describe(c)
		f.checkStructure(c)
		f.readValue(c)
	}
	f.checkNesting()
	if err := f.computeDigests(); err != nil {
		return err
	}
	for _, c := range f.candidates {
		c.checked = f.checkCrypto(c)
	}
	f.checkCertifications()
	f.judgeChanges()
	// Only now every object of the later revisions has been read.
	f.checkReadability()
	for _, c := range f.candidates {
		f.conclude(c)
	}
	f.summarize()
	if f.options.Hygiene {
		f.inspect()
	}
	return nil
}
