package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/inkan-go/inkan/certificate"
	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/certificate/revocation"
	"github.com/inkan-go/inkan/verify"
	"github.com/inkan-go/inkan/verify/report"
)

// verifyCommand judges files, one after the other.
type verifyCommand struct {
	Trust        []string `placeholder:"FILE" sep:"none" help:"Certificates to trust, in PEM, for signing and for time stamping. Repeatable."`
	TrustSigner  []string `placeholder:"FILE" sep:"none" help:"Certificates to trust for signing only. Repeatable."`
	TrustTSA     []string `name:"trust-tsa" placeholder:"FILE" sep:"none" help:"Certificates to trust for time stamping only. Repeatable."`
	Certs        []string `placeholder:"FILE" sep:"none" help:"Further certificates that a chain may run through, not trusted themselves. Repeatable."`
	Revocation   []string `placeholder:"FILE" sep:"none" help:"CRLs and OCSP responses to judge revocation by, beside those in the files. Repeatable."`
	Online       bool     `help:"Ask the places that certificates name for issuers, OCSP responses and CRLs that the files do not hold."`
	AllowPrivate bool     `help:"With --online, ask places inside private networks too."`
	Policy       string   `enum:"default,strict,archive" default:"default" placeholder:"default|strict|archive" help:"What is demanded: strict wants a time stamp and younger evidence, archive the level LTA."`
	At           string   `placeholder:"TIME" help:"Judge as of this time (RFC 3339, as 2026-11-22T09:00:00+09:00) instead of now."`
	Format       string   `enum:"text,json" default:"text" placeholder:"text|json" help:"text, or json: one object a file, a line each."`

	passwordFlags

	Files []string `arg:"" name:"FILE" help:"PDF to judge."`

	printed bool // a report in text was printed already
}

// Help is the long help of the command.
func (verifyCommand) Help() string {
	return `Nobody is trusted but those whom you name: without --trust no signature passes. ` +
		`A signature that was not broken but whose signer cannot be traced to someone trusted is INDETERMINATE.

Example:

    inkan verify --trust roots.pem signed.pdf`
}

// Run judges every file and prints a report for each.
func (c *verifyCommand) Run(ctx context.Context, to console) error {
	options, err := c.options()
	if err != nil {
		return &failure{statusUsage, err}
	}
	out := bufio.NewWriter(to.out)
	status := statusDone
	for _, file := range c.Files {
		var result *verify.Report
		err := c.try(ctx, to, file, func(password string) (err error) {
			options.Password = password
			result, err = verify.File(ctx, file, options)
			return err
		})
		if known := (*failure)(nil); errors.As(err, &known) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if result == nil {
			result = &verify.Report{File: file, Error: reasonText(unreadableCause(err))}
			to.say(file + ": " + result.Error)
		}
		if err := c.print(out, result); err != nil {
			return fmt.Errorf("writing the report: %w", err)
		}
		if err := out.Flush(); err != nil {
			return fmt.Errorf("writing the report: %w", err)
		}
		status = max(status, statusOf(result, err))
	}
	if status != statusDone {
		return &failure{status: status}
	}
	return nil
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

// print writes the report of one file. Of an unreadable one there is nothing to
// say in text but the reason, which stands on stderr.
func (c *verifyCommand) print(out *bufio.Writer, result *verify.Report) error {
	if c.Format == "json" {
		return report.JSON(out, result)
	}
	if result.Error != "" {
		return nil
	}
	if c.printed {
		fmt.Fprintln(out)
	}
	c.printed = true
	return report.Text(out, result)
}

// options turns flags into the options of package verify.
func (c *verifyCommand) options() (*verify.Options, error) {
	options := &verify.Options{Trust: certificate.NewPool(), Hygiene: true}
	for _, anchors := range []struct {
		files    []string
		purposes []certificate.Purpose
	}{
		{c.Trust, []certificate.Purpose{certificate.Signing, certificate.TimeStamping}},
		{c.TrustSigner, []certificate.Purpose{certificate.Signing}},
		{c.TrustTSA, []certificate.Purpose{certificate.TimeStamping}},
	} {
		for _, file := range anchors.files {
			data, err := readFile(file)
			if err != nil {
				return nil, err
			}
			if err := options.Trust.AddPEM(data, anchors.purposes...); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	for _, file := range c.Certs {
		list, err := readCertificates(file)
		if err != nil {
			return nil, err
		}
		options.Certificates = append(options.Certificates, list...)
	}
	switch c.Policy {
	case "strict":
		options.Policy = verify.Strict()
	case "archive":
		options.Policy = verify.Archive()
	}
	if c.AllowPrivate && !c.Online {
		return nil, errors.New("--allow-private needs --online")
	}
	if c.Online {
		options.Source = &fetch.Client{AllowPrivate: c.AllowPrivate}
	}
	var err error
	if options.Revocation, err = readEvidence(c.Revocation); err != nil {
		return nil, err
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

// readEvidence reads CRLs and OCSP responses, one a file.
func readEvidence(files []string) ([]*revocation.Evidence, error) {
	set := revocation.NewSet()
	var list []*revocation.Evidence
	for _, file := range files {
		data, err := readFile(file)
		if err != nil {
			return nil, err
		}
		e := &revocation.Evidence{Raw: data, Source: revocation.SourceGiven, Where: file}
		set.Add(e)
		list = append(list, e)
	}
	for _, r := range set.Unreadable() {
		return nil, fmt.Errorf("%s: neither a CRL nor an OCSP response: %s", r.Evidence.Where, r.Detail)
	}
	return list, nil
}
