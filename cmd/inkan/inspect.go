package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/internal/redact"
	"github.com/inkan-go/inkan/internal/sigdict"
)

// inspectCommand shows the parts of one file. It judges nothing.
type inspectCommand struct {
	passwordFlags `set:"asked=; else you are asked, on a terminal"`

	Extract int `placeholder:"N" help:"Write the document as it was after revision N, instead of showing anything: to OUT, or to standard output."`

	Attachment string `placeholder:"NAME" help:"Write the attached file of that name, instead of showing anything: to OUT, or to standard output."`

	File string `arg:"" name:"FILE" help:"PDF to look into."`
	Out  string `arg:"" optional:"" name:"OUT" help:"File to write, with --extract or --attachment."`
}

// Help is the long help of the command.
func (inspectCommand) Help() string {
	return `Every time a PDF is saved by appending, it gains a revision. Shown are what each revision did, the objects ` +
		`that it added, replaced or freed, the form fields, the signatures, the attached files, and what is unusual about the file. ` +
		`Nothing is judged: for that there is "inkan verify".

To see what somebody signed, take the document as it was then:

    inkan inspect --extract 2 signed.pdf as-signed.pdf`
}

// Run prints what the file is made of.
func (c *inspectCommand) Run(ctx context.Context, to console) error {
	switch {
	case c.Out != "" && c.Extract == 0 && c.Attachment == "":
		return usage("OUT is for --extract and --attachment only")
	case c.Extract != 0 && c.Attachment != "":
		return usage("--attachment or --extract, not both")
	}
	f, err := os.Open(c.File)
	if err != nil {
		return openFailure(c.File, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return openFailure(c.File, err)
	}
	switch {
	case info.IsDir():
		return unreadable(c.File, errors.New("is a directory"))
	case info.Size() == 0:
		return unreadable(c.File, errors.New("the file is empty"))
	}
	var file *pdf.File
	err = c.try(ctx, to, c.File, func(password string) (err error) {
		file, err = pdf.Open(f, info.Size(), &pdf.Options{Password: password})
		return err
	})
	if known := (*failure)(nil); errors.As(err, &known) || errors.Is(err, context.Canceled) {
		return err
	}
	cutOff := interruption(ctx, c.File)
	if err != nil {
		if cutOff != "" {
			err = fmt.Errorf("%w; %s", err, cutOff)
		}
		return unreadable(c.File, err)
	}
	if c.Extract != 0 {
		return c.extract(f, file, to.out)
	}
	if c.Attachment != "" {
		return c.detach(f, file.Latest(), to.out)
	}
	out := bufio.NewWriter(to.out)
	inspect(out, c.File, file)
	if cutOff != "" {
		fmt.Fprintf(out, "\nInterrupted\n  %s\n", cutOff)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing what was found: %w", err)
	}
	return nil
}

// extract writes the document as of a revision.
func (c *inspectCommand) extract(from *os.File, file *pdf.File, stdout io.Writer) error {
	end, err := revisionEnd(file, c.Extract)
	if err != nil {
		return &failure{statusUsage, err}
	}
	if err := extract(from, from, end, c.Out, stdout); err != nil {
		return &failure{statusUsage, fmt.Errorf("writing revision %d: %w", c.Extract, err)}
	}
	return nil
}

// inspect writes everything about the file.
func inspect(w io.Writer, name string, f *pdf.File) {
	fmt.Fprintf(w, "%s: %d bytes, PDF %s, %s\n", redact.Visible(name), f.Size, redact.Visible(f.HeaderVersion), count(len(f.Revisions), "revision"))
	if e := f.Encryption(); e != nil {
		fmt.Fprintf(w, "encrypted with %v; strings: %v, streams: %v, embedded files: %v; permissions %#x\n", e, e.Strings, e.Streams, e.EmbeddedFiles, uint32(e.Permissions))
	}
	writeRevisions(w, f)
	view := f.Latest()
	fields, problems := formFields(view)
	writeFields(w, fields)
	form, err := sigdict.Find(view)
	if err != nil {
		problems = append(problems, "the form cannot be read: "+err.Error())
	} else {
		writeSignatures(w, f, form)
	}
	if err := writeAttachments(w, view); err != nil {
		problems = append(problems, "the attached files cannot be read: "+err.Error())
	}
	writeRemarks(w, f, append(problems, tornTail(f, form)...))
}

// count writes "1 revision" or "2 revisions".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func writeRevisions(w io.Writer, f *pdf.File) {
	start := int64(0)
	told := newHistory(f)
	for _, r := range f.Revisions {
		changes := revisionObjects(f, r.Number)
		fmt.Fprintf(w, "\nRevision %d: bytes %d to %d, %s\n", r.Number, start, r.End, strings.Join(sectionForms(f, r), " and "))
		for _, line := range []struct {
			what string
			list []int64
		}{{"added", changes.added}, {"replaced", changes.replaced}, {"freed", changes.freed}} {
			if len(line.list) > 0 {
				fmt.Fprintf(w, "  %-9s %s\n", line.what, numbers(line.list))
			}
		}
		if r.Number > 1 {
			told.write(w, r.Number)
		}
		start = r.EndEOL
	}
}

