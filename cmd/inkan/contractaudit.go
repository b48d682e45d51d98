package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/pades/appearance"
)

// contractAuditCommand audits a contract and its certificate.
type contractAuditCommand struct {
	judgingFlags `group:"Whom to trust, and what to demand:"`
	Online       bool     `help:"Ask the places that certificates name for what the files do not hold."`
	AllowPrivate bool     `help:"With --online, ask places inside private networks too."`
	Accredited   string   `placeholder:"FILE" help:"List of accredited time-stamping services, as JSON."`
	Disclosure   string   `placeholder:"FILE" help:"The personal values (disclosure.json), to compare addresses."`
	Format       string   `enum:"text,json,html,pdf" default:"text" placeholder:"text|json|html|pdf" help:"Form of the report."`
	Lang         string   `enum:"en,ja" default:"en" placeholder:"en|ja" help:"Language of the report."`
	Font         []string `sep:"none" placeholder:"FILE[:INDEX]" help:"Font for --format pdf; without it the installed ones are searched. Repeatable."`
	passwordFlags

	Files []string `arg:"" name:"PDF" help:"The documents of the contract, and the completion certificate last."`
}

// Help is the long help of the command.
func (contractAuditCommand) Help() string {
	return `Everything is read from the files themselves: whether the documents are those of the certificate, who signed and in which order, ` +
		`what is proven by cryptography and what is the word of the platform.

Exit status: 0 nothing contradicts, and what matters is proven; 1 otherwise.

Example:

    inkan contract audit --trust roots.pem --lang ja contract.pdf certificate.pdf`
}

// Run audits and reports.
func (c *contractAuditCommand) Run(ctx context.Context, to console) error {
	if len(c.Files) < 2 {
		return usage("an audit wants the documents of a contract and, last, its completion certificate")
	}
	in, err := c.input()
	if err != nil {
		return &failure{statusUsage, err}
	}
	for i, name := range c.Files {
		file, err := os.Open(name)
		if err != nil {
			return unreadable(name, errors.Unwrap(err))
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			return unreadable(name, err)
		}
		f := contract.File{Name: name, Reader: file, Size: info.Size()}
		if _, err := pdf.Open(f.Reader, f.Size, &pdf.Options{Password: in.Verify.Password}); err != nil {
			return unreadable(name, err)
		}
		if i == len(c.Files)-1 {
			in.Certificate = f
		} else {
			in.Documents = append(in.Documents, f)
		}
	}
	report, err := contract.Audit(ctx, in)
	if err != nil {
		return err
	}
	if err := c.print(ctx, to, report); err != nil {
		return err
	}
	if report.Result < contract.Asserted {
		return &failure{status: statusFailed}
	}
	return nil
}

func (c *contractAuditCommand) input() (*contract.AuditInput, error) {
	options, err := c.judging()
	if err != nil {
		return nil, err
	}
	in := &contract.AuditInput{Verify: *options}
	if in.Verify.Password, err = c.given(); err != nil {
		return nil, err
	}
	if c.Online {
		in.Verify.Source = &fetch.Client{AllowPrivate: c.AllowPrivate}
	}
	if in.Accredited, err = readBundle(c.Accredited); err != nil {
		return nil, err
	}
	if c.Disclosure == "" {
		return in, nil
	}
	data, err := readFile(c.Disclosure)
	if err != nil {
		return nil, err
	}
	in.Disclosure, err = contract.ReadDisclosure(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Disclosure, err)
	}
	return in, nil
}

func (c *contractAuditCommand) print(ctx context.Context, to console, r *contract.AuditReport) error {
	o := &contract.AuditOptions{Language: contract.Language(c.Lang)}
	switch c.Format {
	case "json":
		return r.WriteJSON(to.out)
	case "html":
		return r.WriteHTML(to.out, o)
	case "pdf":
		var err error
		if o.Fonts, err = openFonts(c.Font); err != nil {
			return &failure{statusUsage, err}
		}
		if len(c.Font) == 0 {
			var text bytes.Buffer
			if err := r.WriteText(&text, o); err != nil {
				return err
			}
			fonts, err := findFonts(ctx, to, text.String())
			if err != nil && !errors.As(err, new(*appearance.MissingGlyphError)) {
				return err
			}
			o.Fonts = fonts
		}
		return r.WritePDF(to.out, o)
	}
	return r.WriteText(to.out, o)
}
