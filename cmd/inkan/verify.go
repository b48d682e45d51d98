package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verify/report"
)

// verifyCommand judges files, several at a time, and reports in their order.
type verifyCommand struct {
	judgingFlags `group:"Whom to trust, and what to demand:"`
	Online       bool `help:"Ask the places that certificates name for issuers, OCSP responses and CRLs that the files do not hold."`
	AllowPrivate bool `help:"With --online, ask places inside private networks too."`
	retainFlags
	Accredited string   `placeholder:"FILE" help:"List of accredited time-stamping services, as JSON (docs/contract.md): the report says by which regime a stamp is accredited."`
	At         string   `placeholder:"TIME" help:"Judge as of this time (RFC 3339, as 2026-11-22T09:00:00+09:00) instead of now."`
	Format     string   `enum:"text,json,html,pdf,csv,xml" default:"text" placeholder:"text|json|html|pdf|csv|xml" help:"text; json: one object a file, a line each; html: one page; pdf: one document (PDF/A-3); csv: a line for every time stamp; xml: ETSI TS 119 102-2."`
	Lang       string   `enum:"en,ja" default:"en" placeholder:"en|ja" help:"Language of the report."`
	Encoding   string   `enum:"utf-8,utf-8-bom,shift_jis" default:"utf-8" placeholder:"utf-8|utf-8-bom|shift_jis" help:"Characters of --format csv."`
	Font       []string `sep:"none" placeholder:"FILE[:INDEX]" help:"Font (TrueType or OpenType) for --format pdf; of a collection, INDEX counts from 0. May be given several times: each is asked for what those before it lack. What they lack is sought among the installed fonts."`
	Content    string   `placeholder:"FILE" help:"What the FILEs sign or stamp: they are then CMS signatures or time-stamp tokens outside a PDF, in DER or PEM."`
	Jobs       int      `short:"j" placeholder:"N" help:"How many files to judge at a time; as many as there are processors if it is not given."`

	passwordFlags `set:"asked=; else you are asked, on a terminal"`

	Files []string `arg:"" name:"FILE" help:"PDF to judge, or folder: all files in it that end in .pdf, but for links."`
}

// Help is the long help of the command.
func (verifyCommand) Help() string {
	return `Nobody is trusted but those whom you name: without --trust no signature passes. ` +
		`A signature that was not broken but whose signer cannot be traced to someone trusted is INDETERMINATE.

Examples:

    inkan verify --trust roots.pem signed.pdf
    inkan verify --trust roots.pem --format html --lang ja signed.pdf >report.html
    inkan verify --trust roots.pem --format pdf --lang ja signed.pdf >report.pdf
    inkan verify --trust roots.pem --format csv contracts >time-stamps.csv
    inkan verify --trust roots.pem --retain-until 2033-03-31 contracts`
}

// Run judges every file and prints a report for each.
func (c *verifyCommand) Run(ctx context.Context, to console) error {
	options, err := c.options()
	if err != nil {
		return &failure{statusUsage, err}
	}
	if options.Password, err = c.given(); err != nil {
		return err
	}
	out := bufio.NewWriter(to.out)
	writer, err := c.writer(ctx, to, out)
	if err != nil {
		return err
	}
	b := &batch{command: c, ctx: ctx, to: to, options: options, out: out, writer: writer, progress: newProgress(to, "verifying")}
	if err := b.run(); err != nil {
		return err
	}
	if b.status != statusDone {
		return &failure{status: b.status}
	}
	return nil
}

// writer returns what writes the reports.
func (c *verifyCommand) writer(ctx context.Context, to console, out *bufio.Writer) (report.Writer, error) {
	language, err := report.ParseLanguage(c.Lang)
	if err != nil {
		return nil, err
	}
	switch {
	case c.Encoding != "utf-8" && c.Format != "csv":
		return nil, usage("--encoding goes with --format csv only")
	case len(c.Font) > 0 && c.Format != "pdf":
		return nil, usage("--font goes with --format pdf only")
	}
	options := &report.Options{Language: language, Location: time.Local, Width: to.width(), Encoding: encodings[c.Encoding]}
	if report.Format(c.Format) == report.PDF {
		if file, ok := to.out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
			return nil, usage("--format pdf writes a document, which a terminal cannot show: redirect it, as >report.pdf")
		}
		if options.Fonts, err = openFonts(c.Font); err != nil {
			return nil, &failure{statusUsage, err}
		}
		options.FindFonts = func(characters string) ([]report.Font, error) { return findFonts(ctx, to, characters) }
	}
	return report.NewWriter(out, report.Format(c.Format), options)
}

// statusOf is the exit status that one file leads to; the highest of all counts.
func statusOf(result *verify.Report, err error) int {
	switch {
	case result == nil || result.Error != "":
		return statusUnreadable
	case err != nil:
		return statusFailed
	}
	return statusDone
}

// unreadableCause is why a file could not be read, without its name.
func unreadableCause(err error) error {
	var unreadable *verify.UnreadableError
	if errors.As(err, &unreadable) {
		err = unreadable.Cause
	}
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return err
}

// options turns flags into the options of package verify.
func (c *verifyCommand) options() (*verify.Options, error) {
	options, err := c.judging()
	if err != nil {
		return nil, err
	}
	options.Hygiene = true
	if options.RetainUntil, err = c.until(); err != nil {
		return nil, err
	}
	if c.Jobs < 0 {
		return nil, errors.New("--jobs must be a positive number")
	}
	if c.AllowPrivate && !c.Online {
		return nil, errors.New("--allow-private needs --online")
	}
	if c.Online {
		options.Source = &fetch.Client{AllowPrivate: c.AllowPrivate}
	}
	bundle, err := readBundle(c.Accredited)
	if err != nil {
		return nil, err
	}
	if bundle != nil {
		options.Accreditation = bundle.Regime
	}
	if c.At != "" {
		at, err := time.Parse(time.RFC3339, c.At)
		if err != nil {
			return nil, fmt.Errorf("--at %s is not a time as RFC 3339 writes it, as 2026-11-22T09:00:00Z", c.At)
		}
		options.At = at
	}
	return options, nil
}
