package contract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/inkan-go/inkan/internal/attached"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verify/report"
)

// Grade is what an audit found about a claim. The zero value is the worst.
type Grade int

// The grades.
const (
	Refuted      Grade = iota // what was found contradicts it
	Unverifiable              // nothing that was given tells
	Asserted                  // the platform says so, under its signature
	Proven                    // cryptography shows it, whoever says so
)

var gradeNames = [...]string{"refuted", "unverifiable", "platform-asserted", "proven"}

// String returns "refuted", "unverifiable", "platform-asserted" or "proven".
func (g Grade) String() string {
	if g < 0 || int(g) >= len(gradeNames) {
		return gradeNames[Refuted]
	}
	return gradeNames[g]
}

// MarshalText implements encoding.TextMarshaler.
func (g Grade) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (g *Grade) UnmarshalText(text []byte) error {
	i := slices.Index(gradeNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("contract: %q is no grade", text)
	}
	*g = Grade(i)
	return nil
}

// Claim is one thing that contract and certificate say, with its grade.
type Claim struct {
	// Code is stable, such as "event.chain".
	Code  string `json:"code"`
	Grade Grade  `json:"grade"`
	// Document, Event (its sequence number), and Participant say what it is about; -1, -1 and "" where it is none.
	Document    int    `json:"document"`
	Event       int    `json:"event"`
	Participant string `json:"participant"`
	// Text is Code with Arguments in English.
	Text      string   `json:"text"`
	Arguments []string `json:"arguments"`

	values []any // the arguments as they were; none where the claim was read as JSON
}

// AuditReport is what an audit found.
type AuditReport struct {
	Schema string `json:"schema"` // inkan.audit/1
	Time   Time   `json:"time"`   // at which it was judged
	// Result is the worst grade of the claims that matter: Refuted where any is refuted,
	// Unverifiable where integrity, signatures or the issuer are, else Proven. What only
	// the platform can know is Asserted and does not lower it.
	Result Grade `json:"result"`
	// Record is nil where the certificate holds none that can be read.
	Record *Record `json:"record"`
	Claims []Claim `json:"claims"`
	// Certificate and Documents are the reports of package verify; the documents stand
	// in the order of the record, nil where one was not given.
	Certificate *verify.Report   `json:"certificate"`
	Documents   []*verify.Report `json:"documents"`
}

// AuditSchema names the form of an AuditReport as JSON.
const AuditSchema = "inkan.audit/1"

// File is a PDF to be audited.
type File struct {
	Name   string
	Reader io.ReaderAt
	Size   int64
}

// AuditInput is what is audited. Nothing is fetched but by Verify.Source.
type AuditInput struct {
	Certificate File   // the completion certificate
	Documents   []File // the documents of the contract, in any order
	// Disclosure, if it is given, holds the personal values.
	Disclosure *Disclosure
	// Verify says whom to trust and when to judge.
	Verify verify.Options
	// Accredited, if it is given, is the list of accredited time-stamping services.
	Accredited *Bundle
	// Platform are the certificates that the platform is known by, as SHA-256 digests. Without any, the
	// platform is who signed for witnesses in the documents.
	Platform []Digest
	// Fonts, if they are those that the certificate was issued with, let its page be written
	// again from the record and the disclosure, and compared; Zone is that of its times, nil
	// Japan Standard Time.
	Fonts []report.Font
	Zone  *time.Location
	// Tolerance is how far the platform's clock may be ahead of a time stamp; zero is
	// five minutes.
	Tolerance time.Duration
}

// auditor is the state of one audit.
type auditor struct {
	*AuditInput
	report    *AuditReport
	record    *Record
	whole     bool           // the record agrees with itself
	files     []*auditedFile // in the order of the record
	certified *pdf.View      // the certificate as the platform signed it
}

// Audit checks a completion certificate, and the documents that it is about, by
// themselves: no state of the platform is needed. The error is about reading the input;
// what does not hold is in the report.
func Audit(ctx context.Context, in *AuditInput) (*AuditReport, error) {
	a := &auditor{AuditInput: in, report: &AuditReport{Schema: AuditSchema, Time: in.at(), Result: Proven}}
	if err := a.certificate(ctx); err != nil {
		return nil, err
	}
	if a.record == nil {
		a.report.Result = Refuted
		return a.report, nil
	}
	a.report.Record = a.record
	if err := a.documents(ctx); err != nil {
		return nil, err
	}
	a.issuer()
	a.participants()
	a.events()
	a.told()
	a.disclosure()
	a.page()
	a.sumUp()
	return a.report, nil
}

func (in *AuditInput) at() Time {
	if !in.Verify.At.IsZero() {
		return At(in.Verify.At)
	}
	if in.Verify.Now != nil {
		return At(in.Verify.Now())
	}
	return At(time.Now())
}

func (in *AuditInput) tolerance() time.Duration {
	if in.Tolerance == 0 {
		return 5 * time.Minute
	}
	return in.Tolerance
}

// claim adds what was found. The arguments are those of the text of the code.
func (a *auditor) claim(grade Grade, about Claim, code string, arguments ...any) {
	about.Code, about.Grade, about.values = code, grade, arguments
	for i, v := range arguments {
		arguments[i] = argument(v)
		about.Arguments = append(about.Arguments, fmt.Sprint(arguments[i]))
	}
	about.Text = English.claimText(&about, time.UTC)
	a.report.Claims = append(a.report.Claims, about)
}

