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
	Level    string `enum:",B-B,B-T,B-LT,B-LTA" default:"" placeholder:"B-B|B-T|B-LT|B-LTA" help:"How long the signature is to be provable: B-T adds a time stamp, B-LT revocation data, B-LTA an archive time stamp. Default: B-B, or B-T with --tsa."`

	visibleFlags
	stampFlags
	evidenceFlags
	output
}

// Help is the long help of the command.
func (signCommand) Help() string {
	return `OUT is IN, unchanged, with a PAdES signature appended, invisible unless --visible says where it is to be seen. Earlier signatures stay as they were. ` +
		`Either OUT is written whole, at the level asked for, or not at all. The levels B-T and above ask the time-stamping ` +
		`authority, B-LT and B-LTA also the places that the certificates name.

Examples:

    inkan sign --key key.pem --cert chain.pem --reason "I agree" contract.pdf signed.pdf
    inkan sign --key key.pem --cert chain.pem --visible 1:400,60,150,60 --seal 山田 contract.pdf signed.pdf
    inkan sign --key key.pem --cert chain.pem --level B-LTA --tsa https://tsa.example/ contract.pdf signed.pdf`
}

// Run signs IN and writes OUT.
func (c *signCommand) Run(ctx context.Context, to console) error {
	if err := c.check(ctx); err != nil {
		return err
	}
	o, err := c.options(to)
	if err != nil {
		return err
	}
	signer, err := loadSigner(c.Key, c.Cert)
	if err != nil {
		return err
	}
	if err := c.draw(ctx, o, signer); err != nil {
		return err
	}
	doc, err := c.open(ctx, to)
	if err != nil {
		return err
	}
	defer doc.Close()
	if err := doc.Sign(ctx, signer, o); err != nil {
		return fmt.Errorf("%s: %w", c.In, err)
	}
	return c.save(doc)
}

// options turns flags into what is signed and how.
func (c *signCommand) options(to console) (*pades.SignOptions, error) {
	o := &pades.SignOptions{
		Field: c.Field, Reason: c.Reason, Location: c.Location, Name: c.Name, ContactInfo: c.Contact,
		IgnorePermissions: c.IgnorePermissions,
		Warn:              func(warning string) { to.warn(c.Cert + ": " + warning) },
	}
	var err error
	if o.TSA, err = c.authority(); err != nil {
		return nil, err
	}
	if o.Level, err = levelOf(c.Level, o.TSA != nil); err != nil {
		return nil, err
	}
	if o.Level >= pades.BT && o.TSA == nil {
		return nil, usage("--level %s needs a time-stamping authority: --tsa URL", c.Level)
	}
	if o.Revocation, err = c.source(o.Level); err != nil {
		return nil, err
	}
	o.Trust, err = c.anchors()
	return o, err
}

// draw sets what is to be seen of the signature.
func (c *signCommand) draw(ctx context.Context, o *pades.SignOptions, signer *pades.Signer) error {
	v, err := c.show(ctx, c.Field != "", said{
		name: c.Name, reason: c.Reason, location: c.Location, contact: c.Contact, certificate: signer.Chain[0],
	})
	if err != nil || v == nil {
		return err
	}
	o.Appearance, o.Page, o.Rect, o.Also = v.appearance, v.first.Page, v.first.Rect, v.also
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
