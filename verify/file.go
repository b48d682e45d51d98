package verify

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/certificate/revocation"
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
	// Evidence holds CRLs and OCSP responses beside those in the file. They are not
	// trusted: who signed them must be entitled to.
	Evidence []*revocation.Evidence
	// Source is asked for issuers and for evidence of revocation where what is at hand
	// does not answer; nil asks nobody, and nothing leaves this machine.
	Source fetch.Source
	// Policy is what is demanded; nil is [Default].
	Policy *Policy
	// Now is the clock; nil means time.Now. Evidence issued later than it says is
	// refused.
	Now func() time.Time
	// Password opens an encrypted file, as its user or its owner. Where it is
	// empty, the empty user password is tried, which many files have.
	Password string
	// Hygiene also tells what the revision that was signed first holds besides
	// what it shows, from which a later change could draw: unused and hidden
	// objects, actions, fields that show another text than their value or stand
	// over other text. These findings never change a verdict.
	Hygiene bool
	// RetainUntil is until when the file must stay provable: see [Retention]. Zero asks
	// nothing, and it never changes a verdict.
	RetainUntil time.Time
	// Accreditation tells by which regime the certificate of a time-stamping authority
	// was accredited at a time, "" where it was by none. It is reported
	// (Timestamp.Accredited) and never changes a verdict. It must be safe for concurrent use.
	Accreditation func(tsa *certificate.Certificate, at time.Time) string
}

// File judges the PDF file of that name; see Reader.
func File(ctx context.Context, name string, o *Options) (*Report, error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, &UnreadableError{File: name, Cause: errNotRegular} // opening a named pipe waits for somebody who writes
	}
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
	f := &file{ctx: ctx, reader: r, size: size, pdf: opened, options: o}
	f.setTime()
	if f.policy = o.Policy; f.policy == nil {
		f.policy = Default()
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
	at      time.Time // of the judgement
	now     time.Time // by the clock, and never before at
	policy  *Policy

	forms        *forms
	candidates   []*candidate
	tooMany      bool
	trailing     int64            // where bytes stand that belong to no revision; -1 if there are none
	stores       []*sigdict.Store // of all revisions; nil before they are read
	storesCut    bool             // stores of later revisions were left out
	seen         map[held]bool    // what contains has looked at
	searched     int
	values       int64                      // bytes of signature values
	collected    int                        // bytes of validation data
	proven       int                        // bytes of evidence for which proofs were found
	shared       []*certificate.Certificate // that any path may run through
	stored       []*certificate.Certificate // of the security stores; nil before they are read
	evidence     *revocation.Set
	exhibits     []exhibit
	provable     bool // there are time stamps that cover more than a signature value
	pathWork     int  // certificates and evidence that paths were sought among
	proofs       proofs
	several      bool               // more than one signature or time stamp is validated
	certificates certificate.Parser // reads all that are in the file
	checks       certificate.SignatureChecks
	validated    map[validation]*outcome // paths that held
	names        map[*certificate.Certificate]certificateName
	painted      map[pdf.Reference]*content.Painted // what pages paint
	signedAreas  map[pageOf][]signedArea            // what was read of pages
	listed       int                                // additions in the report
	report       *Report
	history      *changes.History

	unreachable *unreachable

	documentTimestamps []*timestamp // that can prove something, oldest first
	// newest is the latest time stamp before each revision that a signature closes.
	newest map[int]*timestamp

	bare bool // there is no PDF, but a signature by itself
}

// setTime fixes the time of the judgement. Judging as of a time that has passed does
// not hide what became known since.
func (f *file) setTime() {
	clock := f.options.Now
	if clock == nil {
		clock = time.Now
	}
	f.now = clock()
	if f.at = f.options.At; f.at.IsZero() {
		f.at = f.now
	}
	if f.now.Before(f.at) {
		f.now = f.at
	}
	f.proofs.now = f.at
}

// judge runs everything in order. Its error is one of reading.
func (f *file) judge() error {
	f.report = &Report{Schema: Schema, ValidationTime: f.at, Policy: f.policy.Name}
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
		f.prepare(c)
		f.collectTimestamps(c)
	}
	if err := f.validate(); err != nil {
		return err
	}
	f.summarize()
	if f.options.Hygiene {
		f.inspect()
	}
	return nil
}

// validate gathers what there is to validate with, and comes to a verdict on every
// time stamp and signature.
func (f *file) validate() error {
	f.several = f.options.Source != nil || len(f.candidates) > 1 || len(f.candidates) == 1 && len(f.candidates[0].timestamps) > 0
	f.checks.Limit = maxPathSignatures
	f.collect()
	if err := f.fetch(); err != nil {
		return err
	}
	f.validateTimestamps()
	for _, c := range f.candidates {
		f.conclude(c)
	}
	if err := f.ctx.Err(); err != nil {
		return err // what was cut short is no judgement
	}
	return nil
}