// sectionForms names the form of the cross-reference sections of a revision.
func sectionForms(f *pdf.File, r pdf.Revision) []string {
	var forms []string
	for _, i := range r.Sections {
		form := "cross-reference table"
		switch s := f.Sections[i]; {
		case s.Repaired:
			forms = append(forms, "objects found by scanning")
			continue
		case s.Hybrid:
			form = "cross-reference table with stream (hybrid)"
		case s.Stream:
			form = "cross-reference stream"
		}
		forms = append(forms, fmt.Sprintf("%s at %d", form, f.Sections[i].Offset))
	}
	return forms
}

func writeFields(w io.Writer, fields []formField) {
	if len(fields) == 0 {
		fmt.Fprint(w, "\nNo form fields\n")
		return
	}
	fmt.Fprint(w, "\nFields\n")
	width := 0
	for _, field := range fields {
		width = max(width, len([]rune(field.name)))
	}
	for _, field := range fields {
		state := "empty"
		switch {
		case field.kind == "signature" && field.filled:
			state = "signed"
		case field.filled:
			state = "filled"
		}
		fmt.Fprintf(w, "  %-*s  %-9s  %-6s  object %s\n", min(width, 40), redact.Visible(field.name), field.kind, state, field.ref)
	}
}

func writeSignatures(w io.Writer, f *pdf.File, form *sigdict.Form) {
	n := 0
	for _, field := range form.Fields {
		s := field.Signature
		if s == nil {
			continue
		}
		if n++; n == 1 {
			fmt.Fprint(w, "\nSignatures\n")
		}
		kind := "signature"
		if s.IsTimestamp() {
			kind = "document time stamp"
		}
		fmt.Fprintf(w, "  %s: %s, %s\n", redact.Visible(field.Name), kind, redact.Visible(s.SubFilter))
		fmt.Fprintf(w, "    %s\n", signedRange(f, s))
		for _, claim := range []struct{ what, text string }{
			{"name", s.Name}, {"reason", s.Reason}, {"location", s.Location}, {"contact", s.ContactInfo}, {"time", s.Time},
		} {
			if claim.text != "" {
				fmt.Fprintf(w, "    %-9s %s\n", claim.what, redact.Visible(claim.text))
			}
		}
		for _, d := range s.Damage {
			fmt.Fprintf(w, "    damaged   %s\n", redact.Visible(d.Text))
		}
	}
	if n == 0 {
		fmt.Fprint(w, "\nNo signatures\n")
	}
}

// signedRange tells which bytes a signature says it covers, and which revision ends there.
func signedRange(f *pdf.File, s *sigdict.Signature) string {
	r, ok := s.ByteRange.Four()
	if !ok {
		return fmt.Sprintf("ByteRange %v is not four numbers", s.ByteRange.Values)
	}
	text := fmt.Sprintf("covers bytes %d to %d and %d to %d", r[0], r[0]+r[1], r[2], r[2]+r[3])
	for _, revision := range f.Revisions {
		if end := r[2] + r[3]; end >= revision.End && end <= revision.EndEOL {
			return fmt.Sprintf("%s, the end of revision %d", text, revision.Number)
		}
	}
	return text + ", which is the end of no revision"
}

func writeRemarks(w io.Writer, f *pdf.File, problems []string) {
	for _, a := range f.Anomalies() {
		problems = append(problems, a.String())
	}
	if d := f.Damage; d != nil {
		problems = append(problems, fmt.Sprintf("damaged from %d on: %s", d.Offset, d.Text))
	}
	if len(problems) == 0 {
		return
	}
	fmt.Fprint(w, "\nUnusual\n")
	for i, p := range problems {
		if i == maxRemarks {
			fmt.Fprintf(w, "  ... and %d more\n", len(problems)-i)
			break
		}
		fmt.Fprintf(w, "  %s\n", redact.Visible(p))
	}
}
