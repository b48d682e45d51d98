package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/inkan-go/inkan/pades"
)

// signCommand signs one file.
type signCommand struct {
	Key      string `required:"" placeholder:"FILE" help:"Private key in PEM (PKCS #8, PKCS #1 or SEC 1)."`
	Cert     string `required:"" placeholder:"FILE" help:"Certificate of that key in PEM, followed by those of its issuers."`
	Field    string `placeholder:"NAME" help:"Sign this existing, empty signature field instead of a new one."`
	Reason   string `placeholder:"TEXT" help:"Why you sign, shown to readers."`
	Location string `placeholder:"TEXT" help:"Where you sign, shown to readers."`
	Name     string `placeholder:"TEXT" help:"Your name, shown to readers. The certificate has the name that counts."`
	Contact  string `placeholder:"TEXT" help:"How to reach you, shown to readers."`
	InPlace  bool   `help:"Append the signature to IN itself."`

	IgnorePermissions bool `help:"Sign an encrypted PDF although its access permissions forbid it."`
	passwordFlags

	In  string `arg:"" name:"IN" help:"PDF to sign."`
	Out string `arg:"" name:"OUT" optional:"" help:"Signed PDF to write; replaced if it exists."`
}

// Help is the long help of the command.
func (signCommand) Help() string {
	return `OUT is IN, unchanged, with an invisible PAdES B-B signature appended. Earlier signatures stay as they were. ` +
		`Either OUT is written whole or not at all.

Example:

    inkan sign --key key.pem --cert chain.pem --reason "I agree" contract.pdf signed.pdf`
}

// Run signs IN and writes OUT.
func (c *signCommand) Run(ctx context.Context, to console) error {
	if err := c.checkOutput(); err != nil {
		return err
	}
	if c.InPlace {
		if err := refuseInterrupted(ctx, c.In); err != nil {
			return err
		}
	}
	signer, err := loadSigner(c.Key, c.Cert)
	if err != nil {
		return err
	}
	var doc *pades.Document
	err = c.try(ctx, to, c.In, func(password string) (err error) {
		doc, err = pades.Open(c.In, &pades.OpenOptions{Password: password})
		return err
	})
	if err != nil {
		return openFailure(c.In, err)
	}
	defer doc.Close()
	err = doc.Sign(ctx, signer, &pades.SignOptions{
		Field: c.Field, Reason: c.Reason, Location: c.Location, Name: c.Name, ContactInfo: c.Contact,
		IgnorePermissions: c.IgnorePermissions,
		Warn:              func(warning string) { to.warn(c.Cert + ": " + warning) },
	})
	if err != nil {
		return fmt.Errorf("%s: %w", c.In, err)
	}
	if c.InPlace {
		return doc.AppendFile(c.In)
	}
	return doc.WriteFile(c.Out)
}

// checkOutput refuses calls that do not say clearly where the signed file goes.
func (c *signCommand) checkOutput() error {
	switch {
	case c.InPlace && c.Out != "":
		return usage("--in-place signs %s itself: leave out %s", c.In, c.Out)
	case c.InPlace:
		return nil
	case c.Out == "":
		return usage("missing OUT, the name of the signed file (or --in-place to sign %s itself)", c.In)
	}
	in, err := os.Stat(c.In)
	if err != nil {
		return nil // opening it says so, with its own status
	}
	if out, err := os.Stat(c.Out); err == nil && os.SameFile(in, out) {
		return usage("%s and %s are the same file: choose another name, or use --in-place", c.In, c.Out)
	}
	return nil
}

// openFailure gives the error of opening a PDF its exit status: whatever cannot
// be read as a PDF is unreadable, as is a file that cannot be read at all.
func openFailure(file string, err error) error {
	var known *failure
	if errors.As(err, &known) || errors.Is(err, context.Canceled) {
		return err
	}
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err // it repeats the name of the file
	}
	if path != nil || errors.Is(err, pades.ErrNotPDF) || errors.Is(err, pades.ErrPassword) || errors.Is(err, pades.ErrEncrypted) {
		return unreadable(file, err)
	}
	return fmt.Errorf("%s: %w", file, err)
}