// Places of claims.
func ofContract() Claim      { return Claim{Document: -1, Event: -1} }
func ofDocument(n int) Claim { return Claim{Document: n, Event: -1} }
func ofEvent(e *Event) Claim {
	return Claim{Document: -1, Event: e.Sequence, Participant: participantOf(e)}
}
func ofParticipant(id string) Claim { return Claim{Document: -1, Event: -1, Participant: id} }

func participantOf(e *Event) string {
	if e.Actor == Creator {
		return ""
	}
	return e.Actor
}

// central are the claims without which nothing can be relied on.
var central = []string{
	"certificate.signature", "certificate.issuer", "certificate.issuer-unknown", "certificate.issuer-unnamed",
	"certificate.issuer-key", "certificate.issuer-alone", "record.chain", "document.missing", "document.revisions",
	"document.signature", "document.manifest", "document.between-unread",
	"participant.platform-unknown",
}

func (a *auditor) sumUp() {
	for i := range a.report.Claims {
		if c := &a.report.Claims[i]; c.lowers() {
			a.report.Result = min(a.report.Result, c.Grade)
		}
	}
}

// lowers tells whether a claim lowers the result.
func (c *Claim) lowers() bool {
	return c.Grade == Refuted || c.Grade == Unverifiable && slices.Contains(central, c.Code)
}

// judge verifies a file.
func (a *auditor) judge(ctx context.Context, f File) (*verify.Report, error) {
	o := a.Verify
	if a.Accredited != nil {
		o.Accreditation = a.Accredited.Regime
	}
	judged, err := verify.Reader(ctx, f.Reader, f.Size, &o)
	if judged == nil {
		return nil, fmt.Errorf("contract: %s: %w", f.Name, err)
	}
	judged.File = f.Name
	return judged, nil
}

// gradeOf is what a verdict means for a claim.
func gradeOf(s *verify.Signature) Grade {
	switch {
	case !s.Intact || s.Indication == verify.TotalFailed:
		return Refuted
	case s.Indication == verify.TotalPassed:
		return Proven
	}
	return Unverifiable
}

// certificate judges the completion certificate and reads the record out of it.
func (a *auditor) certificate(ctx context.Context) error {
	judged, err := a.judge(ctx, a.Certificate)
	if err != nil {
		return err
	}
	a.report.Certificate = judged
	s := a.certification()
	if s == nil {
		a.claim(Refuted, ofContract(), "certificate.uncertified")
		return nil
	}
	a.claim(gradeOf(s), ofContract(), "certificate.signature", verdict{s})
	if s.DocMDP != 1 {
		a.claim(Refuted, ofContract(), "certificate.permission", s.DocMDP)
	}
	file, err := a.opened(a.Certificate)
	if err != nil {
		return fmt.Errorf("contract: %s: %w", a.Certificate.Name, err)
	}
	if s.Revision > 0 {
		a.certified = file.View(s.Revision)
	}
	if _, err := attachment(file, s.Revision, ManifestName); err == nil || s.Field != certificationField {
		a.claim(Refuted, ofContract(), "certificate.purpose", s.Field)
	}
	a.stamps(judged, 0)
	data, err := attachment(file, s.Revision, EvidenceName)
	if err != nil {
		a.claim(Refuted, ofContract(), "record.missing", err)
		return nil
	}
	record, err := readClaimed(data)
	var chain *ChainError
	switch {
	case errors.As(err, &chain) && chain.Sequence < len(record.Events):
		about := ofEvent(&record.Events[chain.Sequence])
		about.Event = chain.Sequence // whatever it says itself
		a.claim(Refuted, about, "record.chain-broken", chain.Sequence, chain.reason)
	case err != nil:
		a.claim(Refuted, ofContract(), "record.wrong", err)
	default:
		a.claim(Proven, ofContract(), "record.chain", len(record.Events))
		a.whole = true
	}
	if !errors.Is(err, ErrLimit) {
		a.record = record
	}
	return nil
}

// readClaimed reads a record; it is returned with the error about it where it can be read at all.
// Its bytes must be those that this package writes, which leaves nothing in them that a Record
// does not hold.
func readClaimed(data []byte) (*Record, error) {
	r := &Record{}
	if err := decodeKnown(data, r, "the record"); err != nil {
		return nil, err
	}
	if again, err := r.Canonical(); err != nil || !bytes.Equal(again, data) {
		return r, errors.Join(fail(ErrRecord, "it is not in canonical form (RFC 8785), or says what this version does not know"), err)
	}
	return r, r.Check()
}

// newest stands for the newest revision.
const newest = 0

// opened opens a file.
func (a *auditor) opened(f File) (*pdf.File, error) {
	return pdf.Open(f.Reader, f.Size, &pdf.Options{Password: a.Verify.Password})
}

// attachment reads a file that is attached in a revision of a document.
func attachment(file *pdf.File, revision int, name string) ([]byte, error) {
	if revision == newest {
		revision = len(file.Revisions)
	}
	if revision < 1 || revision > len(file.Revisions) {
		return nil, because("there is no revision %d", revision)
	}
	list, err := attached.List(file.View(revision))
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(v *attached.File) bool { return v.Name != name })
	if len(list) != 1 {
		return nil, because("%d files %q are attached to revision %d, not one", len(list), name, revision)
	}
	return list[0].Data()
}
