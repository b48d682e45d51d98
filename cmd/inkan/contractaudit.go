package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/contract"
	"github.com/inkan-go/inkan/internal/pdf"
	"github.com/inkan-go/inkan/pades/appearance"
	"github.com/inkan-go/inkan/verify/report"
)

// contractAuditCommand audits a contract and its certificate.
type contractAuditCommand struct {
	judgingFlags `group:"Whom to trust, and what to demand:"`
	Online       bool     `help:"Ask the places that certificates name for what the files do not hold."`
	AllowPrivate bool     `help:"With --online, ask places inside private networks too."`
	Accredited   string   `placeholder:"FILE" help:"List of accredited time-stamping services, as JSON."`
	Disclosure   string   `placeholder:"FILE" help:"The personal values (disclosure.json), to compare addresses."`
	Format       string   `enum:"text,json,html,pdf,csv" default:"text" placeholder:"text|json|html|pdf|csv" help:"Form of the report; csv: a line for every contract. Of folders: text, json (a line each) or csv."`
	Lang         string   `enum:"en,ja" default:"en" placeholder:"en|ja" help:"Language of the report."`
	Encoding     string   `enum:"utf-8,utf-8-bom,shift_jis" default:"utf-8" placeholder:"utf-8|utf-8-bom|shift_jis" help:"Characters of --format csv."`
	Jobs         int      `short:"j" placeholder:"N" help:"How many contracts of folders to audit at a time; as many as there are processors if it is not given."`
	Font         []string `sep:"none" placeholder:"FILE[:INDEX]" help:"Font that the certificate was issued with: its page is then written again and compared, byte for byte. Also the font for --format pdf; without it the installed ones are searched. Repeatable."`
	passwordFlags

	Files []string `arg:"" name:"PDF" help:"The documents of the contract, and the completion certificate last; or folders: each folder in them with a certificate.pdf is a contract, of the other PDFs beside it."`
}

// Help is the long help of the command.
func (contractAuditCommand) Help() string {
	return `Everything is read from the files themselves: whether the documents are those of the certificate, who signed and in which order, ` +
		`what is proven by cryptography and what is the word of the platform.

The disclosure.json beside the certificate of a folder is read, too, unless --disclosure names another.

Exit status: 0 nothing contradicts, and what matters is proven; 1 otherwise; 3 a file cannot be read.

Examples:

    inkan contract audit --trust roots.pem --lang ja contract.pdf certificate.pdf
    inkan contract audit --trust roots.pem --format csv --encoding shift_jis --lang ja archive/2026 >audit.csv`
}

// Run audits and reports.
func (c *contractAuditCommand) Run(ctx context.Context, to console) error {
	folders := 0
	for _, name := range c.Files {
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			folders++
		}
	}
	switch {
	case folders > 0 && folders < len(c.Files):
		return usage("an audit wants either folders or files")
	case folders > 0 && (c.Format == "html" || c.Format == "pdf"):
		return usage("--format %s is the report of one contract; of folders it is text, json or csv", c.Format)
	case folders == 0 && len(c.Files) < 2:
		return usage("an audit wants the documents of a contract and, last, its completion certificate")
	case c.Encoding != "utf-8" && c.Format != "csv":
		return usage("--encoding goes with --format csv only")
	case c.Jobs < 0:
		return usage("--jobs must be a positive number")
	}
	in, err := c.input()
	if err != nil {
		return &failure{statusUsage, err}
	}
	if folders > 0 {
		b := &archiveAudit{command: c, ctx: ctx, to: to, input: in, out: bufio.NewWriter(to.out), progress: newProgress(to, "auditing"),
			options: &contract.AuditOptions{Language: contract.Language(c.Lang)}}
		return b.run()
	}
	last := len(c.Files) - 1
	audited, err := auditFiles(ctx, *in, c.Files[:last], c.Files[last])
	if err != nil {
		return err
	}
	if err := c.print(ctx, to, audited, in.Fonts); err != nil {
		return err
	}
	if audited.Result < contract.Asserted {
		return &failure{status: statusFailed}
	}
	return nil
}

// auditFiles audits one contract.
func auditFiles(ctx context.Context, in contract.AuditInput, documents []string, certificate string) (*contract.AuditReport, error) {
	in.Documents = make([]contract.File, len(documents))
	for i, name := range append(slices.Clone(documents), certificate) {
		file, err := os.Open(name)
		if err != nil {
			return nil, unreadable(name, errors.Unwrap(err))
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			return nil, unreadable(name, err)
		}
		f := contract.File{Name: name, Reader: file, Size: info.Size()}
		if _, err := pdf.Open(f.Reader, f.Size, &pdf.Options{Password: in.Verify.Password}); err != nil {
			return nil, unreadable(name, err)
		}
		if i == len(documents) {
			in.Certificate = f
		} else {
			in.Documents[i] = f
		}
	}
	return contract.Audit(ctx, &in)
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
	if in.Fonts, err = openFonts(c.Font); err != nil {
		return nil, err
	}
	if c.Disclosure != "" {
		in.Disclosure, err = readDisclosure(c.Disclosure)
	}
	return in, err
}

// readDisclosure reads personal values.
func readDisclosure(name string) (*contract.Disclosure, error) {
	data, err := readFile(name)
	if err != nil {
		return nil, err
	}
	d, err := contract.ReadDisclosure(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return d, nil
}

func (c *contractAuditCommand) print(ctx context.Context, to console, r *contract.AuditReport, fonts []report.Font) error {
	o := &contract.AuditOptions{Language: contract.Language(c.Lang), Fonts: fonts}
	switch c.Format {
	case "json":
		return r.WriteJSON(to.out)
	case "csv":
		return newCSV(to.out, c.Encoding).WriteAll([][]string{contract.AuditColumns(o), r.Row(o)})
	case "html":
		return r.WriteHTML(to.out, o)
	case "pdf":
		if len(fonts) == 0 {
			var text bytes.Buffer
			if err := r.WriteText(&text, o); err != nil {
				return err
			}
			var err error
			if o.Fonts, err = findFonts(ctx, to, text.String()); err != nil && !errors.As(err, new(*appearance.MissingGlyphError)) {
				return err
			}
		}
		return r.WritePDF(to.out, o)
	}
	return r.WriteText(to.out, o)
}
