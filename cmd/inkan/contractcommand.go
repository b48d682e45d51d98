package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/inkan-go/inkan/certificate/fetch"
	"github.com/inkan-go/inkan/contract"
)

// contractCommand runs contracts, each in a folder of its own.
type contractCommand struct {
	New         contractNewCommand         `cmd:"" help:"Begin a contract: take PDFs and a draft into a folder, and prepare the PDFs."`
	Note        contractNoteCommand        `cmd:"" help:"Note what happened: a participant was identified, saw the documents, declined."`
	Sign        contractSignCommand        `cmd:"" help:"Sign every document for a participant whose turn it is."`
	Conclude    contractConcludeCommand    `cmd:"" help:"Archive the documents once everybody has signed."`
	Certificate contractCertificateCommand `cmd:"" help:"Issue the completion certificate of a concluded contract."`
	Renew       contractRenewCommand       `cmd:"" help:"Renew the archive time stamps of documents and certificate."`
	Show        contractShowCommand        `cmd:"" help:"Show how far a contract has come, and whose turn it is."`
	Export      contractExportCommand      `cmd:"" help:"List what contracts are searched by, as CSV, or print a record."`
	Audit       contractAuditCommand       `cmd:"" help:"Check documents against their completion certificate; no folder is needed."`
}

// Help is the long help of the command.
func (contractCommand) Help() string {
	return `A contract lives in a folder: its PDFs (document-1.pdf …), the completion certificate (certificate.pdf), what is known of it ` +
		`(state.json), and the personal values apart from that (disclosure.json). A step that was cut off is ended by the next one.

Example:

    inkan contract new --draft draft.json C contract.pdf
    inkan contract note --type authenticated --participant town --by email --contact a@town.example C
    inkan contract sign --participant town --key platform.pem --cert platform-chain.pem C
    inkan contract sign --participant builder --key own.pem --cert own-chain.pem C
    inkan contract conclude --tsa URL --trust roots.pem C
    inkan contract certificate --key platform.pem --cert platform-chain.pem --tsa URL --trust roots.pem C
    inkan contract audit --trust roots.pem C/document-1.pdf C/certificate.pdf`
}

// folderArgument names the folder of a contract.
type folderArgument struct {
	Folder string `arg:"" name:"FOLDER" help:"Folder of the contract."`
}

// folder reads the contract.
func (f *folderArgument) folder() (contract.Folder, *contract.Contract, error) {
	folder := contract.Folder(f.Folder)
	c, err := folder.Load()
	if errors.Is(err, fs.ErrNotExist) {
		return folder, nil, usage("%s: no contract is kept there (no %s)", f.Folder, contract.StateName)
	}
	if err != nil {
		return folder, nil, fmt.Errorf("%s: %w", f.Folder, err)
	}
	return folder, c, nil
}

// serviceFlags name the services that a step uses.
type serviceFlags struct {
	stampFlags    `group:"Time stamps and validation data:"`
	evidenceFlags `group:"Time stamps and validation data:"`
	passwordFlags
}

// platform is the platform with these services.
func (f *serviceFlags) platform() (*contract.Platform, error) {
	authority, err := f.authority()
	if err != nil {
		return nil, err
	}
	p := &contract.Platform{TSA: authority, Revocation: &fetch.Client{AllowPrivate: f.AllowPrivate}}
	if p.Trust, err = f.anchors(); err != nil {
		return nil, err
	}
	if p.Password, err = f.given(); err != nil {
		return nil, err
	}
	p.Accredited, err = readBundle(f.Accredited)
	return p, err
}

// begin reads the contract and makes the platform that goes on with it.
func (f *serviceFlags) begin(of *folderArgument) (*contract.Platform, *contract.Contract, contract.Folder, error) {
	folder, made, err := of.folder()
	if err != nil {
		return nil, nil, folder, err
	}
	p, err := f.platform()
	if err != nil {
		return nil, nil, folder, err
	}
	p.Name = made.Record.Issuer
	return p, made, folder, nil
}

// readBundle reads a list of accredited services; nil without a name.
func readBundle(file string) (*contract.Bundle, error) {
	if file == "" {
		return nil, nil
	}
	in, err := os.Open(file)
	if err != nil {
		return nil, &failure{statusUsage, fileError(file, err)}
	}
	defer in.Close()
	b, err := contract.ReadBundle(in)
	if err != nil {
		return nil, &failure{statusUsage, fmt.Errorf("%s: %w", file, err)}
	}
	return b, nil
}

// contractNewCommand begins a contract.
type contractNewCommand struct {
	Draft    string   `required:"" placeholder:"FILE" help:"What the contract is, as JSON, in the form shown above."`
	Platform string   `placeholder:"NAME" default:"inkan" help:"Who runs the contract: the issuer of its record."`
	Form     []string `sep:"none" placeholder:"FILE" help:"Consent form in PDF that the draft names by its file name; it is attached to the first document. Repeatable."`
	Visible  []string `sep:"none" placeholder:"ID=[DOCUMENT/]PAGE:X,Y,W,H" help:"Show the signature of this participant on this page (or all) of that document (the first if it is not said), in the rectangle of width W and height H whose lower left corner is X to the right of and Y above that of the page as displayed, in points (1/72 inch). Repeatable."`
	Trust    []string `sep:"none" placeholder:"FILE" help:"Certificates to trust, in PEM, for PDFs that come with signatures. Repeatable."`
	passwordFlags

	Folder string   `arg:"" name:"FOLDER" help:"Folder to make."`
	PDF    []string `arg:"" name:"PDF" help:"Documents of the contract."`
}

// Help is the long help of the command.
func (contractNewCommand) Help() string {
	return `Every page of the documents gets the ID of the contract, lower left, before anybody signs.

The draft, for one document and two participants:

    {"documents": [{"title": "工事請負契約書", "managementNo": "R8-015", "creator": "東神楽町"}],
     "participants": [
       {"id": "town", "order": 1, "name": "山田太郎", "org": "東神楽町", "method": "witness",
        "contact": "keiyaku@town.example", "contactKind": "email"},
       {"id": "builder", "order": 2, "name": "岡島花子", "org": "ABC株式会社", "method": "party"}],
     "deal": {"date": "2026-11-20", "counterparties": ["ABC株式会社"], "amount": {"value": "1200000", "currency": "JPY"}}}

"method" is witness (the platform signs), party (their own key) or jpki (Individual Number Card).

Example, with a place for the seals of both, one of them in two documents:

    inkan contract new --draft draft.json --visible town=1:74,418,150,44 --visible builder=1:322,418,150,44 --visible town=2/3:74,60,150,44 C contract.pdf plan.pdf`
}

// Run makes the folder, creates and prepares.
func (c *contractNewCommand) Run(ctx context.Context, to console) (err error) {
	o, err := c.places()
	if err != nil {
		return err
	}
	draft, err := c.draft(o)
	if err != nil {
		return &failure{statusUsage, err}
	}
	p := &contract.Platform{Name: c.Platform}
	if p.Trust, err = (&evidenceFlags{Trust: c.Trust}).anchors(); err != nil {
		return err
	}
	if p.Password, err = c.given(); err != nil {
		return err
	}
	if err := os.Mkdir(c.Folder, 0o777); errors.Is(err, fs.ErrExist) {
		return usage("%s exists already: a contract begins in a new folder", c.Folder)
	} else if err != nil {
		return &failure{statusUsage, fileError(c.Folder, err)}
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(c.Folder) // nothing is left of what failed
		}
	}()
	folder := contract.Folder(c.Folder)
	for i, name := range c.PDF {
		if err := copyFile(name, folder.DocumentName(i+1)); err != nil {
			return err
		}
	}
	made, err := p.Create(ctx, draft, folder)
	if err != nil {
		return err
	}
	if err := p.Prepare(ctx, made, folder, o); err != nil {
		return err
	}
	fmt.Fprintf(to.out, "%s: contract %s, %s\n", c.Folder, made.Record.ID, count(len(c.PDF), "document"))
	return showNext(to.out, made)
}

// places begins what is said of preparing with where signatures are seen.
func (c *contractNewCommand) places() (*contract.PrepareOptions, error) {
	places := make(map[string][]contract.Place)
	for _, text := range c.Visible {
		id, where, placed := cutPlace(text)
		if !placed {
			return nil, usage("--visible %s is not ID=PAGE:X,Y,W,H, as town=1:400,60,120,60", text)
		}
		document, rest, further := strings.Cut(where, "/")
		place := contract.Place{Document: 1}
		if further {
			n, err := strconv.Atoi(document)
			if err != nil || n < 1 {
				return nil, usage("--visible %s: %s is no number of a document", text, document)
			}
			place.Document, where = n, rest
		}
		at, err := parsePlacement("--visible", where)
		if err != nil {
			return nil, err
		}
		place.Page, place.Rect = at.Page, at.Rect
		places[id] = append(places[id], place)
	}
	return &contract.PrepareOptions{Places: places, Forms: make(map[string][]byte)}, nil
}

// draft reads the draft, and the forms that it names, which go into o.
func (c *contractNewCommand) draft(o *contract.PrepareOptions) (*contract.Draft, error) {
	data, err := readFile(c.Draft)
	if err != nil {
		return nil, err
	}
	var d contract.Draft
	in := json.NewDecoder(bytes.NewReader(data))
	in.DisallowUnknownFields() // a name that is spelt wrong must not pass for something left out
	if err := in.Decode(&d); err != nil {
		return nil, fmt.Errorf("%s: %w", c.Draft, err)
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: something follows the draft", c.Draft)
	}
	if len(d.Documents) != len(c.PDF) {
		return nil, fmt.Errorf("%s describes %s, and the call names %s", c.Draft, count(len(d.Documents), "document"), count(len(c.PDF), "PDF"))
	}
	for _, name := range c.Form {
		if o.Forms[filepath.Base(name)], err = os.ReadFile(name); err != nil {
			return nil, err
		}
	}
	for i := range d.Consents {
		if form, ok := o.Forms[d.Consents[i].FormName]; ok {
			d.Consents[i].Form = form
		}
	}
	return &d, nil
}

// copyFile copies a file to a new one.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return fileError(from, err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		_ = out.Close() // the first error is the one to tell
		return err
	}
	return out.Close()
}
